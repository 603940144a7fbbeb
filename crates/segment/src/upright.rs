use crate::{grid::VoxelGrid, keymap::KeyMap, surface::Surface};
use glam::Vec3;

/// Cosine of the cone within which a normal speaks for a direction, and of a tighter one.
const CONE: f32 = 0.966;
/// Peaks of the normal histogram that are looked at.
const PEAKS: usize = 10;

/// The direction found to be up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Upright {
    /// Unit vector in file coordinates.
    pub(crate) up: Vec3,
    /// `up · p` of the floor, in the grid's coordinates; of the lowest points where there is none.
    pub(crate) floor: f32,
    /// How far this direction is ahead of any other, in the units of its score.
    pub(crate) lead: f32,
    /// The share of all voxels that lie on the floor.
    pub(crate) support: f32,
}

/// Finds up in a coarse grid of the file's points, or takes the direction given and finds the
/// floor alone.
///
/// Every peak of the histogram of normals, with both signs, is a candidate. What speaks for one:
/// a large plane across it with little below, things that lie in the lower half of the height,
/// a room that is wider than high, and lastly the habits of scanners (z up, y up, or a camera's y
/// down, tilted).
pub(crate) fn find_up(grid: &VoxelGrid, surface: &Surface, given: Option<Vec3>) -> Upright {
    if let Some(up) = given {
        let judged = judge(grid, surface, up);
        return Upright { up, floor: judged.floor, lead: f32::INFINITY, support: judged.support };
    }
    let mut judged: Vec<(Vec3, Judged)> = candidates(surface)
        .into_iter()
        .flat_map(|direction| [direction, -direction])
        .map(|direction| (direction, judge(grid, surface, direction)))
        .collect();
    judged.sort_by(|a, b| b.1.score.total_cmp(&a.1.score));
    let (up, best) = judged[0];
    // A direction a few degrees off is the same answer, not a rival.
    let rival = judged.iter().find(|(other, _)| other.dot(up) < 0.9);
    let lead = rival.map_or(f32::INFINITY, |(_, other)| best.score - other.score);
    let (up, floor) = refine(grid, surface, up, best.floor);
    Upright { up, floor, lead, support: best.support }
}

fn candidates(surface: &Surface) -> Vec<Vec3> {
    let mut directions = vec![Vec3::Z, Vec3::Y, Vec3::X];
    // Histogram over the cells of a cube of directions, the sign folded away.
    let fold = |normal: Vec3| {
        let axis = normal.abs().max_position();
        if normal[axis] < 0.0 { -normal } else { normal }
    };
    let cell = |normal: Vec3| {
        let steps = (fold(normal) * 8.0).round().as_i64vec3() + 8;
        (steps.x << 16 | steps.y << 8 | steps.z) as u64
    };
    let mut cells = KeyMap::new();
    let mut weights: Vec<(f32, Vec3)> = Vec::new();
    for (normal, planarity) in surface.normals.iter().zip(&surface.planarity) {
        let index = cells.number(cell(*normal)) as usize;
        if index == weights.len() {
            weights.push((0.0, Vec3::ZERO));
        }
        weights[index].0 += planarity;
        weights[index].1 += fold(*normal) * *planarity;
    }
    weights.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (_, sum) in weights.into_iter().take(4 * PEAKS) {
        let direction = shift_to_mean(surface, sum.normalize_or(Vec3::Z));
        if directions.len() < PEAKS + 3
            && directions.iter().all(|known| known.dot(direction).abs() < 0.999)
        {
            directions.push(direction);
        }
    }
    directions
}

/// Three rounds of mean shift over the normals near a direction.
fn shift_to_mean(surface: &Surface, start: Vec3) -> Vec3 {
    let mut direction = start;
    for _ in 0..3 {
        let mut sum = Vec3::ZERO;
        for (normal, planarity) in surface.normals.iter().zip(&surface.planarity) {
            let cosine = normal.dot(direction);
            if cosine.abs() > CONE {
                sum += *normal * (cosine.signum() * planarity);
            }
        }
        direction = sum.normalize_or(direction);
    }
    direction
}

#[derive(Clone, Copy)]
struct Judged {
    score: f32,
    floor: f32,
    support: f32,
}

fn judge(grid: &VoxelGrid, surface: &Surface, up: Vec3) -> Judged {
    let heights: Vec<f32> = grid.positions.iter().map(|position| position.dot(up)).collect();
    let mut sorted = heights.clone();
    sorted.sort_unstable_by(f32::total_cmp);
    let total = sorted.len();
    let low = sorted[0];
    let level = |height: f32| (((height - low) / grid.size) as usize).min(1 << 20);
    let top = sorted[(total * 98 / 100).min(total - 1)];

    // Support by height: voxels whose normal runs along `up`.
    let mut support = vec![0_u32; level(sorted[total - 1]) + 2];
    for (height, normal) in heights.iter().zip(&surface.normals) {
        if normal.dot(up).abs() > CONE {
            support[level(*height)] += 1;
        }
    }
    let slab = |index: usize| support[index] + support[index + 1];
    let best = (0..support.len() - 1).map(slab).max().unwrap_or(0);
    // A cluttered floor may be far smaller than the ceiling over it: the lowest slab of some size.
    let enough = (best * 3 / 20).max(total as u32 / 60).min(best);
    let mut peak = (0..support.len() - 1).find(|&index| slab(index) >= enough).unwrap_or(0);
    // That slab may only catch the foot of its peak.
    while peak + 2 < support.len() && slab(peak + 1) > slab(peak) {
        peak += 1;
    }
    let floor = low + (peak as f32 + 1.0) * grid.size;
    let floor_support = slab(peak) as f32 / total as f32;

    let margin = 2.5 * grid.size;
    let below = heights.iter().filter(|height| **height < floor - margin).count() as f32;
    // Where the clutter is: neither floor nor ceiling nor wall.
    let (mut lower, mut upper) = (0_u32, 0_u32);
    let middle = (floor + top) / 2.0;
    for (voxel, height) in heights.iter().enumerate() {
        let upright_plane =
            surface.planarity[voxel] > 0.5 && surface.normals[voxel].dot(up).abs() < 0.3;
        if !upright_plane && *height > floor + margin && *height < top - margin {
            if *height < middle {
                lower += 1;
            } else {
                upper += 1;
            }
        }
    }
    let clutter = (lower + upper) as f32;
    let bottom_heavy = (lower as f32 - upper as f32) / (clutter + 0.02 * total as f32 + 1.0);

    let widest = across(grid, up);
    let slimness = libm::logf(((top - floor).max(grid.size)) / widest.max(grid.size));
    let score = 3.0 * floor_support.min(0.35) - 2.0 * (below / total as f32).min(0.5)
        + 0.6 * bottom_heavy
        - 0.8 * slimness.clamp(-1.0, 1.0)
        + habit(up);
    Judged { score, floor, support: floor_support }
}

/// How far the voxels reach across `up`: the geometric mean of two extents.
fn across(grid: &VoxelGrid, up: Vec3) -> f32 {
    let (a, b) = up.any_orthonormal_pair();
    let reach = |axis: Vec3| {
        let mut values: Vec<f32> = grid.positions.iter().map(|p| p.dot(axis)).collect();
        values.sort_unstable_by(f32::total_cmp);
        values[values.len() * 98 / 100] - values[values.len() * 2 / 100]
    };
    (reach(a) * reach(b)).max(0.0).sqrt()
}

/// What scanners tend to write.
fn habit(up: Vec3) -> f32 {
    if up.z > 0.98 {
        0.5
    } else if up.y > 0.98 {
        0.35
    } else if up.y < -0.5 && up.x.abs() < 0.4 {
        // A camera's frame, tilted down by up to 60 degrees.
        0.3
    } else if up.z < -0.9 || up.x.abs() > 0.9 {
        -0.3
    } else {
        0.0
    }
}

/// Fits the floor's plane to the voxels near it, ever closer.
fn refine(grid: &VoxelGrid, surface: &Surface, up: Vec3, floor: f32) -> (Vec3, f32) {
    let (mut up_now, mut floor_now) = (up, floor);
    for reach in [2.0, 1.5, 1.0, 0.7] {
        let near: Vec<Vec3> = grid
            .positions
            .iter()
            .zip(&surface.normals)
            .filter(|(position, normal)| {
                (position.dot(up_now) - floor_now).abs() < reach * grid.size
                    && normal.dot(up_now).abs() > CONE
            })
            .map(|(position, _)| *position)
            .collect();
        let Some(plane) = crate::plane::fit(&near, up_now) else { break };
        if plane.normal.dot(up) < CONE {
            break;
        }
        (up_now, floor_now) = (plane.normal, plane.offset);
    }
    (up_now, floor_now)
}
