//! A suite: rooms made, scanned, questioned and put into files.

mod making;
#[cfg(feature = "cli")]
mod write;

pub use making::{Making, Step, take_shots};
#[cfg(feature = "cli")]
pub use write::{tidy_up, write_room, write_room_and_frames, write_scan};

use crate::assets::{AssetError, Assets};
use crate::home::Home;
use crate::rng::Rng;
use crate::scan::{Camera, FrameFault, Fused, Preset};
use crate::twin;
use scene::{InstanceId, PointCloud, Similarity};
#[cfg(feature = "cli")]
use std::path::PathBuf;
use tasks::facts::FactsError;
use tasks::suite::{Question, SceneTruth, Split, SuiteError};

/// Changes whenever the same seed would make another home or another scan of it. What is asked about
/// it may change without.
pub const GENERATOR_VERSION: u64 = 2;

/// Why a room could not be made or written.
#[derive(Debug, thiserror::Error)]
pub enum RoomgenError {
    /// The furniture.
    #[error(transparent)]
    Asset(#[from] AssetError),
    /// The truth or the questions.
    #[error(transparent)]
    Suite(#[from] SuiteError),
    /// The truth contradicts the scan.
    #[error(transparent)]
    Facts(#[from] FactsError),
    /// The scan.
    #[cfg(feature = "cli")]
    #[error("{}: {source}", path.display())]
    Ply {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: ply::PlyError,
    },
    /// A frame.
    #[cfg(feature = "cli")]
    #[error("cannot write {}: {source}", path.display())]
    Picture {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: image::ImageError,
    },
    /// A folder or file.
    #[cfg(feature = "cli")]
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The folder or file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
}

/// What to make.
#[derive(Clone, Debug)]
pub struct Order {
    /// Rooms of another seed share nothing with these.
    pub seed: u64,
    /// Which meshes, layouts and phrasings.
    pub split: Split,
    /// Phrasings of this split instead.
    pub worded: Option<Split>,
    /// The scanner, or one after the other in turn.
    pub preset: Option<Preset>,
}

/// A home with its scan and everything true of it.
#[derive(Clone, Debug)]
pub struct MadeRoom {
    /// As furnished, in its own frame.
    pub home: Home,
    /// The frames of the scan, each with its faults.
    pub shots: Vec<(Camera, FrameFault)>,
    /// The scanner, as good or bad as this one is.
    pub preset: Preset,
    /// From the file's frame to the home's.
    pub scene_from_file: Similarity,
    /// As fused, in the file's frame.
    pub scan: Fused,
    /// `scene.json`.
    pub truth: SceneTruth,
    /// `scan.ply`, with its truth columns.
    pub cloud: PointCloud,
    /// `questions.jsonl`.
    pub questions: Vec<Question>,
}

/// The name of a room's folder.
pub fn room_name(order: &Order, index: usize) -> String {
    format!("{}-{}-{index:05}", order.split.name(), order.seed)
}

/// The name of the folder of a room's counterfactual twin.
pub fn twin_name(order: &Order, index: usize) -> String {
    format!("{}-twin", room_name(order, index))
}

/// How many rooms have a twin, where one can be made.
const TWINS: f32 = 0.25;
/// Tries to make one.
const TWIN_TRIES: usize = 3;

/// Dice for one purpose (0..=15) of one room.
fn dice(order: &Order, index: usize, purpose: u64) -> Rng {
    let split = match order.split {
        Split::Train => 0,
        Split::Val => 1,
        Split::Test => 2,
    };
    Rng::from_numbers([GENERATOR_VERSION, order.seed, split + (purpose << 4), index as u64])
}

/// Makes a room and, for some, its counterfactual twin (see [`crate::twin`]). They depend on the
/// order, the index and [`GENERATOR_VERSION`] alone.
///
/// # Errors
/// A mesh that cannot be read.
pub fn make_room(
    assets: &Assets,
    order: &Order,
    index: usize,
) -> Result<(MadeRoom, Option<MadeRoom>), RoomgenError> {
    let mut making = Making::start(assets, order, index)?;
    let (mut made, _) = loop {
        if let Step::Done(made) = making.step()? {
            break *made;
        }
    };
    let mut of_twin = making.rest();
    if of_twin.chance(TWINS) {
        for _ in 0..TWIN_TRIES {
            let ids = ids_of_pieces(&made);
            let edited = twin::edited(&made.home, &ids, &made.questions, &mut of_twin);
            let Some(edited) = edited else { continue };
            let (mut other, facts) = making.revisit(edited)?;
            if let Some(flipped) = twin::flipped(&made.questions, &facts) {
                let names = [room_name(order, index), twin_name(order, index)];
                other.questions = twin::linked(&mut made.questions, flipped, &names);
                return Ok((made, Some(other)));
            }
        }
    }
    Ok((made, None))
}

/// For each piece of the home its id in the scan, where it has one.
fn ids_of_pieces(made: &MadeRoom) -> Vec<Option<InstanceId>> {
    let mut ids = vec![None; made.home.placed.len()];
    let instances = made.cloud.column("instance").unwrap_or_default();
    for (&owner, &instance) in made.scan.owners.iter().zip(instances) {
        let slot = usize::from(owner).checked_sub(1).and_then(|piece| ids.get_mut(piece));
        if let (Some(slot), true) = (slot, instance > 0.0) {
            *slot = Some(InstanceId(instance as u32));
        }
    }
    ids
}
