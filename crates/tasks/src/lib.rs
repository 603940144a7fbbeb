//! Prompts and the answer grammar of the tasks; suites of rooms with questions whose answers are
//! known; programs that compute those answers; colour names.
//!
//! What this crate is *not*: it runs no model and measures nothing itself (`geometry` does).

pub mod answer;
pub mod boxes;
mod chips;
pub mod colour;
pub mod facts;
#[cfg(test)]
mod fixture;
pub mod grammar;
pub mod program;
pub mod prompt;
mod relevance;
pub mod suite;
mod target;
pub mod words;

pub use chips::chips;
pub use relevance::relevant;
pub use target::target;
