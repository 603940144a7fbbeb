//! The point-cloud view: an orbit camera, round points, lit objects, boxes and measured lines,
//! drawn with three-d on a WebGL2 context that the page owns.
//!
//! What this crate is *not*: no DOM, no events, no fonts. The page turns pointers and keys into
//! [`Gesture`]s and places its own labels where [`Pose::project`] says.
//!
//! Everything but [`View`] is plain arithmetic and runs natively; [`View`] exists where WebGL does.

mod camera;
mod cloud;
#[cfg(target_arch = "wasm32")]
mod gl;
mod lines;
mod marks;
mod pick;
mod see_through;
mod shaders;

pub use camera::{Gesture, OrbitCamera, Pose, ScreenPoint, Viewport};
pub use cloud::{Cloud, POINT_BUDGET};
#[cfg(target_arch = "wasm32")]
pub use gl::{View, ViewError};
pub use lines::{LineVertex, box_edges, segment};
pub use marks::{Mark, Marks, Theme};
pub use pick::{Pick, pick};
pub use see_through::SeeThrough;
