use crate::{Aabb, InstanceId};
use serde::{Deserialize, Serialize};

/// What a person may change in what was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "edit", rename_all = "snake_case")]
pub enum Edit {
    /// Make an object of what this point belongs to, as far as it is free.
    Grow {
        /// An index into the scene's cloud.
        point: u32,
    },
    /// Make one object of several; the first keeps its id and name.
    Merge {
        /// Two or more.
        ids: Vec<InstanceId>,
    },
    /// Take an object apart at its weakest joint.
    Split {
        /// The larger part keeps this id.
        id: InstanceId,
    },
    /// Say what an object is.
    Rename {
        /// Which one.
        id: InstanceId,
        /// In a few words; empty to go back to the guess.
        name: String,
    },
    /// Move an object with its points.
    Move {
        /// Which one.
        id: InstanceId,
        /// How far along the scene's axes, metres.
        by: [f32; 3],
    },
    /// Put a new thing into the scene: a box, with points on its surface.
    Place {
        /// What it is, in a few words; empty to have it guessed.
        name: String,
        /// Where, and how large: scene frame, metres.
        bounds: Aabb,
    },
    /// Say that something is no object.
    Delete {
        /// Which one.
        id: InstanceId,
    },
}
