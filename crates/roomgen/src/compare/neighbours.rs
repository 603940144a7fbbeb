use glam::{IVec3, Vec3};
use rustc_hash::FxHashMap;

/// So many points share an occupied cell, roughly.
const CROWD: f32 = 12.0;

/// The points of a cloud by the cell of space they are in.
#[derive(Clone, Debug)]
pub struct Neighbours {
    cell_m: f32,
    cells: FxHashMap<[i32; 3], Vec<Vec3>>,
    low: IVec3,
    high: IVec3,
}

impl Neighbours {
    /// Every point must be finite.
    pub fn new(points: &[Vec3]) -> Self {
        let low = points.iter().copied().fold(Vec3::INFINITY, Vec3::min);
        let high = points.iter().copied().fold(Vec3::NEG_INFINITY, Vec3::max);
        let mut grid = Self::with_cells(points, ((high - low).max_element() / 64.0).max(1e-6));
        // Scans are surfaces: a cell's points grow with the square of its edge.
        for _ in 0..2 {
            let crowd = points.len() as f32 / grid.cells.len().max(1) as f32;
            grid = Self::with_cells(points, grid.cell_m * (CROWD / crowd).sqrt());
        }
        grid
    }

    fn with_cells(points: &[Vec3], cell_m: f32) -> Self {
        let mut cells: FxHashMap<[i32; 3], Vec<Vec3>> = FxHashMap::default();
        let (mut low, mut high) = (IVec3::MAX, IVec3::MIN);
        for point in points {
            let cell = (*point / cell_m).floor().as_ivec3();
            (low, high) = (low.min(cell), high.max(cell));
            cells.entry(cell.to_array()).or_default().push(*point);
        }
        Self { cell_m, cells, low, high }
    }

    /// The `count` points nearest to `query`, the nearest first; fewer where there are no more.
    pub fn nearest(&self, query: Vec3, count: usize) -> Vec<Vec3> {
        let middle = (query / self.cell_m).floor().as_ivec3();
        let mut found: Vec<(f32, Vec3)> = Vec::new();
        for ring in 0.. {
            let (low, high) = (middle - ring, middle + ring);
            for_each_of_shell(middle, ring, |cell| {
                let points = self.cells.get(&cell.to_array()).map(Vec::as_slice);
                let points = points.unwrap_or_default();
                found.extend(points.iter().map(|p| (p.distance_squared(query), *p)));
            });
            // What is not in these cells is at least a ring away.
            let sure = ring as f32 * self.cell_m;
            let is_all = low.cmple(self.low).all() && high.cmpge(self.high).all();
            if is_all || found.iter().filter(|(far, _)| *far <= sure * sure).count() >= count {
                break;
            }
        }
        found.sort_by(|a, b| a.0.total_cmp(&b.0));
        found.into_iter().take(count).map(|(_, point)| point).collect()
    }

    /// How many points lie within `reach`, the query itself included; stops counting at `most`.
    pub fn count_within(&self, query: Vec3, reach: f32, most: usize) -> usize {
        let low = ((query - reach) / self.cell_m).floor().as_ivec3();
        let high = ((query + reach) / self.cell_m).floor().as_ivec3();
        let mut count = 0;
        for x in low.x..=high.x {
            for y in low.y..=high.y {
                for z in low.z..=high.z {
                    let points = self.cells.get(&[x, y, z]).map(Vec::as_slice).unwrap_or_default();
                    count += points.iter().filter(|p| p.distance(query) <= reach).count();
                    if count >= most {
                        return most;
                    }
                }
            }
        }
        count
    }
}

fn for_each_of_shell(middle: IVec3, ring: i32, mut visit: impl FnMut(IVec3)) {
    for x in -ring..=ring {
        for y in -ring..=ring {
            let is_side = x.abs() == ring || y.abs() == ring;
            let step = if is_side { 1 } else { (2 * ring).max(1) };
            for z in (-ring..=ring).step_by(step as usize) {
                visit(middle + IVec3::new(x, y, z));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    #[test]
    fn the_nearest_are_those_of_a_full_search() {
        let mut rng = Rng::from_numbers([4; 4]);
        let points: Vec<Vec3> =
            (0..700).map(|_| Vec3::new(rng.unit(), 3.0 * rng.unit(), 0.1 * rng.unit())).collect();
        let neighbours = Neighbours::new(&points);
        for query in points.iter().step_by(50) {
            let mut all = points.clone();
            all.sort_by(|a, b| a.distance_squared(*query).total_cmp(&b.distance_squared(*query)));
            assert_eq!(neighbours.nearest(*query, 20), all[..20]);
            let reach = all[9].distance(*query);
            assert_eq!(neighbours.count_within(*query, reach, 700), 10);
            assert_eq!(neighbours.count_within(*query, reach, 6), 6);
        }
        assert_eq!(neighbours.nearest(Vec3::ZERO, 1000).len(), 700);
    }
}
