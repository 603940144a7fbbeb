//! `scanwise eval`: the referee's table for a model and for `segment` on a suite of rooms.

mod crowd;
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
use referee::{GivenRoom, Named, Regime, Report, Row, SystemName};
use rooms::Room;
use scene::{InstanceId, LabelGuess, Scene};
use std::path::{Path, PathBuf};

#[derive(Args)]
pub(crate) struct Options {
    /// The suite's folder.
    suite: PathBuf,
    #[command(flatten)]
    model: ModelOptions,
    /// Who is judged: unified, inst3d, llm3d or spatial.
    #[arg(long, value_parser = crate::compare::of_key, default_value = "unified")]
    system: scene::System,
    /// A suite of the train split, whose most frequent answers the majority gives.
    #[arg(long)]
    train: Option<PathBuf>,
    /// Only so many rooms.
    #[arg(long)]
    rooms: Option<usize>,
    /// Only so many questions of each room, spread evenly over its list.
    #[arg(long)]
    questions: Option<usize>,
    /// Put things of the suite's other homes beside each until there are so many objects, and ask what
    /// they do not change, with true instances only.
    #[arg(long, value_name = "OBJECTS", conflicts_with_all = ["instances", "open3d", "hard"])]
    crowd: Option<usize>,
    /// Only the rows about instances; needs no model.
    #[arg(long)]
    instances: bool,
    /// A folder of labels that `tests/baselines/open3d_rooms.py` wrote for the suite.
    #[arg(long, value_name = "DIR")]
    open3d: Option<PathBuf>,
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
    let name = options.model.model.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if let Some(objects) = options.crowd {
        let rooms = crowd::crowd(&load(false)?, objects)?;
        let answered = questions::answered(options, &[(Regime::True, &rooms)])?;
        return print(options, &Report { model: name, rows: answered.rows, notes: answered.notes });
    }
    let (rooms, noisy) = (load(false)?, load(true)?);
    let mut rows = instance_rows(&rooms, Regime::Predicted)?;
    if let Some(folder) = &options.open3d {
        rows.extend(open3d_rows(&rooms, folder)?);
    }
    rows.extend(instance_rows(&noisy, Regime::Noisy)?);
    let mut notes = Vec::new();
    if !options.instances {
        let regimes: [(Regime, &[Room]); 3] =
            [(Regime::True, &rooms), (Regime::Predicted, &rooms), (Regime::Noisy, &noisy)];
        let answered = questions::answered(options, &regimes)?;
        rows.extend(answered.rows);
        notes.extend(answered.notes);
    }
    print(options, &Report { model: name, rows, notes })
}

fn print(options: &Options, report: &Report) -> Ended {
    if options.json {
        println!("{}", serde_json::to_string(report)?);
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
    let systems =
        [SystemName::Ours, SystemName::ByHand, SystemName::Euclidean, SystemName::Felzenszwalb];
    let mut rows_of = systems.map(|system| (system, Vec::new()));
    let mut named = Vec::new();
    for room in rooms {
        for (system, rooms_of) in &mut rows_of {
            let found = match system {
                SystemName::Euclidean => {
                    clustered(room, &EuclideanClustering::ROOM.clusters(&room.positions))
                }
                SystemName::Felzenszwalb => {
                    let colours = room.cloud.colours.as_deref().unwrap_or_default();
                    clustered(room, &Felzenszwalb::ROOM.clusters(&room.positions, colours))
                }
                _ => {
                    let by_hand = *system == SystemName::ByHand;
                    let options = segment::Options { by_hand, ..segment::Options::default() };
                    let scene = segment::segment(room.cloud.clone(), &options)?;
                    if !by_hand {
                        named.push(names(room, &scene));
                    }
                    segmented(room, &scene)
                }
            };
            rooms_of.push((found, room.positions.clone()));
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    let rows = |(system, rooms): (_, Vec<_>)| referee::instance_rows(&rooms, regime, system);
    let mut rows: Vec<Row> = rows_of.into_iter().flat_map(rows).collect();
    rows.extend(referee::class_rows(&named, regime, SystemName::Ours));
    Ok(rows)
}

/// What the objects of a scene that match true ones are taken for.
fn names(room: &Room, scene: &Scene) -> Vec<Named> {
    let facts = &room.case.facts.objects;
    let class_of =
        |id: u32| facts.iter().find(|fact| fact.id.0 == id).map(|fact| fact.label.clone());
    let guesses_of = |id: u32| {
        let label = scene.instance(InstanceId(id)).and_then(|instance| instance.label.as_ref());
        label.into_iter().flat_map(LabelGuess::classes).map(|(name, _)| name.to_owned()).collect()
    };
    Named::of_room(&segmented(room, scene), &room.positions, class_of, guesses_of)
}

fn segmented(room: &Room, scene: &Scene) -> Segmented {
    let mut found = vec![0; room.ids.len()];
    for instance in &scene.instances {
        instance.points.iter().for_each(|&point| found[point as usize] = instance.id.0);
    }
    let scores = scene.instances.iter().map(|one| (one.id.0, one.score)).collect();
    Segmented { truth: room.ids.clone(), found, scores }
}

/// What Open3D found, as its script wrote it: a number for each point.
fn open3d_rows(rooms: &[Room], folder: &Path) -> Result<Vec<Row>, Box<dyn std::error::Error>> {
    let read = |room: &Room| -> Result<(Segmented, Vec<[f32; 3]>), String> {
        let path = folder.join(format!("{}.labels", room.case.name));
        let bytes = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let found: Vec<u32> =
            bytes.as_chunks::<4>().0.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect();
        if found.len() != room.ids.len() {
            return Err(format!(
                "{}: {} labels for {} points; write them again for this suite",
                path.display(),
                found.len(),
                room.ids.len()
            ));
        }
        let segmented = Segmented { truth: room.ids.clone(), found, ..Segmented::default() };
        Ok((segmented, room.positions.clone()))
    };
    let rooms = rooms.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    Ok(referee::instance_rows(&rooms, Regime::Predicted, SystemName::Open3d))
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
