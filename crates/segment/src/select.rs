use crate::{
    agglomerate::Node,
    networks::Perceptron,
    object::{object_features, plausibility},
    regions::Region,
};

/// Fewer voxels than this are no object.
pub(crate) const OBJECT_VOXELS: f32 = 40.0;
/// Anything less likely to be an object is not shown as one, unless it is too large to pass over:
/// the networks have only seen made rooms, and real scans hold more than those.
const OBJECT_SCORE: f32 = 0.1;
/// What lies flat on the shell must be surer: shadows and worn floors look like rugs.
const FLAT_SCORE: f32 = 0.5;
/// A thing of so many voxels and so high and wide, metres, is always shown.
const LARGE_VOXELS: f32 = 300.0;
const LARGE_M: f32 = 0.2;
/// How an object's size counts in what a cut promises. At 1 a table with all its chairs outweighs the
/// table and each chair alone; near 0 everything falls into pieces. Chosen on rooms of the val split.
const SIZE_POWER: f32 = 0.8;

/// The objects chosen from a tree of joints.
#[derive(Debug, Default)]
pub(crate) struct Cut {
    /// For each leaf its object, one more than the index of its score; 0 for none.
    pub(crate) group_of_leaf: Vec<u32>,
    /// The probability that each is an object, 0..=1.
    pub(crate) scores: Vec<f32>,
    /// The node of the tree that each is.
    pub(crate) nodes: Vec<usize>,
}

/// How likely each node of a tree is one whole object, 0..=1.
pub(crate) fn scores(tree: &[Node], voxel_m: f32, objectness: &Perceptron) -> Vec<f32> {
    let score = |node: &Node| {
        if node.region.voxels < OBJECT_VOXELS {
            return 0.0;
        }
        plausibility(&node.region.bounds) * objectness.probability(&object_features(node, voxel_m))
    };
    tree.iter().map(score).collect()
}

/// Of all ways to cut the tree the one that promises most: the sum over its objects of
/// voxels^[`SIZE_POWER`] × the probability of being one object. A joint too many is undone where its
/// parts look more like objects than the whole.
pub(crate) fn best_cut(tree: &[Node], scores: &[f32]) -> Cut {
    let mut value = vec![0.0_f32; tree.len()];
    let mut whole = vec![true; tree.len()];
    let mut has_parent = vec![false; tree.len()];
    // Children stand before their joint.
    for (index, node) in tree.iter().enumerate() {
        value[index] = scores[index] * libm::powf(node.region.voxels, SIZE_POWER);
        if let Some(children) = node.children {
            let parts: f32 = children.iter().map(|child| value[*child as usize]).sum();
            if parts > value[index] {
                value[index] = parts;
                whole[index] = false;
            }
            for child in children {
                has_parent[child as usize] = true;
            }
        }
    }
    let leaves = tree.iter().filter(|node| node.children.is_none()).count();
    let mut cut = Cut { group_of_leaf: vec![0; leaves], scores: Vec::new(), nodes: Vec::new() };
    let roots = (0..tree.len()).filter(|node| !has_parent[*node]);
    let mut open: Vec<(usize, u32)> = roots.map(|root| (root, 0)).collect();
    while let Some((index, mut group)) = open.pop() {
        let node = &tree[index];
        let decided = group > 0 || whole[index];
        if group == 0 && whole[index] && is_shown(&node.region, scores[index]) {
            cut.scores.push(scores[index]);
            cut.nodes.push(index);
            group = cut.scores.len() as u32;
        }
        match node.children {
            // What was taken whole but is not shown stays hidden with all its parts.
            Some(children) if !decided || group > 0 => {
                open.extend(children.map(|child| (child as usize, group)));
            }
            Some(_) => {}
            None => cut.group_of_leaf[index] = group,
        }
    }
    cut
}

fn is_shown(region: &Region, score: f32) -> bool {
    let size = region.bounds.size();
    let flat = (region.on_wall + region.on_floor) > 0.5 * region.voxels;
    let large = region.voxels >= LARGE_VOXELS && size.z >= LARGE_M && size.x.min(size.y) >= LARGE_M;
    let least = match (flat, large) {
        (true, _) => FLAT_SCORE,
        (false, true) => 0.0,
        (false, false) => OBJECT_SCORE,
    };
    region.voxels >= OBJECT_VOXELS && score >= least
}
