//! The plain way to objects: remove large planes by RANSAC, then join what is near (the Euclidean
//! cluster extraction of Rusu 2009, on voxels). What `segment` has to beat.

use glam::Vec3;
use std::collections::BTreeMap;

/// What the baseline can be told.
#[derive(Clone, Copy, Debug)]
pub struct EuclideanClustering {
    /// Edge length of the voxels that stand for the points, metres; voxels that touch, also by a
    /// corner, are joined.
    pub voxel_m: f32,
    /// How far from a plane its voxels may lie, metres.
    pub plane_distance_m: f32,
    /// A plane is removed while it holds at least this share of all voxels.
    pub plane_share: f32,
    /// The most planes that are removed: floor, ceiling, four walls.
    pub planes: usize,
    /// Planes tried for each that is removed.
    pub trials: usize,
    /// Smaller clusters are dropped, in points.
    pub min_points: usize,
}

impl EuclideanClustering {
    /// For rooms.
    pub const ROOM: Self = Self {
        voxel_m: 0.025,
        plane_distance_m: 0.03,
        plane_share: 0.04,
        planes: 6,
        trials: 400,
        min_points: 100,
    };

    /// For table tops: one plane, finer voxels.
    pub const TABLE: Self =
        Self { voxel_m: 0.01, plane_distance_m: 0.01, plane_share: 0.1, planes: 1, ..Self::ROOM };

    /// Clusters of points, largest first, each a list of ascending indices into `positions`
    /// (metres). Points that are not finite belong to none. Deterministic.
    pub fn clusters(&self, positions: &[[f32; 3]]) -> Vec<Vec<u32>> {
        let mut voxels = self.voxels(positions);
        self.remove_planes(&mut voxels);
        let mut clusters = connected(&voxels);
        clusters.retain(|points| points.len() >= self.min_points);
        for points in &mut clusters {
            points.sort_unstable();
        }
        clusters.sort_by_key(|points| std::cmp::Reverse(points.len()));
        clusters
    }

    fn voxels(&self, positions: &[[f32; 3]]) -> BTreeMap<[i32; 3], Voxel> {
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

#[derive(Default)]
struct Voxel {
    points: Vec<u32>,
    sum: Vec3,
}

impl Voxel {
    fn mean(&self) -> Vec3 {
        self.sum / self.points.len() as f32
    }
}

fn connected(voxels: &BTreeMap<[i32; 3], Voxel>) -> Vec<Vec<u32>> {
    let mut seen = std::collections::BTreeSet::new();
    let mut clusters = Vec::new();
    for start in voxels.keys() {
        if !seen.insert(*start) {
            continue;
        }
        let mut points = Vec::new();
        let mut open = vec![*start];
        while let Some([x, y, z]) = open.pop() {
            points.extend(&voxels[&[x, y, z]].points);
            for step in 0..27 {
                let near = [x + step % 3 - 1, y + step / 3 % 3 - 1, z + step / 9 - 1];
                if voxels.contains_key(&near) && seen.insert(near) {
                    open.push(near);
                }
            }
        }
        clusters.push(points);
    }
    clusters
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A floor of 2 × 2 m with two boxes of 20 cm on it, `gap` apart, all at 1 cm.
    fn floor_with_boxes(gap: f32) -> Vec<[f32; 3]> {
        let mut points: Vec<[f32; 3]> =
            (0..40_000).map(|i| [(i % 200) as f32 * 0.01, (i / 200) as f32 * 0.01, 0.0]).collect();
        for left in [0.5, 0.7 + gap] {
            for i in 0..400 {
                let (u, v) = ((i % 20) as f32 * 0.01, (i / 20) as f32 * 0.01);
                points.push([left + u, 0.5 + v, 0.2]);
                points.push([left, 0.5 + u, v]);
                points.push([left + 0.2, 0.5 + u, v]);
            }
        }
        points
    }

    #[test]
    fn boxes_apart_are_two_clusters_and_touching_ones_are_one() {
        let apart = EuclideanClustering::ROOM.clusters(&floor_with_boxes(0.3));
        assert_eq!(apart.len(), 2);
        let touching = EuclideanClustering::ROOM.clusters(&floor_with_boxes(0.0));
        assert_eq!(touching.len(), 1);
    }

    #[test]
    fn nothing_and_nonsense_give_no_clusters() {
        assert!(EuclideanClustering::ROOM.clusters(&[]).is_empty());
        assert!(EuclideanClustering::ROOM.clusters(&[[f32::NAN; 3], [1e30; 3]]).is_empty());
    }
}
