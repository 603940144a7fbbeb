//! The decoder as a whole, in one binary: linking the tokenizer takes longer than all the tests.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests may stop at the first surprise")]

mod common;
mod conversation;
mod convert;
mod faults;
mod folder;
mod gguf;
mod golden;
mod processors;
mod reference;
mod rows;
mod text_folder;
mod tokens;
