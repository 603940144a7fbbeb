use crate::FreeSpace;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Costs are whole numbers, so that equal ways stay equal: a cell's edge, and its diagonal.
const STRAIGHT: u64 = 10_000;
const DIAGONAL: u64 = 14_142;

/// The cheapest way from any of the starts to any of the goals, both ends with it; `goals` must be
/// ascending. A diagonal step needs both cells beside it.
pub(super) fn shortest(
    space: &FreeSpace,
    starts: &[usize],
    goals: &[usize],
    clearance_m: f32,
) -> Option<Vec<usize>> {
    let grid = space.grid();
    let columns = grid.columns;
    let bound = Bound::new(goals, columns)?;
    let mut costs = vec![u64::MAX; grid.len()];
    let mut parents = vec![u32::MAX; grid.len()];
    let mut open = BinaryHeap::new();
    for &start in starts {
        costs[start] = 0;
        parents[start] = start as u32;
        open.push(Reverse((bound.of(start), start)));
    }
    while let Some(Reverse((estimate, cell))) = open.pop() {
        let cost = costs[cell];
        if estimate > cost + bound.of(cell) {
            // A cheaper way to this cell has been followed already.
            continue;
        }
        if goals.binary_search(&cell).is_ok() {
            return Some(way_back(&parents, cell));
        }
        // Cells that pass are free, and the margin is not: no neighbour lies beyond the grid.
        let passes = |next: usize| space.passes(next, clearance_m);
        let [left, right, below, above] = [cell - 1, cell + 1, cell - columns, cell + columns];
        let [to_left, to_right, to_below, to_above] = [left, right, below, above].map(passes);
        let steps = [
            (left, STRAIGHT, to_left),
            (right, STRAIGHT, to_right),
            (below, STRAIGHT, to_below),
            (above, STRAIGHT, to_above),
            (below - 1, DIAGONAL, to_below && to_left && passes(below - 1)),
            (below + 1, DIAGONAL, to_below && to_right && passes(below + 1)),
            (above - 1, DIAGONAL, to_above && to_left && passes(above - 1)),
            (above + 1, DIAGONAL, to_above && to_right && passes(above + 1)),
        ];
        for (next, step, _) in steps.into_iter().filter(|(_, _, is_open)| *is_open) {
            if cost + step < costs[next] {
                costs[next] = cost + step;
                parents[next] = cell as u32;
                open.push(Reverse((cost + step + bound.of(next), next)));
            }
        }
    }
    None
}

fn way_back(parents: &[u32], goal: usize) -> Vec<usize> {
    let mut way = vec![goal];
    let mut cell = goal;
    while parents[cell] as usize != cell {
        cell = parents[cell] as usize;
        way.push(cell);
    }
    way.reverse();
    way
}

/// What the way to the nearest goal costs at least: the octile distance to the rectangle round
/// them.
struct Bound {
    columns: usize,
    min: (usize, usize),
    max: (usize, usize),
}

impl Bound {
    fn new(goals: &[usize], columns: usize) -> Option<Self> {
        let places = || goals.iter().map(|goal| (goal % columns, goal / columns));
        let (x, y) = (|| places().map(|place| place.0), || places().map(|place| place.1));
        let min = (x().min()?, y().min()?);
        let max = (x().max()?, y().max()?);
        Some(Self { columns, min, max })
    }

    fn of(&self, cell: usize) -> u64 {
        let beyond = |at: usize, min: usize, max: usize| {
            (min.saturating_sub(at) + at.saturating_sub(max)) as u64
        };
        let x = beyond(cell % self.columns, self.min.0, self.max.0);
        let y = beyond(cell / self.columns, self.min.1, self.max.1);
        x.min(y) * DIAGONAL + (x.max(y) - x.min(y)) * STRAIGHT
    }
}
