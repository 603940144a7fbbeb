//! Synthetic homes of one to four rooms, scanned and questioned: furniture meshes laid out as
//! people lay them out, a virtual depth camera that walks from room to room, its noisy frames fused to one cloud, and questions
//! whose answers are known.
//!
//! What this crate is *not*: it is no part of the product. Nothing that answers a question
//! depends on it, and nothing it makes besides a scan's points and colours is shown to the system
//! under test. The page's worker makes its surprise rooms with it; without the feature `cli` it is
//! free of disk, threads and meshes.

pub mod assets;
pub mod compare;
#[cfg(feature = "cli")]
pub mod frames;
pub mod home;
pub mod layout;
pub mod paint;
pub mod questions;
pub mod rng;
pub mod room;
#[cfg(feature = "cli")]
pub mod sample;
pub mod scan;
pub mod suite;
#[cfg(feature = "cli")]
pub mod tables;
pub mod truth;
pub mod twin;
