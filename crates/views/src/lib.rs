//! Virtual cameras: what the encoders are shown of each instance of a scene.
//!
//! A scan rarely comes with its photographs ([`Photo`]); without them the views that Inst3D-LMM takes
//! from RGB-D frames are rendered here from the points: candidate cameras stand round the object in the free space
//! of the room, a z-buffer counts the object's own pixels that nothing hides, and the best five
//! are cropped at three levels. Beside the crops an instance gives its points in patches, its
//! extent and its box ([`InstanceInput`]).
//!
//! What this crate is *not*: no model, no image files, no randomness: the same scene gives the
//! same bytes.

mod camera;
mod cells;
mod close;
mod crops;
mod input;
mod layout;
mod looker;
mod own;
mod patches;
mod photo;
mod raster;
mod sight;
mod space;
#[cfg(test)]
mod testing;
mod thin;

pub use input::{
    CENTRE_FEATURES, CROP_CHANNELS, CROP_LEVELS, CROP_PX, EXTENT_FEATURES, InstanceInput,
    PATCH_POINTS, PATCHES, POINT_FEATURES, SHELL_FEATURES, SHELL_POINTS, VIEWS,
};
pub use layout::{LAYOUT_FEATURES, MAX_LAYOUT_ROWS, layout_rows, padded_box};
pub use looker::Looker;
pub use photo::Photo;
