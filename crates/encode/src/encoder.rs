use crate::device::{EncodeDevice, register};
use crate::nets::Nets;
use crate::probe::same_answer;
use crate::{Config, Encoding, Error, Seen, Tensors};
use burn::tensor::Device;
use scene::Scene;
use std::sync::Arc;

/// The scene encoders with their weights, ready to run. Clones share the weights.
#[derive(Clone)]
pub struct Encoder {
    nets: Arc<Nets>,
}

impl Encoder {
    /// Reads the weights `encode.*` by name and puts them on the device. Where a GPU is asked for,
    /// it must first give the CPU's answer on a made-up instance; where it does not, or cannot be
    /// used at all, the CPU is used ([`Encoder::backend_name`] says so).
    ///
    /// # Errors
    /// Where a tensor is missing or of the wrong shape, or the sizes are not this program's.
    pub async fn load(
        tensors: &dyn Tensors,
        config: &Config,
        device: EncodeDevice<'_>,
    ) -> Result<Self, Error> {
        let on_cpu = |name: String| Nets::load(tensors, config, Device::flex(), name);
        let nets = match device.gpu() {
            Err("") => on_cpu("flex (CPU)".into())?,
            Err(reason) => on_cpu(format!("flex (CPU): {reason}"))?,
            Ok(gpu) => {
                let mut cpu = on_cpu("flex (CPU): the GPU gave another answer".into())?;
                match register(gpu) {
                    Ok(device) => {
                        let on_gpu = Nets::load(tensors, config, device, gpu.name())?;
                        if same_answer(&cpu, &on_gpu).await { on_gpu } else { cpu }
                    }
                    Err(error) => {
                        cpu.backend = format!("flex (CPU): {error}");
                        cpu
                    }
                }
            }
        };
        Ok(Self { nets: Arc::new(nets) })
    }

    /// Begins to encode a scene: thins its points for the cameras (some 0.2 ms per thousand
    /// points); the rest is done by [`Encoding::step`]. The scene is not needed any longer.
    ///
    /// `slots`: for each instance of the scene, in its order, the identifier `i` of `<OBJ i>` that
    /// it shall have; without them they are counted from 0.
    ///
    /// # Errors
    /// Where the slots are not one per instance, under [`crate::SLOTS`] and different.
    pub fn start(&self, scene: &Scene, slots: Option<&[u32]>) -> Result<Encoding, Error> {
        Encoding::new(self.nets.clone(), scene, slots, Seen::default())
    }

    /// As [`Encoder::start`], for a scene some of whose objects have changed: of the others, what
    /// was seen before is used again; fusion, relations and the prefix are made anew.
    ///
    /// # Errors
    /// As [`Encoder::start`].
    pub fn start_again(&self, scene: &Scene, seen: Seen) -> Result<Encoding, Error> {
        Encoding::new(self.nets.clone(), scene, None, seen)
    }

    /// What runs the encoders: `flex (CPU)`, with the reason where a GPU was asked for, or
    /// `wgpu (ADAPTER)`.
    pub fn backend_name(&self) -> &str {
        &self.nets.backend
    }

    /// The sizes and names it was loaded with.
    pub fn config(&self) -> &Config {
        &self.nets.config
    }
}
