//! The plain way to objects: remove large planes by RANSAC, then join what is near (the Euclidean
//! cluster extraction of Rusu 2009, on voxels). What `segment` has to beat.

use super::bare::{Bare, Voxel};
use std::collections::BTreeMap;

/// What the baseline can be told. Voxels that touch, also by a corner, are joined.
#[derive(Clone, Copy, Debug)]
pub struct EuclideanClustering {
    /// What is removed first.
    pub bare: Bare,
    /// Smaller clusters are dropped, in points.
    pub min_points: usize,
}

impl EuclideanClustering {
    /// For rooms.
    pub const ROOM: Self = Self { bare: Bare::ROOM, min_points: 100 };

    /// For table tops.
    pub const TABLE: Self = Self { bare: Bare::TABLE, ..Self::ROOM };

    /// Clusters of points, largest first, each a list of ascending indices into `positions`
    /// (metres). Points that are not finite belong to none. Deterministic.
    pub fn clusters(&self, positions: &[[f32; 3]]) -> Vec<Vec<u32>> {
        let mut clusters = connected(&self.bare.voxels(positions));
        clusters.retain(|points| points.len() >= self.min_points);
        for points in &mut clusters {
            points.sort_unstable();
        }
        clusters.sort_by_key(|points| std::cmp::Reverse(points.len()));
        clusters
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
