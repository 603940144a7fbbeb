//! Rooms put into files.

use super::{MadeRoom, Order, RoomgenError, dice, make_room, room_name, twin_name};
use crate::assets::Assets;
use crate::frames::write_frames;
use crate::rng::Rng;
use ply::{Scalar, WriteOptions};
use scene::PointCloud;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use tasks::suite::{RoomFiles, write_questions, write_scene};

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
