//! How fast the language model's engine is, as ratios to what the machine can do: the same code natively and in a browser.
//!
//! What this crate is *not*: no tests of speed, and no peers; `tests/bench` runs those beside it.

mod kernels_alone;
mod machine;
mod model;
mod parity;
mod random;

pub use kernels_alone::{Shape, kernels};
pub use machine::Machine;
pub use model::{Lengths, prefill, speed};
pub use parity::parity;
pub use random::{Preset, random_weights};

use serde::Serialize;

/// One measured figure.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// What was measured.
    pub name: &'static str,
    /// What of it.
    pub metric: String,
    /// The middle of several runs.
    pub value: f64,
    /// Of the value.
    pub unit: &'static str,
    /// What ran it.
    pub backend: String,
}

impl Figure {
    /// A figure.
    pub fn new(
        name: &'static str,
        metric: impl Into<String>,
        value: f64,
        unit: &'static str,
        backend: &str,
    ) -> Self {
        Self { name, metric: metric.into(), value, unit, backend: backend.to_owned() }
    }
}

/// Seconds since some moment.
pub type Clock<'a> = &'a dyn Fn() -> f64;

/// Why something was not measured.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The model could not be run.
    #[error(transparent)]
    Lm(#[from] lm::Error),
    /// An operation could not be run.
    #[error(transparent)]
    Kernels(#[from] kernels::Error),
    /// The GPU failed.
    #[error(transparent)]
    Gpu(#[from] gpu::Error),
    /// What was computed is wrong: its speed is of no interest.
    #[error("{what} differs by {difference} from the plain reading of the same weights")]
    Wrong {
        /// Which operation.
        what: String,
        /// By how much, of values around 1.
        difference: f32,
    },
    /// The reference cannot be read.
    #[error("the parity reference: {0}")]
    Reference(#[from] serde_json::Error),
}

/// What this crate gives.
pub type Result<T> = std::result::Result<T, Error>;

/// Each figure is the middle of so many runs.
const RUNS: usize = 5;

fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}
