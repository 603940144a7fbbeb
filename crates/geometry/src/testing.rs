//! Made-up scenes for the tests of this crate.

use glam::{DVec3, Vec3};
use scene::{
    Aabb, Instance, InstanceId, LabelGuess, PointCloud, Scene, Similarity, Structure, Unit, UpAxis,
};

/// The points of a solid block, at least every 5 cm.
pub(crate) fn block(min: Vec3, size: Vec3) -> Vec<Vec3> {
    let steps = (size / 0.05).round().max(Vec3::ONE);
    let [nx, ny, nz] = steps.to_array().map(|count| count as u32);
    let mut points = Vec::new();
    for (x, y, z) in
        (0..=nx).flat_map(|x| (0..=ny).flat_map(move |y| (0..=nz).map(move |z| (x, y, z))))
    {
        points.push(min + Vec3::new(x as f32, y as f32, z as f32) / steps * size);
    }
    points
}

/// A scene of labelled objects, ids from 1.
pub(crate) fn scene_of(objects: &[(&str, Vec<Vec3>)]) -> Scene {
    let mut cloud = PointCloud::default();
    let mut instances = Vec::new();
    for (index, (class, points)) in objects.iter().enumerate() {
        let start = cloud.positions.len() as u32;
        cloud.positions.extend(points.iter().map(Vec3::to_array));
        instances.push(Instance {
            id: InstanceId(index as u32 + 1),
            points: (start..cloud.positions.len() as u32).collect(),
            bounds: Aabb::of_points(points.iter().copied()),
            score: 1.0,
            label: Some(LabelGuess { class: (*class).to_owned(), colour: None, score: 1.0 }),
        });
    }
    let bounds = Aabb::of_points(cloud.positions.iter().map(|p| Vec3::from(*p)));
    Scene {
        cloud,
        scene_from_file: Similarity::IDENTITY,
        up: UpAxis(DVec3::Z),
        unit: Unit::Metre,
        bounds,
        voxel_m: 0.02,
        structure: Structure::default(),
        instances,
        warnings: Vec::new(),
    }
}
