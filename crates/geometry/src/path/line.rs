use crate::FreeSpace;
use crate::free_space::Grid;
use glam::Vec2;

/// Whether one can walk straight: every cell that the segment crosses is free with that clearance.
pub(super) fn is_clear(space: &FreeSpace, from: Vec2, to: Vec2, clearance_m: f32) -> bool {
    all_crossed(space.grid(), from, to, |cell| space.passes(cell, clearance_m))
}

/// Whether all cells that the segment crosses pass the test, from one end to the other (Amanatides
/// and Woo 1987). Where it passes through a corner between cells, all four must. False where an end
/// lies beyond the grid.
pub(super) fn all_crossed(
    grid: &Grid,
    from: Vec2,
    to: Vec2,
    mut test: impl FnMut(usize) -> bool,
) -> bool {
    let (Some(start), Some(end)) = (grid.place_of(from), grid.place_of(to)) else {
        return false;
    };
    let index = |(column, row): (usize, usize)| row * grid.columns + column;
    let (from, to) = (grid.cells_from_metres(from), grid.cells_from_metres(to));
    let mut x = Axis::new(from.x, to.x, start.0, end.0);
    let mut y = Axis::new(from.y, to.y, start.1, end.1);
    if !test(index(start)) {
        return false;
    }
    while x.is_under_way() || y.is_under_way() {
        let crossing = (x.next, y.next);
        if crossing.0 <= crossing.1 {
            x.step();
        }
        if crossing.1 <= crossing.0 {
            y.step();
        }
        let in_both = crossing.0 == crossing.1;
        let beside = [(x.before, y.at), (x.at, y.before)];
        if in_both && !beside.into_iter().all(|place| test(index(place))) {
            return false;
        }
        if !test(index((x.at, y.at))) {
            return false;
        }
    }
    true
}

/// The walk along one axis.
struct Axis {
    at: usize,
    before: usize,
    end: usize,
    /// Where along the segment, 0..=1, the next cell of this axis begins; infinite at the end.
    next: f32,
    per_cell: f32,
}

impl Axis {
    fn new(from: f32, to: f32, start: usize, end: usize) -> Self {
        let along = to - from;
        let edge = if end > start { start as f32 + 1.0 } else { start as f32 };
        let next = if start == end { f32::INFINITY } else { (edge - from) / along };
        Self { at: start, before: start, end, next, per_cell: 1.0 / along.abs() }
    }

    fn is_under_way(&self) -> bool {
        self.at != self.end
    }

    fn step(&mut self) {
        self.before = self.at;
        // Counting cells, not lengths, so that rounding cannot lead past the end.
        if self.end > self.at {
            self.at += 1;
        } else {
            self.at -= 1;
        }
        self.next = if self.is_under_way() { self.next + self.per_cell } else { f32::INFINITY };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::rect;

    fn crossed(from: [f32; 2], to: [f32; 2]) -> Vec<(usize, usize)> {
        // With its margin 22 columns; the cell of the origin is (1, 1).
        let grid = Grid::new(&rect(0.0, 0.0, 1.0, 1.0)).unwrap();
        let mut cells = Vec::new();
        all_crossed(&grid, Vec2::from(from), Vec2::from(to), |cell| {
            cells.push((cell % grid.columns, cell / grid.columns));
            true
        });
        cells
    }

    #[test]
    fn every_cell_on_the_way_once() {
        // Two cells along x while one along y, past y = 0.05 at x = 0.075.
        assert_eq!(crossed([0.025, 0.03], [0.125, 0.07]), [(1, 1), (2, 1), (2, 2), (3, 2)]);
        assert_eq!(crossed([0.125, 0.07], [0.025, 0.03]), [(3, 2), (2, 2), (2, 1), (1, 1)]);
        assert_eq!(crossed([0.01, 0.01], [0.04, 0.04]), [(1, 1)]);
        // Through the corner of four cells.
        assert_eq!(crossed([0.02, 0.02], [0.07, 0.07]), [(1, 1), (1, 2), (2, 1), (2, 2)]);
        assert_eq!(crossed([0.02, 0.11], [0.02, 0.01]), [(1, 3), (1, 2), (1, 1)]);
    }

    #[test]
    fn a_line_off_the_grid_is_blocked() {
        let grid = Grid::new(&rect(0.0, 0.0, 1.0, 1.0)).unwrap();
        for end in [Vec2::new(3.0, 0.5), Vec2::NAN, Vec2::INFINITY] {
            assert!(!all_crossed(&grid, Vec2::splat(0.5), end, |_| true));
        }
    }
}
