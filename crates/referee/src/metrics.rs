//! The metrics by themselves, each after the code of the benchmark that it comes from.

pub mod abstention;
pub mod assignment;
pub mod boxes;
pub mod captions;
pub mod dialog;
pub mod instances;
pub mod numbers;
pub mod plan;
pub mod text;
