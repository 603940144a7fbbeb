use super::{CELL_M, Grid, HEAD_M, STEP_M};
use crate::Aabb2;
use glam::{IVec2, Vec2, Vec3};

/// How far beyond the grid an object is looked at: enough to find its outline closed where its
/// back reaches into a wall.
const BEYOND_M: f32 = 1.0;

/// The cells that an object's points take between knee and head, and those that they enclose: a
/// wardrobe taller than a person is hollow at the height of a person.
pub(super) fn shadow(grid: &Grid, points: &[Vec3]) -> Vec<usize> {
    let size = Vec2::new(grid.columns as f32, grid.rows as f32);
    let beyond = BEYOND_M / CELL_M;
    let reach = Aabb2 { min: Vec2::ZERO, max: size }.grown(beyond);
    let places = || {
        points
            .iter()
            .filter(|point| point.z > STEP_M && point.z < HEAD_M)
            .map(|point| grid.cells_from_metres(point.truncate()))
            .filter(|place| reach.contains(*place))
    };
    let bounds = Aabb2::of_points(places());
    if bounds.is_empty() {
        return Vec::new();
    }
    // A cell of margin, so that what lies outside the object is in one piece.
    let first = bounds.min.floor().as_ivec2() - 1;
    let window = bounds.max.floor().as_ivec2() + 2 - first;
    let mut taken = vec![false; (window.x * window.y) as usize];
    for place in places() {
        let at = place.floor().as_ivec2() - first;
        taken[(at.y * window.x + at.x) as usize] = true;
    }
    let outside = outside_of(&taken, window.x as usize);
    let in_grid = |index: usize| {
        let at = first + IVec2::new(index as i32 % window.x, index as i32 / window.x);
        let column = usize::try_from(at.x).ok().filter(|column| *column < grid.columns)?;
        let row = usize::try_from(at.y).ok().filter(|row| *row < grid.rows)?;
        Some(row * grid.columns + column)
    };
    (0..taken.len()).filter(|&index| !outside[index]).filter_map(in_grid).collect()
}

/// The cells that can be reached from the first one, side by side, without crossing taken ones.
fn outside_of(taken: &[bool], width: usize) -> Vec<bool> {
    let mut outside = vec![false; taken.len()];
    let mut open = vec![0];
    while let Some(cell) = open.pop() {
        if taken[cell] || outside[cell] {
            continue;
        }
        outside[cell] = true;
        let column = cell % width;
        let neighbours = [
            (column > 0).then(|| cell - 1),
            (column + 1 < width).then_some(cell + 1),
            cell.checked_sub(width),
            (cell + width < taken.len()).then_some(cell + width),
        ];
        open.extend(neighbours.into_iter().flatten());
    }
    outside
}
