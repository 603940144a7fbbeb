use super::line::all_crossed;
use crate::free_space::CELL_M;
use crate::{Aabb2, FreeSpace};
use glam::Vec2;

/// Where a walk begins or ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    /// A place on the floor.
    Point(Vec2),
    /// The footprint of an object.
    Footprint(Aabb2),
}

/// As far as this from an object, one has reached it.
pub(super) const REACH_M: f32 = 0.6;

impl From<Vec2> for Target {
    fn from(point: Vec2) -> Self {
        Self::Point(point)
    }
}

impl From<Aabb2> for Target {
    fn from(footprint: Aabb2) -> Self {
        Self::Footprint(footprint)
    }
}

impl Target {
    fn footprint(&self) -> Aabb2 {
        match *self {
            Self::Point(point) => Aabb2 { min: point, max: point },
            Self::Footprint(footprint) => footprint,
        }
    }

    /// Whether who stands there has reached the target: within 0.6 m of it in plan, no wall or
    /// unknown ground between.
    pub fn is_reached_from(&self, space: &FreeSpace, at: Vec2) -> bool {
        let footprint = self.footprint();
        let nearest = footprint.nearest(at);
        let distance_m = nearest.distance(at);
        if footprint.is_empty() || distance_m > REACH_M {
            return false;
        }
        // The thing itself may hang on a wall, so its own edge does not count.
        let short_of = (distance_m - EDGE_M).max(0.0);
        let end = at + (nearest - at).normalize_or_zero() * short_of;
        all_crossed(space.grid(), at, end, |cell| !space.is_unknown(cell))
    }

    /// The cells at which a walk to the target may end, ascending: of a footprint all from which it
    /// is reached, of a point its own cell or else the nearest.
    pub(super) fn ends(&self, space: &FreeSpace, clearance_m: f32) -> Vec<usize> {
        let grid = space.grid();
        let footprint = self.footprint();
        if footprint.is_empty() {
            return Vec::new();
        }
        if let Self::Point(point) = *self
            && let Some(cell) = grid.cell_of(point)
            && space.passes(cell, clearance_m)
        {
            return vec![cell];
        }
        let mut within: Vec<usize> = grid
            .overlapped(&footprint.grown(REACH_M))
            .filter(|&cell| space.passes(cell, clearance_m))
            .filter(|&cell| self.is_reached_from(space, grid.centre(cell)))
            .collect();
        if let Self::Point(point) = *self {
            let from_point = |cell: &usize| grid.centre(*cell).distance_squared(point);
            let nearest =
                within.iter().copied().min_by(|a, b| from_point(a).total_cmp(&from_point(b)));
            within = nearest.into_iter().collect();
        }
        within
    }
}

/// Wider than a cell's diagonal.
const EDGE_M: f32 = 1.5 * CELL_M;
