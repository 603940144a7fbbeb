//! A Llama-family decoder over [`kernels::Ops`]: model folders, tokenizer, forward pass, KV cache,
//! pointer, sampling. Its input is tokens and rows alike, so a scene is read as it is encoded.
//!
//! ```text
//! Manifest::parse(model.json) → Loader::add(file, bytes)… → Loader::finish() → Weights
//! Decoder::new(&weights, Processor::Cpu) → set_prefix → prefill_step… → ask → next… → End
//! ```
//!
//! What this crate is *not*: no I/O (the caller fetches the files), no prompts, no answer grammar
//! (`tasks` has those), no clock.

mod adapter;
mod ahead;
mod boxes;
mod chat;
mod constraint;
pub mod convert;
mod decoder;
mod error;
mod feed;
mod forward;
mod gguf_model;
mod keep;
mod layers;
mod manifest;
mod model;
mod pointer;
mod prefix;
mod random;
mod rows;
mod sample;
mod tensors;
mod text_folder;
mod text_model;
mod tokenizer;
mod utf8;
mod weights;

pub use chat::{Role, Turn};
pub use constraint::{Allowed, Anything, Constraint, Emitted};
pub use decoder::{Decoder, Interrupted};
pub use error::{Error, Result};
pub use feed::{Feed, Piece, Progress, Scores};
pub use gguf_model::{GgufLoader, TextWeights};
pub use kernels::Level;
pub use manifest::{Dtype, EncodeConfig, FileEntry, LmConfig, Manifest, Specials, TensorEntry};
pub use model::Processor;
pub use pointer::View;
pub use sample::{Drawing, Sampling};
pub use text_folder::{PartsEntry, RowsEntry, TextLoader, TextManifest};
pub use text_model::TextModel;
pub use tokenizer::{ByteLevelBpe, Tokenizer};
pub use utf8::Utf8Stream;
pub use weights::{Loader, Weights};
