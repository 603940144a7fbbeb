//! Puts furniture into an empty room as people do: by what the room is for, against walls, round
//! tables, on top of each other. About one room in seven is laid out oddly on purpose, so that a
//! language model cannot guess from habit.

mod boards;
mod clutter;
mod extras;
mod function_rooms;
mod groups;
mod living;
mod odds;
mod planner;
mod recipes;
mod sizes;
mod stacking;
mod style;
mod surface;
#[cfg(feature = "cli")]
mod table_top;
mod wet_rooms;

pub use planner::Planner;

use crate::assets::{AssetError, Assets};
use crate::rng::Rng;
use crate::room::{Purpose, Room};
use glam::{Vec2, Vec3};
use tasks::suite::Split;

/// How many layouts are odd on purpose.
const ODD: f32 = 0.15;

/// Fewest and most pieces, doors and windows included.
const PIECES: (usize, usize) = (5, 60);

/// How many rooms are full of small things.
const RICH: f32 = 0.08;

/// A furnished room of any kind.
///
/// # Errors
/// A mesh that cannot be read.
pub fn furnish(assets: &Assets, split: Split, rng: &mut Rng) -> Result<Room, AssetError> {
    let purpose = purpose(rng);
    let manner = if rng.chance(ODD) { Manner::Odd } else { Manner::LivedIn };
    furnish_as(assets, split, purpose, manner, rng)
}

/// How strictly a layout keeps to habit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Only what belongs there.
    Tidy,
    /// With a thing or two that nobody would expect there.
    LivedIn,
    /// Anything anywhere.
    Odd,
}

/// A furnished room for one purpose.
///
/// # Errors
/// A mesh that cannot be read.
pub fn furnish_as(
    assets: &Assets,
    split: Split,
    purpose: Purpose,
    manner: Manner,
    rng: &mut Rng,
) -> Result<Room, AssetError> {
    loop {
        let room = empty_room(purpose, rng);
        let target = target(purpose, rng);
        let mut planner = Planner::new(assets, split, room, rng.fork());
        planner.openings()?;
        match manner {
            Manner::Tidy => planner.furnish(target, 0.0)?,
            Manner::LivedIn => planner.furnish(target, 0.25)?,
            Manner::Odd => planner.odd(target)?,
        }
        let room = planner.finish();
        if (PIECES.0..=PIECES.1).contains(&room.placed.len()) {
            return Ok(room);
        }
    }
}

/// How many pieces the room is to have: most often about twenty, seldom many more.
fn target(purpose: Purpose, rng: &mut Rng) -> usize {
    if rng.chance(RICH) {
        return rng.between(40, PIECES.1);
    }
    let usual = if purpose == Purpose::Bath { 15.0 } else { 22.0 };
    (usual + 7.5 * rng.normal()).round().clamp(8.0, 40.0) as usize
}

fn purpose(rng: &mut Rng) -> Purpose {
    // In the order of `Purpose::ALL`.
    let weights = [0.15, 0.18, 0.11, 0.12, 0.13, 0.08, 0.06, 0.06, 0.05, 0.06];
    rng.weighted(&weights).map_or(Purpose::Living, |index| Purpose::ALL[index])
}

fn empty_room(purpose: Purpose, rng: &mut Rng) -> Room {
    let (least, most) = match purpose {
        Purpose::Bath => (2.4, 3.6),
        Purpose::Storage => (2.3, 4.2),
        Purpose::Kitchen | Purpose::Child => (2.8, 4.4),
        Purpose::Bedroom | Purpose::Office | Purpose::Dining => (3.1, 5.0),
        Purpose::Living | Purpose::Studio => (3.6, 6.2),
        Purpose::Meeting => (3.8, 6.4),
    };
    let size = Vec3::new(rng.range(least, most), rng.range(least, most), rng.range(2.4, 3.0));
    let notch = (rng.chance(0.2) && size.x.min(size.y) > 3.6).then(|| {
        Vec2::new(size.x - rng.range(0.8, size.x * 0.4), size.y - rng.range(0.8, size.y * 0.4))
    });
    Room { notch, ..bare_room(purpose, size, rng) }
}

/// Floor, walls and ceiling, of a look of their own.
pub(crate) fn bare_room(purpose: Purpose, size: Vec3, rng: &mut Rng) -> Room {
    Room { purpose, size, notch: None, finish: style::finish(purpose, rng), placed: Vec::new() }
}
