//! A virtual RGB-D camera walks a room; its frames are fused to one cloud that knows, for every
//! point, which piece it is of.

mod camera;
mod fuse;
mod raster;
mod sensor;
mod shell;

pub use camera::{Camera, walk};
pub use fuse::{Fused, fuse};
pub use raster::{Frame, Pixel, render};
pub use sensor::Preset;
