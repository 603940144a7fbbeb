use crate::grid::AXIS_BITS;
use std::ops::Range;

/// Below so many neighbours a voxel also looks one ring further, over gaps of the scan.
const LONELY: usize = 3;

/// Who touches whom: for each node a run of `targets`. Symmetric up to the gap edges.
#[derive(Debug, Default)]
pub(crate) struct Adjacency {
    starts: Vec<u32>,
    targets: Vec<u32>,
}

impl Adjacency {
    pub(crate) fn of(&self, node: usize) -> &[u32] {
        &self.targets[self.starts[node] as usize..self.starts[node + 1] as usize]
    }
}

/// An adjacency that is being built, range of voxels by range of voxels.
#[derive(Debug)]
pub(crate) struct AdjacencyBuilder {
    adjacency: Adjacency,
    /// Key offsets of the nine rows of the 3 × 3 × 3 neighbourhood, and how far each row's cursor
    /// has come. Keys ascend, so each cursor only ever moves on.
    rows: Vec<(i64, usize)>,
    wide_rows: Vec<i64>,
}

fn row_offsets(reach: i64) -> impl Iterator<Item = i64> {
    (-reach..=reach)
        .flat_map(move |z| (-reach..=reach).map(move |y| (z << (2 * AXIS_BITS)) + (y << AXIS_BITS)))
}

impl AdjacencyBuilder {
    pub(crate) fn new() -> Self {
        Self {
            adjacency: Adjacency { starts: vec![0], targets: Vec::new() },
            rows: row_offsets(1).map(|offset| (offset, 0)).collect(),
            wide_rows: row_offsets(2).collect(),
        }
    }

    /// Finds the neighbours of the voxels of `range`, which follows the range before. `keys` as in
    /// [`VoxelGrid`](crate::grid::VoxelGrid).
    pub(crate) fn add(&mut self, keys: &[u64], range: Range<usize>) {
        for voxel in range {
            let key = keys[voxel] as i64;
            let first = self.adjacency.targets.len();
            for (offset, cursor) in &mut self.rows {
                let lowest = (key + *offset - 1) as u64;
                while *cursor < keys.len() && keys[*cursor] < lowest {
                    *cursor += 1;
                }
                let near = keys[*cursor..].iter().take_while(|other| **other <= lowest + 2);
                for (step, _) in near.enumerate() {
                    if *cursor + step != voxel {
                        self.adjacency.targets.push((*cursor + step) as u32);
                    }
                }
            }
            if self.adjacency.targets.len() - first < LONELY {
                self.adjacency.targets.truncate(first);
                for offset in &self.wide_rows {
                    let lowest = (key + offset - 2) as u64;
                    let start = keys.partition_point(|other| *other < lowest);
                    let near = keys[start..].iter().take_while(|other| **other <= lowest + 4);
                    for (step, _) in near.enumerate() {
                        if start + step != voxel {
                            self.adjacency.targets.push((start + step) as u32);
                        }
                    }
                }
            }
            self.adjacency.starts.push(self.adjacency.targets.len() as u32);
        }
    }

    pub(crate) fn finish(self) -> Adjacency {
        self.adjacency
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::{GridBuilder, VoxelGrid};
    use glam::Vec3;
    use scene::Aabb;

    fn adjacency(positions: &[[f32; 3]]) -> (VoxelGrid, Adjacency) {
        let bounds = Aabb { min: Vec3::ZERO, max: Vec3::splat(10.0) };
        let mut builder = GridBuilder::new(1.0, bounds);
        builder.add(positions, None, &crate::repeats::Repeats::default(), 0..positions.len());
        let grid = builder.finish();
        let mut adjacency = AdjacencyBuilder::new();
        adjacency.add(&grid.keys, 0..grid.len());
        (grid, adjacency.finish())
    }

    #[test]
    fn a_full_block_has_26_neighbours_inside() {
        let cells = (0..27).map(|i| [(i % 3) as f32, (i / 3 % 3) as f32, (i / 9) as f32]);
        let positions: Vec<[f32; 3]> = cells.map(|cell| cell.map(|c| c + 0.5)).collect();
        let (_, adjacency) = adjacency(&positions);
        let degrees: Vec<usize> = (0..27).map(|voxel| adjacency.of(voxel).len()).collect();
        assert_eq!(degrees[13], 26);
        assert_eq!(degrees[0], 7);
        assert_eq!(degrees.iter().sum::<usize>(), 8 * 7 + 12 * 11 + 6 * 17 + 26);
    }

    #[test]
    fn a_lonely_voxel_reaches_over_a_gap_of_one() {
        let (_, adjacency) = adjacency(&[[0.5; 3], [2.5; 3], [9.5; 3]]);
        assert_eq!(adjacency.of(0), [1]);
        assert_eq!(adjacency.of(1), [0]);
        assert!(adjacency.of(2).is_empty());
    }
}
