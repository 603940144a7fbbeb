use scene::Scene;

/// How big a room is, as far as it was scanned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RoomSize {
    /// Along x.
    pub width_m: f32,
    /// Along y.
    pub depth_m: f32,
    /// From floor to ceiling, where both were scanned; else to the highest point.
    pub height_m: f32,
    /// Whether `height_m` ends at a ceiling.
    pub has_ceiling: bool,
}

/// The size of the room: its floor's extent (else that of all points) and its height. `None` for
/// a scene without points.
pub fn room_size(scene: &Scene) -> Option<RoomSize> {
    if scene.bounds.is_empty() {
        return None;
    }
    let structure = &scene.structure;
    let floor = structure.floor.as_ref().map(|plane| plane.bounds).filter(|b| !b.is_empty());
    let walls = structure.walls.iter().fold(scene::Aabb::EMPTY, |all, w| all.union(&w.bounds));
    // Furniture hides the floor along the walls; two walls facing each other say more.
    let extent = |axis: usize| {
        let across: Vec<f32> = structure
            .walls
            .iter()
            .filter(|wall| wall.normal[axis].abs() > 0.9)
            .map(|wall| wall.bounds.centre()[axis])
            .collect();
        let least = across.iter().copied().fold(f32::INFINITY, f32::min);
        let most = across.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let by_floor = floor.unwrap_or(scene.bounds).size()[axis];
        if most - least >= 0.8 * by_floor { most - least } else { by_floor }
    };
    let bottom = floor.map_or(scene.bounds.min.z, |floor| floor.centre().z);
    let ceiling = structure.ceiling.as_ref().map(|plane| plane.bounds.centre().z);
    let top = ceiling.unwrap_or(if walls.is_empty() {
        scene.bounds.max.z
    } else {
        walls.max.z.max(scene.bounds.max.z)
    });
    Some(RoomSize {
        width_m: extent(0),
        depth_m: extent(1),
        height_m: top - bottom,
        has_ceiling: ceiling.is_some(),
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use glam::{DVec3, Vec3};
    use scene::{
        Aabb, Instance, InstanceId, LabelGuess, Plane, PointCloud, Similarity, Structure, Unit,
        UpAxis,
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

    fn plane(normal: Vec3, min: Vec3, max: Vec3) -> Plane {
        Plane { normal, offset_m: normal.dot(min), bounds: Aabb { min, max }, points: Vec::new() }
    }

    #[test]
    fn walls_say_how_wide_and_the_ceiling_how_high() {
        let mut scene = scene_of(&[("bed", block(Vec3::ZERO, Vec3::new(4.0, 3.0, 1.0)))]);
        let plain = room_size(&scene).unwrap();
        assert_eq!((plain.width_m, plain.depth_m, plain.has_ceiling), (4.0, 3.0, false));
        assert!((plain.height_m - 1.0).abs() < 1e-5);
        scene.structure.floor =
            Some(plane(Vec3::Z, Vec3::new(0.3, 0.0, 0.0), Vec3::new(4.0, 3.0, 0.0)));
        scene.structure.ceiling =
            Some(plane(-Vec3::Z, Vec3::new(0.0, 0.0, 2.5), Vec3::new(4.2, 3.0, 2.5)));
        scene.structure.walls = vec![
            plane(Vec3::X, Vec3::ZERO, Vec3::new(0.0, 3.0, 2.4)),
            plane(-Vec3::X, Vec3::new(4.2, 0.0, 0.0), Vec3::new(4.2, 3.0, 2.4)),
        ];
        let full = room_size(&scene).unwrap();
        assert!((full.width_m - 4.2).abs() < 1e-5, "{full:?}");
        assert!((full.height_m - 2.5).abs() < 1e-5 && full.has_ceiling);
        assert_eq!(full.depth_m, 3.0);
    }

    #[test]
    fn an_empty_scene_has_no_size() {
        assert!(room_size(&scene_of(&[])).is_none());
    }
}
