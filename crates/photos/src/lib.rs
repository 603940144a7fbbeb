//! Posed photographs of a scan: pose files and pictures become [`views::Photo`]s.
//!
//! ```text
//! let plan = photos::plan(&files)?;                 // names, and the contents of what is text
//! for shot in &plan.shots {
//!     let photo = photos::develop(shot, &bytes_of(shot.file), &scene.scene_from_file)?;
//! }
//! ```
//!
//! Understood are `transforms.json` (as NeRF tools write it), lists of poses (`tx ty tz qx qy qz qw`
//! or a matrix a line, with or without a name or time before them), and a matrix in a file of its own
//! beside each picture; camera to world, in the scan's own frame, x right, y down, z along the view
//! (in `transforms.json` y up and z back). A file whose name says `intrinsic` or `camera` tells the
//! focal lengths and the middle.
//!
//! What this crate is *not*: no file access, no video, no lens distortion, no finding out of poses.

mod camera;
mod develop;
mod error;
mod plan;

pub use camera::{Camera, Intrinsics};
pub use develop::develop;
pub use error::PhotosError;
pub use plan::{Named, Plan, Shot, is_text, plan};
