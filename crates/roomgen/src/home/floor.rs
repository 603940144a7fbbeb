use super::{Home, join};
use crate::room::overlaps;
use glam::{IVec2, Vec2};
use scene::Aabb;

/// Grid step, metres.
const CELL_M: f32 = 0.1;

/// What is lower is stepped over, what is higher is walked under, metres.
const BODY_M: (f32, f32) = (0.15, 1.9);

/// Where in a home a person can be, and from where to where they can walk.
#[derive(Clone, Debug)]
pub struct FloorGrid {
    low: Vec2,
    columns: usize,
    rows: usize,
    /// Of each cell: 0 where nobody fits, else the number of the part it hangs together with.
    parts: Vec<u32>,
}

impl FloorGrid {
    /// For a person of this half width, metres.
    pub fn new(home: &Home, reach_m: f32) -> Self {
        let bounds = join::bounds(home);
        let size = (bounds.size().truncate() / CELL_M).ceil();
        let (columns, rows) = (size.x.max(0.0) as usize, size.y.max(0.0) as usize);
        let mut grid =
            Self { low: bounds.min.truncate(), columns, rows, parts: vec![0; columns * rows] };
        let mut floors: Vec<[Vec2; 2]> =
            home.spaces.iter().flat_map(|space| space.footprint()).collect();
        floors.extend(home.openings.iter().map(|o| [o.hole.min.truncate(), o.hole.max.truncate()]));
        let is_floor = |at: Vec2| {
            floors.iter().any(|[low, high]| at.cmpge(*low).all() && at.cmple(*high).all())
        };
        let corners =
            [Vec2::ZERO, Vec2::ONE, Vec2::NEG_ONE, Vec2::new(1., -1.), Vec2::new(-1., 1.)];
        let mut free = vec![false; columns * rows];
        for (index, is_free) in free.iter_mut().enumerate() {
            let at = grid.middle(index);
            let body =
                Aabb { min: (at - reach_m).extend(BODY_M.0), max: (at + reach_m).extend(BODY_M.1) };
            *is_free = corners.iter().all(|corner| is_floor(at + *corner * reach_m))
                && !home.placed.iter().any(|placed| overlaps(&body, &placed.bounds, 0.0));
        }
        grid.number_parts(&free);
        grid
    }

    fn number_parts(&mut self, free: &[bool]) {
        let mut part = 0;
        let mut open = Vec::new();
        for start in 0..free.len() {
            if !free[start] || self.parts[start] != 0 {
                continue;
            }
            part += 1;
            self.parts[start] = part;
            open.push(start);
            while let Some(cell) = open.pop() {
                let (column, row) = (cell % self.columns, cell / self.columns);
                let beside = [
                    (column > 0).then(|| cell - 1),
                    (column + 1 < self.columns).then(|| cell + 1),
                    (row > 0).then(|| cell - self.columns),
                    (row + 1 < self.rows).then(|| cell + self.columns),
                ];
                for other in beside.into_iter().flatten() {
                    if free[other] && self.parts[other] == 0 {
                        self.parts[other] = part;
                        open.push(other);
                    }
                }
            }
        }
    }

    fn middle(&self, index: usize) -> Vec2 {
        let cell = Vec2::new((index % self.columns) as f32, (index / self.columns) as f32);
        self.low + (cell + 0.5) * CELL_M
    }

    /// The part that this place hangs together with, within a step of `reach_m` metres; `None`
    /// where nobody fits.
    pub fn part_at(&self, at: Vec2, reach_m: f32) -> Option<u32> {
        let cell = ((at - self.low) / CELL_M).floor().as_ivec2();
        let steps = (reach_m / CELL_M).ceil() as i32;
        let near = (-steps..=steps).flat_map(|y| (-steps..=steps).map(move |x| IVec2::new(x, y)));
        let found = near
            .map(|offset| (offset.length_squared(), cell + offset))
            .filter(|(_, c)| {
                (0..self.columns as i32).contains(&c.x) && (0..self.rows as i32).contains(&c.y)
            })
            .map(|(far, c)| (far, self.parts[c.y as usize * self.columns + c.x as usize]))
            .filter(|(_, part)| *part != 0);
        found.min_by_key(|(far, _)| *far).map(|(_, part)| part)
    }

    /// The middles of all cells where a person fits, with their parts.
    pub fn places(&self) -> impl Iterator<Item = (Vec2, u32)> {
        let cells = self.parts.iter().enumerate().filter(|(_, part)| **part != 0);
        cells.map(|(index, part)| (self.middle(index), *part))
    }
}
