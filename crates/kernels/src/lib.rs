//! The arithmetic of the language model, written twice: WGSL pipelines in `shaders/` and, for each,
//! a CPU twin of the same name that is its oracle. Both stand behind one trait, [`Ops`], so that
//! the forward pass is written once.
//!
//! What this crate is *not*: a tensor library. It holds the dozen operations a Llama-family decoder
//! needs, in f32 over 4-bit and 8-bit weights, and nothing else.

mod cpu;
mod gpu_ops;
mod layer;
mod ops;
mod pack;
mod packed;
mod shape;
mod toy;

pub use cpu::{CpuMatrix, CpuOps, CpuTensor, Precision, likeliest};
pub use gpu_ops::{
    Choosing, Counts, GpuMatrix, GpuOps, GpuTensor, Level, Plan, Read, Record, STEPS,
    shader_variants,
};
pub use layer::{Block, LayerOps, Norm, SelfAttention};
pub use ops::{Ops, Visible};
pub use pack::{pack_q4, pack_q8, round_q8};
pub use packed::{Dense, GROUP, Packed, Q4, Q8};

pub use toy::{Pack, TOY_ROWS, Toy, ToySize, uniform};

use thiserror::Error;

/// Why an operation was not done.
#[derive(Clone, Debug, Error)]
pub enum Error {
    /// Operands do not fit each other; nothing was computed.
    #[error("{op}: {what}")]
    Shape {
        /// The operation.
        op: &'static str,
        /// Which operand, what it is, what it should be.
        what: String,
    },
    /// More than this processor's limits allow.
    #[error("{op}: {what}")]
    TooLarge {
        /// The operation.
        op: &'static str,
        /// What is too large for what.
        what: String,
    },
    /// A processor computes, but wrongly.
    #[error("{0} computes wrongly: what its kernels give is not what they should")]
    Wrong(String),
    /// The GPU failed or is gone.
    #[error(transparent)]
    Gpu(#[from] gpu::Error),
}

/// What operations give.
pub type Result<T> = std::result::Result<T, Error>;
