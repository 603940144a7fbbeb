//! `roomgen OUT --rooms N --seed S`: writes a suite of synthetic rooms.

use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use rayon::prelude::*;
use roomgen::assets::Assets;
use roomgen::sample::write_sample;
use roomgen::scan::Preset;
use roomgen::suite::{Order, RoomgenError, tidy_up, write_room_and_frames, write_scan};
use roomgen::tables::make_table;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use tasks::suite::Split;

/// Writes a suite: synthetic rooms, scanned by a virtual depth camera, with true objects and
/// questions with true answers.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Folder to write to; rooms that are complete there are kept.
    out: PathBuf,
    /// How many rooms.
    #[arg(long, default_value_t = 20)]
    rooms: usize,
    /// Rooms of one seed are the same on every machine.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Which meshes, layouts and phrasings: train, val or test.
    #[arg(long, default_value = "train")]
    split: Split,
    /// Put the questions in the words of this split instead.
    #[arg(long, value_name = "SPLIT")]
    worded: Option<Split>,
    /// The scanner: phone, kinect, photogrammetry or laser; without it they mix.
    #[arg(long, value_parser = preset)]
    preset: Option<Preset>,
    /// Rooms made at the same time; 0 for one per core.
    #[arg(long, default_value_t = 0)]
    jobs: usize,
    /// Also write so many RGB-D frames of each room, in its folder `frames`.
    #[arg(long, default_value_t = 0)]
    frames: usize,
    /// Only meshes that may be shipped without attribution.
    #[arg(long)]
    cc0: bool,
    /// Only our own parametric shapes: needs no furniture libraries.
    #[arg(long, conflicts_with_all = ["cc0", "sample"])]
    shapes: bool,
    /// Write so many table tops seen from near, OUT/table-SPLIT-SEED-NUMBER.ply, and no rooms: what
    /// `segment` learns small things from.
    #[arg(long, default_value_t = 0, conflicts_with = "sample")]
    tables: usize,
    /// Write one furnished living room to OUT, a PLY file of CC0 meshes alone, and no truth.
    #[arg(long)]
    sample: bool,
}

fn preset(name: &str) -> Result<Preset, String> {
    Preset::named(name).ok_or_else(|| {
        let known: Vec<&str> = Preset::all().map(|preset| preset.name).collect();
        format!("“{name}” is no scanner; use {}", known.join(", "))
    })
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("roomgen: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), RoomgenError> {
    let mut assets = if arguments.shapes { Assets::shapes_only() } else { Assets::open()? };
    if arguments.cc0 || arguments.sample {
        assets = assets.only_cc0();
    }
    if arguments.sample {
        let pieces = write_sample(&assets, arguments.seed, &arguments.out)?;
        eprintln!("{}: {}", arguments.out.display(), pieces.join(", "));
        return Ok(());
    }
    if arguments.jobs > 0 {
        // Fails only if a pool exists already, and none does.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(arguments.jobs).build_global();
    }
    let order = Order {
        seed: arguments.seed,
        split: arguments.split,
        worded: arguments.worded,
        preset: arguments.preset.clone(),
    };
    if arguments.tables > 0 {
        return write_tables(&assets, &order, arguments.tables, &arguments.out);
    }
    let bar = ProgressBar::new(arguments.rooms as u64);
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {pos}/{len} rooms, {eta} left") {
        bar.set_style(style);
    }
    let written = AtomicUsize::new(0);
    (0..arguments.rooms).into_par_iter().try_for_each(|index| {
        let is_new =
            write_room_and_frames(&assets, &order, index, &arguments.out, arguments.frames)?;
        written.fetch_add(usize::from(is_new), Ordering::Relaxed);
        bar.inc(1);
        Ok::<_, RoomgenError>(())
    })?;
    bar.finish_and_clear();
    tidy_up(&arguments.out);
    eprintln!(
        "{} rooms in {}, {} of them new",
        arguments.rooms,
        arguments.out.display(),
        written.load(Ordering::Relaxed)
    );
    Ok(())
}

fn write_tables(
    assets: &Assets,
    order: &Order,
    count: usize,
    out: &Path,
) -> Result<(), RoomgenError> {
    std::fs::create_dir_all(out)
        .map_err(|source| RoomgenError::Write { path: out.to_owned(), source })?;
    (0..count).into_par_iter().try_for_each(|index| {
        let path = out.join(format!("table-{}-{}-{index:05}.ply", order.split.name(), order.seed));
        write_scan(&path, &make_table(assets, order, index)?)
    })
}
