//! Scenes for tests.

use glam::Vec3;
use scene::{
    Aabb, Instance, InstanceId, LabelGuess, PointCloud, Reading, Scene, Similarity, Structure,
    Superpoints,
};

/// One unit cube of points for each class, ids from 1, along x with 2 m from middle to middle.
pub(crate) fn scene_of(classes: &[&str]) -> Scene {
    let mut cloud = PointCloud::default();
    let mut instances = Vec::new();
    for (index, class) in classes.iter().enumerate() {
        let start = cloud.positions.len() as u32;
        let middle = Vec3::new(2.0 * index as f32, 0.0, 0.5);
        for (x, y, z) in
            (0..11).flat_map(|x| (0..11).flat_map(move |y| (0..11).map(move |z| (x, y, z))))
        {
            let offset = Vec3::new(x as f32, y as f32, z as f32) / 10.0 - Vec3::splat(0.5);
            cloud.positions.push((middle + offset).to_array());
        }
        instances.push(Instance {
            id: InstanceId(index as u32 + 1),
            points: (start..cloud.positions.len() as u32).collect(),
            bounds: Aabb::from_centre_size(middle, Vec3::ONE),
            score: 0.9,
            label: Some(LabelGuess {
                class: (*class).to_owned(),
                colour: Some("brown".to_owned()),
                score: 0.9,
                others: Vec::new(),
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
        voxel_m: 0.05,
        structure: Structure::default(),
        instances,
        superpoints: Superpoints::default(),
        warnings: Vec::new(),
    }
}
