//! Writes a suite: rooms made, scanned, questioned and put into files.

use crate::assets::{AssetError, Assets};
use crate::frames::write_frames;
use crate::home::{Home, plan};
use crate::questions;
use crate::rng::Rng;
use crate::scan::{Camera, FrameFault, Fused, Preset, frame_faults, fuse, walk};
use crate::truth::{Provenance, scene_from_file, truth};
use crate::twin;
use glam::DVec3;
use ply::{Scalar, WriteOptions};
use scene::{Column, InstanceId, PointCloud, Similarity};
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use tasks::facts::{Facts, FactsError};
use tasks::suite::{
    Question, RoomFiles, SceneTruth, Split, SuiteError, write_questions, write_scene,
};

/// Changes whenever the same seed would make another room.
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
    #[error("{}: {source}", path.display())]
    Ply {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: ply::PlyError,
    },
    /// A frame.
    #[error("cannot write {}: {source}", path.display())]
    Picture {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: image::ImageError,
    },
    /// A folder or file.
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
    let mut rng = dice(order, index, 0);
    let preset = match &order.preset {
        Some(preset) => preset.clone(),
        None => Preset::ALL[rng.below(Preset::ALL.len())].clone(),
    };
    let preset = preset.varied(&mut rng.fork());
    let home = plan(assets, order.split, &mut rng.fork())?;
    let shots = take_shots(&home, &preset, &mut rng.fork());
    let mut place = rng.fork();
    let shift = DVec3::new(
        place.range(-6.0, 6.0).into(),
        place.range(-6.0, 6.0).into(),
        place.range(-1.5, 1.5).into(),
    );
    let scene_from_file = scene_from_file(place.range(0.0, std::f32::consts::TAU).into(), shift);
    let provenance = Provenance { seed: order.seed, split: order.split, preset: preset.name };
    let noise = rng.fork();
    let visit = |home: Home| -> Result<(MadeRoom, Facts), RoomgenError> {
        let file_from_scene = scene_from_file.inverse();
        let scan = fuse(&home, &shots, &preset, &file_from_scene, &mut noise.clone());
        let (truth, instances) = truth(assets, &home, &shots, &scan, &scene_from_file, provenance);
        let cloud = labelled_cloud(&scan, &truth, &instances);
        let facts = Facts::new(&truth, &cloud)?;
        let (shots, preset, questions) = (shots.clone(), preset.clone(), Vec::new());
        let made = MadeRoom { home, shots, preset, scene_from_file, scan, truth, cloud, questions };
        Ok((made, facts))
    };
    let (mut made, facts) = visit(home)?;
    made.questions = questions::ask(&facts, order.split, &mut rng.fork());
    let mut of_twin = rng.fork();
    if of_twin.chance(TWINS) {
        for _ in 0..TWIN_TRIES {
            let ids = ids_of_pieces(&made);
            let edited = twin::edited(&made.home, &ids, &made.questions, &mut of_twin);
            let Some(edited) = edited else { continue };
            let (mut other, facts) = visit(edited)?;
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

/// A walk through the home, each frame with its faults.
pub fn take_shots(home: &Home, preset: &Preset, rng: &mut Rng) -> Vec<(Camera, FrameFault)> {
    let cameras = walk(home, preset, &mut rng.fork());
    let faults = frame_faults(preset, cameras.len(), &mut rng.fork());
    cameras.into_iter().zip(faults).collect()
}

/// The scan as it is written: with the columns `instance` and `label`, the latter the place of
/// the object's class in `classes` plus one, 0 for none.
fn labelled_cloud(scan: &Fused, truth: &SceneTruth, instances: &[u16]) -> PointCloud {
    let classes = &truth.classes;
    let label_of = |instance: u16| {
        let object = truth.objects.iter().find(|object| object.id.0 == u32::from(instance));
        let place = object.and_then(|o| classes.iter().position(|class| *class == o.label));
        place.map_or(0.0, |place| place as f64 + 1.0)
    };
    let most = instances.iter().copied().max().unwrap_or(0);
    let labels: Vec<f64> = (0..=most).map(label_of).collect();
    let column = |name: &str, value: &dyn Fn(u16) -> f64| Column {
        name: name.to_owned(),
        values: instances.iter().map(|&instance| value(instance)).collect(),
    };
    PointCloud {
        positions: scan.positions.iter().map(|point| point.to_array()).collect(),
        colours: Some(scan.colours.clone()),
        columns: vec![
            column("instance", &|instance| f64::from(instance)),
            column("label", &|instance| labels[usize::from(instance)]),
        ],
        ..PointCloud::default()
    }
}

/// Where rooms are written until they are complete, within the suite. It has no `scene.json` of
/// its own, so that nobody takes it for a room.
const PARTIAL: &str = ".partial";

/// Makes a room and writes its three files; a folder that has them already is left as it is. The
/// folder gets its name when all of it is written, so that one of a run that was killed never
/// counts as complete. Returns whether it wrote.
///
/// # Errors
/// See [`RoomgenError`].
pub fn write_room(
    assets: &Assets,
    order: &Order,
    index: usize,
    suite: &Path,
) -> Result<bool, RoomgenError> {
    write_room_and_frames(assets, order, index, suite, 0)
}

/// The same with a folder `frames` that holds so many frames of the scan, see [`crate::frames`];
/// none for 0. The rest of the room does not depend on it.
///
/// # Errors
/// See [`RoomgenError`].
pub fn write_room_and_frames(
    assets: &Assets,
    order: &Order,
    index: usize,
    suite: &Path,
    frames: usize,
) -> Result<bool, RoomgenError> {
    let name = room_name(order, index);
    let files = RoomFiles::new(suite, &name);
    if files.questions().is_file() {
        return Ok(false);
    }
    let (made, twin) = make_room(assets, order, index)?;
    // The room comes last, for by it the pair is known to be complete.
    let mut rng = dice(order, index, 1);
    if let Some(twin) = twin {
        write_folder(suite, &twin_name(order, index), &twin, frames, &mut rng.clone())?;
    }
    write_folder(suite, &name, &made, frames, &mut rng)?;
    Ok(true)
}

fn write_folder(
    suite: &Path,
    name: &str,
    made: &MadeRoom,
    frames: usize,
    rng: &mut Rng,
) -> Result<(), RoomgenError> {
    let files = RoomFiles::new(suite, name);
    let part = RoomFiles::new(&suite.join(PARTIAL), name);
    remove_if_there(&part.folder)?;
    make_folder(&part.folder)?;
    write_scan(&part.scan(), &made.cloud)?;
    write_scene(&part, &made.truth)?;
    write_questions(&part, &made.questions)?;
    if frames > 0 {
        let folder = part.folder.join("frames");
        make_folder(&folder)?;
        let MadeRoom { home, shots, preset, scene_from_file, .. } = made;
        let file_from_home = scene_from_file.inverse();
        write_frames(&folder, home, shots, preset, &file_from_home, frames, rng)?;
    }
    remove_if_there(&files.folder)?;
    std::fs::rename(&part.folder, &files.folder)
        .map_err(|source| RoomgenError::Write { path: files.folder, source })
}

/// Takes the folder of unfinished rooms away where it is empty.
pub fn tidy_up(suite: &Path) {
    // Another run may be writing there; then it stays.
    let _ = std::fs::remove_dir(suite.join(PARTIAL));
}

fn make_folder(folder: &Path) -> Result<(), RoomgenError> {
    std::fs::create_dir_all(folder)
        .map_err(|source| RoomgenError::Write { path: folder.to_owned(), source })
}

fn remove_if_there(folder: &Path) -> Result<(), RoomgenError> {
    match std::fs::remove_dir_all(folder) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
            Err(RoomgenError::Write { path: folder.to_owned(), source })
        }
        _ => Ok(()),
    }
}

/// Writes a cloud as a binary PLY; columns become `ushort`.
///
/// # Errors
/// The file cannot be written.
pub fn write_scan(path: &Path, cloud: &PointCloud) -> Result<(), RoomgenError> {
    let types: Vec<(&str, Scalar)> =
        cloud.columns.iter().map(|column| (column.name.as_str(), Scalar::U16)).collect();
    let options = WriteOptions { column_types: &types, ..WriteOptions::default() };
    let failed = |source| RoomgenError::Write { path: path.to_owned(), source };
    let mut out = BufWriter::new(File::create(path).map_err(failed)?);
    ply::write(&mut out, cloud, &options)
        .map_err(|source| RoomgenError::Ply { path: path.to_owned(), source })?;
    out.flush().map_err(failed)
}
