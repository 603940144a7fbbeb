//! Everything that can end a job, with the words a person reads.

use crate::HostError;
use scene::{InstanceId, System};

/// Why a job ended early.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// The person stopped it.
    #[error("Stopped.")]
    Stopped,
    /// The other side speaks another version of the protocol.
    #[error(
        "This page and its worker are of different versions ({theirs} and {ours}). Reload the page."
    )]
    Version {
        /// The sender's.
        theirs: u32,
        /// Ours.
        ours: u32,
    },
    /// A question came before a scan.
    #[error("There is no scan yet. Drop a PLY file on the page, or open the sample room.")]
    NoScan,
    /// A question came before a model.
    #[error("The model is not loaded yet, so nothing can answer. Load it, then ask again.")]
    NoModel,
    /// A system that the model was not taught to be.
    #[error("This model has no adapter for {name}. Ask the unified one.", name = .0.name())]
    NoSystem(System),
    /// A question without words.
    #[error("The question is empty. Ask something about the scan.")]
    EmptyQuestion,
    /// A question that leaves the model no room for an answer.
    #[error(
        "The question is too long: with this scan and an answer it needs {needed} places, and the \
         model has {context}. Ask it in fewer words."
    )]
    LongQuestion {
        /// Positions asked for.
        needed: usize,
        /// Positions there are.
        context: usize,
    },
    /// A question about an object that is not in the scan.
    #[error(
        "The question mentions {mention}, but this scan has no such object. Pick one from the list \
         of objects.",
        mention = tasks::prompt::mention(*.0)
    )]
    UnknownObject(InstanceId),
    /// A direction that is none.
    #[error("“{0}” is no direction: up is one of {names}.", names = scene::UpAxis::NAMES.join(", "))]
    UnknownAxis(String),
    /// An edit that cannot be made.
    #[error(transparent)]
    Edit(#[from] segment::EditError),
    /// No edit was made yet.
    #[error("There is nothing to undo.")]
    NothingToUndo,
    /// No edit was undone.
    #[error("There is nothing to do again.")]
    NothingToRedo,
    /// A scan without bytes.
    #[error("No file came with the request. Choose the scan again.")]
    NoSource,
    /// Photographs that cannot be used.
    #[error(transparent)]
    Photos(#[from] ::photos::PhotosError),
    /// A way to lift features that there is not.
    #[error(
        "There is no construction “{0}”: there are {names}.",
        names = encode::Construction::ALL.map(encode::Construction::key).join(", ")
    )]
    UnknownConstruction(String),
    /// A room could not be made up.
    #[error("The room could not be made: {0}.")]
    Maker(String),
    /// A test of a scan of which nobody knows what is true.
    #[error("Only a made-up room can be tested: of other scans the true answers are not known.")]
    NoTruth,
    /// A file of the program or of the person could not be read.
    #[error(transparent)]
    Host(#[from] HostError),
    /// A file of the model did not arrive.
    #[error(
        "The model broke off after {done} of {total} MB: {source}. Load it again: it goes on where \
         it broke off.",
        done = done / 1_000_000,
        total = total / 1_000_000
    )]
    Download {
        /// Bytes that are here.
        done: u64,
        /// Bytes in all.
        total: u64,
        /// What happened.
        source: HostError,
    },
    /// The scan is no PLY file that can be read.
    #[error(transparent)]
    Ply(#[from] ply::PlyError),
    /// The points make no scene.
    #[error(
        "This scan cannot be used: {0}. Look at it in the app that made it, then export it again."
    )]
    Segment(#[from] segment::SegmentError),
    /// The encoders failed.
    #[error(transparent)]
    Encode(#[from] encode::Error),
    /// A model's folder is damaged or not one that this program knows.
    #[error("The model's files cannot be used: {0}. Fetch its folder again.")]
    Model(#[source] lm::Error),
    /// The language model failed.
    #[error(transparent)]
    Lm(#[from] lm::Error),
    /// The graphics processor failed.
    #[error(transparent)]
    Gpu(#[from] gpu::Error),
}

impl EngineError {
    /// A stable name in kebab case.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Stopped => "stopped",
            Self::Version { .. } => "protocol-version",
            Self::NoScan => "no-scan",
            Self::NoModel => "no-model",
            Self::NoSystem(_) => "no-system",
            Self::EmptyQuestion => "empty-question",
            Self::LongQuestion { .. } => "long-question",
            Self::UnknownObject(_) => "unknown-object",
            Self::UnknownAxis(_) => "unknown-axis",
            Self::Edit(_) => "edit-impossible",
            Self::NothingToUndo => "nothing-to-undo",
            Self::NothingToRedo => "nothing-to-redo",
            Self::NoSource => "no-source",
            Self::Photos(error) => error.code(),
            Self::UnknownConstruction(_) => "unknown-construction",
            Self::Maker(_) => "room-maker",
            Self::NoTruth => "no-truth",
            Self::Download { .. } => "download",
            Self::Host(_) => "file-unreadable",
            Self::Ply(error) => error.code(),
            Self::Segment(_) => "scan-not-a-scene",
            Self::Encode(_) => "encoder",
            Self::Model(_) => "model-damaged",
            Self::Lm(lm::Error::NotFinite(_)) => "model-numerics",
            Self::Lm(_) => "language-model",
            Self::Gpu(_) => "gpu",
        }
    }
}
