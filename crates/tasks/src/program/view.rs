//! Where somebody stands and looks.

use super::select::Select;
use super::{Set, Undecided};
use crate::facts::Facts;
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

/// A side as seen by a viewer, a quarter of all directions each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Ahead.
    Front,
    /// To the left.
    Left,
    /// At the viewer's back.
    Behind,
    /// To the right.
    Right,
}

/// A viewer in the plan of the room.
pub(super) struct Stand {
    at: Vec2,
    facing: Vec2,
    placed_by: [usize; 2],
}

/// Who stands at a thing stands somewhere round its middle; nearer than this a thing may be on
/// any side.
const LEAST_DISTANCE_M: f32 = 0.9;
/// A side is a quarter of all directions; this close to its edge people differ.
const EDGE_DEG: f32 = 12.0;

impl View {
    /// The viewer in the room.
    pub(super) fn stand(&self, select: &Select<'_>) -> Result<Stand, Undecided> {
        let placed_by = [select.one(&self.at)?, select.one(&self.towards)?];
        let [at, towards] = placed_by.map(|index| middle(select.facts, index));
        if at.distance(towards) < LEAST_DISTANCE_M {
            return Err(Undecided::Close);
        }
        let mut facing = (towards - at).normalize_or_zero();
        for _ in 0..self.turn % 4 {
            facing = facing.perp();
        }
        Ok(Stand { at, facing, placed_by })
    }
}

impl Stand {
    /// Whether the viewer's place is told by this object.
    pub(super) fn is_of(&self, object: usize) -> bool {
        self.placed_by.contains(&object)
    }

    /// The side on which the viewer has an object.
    pub(super) fn side_of(&self, facts: &Facts, object: usize) -> Result<Side, Undecided> {
        let offset = middle(facts, object) - self.at;
        if offset.length() < LEAST_DISTANCE_M {
            return Err(Undecided::Close);
        }
        // Counter-clockwise from ahead, a side each quarter.
        let degrees = self.facing.angle_to(offset).to_degrees().rem_euclid(360.0);
        let past_edge = (degrees + 45.0).rem_euclid(90.0);
        if !(EDGE_DEG..=90.0 - EDGE_DEG).contains(&past_edge) {
            return Err(Undecided::Close);
        }
        Ok(match degrees {
            45.0..135.0 => Side::Left,
            135.0..225.0 => Side::Behind,
            225.0..315.0 => Side::Right,
            _ => Side::Front,
        })
    }
}

fn middle(facts: &Facts, object: usize) -> Vec2 {
    facts.objects[object].scanned.centre().truncate()
}

impl Side {
    /// All of them, counter-clockwise from ahead.
    pub const ALL: [Self; 4] = [Self::Front, Self::Left, Self::Behind, Self::Right];

    /// In the words in which people answer, the plainest first.
    pub fn answers(self) -> Vec<String> {
        let words: &[&str] = match self {
            Self::Front => &["front", "in front", "ahead", "in front of you", "straight ahead"],
            Self::Left => &["left", "on the left", "to the left", "on your left", "to your left"],
            Self::Behind => &["behind", "behind you", "back", "at your back"],
            Self::Right => {
                &["right", "on the right", "to the right", "on your right", "to your right"]
            }
        };
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    /// As in “on my left”.
    pub fn of_me(self) -> &'static str {
        match self {
            Self::Front => "in front of me",
            Self::Left => "on my left",
            Self::Behind => "behind me",
            Self::Right => "on my right",
        }
    }
}
