//! A Llama-family decoder over Ops.
