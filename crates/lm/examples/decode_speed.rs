//! Speed of the decoder at size S with random weights, on every processor there is:
//! `cargo run --release -p lm --example decode_speed`.

#[path = "../tests/lm/common.rs"]
mod common;

use common::{Size, packed, prefix};
use gpu::{Gpu, Prefer};
use lm::{Decoder, Feed, Processor};
use pollster::block_on;
use std::time::Instant;

const SIZE_S: Size = Size {
    layers: 6,
    width: 256,
    heads: 8,
    kv_heads: 4,
    head_dim: 32,
    ff: 768,
    context: 1024,
    vocab: 12_273,
};
const OBJECTS: usize = 75;
const TOKENS: u32 = 64;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let weights = packed(&SIZE_S, 1);
    let gpus = [Prefer::Fast, Prefer::Software].map(|prefer| block_on(Gpu::request(prefer)));
    println!(
        "{:42} {:>12} {:>14} {:>12}",
        "processor", "prefill r/s", "longest step", "decode t/s"
    );
    measure(&weights, Processor::CpuPlain)?;
    measure(&weights, Processor::Cpu)?;
    let mut measured = Vec::new();
    for gpu in gpus {
        match gpu {
            Ok(gpu) if measured.contains(&gpu.name()) => {}
            Ok(gpu) => {
                measure(&weights, Processor::Gpu(&gpu))?;
                measured.push(gpu.name());
            }
            Err(error) => println!("no GPU: {error}"),
        }
    }
    Ok(())
}

fn measure(weights: &lm::Weights, processor: Processor<'_>) -> lm::Result<()> {
    let mut decoder = block_on(Decoder::new(weights, processor))?;
    let scene = prefix(SIZE_S.width, OBJECTS, 1);
    let (mut rows_per_s, mut longest_ms) = (0.0f64, 0.0f64);
    // The first round compiles pipelines.
    for _ in 0..2 {
        let start = Instant::now();
        let mut progress = decoder.set_prefix(&scene)?;
        longest_ms = 0.0;
        while !progress.is_complete() {
            let step = Instant::now();
            progress = block_on(decoder.prefill_step())?;
            longest_ms = longest_ms.max(step.elapsed().as_secs_f64() * 1e3);
        }
        rows_per_s = progress.total as f64 / start.elapsed().as_secs_f64();
    }
    let feeds: Vec<Feed> = (0..TOKENS).map(Feed::Token).collect();
    block_on(decoder.forced(&feeds[..2]))?;
    let start = Instant::now();
    block_on(decoder.forced(&feeds))?;
    let tokens_per_s = f64::from(TOKENS) / start.elapsed().as_secs_f64();
    let name = decoder.backend();
    println!("{name:42} {rows_per_s:12.0} {longest_ms:11.1} ms {tokens_per_s:12.1}");
    Ok(())
}
