//! Files as PyPI's `gguf` writes them, and files that mean harm.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may stop at the first surprise")]

mod golden;
mod hostile;
mod written;
