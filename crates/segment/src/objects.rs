use crate::{
    affinity::Learned,
    agglomerate::Agglomeration,
    contour::{ContourMerge, Edge, FEATURES},
    finish::{Found, points_of_groups},
    grid::VoxelGrid,
    keymap::NONE,
    regions::RegionGraph,
    shell::{Part, Shell},
    stepper::Shapes,
};

/// Weight of the contour against the Ward cost; see [`ContourMerge`].
const REG: f32 = 0.1;
/// A superpoint has at least so many voxels where it has a neighbour to merge with.
const SUPERPOINT_VOXELS: f32 = 10.0;
/// How much normals and colours count in the Ward cost.
const NORMAL_WEIGHT: f32 = 0.8;
const COLOUR_WEIGHT: f32 = 1.7;
/// Pairs this likely to be one object are joined.
const JOIN: f32 = 0.5;
/// Joins per step.
const JOINS_PER_STEP: usize = 2000;
/// Fewer voxels than this are no object.
pub(crate) const OBJECT_VOXELS: f32 = 40.0;

/// The way from things to objects: superpoints, then their agglomeration.
#[derive(Debug)]
pub(crate) struct ObjectSearch {
    shapes: Shapes,
    shell_kind: Vec<u8>,
    /// The node of each voxel in the merging at hand.
    node_of_voxel: Vec<u32>,
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
    pub(crate) fn new(shapes: Shapes, shell: &Shell) -> Self {
        let shell_kind = (0..shapes.grid.len()).map(|voxel| kind(shell, voxel)).collect();
        let mut node_of_voxel = vec![NONE; shapes.grid.len()];
        let mut features = Vec::new();
        for voxel in 0..shapes.grid.len() {
            if shell.is_thing(voxel) {
                node_of_voxel[voxel] = features.len() as u32;
                features.push(voxel_features(&shapes, voxel));
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
                if neighbour != NONE && mine {
                    let (a, b) = (node.min(neighbour), node.max(neighbour));
                    edges.push(Edge { a, b, weight: 1.0 });
                }
            }
        }
        let merge = ContourMerge::new(features, edges);
        Self { shapes, shell_kind, node_of_voxel, stage: Stage::Merge { merge, things } }
    }

    pub(crate) fn into_grid(self) -> VoxelGrid {
        self.shapes.grid
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
                let kind = |voxel: usize| self.shell_kind[voxel];
                let graph = RegionGraph::new(&self.shapes, &region_of_voxel, count, kind);
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
                let kind = |voxel: usize| self.shell_kind[voxel];
                let graph = RegionGraph::new(&self.shapes, &region_of_voxel, count, kind);
                let voxel_m = self.shapes.grid.size;
                let agglomeration = Agglomeration::new(graph, voxel_m, &mut Learned);
                Stage::Agglomerate { region_of_voxel, agglomeration }
            }
            Stage::Agglomerate { region_of_voxel, mut agglomeration } => {
                if agglomeration.step(JOIN, JOINS_PER_STEP, &mut Learned) {
                    return Some(self.objects(&region_of_voxel, &agglomeration));
                }
                Stage::Agglomerate { region_of_voxel, agglomeration }
            }
            Stage::Ended => return Some(Vec::new()),
        };
        None
    }

    fn objects(&self, region_of_voxel: &[u32], agglomeration: &Agglomeration) -> Vec<Found> {
        let mut group_of_region = vec![0_u32; agglomeration.regions.len()];
        let mut scores = Vec::new();
        for (index, region) in agglomeration.regions.iter().enumerate() {
            if agglomeration.stands(index) && region.voxels >= OBJECT_VOXELS {
                scores.push(score(agglomeration, index));
                group_of_region[index] = scores.len() as u32;
            }
        }
        let group = |region: &u32| match *region {
            NONE => 0,
            region => group_of_region[agglomeration.root(region) as usize],
        };
        let groups: Vec<u32> = region_of_voxel.iter().map(group).collect();
        let points = points_of_groups(&self.shapes.grid, &groups, scores.len());
        let mut found: Vec<Found> = points
            .into_iter()
            .zip(scores)
            .map(|(points, score)| Found { id: 0, points, score })
            .collect();
        found.sort_by_key(|object| std::cmp::Reverse(object.points.len()));
        for (index, object) in found.iter_mut().enumerate() {
            object.id = index as u32 + 1;
        }
        found
    }
}

/// The affinity from which two regions are joined.
#[cfg(feature = "training")]
pub(crate) fn join_threshold() -> f32 {
    JOIN
}

fn kind(shell: &Shell, voxel: usize) -> u8 {
    match shell.plane_of_voxel[voxel].checked_sub(1).map(|plane| shell.planes[plane as usize].part) {
        Some(Part::Floor) => 1,
        Some(Part::Wall) => 2,
        _ => 0,
    }
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

fn score(agglomeration: &Agglomeration, region: usize) -> f32 {
    let alone = 1.0 - agglomeration.strongest_tie(region);
    let size = (agglomeration.regions[region].voxels / 400.0).min(1.0).sqrt();
    (0.5 * alone + 0.2 * agglomeration.weakest[region] + 0.3 * size).clamp(0.0, 1.0)
}
