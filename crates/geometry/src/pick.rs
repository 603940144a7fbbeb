use crate::measure::{GeometryError, surface_of};
use scene::{InstanceId, Scene};

/// An object with its distance from another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ranked {
    /// The object.
    pub id: InstanceId,
    /// Least distance between the surfaces.
    pub distance_m: f32,
}

/// Every instance whose class is `class`, by ascending id.
pub fn of_class(scene: &Scene, class: &str) -> Vec<InstanceId> {
    scene.instances.iter().filter(|instance| instance.name() == class).map(|i| i.id).collect()
}

/// The candidates by least surface distance from `anchor`, nearest first; the anchor itself and
/// candidates without points are left out.
pub fn rank_by_distance(
    scene: &Scene,
    anchor: InstanceId,
    candidates: &[InstanceId],
) -> Result<Vec<Ranked>, GeometryError> {
    let surface = surface_of(scene, anchor)?;
    let mut ranked: Vec<Ranked> = candidates
        .iter()
        .filter(|id| **id != anchor)
        .filter_map(|&id| {
            let distance_m = surface.closest(&surface_of(scene, id).ok()?).distance_m;
            Some(Ranked { id, distance_m })
        })
        .collect();
    ranked.sort_by(|a, b| a.distance_m.total_cmp(&b.distance_m).then(a.id.cmp(&b.id)));
    Ok(ranked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::room::tests::{block, scene_of};
    use glam::Vec3;

    #[test]
    fn the_nearest_chair_is_the_nearest_by_surface() {
        // The long bench reaches close although its middle is far.
        let scene = scene_of(&[
            ("window", block(Vec3::ZERO, Vec3::new(0.2, 1.0, 1.0))),
            ("bench", block(Vec3::new(0.7, 0.0, 0.0), Vec3::new(4.0, 0.4, 0.4))),
            ("chair", block(Vec3::new(1.2, 0.0, 0.0), Vec3::splat(0.4))),
            ("chair", block(Vec3::new(0.0, 3.0, 0.0), Vec3::splat(0.4))),
        ]);
        let all: Vec<_> = scene.instances.iter().map(|instance| instance.id).collect();
        let ranked = rank_by_distance(&scene, InstanceId(1), &all).unwrap();
        let ids: Vec<u32> = ranked.iter().map(|ranked| ranked.id.0).collect();
        assert_eq!(ids, [2, 3, 4]);
        assert!((ranked[0].distance_m - 0.5).abs() < 1e-4);
        assert_eq!(of_class(&scene, "chair"), [InstanceId(3), InstanceId(4)]);
        assert!(of_class(&scene, "sofa").is_empty());
    }
}
