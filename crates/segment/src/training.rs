//! Examples for the networks: the voxels of scans with known objects, and what is seen while these are
//! agglomerated.
//! Only with the feature `training`.

mod truth;
mod voxels;

pub(crate) use truth::{Shares, Truth, leaves, main_object};
pub use voxels::{LevelExample, VoxelExample, golden_example, voxel_examples};

use crate::{
    Objects, Options, SegmentError, Segmentation,
    agglomerate::{Agglomeration, Judge, Node},
    keymap::NONE,
    naming::{CLASS_FEATURES, Profile, class_features, profiles},
    networks::{Affinity, Networks},
    object::{OBJECT_FEATURES, object_features},
    objects::{JOIN, Regions},
    pair::PAIR_FEATURES,
    select::OBJECT_VOXELS,
};
use scene::PointCloud;
use std::collections::BTreeMap;

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
/// `labels` are those of the points, 0 for none.
///
/// # Errors
/// As [`crate::segment`].
pub fn examples(
    cloud: PointCloud,
    instance_ids: &[u32],
    labels: &[u32],
    options: &Options,
) -> Result<Examples, SegmentError> {
    let work = Segmentation::new(cloud, Objects::Found, options)?;
    let Some((search, _)) = work.into_search()? else { return Ok(Examples::default()) };
    let regions = search.into_regions();
    let truth = Truth::of(&regions, instance_ids);
    let mut examples = Examples::default();
    for follow_truth in [true, false] {
        let mut judge = Recorder {
            truth: truth.of_region.clone(),
            follow_truth,
            affinity: Networks::shipped().map(|networks| Affinity(&networks.affinity)),
            rows: Vec::new(),
            seen: u32::from(follow_truth),
        };
        let mut agglomeration = Agglomeration::new(regions.graph.clone(), regions.shapes.grid.size);
        while !agglomeration.step(JOIN, 10_000, &mut judge) {}
        examples.pairs.append(&mut judge.rows);
        if !follow_truth {
            let named = instance_ids.iter().copied().zip(labels.iter().copied());
            let label_of = named.filter(|(_, label)| *label != 0).collect();
            examples.add_nodes(&regions, &truth, &label_of, &agglomeration.into_tree());
        }
    }
    Ok(examples)
}

impl Examples {
    /// What every node of a tree teaches about being an object, and those that are one about its
    /// class.
    fn add_nodes(
        &mut self,
        regions: &Regions,
        truth: &Truth,
        label_of: &BTreeMap<u32, u32>,
        tree: &[Node],
    ) {
        let voxel_m = regions.shapes.grid.size;
        let nodes = tree.iter().zip(truth.of_nodes(tree)).enumerate();
        for (index, (node, inside)) in
            nodes.filter(|(_, (node, _))| node.region.voxels >= OBJECT_VOXELS)
        {
            let (id, iou) = truth.best(node, &inside);
            let mut row = [0.0; OBJECT_FEATURES + 1];
            row[..OBJECT_FEATURES].copy_from_slice(&object_features(node, voxel_m));
            row[OBJECT_FEATURES] = iou;
            self.objects.push(row);
            if let Some(label) = label_of.get(&id).filter(|_| iou >= 0.5) {
                let profile = profile_of(regions, tree, index);
                let mut row = [0.0; CLASS_FEATURES + 1];
                row[..CLASS_FEATURES].copy_from_slice(&class_features(node, &profile, voxel_m));
                row[CLASS_FEATURES] = *label as f32;
                self.classes.push(row);
            }
        }
    }
}

fn profile_of(regions: &Regions, tree: &[Node], node: usize) -> Profile {
    let mut is_leaf = vec![false; regions.graph.regions.len()];
    leaves(tree, node).into_iter().for_each(|leaf| is_leaf[leaf] = true);
    let group = |region: &u32| u32::from(is_leaf.get(*region as usize) == Some(&true));
    let groups: Vec<u32> = regions.region_of_voxel.iter().map(group).collect();
    let (shapes, codes) = (&regions.shapes, &regions.codes);
    let found = profiles(&shapes.grid, &shapes.surface, codes, &groups, &[tree[node]]);
    found.into_iter().next().unwrap_or_default()
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
    truth: Vec<Shares>,
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
        let shares = &self.truth[region as usize];
        let all: f32 = shares.values().sum();
        let (id, most) = main_object(shares);
        (id, most / all.max(1.0), all)
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
