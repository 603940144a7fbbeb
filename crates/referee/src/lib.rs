//! Metrics, baselines and the printed table: what says how good the answers are.
//!
//! ```text
//! Case (truth, facts, questions) + Given (objects of a regime) → System::answer → Reply
//!      → judge → Verdict, one a reply → Judged → Row (with a 95 % interval over rooms) → Report
//! ```
//!
//! What this crate is *not*: part of the product. `engine` never depends on it (tested), so that
//! no rule can slip into an answer. It knows no model either: whoever has one implements
//! [`System`].

pub mod baselines;
mod case;
mod classes;
mod failures;
mod figures;
#[cfg(test)]
mod fixture;
mod found;
mod groups;
mod hard;
mod instances;
mod judged;
mod matching;
pub mod metrics;
mod notes;
mod reply;
mod report;
mod run;
mod stats;
mod verdict;

pub use case::{Case, Given, GivenRoom};
pub use classes::{Named, class_rows};
pub use failures::failures_page;
pub use found::{given_objects, positions_in_room};
pub use hard::{NotAQuestion, parse_hard};
pub use instances::instance_rows;
pub use judged::Judged;
pub use notes::{chance, difference, notes};
pub use reply::{Reply, System};
pub use report::{Regime, Report, Row, SystemName};
pub use run::{judge, judge_one};
pub use stats::{Interval, bootstrap};
pub use verdict::Verdict;
