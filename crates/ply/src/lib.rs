//! PLY files to point clouds and back: streaming, strict on sizes, lenient on text.
//!
//! What this crate is *not*: no mesh reader (faces are skipped), no file access, no guess about
//! what the points mean.
//!
//! Memory is never taken on the word of a header: columns grow with the rows that were really
//! there, a header is at most [`MAX_HEADER_BYTES`] and a line of an ascii body at most
//! [`MAX_ROW_BYTES`] long.

mod added;
mod axes;
mod collect;
mod colour;
mod error;
mod header;
mod layout;
mod mover;
mod reader;
mod rewrite;
mod rewrite_header;
mod rows;
mod scalar;
mod skip;
mod splat;
mod vertex;
mod write;

pub use error::PlyError;
pub use header::{Element, Header, Kind, Property};
pub use reader::{Limits, Progress, Reader, read, read_header};
pub use rewrite::{Appended, Moved, Rewriter, rewrite};
pub use scalar::{Format, Scalar};
pub use write::{WriteOptions, write};

/// The longest header that is read.
pub const MAX_HEADER_BYTES: usize = 64 * 1024;

/// The longest line that is read as a row of points.
pub const MAX_ROW_BYTES: usize = 1024 * 1024;
