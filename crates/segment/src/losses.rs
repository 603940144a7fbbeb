//! Where true objects are lost on the way from points to objects. Only with the feature `training`.

use crate::{
    Objects, Options, SegmentError, Segmentation,
    agglomerate::{Agglomeration, Node},
    keymap::NONE,
    networks::{Affinity, Networks},
    objects::{JOIN, Regions},
    select,
    training::{Truth, leaves, main_object},
};
use scene::PointCloud;
use std::collections::BTreeMap;

/// The stages at which objects can be lost, in their order; each is given what the one before left.
pub const STAGES: [&str; 5] = ["voxels", "shell", "superpoints", "joints", "cut"];

/// What a scan's objects are at each stage.
#[derive(Clone, Debug, Default)]
pub struct Stages {
    /// The points in the scene frame, metres.
    pub positions: Vec<[f32; 3]>,
    /// The object of each point at each of [`STAGES`], 0 for none, were all later ones perfect: true
    /// objects by majority of voxels, without what was taken for the shell, by majority of
    /// superpoints, the best node of the tree for each true object, and what the cut takes (numbers
    /// of its own).
    pub labels: Vec<Vec<u32>>,
}

/// Follows a scan through all stages.
///
/// # Errors
/// As [`crate::segment`].
pub fn stages(
    cloud: PointCloud,
    instance_ids: &[u32],
    options: &Options,
) -> Result<Stages, SegmentError> {
    let work = Segmentation::new(cloud, Objects::Found, options)?;
    let Some((search, positions)) = work.into_search()? else { return Ok(Stages::default()) };
    let regions = search.into_regions();
    let Some(networks) = Networks::shipped() else { return Ok(Stages::default()) };
    let truth = Truth::of(&regions, instance_ids);
    let Regions { graph, region_of_voxel, shapes, .. } = regions;
    let grid = &shapes.grid;
    let thing = |(region, id): (&u32, &u32)| if *region == NONE { 0 } else { *id };
    let things = region_of_voxel.iter().zip(&truth.of_voxel).map(thing).collect();
    let of_leaf: Vec<u32> = truth.of_region.iter().map(|shares| main_object(shares).0).collect();
    let mut affinity = Affinity(&networks.affinity);
    let mut agglomeration = Agglomeration::new(graph, grid.size);
    while !agglomeration.step(JOIN, 10_000, &mut affinity) {}
    let tree = agglomeration.into_tree();
    let best_nodes = best_nodes(&tree, &truth);
    let cut = select::best_cut(&tree, &select::scores(&tree, grid.size, &networks.objectness));
    let by_region = |of: &[u32]| -> Vec<u32> {
        let label = |region: &u32| of.get(*region as usize).copied().unwrap_or(0);
        region_of_voxel.iter().map(label).collect()
    };
    let of_voxels = [
        truth.of_voxel,
        things,
        by_region(&of_leaf),
        by_region(&best_nodes),
        by_region(&cut.group_of_leaf),
    ];
    let of_points = |labels: &Vec<u32>| {
        let label = |voxel: &u32| labels.get(*voxel as usize).copied().unwrap_or(0);
        grid.voxel_of_point.iter().map(label).collect()
    };
    let labels = of_voxels.iter().map(of_points).collect();
    Ok(Stages { positions, labels })
}

/// For each leaf the true object whose best node, by IoU of voxels, holds it; the better node where
/// two do.
fn best_nodes(tree: &[Node], truth: &Truth) -> Vec<u32> {
    let mut best: BTreeMap<u32, (f32, usize)> = BTreeMap::new();
    for (index, (node, inside)) in tree.iter().zip(truth.of_nodes(tree)).enumerate() {
        for (&id, &shared) in inside.iter().filter(|(id, _)| **id != 0) {
            let iou = truth.iou(node, id, shared);
            let known = best.entry(id).or_insert((0.0, index));
            if iou > known.0 {
                *known = (iou, index);
            }
        }
    }
    let mut of_leaf = vec![(0.0, 0); truth.of_region.len()];
    for (id, (iou, index)) in best {
        for leaf in leaves(tree, index) {
            if of_leaf[leaf].0 < iou {
                of_leaf[leaf] = (iou, id);
            }
        }
    }
    of_leaf.into_iter().map(|(_, id)| id).collect()
}
