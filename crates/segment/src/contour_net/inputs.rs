use crate::{
    shell::{Part, Shell},
    stepper::Shapes,
};
use glam::Vec3;

/// Numbers that describe a voxel to the network.
pub(crate) const INPUTS: usize = 24;

/// A voxel of this edge gives 0 for its size, metres.
const USUAL_VOXEL_M: f32 = 0.025;
/// Heights are told in these, metres.
const HEIGHT_M: f32 = 1.0;

/// What is known of a voxel: colour and whether there is any (4), the outer product of its normal
/// (6), planarity, linearity, height over the floor, the voxel's edge, how many neighbours it has,
/// floor, ceiling or wall (3), how far it lies before its plane, in voxels, and where the middle of
/// its neighbours lies, in voxels (3); the last two are 0.
pub(crate) fn inputs(shapes: &Shapes, shell: &Shell, voxel: usize) -> [f32; INPUTS] {
    let here = shapes.grid.positions[voxel];
    let size = shapes.grid.size;
    let n = shapes.surface.normals[voxel];
    let near = shapes.adjacency.of(voxel);
    let sum: Vec3 = near.iter().map(|other| shapes.grid.positions[*other as usize] - here).sum();
    let middle = sum / (size * near.len().max(1) as f32);
    let colour = shapes.grid.colours.get(voxel);
    let c = colour.map_or(Vec3::ZERO, |colour| 2.0 * *colour - Vec3::ONE);
    let part = shell.part_of(voxel);
    let is = |wanted: Part| f32::from(u8::from(part == Some(wanted)));
    let label = usize::from(shell.plane_of_voxel[voxel]);
    let before = label
        .checked_sub(1)
        .and_then(|plane| shell.planes.get(plane))
        .map_or(0.0, |plane| plane.height_of(here) / size);
    [
        c.x,
        c.y,
        c.z,
        f32::from(u8::from(colour.is_some())),
        n.x * n.x,
        n.y * n.y,
        n.z * n.z,
        n.x * n.y,
        n.x * n.z,
        n.y * n.z,
        shapes.surface.planarity[voxel],
        shapes.surface.linearity[voxel],
        (here.z / HEIGHT_M).clamp(-0.5, 3.0),
        libm::logf(size / USUAL_VOXEL_M),
        near.len() as f32 / 26.0,
        is(Part::Floor),
        is(Part::Ceiling),
        is(Part::Wall),
        before.clamp(-4.0, 4.0),
        middle.x,
        middle.y,
        middle.z,
        0.0,
        0.0,
    ]
}
