//! Every operation on every processor.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests may stop at the first surprise")]

mod common;
mod fast;
mod gpu_twins;
mod plan;
