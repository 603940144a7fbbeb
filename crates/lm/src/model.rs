//! The forward pass on whichever processor was chosen.

use crate::ahead::Ahead;
use crate::forward::{Forward, Input};
use crate::tensors::Tensors;
use crate::{LmConfig, Result};
use kernels::{Choosing, Counts, CpuOps, GpuOps, Level, Precision, Record};

/// Where the decoder runs.
#[derive(Clone, Copy, Debug)]
pub enum Processor<'a> {
    /// SIMD on the CPU.
    Cpu,
    /// The oracle: plain f32 on the CPU, slow.
    CpuPlain,
    /// Our WGSL on this device, cut like this.
    Gpu(&'a gpu::Gpu, Level),
}

pub(crate) enum Model {
    Cpu(Box<Forward<CpuOps>>),
    Gpu(Box<Forward<GpuOps>>, Box<Ahead>),
}

/// Runs the same code on whichever processor the model is.
macro_rules! on_model {
    ($model:expr, $forward:ident => $body:expr) => {
        match $model {
            $crate::model::Model::Cpu($forward) => $body,
            $crate::model::Model::Gpu($forward, _) => $body,
        }
    };
}

pub(crate) use on_model;

impl Model {
    /// Brings `lm.*` of these tensors to the processor. `choosing` is what a GPU is told of tokens.
    pub(crate) async fn new(
        processor: Processor<'_>,
        config: LmConfig,
        tensors: &Tensors,
        choosing: Choosing,
    ) -> Result<Self> {
        let cpu = |precision| {
            Forward::new(CpuOps::new(precision), config, tensors).map(Box::new).map(Self::Cpu)
        };
        let mut model = match processor {
            Processor::Cpu => cpu(Precision::Fast)?,
            Processor::CpuPlain => cpu(Precision::Plain)?,
            Processor::Gpu(gpu, level) => {
                let mut forward = Forward::new(GpuOps::at(gpu, level), config, tensors)?;
                let ahead = Ahead::new(&mut forward, choosing)?;
                Self::Gpu(Box::new(forward), Box::new(ahead))
            }
        };
        // A GPU says only now whether it had room for the weights.
        on_model!(&mut model, forward => forward.finish().await)?;
        Ok(model)
    }

    /// What a GPU was sent and made so far.
    pub(crate) fn counts(&self) -> Option<Counts> {
        match self {
            Self::Gpu(forward, _) => Some(forward.counts()),
            Self::Cpu(_) => None,
        }
    }

    /// Dispatches of a GPU's step, all and those of a layer.
    pub(crate) fn dispatches(&self) -> Option<(usize, usize)> {
        match self {
            Self::Gpu(_, ahead) => Some(ahead.dispatches()),
            Self::Cpu(_) => None,
        }
    }

    /// What computes, as far as results differ by it.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Cpu(_) => "cpu",
            Self::Gpu(..) => "gpu",
        }
    }

    /// Puts the prefix's rows in place; positions count from 0.
    pub(crate) fn start_prefix(&mut self, inputs: &[Input<'_>]) -> Result<()> {
        if let Self::Gpu(_, ahead) = self {
            ahead.forget();
        }
        on_model!(self, forward => forward.start_prefix(inputs))
    }

    /// The final normed hidden state `(d)` and the logits `(V)` after these inputs, of which the first is at `position`.
    pub(crate) async fn causal(
        &mut self,
        inputs: &[Input<'_>],
        position: usize,
    ) -> Result<(Vec<f32>, Vec<f32>)> {
        if let Self::Gpu(forward, ahead) = self {
            if let [input] = inputs {
                let record = ahead.read_alone(forward.ops(), input, position).await?;
                let hidden = record.hidden.to_vec();
                forward.note_step(position);
                return Ok((hidden, forward.step_logits().await?));
            }
            ahead.forget();
        }
        on_model!(self, forward => forward.causal(inputs, position).await)
    }

    /// What a GPU says of the likeliest token after this input, on which it may read on by itself; none on a CPU.
    pub(crate) async fn greedy(
        &mut self,
        input: &Input<'_>,
        position: usize,
    ) -> Result<Option<Record<'_>>> {
        let Self::Gpu(forward, ahead) = self else { return Ok(None) };
        forward.note_step(position);
        ahead.read(forward.ops(), input, position).await.map(Some)
    }

    /// How the position read last attended to each of the first `rows`, as [`Forward::attended`]. `input` was read there: where
    /// a GPU is further by now, it reads it again.
    pub(crate) async fn attended(
        &mut self,
        rows: usize,
        input: &Input<'_>,
        position: usize,
    ) -> Result<Vec<f32>> {
        if let Self::Gpu(forward, ahead) = self
            && ahead.is_beyond()
        {
            ahead.read_alone(forward.ops(), input, position).await?;
        }
        on_model!(self, forward => forward.attended(rows).await)
    }
}
