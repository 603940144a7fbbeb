use crate::keymap::{KeyMap, NONE};
use crate::repeats::Repeats;
use glam::Vec3;
use scene::Aabb;
use std::ops::Range;

/// Bits of a cell coordinate in a key.
pub(crate) const AXIS_BITS: u32 = 21;
/// The most cells along an axis; leaves room for neighbours on both sides of a coordinate.
const AXIS_CELLS: f32 = 1_048_576.0;

/// The occupied cells of a regular grid, sorted by key (z, then y, then x).
#[derive(Debug, Default)]
pub(crate) struct VoxelGrid {
    /// Edge length of a cell.
    pub(crate) size: f32,
    /// `z << 42 | y << 21 | x`, ascending.
    pub(crate) keys: Vec<u64>,
    /// Mean position of the points of a voxel.
    pub(crate) positions: Vec<Vec3>,
    /// Mean colour of the points of a voxel, 0..=1; empty without colour.
    pub(crate) colours: Vec<Vec3>,
    /// The number of points of a voxel.
    pub(crate) counts: Vec<u32>,
    /// The voxel of each point; [`NONE`] where the point is not finite or outside the bounds.
    pub(crate) voxel_of_point: Vec<u32>,
}

impl VoxelGrid {
    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }
}

/// A grid that is being filled, range of points by range of points.
#[derive(Debug)]
pub(crate) struct GridBuilder {
    size: f32,
    bounds: Aabb,
    map: KeyMap,
    sums: Vec<[f64; 3]>,
    colour_sums: Vec<[u32; 3]>,
    counts: Vec<u32>,
    voxel_of_point: Vec<u32>,
}

impl GridBuilder {
    /// Cells of about `size` over `bounds`, larger where the bounds would need too many of them.
    pub(crate) fn new(size: f32, bounds: Aabb) -> Self {
        let size = size.max(bounds.size().max_element() / AXIS_CELLS).max(f32::MIN_POSITIVE);
        Self {
            size,
            bounds,
            map: KeyMap::new(),
            sums: Vec::new(),
            colour_sums: Vec::new(),
            counts: Vec::new(),
            voxel_of_point: Vec::new(),
        }
    }

    /// Voxels so far.
    pub(crate) fn len(&self) -> usize {
        self.map.len()
    }

    pub(crate) fn size(&self) -> f32 {
        self.size
    }

    /// Adds the points of `range`, which follows the range before; `repeats` weigh nothing.
    pub(crate) fn add(
        &mut self,
        positions: &[[f32; 3]],
        colours: Option<&[[u8; 3]]>,
        repeats: &Repeats,
        range: Range<usize>,
    ) {
        for (offset, position) in positions[range.clone()].iter().enumerate() {
            let point = Vec3::from(*position);
            if !point.is_finite() || !self.bounds.contains(point) {
                self.voxel_of_point.push(NONE);
                continue;
            }
            let cell = ((point - self.bounds.min) / self.size).floor().as_u64vec3();
            // Starts at 2 so that a neighbour two cells lower never borrows from another axis.
            let key = (cell.z + 2) << (2 * AXIS_BITS) | (cell.y + 2) << AXIS_BITS | (cell.x + 2);
            let voxel = self.map.number(key);
            self.voxel_of_point.push(voxel);
            let voxel = voxel as usize;
            if voxel == self.counts.len() {
                self.counts.push(0);
                self.sums.push([0.0; 3]);
                if colours.is_some() {
                    self.colour_sums.push([0; 3]);
                }
            }
            if repeats.contains(range.start + offset) && self.counts[voxel] > 0 {
                continue;
            }
            self.counts[voxel] += 1;
            for (sum, value) in self.sums[voxel].iter_mut().zip(position) {
                *sum += f64::from(*value);
            }
            if let Some(colours) = colours {
                let colour = colours[range.start + offset];
                for (sum, value) in self.colour_sums[voxel].iter_mut().zip(colour) {
                    *sum = sum.saturating_add(u32::from(value));
                }
            }
        }
    }

    /// The grid, its voxels in the order of their keys.
    pub(crate) fn finish(mut self) -> VoxelGrid {
        let mut order: Vec<(u64, u32)> = self.map.entries().collect();
        order.sort_unstable();
        let mut new_of_old = vec![NONE; order.len()];
        for (new, (_, old)) in order.iter().enumerate() {
            new_of_old[*old as usize] = new as u32;
        }
        for voxel in &mut self.voxel_of_point {
            if *voxel != NONE {
                *voxel = new_of_old[*voxel as usize];
            }
        }
        let olds = || order.iter().map(|(_, old)| *old as usize);
        let mean = |old: usize| {
            let count = f64::from(self.counts[old]);
            let [x, y, z] = self.sums[old].map(|sum| (sum / count) as f32);
            Vec3::new(x, y, z)
        };
        let mean_colour = |old: usize| {
            let count = self.counts[old] as f32 * 255.0;
            Vec3::from(self.colour_sums[old].map(|sum| sum as f32 / count))
        };
        VoxelGrid {
            size: self.size,
            positions: olds().map(mean).collect(),
            colours: if self.colour_sums.is_empty() {
                Vec::new()
            } else {
                olds().map(mean_colour).collect()
            },
            counts: olds().map(|old| self.counts[old]).collect(),
            keys: order.iter().map(|(key, _)| *key).collect(),
            voxel_of_point: self.voxel_of_point,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn voxels_hold_means_and_points_know_their_voxel() {
        let positions =
            [[0.1, 0.1, 0.1], [9.0, 0.0, 0.0], [0.3, 0.1, 0.1], [f32::NAN, 0.0, 0.0], [1e9; 3]];
        let colours = [[0, 0, 0], [255, 255, 255], [255, 0, 0], [9; 3], [9; 3]];
        let bounds = Aabb { min: Vec3::ZERO, max: Vec3::splat(10.0) };
        let mut builder = GridBuilder::new(1.0, bounds);
        builder.add(&positions, Some(&colours), &Repeats::default(), 0..2);
        builder.add(&positions, Some(&colours), &Repeats::default(), 2..5);
        let grid = builder.finish();
        assert_eq!(grid.voxel_of_point, [0, 1, 0, NONE, NONE]);
        assert_eq!(grid.counts, [2, 1]);
        assert!((grid.positions[0] - Vec3::new(0.2, 0.1, 0.1)).length() < 1e-6);
        assert!((grid.colours[0] - Vec3::new(0.5, 0.0, 0.0)).length() < 1e-6);
    }
}
