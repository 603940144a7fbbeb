//! A virtual RGB-D camera walks a home; its frames are fused to one cloud that knows, for every
//! point, which piece it is of.

mod camera;
mod coverage;
mod fuse;
mod preset;
mod raster;
mod sensor;
mod shell;
mod walk;
mod worse;

pub use camera::Camera;
pub use coverage::Coverage;
pub use fuse::{Fused, Fusion, fuse};
pub use preset::Preset;
pub use raster::{Frame, Pixel, render};
pub use sensor::{FrameFault, exposed, frame_faults};
pub use walk::walk;
pub use worse::worse;
