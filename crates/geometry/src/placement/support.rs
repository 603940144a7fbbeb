use super::{SINK_M, Solid};
use crate::Aabb2;
use glam::{Vec2, Vec3};
use scene::{Aabb, InstanceId};

/// What a thing rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    /// The floor.
    Floor,
    /// The top of an object.
    Object(InstanceId),
}

/// The share of an underside that must be carried.
const CARRIED: f32 = 0.7;
/// An underside is looked at in steps of about this.
const STEP_M: f32 = 0.05;
/// Most steps along one axis.
const MOST_STEPS: f32 = 64.0;

/// The floor, or else the object that carries most of the underside; of equal ones the first.
pub(super) fn support_of<'a>(
    bounds: &Aabb,
    objects: impl Iterator<Item = &'a Solid>,
) -> Option<Support> {
    if bounds.min.z.abs() <= SINK_M {
        return Some(Support::Floor);
    }
    let mut best = None;
    let mut best_share = 0.0;
    for solid in objects {
        let share = carried_share(bounds, solid);
        if share >= CARRIED && share > best_share {
            (best, best_share) = (Some(Support::Object(solid.id)), share);
        }
    }
    best
}

/// The share of the underside that lies on the object.
fn carried_share(bounds: &Aabb, solid: &Solid) -> f32 {
    let underside = Aabb2::from(*bounds);
    let share = overlap_share(&underside, solid);
    match &solid.surface {
        _ if share < CARRIED => 0.0,
        None => {
            let gap = (bounds.min.z - solid.bounds.max.z).abs();
            if gap <= SINK_M { share } else { 0.0 }
        }
        Some(surface) => {
            let level = bounds.min.z;
            let carried = |column: Aabb2| {
                surface.has_point_in(&upright(column, level - SINK_M, level + SINK_M))
            };
            share_of(&underside, carried)
        }
    }
}

/// The height at which a thing of this footprint would rest on top of the object: the middle one
/// of the heights found below it. `None` where too little of it lies over the object.
pub(super) fn rest_height(footprint: &Aabb2, solid: &Solid) -> Option<f32> {
    if overlap_share(footprint, solid) < CARRIED {
        return None;
    }
    let Some(surface) = &solid.surface else { return Some(solid.bounds.max.z) };
    let mut heights = Vec::new();
    let covered = share_of(footprint, |column| {
        let column = upright(column, solid.bounds.min.z, solid.bounds.max.z);
        let height = surface.highest_in(&column);
        heights.extend(height);
        height.is_some()
    });
    if covered < CARRIED {
        return None;
    }
    let middle = heights.len() / 2;
    Some(*heights.select_nth_unstable_by(middle, f32::total_cmp).1)
}

fn overlap_share(footprint: &Aabb2, solid: &Solid) -> f32 {
    let shared = footprint.intersection(&solid.bounds.into());
    if footprint.area_m2() > 0.0 { shared.area_m2() / footprint.area_m2() } else { 0.0 }
}

/// The share of the footprint's columns, about 5 cm wide and a little overlapping, that pass.
fn share_of(footprint: &Aabb2, mut test: impl FnMut(Aabb2) -> bool) -> f32 {
    let size = footprint.max - footprint.min;
    let counts = (size / STEP_M).ceil().clamp(Vec2::ONE, Vec2::splat(MOST_STEPS));
    let step = size / counts;
    // So wide that a point every 5 cm cannot pass between two columns.
    let half = (step / 2.0).max(Vec2::splat(STEP_M * 0.7));
    let [columns, rows] = counts.to_array().map(|count| count as u32);
    let passed = (0..rows)
        .flat_map(|row| (0..columns).map(move |column| Vec2::new(column as f32, row as f32)))
        .filter(|place| {
            let centre = footprint.min + (place + 0.5) * step;
            test(Aabb2 { min: centre - half, max: centre + half })
        })
        .count();
    passed as f32 / (columns * rows) as f32
}

fn upright(column: Aabb2, bottom: f32, top: f32) -> Aabb {
    let Aabb2 { min, max } = column;
    Aabb { min: Vec3::new(min.x, min.y, bottom), max: Vec3::new(max.x, max.y, top) }
}
