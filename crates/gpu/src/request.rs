use crate::{Error, Faults};

/// Which adapter to ask for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Prefer {
    /// The strongest there is.
    #[default]
    Fast,
    /// The one that draws least power.
    Frugal,
    /// One that computes on the CPU; for tests.
    Software,
}

/// What Burn's runtime uses on a device wherever the *adapter* offers it, whether or not the device
/// was made with it. Encoders and language model share one device, so it is made with all of these
/// that its adapter has; browsers offer `SHADER_F16` alone of them.
pub const SHARED_FEATURES: wgpu::Features = wgpu::Features::SHADER_F16
    .union(wgpu::Features::SHADER_INT64)
    .union(wgpu::Features::SHADER_F64)
    .union(wgpu::Features::SHADER_FLOAT32_ATOMIC)
    .union(wgpu::Features::SUBGROUP);

/// A device, its queue, and where they come from. Clones share the same device.
#[derive(Clone, Debug)]
pub struct Gpu {
    /// Whence the adapter came; Burn wants it too.
    pub instance: wgpu::Instance,
    /// The adapter.
    pub adapter: wgpu::Adapter,
    /// The device, with default WebGPU limits.
    pub device: wgpu::Device,
    /// Its queue.
    pub queue: wgpu::Queue,
    /// Name, driver, kind and backend of the adapter.
    pub info: wgpu::AdapterInfo,
    /// Losses and uncaught errors so far.
    pub faults: Faults,
}

impl Gpu {
    /// Asks for an adapter and a device with exactly the default WebGPU limits (128 MiB bindings,
    /// 8 storage buffers, 256 invocations, 16 KiB of workgroup memory), so that what runs here runs
    /// everywhere. Of the features only [`SHARED_FEATURES`] are taken; `timestamp-query` never, since its mere
    /// presence slowed decoding three times on one stack.
    ///
    /// # Errors
    /// Where there is no adapter, or it gives less than the default limits.
    pub async fn request(prefer: Prefer) -> Result<Self, Error> {
        let mut descriptor = wgpu::InstanceDescriptor::new_without_display_handle();
        descriptor.backends = wgpu::Backends::PRIMARY;
        let instance = wgpu::Instance::new(descriptor);
        let options = wgpu::RequestAdapterOptions {
            power_preference: match prefer {
                Prefer::Fast => wgpu::PowerPreference::HighPerformance,
                Prefer::Frugal => wgpu::PowerPreference::LowPower,
                Prefer::Software => wgpu::PowerPreference::None,
            },
            force_fallback_adapter: prefer == Prefer::Software,
            ..Default::default()
        };
        let adapter = instance
            .request_adapter(&options)
            .await
            .map_err(|error| Error::NoAdapter(error.to_string()))?;
        let info = adapter.get_info();
        let required_limits = wgpu::Limits::default();
        let mut short = None;
        required_limits.check_limits_with_fail_fn(&adapter.limits(), false, |name, want, has| {
            short.get_or_insert(format!("{name} is {has}, needed {want}"));
        });
        if let Some(reason) = short {
            return Err(Error::Limits { adapter: info.name, reason });
        }
        let (device, queue) = adapter
            .request_device(&wgpu::DeviceDescriptor {
                label: Some("scanwise"),
                required_features: adapter.features() & SHARED_FEATURES,
                required_limits,
                ..Default::default()
            })
            .await
            .map_err(|error| Error::NoDevice {
                adapter: info.name.clone(),
                reason: error.to_string(),
            })?;
        let faults = Faults::default();
        faults.watch(&device);
        Ok(Self { instance, adapter, device, queue, info, faults })
    }

    /// Whether the adapter computes on the CPU (lavapipe, SwiftShader, WARP). There barriers cost
    /// most, and the CPU path is usually faster.
    pub fn is_software(&self) -> bool {
        if self.info.device_type == wgpu::DeviceType::Cpu {
            return true;
        }
        // Browsers do not tell the device type; the name and driver do.
        let told = format!("{} {}", self.info.name, self.info.driver).to_lowercase();
        ["swiftshader", "llvmpipe", "lavapipe", "basic render"]
            .iter()
            .any(|software| told.contains(software))
    }

    /// For a person: `wgpu (NAME)`, with `software` where that is so.
    pub fn name(&self) -> String {
        let name = match (self.info.name.as_str(), self.info.driver.as_str()) {
            ("", "") => "unnamed adapter",
            ("", driver) => driver,
            (name, _) => name,
        };
        let software = if self.is_software() { ", software" } else { "" };
        format!("wgpu ({name}{software})")
    }

    /// Fails if the device is lost or has reported an error since the last check.
    ///
    /// # Errors
    /// As [`Faults::check`].
    pub fn check(&self) -> Result<(), Error> {
        self.faults.check()
    }
}
