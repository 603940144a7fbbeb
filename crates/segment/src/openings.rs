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
        let cell_m = CELL_M.max(CELL_VOXELS * grid.size);
        if first > last || top <= 0.0 {
            return None;
        }
        let columns = ((last - first) / cell_m) as usize + 1;
        let rows = (top / cell_m) as usize + 1;
        let mut beyond = vec![false; columns * rows];
        let mut taken = vec![false; columns * rows];
        let mut wall = vec![false; columns * rows];
        for (position, &of) in grid.positions.iter().zip(&shell.plane_of_voxel) {
            let column = (position.truncate().dot(along) - first) / cell_m;
            let row = position.z / cell_m;
            if column < 0.0 || row < 0.0 || column >= columns as f32 || row >= rows as f32 {
                continue;
            }
            let cell = row as usize * columns + column as usize;
            let height = plane.height_of(*position);
            let is_level = shell
                .planes
                .get(usize::from(of).wrapping_sub(1))
                .is_some_and(|plane| matches!(plane.part, Part::Floor | Part::Ceiling));
            wall[cell] |= of == label;
            taken[cell] |= of == label || (height.abs() < HIDES_M && !is_level);
            beyond[cell] |= (-BEHIND_M[1]..-BEHIND_M[0]).contains(&height);
        }
        let open = beyond.iter().zip(&taken).map(|(beyond, taken)| *beyond && !taken).collect();
        Some(Self { plane, along, first, cell_m, columns, wall, open })
    }

    fn openings(mut self, wall: usize) -> Vec<Opening> {
        let mut found = Vec::new();
        while let Some(start) = self.open.iter().position(|open| *open) {
            let (mut cells, mut next) = (0, vec![start]);
            let (mut low, mut high) = ([usize::MAX; 2], [0; 2]);
            self.open[start] = false;
            while let Some(cell) = next.pop() {
                let at = [cell % self.columns, cell / self.columns];
                cells += 1;
                for axis in [0, 1] {
                    low[axis] = low[axis].min(at[axis]);
                    high[axis] = high[axis].max(at[axis]);
                }
                let right = (at[0] + 1 < self.columns).then_some(cell + 1);
                let left = (at[0] > 0).then(|| cell - 1);
                let around =
                    [right, left, cell.checked_sub(self.columns), Some(cell + self.columns)];
                for near in around.into_iter().flatten() {
                    if self.open.get(near).copied().unwrap_or(false) {
                        self.open[near] = false;
                        next.push(near);
                    }
                }
            }
            let size = [0, 1].map(|axis| (high[axis] - low[axis] + 1) as f32 * self.cell_m);
            let area_m2 = cells as f32 * self.cell_m * self.cell_m;
            let is_large = area_m2 >= AREA_M2
                && (WIDTH_M[0]..=WIDTH_M[1]).contains(&size[0])
                && size[1] >= HEIGHT_M;
            if is_large && self.is_framed(low, high) {
                let corner = |column: usize, row: usize| {
                    let way = self.first + column as f32 * self.cell_m;
                    let foot = self.plane.normal.truncate() * self.plane.offset;
                    (foot + self.along * way).extend(row as f32 * self.cell_m)
                };
                let corners = [corner(low[0], low[1]), corner(high[0] + 1, high[1] + 1)];
                found.push(Opening { wall, bounds: Aabb::of_points(corners) });
            }
        }
        found
    }

    /// Whether the wall goes on at both sides: a plane that goes on far away, beyond a room, has its
    /// own end at one side.
    fn is_framed(&self, low: [usize; 2], high: [usize; 2]) -> bool {
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
