//! Examples for the two networks, gathered while rooms with known objects are agglomerated.
//! Only with the feature `training`.

mod voxels;

pub use voxels::{LevelExample, VoxelExample, golden_example, voxel_examples};

use crate::{
    Objects, Options, SegmentError, Segmentation,
    agglomerate::{Agglomeration, Judge, Node},
    keymap::NONE,
    naming::{CLASS_FEATURES, class_features, profiles},
    networks::{Affinity, Networks},
    object::{OBJECT_FEATURES, object_features},
    objects::{JOIN, Regions},
    pair::PAIR_FEATURES,
    select::OBJECT_VOXELS,
};
use scene::PointCloud;
use std::collections::{BTreeMap, BTreeSet};

/// What one room teaches.
#[derive(Clone, Debug, Default)]
pub struct Examples {
    /// Rows of pair features, then 1 for "the same object", then the row's weight.
    pub pairs: Vec<[f32; PAIR_FEATURES + 2]>,
    /// Rows of object features, then the voxel IoU with the best true object.
    pub objects: Vec<[f32; OBJECT_FEATURES + 1]>,
    /// Rows of class features, then the label of the true object.
    pub classes: Vec<[f32; CLASS_FEATURES + 1]>,
}

/// Agglomerates the room twice, once joining only what belongs together (surest first) and once
/// as the present networks would, and keeps what was seen on both ways (Ross et al. 2011, DAgger).
///
/// # Errors
/// As [`crate::segment`].
pub fn examples(
    cloud: PointCloud,
    instance_ids: &[u32],
    labels: &[u32],
    options: &Options,
) -> Result<Examples, SegmentError> {
    let Some(regions) = Segmentation::new(cloud, Objects::Found, options)?.into_regions()? else {
        return Ok(Examples::default());
    };
    let Regions { graph, region_of_voxel, shapes, codes, .. } = regions;
    let grid = &shapes.grid;
    let truth_of_voxel = majority_of_voxels(&grid.voxel_of_point, instance_ids, grid.len());
    let mut truth = vec![BTreeMap::new(); graph.regions.len()];
    let mut true_sizes: BTreeMap<u32, f32> = BTreeMap::new();
    for (&region, &id) in region_of_voxel.iter().zip(&truth_of_voxel) {
        *true_sizes.entry(id).or_default() += 1.0;
        if region != NONE {
            *truth[region as usize].entry(id).or_insert(0.0_f32) += 1.0;
        }
    }
    let named = instance_ids.iter().copied().zip(labels.iter().copied());
    let label_of: BTreeMap<u32, u32> = named.filter(|(_, label)| *label != 0).collect();
    let mut examples = Examples::default();
    for follow_truth in [true, false] {
        let mut judge = Recorder {
            truth: truth.clone(),
            follow_truth,
            affinity: Networks::shipped().map(|networks| Affinity(&networks.affinity)),
            rows: Vec::new(),
            seen: u32::from(follow_truth),
        };
        let mut agglomeration = Agglomeration::new(graph.clone(), grid.size);
        while !agglomeration.step(JOIN, 10_000, &mut judge) {}
        if !follow_truth {
            let tree = agglomeration.into_tree();
            let mut inside: Vec<BTreeMap<u32, f32>> = truth.clone();
            for (index, node) in tree.iter().enumerate() {
                if let Some([a, b]) = node.children {
                    let mut sum = inside[a as usize].clone();
                    for (id, count) in &inside[b as usize] {
                        *sum.entry(*id).or_insert(0.0) += count;
                    }
                    inside.push(sum);
                }
                if node.region.voxels >= OBJECT_VOXELS {
                    let mut row = [0.0; OBJECT_FEATURES + 1];
                    row[..OBJECT_FEATURES].copy_from_slice(&object_features(node, grid.size));
                    let (id, iou) = best(&inside[index], node.region.voxels, &true_sizes);
                    row[OBJECT_FEATURES] = iou;
                    examples.objects.push(row);
                    if let Some(label) = label_of.get(&id).filter(|_| iou >= 0.5) {
                        let leaves = leaves(&tree, index);
                        let of_node = |region: &u32| u32::from(leaves.contains(region));
                        let groups: Vec<u32> = region_of_voxel.iter().map(of_node).collect();
                        let profiles = profiles(grid, &shapes.surface, &codes, &groups, &[*node]);
                        let mut row = [0.0; CLASS_FEATURES + 1];
                        row[..CLASS_FEATURES].copy_from_slice(&class_features(
                            node,
                            &profiles[0],
                            grid.size,
                        ));
                        row[CLASS_FEATURES] = *label as f32;
                        examples.classes.push(row);
                    }
                }
            }
        }
        examples.pairs.append(&mut judge.rows);
    }
    Ok(examples)
}

/// The true object that overlaps a node most, and its IoU.
fn best(inside: &BTreeMap<u32, f32>, voxels: f32, true_sizes: &BTreeMap<u32, f32>) -> (u32, f32) {
    inside
        .iter()
        .filter(|(id, _)| **id != 0)
        .map(|(id, shared)| (*id, shared / (voxels + true_sizes.get(id).unwrap_or(&0.0) - shared)))
        .fold((0, 0.0), |best, one| if one.1 > best.1 { one } else { best })
}

/// The superpoints of a node.
fn leaves(tree: &[Node], node: usize) -> BTreeSet<u32> {
    let (mut leaves, mut open) = (BTreeSet::new(), vec![node]);
    while let Some(node) = open.pop() {
        match tree[node].children {
            Some(children) => open.extend(children.map(|child| child as usize)),
            None => {
                leaves.insert(node as u32);
            }
        }
    }
    leaves
}

pub(crate) fn majority_of_voxels(voxel_of_point: &[u32], ids: &[u32], voxels: usize) -> Vec<u32> {
    let mut rows: Vec<(u32, u32)> = voxel_of_point
        .iter()
        .zip(ids)
        .filter(|(voxel, _)| **voxel != NONE)
        .map(|(voxel, id)| (*voxel, *id))
        .collect();
    rows.sort_unstable();
    let mut best = vec![(0_usize, 0_u32); voxels];
    for run in rows.chunk_by(|a, b| a == b) {
        let slot = &mut best[run[0].0 as usize];
        if run.len() > slot.0 {
            *slot = (run.len(), run[0].1);
        }
    }
    best.into_iter().map(|(_, id)| id).collect()
}

struct Recorder {
    /// For each region the voxels of each true object in it.
    truth: Vec<BTreeMap<u32, f32>>,
    follow_truth: bool,
    affinity: Option<Affinity>,
    rows: Vec<[f32; PAIR_FEATURES + 2]>,
    seen: u32,
}

/// Of the pairs seen one in so many is kept; pairs that a joined region is judged by come often.
const KEEP_ONE_IN: u32 = 4;

impl Recorder {
    /// The main true object of a region, its share, and the region's size.
    fn main_object(&self, region: u32) -> (u32, f32, f32) {
        let all: f32 = self.truth[region as usize].values().sum();
        let best = self.truth[region as usize]
            .iter()
            .fold((0, 0.0), |best, (id, n)| if *n > best.1 { (*id, *n) } else { best });
        (best.0, best.1 / all.max(1.0), all)
    }
}

impl Judge for Recorder {
    fn affinity(&mut self, features: &[f32; PAIR_FEATURES], a: u32, b: u32) -> f32 {
        let learned = self.affinity.map_or(0.5, |mut network| network.affinity(features, a, b));
        let (x, y) = (self.main_object(a), self.main_object(b));
        let same = x.0 == y.0;
        self.seen = self.seen.wrapping_add(1);
        // What of the shell was left over belongs to nothing; whether it joins itself is all one.
        let matters = x.0 != 0 || y.0 != 0;
        let hashed = self.seen.wrapping_mul(0x9E37_79B1) >> 8;
        if matters && hashed.is_multiple_of(KEEP_ONE_IN) {
            let mut row = [0.0; PAIR_FEATURES + 2];
            row[..PAIR_FEATURES].copy_from_slice(features);
            row[PAIR_FEATURES] = f32::from(u8::from(same));
            row[PAIR_FEATURES + 1] = x.1 * y.1 * (x.2.min(y.2) / 30.0).clamp(0.2, 10.0).sqrt();
            self.rows.push(row);
        }
        match (self.follow_truth, same && x.0 != 0) {
            (true, true) => 0.5 + 0.5 * learned,
            (true, false) => 0.0,
            (false, _) => learned,
        }
    }

    fn merged(&mut self, into: u32, from: u32) {
        let moved = std::mem::take(&mut self.truth[from as usize]);
        for (id, count) in moved {
            *self.truth[into as usize].entry(id).or_insert(0.0) += count;
        }
    }
}
