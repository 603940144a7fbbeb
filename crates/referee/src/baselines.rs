//! What a model has to be better than.

pub mod euclidean;
mod majority;
mod program;
mod reader;

pub use majority::{Majority, Prior};
pub use program::Program;
pub use reader::{Kind, Reader};
