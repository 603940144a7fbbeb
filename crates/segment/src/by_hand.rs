//! What stands for the networks where there are none: hand-made features of voxels, and contour-prior
//! merging on to whole objects.

use crate::{
    contour_net::{EMBEDDING, MEANING, VoxelCodes},
    decals,
    shell::Shell,
    stepper::Shapes,
};

/// How much normals and colours count in the Ward cost.
const NORMAL_WEIGHT: f32 = 0.8;
const COLOUR_WEIGHT: f32 = 1.7;
/// Weights of the contour, ever greater: superpoints first, objects last. Of six lists the one with the
/// best F1 on eight homes of the val split.
pub(crate) const REGS: [f32; 3] = [0.1, 0.6, 3.0];
/// Of every object the probability that it is one.
pub(crate) const SCORE: f32 = 0.5;

/// Normals and colours for an embedding; what is not of the shell is a thing.
pub(crate) fn codes(shapes: &Shapes, shell: &Shell) -> VoxelCodes {
    let voxels = 0..shapes.grid.len();
    let embedding = |voxel: usize| {
        if shell.is_thing(voxel) {
            features(shapes, voxel)
        } else {
            decals::patch_features(shapes, shell, voxel)
        }
    };
    VoxelCodes {
        embedding: voxels.clone().map(embedding).collect(),
        thing: voxels.map(|voxel| f32::from(u8::from(shell.is_thing(voxel)))).collect(),
        middle: shapes.grid.positions.clone(),
        cell_of_voxel: vec![0; shapes.grid.len()],
        meaning: vec![[0.0; MEANING]],
    }
}

fn features(shapes: &Shapes, voxel: usize) -> [f32; EMBEDDING] {
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
