//! Exact questions on a scene: how far, what stands on or beside what.
//!
//! All lengths are metres, all points in the scene frame (z up, floor at z = 0, walls along x and
//! y). The same functions answer for true instances and for found ones.
//!
//! What this crate is *not*: it guesses nothing and knows no words; `tasks` turns words into
//! calls and results into sentences.

mod measure;
mod nearest;
mod relation;
mod surface;
#[cfg(test)]
mod testing;

pub use measure::{GeometryError, Measurement, distance, noise_m};
pub use relation::{next_to, on};
pub use surface::{Closest, Surface};
