//! `scanwise compare`: the same question to the systems that the model can be.

use crate::Ended;
use crate::ask::ModelOptions;
use crate::reading::ReadingOptions;
use crate::source::OnDisk;
use clap::Args;
use protocol::{AskReport, JobId, Question};
use scene::System;
use serde::Serialize;
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct Options {
    /// The scan, a PLY file.
    scan: PathBuf,
    /// The question, in plain words.
    question: String,
    /// Whom to ask, comma between; all that the model can be where nothing is said.
    #[arg(long, value_parser = of_key, value_delimiter = ',', value_name = "KEYS")]
    systems: Vec<System>,
    #[command(flatten)]
    reading: ReadingOptions,
    #[command(flatten)]
    model: ModelOptions,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// What JSON holds: one report a system, in the form of `scanwise ask --json`.
#[derive(Serialize)]
struct Compared<'a> {
    question: &'a str,
    reports: Vec<AskReport>,
}

/// The system of this key, for the command line.
pub(crate) fn of_key(key: &str) -> Result<System, String> {
    System::from_key(key).ok_or_else(|| {
        let keys = System::ALL.map(System::key).join(", ");
        format!("no such system; there are {keys}")
    })
}

pub(crate) fn run(options: &Options) -> Ended {
    let source = OnDisk::open(&options.scan)?;
    let name = options.scan.display().to_string();
    let mut engine = options.model.engine()?;
    let systems = match options.systems.as_slice() {
        [] => engine.systems(),
        systems => systems.to_vec(),
    };
    let reports = pollster::block_on(async {
        engine.open_scan(JobId(2), name, source, options.reading.chosen()?).await?;
        let mut reports = Vec::new();
        for system in systems {
            let question = Question { system, ..Question::from(options.question.as_str()) };
            reports.push(engine.ask(JobId(3), &question).await?.report);
        }
        Ok::<_, engine::EngineError>(reports)
    })?;
    engine.host().take();
    if options.json {
        let compared = Compared { question: &options.question, reports };
        println!("{}", serde_json::to_string(&compared)?);
        return Ok(());
    }
    println!(
        "{:<15} {:>8} {:>8} {:>9} {:>6}  answer",
        "system", "reading", "seconds", "tokens/s", "MiB"
    );
    for report in &reports {
        println!(
            "{:<15} {:>8.2} {:>8.2} {:>9.0} {:>6.1}  {}",
            report.system.name(),
            report.seconds.prefill,
            report.seconds.answering(),
            report.tokens_per_s,
            report.bytes as f64 / f64::from(1 << 20),
            report.answer
        );
    }
    Ok(())
}
