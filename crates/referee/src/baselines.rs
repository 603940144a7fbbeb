//! What a model has to be better than.

mod bare;
pub mod euclidean;
pub mod felzenszwalb;
mod majority;
mod program;
mod reader;

pub use bare::Bare;
pub use majority::{Majority, Prior};
pub use program::Program;
pub use reader::{Kind, Reader};
