//! What JavaScript sees of it.

use bench::{Figure, Lengths, Preset, Shape};
use gpu::{Gpu, Prefer};
use half::f16;
use js_sys::{Reflect, Uint8Array, global};
use kernels::{CpuOps, GpuOps, Level, Ops, Packed, Precision, Q4};
use lm::{GgufLoader, Processor, Role, TextModel, TextWeights, Tokenizer, Turn};
use std::sync::Arc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::{JsError, JsValue, wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStream, ReadableStreamDefaultReader, WorkerGlobalScope};

type Answer<T> = Result<T, JsError>;

/// Seconds since the worker began.
fn now() -> f64 {
    let scope = global().dyn_into::<WorkerGlobalScope>().ok();
    scope.and_then(|scope| scope.performance()).map_or(0.0, |clock| clock.now() / 1e3)
}

/// The GPU, checked, where one is wanted.
async fn device(wants_gpu: bool) -> Answer<Option<(Gpu, Level)>> {
    if !wants_gpu {
        return Ok(None);
    }
    let gpu = Gpu::request(Prefer::Fast).await?;
    let level = Level::probe(&gpu, &now).await?;
    Ok(Some((gpu, level)))
}

fn processor(device: &Option<(Gpu, Level)>) -> Processor<'_> {
    device.as_ref().map_or(Processor::Cpu, |(gpu, level)| Processor::Gpu(gpu, *level))
}

fn as_json(rows: &[Figure]) -> Answer<String> {
    Ok(serde_json::to_string(rows)?)
}

/// A language model and its place on a processor.
#[wasm_bindgen]
pub struct TextEngine {
    weights: TextWeights,
    model: TextModel,
    device: Option<(Gpu, Level)>,
}

#[wasm_bindgen]
impl TextEngine {
    /// From the bytes of a GGUF file, as they come; with room for so many positions.
    pub async fn load(file: ReadableStream, on_gpu: bool, context: usize) -> Answer<TextEngine> {
        let mut loader = GgufLoader::new(context);
        let reader: ReadableStreamDefaultReader = file.get_reader().unchecked_into();
        loop {
            let piece = JsFuture::from(reader.read()).await.map_err(told)?;
            let done = Reflect::get(&piece, &"done".into()).map_err(told)?;
            if done.is_truthy() {
                break;
            }
            let bytes = Reflect::get(&piece, &"value".into()).map_err(told)?;
            loader.push(&bytes.unchecked_into::<Uint8Array>().to_vec())?;
        }
        Self::with(loader.finish()?, on_gpu).await
    }

    /// With made-up weights of the dimensions `135M` or `1B`.
    pub async fn random(dimensions: &str, on_gpu: bool, context: usize) -> Answer<TextEngine> {
        let preset = Preset::named(dimensions)
            .ok_or_else(|| JsError::new("the dimensions are 135M or 1B"))?;
        Self::with(bench::random_weights(preset, context)?, on_gpu).await
    }

    async fn with(weights: TextWeights, on_gpu: bool) -> Answer<TextEngine> {
        let device = device(on_gpu).await?;
        let model = TextModel::new(&weights, processor(&device)).await?;
        Ok(Self { weights, model, device })
    }

    /// What runs it.
    pub fn backend(&self) -> String {
        self.model.backend()
    }

    /// The tokens of a text.
    pub fn encode(&self, text: &str) -> Answer<Vec<u32>> {
        Ok(self.weights.tokenizer().encode(text)?)
    }

    /// The tokens of a question, as the model was taught to be asked.
    pub fn question(&self, text: &str) -> Answer<Vec<u32>> {
        Ok(self.weights.conversation(&[Turn { role: Role::User, text }])?)
    }

    /// The text of tokens.
    pub fn decode(&self, tokens: &[u32]) -> String {
        let bytes = tokens.iter().filter_map(|id| self.weights.tokenizer().bytes_of(*id));
        String::from_utf8_lossy(&bytes.flatten().copied().collect::<Vec<u8>>()).into_owned()
    }

    /// Reads these after what was read: the likeliest token after them.
    pub async fn read(&mut self, tokens: Vec<u32>) -> Answer<u32> {
        let logits = self.model.read(&tokens).await?;
        kernels::likeliest(&logits).ok_or_else(|| JsError::new("a logit is not a number"))
    }

    /// Writes so many tokens after this one, each the likeliest.
    pub async fn write(&mut self, first: u32, count: usize) -> Answer<Vec<u32>> {
        let (mut written, mut token) = (Vec::with_capacity(count), first);
        for _ in 0..count {
            token = self.model.read_greedily(token).await?;
            written.push(token);
        }
        Ok(written)
    }

    /// What was read is forgotten.
    pub fn forget(&mut self) {
        self.model.forget();
    }

    /// Figures, as JSON: `lm`, `prefill` or `parity`.
    pub async fn measure(&self, what: &str, prompt: usize, written: usize) -> Answer<String> {
        let (weights, processor, mut rows) = (&self.weights, processor(&self.device), Vec::new());
        match what {
            "lm" => {
                let lengths = Lengths { prompt, written };
                bench::speed(weights, processor, lengths, &now, &mut rows).await?;
            }
            "prefill" => bench::prefill(weights, processor, &now, &mut rows).await?,
            "parity" => bench::parity(weights, processor, &mut rows).await?,
            _ => return Err(JsError::new("what is measured is lm, prefill or parity")),
        }
        as_json(&rows)
    }
}

#[allow(unreachable_pub, reason = "JavaScript reaches it")]
/// Figures of the kernels by themselves, as JSON, going round so many MiB of weights.
#[wasm_bindgen]
pub async fn kernels_alone(on_gpu: bool, distinct: usize) -> Answer<String> {
    let (device, mut rows) = (device(on_gpu).await?, Vec::new());
    let shapes = &Shape::SQUARES;
    bench::kernels(processor(&device), shapes, distinct << 20, &now, &mut rows).await?;
    as_json(&rows)
}

#[allow(unreachable_pub, reason = "JavaScript reaches it")]
/// A chain of 4-bit products with one row, each of the outputs of the one before, to be compared with somebody else's: the
/// last outputs, and behind them the seconds that a chain took, of `times`. The matrix is square: `words` `(n, n / 8)`,
/// `scales` `(n, n / 32)` in f16.
#[wasm_bindgen]
pub async fn chain(
    on_gpu: bool,
    words: Vec<u32>,
    scales: Vec<u16>,
    x: Vec<f32>,
    links: usize,
    times: usize,
) -> Answer<Vec<f64>> {
    let scales = scales.into_iter().map(f16::from_bits).collect();
    let weight = Arc::new(Packed::Q4(Q4::new(x.len(), x.len(), words, scales)?));
    match device(on_gpu).await? {
        Some((gpu, level)) => timed(GpuOps::at(&gpu, level), &weight, &x, links, times).await,
        None => timed(CpuOps::new(Precision::Fast), &weight, &x, links, times).await,
    }
}

async fn timed<O: Ops>(
    mut ops: O,
    weight: &Arc<Packed>,
    x: &[f32],
    links: usize,
    times: usize,
) -> Answer<Vec<f64>> {
    let matrix = ops.matrix(weight)?;
    let mut input = ops.tensor(1, x.len())?;
    let (mut odd, mut even) = (ops.tensor(1, x.len())?, ops.tensor(1, x.len())?);
    ops.write(&mut input, 0, x)?;
    let mut start = now();
    // The first time, pipelines are made.
    for time in 0..=times {
        if time == 1 {
            ops.finish().await?;
            start = now();
        }
        ops.matmul(&input, &matrix, &mut odd, 0, 1)?;
        for _ in 1..links {
            ops.matmul(&odd, &matrix, &mut even, 0, 1)?;
            std::mem::swap(&mut odd, &mut even);
        }
    }
    ops.finish().await?;
    let seconds = (now() - start) / times.max(1) as f64;
    let outputs = ops.read(&odd, 0, 1).await?;
    Ok(outputs.into_iter().map(f64::from).chain([seconds]).collect())
}

fn told(error: JsValue) -> JsError {
    JsError::new(&format!("the file could not be read: {error:?}"))
}
