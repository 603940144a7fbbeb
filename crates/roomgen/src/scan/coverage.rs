use super::camera::Camera;
use super::preset::Preset;
use super::raster::Frame;
use crate::home::{Home, Space};
use glam::{UVec3, Vec3};
use scene::Aabb;

/// Edge length of the grid on which is noted what was looked through, metres.
const CELL_M: f32 = 0.25;

/// One ray in so many pixels, across and down, is followed: at 5 m still four to a cell.
const STRIDE: usize = 4;

/// Along a ray, metres.
const STEP_M: f32 = 0.08;

/// At most so many boxes tell what was not seen.
const MOST_BOXES: usize = 12;

/// And none is smaller, cubic metres.
const LEAST_M3: f32 = 0.05;

/// Which parts of a home's air some frame has looked through.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    grids: Vec<Grid>,
}

#[derive(Clone, Debug)]
struct Grid {
    bounds: Aabb,
    cells: UVec3,
    seen: Vec<bool>,
}

impl Coverage {
    /// Nothing is seen yet.
    pub fn new(home: &Home) -> Self {
        Self { grids: home.spaces.iter().map(|space| Grid::new(space.bounds())).collect() }
    }

    /// Notes what this frame looks through. Beyond the sensor's range it sees nothing, not even
    /// that there is nothing.
    pub fn look(&mut self, camera: &Camera, frame: &Frame, preset: &Preset) {
        for row in (0..camera.height).step_by(STRIDE) {
            for column in (0..camera.width).step_by(STRIDE) {
                let depth_m = frame.pixels[row * frame.width + column].depth_m;
                if depth_m > preset.range_m.1 {
                    continue;
                }
                let ray = camera.ray(column, row);
                let length = ray.length();
                let steps = (depth_m * length / STEP_M).ceil().max(1.0);
                for step in 0..steps as usize {
                    let t = depth_m * (step as f32 + 0.9) / steps;
                    self.mark(camera.position + ray * t);
                }
            }
        }
    }

    fn mark(&mut self, at: Vec3) {
        for grid in &mut self.grids {
            if let Some(cell) = grid.cell(at) {
                grid.seen[cell] = true;
            }
        }
    }

    /// Boxes in the home, at most twelve and the largest first, that fill what no frame looked
    /// through. What is inside the box round a scanned piece (`is_scanned`, by index) is that
    /// piece's business.
    pub fn unseen(&self, home: &Home, is_scanned: impl Fn(usize) -> bool) -> Vec<Aabb> {
        let pieces = home.placed.iter().enumerate().filter(|(index, _)| is_scanned(*index));
        let known: Vec<Aabb> = pieces.map(|(_, placed)| placed.bounds).collect();
        let mut unseen: Vec<Vec<bool>> = self
            .grids
            .iter()
            .zip(&home.spaces)
            .map(|(grid, space)| grid.unseen(space, &known))
            .collect();
        let mut boxes = Vec::new();
        while boxes.len() < MOST_BOXES {
            let largest =
                self.grids.iter().zip(&unseen).enumerate().filter_map(|(index, (g, u))| {
                    let (low, high) = g.largest(u)?;
                    Some((g.volume(low, high), index, low, high))
                });
            // The first of equals, so that the order is fixed.
            let found = largest.reduce(|best, next| if next.0 > best.0 { next } else { best });
            let Some((volume, index, low, high)) = found else { break };
            if volume < LEAST_M3 {
                break;
            }
            let grid = &self.grids[index];
            boxes.push(grid.block(low, high));
            for at in cells(low, high) {
                unseen[index][grid.index(at)] = false;
            }
        }
        boxes
    }
}

fn cells(low: UVec3, high: UVec3) -> impl Iterator<Item = UVec3> {
    (low.z..high.z).flat_map(move |z| {
        (low.y..high.y).flat_map(move |y| (low.x..high.x).map(move |x| UVec3::new(x, y, z)))
    })
}

impl Grid {
    fn new(bounds: Aabb) -> Self {
        let cells = (bounds.size() / CELL_M).ceil().max(Vec3::ONE).as_uvec3();
        Self { bounds, cells, seen: vec![false; cells.element_product() as usize] }
    }

    fn index(&self, cell: UVec3) -> usize {
        ((cell.z * self.cells.y + cell.y) * self.cells.x + cell.x) as usize
    }

    fn cell(&self, at: Vec3) -> Option<usize> {
        if !self.bounds.contains(at) {
            return None;
        }
        let cell = ((at - self.bounds.min) / CELL_M).as_uvec3().min(self.cells - 1);
        Some(self.index(cell))
    }

    fn unseen(&self, space: &Space, known: &[Aabb]) -> Vec<bool> {
        let mut unseen = vec![false; self.seen.len()];
        for cell in cells(UVec3::ZERO, self.cells) {
            let middle = self.block(cell, cell + 1).centre();
            let index = self.index(cell);
            unseen[index] = !self.seen[index]
                && space.contains(middle)
                && !known.iter().any(|bounds| bounds.contains(middle));
        }
        unseen
    }

    /// The block of these cells, cut off at the walls.
    fn block(&self, low: UVec3, high: UVec3) -> Aabb {
        Aabb {
            min: self.bounds.min + low.as_vec3() * CELL_M,
            max: (self.bounds.min + high.as_vec3() * CELL_M).min(self.bounds.max),
        }
    }

    fn volume(&self, low: UVec3, high: UVec3) -> f32 {
        self.block(low, high).size().element_product()
    }

    /// The largest block of marked cells: least cell, and the one past the greatest.
    fn largest(&self, marked: &[bool]) -> Option<(UVec3, UVec3)> {
        let (columns, rows) = (self.cells.x as usize, self.cells.y as usize);
        let mut best: Option<(f32, UVec3, UVec3)> = None;
        for bottom in 0..self.cells.z {
            let mut all = vec![true; columns * rows];
            for top in bottom..self.cells.z {
                let layer = top as usize * columns * rows;
                for (all, marked) in all.iter_mut().zip(&marked[layer..]) {
                    *all &= marked;
                }
                let blocks = rectangles(&all, columns).into_iter().map(|(low, high)| {
                    let low = UVec3::new(low[0] as u32, low[1] as u32, bottom);
                    let high = UVec3::new(high[0] as u32, high[1] as u32, top + 1);
                    (self.volume(low, high), low, high)
                });
                for block in blocks {
                    if best.is_none_or(|best| block.0 > best.0) {
                        best = Some(block);
                    }
                }
            }
        }
        best.map(|(_, low, high)| (low, high))
    }
}

/// Rectangles of marked cells that cannot grow to either side or downwards, among them the
/// largest: least cell, and the one past the greatest.
fn rectangles(marked: &[bool], columns: usize) -> Vec<([usize; 2], [usize; 2])> {
    let mut found = Vec::new();
    let mut heights = vec![0; columns];
    for (row, cells) in marked.chunks_exact(columns).enumerate() {
        for (height, &is_marked) in heights.iter_mut().zip(cells) {
            *height = if is_marked { *height + 1 } else { 0 };
        }
        // Bars that still may grow to the right: where they start, and how high they are.
        let mut open: Vec<(usize, usize)> = Vec::new();
        for column in 0..=columns {
            let height = heights.get(column).copied().unwrap_or(0);
            let mut start = column;
            while let Some((from, high)) = open.pop_if(|(_, high)| *high >= height) {
                if high > height {
                    found.push(([from, row + 1 - high], [column, row + 1]));
                }
                start = from;
            }
            if height > 0 {
                open.push((start, height));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_block_is_found_and_cut_at_the_wall() {
        let mut grid = Grid::new(Aabb { min: Vec3::ZERO, max: Vec3::new(1.1, 1.0, 0.5) });
        assert_eq!(grid.cells, UVec3::new(5, 4, 2));
        let mut marked = vec![false; grid.seen.len()];
        for cell in cells(UVec3::new(2, 1, 0), UVec3::new(5, 3, 2)) {
            marked[grid.index(cell)] = true;
        }
        marked[grid.index(UVec3::ZERO)] = true;
        let (low, high) = grid.largest(&marked).unwrap();
        assert_eq!((low, high), (UVec3::new(2, 1, 0), UVec3::new(5, 3, 2)));
        assert!((grid.volume(low, high) - 0.6 * 0.5 * 0.5).abs() < 1e-5);
        marked.fill(false);
        assert!(grid.largest(&marked).is_none());
        let at = Vec3::new(0.3, 0.6, 0.4);
        let cell = grid.cell(at).unwrap();
        grid.seen[cell] = true;
        assert_eq!(cell, grid.index(UVec3::new(1, 2, 1)));
        assert!(grid.cell(Vec3::new(1.2, 0.5, 0.2)).is_none());
    }
}
