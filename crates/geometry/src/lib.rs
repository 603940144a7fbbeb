//! Exact questions on a scene: how far, what stands on or beside what, what lies to one's left,
//! where one can walk and which way, where a thing can be put.
//!
//! All lengths are metres, all points in the scene frame (z up, floor at z = 0, walls along x and
//! y). The same functions answer for true instances and for found ones.
//!
//! What this crate is *not*: it guesses nothing and knows no words; `tasks` turns words into
//! calls and results into sentences.

mod aabb2;
mod floor;
mod free_space;
mod measure;
mod nearest;
mod path;
mod placement;
mod relation;
mod surface;
#[cfg(test)]
mod testing;
mod viewpoint;
mod wall;

pub use aabb2::Aabb2;
pub use floor::{Floor, Polygon};
pub use free_space::{Cell, FreeSpace, FreeSpaceError, Obstacle};
pub use measure::{GeometryError, Measurement, distance, noise_m};
pub use path::{Attempt, Path, Target, Walkable, attempt, check, shortest_path};
pub use placement::{Fit, Layout, Search, Solid, Spot, Support, find_place, fits};
pub use relation::{above, below, between, carried, next_to, on};
pub use surface::{Closest, Surface};
pub use viewpoint::{Side, Viewpoint};
pub use wall::{against_wall, in_corner};
