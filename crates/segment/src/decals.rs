//! What lies flat on the shell — pictures, doors, rugs — and differs from it in colour or depth.

use crate::{
    keymap::NONE,
    shell::{Part, Shell, THING},
    stepper::Shapes,
};
use glam::Vec3;

/// Weight of a voxel's colour and of its offset from its plane, in voxels, in the Ward cost.
const COLOUR_WEIGHT: f32 = 2.2;
const OFFSET_WEIGHT: f32 = 0.25;
/// A patch joins the bare plane across a border whose colour step is at most this, 0..=√3, or at
/// most so many times the step that is usual between neighbours on that plane.
const BARE_STEP: f32 = 0.05;
const BARE_TEXTURE: f32 = 1.6;
/// A patch whose mean colour is this near the bare plane's is bare as well.
const BARE_COLOUR: f32 = 0.06;

/// Whether a part of the shell may carry flat things.
pub(crate) fn carries(part: Part) -> bool {
    matches!(part, Part::Floor | Part::Wall)
}

/// The features by which the voxels of a plane are merged to patches.
pub(crate) fn patch_features(shapes: &Shapes, shell: &Shell, voxel: usize) -> [f32; 9] {
    let colour = shapes.grid.colours.get(voxel).copied().unwrap_or_default() * COLOUR_WEIGHT;
    let label = shell.plane_of_voxel[voxel];
    let offset = match shell.planes.get(usize::from(label).wrapping_sub(1)) {
        Some(plane) => plane.height_of(shapes.grid.positions[voxel]) / shapes.grid.size,
        None => 0.0,
    };
    [OFFSET_WEIGHT * offset, 0.0, 0.0, 0.0, 0.0, 0.0, colour.x, colour.y, colour.z]
}

#[derive(Clone, Copy, Default)]
struct Patch {
    label: u8,
    voxels: f32,
    colour: Vec3,
    bare: bool,
}

/// Which superpoints are the bare shell: on each plane the largest patch, and whatever continues
/// it without a step in colour. Second, the colour of each superpoint's bare plane.
pub(crate) fn bare_patches(
    shapes: &Shapes,
    shell: &Shell,
    region_of_voxel: &[u32],
    count: usize,
) -> (Vec<bool>, Vec<Option<Vec3>>) {
    let mut patches = vec![Patch::default(); count];
    let colour_of = |voxel: usize| shapes.grid.colours.get(voxel).copied().unwrap_or_default();
    for (voxel, &region) in region_of_voxel.iter().enumerate() {
        if region != NONE {
            let patch = &mut patches[region as usize];
            patch.label = shell.plane_of_voxel[voxel];
            patch.voxels += 1.0;
            patch.colour += colour_of(voxel);
        }
    }
    for patch in &mut patches {
        patch.colour /= patch.voxels.max(1.0);
    }
    let mut largest: Vec<Option<usize>> = vec![None; shell.planes.len() + 1];
    for (index, patch) in patches.iter().enumerate() {
        let slot = &mut largest[usize::from(patch.label)];
        if patch.label != THING && slot.is_none_or(|best| patch.voxels > patches[best].voxels) {
            *slot = Some(index);
        }
    }
    let bare_colour = |label: u8| largest[usize::from(label)].map(|index| patches[index].colour);
    let bare_colours: Vec<Option<Vec3>> =
        patches.iter().map(|patch| bare_colour(patch.label)).collect();
    for (patch, colour) in patches.iter_mut().zip(&bare_colours) {
        patch.bare = patch.label != THING
            && colour.is_some_and(|colour| colour.distance(patch.colour) < BARE_COLOUR);
    }
    spread(shapes, region_of_voxel, &mut patches);
    (patches.into_iter().map(|patch| patch.bare).collect(), bare_colours)
}

/// Lets bareness spread over borders without a step, patch by patch.
fn spread(shapes: &Shapes, region_of_voxel: &[u32], patches: &mut [Patch]) {
    let colours = &shapes.grid.colours;
    let mut rows: Vec<(u64, f32)> = Vec::new();
    // Between neighbours of one patch: how rough the plane's own colour is.
    let mut texture = [(0.0_f64, 0_u32); 256];
    for (voxel, &region) in region_of_voxel.iter().enumerate() {
        if region == NONE || patches[region as usize].label == THING {
            continue;
        }
        let label = patches[region as usize].label;
        for &other in shapes.adjacency.of(voxel) {
            let near = region_of_voxel[other as usize];
            if near == NONE || patches[near as usize].label != label {
                continue;
            }
            let step = match (colours.get(voxel), colours.get(other as usize)) {
                (Some(a), Some(b)) => a.distance(*b),
                _ => 0.0,
            };
            if near == region {
                let usual = &mut texture[usize::from(label)];
                *usual = (usual.0 + f64::from(step), usual.1 + 1);
            } else {
                rows.push((u64::from(region) << 32 | u64::from(near), step));
            }
        }
    }
    rows.sort_by_key(|row| row.0);
    let borders: Vec<(usize, usize)> = rows
        .chunk_by(|a, b| a.0 == b.0)
        .filter_map(|run| {
            let mean = run.iter().map(|row| row.1).sum::<f32>() / run.len() as f32;
            let (a, b) = ((run[0].0 >> 32) as usize, (run[0].0 & 0xFFFF_FFFF) as usize);
            let (sum, count) = texture[usize::from(patches[a].label)];
            let usual = (sum / f64::from(count.max(1))) as f32;
            (mean <= BARE_STEP.max(BARE_TEXTURE * usual)).then_some((a, b))
        })
        .collect();
    loop {
        let mut changed = false;
        for &(a, b) in &borders {
            if patches[a].bare && !patches[b].bare {
                patches[b].bare = true;
                changed = true;
            }
        }
        if !changed {
            return;
        }
    }
}
