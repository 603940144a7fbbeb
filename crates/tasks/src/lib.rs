//! Prompts and the answer grammar of the tasks; suites of rooms with questions whose answers are
//! known; colour names.
//!
//! What this crate is *not*: it runs no model and measures nothing itself (`geometry` does).

pub mod colour;
pub mod facts;
pub mod program;
pub mod prompt;
pub mod suite;
pub mod words;
