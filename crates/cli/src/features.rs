//! `scanwise features`: what training sees of a suite, made by the product's own
//! `ply → segment → views`.

mod room;
mod shard;

use indicatif::{ProgressBar, ProgressStyle};
use rayon::prelude::*;
use serde_json::json;
use shard::Shard;
use std::fs;
use std::path::Path;
use tasks::facts::FactsError;
use tasks::suite::{self, RoomFiles, SuiteError};
use thiserror::Error;

/// Rooms per shard: small enough to stream into training, large enough to be few.
const ROOMS_PER_SHARD: usize = 32;

/// Raised when the shards' meaning changes.
const VERSION: u32 = 3;

/// Why features could not be made.
#[derive(Debug, Error)]
pub(crate) enum FeaturesError {
    #[error(transparent)]
    Suite(#[from] SuiteError),
    #[error("{0}: {1}")]
    Scan(String, ply::PlyError),
    #[error("{0}: {1}")]
    Segment(String, segment::SegmentError),
    #[error("{0}/scan.ply has no `instance` column, so nothing is known to be true of it")]
    NoTruth(String),
    #[error("{0}: {1}")]
    Facts(String, FactsError),
    #[error("the shard could not be written: {0}")]
    Write(#[from] std::io::Error),
    #[error("the shard could not be packed: {0}")]
    Pack(#[from] safetensors::SafeTensorError),
    #[error("the questions could not be written: {0}")]
    Json(#[from] serde_json::Error),
}

/// Writes the shards of `suite` into `out`. A shard that is there is kept, so a broken-off run
/// goes on where it was.
pub(crate) fn run(suite: &Path, out: &Path) -> Result<(), FeaturesError> {
    let rooms = suite::open(suite)?;
    fs::create_dir_all(out)?;
    if let Some(first) = rooms.first() {
        let classes = suite::read_scene(first)?.classes;
        let meta =
            json!({ "version": VERSION, "classes": classes, "colours": tasks::colour::NAMES });
        fs::write(out.join("meta.json"), format!("{meta}\n"))?;
    }
    let bar = ProgressBar::new(rooms.len() as u64).with_style(
        ProgressStyle::with_template("features {bar:40} {pos}/{len} rooms, {eta} left")
            .unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    let made: Result<Vec<()>, FeaturesError> = rooms
        .par_chunks(ROOMS_PER_SHARD)
        .enumerate()
        .map(|(index, chunk)| {
            let path = out.join(format!("shard-{index:05}.safetensors"));
            if path.exists() {
                bar.inc(chunk.len() as u64);
                return Ok(());
            }
            write_shard(chunk, &path, &bar)
        })
        .collect();
    bar.finish();
    made.map(drop)
}

fn write_shard(rooms: &[RoomFiles], path: &Path, bar: &ProgressBar) -> Result<(), FeaturesError> {
    let mut shard = Shard::default();
    let mut lines = String::new();
    for files in rooms {
        let line = room::add(files, &mut shard)?;
        lines += &serde_json::to_string(&line)?;
        lines.push('\n');
        bar.inc(1);
    }
    fs::write(path.with_extension("jsonl"), lines)?;
    shard.write(path)
}
