use crate::{
    adjacency::{Adjacency, AdjacencyBuilder},
    grid::AXIS_BITS,
};

/// Grids, each of twice the edge of the one below.
pub(crate) const LEVELS: usize = 5;

/// In which direction a neighbour lies; the numbers are those of the weights.
pub(crate) const DIRECTIONS: usize = 6;

/// A grid above the voxels' own.
#[derive(Debug, Default)]
pub(crate) struct Level {
    /// Cells as in [`VoxelGrid`](crate::grid::VoxelGrid), ascending.
    pub(crate) keys: Vec<u64>,
    pub(crate) adjacency: Adjacency,
    /// The cell of each cell of the level below.
    pub(crate) cell_of_child: Vec<u32>,
    /// The cells of the level below, those of one cell side by side.
    children: Vec<u32>,
    starts: Vec<u32>,
}

impl Level {
    /// The level above these cells; who touches whom is not known yet.
    pub(crate) fn above(keys: &[u64]) -> Self {
        let mut rows: Vec<(u64, u32)> = keys.iter().map(|key| halved(*key)).zip(0..).collect();
        rows.sort_unstable();
        let mut level = Self { cell_of_child: vec![0; keys.len()], ..Self::default() };
        for run in rows.chunk_by(|a, b| a.0 == b.0) {
            level.starts.push(level.children.len() as u32);
            for (_, child) in run {
                level.cell_of_child[*child as usize] = level.keys.len() as u32;
                level.children.push(*child);
            }
            level.keys.push(run[0].0);
        }
        level.starts.push(level.children.len() as u32);
        level
    }

    /// Finds who touches whom.
    pub(crate) fn connect(&mut self) {
        let mut neighbours = AdjacencyBuilder::new();
        neighbours.add(&self.keys, 0..self.keys.len());
        self.adjacency = neighbours.finish();
    }

    pub(crate) fn children(&self, cell: usize) -> &[u32] {
        &self.children[self.starts[cell] as usize..self.starts[cell + 1] as usize]
    }
}

const MASK: u64 = (1 << AXIS_BITS) - 1;

/// The key of the cell of twice the edge. Keeps two cells free below, as the finest grid does.
fn halved(key: u64) -> u64 {
    let part = |shift: u32| ((key >> shift) & MASK) / 2 + 2;
    part(2 * AXIS_BITS) << (2 * AXIS_BITS) | part(AXIS_BITS) << AXIS_BITS | part(0)
}

/// The direction from one cell to another: 0 up, 1 down, then the quadrants of the level plane,
/// each with the axis it begins with: 2 x, 3 y, 4 −x, 5 −y.
pub(crate) fn direction(from: u64, to: u64) -> usize {
    let part = |key: u64, shift: u32| ((key >> shift) & MASK) as i64;
    let step = |shift: u32| part(to, shift) - part(from, shift);
    match (step(2 * AXIS_BITS), step(0), step(AXIS_BITS)) {
        (1.., _, _) => 0,
        (..=-1, _, _) => 1,
        (0, 1.., 0..) => 2,
        (0, ..=0, 1..) => 3,
        (0, ..=-1, ..=0) => 4,
        (0, ..) => 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(x: u64, y: u64, z: u64) -> u64 {
        z << (2 * AXIS_BITS) | y << AXIS_BITS | x
    }

    #[test]
    fn eight_cells_make_one_and_know_it() {
        let mut keys: Vec<u64> = Vec::new();
        for z in 4..6 {
            for y in 4..6 {
                for x in 4..8 {
                    keys.push(key(x, y, z));
                }
            }
        }
        let mut level = Level::above(&keys);
        level.connect();
        assert_eq!(level.keys, [key(4, 4, 4), key(5, 4, 4)]);
        assert_eq!(level.children(0).len(), 8);
        assert!(level.children(1).iter().all(|child| level.cell_of_child[*child as usize] == 1));
        assert_eq!(level.adjacency.of(0), [1]);
    }

    #[test]
    fn a_quarter_turn_moves_each_level_direction_to_the_next() {
        let from = key(9, 9, 9);
        for (dx, dy) in [(1, 0), (1, 1), (2, 1), (0, 2)] {
            let to = |x: i64, y: i64| key((9 + x) as u64, (9 + y) as u64, 9);
            let first = direction(from, to(dx, dy));
            let turned = direction(from, to(-dy, dx));
            assert_eq!((first - 2 + 1) % 4, turned - 2, "{dx} {dy}");
        }
        assert_eq!(direction(from, key(8, 9, 10)), 0);
        assert_eq!(direction(from, key(10, 9, 8)), 1);
    }
}
