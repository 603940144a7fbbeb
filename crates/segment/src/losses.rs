//! Where true objects are lost on the way from points to objects. Only with the feature `training`.

use crate::{
    Objects, Options, SegmentError, Segmentation,
    agglomerate::{Agglomeration, Node},
    keymap::NONE,
    networks::{Affinity, Networks},
    objects::{JOIN, Regions},
    select,
    training::majority_of_voxels,
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
    let Some(regions) = Segmentation::new(cloud, Objects::Found, options)?.into_regions()? else {
        return Ok(Stages::default());
    };
    let Regions { graph, region_of_voxel, shapes, positions, .. } = regions;
    let grid = &shapes.grid;
    let voxel_truth = majority_of_voxels(&grid.voxel_of_point, instance_ids, grid.len());
    let things: Vec<u32> = region_of_voxel
        .iter()
        .zip(&voxel_truth)
        .map(|(region, id)| if *region == NONE { 0 } else { *id })
        .collect();
    let mut inside: Vec<BTreeMap<u32, f32>> = vec![BTreeMap::new(); graph.regions.len()];
    let mut sizes: BTreeMap<u32, f32> = BTreeMap::new();
    for (&region, &id) in region_of_voxel.iter().zip(&voxel_truth) {
        *sizes.entry(id).or_default() += 1.0;
        if region != NONE {
            *inside[region as usize].entry(id).or_default() += 1.0;
        }
    }
    let main = |counts: &BTreeMap<u32, f32>| {
        counts.iter().fold((0, 0.0), |best, (id, n)| if *n > best.1 { (*id, *n) } else { best }).0
    };
    let of_leaf: Vec<u32> = inside.iter().map(main).collect();
    let Some(networks) = Networks::shipped() else { return Ok(Stages::default()) };
    let mut affinity = Affinity(&networks.affinity);
    let mut agglomeration = Agglomeration::new(graph, grid.size);
    while !agglomeration.step(JOIN, 10_000, &mut affinity) {}
    let tree = agglomeration.into_tree();
    let best_nodes = best_nodes(&tree, inside, &sizes);
    let cut = select::best_cut(&tree, &select::scores(&tree, grid.size, &networks.objectness));
    let by_region = |of: &[u32]| -> Vec<u32> {
        let label = |region: &u32| of.get(*region as usize).copied().unwrap_or(0);
        region_of_voxel.iter().map(label).collect()
    };
    let of_voxels = [
        voxel_truth,
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
fn best_nodes(
    tree: &[Node],
    mut inside: Vec<BTreeMap<u32, f32>>,
    sizes: &BTreeMap<u32, f32>,
) -> Vec<u32> {
    let mut best: BTreeMap<u32, (f32, usize)> = BTreeMap::new();
    for (index, node) in tree.iter().enumerate() {
        if let Some([a, b]) = node.children {
            let mut sum = inside[a as usize].clone();
            for (id, count) in &inside[b as usize] {
                *sum.entry(*id).or_default() += count;
            }
            inside.push(sum);
        }
        for (&id, &shared) in inside[index].iter().filter(|(id, _)| **id != 0) {
            let iou = shared / (node.region.voxels + sizes[&id] - shared);
            let known = best.entry(id).or_insert((0.0, index));
            if iou > known.0 {
                *known = (iou, index);
            }
        }
    }
    let leaves = tree.iter().filter(|node| node.children.is_none()).count();
    let mut of_leaf = vec![(0.0, 0); leaves];
    for (id, (iou, index)) in best {
        let mut open = vec![index];
        while let Some(node) = open.pop() {
            match tree[node].children {
                Some(children) => open.extend(children.map(|child| child as usize)),
                None if of_leaf[node].0 < iou => of_leaf[node] = (iou, id),
                None => {}
            }
        }
    }
    of_leaf.into_iter().map(|(_, id)| id).collect()
}
