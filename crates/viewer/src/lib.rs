//! The point-cloud view: an orbit camera, round points, lit objects, boxes and measured lines,
//! drawn with three-d on a WebGL2 context that the page owns.
//!
//! What this crate is *not*: no DOM, no events, no fonts. The page turns pointers and keys into
//! [`Gesture`]s and places its own labels where [`Pose::project`] says.
//!
//! Everything but [`View`] is plain arithmetic and runs natively; [`View`] exists where WebGL does.

mod camera;
mod cloud;
mod detail;
#[cfg(target_arch = "wasm32")]
mod gl;
mod lines;
mod marks;
mod order;
mod pick;
mod see_through;
mod shaders;
mod style;

pub use camera::{Gesture, OrbitCamera, Pose, ScreenPoint, Side, Viewport};
pub use cloud::{Cloud, POINT_BUDGET, SMALL_POINT_BUDGET};
pub use detail::Detail;
#[cfg(target_arch = "wasm32")]
pub use gl::{View, ViewError};
pub use lines::{LineVertex, box_edges, segment};
pub use marks::{Mark, Marks, Theme};
pub use order::Order;
pub use pick::{Pick, Shown, pick};
pub use see_through::SeeThrough;
pub use style::{Colouring, Style};
