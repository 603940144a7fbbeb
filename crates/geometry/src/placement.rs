//! Whether and where a thing can be put.

mod collision;
mod find;
mod support;
#[cfg(test)]
mod tests;

pub use find::{Search, Spot, find_place};
pub use support::Support;

use crate::{Floor, Surface};
use collision::collides;
use scene::{Aabb, InstanceId};
use support::support_of;

/// One object as far as others can bump into it or rest on it.
pub struct Solid {
    /// Its name in the scene.
    pub id: InstanceId,
    /// Round it.
    pub bounds: Aabb,
    /// Its surface, where its points are known: a table is not in the way of a chair below it. A
    /// point at least every 5 cm; without one, all of the box is taken for solid.
    pub surface: Option<Surface>,
}

/// What a thing can be put into.
#[derive(Clone, Copy)]
pub struct Layout<'a> {
    /// The rooms.
    pub floor: &'a Floor,
    /// Height of the ceiling, where it is known.
    pub ceiling_m: Option<f32>,
    /// What is there already.
    pub objects: &'a [Solid],
}

/// Whether a box can be where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fit {
    /// What it rests on; `None` where it would fall.
    pub support: Option<Support>,
    /// What it bumps into, in the layout's order.
    pub collides_with: Vec<InstanceId>,
    /// Whether it lies within one room and below the ceiling.
    pub inside: bool,
}

impl Fit {
    /// Whether nothing speaks against it.
    pub fn ok(&self) -> bool {
        self.support.is_some() && self.collides_with.is_empty() && self.inside
    }
}

/// Whether a box with level edges can be at its place. Objects of `except`, such as the one that
/// is to be moved, count as absent.
///
/// *Support*: its underside lies within 3 cm of z = 0, or at least 70 % of it within 3 cm of one
/// object's surface. *Collision*: it overlaps an object's box by more than 5 mm along every axis;
/// the lowest 3 cm above its underside do not count, for there it rests. Where the object's surface
/// is known, it must moreover have a point within 1 cm of the box, or close it in: no straight
/// way out, level along x or y or upwards, without a point in the way and with a place in the room
/// at its end. *Inside*: the footprint lies in one room, a few millimetres of wall allowed, and the
/// top below the ceiling.
///
/// An empty box, or one that is not finite, has no support and is not inside.
pub fn fits(layout: &Layout<'_>, bounds: &Aabb, except: &[InstanceId]) -> Fit {
    if bounds.is_empty() || !bounds.min.is_finite() || !bounds.max.is_finite() {
        return Fit { support: None, collides_with: Vec::new(), inside: false };
    }
    let others = || others(layout, except);
    Fit {
        support: support_of(bounds, others()),
        collides_with: others()
            .filter(|solid| collides(layout.floor, bounds, solid))
            .map(|solid| solid.id)
            .collect(),
        inside: is_inside(layout, bounds),
    }
}

fn others<'a>(
    layout: &Layout<'a>,
    except: &'a [InstanceId],
) -> impl Iterator<Item = &'a Solid> + Clone {
    layout.objects.iter().filter(|solid| !except.contains(&solid.id) && !solid.bounds.is_empty())
}

fn is_inside(layout: &Layout<'_>, bounds: &Aabb) -> bool {
    let below_ceiling = layout.ceiling_m.is_none_or(|ceiling| bounds.max.z <= ceiling + TOUCH_M);
    below_ceiling && bounds.min.z >= -SINK_M && layout.floor.contains_box(&(*bounds).into())
}

/// Boxes may overlap by this much: they are drawn round noisy points.
const TOUCH_M: f32 = 0.005;
/// An underside may lie this far above or below what carries it.
const SINK_M: f32 = 0.03;
