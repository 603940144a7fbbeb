//! The messages between the engine and whatever shows it: one enum in, one enum out.
//!
//! Control travels as plain values (serde); columns of points travel beside a message as raw
//! buffers, named by [`Columns`], so that a browser can transfer instead of copy them.
//!
//! What this crate is *not*: a transport. The page's worker port and the command line each bring
//! their own.

mod made;
mod reading;

pub use made::{RoomQuestion, TaskScore, TrueObject};
pub use reading::{ReadingSummary, ScanChoices};

use scene::{Aabb, Answer, Edit, InstanceId, OrientedBox, Placement, Span, System, Warning, Way};
use serde::{Deserialize, Serialize};

/// Raised when a message changes meaning or one is added. Both sides refuse another's version.
pub const VERSION: u32 = 7;

/// Names one piece of work; every event of that work carries it, so that what belongs to a
/// cancelled job is never shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JobId(pub u32);

/// What a front end sends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// [`VERSION`] of the sender.
    pub version: u32,
    /// Chosen by the sender, rising.
    pub job: JobId,
    /// What to do.
    pub command: Command,
}

/// The work an engine can be asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Command {
    /// Load a model from its folder beside the page.
    LoadModel {
        /// The folder's name under `quantized-models/`.
        name: String,
        /// Which processor answers.
        backend: BackendChoice,
    },
    /// Read and segment a scan. Its bytes come as a `File` beside the message, or from `path`.
    OpenScan {
        /// As shown to the person.
        name: String,
        /// A path on the page's own origin, for samples.
        path: Option<String>,
        /// What the person knows of it.
        #[serde(default)]
        choices: ScanChoices,
    },
    /// Make a room up and open its scan like any other. Only the page's worker can.
    MakeRoom {
        /// The same seed makes the same room everywhere.
        seed: u32,
    },
    /// Ask the questions of the open made-up room and judge the answers.
    TestRoom {
        /// At most so many of them, evenly from the list; without it all.
        most: Option<u32>,
    },
    /// Set something right in the objects of the open scan.
    Edit(Edit),
    /// Take the last edit back.
    Undo,
    /// Make the last edit that was undone again.
    Redo,
    /// Give the open scan back with its objects. The bytes it was read from come once more, as a
    /// `File` beside the message or from `path`; without either, the points as they are shown.
    Save {
        /// A path on the page's own origin, for samples.
        path: Option<String>,
    },
    /// Look at the open scan's objects on photographs. They come as `File`s beside the message, with
    /// their poses.
    TakePhotos,
    /// Lift features of views to points in this way from now on, for 3D-LLM's rows, and look at the
    /// open scan again.
    LiftBy {
        /// `direct`, `fusion` or `field`.
        construction: String,
    },
    /// Show what went on in the encoders about an object of the open scan.
    LookInside {
        /// Which.
        id: InstanceId,
    },
    /// Answer a question about the open scan.
    Ask(Question),
    /// Give up a job. Heard within a token or a step.
    Stop {
        /// The job to stop.
        target: JobId,
    },
}

/// What a person asks of a scan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// In plain words; an object the person picked is written `<OBJ` + its id + `>`.
    pub question: String,
    /// Whether it may speak of the question before it, asked of the same system, and its answer.
    #[serde(default)]
    pub follows: bool,
    /// Who is asked.
    #[serde(default)]
    pub system: System,
}

impl From<&str> for Question {
    /// To the unified model, by itself.
    fn from(question: &str) -> Self {
        Self { question: question.to_owned(), ..Self::default() }
    }
}

/// Which processor should answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BackendChoice {
    /// The faster one, by a start-up probe.
    #[default]
    Auto,
    /// WebGPU, or an error that says why not.
    Gpu,
    /// The CPU.
    Cpu,
}

/// What an engine sends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// The engine is up; the first event of all.
    Hello {
        /// [`VERSION`] of the engine.
        version: u32,
        /// Whether a request to another origin was seen blocked; `None` where there is no such
        /// lock (command line).
        canary_blocked: Option<bool>,
    },
    /// Still alive; every second from a worker.
    Heartbeat,
    /// How far a job is.
    Progress {
        /// Whose.
        job: JobId,
        /// What it is doing.
        phase: Phase,
        /// So far, in the phase's own things (bytes, points, instances, rows).
        done: u64,
        /// In all, where known.
        total: Option<u64>,
    },
    /// A model is ready.
    ModelReady {
        /// Whose.
        job: JobId,
        /// The model's name.
        name: String,
        /// What will run where.
        backend: Backend,
        /// Bytes of weights read.
        bytes: u64,
        /// The systems that it can be.
        systems: Vec<System>,
    },
    /// The graphics processor was lost while it was needed. The model has been loaded again, and the job goes on.
    DeviceLost {
        /// Whose.
        job: JobId,
        /// How often so far, since the person loaded the model: after the second time the CPU is used.
        losses: u32,
        /// What runs where from now on.
        backend: Backend,
    },
    /// Points can be shown: of a large scan the first ones while it is being read, then more, and at
    /// the end all. [`Columns::POINTS`] come beside it.
    Points {
        /// Whose.
        job: JobId,
        /// How many.
        count: u32,
        /// Round them, in the frame of the columns.
        bounds: Aabb,
        /// Whether there is a colour column.
        coloured: bool,
    },
    /// The scan has been segmented and, if a model is loaded, encoded. [`Columns::SCENE`] come
    /// beside it.
    SceneReady {
        /// Whose.
        job: JobId,
        /// What was found.
        scene: SceneSummary,
        /// Questions that this scene can answer.
        chips: Vec<String>,
    },
    /// The objects have been set right, or set back, and looked at again. [`Columns::EDITED`] come
    /// beside it.
    Edited {
        /// Whose.
        job: JobId,
        /// The scene as it is now.
        scene: SceneSummary,
        /// Questions that this scene can answer.
        chips: Vec<String>,
        /// What can be undone and redone.
        history: HistorySummary,
    },
    /// The open scan as a file, [`Columns::SAVED`] beside it.
    Saved {
        /// Whose.
        job: JobId,
        /// Its objects, as `scanwise segment --json` prints them.
        objects: String,
    },
    /// The open scan is a made-up room, and this is what is true of it. After [`Event::SceneReady`].
    RoomReady {
        /// Whose.
        job: JobId,
        /// What makes it again.
        seed: u32,
        /// Its questions, in random order.
        questions: Vec<RoomQuestion>,
    },
    /// An answer to a question of the open made-up room has been judged; the answer itself follows.
    Checked {
        /// Whose: of the question asked.
        job: JobId,
        /// [`RoomQuestion::id`].
        question: String,
        /// Whether it is right.
        right: bool,
    },
    /// One question of a test has been answered and judged.
    Judged {
        /// Whose.
        job: JobId,
        /// [`RoomQuestion::id`].
        question: String,
        /// What was said; empty where the question could not be put.
        said: String,
        /// Whether it is right.
        right: bool,
    },
    /// A test is over.
    Tested {
        /// Whose.
        job: JobId,
        /// By kind of task, in order of first appearance.
        scores: Vec<TaskScore>,
        /// Whether the person ended it early.
        stopped: bool,
    },
    /// The answer so far: replaces what was shown before.
    Partial {
        /// Whose.
        job: JobId,
        /// Complete spans only.
        answer: Answer,
    },
    /// The whole answer.
    Answered {
        /// Whose.
        job: JobId,
        /// With timings and objects.
        report: Box<AskReport>,
    },
    /// What went on in the encoders about an object, [`Columns::INSIDE`] beside it.
    Inside {
        /// Whose.
        job: JobId,
        /// What they weighed.
        inside: Inside,
    },
    /// A job ended at the person's wish.
    Stopped {
        /// Whose.
        job: JobId,
    },
    /// A job failed.
    Failed {
        /// Whose, where one job can be blamed.
        job: Option<JobId>,
        /// Stable, kebab case.
        code: String,
        /// What happened and what to do, in plain words.
        message: String,
        /// Whether the same engine can go on.
        recoverable: bool,
    },
}

/// The buffers beside a message, in order, little-endian, `count` entries each.
pub struct Columns;

impl Columns {
    /// Beside [`Event::Points`]: positions `f32 × 3` in file axes recentred, colours `u8 × 3`
    /// (empty where the scan has none).
    pub const POINTS: [&'static str; 2] = ["positions", "colours"];
    /// Beside [`Event::SceneReady`]: positions `f32 × 3` in the scene frame, instance ids `u32`.
    pub const SCENE: [&'static str; 2] = ["positions", "instances"];
    /// Beside [`Event::Edited`]: instance ids `u32`; positions `f32 × 3` in the scene frame (empty
    /// where no point has moved since the scan was opened); colours `u8 × 3` (empty where the edit
    /// has made the points neither more nor fewer, or the scan has none).
    pub const EDITED: [&'static str; 3] = ["instances", "positions", "colours"];
    /// Beside [`Event::Inside`]: the pictures of the object's views, one after the other, each
    /// `px × px` times red, green, blue, 255.
    pub const INSIDE: [&'static str; 1] = ["pictures"];
    /// Beside [`Event::Saved`]: a PLY file with the columns `instance` and `label`.
    pub const SAVED: [&'static str; 1] = ["ply"];
}

/// Steps of the work, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Weights arrive (bytes).
    Model,
    /// A room is made up and scanned (frames).
    Make,
    /// The scan is read (bytes).
    Parse,
    /// Objects are found (steps).
    Segment,
    /// Photographs are read.
    Photos,
    /// Objects are looked at (instances).
    Encode,
    /// A neural field is fitted to what was seen of them (rounds).
    Fit,
    /// The scan is written (bytes).
    Save,
    /// The model reads the scene (rows).
    Prefill,
    /// The model answers (tokens).
    Decode,
    /// The model is tested (questions).
    Test,
}

/// Which processor ran what: `cpu`, `wgpu (NAME)`, `flex`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backend {
    /// `segment`.
    pub segment: String,
    /// `encode`.
    pub encode: String,
    /// `lm`.
    pub lm: String,
}

/// What was found in a scan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SceneSummary {
    /// As given by the person.
    pub name: String,
    /// Points read.
    pub points: u32,
    /// The file's up axis, such as `-y`.
    pub up: String,
    /// The file's unit, such as `m`.
    pub unit: String,
    /// How sure these are, and what else the person may choose.
    pub reading: ReadingSummary,
    /// Row by row, 4 × 4.
    pub scene_from_file: [[f64; 4]; 4],
    /// The room without far outliers, scene frame.
    pub bounds: Aabb,
    /// The objects.
    pub objects: Vec<ObjectSummary>,
    /// Repairs and gaps, for the person.
    pub warnings: Vec<Warning>,
}

/// What can be done with the edits made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistorySummary {
    /// Whether there is an edit to take back.
    pub undo: bool,
    /// Whether there is one to make again.
    pub redo: bool,
}

/// One object, as listed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ObjectSummary {
    /// Its id.
    pub id: InstanceId,
    /// Class name, `object` where unknown.
    pub label: String,
    /// Colour in one word.
    pub colour: Option<String>,
    /// Of the label if there is one, else of the instance.
    pub score: f32,
    /// How many points.
    pub points: u32,
    /// In the scene frame, metres.
    pub box_in_scene: Aabb,
    /// In the file's coordinates.
    #[serde(rename = "box")]
    pub box_in_file: OrientedBox,
}

/// A finished answer with what it took, in the very form that `scanwise ask --json` prints.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AskReport {
    /// The whole text.
    pub answer: String,
    /// The same, piece by piece.
    pub spans: Vec<Span>,
    /// The objects it names.
    pub objects: Vec<ObjectSummary>,
    /// The way that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub way: Option<Way>,
    /// The place that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placement: Option<Placement>,
    /// What the model looked at.
    #[serde(default)]
    pub attention: Attention,
    /// Points of the scan.
    pub points: u32,
    /// Instances of the scan.
    pub instances: u32,
    /// Of how many of them the model was told when it answered: where there are more than it has room
    /// for, those that the question is most likely about.
    #[serde(default)]
    pub told: u32,
    /// Who answered.
    #[serde(default)]
    pub system: System,
    /// Memory of its language model: weights and key-value cache.
    #[serde(default)]
    pub bytes: u64,
    /// What ran where.
    pub backend: Backend,
    /// Seconds of each phase.
    pub seconds: Seconds,
    /// Decoded tokens per second after the first.
    pub tokens_per_s: f64,
    /// Why the answer ends where it does.
    #[serde(default)]
    pub finish: Finish,
}

/// Why an answer ends where it does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finish {
    /// The model ended it.
    #[default]
    End,
    /// It was cut at the longest that an answer may be.
    Length,
}

/// What the model looked at when it chose the first object of its answer, or its first word where it
/// names none: shares of its attention, mean over layers and heads.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Attention {
    /// The objects with the largest shares, at most eight, all rows of each together.
    pub objects: Vec<ObjectShare>,
    /// To the rows of the Q-Former, which stand for the whole scene.
    pub queries: f32,
    /// To floor, walls and ceiling.
    pub layout: f32,
    /// To the question's words, the answer's so far, and the mark before the scene.
    pub words: f32,
}

/// One object's share.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ObjectShare {
    /// Which.
    pub id: InstanceId,
    /// 0..1.
    pub share: f32,
}

/// What Inst3D-LMM's encoders weighed about an object, means over heads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Inside {
    /// The object.
    pub id: InstanceId,
    /// 3D-ISR: the objects that it looked at most, at most eight.
    pub relations: Vec<Relation>,
    /// MCMF: how it weighed what its views have in common, and then each view; 1 together.
    pub views: Vec<f32>,
    /// Edge of a view's picture.
    pub px: u32,
}

/// What 3D-ISR made of a pair of objects.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Relation {
    /// The other object, or the same.
    pub id: InstanceId,
    /// How far their relation lets it look there, 0..1.
    pub gate: f32,
    /// How much it looked there; 1 over all objects.
    pub attention: f32,
}

/// Seconds by phase; `first_token` and `total` count from the question.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Seconds {
    /// Reading the file.
    pub parse: f64,
    /// Finding objects.
    pub segment: f64,
    /// Looking at them.
    pub encode: f64,
    /// From the question to its first token.
    pub first_token: f64,
    /// From the question to the end.
    pub total: f64,
    /// Of these, until the model had read the scene: nothing where it had before.
    #[serde(default)]
    pub prefill: f64,
}

impl Seconds {
    /// From the moment when the model knew the scene and the question to the end of its answer.
    pub fn answering(&self) -> f64 {
        self.total - self.prefill
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_command_is_refused() {
        let text = r#"{"version":3,"job":1,"command":{"kind":"format_disk"}}"#;
        assert!(serde_json::from_str::<Request>(text).is_err());
    }

    #[test]
    fn a_request_survives_the_wire() {
        for command in [
            Command::Ask(Question {
                question: "How many chairs?".into(),
                follows: true,
                system: System::Llm3d,
            }),
            Command::OpenScan {
                name: "Room".into(),
                path: None,
                choices: ScanChoices { up: Some("-y".into()), ..ScanChoices::default() },
            },
            Command::Edit(Edit::Merge { ids: vec![InstanceId(3), InstanceId(1)] }),
            Command::Edit(Edit::Grow { point: 77 }),
            Command::Edit(Edit::Move { id: InstanceId(3), by: [0.5, -0.25, 0.0] }),
            Command::Edit(Edit::Place {
                name: "desk".into(),
                bounds: Aabb { min: [0.0; 3].into(), max: [1.5, 0.75, 0.5].into() },
            }),
            Command::Undo,
            Command::Save { path: None },
            Command::MakeRoom { seed: 17 },
            Command::TestRoom { most: None },
            Command::TestRoom { most: Some(8) },
        ] {
            let request = Request { version: VERSION, job: JobId(7), command };
            let text = serde_json::to_string(&request).unwrap();
            assert_eq!(serde_json::from_str::<Request>(&text).unwrap(), request);
        }
    }

    #[test]
    fn what_is_said_of_a_made_up_room_survives_the_wire() {
        let job = JobId(3);
        let objects = vec![
            TrueObject { label: "sofa".into(), found: Some(InstanceId(4)) },
            TrueObject { label: "lamp".into(), found: None },
        ];
        let question = RoomQuestion {
            id: "q000".into(),
            task: "grounding".into(),
            text: "What is next to <OBJ004>?".into(),
            askable: true,
            right: "lamp".into(),
            objects,
        };
        let scores = vec![TaskScore { task: "grounding".into(), right: 1, asked: 2 }];
        let id = question.id.clone();
        for event in [
            Event::RoomReady { job, seed: 17, questions: vec![question] },
            Event::Checked { job, question: id.clone(), right: false },
            Event::Judged { job, question: id, said: "A lamp.".into(), right: true },
            Event::Tested { job, scores, stopped: true },
        ] {
            let text = serde_json::to_string(&event).unwrap();
            assert_eq!(serde_json::from_str::<Event>(&text).unwrap(), event);
        }
    }
}
