//! `scanwise eval`: the referee's table for a model and for `segment` on a suite of rooms.

mod model;
mod questions;
mod rooms;
mod text_list;

use crate::Ended;
use crate::ask::ModelOptions;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use referee::baselines::euclidean::EuclideanClustering;
use referee::baselines::felzenszwalb::Felzenszwalb;
use referee::metrics::instances::Segmented;
use referee::{GivenRoom, Regime, Report, Row, SystemName};
use rooms::Room;
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct Options {
    /// The suite's folder.
    suite: PathBuf,
    #[command(flatten)]
    model: ModelOptions,
    /// A suite of the train split, whose most frequent answers the majority gives.
    #[arg(long)]
    train: Option<PathBuf>,
    /// Only so many rooms.
    #[arg(long)]
    rooms: Option<usize>,
    /// Only so many questions of each room, spread evenly over its list.
    #[arg(long)]
    questions: Option<usize>,
    /// Only the rows about instances; needs no model.
    #[arg(long)]
    instances: bool,
    /// A model to ask without any scene: what its twin is to be better than.
    #[arg(long, value_name = "DIR")]
    blind: Option<PathBuf>,
    /// A model that is told the objects in tokens, without their features.
    #[arg(long, value_name = "DIR")]
    text: Option<PathBuf>,
    /// Further rows for the questions listed here, `ROOM/QUESTION` a line.
    #[arg(long, value_name = "FILE")]
    hard: Option<PathBuf>,
    /// Write such a list of what the blind model gets wrong, or the model where none is given.
    #[arg(long, value_name = "FILE")]
    write_hard: Option<PathBuf>,
    /// Write a page of the model's wrong answers.
    #[arg(long, value_name = "HTML")]
    failures: Option<PathBuf>,
    /// Print JSON.
    #[arg(long, conflicts_with = "markdown")]
    json: bool,
    /// Print a Markdown table.
    #[arg(long)]
    markdown: bool,
}

pub(crate) fn run(options: &Options) -> Ended {
    let load = |is_noisy| rooms::load(&options.suite, options.rooms, options.questions, is_noisy);
    let (rooms, noisy) = (load(false)?, load(true)?);
    let mut rows = instance_rows(&rooms, Regime::Predicted)?;
    rows.extend(instance_rows(&noisy, Regime::Noisy)?);
    let name = options.model.model.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut notes = Vec::new();
    if !options.instances {
        let answered = questions::answered(options, &rooms, &noisy)?;
        rows.extend(answered.rows);
        notes.extend(answered.notes);
    }
    let report = Report { model: name, rows, notes };
    if options.json {
        println!("{}", serde_json::to_string(&report)?);
    } else if options.markdown {
        print!("{}", report.markdown());
    } else {
        print!("{}", report.plain());
    }
    Ok(())
}

/// `segment` against what is plainer.
fn instance_rows(rooms: &[Room], regime: Regime) -> Result<Vec<Row>, Box<dyn std::error::Error>> {
    let bar = bar("objects", rooms.len());
    let mut rows_of: [(SystemName, Vec<_>); 3] =
        [SystemName::Ours, SystemName::Euclidean, SystemName::Felzenszwalb].map(|s| (s, vec![]));
    for room in rooms {
        for (system, segmented) in &mut rows_of {
            let found = match system {
                SystemName::Euclidean => {
                    clustered(room, &EuclideanClustering::ROOM.clusters(&room.positions))
                }
                SystemName::Felzenszwalb => {
                    let colours = room.cloud.colours.as_deref().unwrap_or_default();
                    clustered(room, &Felzenszwalb::ROOM.clusters(&room.positions, colours))
                }
                _ => segmented_by_us(room)?,
            };
            segmented.push((found, room.positions.clone()));
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    let rows = |(system, rooms): (_, Vec<_>)| referee::instance_rows(&rooms, regime, system);
    Ok(rows_of.into_iter().flat_map(rows).collect())
}

fn segmented_by_us(room: &Room) -> Result<Segmented, segment::SegmentError> {
    let scene = segment::segment(room.cloud.clone(), &segment::Options::default())?;
    let mut found = vec![0; room.ids.len()];
    for instance in &scene.instances {
        instance.points.iter().for_each(|&point| found[point as usize] = instance.id.0);
    }
    let scores = scene.instances.iter().map(|one| (one.id.0, one.score)).collect();
    Ok(Segmented { truth: room.ids.clone(), found, scores })
}

fn clustered(room: &Room, clusters: &[Vec<u32>]) -> Segmented {
    let mut found = vec![0; room.ids.len()];
    for (index, points) in clusters.iter().enumerate() {
        points.iter().for_each(|&point| found[point as usize] = index as u32 + 1);
    }
    Segmented { truth: room.ids.clone(), found, ..Segmented::default() }
}

/// A progress bar on stderr.
pub(crate) fn bar(what: &str, length: usize) -> ProgressBar {
    let bar = ProgressBar::new(length as u64).with_style(
        ProgressStyle::with_template("{prefix:>18} {bar:40} {pos}/{len}, {eta} left")
            .unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    bar.set_prefix(what.to_owned());
    bar
}

/// The objects found in a room, as a system is given them.
type Looked = (Vec<GivenRoom>, Vec<scene::ScenePrefix>);
