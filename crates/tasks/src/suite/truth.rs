use crate::program::Program;
use scene::{InstanceId, OrientedBox};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The version of `scene.json` written and read here.
pub const VERSION: u32 = 1;

/// What is truly in a room and in its scan: `scene.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SceneTruth {
    /// [`VERSION`].
    pub version: u32,
    /// The seed that makes this room again.
    pub seed: u64,
    /// Which split it belongs to.
    pub split: Split,
    /// The kind of scanner imitated: `phone`, `kinect`, `photogrammetry`, `laser`.
    pub preset: String,
    /// Every class name of the suite, in a fixed order; `label`s are among them.
    pub classes: Vec<String>,
    /// The objects, by ascending id.
    pub objects: Vec<ObjectTruth>,
    /// The shell of the room, or of the home of several.
    pub room: RoomTruth,
    /// Where the scanner stood, frame by frame.
    pub cameras: Vec<CameraTruth>,
    /// What no frame saw: first the pieces that the scan missed, then the parts of the room,
    /// the largest first. File coordinates.
    pub unseen: Vec<OrientedBox>,
}

/// One true object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ObjectTruth {
    /// As in the scan's `instance` column; 1 and up.
    pub id: InstanceId,
    /// Class name, lower case, singular, such as `coffee table`.
    pub label: String,
    /// One of [`crate::colour::NAMES`]; `None` where the object has no single clear colour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<String>,
    /// What it is made of, where known, such as `wood`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub material: Option<String>,
    /// Round its scanned points, along the walls of the room. File coordinates.
    #[serde(rename = "box")]
    pub scanned_box: OrientedBox,
    /// Round the whole object, seen or not. File coordinates.
    pub amodal_box: OrientedBox,
    /// What carries it.
    pub support: Support,
    /// How much of its surface the scan shows, 0..=1.
    pub visible_fraction: f32,
    /// How many points of the scan are its own.
    pub points: u32,
    /// The mesh it was made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mesh: Option<String>,
    /// The room it stands in: its place in [`RoomTruth::spaces`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub space: Option<u32>,
}

/// What carries an object: in JSON the id of another object, or `"floor"`, `"wall"`, `"ceiling"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Support {
    /// It stands on, lies on or hangs from another object.
    Object(InstanceId),
    /// It stands on or hangs from the room itself.
    Shell(Shell),
}

/// A part of the room that can carry objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shell {
    /// Stands on it.
    Floor,
    /// Hangs on it or is built into it, as doors and windows are.
    Wall,
    /// Hangs from it.
    Ceiling,
}

/// The shell of a room, or of a home of several rooms.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoomTruth {
    /// Corners of the floor, in order round it; of several rooms the border round them all,
    /// openings included. File coordinates.
    pub floor: Vec<[f64; 3]>,
    /// From floor to ceiling, in file units; of several rooms the highest.
    pub height: f64,
    /// 4 × 4, row by row: from the file's coordinates to metres, z up, floor at z = 0, walls
    /// along x and y. The true one, against which a repaired one can be held.
    pub scene_from_file: [[f64; 4]; 4],
    /// The rooms one by one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spaces: Vec<SpaceTruth>,
    /// The ways from room to room.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub openings: Vec<OpeningTruth>,
}

/// One room of a home.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpaceTruth {
    /// What people call such a room, such as `bedroom`.
    pub purpose: String,
    /// Corners of its floor, in order round it. File coordinates.
    pub floor: Vec<[f64; 3]>,
    /// From its floor to its ceiling, in file units.
    pub height: f64,
}

/// A hole in a wall, from the floor up, through which one walks.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpeningTruth {
    /// One foot of it on the floor, in the middle of the wall. File coordinates.
    pub a: [f64; 3],
    /// The other foot.
    pub b: [f64; 3],
    /// From the floor to its top, in file units.
    pub height: f64,
}

/// Where the scanner was for one frame.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CameraTruth {
    /// Its optical centre, file coordinates.
    pub position: [f64; 3],
    /// Unit vector along its view, file axes.
    pub forward: [f64; 3],
}

/// Which part of the data a room or a question is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Split {
    /// Shown in training.
    Train,
    /// For choosing.
    Val,
    /// For reporting.
    Test,
}

impl Split {
    /// As written in files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Val => "val",
            Self::Test => "test",
        }
    }
}

impl std::str::FromStr for Split {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        [Self::Train, Self::Val, Self::Test]
            .into_iter()
            .find(|split| split.name() == text)
            .ok_or_else(|| format!("“{text}” is no split; use train, val or test"))
    }
}

/// The kinds of request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// A question with a short answer.
    Qa,
    /// The same, asked from where one stands.
    SituatedQa,
    /// Which object or objects are meant.
    Grounding,
    /// Say what one object is.
    DenseCaption,
    /// Say what the room is.
    SceneCaption,
    /// Break a wish down into steps.
    Plan,
    /// Talk in turns.
    Dialog,
    /// Find a way.
    Navigation,
    /// How far two objects are apart.
    Distance,
    /// Move an object.
    Move,
    /// Put a new object somewhere.
    Place,
    /// Say that the scan does not show it.
    Abstain,
}

impl Task {
    /// As written in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Qa => "qa",
            Self::SituatedQa => "situated_qa",
            Self::Grounding => "grounding",
            Self::DenseCaption => "dense_caption",
            Self::SceneCaption => "scene_caption",
            Self::Plan => "plan",
            Self::Dialog => "dialog",
            Self::Navigation => "navigation",
            Self::Distance => "distance",
            Self::Move => "move",
            Self::Place => "place",
            Self::Abstain => "abstain",
        }
    }
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One line of `questions.jsonl`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// Its name within the room.
    pub id: String,
    /// The kind of request.
    pub task: Task,
    /// As asked; objects that the person picked are written `<OBJ012>`, twelve being the true id.
    pub text: String,
    /// The same in other words; training has such, tests have none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// Right answers, the best first. Captions may mention objects as `<OBJ012>`.
    pub answers: Vec<String>,
    /// The objects the answer names, in the order in which it names them.
    pub objects: Vec<InstanceId>,
    /// The answer as a number, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Number>,
    /// The answer as a box, file coordinates.
    #[serde(default, rename = "box", skip_serializing_if = "Option::is_none")]
    pub answer_box: Option<OrientedBox>,
    /// The answer as a way, file coordinates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<Vec<[f64; 3]>>,
    /// What computes the answer from the truth.
    pub program: Program,
    /// Which template was used; the splits share none.
    pub phrasing: String,
    /// What it tests, such as `count`, `colour`, `many`.
    pub tags: Vec<String>,
    /// The question that differs from this one in one thing, and in the answer, in another room of
    /// the suite: `ROOM/ID`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub twin: Option<String>,
    /// The question of the same room that is asked right before this one, whose answer it speaks
    /// of: “And what colour is it?”
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// A number with its unit: `m` or `count`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Number {
    /// In `unit`.
    pub number: f64,
    /// `m` for lengths, `count` for counts.
    pub unit: String,
}
