//! Whether a model says what a float decoder on the same weights says.

use crate::{Figure, Result};
use lm::{Processor, TextModel, TextWeights, Tokenizer};
use serde::Deserialize;

/// Made by `training/scanwise/gguf_goldens.py`.
const PARITY: &str = include_str!("../../../training/goldens/smollm2_parity.json");

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

/// `parity`: how often, fed what the reference says, the model's likeliest next token is the reference's.
///
/// # Errors
/// Where the model cannot be run.
pub async fn parity(
    weights: &TextWeights,
    processor: Processor<'_>,
    rows: &mut Vec<Figure>,
) -> Result<()> {
    let mut model = TextModel::new(weights, processor).await?;
    let Parity { cases } = serde_json::from_str(PARITY)?;
    let (mut same, mut all, mut cut) = (0, 0, 0);
    for Case { ids, prompt, says } in &cases {
        model.forget();
        cut += usize::from(weights.tokenizer().encode(prompt)? == *ids);
        let mut logits = model.read(ids).await?;
        for (index, token) in says.iter().enumerate() {
            same += usize::from(kernels::likeliest(&logits) == Some(*token));
            all += 1;
            if index + 1 < says.len() {
                logits = model.read(&[*token]).await?;
            }
        }
    }
    let backend = model.backend();
    let percent = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
    let mut add = |metric: &str, value, unit| {
        rows.push(Figure::new("parity", metric, value, unit, &backend));
    };
    add("top1_agreement", percent(same, all), "%");
    add("tokens", all as f64, "");
    add("prompts_cut_alike", percent(cut, cases.len()), "%");
    Ok(())
}
