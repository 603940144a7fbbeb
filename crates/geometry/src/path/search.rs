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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{boxed, rect};
    use crate::{Floor, Obstacle, Polygon};
    use glam::Vec2;

    /// A pocket that opens towards the start, with an unequal way round on either side.
    fn pocket() -> FreeSpace {
        let room = Polygon::rectangle(rect(0.0, 0.0, 2.0, 1.5)).unwrap();
        let floor = Floor { rooms: vec![room], doorways: Vec::new() };
        let sides = [
            boxed([1.4, 0.3, 0.0], [1.5, 1.1, 1.0]),
            boxed([0.6, 0.3, 0.0], [1.4, 0.4, 1.0]),
            boxed([0.9, 1.0, 0.0], [1.4, 1.1, 1.0]),
        ];
        FreeSpace::of_floor(&floor, sides.map(Obstacle::Box)).unwrap()
    }

    /// Costs to all cells, by going over them until nothing becomes cheaper.
    fn costs_from(space: &FreeSpace, start: usize) -> Vec<u64> {
        let columns = space.grid().columns;
        let free = |cell: usize| space.passes(cell, 0.0);
        let mut costs = vec![u64::MAX; space.grid().len()];
        costs[start] = 0;
        loop {
            let before = costs.clone();
            for cell in (0..costs.len()).filter(|cell| free(*cell)) {
                for (x, y) in [cell - 1, cell + 1]
                    .into_iter()
                    .flat_map(|x| [(x, cell - columns), (x, cell + columns)])
                {
                    let corner = x + y - cell;
                    let straight = costs[x].min(costs[y]).saturating_add(STRAIGHT);
                    let is_open = free(x) && free(y) && free(corner);
                    let diagonal = if is_open { costs[corner] } else { u64::MAX };
                    let cheapest = straight.min(diagonal.saturating_add(DIAGONAL));
                    costs[cell] = costs[cell].min(cheapest);
                }
            }
            if costs == before {
                return costs;
            }
        }
    }

    #[test]
    fn the_way_out_of_a_pocket_is_the_cheapest() {
        let space = pocket();
        let grid = space.grid();
        let start = grid.cell_of(Vec2::new(1.325, 0.725)).unwrap();
        let costs = costs_from(&space, start);
        for goal in (0..costs.len()).filter(|cell| costs[*cell] < u64::MAX) {
            let way = shortest(&space, &[start], &[goal], 0.0).unwrap();
            assert_eq!((way.first(), way.last()), (Some(&start), Some(&goal)));
            let is_straight = |pair: &[usize]| {
                let step = pair[0].abs_diff(pair[1]);
                step == 1 || step == grid.columns
            };
            let cost: u64 =
                way.windows(2).map(|p| if is_straight(p) { STRAIGHT } else { DIAGONAL }).sum();
            assert_eq!(cost, costs[goal], "to {}", grid.centre(goal));
        }
    }

    #[test]
    fn of_several_ends_the_nearest_two() {
        let space = pocket();
        let cell = |x: f32, y: f32| space.grid().cell_of(Vec2::new(x, y)).unwrap();
        let (far, near) = (cell(0.025, 0.025), cell(0.225, 1.225));
        let (goal, beyond) = (cell(0.225, 1.425), cell(1.925, 0.025));
        let way = shortest(&space, &[far, near], &[beyond, goal], 0.0).unwrap();
        assert_eq!(way.len(), 5, "0.2 m in cells of 5 cm");
        assert_eq!((way[0], way[4]), (near, goal));
        assert_eq!(shortest(&space, &[], &[goal], 0.0), None);
        assert_eq!(shortest(&space, &[near], &[], 0.0), None);
    }
}
