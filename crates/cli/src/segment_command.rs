//! `scanwise segment`.

use crate::Ended;
use clap::Args;
use engine::{Engine, InMemory};
use ply::{Appended, Scalar};
use protocol::{JobId, SceneSummary};
use serde_json::json;
use std::collections::BTreeMap;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

#[derive(Args)]
pub(crate) struct Options {
    /// The scan, a PLY file.
    scan: PathBuf,
    /// Write the file again, with `instance` and `label` columns appended.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    reading: crate::reading::ReadingOptions,
    #[command(flatten)]
    model: crate::ask::ModelOptions,
}

pub(crate) fn run(options: &Options) -> Ended {
    let bytes = std::fs::read(&options.scan)
        .map_err(|error| format!("{}: {error}", options.scan.display()))?;
    // Without a model the objects are found all the same, only not named.
    let mut engine = match options.model.engine() {
        Ok(engine) => engine,
        Err(error) => {
            eprintln!("objects stay unnamed: {error}");
            Engine::new(crate::host::Terminal::new(PathBuf::new()))
        }
    };
    let start = std::time::Instant::now();
    let name = options.scan.display().to_string();
    let chosen = options.reading.chosen()?;
    pollster::block_on(engine.open_scan(JobId(2), name, InMemory::new(bytes.clone()), chosen))?;
    let seconds = start.elapsed().as_secs_f64();
    let summary = engine.host().take().scene.ok_or("the scan gave no scene")?;
    if let Some(out) = &options.out {
        let ids = instance_column(engine.scene().ok_or("the scan gave no scene")?);
        write_labelled(&bytes, out, &summary, &ids)?;
    }
    if options.json {
        println!("{}", as_json(&summary, seconds));
        return Ok(());
    }
    println!(
        "{} points, {} objects in {seconds:.2} s; up is {}, unit {}",
        summary.points,
        summary.objects.len(),
        summary.up,
        summary.unit
    );
    for object in &summary.objects {
        let size = object.box_in_scene.size();
        println!(
            "{:>5}  {:<16} {:<8} {:>3.0} %  {:>7} points  {:.2} × {:.2} × {:.2} m",
            object.id.0,
            object.label,
            object.colour.as_deref().unwrap_or(""),
            100.0 * object.score,
            object.points,
            size.x,
            size.y,
            size.z
        );
    }
    for warning in &summary.warnings {
        eprintln!("note: {}", warning.message);
    }
    Ok(())
}

/// In CONTRACT's form.
fn as_json(summary: &SceneSummary, seconds: f64) -> serde_json::Value {
    let objects: Vec<_> = summary
        .objects
        .iter()
        .map(|object| {
            json!({
                "id": object.id, "label": object.label, "score": object.score,
                "points": object.points, "box": object.box_in_file,
            })
        })
        .collect();
    json!({
        "points": summary.points, "seconds": seconds, "up": summary.up, "unit": summary.unit,
        "confidence": {
            "up": summary.reading.up_confidence, "unit": summary.reading.unit_confidence,
            "yaw": summary.reading.yaw_confidence,
        },
        "scene_from_file": summary.scene_from_file, "warnings": summary.warnings,
        "objects": objects,
    })
}

/// For each point its instance, 0 for none or structure.
fn instance_column(scene: &scene::Scene) -> Vec<f64> {
    let mut ids = vec![0.0; scene.cloud.len()];
    for instance in &scene.instances {
        for &point in &instance.points {
            ids[point as usize] = f64::from(instance.id.0);
        }
    }
    ids
}

fn write_labelled(bytes: &[u8], out: &Path, summary: &SceneSummary, ids: &[f64]) -> Ended {
    // Labels are numbered from 1 in alphabetical order; comments in the header name them.
    let mut names: Vec<&str> = summary.objects.iter().map(|object| object.label.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let number = |label: &str| names.iter().position(|name| *name == label).map_or(0, |at| at + 1);
    let label_of: BTreeMap<u32, f64> =
        summary.objects.iter().map(|object| (object.id.0, number(&object.label) as f64)).collect();
    let labels: Vec<f64> =
        ids.iter().map(|&id| label_of.get(&(id as u32)).copied().unwrap_or(0.0)).collect();
    let comments: Vec<String> =
        names.iter().enumerate().map(|(at, name)| format!("label {} {name}", at + 1)).collect();
    let column = |name, values| Appended { name, scalar: Scalar::U16, values };
    let mut file = BufWriter::new(std::fs::File::create(out)?);
    ply::rewrite(
        bytes,
        &mut file,
        &[column("instance", ids), column("label", &labels)],
        &comments,
    )?;
    file.flush()?;
    Ok(())
}
