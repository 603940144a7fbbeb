//! Ways on foot through the free space.

mod attempt;
mod check;
mod line;
mod search;
mod target;
#[cfg(test)]
mod tests;

pub use attempt::{Attempt, attempt};
pub use check::{Walkable, check};
pub use target::Target;

use crate::FreeSpace;
use glam::Vec2;
use line::is_clear;

/// A way on foot.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// Where it turns, with both ends; one alone where nobody needs to walk.
    pub waypoints: Vec<Vec2>,
    /// Its length.
    pub length_m: f32,
}

/// The shortest way from one place to another that keeps `clearance_m` from everything that is
/// not free: A* (Hart, Nilsson and Raphael 1968) over the cells and their eight neighbours, never
/// between two blocked cells, then pulled taut.
///
/// A point that cannot be stood on is replaced by the nearest cell that can, within 0.6 m and not
/// behind a wall; an object is left and reached anywhere within 0.6 m of its footprint.
///
/// `None` where there is no way, or where an end cannot be reached from the floor.
pub fn shortest_path(
    space: &FreeSpace,
    from: impl Into<Target>,
    to: impl Into<Target>,
    clearance_m: f32,
) -> Option<Path> {
    let (from, to) = (from.into(), to.into());
    let starts = from.ends(space, clearance_m);
    let goals = to.ends(space, clearance_m);
    let cells = search::shortest(space, &starts, &goals, clearance_m)?;
    let grid = space.grid();
    let mut points: Vec<Vec2> = cells.iter().map(|cell| grid.centre(*cell)).collect();
    // A point that can be stood on is meant exactly.
    let exact = |target: Target, cell: Option<&usize>| match target {
        Target::Point(point) => Some(point).filter(|point| grid.cell_of(*point) == cell.copied()),
        Target::Footprint(_) => None,
    };
    let ends = (exact(from, cells.first()), exact(to, cells.last()));
    if let (Some(first), Some(exact)) = (points.first_mut(), ends.0) {
        *first = exact;
    }
    if let (Some(last), Some(exact)) = (points.last_mut(), ends.1) {
        *last = exact;
    }
    if let (Some(start), Some(end), [_]) = (ends.0, ends.1, points.as_slice())
        && start != end
    {
        points = vec![start, end];
    }
    let waypoints = pulled_taut(space, &points, clearance_m);
    Some(Path { length_m: length_m(&waypoints), waypoints })
}

/// Keeps the first point, and from each kept one the last that is seen from it.
fn pulled_taut(space: &FreeSpace, points: &[Vec2], clearance_m: f32) -> Vec<Vec2> {
    let mut kept: Vec<Vec2> = points.first().copied().into_iter().collect();
    let mut at = 0;
    while at + 1 < points.len() {
        let seen = |next: &usize| is_clear(space, points[at], points[*next], clearance_m);
        // The next one is a neighbour.
        at = (at + 2..points.len()).rev().find(seen).unwrap_or(at + 1);
        kept.push(points[at]);
    }
    kept
}

fn length_m(waypoints: &[Vec2]) -> f32 {
    waypoints.windows(2).map(|pair| pair[0].distance(pair[1])).sum()
}
