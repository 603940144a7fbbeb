//! What only a browser can tell, for the end-to-end tests: a worker named [`NAME`] runs this
//! instead of serving a page.

use super::host::WorkerHost;
use crate::wire;
use encode::{Config, EncodeDevice, Encoder};
use engine::Host;
use gpu::{Gpu, Prefer};
use lm::{Decoder, Feed, Level, Loader, Manifest, Processor, Scores, Weights};
use serde::Serialize;
use web_sys::DedicatedWorkerGlobalScope;

/// The worker's name that asks for this. The model's folder follows a space.
pub(super) const NAME: &str = "self-test";

/// How far logits on the GPU may be from those on the CPU.
const LOGIT_TOLERANCE: f32 = 0.05;

/// What was found.
#[derive(Default, Serialize)]
struct Findings {
    /// Label and text of every shader variant, for the page to compile.
    shaders: Vec<(String, String)>,
    /// The adapter.
    adapter: String,
    /// What ran Burn's encoders.
    encode: String,
    /// What ran our own pipelines.
    lm: String,
    /// Largest difference between logits here and on the CPU.
    logit_difference: f32,
    /// Why the shared device does not work; empty where it does.
    problem: String,
}

/// Runs Burn and our own pipelines by turns on one wgpu device and posts the findings.
pub(super) async fn run(scope: &DedicatedWorkerGlobalScope, model: &str) {
    let mut findings = Findings { shaders: kernels::shader_variants(), ..Findings::default() };
    if !model.is_empty() {
        findings.problem = match share_device(model, &mut findings).await {
            Ok(()) => String::new(),
            Err(words) => words,
        };
    }
    match wire::to_js(&findings) {
        Ok(message) => {
            if let Err(error) = scope.post_message(&message) {
                web_sys::console::error_1(&error);
            }
        }
        Err(error) => web_sys::console::error_1(&error.to_string().into()),
    }
}

async fn share_device(model: &str, findings: &mut Findings) -> Result<(), String> {
    let weights = load(model).await?;
    let gpu = Gpu::request(Prefer::Fast).await.map_err(words)?;
    findings.adapter = gpu.name();

    // Burn before and after our own work: neither may disturb the other's buffers or queue.
    findings.encode = encode(&weights, &gpu).await?;
    let mut on_gpu =
        Decoder::new(&weights, Processor::Gpu(&gpu, Level::of(&gpu))).await.map_err(words)?;
    findings.lm = on_gpu.backend();
    let width = weights.manifest().row_width();
    let found = forced(&mut on_gpu, width).await?;
    encode(&weights, &gpu).await?;
    let again = forced(&mut on_gpu, width).await?;

    let mut on_cpu = Decoder::new(&weights, Processor::Cpu).await.map_err(words)?;
    let expected = forced(&mut on_cpu, width).await?;
    let difference = |scores: &[Scores]| {
        let pairs = scores.iter().zip(&expected).flat_map(|(a, b)| a.logits.iter().zip(&b.logits));
        // A NaN must count as far off, not vanish in a maximum.
        pairs
            .map(|(a, b)| if (a - b).is_finite() { (a - b).abs() } else { f32::MAX })
            .fold(0.0, f32::max)
    };
    findings.logit_difference = difference(&found).max(difference(&again));
    gpu.check().map_err(words)?;
    if findings.logit_difference > LOGIT_TOLERANCE {
        return Err(format!("the logits differ by {}", findings.logit_difference));
    }
    Ok(())
}

/// Loads the encoders onto the shared device; the encoder's own probe compares it with the CPU.
async fn encode(weights: &Weights, gpu: &Gpu) -> Result<String, String> {
    let manifest = weights.manifest();
    let config = Config::small(manifest.classes.clone(), manifest.colours.clone());
    let tensors = |name: &str| weights.tensor_f32(name);
    let encoder =
        Encoder::load(&tensors, &config, EncodeDevice::WgpuAlways(gpu)).await.map_err(words)?;
    let name = encoder.backend_name().to_owned();
    if name.contains("wgpu") { Ok(name) } else { Err(format!("the encoders ran on {name}")) }
}

async fn forced(decoder: &mut Decoder, width: usize) -> Result<Vec<Scores>, String> {
    let empty = scene::ScenePrefix { width, ..Default::default() };
    decoder.set_prefix(&empty).map_err(words)?;
    while !decoder.prefill_step().await.map_err(words)?.is_complete() {}
    decoder.forced(&[1, 5, 40, 300].map(Feed::Token)).await.map_err(words)
}

async fn load(model: &str) -> Result<Weights, String> {
    let host = WorkerHost::new();
    let folder = format!("quantized-models/{model}");
    let manifest = host.fetch(&format!("{folder}/model.json")).await.map_err(words)?;
    let manifest = Manifest::parse(&manifest).map_err(words)?;
    let files: Vec<String> = manifest.files().map(|file| file.file.clone()).collect();
    let mut loader = Loader::new(manifest);
    for file in files {
        let bytes = host.fetch(&format!("{folder}/{file}")).await.map_err(words)?;
        loader.add(&file, &bytes).map_err(words)?;
    }
    loader.finish().map_err(words)
}

fn words(error: impl std::fmt::Display) -> String {
    error.to_string()
}
