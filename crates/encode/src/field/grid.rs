use super::layer::{Adam, Learned};
use fastrand::Rng;
use std::collections::BTreeMap;

/// Edges of the cells, metres; all grow alike where a scene would need too many.
const CELLS_M: [f32; 3] = [1.0, 0.5, 0.25];
/// Learned features of a vertex.
const EACH: usize = 8;
/// Most vertices of the finest.
const MOST: f32 = 200_000.0;
/// Of all levels.
pub(super) const FEATURES: usize = CELLS_M.len() * EACH;
const CORNERS: usize = 8;

/// Grids of learned features over a box.
#[derive(Clone, Debug)]
pub(super) struct Grid {
    low: [f32; 3],
    levels: Vec<Level>,
}

#[derive(Clone, Debug)]
struct Level {
    cell: f32,
    /// Vertices along each axis, at least 2.
    size: [usize; 3],
    /// (vertices, EACH)
    values: Vec<Learned>,
}

/// What some points were told, and by which vertices.
pub(super) struct Known {
    /// (n, FEATURES)
    pub(super) features: Vec<f32>,
    /// (n, levels, 8) vertices and their shares.
    corners: Vec<(usize, f32)>,
}

impl Grid {
    /// Over the box round some points, which are finite.
    pub(super) fn round(points: impl Iterator<Item = [f32; 3]>, rng: &mut Rng) -> Self {
        let (mut low, mut high) = ([f32::INFINITY; 3], [f32::NEG_INFINITY; 3]);
        for point in points {
            for axis in 0..3 {
                low[axis] = low[axis].min(point[axis]);
                high[axis] = high[axis].max(point[axis]);
            }
        }
        let extent = [0, 1, 2].map(|axis| (high[axis] - low[axis]).max(0.0));
        let finest = CELLS_M[CELLS_M.len() - 1];
        let vertices: f32 = extent.iter().map(|edge| edge / finest + 2.0).product();
        let grown = (vertices / MOST).cbrt().max(1.0);
        let level = |cell: f32| {
            let cell = cell * grown;
            let size = extent.map(|edge| (edge / cell) as usize + 2);
            let count = size.iter().product::<usize>() * EACH;
            let values = (0..count).map(|_| Learned::new(0.1 * (2.0 * rng.f32() - 1.0))).collect();
            Level { cell, size, values }
        };
        Self { low, levels: CELLS_M.into_iter().map(level).collect() }
    }

    /// Interpolates at points; those outside are taken to the nearest side.
    pub(super) fn at(&self, points: impl Iterator<Item = [f32; 3]>) -> Known {
        let mut known = Known { features: Vec::new(), corners: Vec::new() };
        for point in points {
            for level in &self.levels {
                let corners = level.corners(self.low, point);
                let mut sum = [0.0; EACH];
                for (vertex, share) in corners {
                    let values = &level.values[vertex * EACH..][..EACH];
                    sum.iter_mut().zip(values).for_each(|(sum, value)| *sum += share * value.now);
                }
                known.features.extend(sum);
                known.corners.extend(corners);
            }
        }
        known
    }

    /// Takes a step for the vertices that were met; `gradient` is by `known.features`.
    pub(super) fn learn(&mut self, known: &Known, gradient: &[f32], adam: Adam) {
        let count = self.levels.len();
        let mut sums: Vec<BTreeMap<usize, [f32; EACH]>> = vec![BTreeMap::new(); count];
        let parts = known.corners.chunks_exact(CORNERS).zip(gradient.chunks_exact(EACH));
        for (i, (corners, gradient)) in parts.enumerate() {
            for (vertex, share) in corners {
                let sum = sums[i % count].entry(*vertex).or_default();
                sum.iter_mut().zip(gradient).for_each(|(sum, g)| *sum += share * g);
            }
        }
        for (level, sums) in self.levels.iter_mut().zip(sums) {
            for (vertex, sum) in sums {
                let values = &mut level.values[vertex * EACH..][..EACH];
                values.iter_mut().zip(sum).for_each(|(value, g)| adam.step(value, g));
            }
        }
    }
}

impl Level {
    /// The eight vertices round a point, and their shares, which sum to 1.
    fn corners(&self, low: [f32; 3], point: [f32; 3]) -> [(usize, f32); CORNERS] {
        let mut first = [0; 3];
        let mut within = [0.0; 3];
        for axis in 0..3 {
            let last = (self.size[axis] - 1) as f32;
            let place = ((point[axis] - low[axis]) / self.cell).clamp(0.0, last);
            first[axis] = (place as usize).min(self.size[axis] - 2);
            within[axis] = place - first[axis] as f32;
        }
        std::array::from_fn(|corner| {
            let (mut vertex, mut share) = (0, 1.0);
            for axis in 0..3 {
                let far = corner >> axis & 1;
                vertex = vertex * self.size[axis] + first[axis] + far;
                share *= if far == 1 { within[axis] } else { 1.0 - within[axis] };
            }
            (vertex, share)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid() -> Grid {
        let box_round = [[0.0, 0.0, 0.0], [2.0, 1.0, 1.5]];
        Grid::round(box_round.into_iter(), &mut Rng::with_seed(1))
    }

    #[test]
    fn a_vertex_tells_its_own_and_the_middle_the_mean() {
        let grid = grid();
        let level = &grid.levels[0];
        for point in [[0.0; 3], [1.0, 1.0, 1.0], [2.0, 1.0, 1.5], [-4.0, 9.0, 0.2]] {
            let corners = level.corners(grid.low, point);
            assert!((corners.iter().map(|corner| corner.1).sum::<f32>() - 1.0).abs() < 1e-6);
            assert!(corners.iter().all(|corner| corner.0 * EACH < level.values.len()));
        }
        let at = |x: f32| grid.at(std::iter::once([x, 0.0, 0.0])).features[0];
        assert!((at(0.5) - (at(0.0) + at(1.0)) / 2.0).abs() < 1e-6);
    }

    #[test]
    fn large_scenes_have_larger_cells() {
        let far = [[0.0; 3], [300.0, 300.0, 10.0]];
        let grid = Grid::round(far.into_iter(), &mut Rng::with_seed(1));
        assert!(grid.levels[2].cell > 1.0);
        assert!(grid.levels[2].size.iter().product::<usize>() < 400_000);
    }
}
