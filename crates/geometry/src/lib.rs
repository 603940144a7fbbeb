//! Exact questions on a scene: how far, how big, what stands on or beside what.
//!
//! All lengths are metres, all points in the scene frame (z up, floor at z = 0, walls along x and
//! y). The same functions answer for true instances and for found ones.
//!
//! What this crate is *not*: it guesses nothing and knows no words; `tasks` turns words into
//! calls and results into sentences.

mod measure;
mod nearest;
mod pick;
mod relation;
mod room;
mod surface;

pub use measure::{GeometryError, Measurement, centre_distance, distance, noise_m};
pub use pick::{Ranked, of_class, rank_by_distance};
pub use relation::{above, against_wall, inside, near, next_to, on};
pub use room::{RoomSize, room_size};
pub use surface::{Closest, Surface};
