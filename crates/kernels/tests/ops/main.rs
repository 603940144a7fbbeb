//! Every operation on every processor.

mod common;
mod fast;
mod gpu_twins;
