use scene::InstanceId;
use serde::{Deserialize, Serialize};

/// A question about a made-up room, with what is true.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoomQuestion {
    /// Its name within the room.
    pub id: String,
    /// The kind of task, such as `grounding`.
    pub task: String,
    /// As it is asked: objects it mentions are written `<OBJ012>`, twelve being the id of the object
    /// found; where none was found, the true class stands there.
    pub text: String,
    /// Whether all objects it mentions were found. What was not found cannot be asked about.
    pub askable: bool,
    /// The true answer in words; empty where it is objects alone.
    pub right: String,
    /// The objects that the true answer names.
    pub objects: Vec<TrueObject>,
}

/// An object that is truly in a made-up room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrueObject {
    /// Its true class.
    pub label: String,
    /// The object found in its place, if there is one.
    pub found: Option<InstanceId>,
}

/// How many questions of a kind were answered rightly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskScore {
    /// The kind of task.
    pub task: String,
    /// Right answers.
    pub right: u32,
    /// Questions asked.
    pub asked: u32,
}
