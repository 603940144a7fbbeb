//! Where a person can stand: a grid over the floor plan, made from what is known
//! ([`FreeSpace::of_floor`]) or from what was scanned ([`FreeSpace::of_scan`]).

mod distance;
mod grid;
mod scan;
mod shadow;
mod truth;

pub(crate) use grid::{CELL_M, Grid};
pub use truth::Obstacle;

use distance::squared_distances;
use glam::Vec2;
use thiserror::Error;

/// People step over what is lower.
const STEP_M: f32 = 0.15;
/// People pass below what is higher.
const HEAD_M: f32 = 1.8;

/// The floor plan in cells of 5 cm. At most four million of them, which take 5 bytes each, and no
/// more than 20 while they are made or a way is looked for: 80 MB; a home of 10 m × 10 m takes
/// 40,000 cells.
#[derive(Clone, Debug)]
pub struct FreeSpace {
    grid: Grid,
    cells: Vec<Cell>,
    /// Per cell, metres.
    clearance: Vec<f32>,
}

/// What a cell of the floor plan is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Floor, and nothing between 0.15 m and 1.8 m above it.
    Free,
    /// Something stands or hangs there.
    Occupied,
    /// Outside the rooms, in a wall, or not seen.
    Unknown,
}

/// Why there is no grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum FreeSpaceError {
    /// The floor's bounds hold nothing, or an end is not a number.
    #[error("there is no floor to walk on")]
    NoArea,
    /// More than four million cells would be needed, or more than 20,000 along one axis.
    #[error("the floor is too large to look for ways on it: over 10,000 square metres or 1 km")]
    TooLarge,
}

impl FreeSpace {
    fn new(grid: Grid, cells: Vec<Cell>) -> Self {
        let blocked: Vec<bool> = cells.iter().map(|cell| *cell != Cell::Free).collect();
        let squared = squared_distances(grid.columns, &blocked);
        // From the middle of a free cell to the edge of the nearest one that is not.
        let metres = |squared: f32| (squared.sqrt() - 0.5).max(0.0) * CELL_M;
        let clearance = squared.into_iter().map(metres).collect();
        Self { grid, cells, clearance }
    }

    /// What is at a point; unknown beyond the grid.
    pub fn cell(&self, at: Vec2) -> Cell {
        self.grid.cell_of(at).map_or(Cell::Unknown, |cell| self.cells[cell])
    }

    /// Distance from the cell that holds the point to the nearest cell that is not free, metres:
    /// from middle to middle, less half a cell. Zero where the cell is not free itself.
    pub fn clearance_m(&self, at: Vec2) -> f32 {
        self.grid.cell_of(at).map_or(0.0, |cell| self.clearance[cell])
    }

    /// The floor that is free, square metres.
    pub fn free_area_m2(&self) -> f32 {
        let free = self.cells.iter().filter(|cell| **cell == Cell::Free).count();
        free as f32 * CELL_M * CELL_M
    }

    pub(crate) fn grid(&self) -> &Grid {
        &self.grid
    }

    /// Whether the cell is free and far enough from what is not.
    pub(crate) fn passes(&self, cell: usize, clearance_m: f32) -> bool {
        self.cells[cell] == Cell::Free && self.clearance[cell] >= clearance_m - ROUNDING_M
    }

    pub(crate) fn is_unknown(&self, cell: usize) -> bool {
        self.cells[cell] == Cell::Unknown
    }
}

/// So that a clearance of a whole number of cells is what it says.
const ROUNDING_M: f32 = 1e-4;
