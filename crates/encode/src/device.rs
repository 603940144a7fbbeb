use crate::Error;
use burn::tensor::Device;
use burn::tensor::wgpu::WgpuSetup;
use gpu::Gpu;
use gpu::wgpu::Features;

/// Where the encoders are to run.
#[derive(Clone, Copy, Debug)]
pub enum EncodeDevice<'a> {
    /// The CPU, through Burn's `flex`.
    Flex,
    /// The program's own GPU device, where it is a real one that Burn can use; else the CPU.
    /// [`crate::Encoder::backend_name`] says which it was.
    Wgpu(&'a Gpu),
    /// The GPU device even where the CPU would be faster; for tests on software adapters.
    WgpuAlways(&'a Gpu),
}

impl<'a> EncodeDevice<'a> {
    /// The GPU to use, or in words why the CPU is used.
    pub(crate) fn gpu(self) -> Result<&'a Gpu, &'static str> {
        let gpu = match self {
            Self::Flex => return Err(""),
            Self::WgpuAlways(gpu) => return Ok(gpu),
            Self::Wgpu(gpu) => gpu,
        };
        if gpu.is_software() {
            return Err("the adapter is software");
        }
        let offered = gpu.adapter.features();
        if !offered.contains(Features::TIMESTAMP_QUERY) {
            return Err("the adapter has no timestamp-query");
        }
        if !gpu.device.features().contains(offered & gpu::SHARED_FEATURES) {
            return Err("the device lacks features of its adapter");
        }
        Ok(gpu)
    }
}

/// Burn's handle on our device. It shares the queue: what Burn has not flushed is not seen by
/// others, so every step ends with a read.
pub(crate) fn register(gpu: &Gpu) -> Result<Device, Error> {
    let setup = WgpuSetup {
        instance: gpu.instance.clone(),
        adapter: gpu.adapter.clone(),
        device: gpu.device.clone(),
        queue: gpu.queue.clone(),
        backend: gpu.info.backend,
    };
    Device::wgpu_options()
        .setup(setup)
        .init()
        .map_err(|error| Error::Backend { backend: gpu.name(), reason: error.to_string() })
}
