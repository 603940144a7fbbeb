//! Where somebody stands and looks.

use super::select::Select;
use super::{Set, Undecided};
use crate::facts::Facts;
use geometry::{Side, Viewpoint};
use glam::Vec2;
use serde::{Deserialize, Serialize};

/// A viewer: at one object, turned with respect to another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// The object at which the viewer stands or sits.
    pub at: Set,
    /// The object by which the viewer is turned.
    pub towards: Set,
    /// Quarter turns to the left from facing `towards`: with 1 it is on the viewer's right, with 2
    /// at the back, with 3 on the left.
    pub turn: u8,
}

/// A viewer in the plan of the room.
pub(super) struct Stand {
    viewpoint: Viewpoint,
    placed_by: [usize; 2],
}

/// Who stands at a thing stands somewhere round its middle; nearer than this a thing may be on
/// any side.
const LEAST_DISTANCE_M: f32 = 0.9;

impl View {
    /// The viewer in the room.
    pub(super) fn stand(&self, select: &Select<'_>) -> Result<Stand, Undecided> {
        let placed_by = [select.one(&self.at)?, select.one(&self.towards)?];
        let [at, towards] = placed_by.map(|index| middle(select.facts, index));
        if at.distance(towards) < LEAST_DISTANCE_M {
            return Err(Undecided::Close);
        }
        let viewpoint = Viewpoint::new(at, towards - at).ok_or(Undecided::Close)?;
        Ok(Stand { viewpoint: viewpoint.turned(self.turn), placed_by })
    }
}

impl Stand {
    /// Whether the viewer's place is told by this object.
    pub(super) fn is_of(&self, object: usize) -> bool {
        self.placed_by.contains(&object)
    }

    /// The side on which the viewer has an object.
    pub(super) fn side_of(&self, facts: &Facts, object: usize) -> Result<Side, Undecided> {
        let target = middle(facts, object);
        if target.distance(self.viewpoint.at) < LEAST_DISTANCE_M {
            return Err(Undecided::Close);
        }
        self.viewpoint.side_of(target).ok_or(Undecided::Close)
    }
}

fn middle(facts: &Facts, object: usize) -> Vec2 {
    facts.objects[object].scanned.centre().truncate()
}

/// A side in the words in which people answer, the plainest first.
pub(super) fn answers(side: Side) -> Vec<String> {
    let words: &[&str] = match side {
        Side::Front => &["front", "in front", "ahead", "in front of you", "straight ahead"],
        Side::Left => &["left", "on the left", "to the left", "on your left", "to your left"],
        Side::Behind => &["behind", "behind you", "back", "at your back"],
        Side::Right => &["right", "on the right", "to the right", "on your right", "to your right"],
    };
    words.iter().map(|word| (*word).to_owned()).collect()
}
