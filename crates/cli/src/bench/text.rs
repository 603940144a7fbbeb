//! A language model of others, from a GGUF file: how fast it is read and run, and whether it says what a float decoder says.

use super::{Figure, RUNS, middle};
use crate::Ended;
use lm::{GgufLoader, Processor, TextModel, TextWeights, Tokenizer};
use pollster::block_on;
use serde::Deserialize;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::time::Instant;

/// Made by `training/scanwise/gguf_goldens.py`.
const PARITY: &str = include_str!("../../../../training/goldens/smollm2_parity.json");

/// Tokens read at once, and tokens written after them, one by one.
const PROMPT: usize = 256;
const WRITTEN: usize = 64;
/// Positions of the cache.
const CONTEXT: usize = 1024;
/// Bytes of a file at a time.
const PIECE: usize = 1 << 20;

#[derive(Deserialize)]
struct Parity {
    cases: Vec<Case>,
}

/// A prompt, and what the reference says after it, greedily.
#[derive(Deserialize)]
struct Case {
    ids: Vec<u32>,
    prompt: String,
    says: Vec<u32>,
}

/// Reads a file in pieces, as a page gets it.
pub(super) fn load(path: &Path) -> Result<TextWeights, Box<dyn std::error::Error>> {
    let named = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let mut file = File::open(path).map_err(|error| named(&error))?;
    let mut loader = GgufLoader::new(CONTEXT);
    let mut piece = vec![0; PIECE];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(loader.finish().map_err(|error| named(&error))?),
            read => loader.push(&piece[..read]).map_err(|error| named(&error))?,
        }
    }
}

/// `lm`: seconds to load, tokens read and written a second.
pub(super) fn speed(path: &Path, processor: Processor<'_>, rows: &mut Vec<Figure>) -> Ended {
    let start = Instant::now();
    let weights = load(path)?;
    let load_s = start.elapsed().as_secs_f64();
    let mut model = block_on(TextModel::new(&weights, processor))?;
    let backend = model.backend();
    let vocab = model.config().vocab as u32;
    // Any tokens cost the same.
    let prompt: Vec<u32> = (0..PROMPT as u32).map(|index| (index * 7919 + 11) % vocab).collect();
    let (mut read, mut written) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        model.forget();
        let start = Instant::now();
        let mut logits = block_on(model.read(&prompt))?;
        read.push(PROMPT as f64 / start.elapsed().as_secs_f64());
        let start = Instant::now();
        for _ in 0..WRITTEN {
            logits = block_on(model.read(&[likeliest(&logits)]))?;
        }
        written.push(WRITTEN as f64 / start.elapsed().as_secs_f64());
    }
    let per_token = weights.bytes() as f64 / 1e6;
    rows.push(Figure::new("lm", "load", load_s, "s", &backend));
    rows.push(Figure::new("lm", "prefill", middle(read), "tokens/s", &backend));
    rows.push(Figure::new("lm", "decode", middle(written), "tokens/s", &backend));
    rows.push(Figure::new("lm", "weights", per_token, "MB", &backend));
    Ok(())
}

/// `parity`: how often, fed what the reference says, the model's likeliest next token is the reference's.
pub(super) fn parity(path: &Path, processor: Processor<'_>, rows: &mut Vec<Figure>) -> Ended {
    let weights = load(path)?;
    let mut model = block_on(TextModel::new(&weights, processor))?;
    let Parity { cases } = serde_json::from_str(PARITY)?;
    let (mut same, mut all, mut cut) = (0, 0, 0);
    for Case { ids, prompt, says } in &cases {
        model.forget();
        cut += usize::from(weights.tokenizer().encode(prompt)? == *ids);
        let mut logits = block_on(model.read(ids))?;
        for (index, token) in says.iter().enumerate() {
            same += usize::from(likeliest(&logits) == *token);
            all += 1;
            if index + 1 < says.len() {
                logits = block_on(model.read(&[*token]))?;
            }
        }
    }
    let backend = model.backend();
    let percent = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
    rows.push(Figure::new("parity", "top1_agreement", percent(same, all), "%", &backend));
    rows.push(Figure::new("parity", "tokens", all as f64, "", &backend));
    rows.push(Figure::new("parity", "prompts_cut_alike", percent(cut, cases.len()), "%", &backend));
    Ok(())
}

fn likeliest(logits: &[f32]) -> u32 {
    let best = logits.iter().enumerate().max_by(|(_, a), (_, b)| a.total_cmp(b));
    best.map_or(0, |(id, _)| id as u32)
}
