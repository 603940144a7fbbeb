use super::{SINK_M, Solid, TOUCH_M};
use crate::{Floor, Surface};
use glam::Vec3;
use scene::Aabb;

/// Nearer than this, a surface is in the way.
const NEAR_M: f32 = 0.01;

/// Whether a box that is to be put there bumps into the object.
pub(super) fn collides(floor: &Floor, bounds: &Aabb, solid: &Solid) -> bool {
    // What rises no higher above the underside is stood on, as a rug is.
    let lifted = Aabb { min: bounds.min + Vec3::Z * SINK_M, max: bounds.max };
    let shared = lifted.intersection(&solid.bounds);
    if !(shared.max - shared.min).cmpgt(Vec3::splat(TOUCH_M)).all() {
        return false;
    }
    match &solid.surface {
        None => true,
        Some(surface) => {
            has_near_point(surface, &lifted) || !comes_out(floor, &lifted, &solid.bounds, surface)
        }
    }
}

fn has_near_point(surface: &Surface, bounds: &Aabb) -> bool {
    let near = Aabb { min: bounds.min - Vec3::new(NEAR_M, NEAR_M, 0.0), max: bounds.max + NEAR_M };
    surface.has_point_in(&near)
}

/// Whether the box leaves the object's box by one straight way, as a chair from under a table or a
/// book out of a shelf; from within an upholstered seat, whose inside no scan sees, none leads.
fn comes_out(floor: &Floor, bounds: &Aabb, object: &Aabb, surface: &Surface) -> bool {
    let size = bounds.size();
    let ways = [
        Vec3::X * (object.max.x - bounds.min.x),
        Vec3::X * (object.min.x - bounds.max.x),
        Vec3::Y * (object.max.y - bounds.min.y),
        Vec3::Y * (object.min.y - bounds.max.y),
        Vec3::Z * (object.max.z - bounds.min.z),
    ];
    ways.into_iter().any(|way| {
        let end = Aabb::from_centre_size(bounds.centre() + way, size);
        !has_near_point(surface, &bounds.union(&end)) && floor.contains_box(&end.into())
    })
}
