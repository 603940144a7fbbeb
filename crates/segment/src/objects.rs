use crate::{
    affinity::Learned,
    agglomerate::{Agglomeration, Node},
    contour::{ContourMerge, Edge, FEATURES},
    decals,
    finish::points_of_groups,
    found::Found,
    grid::VoxelGrid,
    keymap::NONE,
    regions::RegionGraph,
    select,
    shell::{Part, Shell, THING},
    stepper::Shapes,
};
use scene::Superpoints;

/// Weight of the contour against the Ward cost; see [`ContourMerge`].
const REG: f32 = 0.1;
/// A superpoint has at least so many voxels where it has a neighbour to merge with.
const SUPERPOINT_VOXELS: f32 = 10.0;
/// How much normals and colours count in the Ward cost.
const NORMAL_WEIGHT: f32 = 0.8;
const COLOUR_WEIGHT: f32 = 1.7;
/// Pairs this likely to be one object are joined; the cut of the tree takes apart what is joined
/// too much.
pub(crate) const JOIN: f32 = 0.4;
/// Joins per step.
const JOINS_PER_STEP: usize = 2000;
/// The way from things to objects: superpoints, then their agglomeration.
#[derive(Debug)]
pub(crate) struct ObjectSearch {
    shapes: Shapes,
    shell: Shell,
    /// The node of each voxel in the merging at hand.
    node_of_voxel: Vec<u32>,
    superpoints: Superpoints,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    Merge { merge: ContourMerge, things: usize },
    Regions { region_of_voxel: Vec<u32>, count: usize },
    Agglomerate { region_of_voxel: Vec<u32>, agglomeration: Agglomeration },
    Ended,
}

impl ObjectSearch {
    pub(crate) fn new(shapes: Shapes, shell: Shell) -> Self {
        let mut node_of_voxel = vec![NONE; shapes.grid.len()];
        let mut features = Vec::new();
        for (voxel, node) in node_of_voxel.iter_mut().enumerate() {
            let thing = shell.is_thing(voxel);
            if thing || shell.part_of(voxel).is_some_and(decals::carries) {
                *node = features.len() as u32;
                features.push(if thing {
                    voxel_features(&shapes, voxel)
                } else {
                    decals::patch_features(&shapes, &shell, voxel)
                });
            }
        }
        let things = features.len();
        let mut edges = Vec::new();
        for (voxel, &node) in node_of_voxel.iter().enumerate() {
            if node == NONE {
                continue;
            }
            for &other in shapes.adjacency.of(voxel) {
                let neighbour = node_of_voxel[other as usize];
                // A gap edge may be known to one of the two alone.
                let mine = node < neighbour
                    || shapes.adjacency.of(other as usize).binary_search(&(voxel as u32)).is_err();
                let same = shell.plane_of_voxel[voxel] == shell.plane_of_voxel[other as usize];
                if neighbour != NONE && mine && same {
                    let (a, b) = (node.min(neighbour), node.max(neighbour));
                    edges.push(Edge { a, b, weight: 1.0 });
                }
            }
        }
        let merge = ContourMerge::new(features, edges);
        let stage = Stage::Merge { merge, things };
        Self { shapes, shell, node_of_voxel, superpoints: Superpoints::default(), stage }
    }

    pub(crate) fn into_parts(self) -> (VoxelGrid, Shell, Superpoints) {
        (self.shapes.grid, self.shell, self.superpoints)
    }

    pub(crate) fn progress(&self) -> (u64, u64) {
        match &self.stage {
            Stage::Merge { merge, things } => ((things - merge.len()) as u64, *things as u64),
            Stage::Agglomerate { agglomeration, .. } => agglomeration.progress(),
            Stage::Regions { .. } | Stage::Ended => (0, 1),
        }
    }

    /// Runs up to the agglomeration and hands out what it would start from.
    #[cfg(feature = "training")]
    pub(crate) fn into_regions(mut self) -> (RegionGraph, Vec<u32>, VoxelGrid) {
        loop {
            if let Stage::Regions { region_of_voxel, count } = self.stage {
                let (graph, region_of_voxel) =
                    region_graph(&self.shapes, &self.shell, region_of_voxel, count);
                return (graph, region_of_voxel, self.shapes.grid);
            }
            self.step();
        }
    }

    /// Works on; the objects once they are all found.
    pub(crate) fn step(&mut self) -> Option<Vec<Found>> {
        self.stage = match std::mem::replace(&mut self.stage, Stage::Ended) {
            Stage::Merge { mut merge, things } => {
                if merge.round(REG, SUPERPOINT_VOXELS) > 0 {
                    Stage::Merge { merge, things }
                } else {
                    let count = merge.len();
                    let nodes = merge.into_nodes();
                    let region = |node: &u32| nodes.get(*node as usize).copied().unwrap_or(NONE);
                    let region_of_voxel = self.node_of_voxel.iter().map(region).collect();
                    Stage::Regions { region_of_voxel, count }
                }
            }
            Stage::Regions { region_of_voxel, count } => {
                let (graph, region_of_voxel) =
                    region_graph(&self.shapes, &self.shell, region_of_voxel, count);
                let voxel_m = self.shapes.grid.size;
                let agglomeration = Agglomeration::new(graph, voxel_m, &mut Learned);
                Stage::Agglomerate { region_of_voxel, agglomeration }
            }
            Stage::Agglomerate { region_of_voxel, mut agglomeration } => {
                if agglomeration.step(JOIN, JOINS_PER_STEP, &mut Learned) {
                    return Some(self.objects(&region_of_voxel, &agglomeration.into_tree()));
                }
                Stage::Agglomerate { region_of_voxel, agglomeration }
            }
            Stage::Ended => return Some(Vec::new()),
        };
        None
    }

    fn objects(&mut self, region_of_voxel: &[u32], tree: &[Node]) -> Vec<Found> {
        let scores = select::scores(tree, self.shapes.grid.size);
        let chosen = select::best_cut(tree, &scores);
        self.superpoints = superpoints(&self.shapes.grid, region_of_voxel, tree, scores);
        let group = |region: &u32| chosen.group_of_leaf.get(*region as usize).copied().unwrap_or(0);
        let groups: Vec<u32> = region_of_voxel.iter().map(group).collect();
        // What lies flat on a wall and is an object is no longer the wall.
        for (voxel, group) in groups.iter().enumerate() {
            if *group > 0 {
                self.shell.plane_of_voxel[voxel] = THING;
            }
        }
        let points = points_of_groups(&self.shapes.grid, &groups, chosen.scores.len());
        let mut found: Vec<Found> = points
            .into_iter()
            .zip(chosen.scores)
            .map(|(points, score)| Found { id: 0, points, score })
            .collect();
        found.sort_by_key(|object| std::cmp::Reverse(object.points.len()));
        for (index, object) in found.iter_mut().enumerate() {
            object.id = index as u32 + 1;
        }
        found
    }
}

/// The tree of joints, with the superpoint of each point.
fn superpoints(
    grid: &VoxelGrid,
    region_of_voxel: &[u32],
    tree: &[Node],
    scores: Vec<f32>,
) -> Superpoints {
    let of_voxel = |voxel: &u32| region_of_voxel.get(*voxel as usize).copied().unwrap_or(NONE);
    let joints: Vec<[u32; 2]> = tree.iter().filter_map(|node| node.children).collect();
    Superpoints {
        of_point: grid.voxel_of_point.iter().map(of_voxel).collect(),
        count: (tree.len() - joints.len()) as u32,
        joints,
        scores,
    }
}

/// The regions that may become objects: superpoints of things, and patches of the shell that
/// stand out from it. Second, the region of each voxel, [`NONE`] for the bare shell.
fn region_graph(
    shapes: &Shapes,
    shell: &Shell,
    mut region_of_voxel: Vec<u32>,
    count: usize,
) -> (RegionGraph, Vec<u32>) {
    let (bare, colours) = decals::bare_patches(shapes, shell, &region_of_voxel, count);
    let mut new_of_old = vec![NONE; count];
    let mut bare_colours = Vec::new();
    for (old, new) in new_of_old.iter_mut().enumerate() {
        if !bare[old] {
            *new = bare_colours.len() as u32;
            bare_colours.push(colours[old]);
        }
    }
    for region in &mut region_of_voxel {
        *region = new_of_old.get(*region as usize).copied().unwrap_or(NONE);
    }
    let kind = |voxel: usize| match shell.part_of(voxel) {
        Some(Part::Floor) => 1,
        Some(Part::Wall) => 2,
        _ => 0,
    };
    let count = bare_colours.len();
    let graph = RegionGraph::new(shapes, &region_of_voxel, count, kind, &bare_colours);
    (graph, region_of_voxel)
}

fn voxel_features(shapes: &Shapes, voxel: usize) -> [f32; FEATURES] {
    let n = shapes.surface.normals[voxel];
    // Where the surface is no surface its normal says nothing.
    let trust = NORMAL_WEIGHT * (1.5 * shapes.surface.planarity[voxel]).min(1.0);
    let cross = trust * std::f32::consts::SQRT_2;
    let c = shapes.grid.colours.get(voxel).copied().unwrap_or_default() * COLOUR_WEIGHT;
    [
        trust * n.x * n.x,
        trust * n.y * n.y,
        trust * n.z * n.z,
        cross * n.x * n.y,
        cross * n.x * n.z,
        cross * n.y * n.z,
        c.x,
        c.y,
        c.z,
    ]
}
