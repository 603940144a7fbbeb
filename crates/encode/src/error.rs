use thiserror::Error;

/// Why the encoders could not be loaded or could not run.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Error {
    /// The model folder gave no such tensor.
    #[error("the model has no tensor {name}: {reason}")]
    Tensor {
        /// The name asked for.
        name: String,
        /// In the words of whoever holds the tensors.
        reason: String,
    },
    /// A tensor is not as ARCHITECTURE.md has it.
    #[error("tensor {name} is {found:?}, expected {expected:?}")]
    Shape {
        /// The tensor's name.
        name: String,
        /// Its shape in the model.
        found: Vec<usize>,
        /// Its shape in this program.
        expected: Vec<usize>,
    },
    /// The model's sizes are not those that `views` gives.
    #[error(
        "this model is for another version of scanwise: {what} is {found}, expected {expected}"
    )]
    Config {
        /// Which size, by its name in `model.json`.
        what: &'static str,
        /// In the model.
        found: usize,
        /// In this program.
        expected: usize,
    },
    /// The slots given do not name the instances one to one.
    #[error("the slots must be one for each instance, each under {limit} and used once")]
    Slots {
        /// How many identifiers there are.
        limit: usize,
    },
    /// The device did not compute.
    #[error("the encoders could not compute on {backend}: {reason}")]
    Backend {
        /// Where.
        backend: String,
        /// In the backend's words.
        reason: String,
    },
}
