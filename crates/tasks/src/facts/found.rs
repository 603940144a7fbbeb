//! What can be measured on a scene that was found, in the terms in which truths are told: so that a
//! place for a thing is looked for in a person's scan as it is in a made-up room.

use super::ground::floor_under;
use super::{Fact, Facts, Ground, SURFACE_RESOLUTION_M, all_distances};
use crate::suite::{Shell, Support};
use geometry::{Aabb2, Floor, FreeSpace, Polygon, Surface};
use glam::Vec3;
use scene::{Instance, Scene};
use std::sync::Arc;

/// No more points than this of one object are its surface, evenly by index.
const MOST_POINTS: usize = 20_000;

impl Facts {
    /// Of the objects that were found; what is not seen of them is not known. The floor is where
    /// the scan's floor is, or under all of it where none was found.
    pub fn of_scene(scene: &Scene) -> Self {
        let fact = |instance: &Instance| Fact {
            id: instance.id,
            label: instance.name().to_owned(),
            colour: None,
            material: None,
            support: Support::Shell(Shell::Floor),
            scanned: instance.bounds,
            whole: instance.bounds,
            clear: true,
        };
        let objects: Vec<Fact> = scene.instances.iter().map(fact).collect();
        let points = |instance: &Instance| -> Vec<Vec3> {
            let stride = instance.points.len().div_ceil(MOST_POINTS).max(1);
            let taken = instance.points.iter().step_by(stride);
            let at = taken.filter_map(|&point| scene.cloud.positions.get(point as usize));
            at.map(|at| Vec3::from(*at)).filter(|at| at.is_finite()).collect()
        };
        let surface = |instance| Surface::new(points(instance), SURFACE_RESOLUTION_M);
        let surfaces: Vec<Option<Surface>> = scene.instances.iter().map(surface).collect();
        let nothing: Vec<Option<Surface>> = objects.iter().map(|_| None).collect();
        let distances_m = all_distances(&objects, &nothing);
        let floor = match &scene.structure.floor {
            Some(plane) => {
                let rooms = Polygon::rectangle(Aabb2::from(plane.bounds)).into_iter().collect();
                Floor { rooms, doorways: Vec::new() }
            }
            None => floor_under([scene.bounds]),
        };
        let ceiling_m = scene.structure.ceiling.as_ref().map(|plane| plane.bounds.min.z);
        let free = FreeSpace::of_scene(scene, &doors(scene)).ok();
        let ground =
            Ground::of_scan(floor, ceiling_m, scene.scene_from_file, &objects, surfaces, free);
        Self { objects, classes: Vec::new(), purpose: None, distances_m, ground: Arc::new(ground) }
    }
}

/// A door can be opened.
fn doors(scene: &Scene) -> Vec<scene::InstanceId> {
    let doors = scene.instances.iter().filter(|instance| instance.name() == "door");
    doors.map(|instance| instance.id).collect()
}
