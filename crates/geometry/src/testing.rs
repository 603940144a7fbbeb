//! Made-up scenes for the tests of this crate.

use crate::{Aabb2, Floor, Polygon};
use glam::{Vec2, Vec3};
use scene::{
    Aabb, Instance, InstanceId, LabelGuess, PointCloud, Reading, Scene, Similarity, Structure,
    Superpoints,
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
            label: Some(LabelGuess {
                class: (*class).to_owned(),
                colour: None,
                score: 1.0,
                others: vec![],
            }),
            told: None,
        });
    }
    let bounds = Aabb::of_points(cloud.positions.iter().map(|p| Vec3::from(*p)));
    Scene {
        cloud,
        scene_from_file: Similarity::IDENTITY,
        reading: Reading::default(),
        bounds,
        voxel_m: 0.02,
        structure: Structure::default(),
        instances,
        superpoints: Superpoints::default(),
        warnings: Vec::new(),
    }
}

pub(crate) fn rect(x0: f32, y0: f32, x1: f32, y1: f32) -> Aabb2 {
    Aabb2 { min: Vec2::new(x0, y0), max: Vec2::new(x1, y1) }
}

/// A box from its two corners.
pub(crate) fn boxed(min: [f32; 3], max: [f32; 3]) -> Aabb {
    Aabb { min: Vec3::from(min), max: Vec3::from(max) }
}

/// A room of 4 m × 3 m that lacks the corner beyond x = 2, y = 1.
pub(crate) fn ell() -> Polygon {
    let corners = [[0., 0.], [4., 0.], [4., 1.], [2., 1.], [2., 3.], [0., 3.]];
    Polygon::new(corners.map(Vec2::from).to_vec()).unwrap()
}

/// A room of 4 m × 3 m, and one of 3 m × 3 m behind a wall of 10 cm with a doorway of 0.9 m.
pub(crate) fn two_rooms() -> Floor {
    Floor {
        rooms: [rect(0.0, 0.0, 4.0, 3.0), rect(4.1, 0.0, 7.1, 3.0)]
            .map(|bounds| Polygon::rectangle(bounds).unwrap())
            .to_vec(),
        doorways: vec![rect(4.0, 2.0, 4.1, 2.9)],
    }
}
