use crate::cells::Cells;
use glam::{IVec3, UVec3, Vec3};
use std::collections::HashSet;

/// A point with what it is drawn as.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Splat {
    pub(crate) position: Vec3,
    pub(crate) colour: [u8; 3],
    /// Instance id; 0 for structure and the unassigned.
    pub(crate) owner: u32,
    /// Half of what it covers, from the spacing of its neighbours.
    pub(crate) radius_m: f32,
}

/// At most one splat per voxel and owner, in Morton order, so that every aligned cube of
/// `2^k` voxels is one run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Thinned {
    pub(crate) splats: Vec<Splat>,
    keys: Vec<u64>,
    pub(crate) voxel_m: f32,
}

/// Edge of the cubes in which spacing is counted: 4 voxels.
const SPACING_LEVEL: u32 = 2;
/// A splat is lone if round it are fewer than this part of what is round the scan's usual splat.
const LONE: f32 = 1.0 / 16.0;

impl Thinned {
    /// Averages the points `(position, colour, owner)` by voxel. They must be finite.
    pub(crate) fn new(points: &[(Vec3, [u8; 3], u32)], voxel_m: f32) -> Self {
        let origin = points.iter().fold(Vec3::INFINITY, |min, point| min.min(point.0));
        let mut order: Vec<(u64, u32, u32)> = points
            .iter()
            .zip(0..)
            .map(|(&(position, _, owner), index)| {
                (morton(((position - origin) / voxel_m).as_uvec3()), owner, index)
            })
            .collect();
        order.sort_unstable();
        let runs = order.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1));
        let (keys, splats) = runs.map(|run| (run[0].0, average(run, points))).unzip();
        let mut thinned = Self { splats, keys, voxel_m };
        thinned.size_splats();
        thinned
    }

    /// Leaves out the lone splats: noise that floats in the air, which a splat as wide as its
    /// spacing would make a board. A scan sparse all over has none.
    pub(crate) fn without_lone(mut self) -> Self {
        let edge_m = self.voxel_m * f32::from(1u8 << SPACING_LEVEL);
        let cells = Cells::new(self.splats.iter().map(|splat| splat.position), edge_m);
        let around = |cell| cells.around(cell, 1).map(|(_, count)| count).sum::<u32>();
        let crowds: Vec<(IVec3, u32)> =
            cells.iter().map(|(cell, _)| (cell, around(cell))).collect();
        let mut counts: Vec<u32> = crowds.iter().map(|&(_, count)| count).collect();
        let middle = counts.len() / 2;
        if counts.is_empty() {
            return self;
        }
        let usual = *counts.select_nth_unstable(middle).1;
        let lone: HashSet<IVec3> = crowds
            .into_iter()
            .filter(|&(_, count)| (count as f32) < LONE * usual as f32)
            .map(|(cell, _)| cell)
            .collect();
        let kept = self.keys.into_iter().zip(self.splats);
        (self.keys, self.splats) =
            kept.filter(|(_, splat)| !lone.contains(&cells.cell(splat.position))).unzip();
        self
    }

    /// The runs of splats in the aligned cubes of `2^level` voxels.
    pub(crate) fn cubes(&self, level: u32) -> impl Iterator<Item = &[Splat]> {
        let mut rest = self.splats.as_slice();
        self.cube_lengths(level).map(move |length| {
            let (cube, after) = rest.split_at(length);
            rest = after;
            cube
        })
    }

    fn cube_lengths(&self, level: u32) -> impl Iterator<Item = usize> {
        self.keys.chunk_by(move |a, b| a >> (3 * level) == b >> (3 * level)).map(<[u64]>::len)
    }

    /// A surface fills about `4²` voxels of a cube of 4³; fewer splats stand further apart.
    fn size_splats(&mut self) {
        let lengths: Vec<usize> = self.cube_lengths(SPACING_LEVEL).collect();
        let edge_m = self.voxel_m * f32::from(1u8 << SPACING_LEVEL);
        let mut rest = self.splats.as_mut_slice();
        for length in lengths {
            let spacing_m = edge_m / (length as f32).sqrt();
            let radius_m = (0.6 * spacing_m).clamp(0.6 * self.voxel_m, 2.0 * self.voxel_m);
            let (cube, after) = rest.split_at_mut(length);
            cube.iter_mut().for_each(|splat| splat.radius_m = radius_m);
            rest = after;
        }
    }
}

fn average(run: &[(u64, u32, u32)], points: &[(Vec3, [u8; 3], u32)]) -> Splat {
    let mut position = Vec3::ZERO;
    let mut colour = [0u32; 3];
    // Relative to the first, so that the sum keeps its precision.
    let base = points[run[0].2 as usize].0;
    for &(_, _, index) in run {
        let point = &points[index as usize];
        position += point.0 - base;
        for (sum, &value) in colour.iter_mut().zip(&point.1) {
            *sum += u32::from(value);
        }
    }
    let count = run.len() as u32;
    Splat {
        position: base + position / count as f32,
        colour: colour.map(|sum| u8::try_from((sum + count / 2) / count).unwrap_or(u8::MAX)),
        owner: run[0].1,
        radius_m: 0.0,
    }
}

/// Interleaves the low 21 bits of each coordinate; larger ones saturate.
fn morton(cell: UVec3) -> u64 {
    let spread = |v: u32| {
        let mut v = u64::from(v.min((1 << 21) - 1));
        v = (v | v << 32) & 0x001f_0000_0000_ffff;
        v = (v | v << 16) & 0x001f_0000_ff00_00ff;
        v = (v | v << 8) & 0x100f_00f0_0f00_f00f;
        v = (v | v << 4) & 0x10c3_0c30_c30c_30c3;
        (v | v << 2) & 0x1249_2492_4924_9249
    };
    spread(cell.x) | spread(cell.y) << 1 | spread(cell.z) << 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_splat_per_voxel_and_owner() {
        let at = |x: f32| Vec3::new(x, 0.0, 0.0);
        let points = [
            (at(0.0), [0, 0, 0], 1),
            (at(0.4), [10, 20, 30], 1),
            (at(0.4), [10, 20, 30], 2),
            (at(5.5), [9, 9, 9], 1),
        ];
        let thinned = Thinned::new(&points, 1.0);
        assert_eq!(thinned.splats.len(), 3);
        assert_eq!(thinned.splats[0].position, at(0.2));
        assert_eq!(thinned.splats[0].colour, [5, 10, 15]);
        assert_eq!(thinned.cubes(2).map(<[_]>::len).collect::<Vec<_>>(), [2, 1]);
    }

    #[test]
    fn dense_splats_are_smaller_than_sparse_ones() {
        let plane = |step: f32| {
            let points: Vec<_> = (0..1600)
                .map(|i| {
                    let (x, y) = ((i % 40) as f32, (i / 40) as f32);
                    (Vec3::new(x * step, y * step, 0.0), [0; 3], 0)
                })
                .collect();
            Thinned::new(&points, 0.02).splats[0].radius_m
        };
        assert!((plane(0.02) - 0.012).abs() < 2e-3);
        assert!(plane(0.06) > 1.8 * plane(0.02));
    }

    #[test]
    fn what_floats_alone_is_left_out() {
        let kept = |step: f32| {
            let sheet = (0..900).map(|i| Vec3::new((i % 30) as f32, (i / 30) as f32, 0.0) * step);
            let points: Vec<_> = sheet
                .chain([Vec3::new(15.0 * step, 15.0 * step, 1.0)])
                .map(|position| (position, [0; 3], 0))
                .collect();
            let thinned = Thinned::new(&points, 0.03).without_lone();
            assert_eq!(thinned.cubes(3).map(<[_]>::len).sum::<usize>(), thinned.splats.len());
            thinned.splats.len()
        };
        assert_eq!(kept(0.03), 900);
        // Where all stand far apart none can be told from noise.
        assert_eq!(kept(0.4), 901);
        assert!(Thinned::new(&[], 0.03).without_lone().splats.is_empty());
    }

    #[test]
    fn far_points_saturate() {
        let points = [(Vec3::ZERO, [0; 3], 0), (Vec3::splat(3e9), [0; 3], 0)];
        assert_eq!(Thinned::new(&points, 0.001).splats.len(), 2);
    }
}
