//! The session: load, segment, encode, ask, stop. One [`Engine`] holds one model and one scan, and
//! answers one job at a time; a [`Host`] gives it a clock, files, and somewhere to say things.
//!
//! All work is done in steps of some tens of milliseconds. Between two steps the engine reports
//! its progress, lets the host's other messages run, and hears whether the job was stopped.
//!
//! What this crate is *not*: no algorithm of its own, no thread, no clock, no file access, and
//! nothing of the referee's.

mod ask;
mod download;
mod error;
mod export;
mod history;
mod host;
mod inside;
mod model;
mod options;
mod pace;
mod photos;
mod rules;
mod scan;
mod session;
mod summary;

pub use ask::Asked;
pub use error::EngineError;
pub use export::listing;
pub use host::{Album, Canceller, Host, HostError, InMemory, ScanSource};
pub use model::encoder_config;
pub use options::ScanOptions;
pub use pace::Pace;
pub use session::Engine;
