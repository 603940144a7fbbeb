use crate::Aabb2;
use glam::Vec2;

/// The outline of one room's floor: a simple polygon, its corners counter-clockwise seen from
/// above.
#[derive(Clone, Debug, PartialEq)]
pub struct Polygon {
    corners: Vec<Vec2>,
}

/// Where the floor is: rooms, and the openings in the walls between them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Floor {
    /// One outline per room, along the inner faces of its walls.
    pub rooms: Vec<Polygon>,
    /// Where one can walk through a wall: each rectangle reaches from one room's outline through
    /// the wall's thickness to the next room's.
    pub doorways: Vec<Aabb2>,
}

impl Polygon {
    /// From corners in either turning sense, the last joined to the first. `None` for fewer than
    /// three corners, a corner that is not finite, or no area.
    pub fn new(mut corners: Vec<Vec2>) -> Option<Self> {
        if corners.len() < 3 || corners.iter().any(|corner| !corner.is_finite()) {
            return None;
        }
        // From the first corner, so that a floor far from the origin keeps its digits.
        let first = corners[0];
        let twice_area: f32 =
            corners.windows(2).map(|pair| (pair[0] - first).perp_dot(pair[1] - first)).sum();
        if twice_area < 0.0 {
            corners.reverse();
        }
        (twice_area.abs() > 0.0).then_some(Self { corners })
    }

    /// A rectangular room; `None` where it has no area.
    pub fn rectangle(bounds: Aabb2) -> Option<Self> {
        let Aabb2 { min, max } = bounds;
        if bounds.is_empty() {
            return None;
        }
        Self::new(vec![min, Vec2::new(max.x, min.y), max, Vec2::new(min.x, max.y)])
    }

    /// The corners, counter-clockwise.
    pub fn corners(&self) -> &[Vec2] {
        &self.corners
    }

    /// From each corner to the next; the room lies on the left.
    pub fn edges(&self) -> impl Iterator<Item = (Vec2, Vec2)> + '_ {
        self.corners.iter().copied().zip(self.corners.iter().copied().cycle().skip(1))
    }

    /// Round the corners.
    pub fn bounds(&self) -> Aabb2 {
        Aabb2::of_points(self.corners.iter().copied())
    }

    /// Whether the point lies in the room; on an edge, either may be said.
    pub fn contains(&self, point: Vec2) -> bool {
        self.crossings(point.y).filter(|x| *x > point.x).count() % 2 == 1
    }

    /// Whether the whole rectangle lies in the room; it may touch the edges.
    pub fn contains_box(&self, footprint: &Aabb2) -> bool {
        let inner = footprint.grown(-EDGE_M);
        !inner.is_empty()
            && self.contains(inner.centre())
            && !self.edges().any(|(start, end)| crosses(&inner, start, end))
    }

    /// Where the line at this y crosses the outline, in no particular order: an even number.
    pub(crate) fn crossings(&self, y: f32) -> impl Iterator<Item = f32> + '_ {
        self.edges().filter(move |(start, end)| (start.y > y) != (end.y > y)).map(
            move |(start, end)| start.x + (y - start.y) / (end.y - start.y) * (end.x - start.x),
        )
    }
}

impl Floor {
    /// Round all rooms and doorways; empty where there are none.
    pub fn bounds(&self) -> Aabb2 {
        let rooms = self.rooms.iter().map(Polygon::bounds);
        rooms.chain(self.doorways.iter().copied()).fold(Aabb2::EMPTY, |all, one| all.union(&one))
    }

    /// Whether the whole rectangle lies in one room. A doorway is no place to put things.
    pub fn contains_box(&self, footprint: &Aabb2) -> bool {
        self.rooms.iter().any(|room| room.contains_box(footprint))
    }
}

/// What may stick into a wall: rounding, plaster.
const EDGE_M: f32 = 0.005;

/// Whether the segment passes through the rectangle (Liang and Barsky 1984).
fn crosses(rectangle: &Aabb2, start: Vec2, end: Vec2) -> bool {
    let along = end - start;
    let (mut from, mut to) = (0.0_f32, 1.0_f32);
    for axis in 0..2 {
        if along[axis] == 0.0 {
            if start[axis] <= rectangle.min[axis] || start[axis] >= rectangle.max[axis] {
                return false;
            }
        } else {
            let a = (rectangle.min[axis] - start[axis]) / along[axis];
            let b = (rectangle.max[axis] - start[axis]) / along[axis];
            (from, to) = (from.max(a.min(b)), to.min(a.max(b)));
        }
    }
    from < to
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{ell, rect};

    #[test]
    fn an_l_shaped_room_lacks_its_notch() {
        // 4 m × 3 m without x > 2, y > 1.
        let room = ell();
        assert!(room.contains(Vec2::new(1.0, 2.5)) && room.contains(Vec2::new(3.5, 0.5)));
        assert!(!room.contains(Vec2::new(3.0, 2.0)) && !room.contains(Vec2::new(-0.1, 0.5)));
        assert!(!room.contains(Vec2::NAN));
    }

    #[test]
    fn a_box_must_lie_in_the_room_as_a_whole() {
        let room = ell();
        assert!(room.contains_box(&rect(0.0, 0.0, 2.0, 3.0)), "flush with four walls");
        assert!(!room.contains_box(&rect(1.0, 0.5, 2.5, 1.5)), "over the notch's corner");
        // All four corners lie in the room, the notch's edge passes between them.
        let dent = Polygon::new(
            [[0., 0.], [3., 0.], [3., 2.], [1.6, 2.], [1.6, 1.], [1.4, 1.], [1.4, 2.], [0., 2.]]
                .map(Vec2::from)
                .to_vec(),
        );
        assert!(!dent.unwrap().contains_box(&rect(1.0, 0.5, 2.0, 1.5)));
        assert!(!room.contains_box(&Aabb2::EMPTY));
        assert!(!room.contains_box(&Aabb2 { min: Vec2::NAN, max: Vec2::ONE }));
    }

    #[test]
    fn corners_turn_counter_clockwise_whatever_was_given() {
        let mut clockwise = ell().corners().to_vec();
        clockwise.reverse();
        let turned = Polygon::new(clockwise).unwrap();
        let twice_area: f32 = turned.edges().map(|(a, b)| a.perp_dot(b)).sum();
        assert!((twice_area / 2.0 - 8.0).abs() < 1e-5, "{twice_area}");
    }

    #[test]
    fn no_area_is_no_room() {
        assert!(Polygon::new(vec![]).is_none());
        assert!(Polygon::new(vec![Vec2::ZERO, Vec2::X, 2.0 * Vec2::X]).is_none());
        assert!(Polygon::new(vec![Vec2::ZERO, Vec2::X, Vec2::NAN]).is_none());
        assert!(Polygon::rectangle(Aabb2::EMPTY).is_none());
        assert!(Floor::default().bounds().is_empty());
    }
}
