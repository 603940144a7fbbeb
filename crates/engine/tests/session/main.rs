//! The session from a file's bytes to an answer: the shipped model on the CPU, on a host of the
//! tests' own.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod answers;
mod bad_questions;
mod bad_scans;
mod common;
mod damaged_models;
mod downloads;
mod edits;
mod kept;
mod losses;
mod photos;
mod progress;
mod replaced;
mod stop;
mod systems;
mod talk;
mod ugly;
