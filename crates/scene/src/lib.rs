//! The nouns of Scanwise, in the order in which a scan becomes an answer:
//! [`PointCloud`] → [`Scene`] (of [`Instance`]s) → [`ScenePrefix`] → [`Answer`].
//!
//! What this crate is *not*: no I/O, no algorithms, no maths beyond boxes and similarities.
//!
//! Frames. A [`PointCloud`] straight from a file is in *file* coordinates and units, relative to
//! [`PointCloud::origin`]. A [`Scene`]'s cloud is in the *scene* frame: metres, z up, floor at
//! z = 0, walls along x and y. [`Scene::scene_from_file`] leads from the one to the other.

mod answer;
mod bounds;
mod cloud;
mod edit;
mod frame;
mod instance;
mod locations;
mod prefix;
mod reading;
mod row_boxes;
mod superpoints;
mod system;
mod warning;
mod whole;

pub use answer::{Answer, Measured, Placement, Source, Span, Way};
pub use bounds::{Aabb, OrientedBox, STRAY_SHARE};
pub use cloud::{Column, PointCloud};
pub use edit::Edit;
pub use frame::{Similarity, Unit, UpAxis};
pub use instance::{Instance, InstanceId, LabelGuess};
pub use locations::{BINS, Locations};
pub use prefix::{ObjectRows, PAIR_FEATURES, ScenePrefix, pair_features, pairwise_relations};
pub use reading::Reading;
pub use row_boxes::{BOX_NUMBERS, RowBoxes};
pub use superpoints::Superpoints;
pub use system::System;
pub use warning::Warning;
pub use whole::{Opening, Plane, Scene, Structure};
