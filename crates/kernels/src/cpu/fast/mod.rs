//! What the product runs on a CPU: 4-bit and 8-bit weights times 15-bit activations in integers,
//! and attention in one pass, all in SIMD of 128 bits (SSE2, NEON, wasm).

mod attention;
mod matmul;
mod quantise;

pub(super) use attention::attention;
pub(super) use matmul::{matmul_q4, matmul_q8};
pub(super) use quantise::Quantised;
