//! Files as PyPI's `gguf` writes them, and files that mean harm.

mod golden;
mod hostile;
mod written;
