//! What the product runs on a CPU: 4-bit and 8-bit weights times 15-bit activations in integers,
//! and attention in one pass, in SIMD of 128 bits (SSE2, NEON, wasm); products in the widest vectors of an x86-64, on all of
//! its threads.

mod attention;
mod lanes;
mod matmul;
mod quantise;
mod threads;
#[cfg(target_arch = "x86_64")]
mod x86;

pub(super) use attention::{Attention, attention_shared};
pub(super) use matmul::matmul;
pub(super) use quantise::Quantised;
