//! `scanwise segment`.

use crate::Ended;
use crate::source::OnDisk;
use clap::Args;
use engine::Engine;
use protocol::{Command, JobId, Request, VERSION};
use std::path::PathBuf;

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
    let source = OnDisk::open(&options.scan)?;
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
    pollster::block_on(engine.open_scan(JobId(2), name, source, chosen))?;
    let seconds = start.elapsed().as_secs_f64();
    let summary = engine.host().take().scene.ok_or("the scan gave no scene")?;
    if let Some(out) = &options.out {
        let save =
            Request { version: VERSION, job: JobId(3), command: Command::Save { path: None } };
        pollster::block_on(engine.handle(save, Some(OnDisk::open(&options.scan)?)));
        let said = engine.host().take();
        let file = said.file.ok_or_else(|| said.failure.unwrap_or_default())?;
        std::fs::write(out, file).map_err(|error| format!("{}: {error}", out.display()))?;
    }
    if options.json {
        let mut printed = engine::listing(&summary);
        printed["seconds"] = seconds.into();
        println!("{printed}");
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
