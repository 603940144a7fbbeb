//! Large openings in walls: doorways that stand open, passages, hatches.

use crate::{
    grid::VoxelGrid,
    shell::{Part, Shell, ShellPlane},
};
use glam::{Vec2, Vec3};
use scene::{Aabb, Opening};

/// Walls are hardly thicker, metres.
const THICK_M: f32 = 0.3;
/// Edge of a wall's cells, metres, and in voxels where these are coarser.
const CELL_M: f32 = 0.1;
const CELL_VOXELS: f32 = 2.5;
/// The most cells along a side of a wall; whoever scans more of one gets coarser cells.
const MOST_CELLS: f32 = 1000.0;
/// What stands this near a wall may hide it, metres.
const HIDES_M: f32 = 0.6;
/// What lies so far behind a wall is seen through it, metres.
const BEHIND_M: [f32; 2] = [0.25, 4.0];
/// An opening has at least this area and height, and its width lies between these, metres.
const AREA_M2: f32 = 0.6;
const WIDTH_M: [f32; 2] = [0.5, 3.0];
const HEIGHT_M: f32 = 0.6;
/// At both of its sides, so near, the wall is seen over so much of its height.
const FRAME_M: f32 = 0.3;
const FRAMED: f32 = 0.6;

/// Where a wall is not, nothing stands before or behind it, and the scan goes on beyond. A hole that
/// is merely unseen has nothing behind it.
pub(crate) fn openings(grid: &VoxelGrid, shell: &Shell) -> Vec<Opening> {
    let walls = (1..).zip(&shell.planes).filter(|(_, plane)| plane.part == Part::Wall);
    let mut found: Vec<Opening> = Vec::new();
    for (wall, (label, plane)) in (0..).zip(walls) {
        let own = Face::of(grid, shell, label, plane).map(|face| face.openings(wall));
        for opening in own.into_iter().flatten() {
            // A wall between two rooms has two faces.
            let is_new = |known: &Opening| known.bounds.distance(&opening.bounds) > THICK_M;
            if found.iter().all(is_new) {
                found.push(opening);
            }
        }
    }
    found
}

/// One wall as a raster: columns along it, rows from the floor up.
struct Face<'a> {
    plane: &'a ShellPlane,
    along: Vec2,
    first: f32,
    cell_m: f32,
    columns: usize,
    /// Where the wall is seen.
    wall: Vec<bool>,
    /// Seen beyond, without wall or anything near it.
    open: Vec<bool>,
}

/// Open cells that hang together.
struct Hole {
    cells: usize,
    /// Least and greatest column and row.
    low: [usize; 2],
    high: [usize; 2],
}

impl<'a> Face<'a> {
    fn of(grid: &VoxelGrid, shell: &Shell, label: u8, plane: &'a ShellPlane) -> Option<Self> {
        let along = plane.normal.truncate().perp();
        let on_wall =
            || grid.positions.iter().zip(&shell.plane_of_voxel).filter(|(_, of)| **of == label);
        let limits = |value: &dyn Fn(&Vec3) -> f32| {
            on_wall()
                .map(|(at, _)| value(at))
                .fold((f32::MAX, f32::MIN), |(low, high), value| (low.min(value), high.max(value)))
        };
        let (first, last) = limits(&|at| at.truncate().dot(along));
        let (_, top) = limits(&|at| at.z);
        if first > last || top <= 0.0 {
            return None;
        }
        let longest = (last - first).max(top);
        let cell_m = CELL_M.max(CELL_VOXELS * grid.size).max(longest / MOST_CELLS);
        let columns = ((last - first) / cell_m) as usize + 1;
        let rows = (top / cell_m) as usize + 1;
        let mut beyond = vec![false; columns * rows];
        let mut taken = vec![false; columns * rows];
        let mut wall = vec![false; columns * rows];
        for (voxel, position) in grid.positions.iter().enumerate() {
            let column = (position.truncate().dot(along) - first) / cell_m;
            let row = position.z / cell_m;
            if column < 0.0 || row < 0.0 || column >= columns as f32 || row >= rows as f32 {
                continue;
            }
            let cell = row as usize * columns + column as usize;
            let height = plane.height_of(*position);
            let is_level = matches!(shell.part_of(voxel), Some(Part::Floor | Part::Ceiling));
            let is_own = shell.plane_of_voxel[voxel] == label;
            wall[cell] |= is_own;
            taken[cell] |= is_own || (height.abs() < HIDES_M && !is_level);
            beyond[cell] |= (-BEHIND_M[1]..-BEHIND_M[0]).contains(&height);
        }
        let open = beyond.iter().zip(&taken).map(|(beyond, taken)| *beyond && !taken).collect();
        Some(Self { plane, along, first, cell_m, columns, wall, open })
    }

    fn openings(mut self, wall: usize) -> Vec<Opening> {
        let mut found = Vec::new();
        for start in 0..self.open.len() {
            let hole = self.take_hole(start);
            if self.is_large(&hole) && self.is_framed(&hole) {
                let ends = [hole.low, [hole.high[0] + 1, hole.high[1] + 1]];
                let bounds = Aabb::of_points(ends.map(|end| self.corner(end)));
                found.push(Opening { wall, bounds });
            }
        }
        found
    }

    /// The open cells that hang together with one, which are open no longer.
    fn take_hole(&mut self, start: usize) -> Hole {
        let mut hole = Hole { cells: 0, low: [usize::MAX; 2], high: [0; 2] };
        let mut next = vec![start];
        while let Some(cell) = next.pop() {
            if !self.open.get_mut(cell).is_some_and(std::mem::take) {
                continue;
            }
            let at = [cell % self.columns, cell / self.columns];
            hole.cells += 1;
            for axis in [0, 1] {
                hole.low[axis] = hole.low[axis].min(at[axis]);
                hole.high[axis] = hole.high[axis].max(at[axis]);
            }
            next.push(cell + self.columns);
            next.extend(cell.checked_sub(self.columns));
            next.extend((at[0] > 0).then(|| cell - 1));
            next.extend((at[0] + 1 < self.columns).then_some(cell + 1));
        }
        hole
    }

    fn is_large(&self, hole: &Hole) -> bool {
        let edge_m = |axis: usize| (hole.high[axis] + 1 - hole.low[axis]) as f32 * self.cell_m;
        hole.cells as f32 * self.cell_m * self.cell_m >= AREA_M2
            && (WIDTH_M[0]..=WIDTH_M[1]).contains(&edge_m(0))
            && edge_m(1) >= HEIGHT_M
    }

    /// Where a cell begins, scene frame.
    fn corner(&self, [column, row]: [usize; 2]) -> Vec3 {
        let way = self.first + column as f32 * self.cell_m;
        let foot = self.plane.normal.truncate() * self.plane.offset;
        (foot + self.along * way).extend(row as f32 * self.cell_m)
    }

    /// Whether the wall goes on at both sides: a plane that goes on far away, beyond a room, has its
    /// own end at one side.
    fn is_framed(&self, hole: &Hole) -> bool {
        let Hole { low, high, .. } = *hole;
        let reach = (FRAME_M / self.cell_m).ceil() as usize;
        let share = |columns: std::ops::Range<usize>| {
            let has_wall =
                |row: &usize| columns.clone().any(|column| self.wall[row * self.columns + column]);
            let rows = low[1]..=high[1];
            rows.clone().filter(has_wall).count() as f32 / rows.count().max(1) as f32
        };
        let left = low[0].saturating_sub(reach)..low[0];
        let right = high[0] + 1..(high[0] + 1 + reach).min(self.columns);
        share(left) >= FRAMED && share(right) >= FRAMED
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wall_of_a_thousand_kilometres_needs_no_more_memory() {
        let plane = ShellPlane { part: Part::Wall, normal: Vec3::X, offset: 0.0 };
        let grid = VoxelGrid {
            size: 0.05,
            positions: vec![Vec3::ZERO, Vec3::new(0.0, 1e6, 1e6), Vec3::new(-1.0, 5e5, 5e5)],
            ..VoxelGrid::default()
        };
        let shell = Shell { planes: vec![plane], plane_of_voxel: vec![1, 1, 0] };
        let face = Face::of(&grid, &shell, 1, &shell.planes[0]).unwrap();
        assert!(face.open.len() <= 1001 * 1001);
        assert_eq!(face.open.iter().filter(|open| **open).count(), 1);
        assert!(openings(&grid, &shell).is_empty());
    }
}
