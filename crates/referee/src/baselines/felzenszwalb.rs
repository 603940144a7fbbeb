//! Felzenszwalb and Huttenlocher's graph-based segmentation (IJCV 2004) on the nearest neighbours of
//! voxels whose large planes have been removed: what the segments of ScanNet are made with, there on a mesh.

use super::bare::{Bare, Voxel};
use glam::{Mat3, Vec3};
use std::collections::BTreeMap;

/// What the baseline can be told.
#[derive(Clone, Copy, Debug)]
pub struct Felzenszwalb {
    /// What is removed first.
    pub bare: Bare,
    /// Edges go to so many nearest voxels.
    pub neighbours: usize,
    /// `k` of the paper: larger segments are cut less readily.
    pub scale: f32,
    /// Weight of a step in colour (0..=√3) against one minus the cosine between normals.
    pub colour_weight: f32,
    /// Smaller segments join a neighbour, in voxels.
    pub min_voxels: usize,
    /// Smaller clusters are dropped, in points.
    pub min_points: usize,
}

impl Felzenszwalb {
    /// For rooms: of ten settings the one with the best F1 on six rooms of the val split.
    pub const ROOM: Self = Self {
        bare: Bare::ROOM,
        neighbours: 10,
        scale: 32.0,
        colour_weight: 1.0,
        min_voxels: 40,
        min_points: 100,
    };

    /// For table tops.
    pub const TABLE: Self = Self { bare: Bare::TABLE, ..Self::ROOM };

    /// Segments of points, largest first, each a list of ascending indices into `positions`
    /// (metres). `colours` has one entry for each point, or none at all.
    pub fn clusters(&self, positions: &[[f32; 3]], colours: &[[u8; 3]]) -> Vec<Vec<u32>> {
        let voxels = self.bare.voxels(positions);
        let near = self.nearest(&voxels);
        let means: Vec<Vec3> = voxels.values().map(Voxel::mean).collect();
        let normals: Vec<Vec3> = near.iter().map(|near| normal(&means, near)).collect();
        let tint = |voxel: &Voxel| {
            let sum = voxel.points.iter().filter_map(|&point| colours.get(point as usize));
            let sum: Vec3 = sum.map(|colour| Vec3::from(colour.map(f32::from)) / 255.0).sum();
            sum / voxel.points.len() as f32
        };
        let tints: Vec<Vec3> = voxels.values().map(tint).collect();
        let mut edges: Vec<(f32, u32, u32)> = Vec::new();
        for (a, near) in near.iter().enumerate() {
            for &b in near.iter().filter(|b| **b != a) {
                let bend = 1.0 - normals[a].dot(normals[b]).abs();
                let weight = bend + self.colour_weight * tints[a].distance(tints[b]);
                edges.push((weight, a as u32, b as u32));
            }
        }
        edges.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        let group = self.merged(means.len(), &edges);
        let mut clusters: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (group, voxel) in group.into_iter().zip(voxels.into_values()) {
            clusters.entry(group).or_default().extend(voxel.points);
        }
        let mut clusters: Vec<Vec<u32>> =
            clusters.into_values().filter(|points| points.len() >= self.min_points).collect();
        clusters.iter_mut().for_each(|points| points.sort_unstable());
        clusters.sort_by_key(|points| std::cmp::Reverse(points.len()));
        clusters
    }

    /// The nearest voxels of each, itself first, within two cells.
    fn nearest(&self, voxels: &BTreeMap<[i32; 3], Voxel>) -> Vec<Vec<usize>> {
        let number: BTreeMap<[i32; 3], usize> = voxels.keys().copied().zip(0..).collect();
        let means: Vec<Vec3> = voxels.values().map(Voxel::mean).collect();
        let around = |([x, y, z], own): (&[i32; 3], usize)| {
            let cells =
                (0..125).map(|step| [x + step % 5 - 2, y + step / 5 % 5 - 2, z + step / 25 - 2]);
            let mut near: Vec<usize> =
                cells.filter_map(|cell| number.get(&cell).copied()).collect();
            let far = |voxel: &usize| means[*voxel].distance_squared(means[own]);
            near.sort_by(|a, b| far(a).total_cmp(&far(b)).then(a.cmp(b)));
            near.truncate(self.neighbours + 1);
            near
        };
        voxels.keys().zip(0..).map(around).collect()
    }

    /// The segment of each node: edges by rising weight join two segments where neither differs
    /// within itself by less than the edge, the smaller the readier.
    fn merged(&self, nodes: usize, edges: &[(f32, u32, u32)]) -> Vec<u32> {
        let mut parent: Vec<u32> = (0..nodes as u32).collect();
        let mut size = vec![1_usize; nodes];
        let mut most = vec![self.scale; nodes];
        for &(weight, a, b) in edges {
            let (a, b) = (root(&mut parent, a), root(&mut parent, b));
            if a != b && weight <= most[a as usize].min(most[b as usize]) {
                parent[b as usize] = a;
                size[a as usize] += size[b as usize];
                most[a as usize] = weight + self.scale / size[a as usize] as f32;
            }
        }
        for &(_, a, b) in edges {
            let (a, b) = (root(&mut parent, a), root(&mut parent, b));
            if a != b && size[a as usize].min(size[b as usize]) < self.min_voxels {
                parent[b as usize] = a;
                size[a as usize] += size[b as usize];
            }
        }
        (0..nodes as u32).map(|node| root(&mut parent, node)).collect()
    }
}

fn root(parent: &mut [u32], mut node: u32) -> u32 {
    while parent[node as usize] != node {
        parent[node as usize] = parent[parent[node as usize] as usize];
        node = parent[node as usize];
    }
    node
}

/// The direction in which these lie flattest, by inverse iteration on their covariance.
fn normal(means: &[Vec3], near: &[usize]) -> Vec3 {
    let centre = near.iter().map(|&voxel| means[voxel]).sum::<Vec3>() / near.len().max(1) as f32;
    let mut covariance = Mat3::ZERO;
    for &voxel in near {
        let off = means[voxel] - centre;
        covariance += Mat3::from_cols(off * off.x, off * off.y, off * off.z);
    }
    let trace = covariance.x_axis.x + covariance.y_axis.y + covariance.z_axis.z;
    let inverse = (covariance + Mat3::from_diagonal(Vec3::splat(1e-4 * trace + 1e-12))).inverse();
    let mut normal = Vec3::new(0.36, 0.48, 0.8);
    for _ in 0..8 {
        normal = (inverse * normal).normalize_or(Vec3::Z);
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_sheets_that_meet_at_an_edge_are_two_segments() {
        // A step of 80 cm: lying, then standing, no plane of it large enough to be removed.
        let mut positions = Vec::new();
        for i in 0..6400 {
            let (u, v) = ((i % 80) as f32 * 0.01, (i / 80) as f32 * 0.01);
            positions.push([u, v, 0.0]);
            positions.push([0.8, v, u]);
        }
        let kept = Bare { planes: 0, ..Bare::ROOM };
        let baseline = Felzenszwalb { bare: kept, scale: 2.0, ..Felzenszwalb::ROOM };
        let found = baseline.clusters(&positions, &[]);
        let sizes: Vec<usize> = found.iter().map(Vec::len).collect();
        assert!(sizes.len() <= 3 && sizes[1] > 5800, "{sizes:?}, the last where they meet");
        let standing = |points: &[u32]| points.iter().filter(|point| **point % 2 == 1).count();
        let shares = [0, 1].map(|segment| standing(&found[segment]) * 10 / sizes[segment]);
        assert!(shares[0].abs_diff(shares[1]) >= 9, "in tenths {shares:?}");
    }

    #[test]
    fn a_step_in_colour_is_a_border() {
        let positions: Vec<[f32; 3]> =
            (0..6400).map(|i| [(i % 80) as f32 * 0.01, (i / 80) as f32 * 0.01, 0.0]).collect();
        let colours: Vec<[u8; 3]> =
            (0..6400).map(|i| if i % 80 < 40 { [200, 30, 30] } else { [30, 30, 200] }).collect();
        let kept = Bare { planes: 0, ..Bare::ROOM };
        let baseline = Felzenszwalb { bare: kept, scale: 2.0, ..Felzenszwalb::ROOM };
        assert_eq!(baseline.clusters(&positions, &colours).len(), 2);
        assert_eq!(baseline.clusters(&positions, &[]).len(), 1);
        assert!(baseline.clusters(&[], &[]).is_empty());
    }
}
