//! Cloud to scene: repair (up, unit, yaw), structure, superpoints, instances.
//!
//! [`segment`] does all of it at once; [`Segmentation`] does the same in short steps, so that a
//! worker in a browser can hear "stop" between them. [`with_instances`] keeps the repair and the
//! structure but takes the objects as given, [`Objects::OfFile`] from the file's own columns.
//!
//! The same cloud and options give the same scene on every machine: no threads, no random
//! numbers, no hash order, and transcendental functions from `libm` alone.
//!
//! What this crate is *not*: it reads no files, and trains nothing. The classes it guesses are what a
//! small network takes objects for; a model's encoders know better.

mod adjacency;
mod agglomerate;
mod by_hand;
mod check;
mod contour;
mod contour_net;
mod decals;
mod edit;
mod edit_place;
mod eigen;
mod error;
mod file_objects;
mod finish;
mod found;
mod grid;
mod keymap;
#[cfg(feature = "training")]
pub mod losses;
mod naming;
mod networks;
mod object;
mod objects;
mod openings;
mod options;
mod pair;
mod plane;
mod regions;
mod repair;
mod repeats;
mod select;
mod shape_work;
mod shell;
mod stepper;
mod superpoints;
mod surface;
mod survey;
#[cfg(feature = "training")]
pub mod training;
mod unit;
mod upright;
mod voxel_size;
mod walls;
mod whole;
mod yaw;

pub use edit::{Change, EditError};
pub use error::SegmentError;
pub use file_objects::has_objects;
pub use options::{Objects, Options};
pub use stepper::{Segmentation, Step};
pub use whole::{segment, with_instances};
