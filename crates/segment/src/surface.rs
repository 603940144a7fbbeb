use crate::{adjacency::Adjacency, eigen::symmetric_eigen, grid::VoxelGrid};
use glam::{Mat3, Vec3};
use std::ops::Range;

/// Local shape of each voxel's neighbourhood, from the spectrum of its covariance
/// `λ0 ≤ λ1 ≤ λ2` (Weinmann et al. 2015; the hand-made features of SPT and EZ-SP).
#[derive(Debug, Default)]
pub(crate) struct Surface {
    /// Unit normals, their sign meaningless.
    pub(crate) normals: Vec<Vec3>,
    /// `(√λ2 − √λ1) / √λ2`, 0..=1.
    pub(crate) linearity: Vec<f32>,
    /// `(√λ1 − √λ0) / √λ2`, 0..=1.
    pub(crate) planarity: Vec<f32>,
}

/// Mass, first and second moments relative to the voxel's own position.
#[derive(Clone, Copy, Debug, Default)]
struct Moments {
    mass: f32,
    first: Vec3,
    /// xx, yy, zz, xy, xz, yz.
    second: [f32; 6],
}

fn outer(a: Vec3, b: Vec3) -> [f32; 6] {
    [
        a.x * b.x,
        a.y * b.y,
        a.z * b.z,
        0.5 * (a.x * b.y + a.y * b.x),
        0.5 * (a.x * b.z + a.z * b.x),
        0.5 * (a.y * b.z + a.z * b.y),
    ]
}

impl Moments {
    /// Adds `other`, whose own position is `shift` away.
    fn add(&mut self, other: &Self, shift: Vec3) {
        let cross = outer(shift, other.first);
        let square = outer(shift, shift);
        for k in 0..6 {
            self.second[k] += other.second[k] + 2.0 * cross[k] + other.mass * square[k];
        }
        self.first += other.first + other.mass * shift;
        self.mass += other.mass;
    }

    fn covariance(&self) -> Mat3 {
        let mean = self.first / self.mass;
        let square = outer(mean, mean);
        let [xx, yy, zz, xy, xz, yz] =
            std::array::from_fn(|k| self.second[k] / self.mass - square[k]);
        Mat3::from_cols_array(&[xx, xy, xz, xy, yy, yz, xz, yz, zz])
    }
}

/// Works in two passes over the voxels: moments of the neighbours, then moments of those, which
/// weighs a reach of two voxels by nearness without ever listing the wider neighbourhood.
#[derive(Debug)]
pub(crate) struct SurfaceBuilder {
    moments: Vec<Moments>,
    surface: Surface,
}

impl SurfaceBuilder {
    pub(crate) fn new() -> Self {
        Self { moments: Vec::new(), surface: Surface::default() }
    }

    /// First pass over a range of voxels that follows the range before.
    pub(crate) fn gather(&mut self, grid: &VoxelGrid, adjacency: &Adjacency, range: Range<usize>) {
        // In units of a voxel, so that neither huge nor tiny scenes leave the range of f32.
        let scale = 1.0 / grid.size;
        for voxel in range {
            let here = grid.positions[voxel];
            let mut moments = Moments { mass: 1.0, ..Moments::default() };
            for &other in adjacency.of(voxel) {
                let shift = (grid.positions[other as usize] - here) * scale;
                moments.add(&Moments { mass: 1.0, ..Moments::default() }, shift);
            }
            self.moments.push(moments);
        }
    }

    /// Second pass over a range of voxels that follows the range before, once the first is over.
    pub(crate) fn resolve(&mut self, grid: &VoxelGrid, adjacency: &Adjacency, range: Range<usize>) {
        let scale = 1.0 / grid.size;
        for voxel in range {
            let here = grid.positions[voxel];
            let mut moments = self.moments[voxel];
            for &other in adjacency.of(voxel) {
                let shift = (grid.positions[other as usize] - here) * scale;
                moments.add(&self.moments[other as usize], shift);
            }
            let (values, vectors) = symmetric_eigen(moments.covariance());
            let [small, middle, large] = values.map(|value| value.max(0.0).sqrt());
            let known = large > 0.0;
            self.surface.normals.push(vectors[0]);
            self.surface.linearity.push(if known { (large - middle) / large } else { 0.0 });
            self.surface.planarity.push(if known { (middle - small) / large } else { 0.0 });
        }
    }

    pub(crate) fn finish(self) -> Surface {
        self.surface
    }
}
