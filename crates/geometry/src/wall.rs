//! How boxes lie to the walls of a room. A box belongs to the room that its middle, seen from
//! above, lies in; an empty box to none.

use crate::{Aabb2, Polygon};
use glam::Vec2;
use scene::Aabb;

/// Skirting boards and crooked walls keep things this far off.
const AGAINST_M: f32 = 0.1;
/// A thing in a corner leaves at most this to it.
const CORNER_M: f32 = 0.4;
/// A picture's middle may lie this deep in its wall.
const IN_WALL_M: f32 = 0.05;

/// Whether one side of the box runs along a wall, at most 10 cm away: at least half of the box's
/// length along that wall has the wall beside it.
pub fn against_wall(bounds: &Aabb, room: &Polygon) -> bool {
    let footprint = Aabb2::from(*bounds);
    belongs_to(bounds, room)
        && room.edges().any(|(start, end)| {
            let length = start.distance(end);
            let Some(along) = (end - start).try_normalize() else { return false };
            let (off, _) = range_along(&footprint, along.perp(), start);
            let (from, to) = range_along(&footprint, along, start);
            let beside = to.min(length) - from.max(0.0);
            // Farther past the wall's line, it stands in another arm of the room.
            off.abs() <= AGAINST_M && beside >= 0.5 * (to - from) && beside > 0.0
        })
}

/// Whether the box leaves at most 40 cm to a corner of the room in which two walls meet at less
/// than 180°.
pub fn in_corner(bounds: &Aabb, room: &Polygon) -> bool {
    let footprint = Aabb2::from(*bounds);
    let corners = room.corners();
    let befores = corners.iter().cycle().skip(corners.len() - 1);
    let afters = corners.iter().cycle().skip(1);
    belongs_to(bounds, room)
        && corners.iter().zip(befores).zip(afters).any(|((&corner, &before), &after)| {
            (corner - before).perp_dot(after - corner) > 0.0
                && footprint.nearest(corner).distance(corner) <= CORNER_M
        })
}

fn belongs_to(bounds: &Aabb, room: &Polygon) -> bool {
    let middle = bounds.centre().truncate();
    let to_edge = |(start, end): (Vec2, Vec2)| {
        let along = end - start;
        let t = ((middle - start).dot(along) / along.length_squared()).clamp(0.0, 1.0);
        middle.distance(start + t * along)
    };
    !bounds.is_empty()
        && (room.contains(middle) || room.edges().any(|edge| to_edge(edge) <= IN_WALL_M))
}

/// Where the rectangle begins and ends along a direction, from `origin`.
fn range_along(rectangle: &Aabb2, direction: Vec2, origin: Vec2) -> (f32, f32) {
    let middle = (rectangle.centre() - origin).dot(direction);
    let half = ((rectangle.max - rectangle.min) / 2.0).dot(direction.abs());
    (middle - half, middle + half)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{boxed, ell, rect};
    use glam::Vec3;

    #[test]
    fn a_wardrobe_against_the_wall() {
        let room = Polygon::rectangle(rect(0.0, 0.0, 4.0, 3.0)).unwrap();
        assert!(against_wall(&boxed([1.0, 0.06, 0.0], [2.0, 0.6, 2.0]), &room));
        assert!(!against_wall(&boxed([1.0, 0.2, 0.0], [2.0, 0.8, 2.0]), &room));
        assert!(against_wall(&boxed([3.4, 1.0, 0.0], [4.02, 2.0, 2.0]), &room), "a little in it");
        assert!(against_wall(&boxed([1.0, 2.98, 1.2], [2.0, 3.04, 2.0]), &room), "a picture");
        assert!(!against_wall(&boxed([1.0, -0.8, 0.0], [2.0, -0.05, 2.0]), &room), "next door");
        assert!(!against_wall(&boxed([1.0, -0.09, 1.2], [2.0, -0.06, 2.0]), &room), "its picture");
        assert!(!against_wall(&Aabb::EMPTY, &room) && !in_corner(&Aabb::EMPTY, &room));
        let nan = Aabb { min: Vec3::NAN, max: Vec3::NAN };
        assert!(!against_wall(&nan, &room) && !in_corner(&nan, &room));
    }

    #[test]
    fn only_the_wall_that_is_there_counts() {
        // The L's inner wall at y = 1 runs from x = 2 to x = 4 and bounds the room below it.
        let room = ell();
        assert!(against_wall(&boxed([2.5, 0.4, 0.0], [3.5, 0.95, 1.0]), &room));
        assert!(!against_wall(&boxed([0.5, 0.4, 0.0], [1.5, 0.95, 1.0]), &room), "no wall there");
        assert!(against_wall(&boxed([1.6, 0.4, 0.0], [2.6, 0.95, 1.0]), &room), "60 % of it");
        assert!(!against_wall(&boxed([1.4, 0.4, 0.0], [2.4, 0.95, 1.0]), &room), "40 % of it");
        assert!(!against_wall(&boxed([2.2, 0.2, 0.0], [3.8, 1.7, 1.0]), &room), "through it");
    }

    #[test]
    fn a_plant_in_the_corner() {
        let room = ell();
        let plant =
            |x: f32, y: f32| Aabb::from_centre_size(Vec3::new(x, y, 0.5), Vec3::new(0.4, 0.4, 1.0));
        assert!(in_corner(&plant(0.4, 0.4), &room) && in_corner(&plant(3.7, 0.7), &room));
        // 0.3 m from each wall leaves 0.42 m to the corner.
        assert!(!in_corner(&plant(0.5, 0.5), &room) && !in_corner(&plant(1.0, 0.3), &room));
        assert!(!in_corner(&plant(1.7, 0.7), &room), "at the L's inner corner, which is none");
    }
}
