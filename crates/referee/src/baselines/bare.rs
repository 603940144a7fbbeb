//! What both segmentations that `segment` is compared with begin with: points in voxels, and the
//! large planes removed by RANSAC.

use glam::Vec3;
use std::collections::BTreeMap;

/// How a scan is made bare of its planes.
#[derive(Clone, Copy, Debug)]
pub struct Bare {
    /// Edge length of the voxels that stand for the points, metres.
    pub voxel_m: f32,
    /// How far from a plane its voxels may lie, metres.
    pub plane_distance_m: f32,
    /// A plane is removed while it holds at least this share of all voxels.
    pub plane_share: f32,
    /// The most planes that are removed: floor, ceiling, four walls.
    pub planes: usize,
    /// Planes tried for each that is removed.
    pub trials: usize,
}

/// The points of a cell.
#[derive(Default)]
pub(super) struct Voxel {
    pub(super) points: Vec<u32>,
    sum: Vec3,
}

impl Voxel {
    pub(super) fn mean(&self) -> Vec3 {
        self.sum / self.points.len() as f32
    }
}

impl Bare {
    /// For rooms.
    pub const ROOM: Self =
        Self { voxel_m: 0.025, plane_distance_m: 0.03, plane_share: 0.04, planes: 6, trials: 400 };

    /// For table tops: one plane, finer voxels.
    pub const TABLE: Self =
        Self { voxel_m: 0.01, plane_distance_m: 0.01, plane_share: 0.1, planes: 1, ..Self::ROOM };

    /// The voxels of the points that are left. Points that are not finite are in none.
    pub(super) fn voxels(&self, positions: &[[f32; 3]]) -> BTreeMap<[i32; 3], Voxel> {
        let mut voxels = self.all_voxels(positions);
        self.remove_planes(&mut voxels);
        voxels
    }

    fn all_voxels(&self, positions: &[[f32; 3]]) -> BTreeMap<[i32; 3], Voxel> {
        let mut voxels: BTreeMap<[i32; 3], Voxel> = BTreeMap::new();
        for (index, position) in positions.iter().enumerate() {
            let point = Vec3::from(*position);
            // Beyond a kilometre lies no room, and a cell's number must fit an i32.
            if point.is_finite() && point.abs().max_element() < 1e3 {
                let cell = (point / self.voxel_m).floor().as_ivec3().to_array();
                let voxel = voxels.entry(cell).or_default();
                voxel.points.push(index as u32);
                voxel.sum += point;
            }
        }
        voxels
    }

    fn remove_planes(&self, voxels: &mut BTreeMap<[i32; 3], Voxel>) {
        let least = (voxels.len() as f32 * self.plane_share) as usize;
        let mut random = Random(0x5CA9_1BA5);
        for _ in 0..self.planes {
            let means: Vec<Vec3> = voxels.values().map(Voxel::mean).collect();
            let Some((plane, support)) = self.best_plane(&means, &mut random) else { return };
            if support < least {
                return;
            }
            voxels.retain(|_, voxel| !self.on_plane(plane, voxel.mean()));
        }
    }

    fn best_plane(&self, means: &[Vec3], random: &mut Random) -> Option<((Vec3, f32), usize)> {
        if means.len() < 3 {
            return None;
        }
        let mut best: Option<((Vec3, f32), usize)> = None;
        for _ in 0..self.trials {
            let [a, b, c] = [0; 3].map(|_| means[random.below(means.len())]);
            let Some(normal) = (b - a).cross(c - a).try_normalize() else { continue };
            let plane = (normal, normal.dot(a));
            // Counted on every fourth voxel: enough to rank planes.
            let support = 4 * means.iter().step_by(4).filter(|p| self.on_plane(plane, **p)).count();
            if best.is_none_or(|(_, most)| support > most) {
                best = Some((plane, support));
            }
        }
        best
    }

    fn on_plane(&self, (normal, offset): (Vec3, f32), point: Vec3) -> bool {
        (normal.dot(point) - offset).abs() < self.plane_distance_m
    }
}

/// SplitMix64 (Steele et al. 2014).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % bound as u64) as usize
    }
}
