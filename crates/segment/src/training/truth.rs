use super::majority_of_voxels;
use crate::{agglomerate::Node, keymap::NONE, objects::Regions};
use std::collections::BTreeMap;

/// Voxels of each true object; 0 is none.
pub(crate) type Shares = BTreeMap<u32, f32>;

/// What is true of the regions of a scan.
pub(crate) struct Truth {
    /// The true object of each voxel.
    pub(crate) of_voxel: Vec<u32>,
    /// What is in each region of the start.
    pub(crate) of_region: Vec<Shares>,
    /// All voxels of each true object.
    pub(crate) sizes: Shares,
}

impl Truth {
    pub(crate) fn of(regions: &Regions, instance_ids: &[u32]) -> Self {
        let grid = &regions.shapes.grid;
        let of_voxel = majority_of_voxels(&grid.voxel_of_point, instance_ids, grid.len());
        let mut of_region = vec![Shares::new(); regions.graph.regions.len()];
        let mut sizes = Shares::new();
        for (&region, &id) in regions.region_of_voxel.iter().zip(&of_voxel) {
            *sizes.entry(id).or_default() += 1.0;
            if region != NONE {
                *of_region[region as usize].entry(id).or_default() += 1.0;
            }
        }
        Self { of_voxel, of_region, sizes }
    }

    /// What is in each node of a tree.
    pub(crate) fn of_nodes(&self, tree: &[Node]) -> Vec<Shares> {
        let mut inside = self.of_region.clone();
        for [a, b] in tree.iter().filter_map(|node| node.children) {
            let mut sum = inside[a as usize].clone();
            for (id, count) in &inside[b as usize] {
                *sum.entry(*id).or_default() += count;
            }
            inside.push(sum);
        }
        inside
    }

    /// The IoU of a node with a true object that it shares voxels with.
    pub(crate) fn iou(&self, node: &Node, id: u32, shared: f32) -> f32 {
        shared / (node.region.voxels + self.sizes.get(&id).unwrap_or(&0.0) - shared)
    }

    /// The true object that overlaps a node most, and its IoU.
    pub(crate) fn best(&self, node: &Node, inside: &Shares) -> (u32, f32) {
        inside
            .iter()
            .filter(|(id, _)| **id != 0)
            .map(|(id, shared)| (*id, self.iou(node, *id, *shared)))
            .fold((0, 0.0), |best, one| if one.1 > best.1 { one } else { best })
    }
}

/// The object of most voxels, and how many they are.
pub(crate) fn main_object(shares: &Shares) -> (u32, f32) {
    shares.iter().fold((0, 0.0), |best, (id, n)| if *n > best.1 { (*id, *n) } else { best })
}

/// The superpoints of a node.
pub(crate) fn leaves(tree: &[Node], node: usize) -> Vec<usize> {
    let (mut leaves, mut open) = (Vec::new(), vec![node]);
    while let Some(node) = open.pop() {
        match tree[node].children {
            Some(children) => open.extend(children.map(|child| child as usize)),
            None => leaves.push(node),
        }
    }
    leaves
}
