use crate::{Clock, Figure, Machine, RUNS, Result, middle};
use lm::{Processor, TextModel, TextWeights};

/// How much is read and written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lengths {
    /// Tokens read at once.
    pub prompt: usize,
    /// Tokens written after them, one by one.
    pub written: usize,
}

impl Default for Lengths {
    fn default() -> Self {
        Self { prompt: 256, written: 64 }
    }
}

/// Rows of a scene, and of a question behind them.
const PREFIX: usize = 400;
const QUESTION: usize = 16;

/// Any tokens cost the same.
fn tokens(count: usize, vocab: usize) -> Vec<u32> {
    (0..count).map(|index| ((index * 7919 + 11) % vocab) as u32).collect()
}

/// `lm`: tokens read and written a second; where that leaves the machine; on a GPU, what a token takes.
///
/// # Errors
/// Where the model cannot be run.
pub async fn speed(
    weights: &TextWeights,
    processor: Processor<'_>,
    Lengths { prompt, written }: Lengths,
    now: Clock<'_>,
    rows: &mut Vec<Figure>,
) -> Result<()> {
    let machine = Machine::measure(processor, now).await?;
    let mut model = TextModel::new(weights, processor).await?;
    let vocab = model.config().vocab;
    let prompt = tokens(prompt, vocab);
    let (mut read, mut decoded) = (Vec::new(), Vec::new());
    let mut counts = None;
    for _ in 0..RUNS {
        model.forget();
        let start = now();
        let logits = model.read(&prompt).await?;
        read.push(prompt.len() as f64 / (now() - start));
        let mut token = kernels::likeliest(&logits).unwrap_or(0);
        let before = model.counts();
        let start = now();
        for _ in 0..written {
            token = model.read_greedily(token).await?;
        }
        decoded.push(written as f64 / (now() - start));
        counts = before.zip(model.counts());
    }
    let backend = model.backend();
    let mut add = |metric: &str, value, unit| {
        rows.push(Figure::new("lm", metric, value, unit, &backend));
    };
    let (decoded, bytes) = (middle(decoded), weights.read_bytes() as f64);
    add("prefill", middle(read), "tokens/s");
    add("decode", decoded, "tokens/s");
    add("bytes_per_token", bytes / 1e6, "MB");
    add("bandwidth_share", 100.0 * bytes * decoded / machine.copied, "% of copy");
    if let Some((before, after)) = counts {
        let of_a_token = |count: u64| count as f64 / written as f64;
        let (dispatches, of_a_layer) = model.dispatches().unwrap_or_default();
        add("dispatches_per_token", dispatches as f64, "");
        add("dispatches_per_layer", of_a_layer as f64, "");
        add("sent_per_token", of_a_token(after.dispatches - before.dispatches), "dispatches");
        add("submissions_per_token", of_a_token(after.submissions - before.submissions), "");
        add("made_per_token", of_a_token(after.made - before.made), "objects");
        add("us_per_dispatch", 1e6 / (decoded * dispatches.max(1) as f64), "µs");
    }
    Ok(())
}

/// `prefill`: tokens read a second, by how many are read at once; and how soon a question behind a prefix that is known is
/// answered, against one with its prefix.
///
/// # Errors
/// Where the model cannot be run.
pub async fn prefill(
    weights: &TextWeights,
    processor: Processor<'_>,
    now: Clock<'_>,
    rows: &mut Vec<Figure>,
) -> Result<()> {
    let mut model = TextModel::new(weights, processor).await?;
    let (vocab, backend) = (model.config().vocab, model.backend());
    for count in [16, 64, 256, 512] {
        let prompt = tokens(count, vocab);
        let mut rates = Vec::with_capacity(RUNS);
        for _ in 0..=RUNS {
            model.forget();
            let start = now();
            model.read(&prompt).await?;
            rates.push(count as f64 / (now() - start));
        }
        let rate = middle(rates.split_off(1));
        rows.push(Figure::new("prefill", format!("{count} tokens"), rate, "tokens/s", &backend));
    }
    let (prefix, question) = (tokens(PREFIX, vocab), tokens(QUESTION, vocab));
    let (mut cold, mut again) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        model.forget();
        let start = now();
        model.read(&prefix).await?;
        let logits = model.read(&question).await?;
        model.read_greedily(kernels::likeliest(&logits).unwrap_or(0)).await?;
        cold.push(now() - start);
        model.rewind(PREFIX)?;
        let start = now();
        let logits = model.read(&question).await?;
        model.read_greedily(kernels::likeliest(&logits).unwrap_or(0)).await?;
        again.push(now() - start);
    }
    let (cold, again) = (middle(cold), middle(again));
    let mut add = |metric: &str, value, unit| {
        rows.push(Figure::new("prefill", metric, value, unit, &backend));
    };
    add("first_token_cold", 1e3 * cold, "ms");
    add("first_token_again", 1e3 * again, "ms");
    add("again_share", 100.0 * again / cold, "% of cold");
    Ok(())
}
