use crate::{
    agglomerate::{Agglomeration, Node},
    by_hand,
    contour::ContourMerge,
    contour_net::{ContourWork, VoxelCodes},
    finish::GroupedPoints,
    found::Found,
    grid::VoxelGrid,
    keymap::NONE,
    naming,
    networks::{Affinity, Networks},
    regions::RegionGraph,
    select,
    shell::{Shell, THING},
    stepper::Shapes,
    superpoints,
};
use scene::{LabelGuess, Superpoints};

/// Weight of the contour against the Ward cost; see [`ContourMerge`].
const REG: f32 = 0.02;
/// A superpoint has at least so many voxels where it has a neighbour to merge with.
const SUPERPOINT_VOXELS: f32 = 10.0;
/// Pairs this likely to be one object are joined; the cut of the tree takes apart what is joined
/// too much.
pub(crate) const JOIN: f32 = 0.4;
/// Points given to their objects per step.
const POINTS_PER_STEP: usize = 1 << 19;
/// Pairs judged per step.
const PAIRS_PER_STEP: usize = 6000;

/// The way from voxels to objects: what the contour network sees, superpoints, their agglomeration.
#[derive(Debug)]
pub(crate) struct ObjectSearch {
    shapes: Shapes,
    shell: Shell,
    networks: Option<&'static Networks>,
    codes: VoxelCodes,
    /// The node of each voxel in the merging at hand.
    node_of_voxel: Vec<u32>,
    superpoints: Superpoints,
    stage: Stage,
}

/// What agglomeration starts from.
#[cfg(feature = "training")]
#[derive(Debug)]
pub(crate) struct Regions {
    pub(crate) graph: RegionGraph,
    pub(crate) region_of_voxel: Vec<u32>,
    pub(crate) shapes: Shapes,
    pub(crate) codes: VoxelCodes,
}

#[derive(Debug)]
enum Stage {
    /// The contour network goes over the voxels.
    Look {
        networks: &'static Networks,
        work: ContourWork,
    },
    /// What superpoints are to be made of.
    Nodes,
    /// Superpoints, with the weights of the contour still to come.
    Merge {
        merge: ContourMerge,
        things: usize,
        regs: &'static [f32],
    },
    /// Those that may become objects are chosen.
    Regions {
        region_of_voxel: Vec<u32>,
        count: usize,
    },
    /// They are joined.
    Agglomerate {
        region_of_voxel: Vec<u32>,
        agglomeration: Agglomeration,
        affinity: Affinity,
    },
    /// The tree is cut; points are given to its objects.
    Gather {
        region_of_voxel: Vec<u32>,
        points: GroupedPoints,
        objects: Vec<(f32, Option<LabelGuess>)>,
    },
    Ended,
}

impl ObjectSearch {
    /// Without networks by hand-made features.
    pub(crate) fn new(shapes: Shapes, shell: Shell, networks: Option<&'static Networks>) -> Self {
        let (codes, stage) = match networks {
            Some(networks) => {
                (VoxelCodes::default(), Stage::Look { networks, work: ContourWork::default() })
            }
            None => (by_hand::codes(&shapes, &shell), Stage::Nodes),
        };
        let superpoints = Superpoints::default();
        Self { shapes, shell, networks, codes, node_of_voxel: Vec::new(), superpoints, stage }
    }

    pub(crate) fn into_parts(self) -> (VoxelGrid, Shell, Superpoints) {
        (self.shapes.grid, self.shell, self.superpoints)
    }

    pub(crate) fn progress(&self) -> (u64, u64) {
        match &self.stage {
            Stage::Look { work, .. } => work.progress(&self.shapes),
            Stage::Merge { merge, things, .. } => ((things - merge.len()) as u64, *things as u64),
            Stage::Agglomerate { agglomeration, .. } => agglomeration.progress(),
            Stage::Gather { points, .. } => {
                (points.done() as u64, self.shapes.grid.voxel_of_point.len() as u64)
            }
            Stage::Nodes | Stage::Regions { .. } | Stage::Ended => (0, 1),
        }
    }

    #[cfg(feature = "training")]
    pub(crate) fn into_shapes(self) -> (Shapes, Shell) {
        (self.shapes, self.shell)
    }

    /// Runs up to the agglomeration and hands out what it would start from.
    #[cfg(feature = "training")]
    pub(crate) fn into_regions(mut self) -> Regions {
        loop {
            if let Stage::Regions { region_of_voxel, count } = &mut self.stage {
                let (region_of_voxel, count) = (std::mem::take(region_of_voxel), *count);
                let (graph, region_of_voxel) = self.region_graph(region_of_voxel, count);
                let Self { shapes, codes, .. } = self;
                return Regions { graph, region_of_voxel, shapes, codes };
            }
            self.step();
        }
    }

    /// Works on; the objects once they are all found.
    pub(crate) fn step(&mut self) -> Option<Vec<Found>> {
        self.stage = match std::mem::replace(&mut self.stage, Stage::Ended) {
            Stage::Look { networks, mut work } => {
                if work.step(&networks.contour, &self.shapes, &self.shell) {
                    self.codes = work.finish(&self.shapes);
                    Stage::Nodes
                } else {
                    Stage::Look { networks, work }
                }
            }
            Stage::Nodes => self.nodes(),
            Stage::Merge { mut merge, things, regs } => match regs {
                [] => {
                    let count = merge.len();
                    let nodes = merge.into_nodes();
                    let region = |node: &u32| nodes.get(*node as usize).copied().unwrap_or(NONE);
                    let region_of_voxel = self.node_of_voxel.iter().map(region).collect();
                    Stage::Regions { region_of_voxel, count }
                }
                [reg, rest @ ..] => {
                    let regs = if merge.round(*reg, SUPERPOINT_VOXELS) > 0 { regs } else { rest };
                    Stage::Merge { merge, things, regs }
                }
            },
            Stage::Regions { region_of_voxel, count } => {
                let (graph, region_of_voxel) = self.region_graph(region_of_voxel, count);
                match self.networks {
                    Some(networks) => {
                        let affinity = Affinity(&networks.affinity);
                        let voxel_m = self.shapes.grid.size;
                        let agglomeration = Agglomeration::new(graph, voxel_m);
                        Stage::Agglomerate { region_of_voxel, agglomeration, affinity }
                    }
                    None => {
                        let tree: Vec<Node> = graph.regions.iter().map(Node::leaf).collect();
                        let scores = vec![by_hand::SCORE; tree.len()];
                        self.cut(region_of_voxel, &tree, scores)
                    }
                }
            }
            Stage::Agglomerate { region_of_voxel, mut agglomeration, mut affinity } => {
                if agglomeration.step(JOIN, PAIRS_PER_STEP, &mut affinity) {
                    let (tree, voxel_m) = (agglomeration.into_tree(), self.shapes.grid.size);
                    let scores = self
                        .networks
                        .map(|networks| select::scores(&tree, voxel_m, &networks.objectness));
                    self.cut(region_of_voxel, &tree, scores.unwrap_or_default())
                } else {
                    Stage::Agglomerate { region_of_voxel, agglomeration, affinity }
                }
            }
            Stage::Gather { region_of_voxel, mut points, objects } => {
                if self.gather(&region_of_voxel, &mut points) {
                    return Some(numbered(points.finish(), objects));
                }
                Stage::Gather { region_of_voxel, points, objects }
            }
            Stage::Ended => return Some(Vec::new()),
        };
        None
    }

    fn nodes(&mut self) -> Stage {
        let nodes = superpoints::nodes(&self.shapes, &self.shell, &self.codes);
        self.node_of_voxel = nodes.of_voxel;
        let regs: &'static [f32] = if self.networks.is_some() { &[REG] } else { &by_hand::REGS };
        let things = nodes.embeddings.len();
        Stage::Merge { merge: ContourMerge::new(nodes.embeddings, nodes.edges), things, regs }
    }

    /// Cuts the tree; the points are still to be gathered.
    fn cut(&mut self, region_of_voxel: Vec<u32>, tree: &[Node], scores: Vec<f32>) -> Stage {
        let chosen = select::best_cut(tree, &scores);
        let group = |region: &u32| chosen.group_of_leaf.get(*region as usize).copied().unwrap_or(0);
        let groups: Vec<u32> = region_of_voxel.iter().map(group).collect();
        // What lies flat on a wall and is an object is no longer the wall.
        for (voxel, group) in groups.iter().enumerate() {
            if *group > 0 {
                self.shell.plane_of_voxel[voxel] = THING;
            }
        }
        let labels = self.labels(&groups, chosen.nodes.iter().map(|node| tree[*node]).collect());
        let joints: Vec<[u32; 2]> = tree.iter().filter_map(|node| node.children).collect();
        let of_point = Vec::with_capacity(self.shapes.grid.voxel_of_point.len());
        let count = (tree.len() - joints.len()) as u32;
        self.superpoints = Superpoints { of_point, count, joints, scores };
        let points = GroupedPoints::new(&self.shapes.grid, groups, chosen.scores.len());
        let objects = chosen.scores.into_iter().zip(labels).collect();
        Stage::Gather { region_of_voxel, points, objects }
    }

    /// Gives points to superpoints and objects; whether all have theirs.
    fn gather(&mut self, region_of_voxel: &[u32], points: &mut GroupedPoints) -> bool {
        let grid = &self.shapes.grid;
        let first = points.done();
        let ready = points.step(grid, POINTS_PER_STEP);
        let of_voxel = |voxel: &u32| region_of_voxel.get(*voxel as usize).copied().unwrap_or(NONE);
        let range = &grid.voxel_of_point[first..points.done()];
        self.superpoints.of_point.extend(range.iter().map(of_voxel));
        ready
    }

    /// What the objects may be, of which each voxel has its group and each group its node.
    fn labels(&self, group_of_voxel: &[u32], nodes: Vec<Node>) -> Vec<Option<LabelGuess>> {
        let Some(networks) = self.networks else { return vec![None; nodes.len()] };
        let Shapes { grid, surface, .. } = &self.shapes;
        let profiles = naming::profiles(grid, surface, &self.codes, group_of_voxel, &nodes);
        let label = |(node, profile)| {
            naming::name(networks, &naming::class_features(node, profile, grid.size))
        };
        nodes.iter().zip(&profiles).map(label).collect()
    }

    fn region_graph(&self, region_of_voxel: Vec<u32>, count: usize) -> (RegionGraph, Vec<u32>) {
        let Self { shapes, shell, codes, .. } = self;
        let is_learned = self.networks.is_some();
        superpoints::region_graph(shapes, shell, codes, is_learned, region_of_voxel, count)
    }
}

/// Largest first, which gives them their ids.
fn numbered(points: Vec<Vec<u32>>, objects: Vec<(f32, Option<LabelGuess>)>) -> Vec<Found> {
    let mut found: Vec<Found> = points
        .into_iter()
        .zip(objects)
        .map(|(points, (score, label))| Found { id: 0, points, score, label })
        .collect();
    found.sort_by_key(|object| std::cmp::Reverse(object.points.len()));
    for (id, object) in (1..).zip(&mut found) {
        object.id = id;
    }
    found
}
