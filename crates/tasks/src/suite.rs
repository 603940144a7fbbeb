//! A suite: a folder of rooms, each with `scan.ply`, `scene.json` and `questions.jsonl`.
//!
//! Every point and box in these files is in the coordinates and units of the room's `scan.ply`;
//! [`RoomTruth::scene_from_file`] leads to metres.

mod files;
mod truth;

#[cfg(not(target_arch = "wasm32"))]
pub use files::{RoomFiles, open, read_questions, read_scene, write_questions, write_scene};
pub use files::{SuiteError, parse_questions, parse_scene};
pub use truth::{
    CameraTruth, Number, ObjectTruth, OpeningTruth, Question, RoomTruth, SceneTruth, Shell,
    SpaceTruth, Split, Support, Task, VERSION,
};
