use super::FreeSpaceError;
use crate::Aabb2;
use glam::Vec2;
use std::ops::Range;

/// Edge length of a cell.
pub(crate) const CELL_M: f32 = 0.05;
/// Most cells of a grid; 100 m × 100 m.
const MAX_CELLS: usize = 4_000_000;
/// Most cells along one axis; 1 km.
const MAX_SIDE: usize = 20_000;
/// What overlaps a cell by less than this only touches it.
const TOUCH_M: f32 = 0.001;

/// Square cells over a rectangle of the floor plan, row by row, with one cell of margin all round.
#[derive(Clone, Debug)]
pub(crate) struct Grid {
    origin: Vec2,
    pub(crate) columns: usize,
    pub(crate) rows: usize,
}

impl Grid {
    pub(crate) fn new(bounds: &Aabb2) -> Result<Self, FreeSpaceError> {
        if bounds.is_empty() {
            return Err(FreeSpaceError::NoArea);
        }
        let counts = ((bounds.max - bounds.min - TOUCH_M) / CELL_M).ceil().max(Vec2::ONE) + 2.0;
        // An infinite extent becomes the greatest number.
        let [columns, rows] = counts.to_array().map(|count| count as usize);
        if columns.max(rows) > MAX_SIDE || columns * rows > MAX_CELLS {
            return Err(FreeSpaceError::TooLarge);
        }
        Ok(Self { origin: bounds.min - CELL_M, columns, rows })
    }

    pub(crate) fn len(&self) -> usize {
        self.columns * self.rows
    }

    /// Column and row of the cell that holds the point.
    pub(crate) fn place_of(&self, point: Vec2) -> Option<(usize, usize)> {
        let place = (point - self.origin) / CELL_M;
        let inside = place.cmpge(Vec2::ZERO).all()
            && place.cmplt(Vec2::new(self.columns as f32, self.rows as f32)).all();
        inside.then_some((place.x as usize, place.y as usize))
    }

    /// Index of the cell that holds the point.
    pub(crate) fn cell_of(&self, point: Vec2) -> Option<usize> {
        self.place_of(point).map(|(column, row)| row * self.columns + column)
    }

    /// The middle of a cell.
    pub(crate) fn centre(&self, cell: usize) -> Vec2 {
        let place = Vec2::new((cell % self.columns) as f32, (cell / self.columns) as f32);
        self.origin + (place + 0.5) * CELL_M
    }

    /// Where a coordinate lies, in cells.
    pub(crate) fn cells_from_metres(&self, point: Vec2) -> Vec2 {
        (point - self.origin) / CELL_M
    }

    /// The cells that overlap the rectangle, margin left out, row by row.
    pub(crate) fn overlapped(&self, rectangle: &Aabb2) -> impl Iterator<Item = usize> + use<> {
        let inner = rectangle.grown(-TOUCH_M);
        let (low, high) = (self.cells_from_metres(inner.min), self.cells_from_metres(inner.max));
        let rows = between(low.y, high.y, self.rows);
        let columns = between(low.x, high.x, self.columns);
        let width = self.columns;
        rows.flat_map(move |row| columns.clone().map(move |column| row * width + column))
    }
}

/// The cells from `low` to `high` along one axis, margin left out. Empty where `low` does not lie
/// below `high`.
fn between(low: f32, high: f32, count: usize) -> Range<usize> {
    if low < high {
        // The casts saturate.
        (low.floor() as usize).max(1)..(high.ceil() as usize).min(count - 1)
    } else {
        0..0
    }
}
