//! The forward pass on whichever processor was chosen.

use crate::forward::Forward;
use crate::tensors::Tensors;
use crate::{LmConfig, Result};
use kernels::{CpuOps, GpuOps, Precision};

/// Where the decoder runs.
#[derive(Clone, Copy, Debug)]
pub enum Processor<'a> {
    /// SIMD on the CPU.
    Cpu,
    /// The oracle: plain f32 on the CPU, slow.
    CpuPlain,
    /// Our WGSL on this device.
    Gpu(&'a gpu::Gpu),
}

pub(crate) enum Model {
    Cpu(Box<Forward<CpuOps>>),
    Gpu(Box<Forward<GpuOps>>),
}

/// Runs the same code on whichever processor the model is.
macro_rules! on_model {
    ($model:expr, $forward:ident => $body:expr) => {
        match $model {
            $crate::model::Model::Cpu($forward) => $body,
            $crate::model::Model::Gpu($forward) => $body,
        }
    };
}

pub(crate) use on_model;

impl Model {
    /// Brings `lm.*` of these tensors to the processor.
    pub(crate) async fn new(
        processor: Processor<'_>,
        config: LmConfig,
        tensors: &Tensors,
    ) -> Result<Self> {
        let cpu = |precision| {
            Forward::new(CpuOps::new(precision), config, tensors).map(Box::new).map(Self::Cpu)
        };
        let mut model = match processor {
            Processor::Cpu => cpu(Precision::Fast)?,
            Processor::CpuPlain => cpu(Precision::Plain)?,
            Processor::Gpu(gpu) => {
                Self::Gpu(Box::new(Forward::new(GpuOps::new(gpu), config, tensors)?))
            }
        };
        // A GPU says only now whether it had room for the weights.
        on_model!(&mut model, forward => forward.finish().await)?;
        Ok(model)
    }
}
