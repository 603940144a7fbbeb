//! A loaded model: the encoders, the decoder, and what runs them.

use crate::pace::Pace;
use crate::{EngineError, Host, download};
use encode::{Config, EncodeDevice, Encoder};
use gpu::{Gpu, Prefer};
use lm::{Decoder, Feed, Level, Manifest, Processor, Weights};
use protocol::{Backend, BackendChoice, Event, JobId, Phase};
use scene::System;
use std::collections::BTreeMap;
use tasks::prompt::Mark;

/// Everything a question needs.
pub(crate) struct Model {
    pub(crate) name: String,
    pub(crate) bytes: u64,
    pub(crate) encoder: Encoder,
    /// Of the language model and the adapters, for systems that nobody has asked yet.
    weights: Weights,
    /// What the person chose to run it on.
    choice: BackendChoice,
    /// What encoders or language model run on, where that is a GPU, and how our kernels are cut for it.
    device: Option<(Gpu, Level)>,
    /// Whether the language model does.
    is_on_gpu: bool,
    /// How often a device was lost.
    losses: u32,
    decoders: BTreeMap<System, Decoder>,
    /// Those that it was taught.
    pub(crate) marks: BTreeMap<u32, Mark>,
    /// Whether it was taught to remember what was said before.
    pub(crate) talks: bool,
}

impl Model {
    /// Fetches what was not kept of `quantized-models/NAME/` and brings it to its processors.
    pub(crate) async fn load<H: Host>(
        host: &H,
        name: &str,
        choice: BackendChoice,
        pace: &mut Pace<'_, H>,
    ) -> Result<Self, EngineError> {
        let folder = format!("quantized-models/{name}");
        let manifest = Manifest::parse(&host.fetch(&format!("{folder}/model.json")).await?)
            .map_err(EngineError::Model)?;
        let bytes = manifest.bytes();
        pace.step(Phase::Model, 0, Some(bytes)).await?;
        let weights = download::weights(host, &folder, manifest, pace).await?;
        pace.finish(Phase::Model, bytes).await?;

        let device = request_gpu(host, choice).await?;
        let encoder = load_encoder(&weights, device.as_ref().map(|(gpu, _)| gpu)).await?;
        pace.step(Phase::Model, bytes, Some(bytes)).await?;
        let (decoder, is_on_gpu) = load_decoder(host, &weights, device.as_ref(), choice).await?;
        pace.step(Phase::Model, bytes, Some(bytes)).await?;
        let marks = Mark::all()
            .filter(|mark| taught(weights.manifest(), *mark))
            .filter_map(|mark| Some((weights.manifest().special(&mark.name())?, mark)))
            .collect();
        let talks = weights.manifest().knows("talk");
        Ok(Self {
            name: name.to_owned(),
            bytes,
            encoder,
            weights: weights.decoder_only(),
            choice,
            device,
            is_on_gpu,
            losses: 0,
            decoders: BTreeMap::from([(System::Unified, decoder)]),
            marks,
            talks,
        })
    }

    /// The systems that it can be.
    pub(crate) fn systems(&self) -> Vec<System> {
        System::ALL.into_iter().filter(|system| self.weights.knows_system(*system)).collect()
    }

    /// The language model as this system has it; made when it is first asked for.
    pub(crate) async fn decoder(&mut self, system: System) -> Result<&mut Decoder, EngineError> {
        if !self.decoders.contains_key(&system) {
            if !self.weights.knows_system(system) {
                return Err(EngineError::NoSystem(system));
            }
            let device = self.device.as_ref().filter(|_| self.is_on_gpu);
            let processor =
                device.map_or(Processor::Cpu, |(gpu, level)| Processor::Gpu(gpu, *level));
            let decoder = Decoder::of_system(&self.weights, system, processor).await?;
            self.decoders.insert(system, decoder);
        }
        self.decoders.get_mut(&system).ok_or(EngineError::NoSystem(system))
    }

    /// Whether the GPU that it runs on is gone.
    pub(crate) fn has_lost_device(&self) -> bool {
        self.device().is_some_and(|gpu| gpu.faults.lost().is_some())
    }

    /// What it runs on, where that is a GPU.
    pub(crate) fn device(&self) -> Option<&Gpu> {
        self.device.as_ref().map(|(gpu, _)| gpu)
    }

    /// Loads itself again after its GPU was lost, from the files that were kept: where the person wanted it the first time,
    /// on the CPU after the second. What its decoders had read is gone.
    pub(crate) async fn recover<H: Host>(
        &mut self,
        host: &H,
        job: JobId,
        pace: &mut Pace<'_, H>,
    ) -> Result<(), EngineError> {
        let losses = self.losses + 1;
        let is_hopeless = losses >= MOST_LOSSES || !returns(host, pace).await?;
        let choice = if is_hopeless { BackendChoice::Cpu } else { self.choice };
        let mut again = Self::load(host, &self.name, choice, pace).await?;
        (again.losses, again.choice) = (losses, choice);
        *self = again;
        host.emit(Event::DeviceLost { job, losses, backend: self.backend() }, Vec::new());
        Ok(())
    }

    /// What runs where.
    pub(crate) fn backend(&self) -> Backend {
        self.backend_of(System::Unified)
    }

    /// The same for one system.
    pub(crate) fn backend_of(&self, system: System) -> Backend {
        Backend {
            segment: "cpu".to_owned(),
            encode: self.encoder.backend_name().to_owned(),
            lm: self.decoders.get(&system).map(Decoder::backend).unwrap_or_default(),
        }
    }
}

/// A GPU that was lost so often is not tried again until the person asks for it.
const MOST_LOSSES: u32 = 2;
/// A driver that starts anew takes so long at most, seconds.
const RESTART_S: f64 = 3.0;

/// Whether there is a GPU again: a driver, or a browser's own process, needs a moment to start anew.
async fn returns<H: Host>(host: &H, pace: &mut Pace<'_, H>) -> Result<bool, EngineError> {
    let start_s = host.now_s();
    loop {
        if Gpu::request(Prefer::Fast).await.is_ok() {
            return Ok(true);
        }
        if host.now_s() - start_s > RESTART_S {
            return Ok(false);
        }
        pace.step(Phase::Model, 0, None).await?;
        host.yield_now().await;
    }
}

/// The GPU, unless the person wants the CPU. Where the person left the choice, no GPU, or one that computes wrongly, is no
/// error.
async fn request_gpu<H: Host>(
    host: &H,
    choice: BackendChoice,
) -> Result<Option<(Gpu, Level)>, EngineError> {
    if choice == BackendChoice::Cpu {
        return Ok(None);
    }
    match checked_gpu(host).await {
        Err(_) if choice == BackendChoice::Auto => Ok(None),
        checked => checked.map(Some),
    }
}

/// The GPU with what our kernels can be on it: found out once, and kept by what the adapter says of itself.
async fn checked_gpu<H: Host>(host: &H) -> Result<(Gpu, Level), EngineError> {
    let gpu = Gpu::request(Prefer::Fast).await?;
    let about = format!("{} {:?} {} {KERNELS}", gpu.name(), gpu.info.backend, gpu.info.driver_info);
    let kept = host.kept(ADAPTER).await.and_then(|bytes| String::from_utf8(bytes).ok());
    let known = kept.as_deref().and_then(|kept| kept.strip_prefix(&about)?.strip_prefix('\n'));
    if let Some(level) = known.and_then(|name| Level::named(&gpu, name)) {
        return Ok((gpu, level));
    }
    let level = Level::probe(&gpu, &|| host.now_s()).await.map_err(lm::Error::from)?;
    host.keep(ADAPTER, format!("{about}\n{}", level.name()).as_bytes()).await;
    Ok((gpu, level))
}

/// Under which name an adapter's level is kept.
const ADAPTER: &str = "adapter";
/// Changes with our kernels: what was found out about others says nothing.
const KERNELS: u32 = 1;

/// The encoders' configuration as a model's manifest has it.
pub fn encoder_config(manifest: &Manifest) -> Config {
    let sizes = manifest.encode;
    Config {
        width: sizes.width,
        row_width: manifest.row_width(),
        views: sizes.views,
        crops: sizes.crops,
        crop_px: sizes.crop_px,
        patches: sizes.patches,
        patch_points: sizes.patch_points,
        classes: manifest.classes.clone(),
        colours: manifest.colours.clone(),
        systems: manifest.systems.iter().filter_map(|key| System::from_key(key)).collect(),
    }
}

async fn load_encoder(weights: &Weights, gpu: Option<&Gpu>) -> Result<Encoder, EngineError> {
    let config = encoder_config(weights.manifest());
    let device = gpu.map_or(EncodeDevice::Flex, EncodeDevice::Wgpu);
    Ok(Encoder::load(&|name: &str| weights.tensor_f32(name), &config, device).await?)
}

/// Whether the model was taught what this mark opens: of a mark that it never met, its scores say
/// nothing.
fn taught(manifest: &Manifest, mark: Mark) -> bool {
    let writes_boxes = !manifest.systems.is_empty();
    match mark {
        Mark::Path | Mark::PathEnd => manifest.knows("path"),
        Mark::Place | Mark::PlaceEnd => manifest.knows("place"),
        Mark::Loc(_) => ["path", "place"].iter().any(|what| manifest.knows(what)) || writes_boxes,
        Mark::Box | Mark::BoxEnd => writes_boxes,
        Mark::Dist | Mark::DistEnd | Mark::Count | Mark::CountEnd | Mark::Unk => true,
    }
}

/// The decoder on the processor asked for; where none was, on the one that is faster here. And whether
/// that is the GPU.
async fn load_decoder<H: Host>(
    host: &H,
    weights: &Weights,
    device: Option<&(Gpu, Level)>,
    choice: BackendChoice,
) -> Result<(Decoder, bool), EngineError> {
    let Some((gpu, level)) = device else {
        return Ok((Decoder::new(weights, Processor::Cpu).await?, false));
    };
    let on_gpu = Decoder::new(weights, Processor::Gpu(gpu, *level)).await;
    if choice == BackendChoice::Gpu {
        return Ok((on_gpu?, true));
    }
    let mut on_cpu = Decoder::new(weights, Processor::Cpu).await?;
    // A GPU that cannot run the model at all is simply not chosen.
    let Ok(mut on_gpu) = on_gpu else { return Ok((on_cpu, false)) };
    let cpu_s = probe(host, &mut on_cpu).await?;
    match probe(host, &mut on_gpu).await {
        Ok(gpu_s) if gpu_s < cpu_s => Ok((on_gpu, true)),
        _ => Ok((on_cpu, false)),
    }
}

/// Seconds for a few steps of decoding behind an empty scene, pipelines and caches warm.
async fn probe<H: Host>(host: &H, decoder: &mut Decoder) -> Result<f64, EngineError> {
    const STEPS: usize = 4;
    let empty = scene::ScenePrefix { width: decoder.row_width(), ..Default::default() };
    decoder.set_prefix(&empty)?;
    while !decoder.prefill_step().await?.is_complete() {}
    let feeds = [Feed::Token(0); STEPS];
    decoder.forced(&feeds).await?;
    let start_s = host.now_s();
    decoder.forced(&feeds).await?;
    Ok(host.now_s() - start_s)
}
