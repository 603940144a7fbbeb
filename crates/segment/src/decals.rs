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

/// A patch so large, m², that the bare plane borders on less than this share of a circle's edge of
/// its area is the plane's in another room, where it has another colour.
const OTHER_ROOM_M2: f32 = 3.0;
const OTHER_ROOM_BORDER: f32 = 0.25;

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

/// The superpoints of a shell, with the colour of each one's bare plane, which is that of the
/// plane's largest.
fn patches(
    shapes: &Shapes,
    shell: &Shell,
    region_of_voxel: &[u32],
    count: usize,
) -> (Vec<Patch>, Vec<Option<Vec3>>) {
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
    let bare_colour =
        |patch: &Patch| largest[usize::from(patch.label)].map(|index: usize| patches[index].colour);
    let bare_colours = patches.iter().map(bare_colour).collect();
    (patches, bare_colours)
}

/// The colour of each superpoint's bare plane.
pub(crate) fn bare_colours(
    shapes: &Shapes,
    shell: &Shell,
    region_of_voxel: &[u32],
    count: usize,
) -> Vec<Option<Vec3>> {
    patches(shapes, shell, region_of_voxel, count).1
}

/// Which superpoints are the bare shell: on each plane the largest patch, and whatever continues
/// it without a step in colour.
pub(crate) fn bare_patches(
    shapes: &Shapes,
    shell: &Shell,
    region_of_voxel: &[u32],
    count: usize,
) -> Vec<bool> {
    let (mut patches, bare_colours) = patches(shapes, shell, region_of_voxel, count);
    for (patch, colour) in patches.iter_mut().zip(bare_colours) {
        patch.bare = patch.label != THING
            && colour.is_some_and(|colour| colour.distance(patch.colour) < BARE_COLOUR);
    }
    let borders = smooth_borders(shapes, region_of_voxel, &patches);
    spread(&borders, &mut patches);
    add_other_rooms(shapes, region_of_voxel, &borders, &mut patches);
    patches.into_iter().map(|patch| patch.bare).collect()
}

/// A rug lies on the floor and a picture hangs on the wall: the bare plane goes all round them. The
/// floor of the next room meets it in a door. `borders` are pairs of patches without a step in
/// colour between them.
fn add_other_rooms(
    shapes: &Shapes,
    region_of_voxel: &[u32],
    borders: &[(usize, usize)],
    patches: &mut [Patch],
) {
    let mut group: Vec<usize> = (0..patches.len()).collect();
    for &(a, b) in borders.iter().filter(|(a, b)| !patches[*a].bare && !patches[*b].bare) {
        let (a, b) = (root(&mut group, a), root(&mut group, b));
        group[a.max(b)] = a.min(b);
    }
    let group: Vec<usize> = (0..patches.len()).map(|patch| root(&mut group, patch)).collect();
    let (mut voxels, mut border) = (vec![0.0_f32; patches.len()], vec![0.0_f32; patches.len()]);
    for (voxel, &region) in region_of_voxel.iter().enumerate() {
        let Some(patch) = patches.get(region as usize) else { continue };
        let meets_bare = |other: &u32| {
            let near = patches.get(region_of_voxel[*other as usize] as usize);
            near.is_some_and(|near| near.bare && near.label == patch.label)
        };
        voxels[group[region as usize]] += 1.0;
        if shapes.adjacency.of(voxel).iter().any(meets_bare) {
            border[group[region as usize]] += 1.0;
        }
    }
    let voxel_m2 = shapes.grid.size * shapes.grid.size;
    for (patch, &group) in patches.iter_mut().zip(&group) {
        let circle = 2.0 * (std::f32::consts::PI * voxels[group]).sqrt();
        let is_large = voxels[group] * voxel_m2 > OTHER_ROOM_M2;
        patch.bare |=
            patch.label != THING && is_large && border[group] < OTHER_ROOM_BORDER * circle;
    }
}

fn root(parent: &mut [usize], mut at: usize) -> usize {
    while parent[at] != at {
        parent[at] = parent[parent[at]];
        at = parent[at];
    }
    at
}

/// The pairs of patches of one plane between which there is no step in colour, both ways round.
fn smooth_borders(
    shapes: &Shapes,
    region_of_voxel: &[u32],
    patches: &[Patch],
) -> Vec<(usize, usize)> {
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
    rows.chunk_by(|a, b| a.0 == b.0)
        .filter_map(|run| {
            let mean = run.iter().map(|row| row.1).sum::<f32>() / run.len() as f32;
            let (a, b) = ((run[0].0 >> 32) as usize, (run[0].0 & 0xFFFF_FFFF) as usize);
            let (sum, count) = texture[usize::from(patches[a].label)];
            let usual = (sum / f64::from(count.max(1))) as f32;
            (mean <= BARE_STEP.max(BARE_TEXTURE * usual)).then_some((a, b))
        })
        .collect()
}

/// Lets bareness spread over such borders, patch by patch.
fn spread(borders: &[(usize, usize)], patches: &mut [Patch]) {
    loop {
        let mut changed = false;
        for &(a, b) in borders {
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
