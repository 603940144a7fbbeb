use crate::{Given, GivenRoom};
use glam::{DMat4, DVec3, Vec3};
use scene::{Aabb, Instance, PointCloud, Scene};
use tasks::facts::Facts;
use tasks::suite::SceneTruth;

/// The points of a scan in the true frame of its room, metres, in their order.
pub fn positions_in_room(scan: &PointCloud, truth: &SceneTruth) -> Vec<[f32; 3]> {
    let room_from_file = DMat4::from_cols_array_2d(&truth.room.scene_from_file).transpose();
    let origin = DVec3::from(scan.origin);
    let place = |p: &[f32; 3]| {
        let point = DVec3::new(p[0].into(), p[1].into(), p[2].into()) + origin;
        room_from_file.transform_point3(point).as_vec3().to_array()
    };
    scan.positions.iter().map(place).collect()
}

/// The objects of a scene as a system is given them; `positions` are its points in the true frame
/// of the room, see [`positions_in_room`].
pub fn given_objects(scene: &Scene, positions: &[[f32; 3]]) -> Vec<Given> {
    let given = |instance: &Instance| Given {
        id: instance.id,
        label: instance.label.as_ref().map(|label| label.class.clone()),
        colour: instance.label.as_ref().and_then(|label| label.colour.clone()),
        bounds: bounds_in_room(scene, instance, positions),
    };
    scene.instances.iter().map(given).collect()
}

impl GivenRoom {
    /// [`GivenRoom::of_found`] of the objects that were found in a scan.
    pub fn of_scene(scene: &Scene, positions: &[[f32; 3]], facts: &Facts) -> Self {
        Self::of_found(given_objects(scene, positions), facts)
    }
}

/// An instance's box along the room's true axes, without the strays that its own box left out.
fn bounds_in_room(scene: &Scene, instance: &Instance, positions: &[[f32; 3]]) -> Aabb {
    let kept = instance.points.iter().filter_map(|&point| {
        let in_scene = Vec3::from(*scene.cloud.positions.get(point as usize)?);
        let in_room = Vec3::from(*positions.get(point as usize)?);
        instance.bounds.contains(in_scene).then_some(in_room)
    });
    Aabb::of_points(kept)
}
