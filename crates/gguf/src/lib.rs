//! A streaming reader of GGUF, the model files of llama.cpp
//! (<https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>): the header once it has come, then tensor after
//! tensor, so that no more than one is held at a time.
//!
//! ```text
//! Reader::push(bytes) → Part::Header → Part::Tensor… → Reader::finish()
//! Kind::dequantise(blocks) → f32
//! ```
//!
//! What this crate is *not*: no arithmetic of a model, no names of one; it does not know what a tensor is for.

mod blocks;
mod cursor;
mod error;
mod header;
mod reader;

pub use blocks::{Kind, Q4_0Block, Q4_1Block, Q8_0Block};
pub use error::{Error, Result};
pub use header::{Header, MAX_HEADER_BYTES, MAX_TENSORS, TensorInfo, Value};
pub use reader::{Part, Reader};
