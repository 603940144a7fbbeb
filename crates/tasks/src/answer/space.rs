//! Ways and places: what the model asks for, found on the scan.

use super::measured::in_file;
use crate::facts::Facts;
use crate::program::{Pose, Program, Set};
use geometry::{Aabb2, FreeSpace, shortest_path};
use glam::{Vec2, Vec3};
use scene::{InstanceId, Locations, Placement, Scene, Way};

/// Who walks keeps this much room on each side, or, where that leads nowhere, this much.
const CLEARANCES_M: [f32; 2] = [0.25, 0.12];

/// A way between two objects, with its length in metres; its corners are empty where there is none.
/// `numbers` are those of the corners that the model wrote.
pub(super) fn way(
    scene: &Scene,
    locations: &Locations,
    ends: [InstanceId; 2],
    numbers: &[u8],
) -> (Way, f32) {
    let footprint = |id| scene.instance(id).map(|instance| Aabb2::from(instance.bounds));
    let doors = scene.instances.iter().filter(|instance| instance.name() == "door");
    // The ends themselves stay in the way: one walks up to them, not through them.
    let passable: Vec<InstanceId> = doors.map(|instance| instance.id).collect();
    let space = FreeSpace::of_scene(scene, &passable).ok();
    let path = space.as_ref().and_then(|space| {
        let (from, to) = (footprint(ends[0])?, footprint(ends[1])?);
        CLEARANCES_M.iter().find_map(|clearance| shortest_path(space, from, to, *clearance))
    });
    let on_floor = |at: Vec2| at.extend(0.0);
    let corners: Vec<Vec3> =
        path.iter().flat_map(|path| &path.waypoints).map(|at| on_floor(*at)).collect();
    let own = numbers.as_chunks().0.iter().map(|&[x, y]| {
        let at = locations.point([x, y, 0]).truncate();
        in_file(scene, on_floor(at).to_array())
    });
    let way = Way {
        ends,
        corners_in_file: corners.iter().map(|at| in_file(scene, at.to_array())).collect(),
        corners_in_scene: corners.into_iter().map(|at| at.to_array()).collect(),
        lm_corners_in_file: own.collect(),
    };
    (way, path.map_or(0.0, |path| path.length_m))
}

/// What stands in `<place>`, read.
pub(super) struct Wish {
    /// What is moved; `None` for a new thing.
    pub(super) object: Option<InstanceId>,
    /// What a new thing is called.
    pub(super) name: String,
    /// By which the place is told.
    pub(super) anchors: Vec<InstanceId>,
    /// “beside”, or another such word.
    pub(super) relation: String,
    /// How far it is moved, metres.
    pub(super) metres: Option<f32>,
}

impl Wish {
    fn pose(&self) -> Option<Pose> {
        let anchor = |index: usize| self.anchors.get(index).map(|id| Set::Object { id: *id });
        Some(match self.relation.as_str() {
            "towards" => Pose::Towards { anchor: anchor(0)?, metres: self.metres? },
            "beside" => Pose::Beside { anchor: anchor(0)? },
            "on" => Pose::On { anchor: anchor(0)? },
            "between" => Pose::Between { a: anchor(0)?, b: anchor(1)? },
            _ => return None,
        })
    }
}

/// The place that was wished for: of all that fit, the nearest to what it is told by. `numbers` are
/// of the box that the model wrote; a new thing has that box's size.
pub(super) fn placement(
    scene: &Scene,
    locations: &Locations,
    wish: Wish,
    numbers: &[u8],
) -> Placement {
    let own = numbers.first_chunk().map(|numbers| locations.bounds(*numbers));
    let program = wish.pose().and_then(|to| match wish.object {
        Some(id) => Some(Program::Move { of: Set::Object { id }, to }),
        None => {
            let size = own?.size().to_array();
            Some(Program::Place { name: wish.name.clone(), size, to })
        }
    });
    let outcome = program.and_then(|program| program.run(&Facts::of_scene(scene)).ok());
    let box_in_file = outcome.and_then(|outcome| outcome.answer_box);
    Placement {
        object: wish.object,
        name: wish.name,
        anchors: wish.anchors,
        bounds_in_scene: box_in_file.as_ref().map(|b| scene.scene_from_file.box_in_scene(b)),
        box_in_file,
        lm_box_in_file: own.map(|bounds| scene.scene_from_file.box_in_file(&bounds)),
    }
}
