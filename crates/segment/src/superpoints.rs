//! What superpoints are made of, and which of them may become objects.

use crate::{
    contour::{Edge, FEATURES},
    contour_net::VoxelCodes,
    decals,
    keymap::NONE,
    regions::RegionGraph,
    shell::{Part, Shell},
    stepper::Shapes,
};

/// A superpoint of the shell of which the network is this sure that it is a thing may be one.
const THING_ON_SHELL: f32 = 0.15;

/// The voxels that superpoints are made of.
pub(crate) struct Nodes {
    /// The node of each voxel; [`NONE`] where nothing can be, as on the ceiling.
    pub(crate) of_voxel: Vec<u32>,
    /// The embedding of each node.
    pub(crate) embeddings: Vec<[f32; FEATURES]>,
    /// Which nodes touch.
    pub(crate) edges: Vec<Edge>,
}

/// Voxels of things, and of what may carry flat things. Only voxels of one plane, or of none, touch.
pub(crate) fn nodes(shapes: &Shapes, shell: &Shell, codes: &VoxelCodes) -> Nodes {
    let mut of_voxel = vec![NONE; shapes.grid.len()];
    let mut embeddings = Vec::new();
    for (voxel, node) in of_voxel.iter_mut().enumerate() {
        if shell.is_thing(voxel) || shell.part_of(voxel).is_some_and(decals::carries) {
            *node = embeddings.len() as u32;
            embeddings.push(codes.embedding[voxel]);
        }
    }
    let mut edges = Vec::new();
    for (voxel, &node) in of_voxel.iter().enumerate().filter(|(_, node)| **node != NONE) {
        for &other in shapes.adjacency.of(voxel) {
            let neighbour = of_voxel[other as usize];
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
    Nodes { of_voxel, embeddings, edges }
}

/// The regions that may become objects: superpoints of things, and patches of the shell that stand
/// out from it, as the network sees it or by colour. Second, the region of each voxel, [`NONE`] for
/// the bare shell.
pub(crate) fn region_graph(
    shapes: &Shapes,
    shell: &Shell,
    codes: &VoxelCodes,
    is_learned: bool,
    mut region_of_voxel: Vec<u32>,
    count: usize,
) -> (RegionGraph, Vec<u32>) {
    let colours = decals::bare_colours(shapes, shell, &region_of_voxel, count);
    let bare = if is_learned {
        bare_as_learned(shell, codes, &region_of_voxel, count)
    } else {
        decals::bare_patches(shapes, shell, &region_of_voxel, count)
    };
    let mut new_of_old = vec![NONE; count];
    let mut bare_colours = Vec::new();
    for (old, new) in new_of_old.iter_mut().enumerate().filter(|(old, _)| !bare[*old]) {
        *new = bare_colours.len() as u32;
        bare_colours.push(colours[old]);
    }
    for region in &mut region_of_voxel {
        *region = new_of_old.get(*region as usize).copied().unwrap_or(NONE);
    }
    let kind = |voxel: usize| match shell.part_of(voxel) {
        Some(Part::Floor) => 1,
        Some(Part::Wall) => 2,
        _ => 0,
    };
    let graph = RegionGraph::new(shapes, codes, &region_of_voxel, kind, &bare_colours);
    (graph, region_of_voxel)
}

/// Which superpoints are the bare shell: those on it that the network takes for it.
fn bare_as_learned(
    shell: &Shell,
    codes: &VoxelCodes,
    region_of_voxel: &[u32],
    count: usize,
) -> Vec<bool> {
    // Voxels, those on the shell, probabilities of being a thing.
    let mut sums = vec![[0.0_f32; 3]; count];
    for (voxel, &region) in region_of_voxel.iter().enumerate() {
        if let Some(sums) = sums.get_mut(region as usize) {
            sums[0] += 1.0;
            sums[1] += f32::from(u8::from(!shell.is_thing(voxel)));
            sums[2] += codes.thing[voxel];
        }
    }
    let is_bare = |[voxels, on_shell, thing]: [f32; 3]| {
        on_shell > 0.5 * voxels && thing < THING_ON_SHELL * voxels
    };
    sums.into_iter().map(is_bare).collect()
}
