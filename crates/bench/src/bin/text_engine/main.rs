//! The language model's engine by itself, for a worker of any page: GGUF files, text to tokens and back, and figures.

#[cfg(target_arch = "wasm32")]
mod browser;

fn main() {}
