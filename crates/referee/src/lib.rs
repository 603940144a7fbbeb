//! Metrics, baselines and the printed table: what says how good the answers are.
//!
//! ```text
//! Case (truth, facts, questions) + Given (objects of a regime) → System::answer → Reply
//!      → judge → Scores → Row (with a 95 % interval over rooms) → Report
//! ```
//!
//! What this crate is *not*: part of the product. `engine` never depends on it (tested), so that
//! no rule can slip into an answer. It knows no model either: whoever has one implements
//! [`System`].

pub mod baselines;
mod case;
mod judge;
pub mod metrics;
mod report;
mod run;
mod stats;

pub use case::{Case, Given, GivenRoom, Reply, System};
pub use judge::Scores;
pub use report::{Regime, Report, Row, SystemName};
pub use run::{instance_rows, judge};
pub use stats::{Interval, bootstrap};
