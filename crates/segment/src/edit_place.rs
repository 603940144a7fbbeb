//! A new thing that a person puts into a scene: a box with points on its surface.

use crate::edit::{EditError, FARTHEST_M, SURE};
use glam::{UVec3, Vec3};
use scene::{Aabb, Instance, InstanceId, PointCloud, Scene};

/// No edge is shorter, metres.
pub(crate) const SMALLEST_M: f32 = 0.001;
/// No edge is longer than the scene's longest so many times over.
pub(crate) const LARGEST_OF_SCENE: f32 = 2.0;
/// Between points, metres: about what a scan has.
const SPACING_M: f32 = 0.02;
const MOST_POINTS: u32 = 4_000;
/// Told from what was scanned at first sight.
const GREY_BLUE: [u8; 3] = [112, 128, 160];

/// The points of a new thing, each with the way its side of the box looks.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    points: Vec<([f32; 3], [f32; 3])>,
}

impl Placed {
    pub(crate) fn len(&self) -> usize {
        self.points.len()
    }

    /// Behind the points that the cloud has.
    pub(crate) fn put_in(&self, cloud: &mut PointCloud) {
        let count = self.points.len();
        cloud.positions.extend(self.points.iter().map(|(position, _)| *position));
        if let Some(colours) = &mut cloud.colours {
            colours.extend(std::iter::repeat_n(GREY_BLUE, count));
        }
        if let Some(normals) = &mut cloud.normals {
            normals.extend(self.points.iter().map(|(_, normal)| *normal));
        }
        for column in &mut cloud.columns {
            column.values.extend(std::iter::repeat_n(0.0, count));
        }
    }

    /// The last points of the cloud, which these are.
    pub(crate) fn take_out(&self, cloud: &mut PointCloud) {
        let left = cloud.len().saturating_sub(self.points.len());
        cloud.positions.truncate(left);
        if let Some(colours) = &mut cloud.colours {
            colours.truncate(left);
        }
        if let Some(normals) = &mut cloud.normals {
            normals.truncate(left);
        }
        cloud.columns.iter_mut().for_each(|column| column.values.truncate(left));
    }
}

/// The points of a new thing and the object that they are, for the end of the scene's cloud.
pub(crate) fn place(
    scene: &Scene,
    id: InstanceId,
    told: Option<String>,
    bounds: &Aabb,
) -> Result<(Placed, Instance), EditError> {
    let size = bounds.max - bounds.min;
    let near = Aabb { min: scene.bounds.min - FARTHEST_M, max: scene.bounds.max + FARTHEST_M };
    // Neither holds for what is no number.
    if !(near.min.cmple(bounds.min).all() && bounds.max.cmple(near.max).all()) {
        return Err(EditError::FarAway);
    }
    let largest = LARGEST_OF_SCENE * scene.bounds.size().max_element();
    if !(size.min_element() >= SMALLEST_M && size.max_element() <= largest) {
        return Err(EditError::NoSize);
    }
    let points = surface(bounds);
    let first = scene.cloud.len();
    let end = u32::try_from(first + points.len()).map_err(|_| EditError::TooMany)?;
    let points_of = (end - points.len() as u32..end).collect();
    let one = Instance { id, points: points_of, bounds: *bounds, score: SURE, label: None, told };
    Ok((Placed { points }, one))
}

/// Points on the box's six sides in even rows, its corners among them, and the way each looks.
fn surface(bounds: &Aabb) -> Vec<([f32; 3], [f32; 3])> {
    let size = bounds.size();
    let steps = steps(size);
    let along = |axis: usize, step: u32| {
        // The last lies on the box's side whatever the rounding.
        if step == steps[axis] {
            return bounds.max[axis];
        }
        bounds.min[axis] + size[axis] * (step as f32 / steps[axis] as f32)
    };
    let mut points = Vec::new();
    for x in 0..=steps.x {
        for y in 0..=steps.y {
            // Within the box there is nothing between its two ends.
            let is_side = x == 0 || x == steps.x || y == 0 || y == steps.y;
            let stride = if is_side { 1 } else { steps.z as usize };
            for z in (0..=steps.z).step_by(stride) {
                let step = UVec3::new(x, y, z);
                let out = [0, 1, 2].map(|axis| match step[axis] {
                    0 => -1.0,
                    last if last == steps[axis] => 1.0,
                    _ => 0.0,
                });
                let normal = Vec3::from(out).normalize_or_zero();
                let position = [0, 1, 2].map(|axis| along(axis, step[axis]));
                points.push((position, normal.to_array()));
            }
        }
    }
    points
}

/// How many steps there are along each edge, so that there are not too many points.
fn steps(size: Vec3) -> UVec3 {
    // A sixth more at a time; no more rounds than from the largest scene to one step an edge.
    let mut spacing = SPACING_M;
    loop {
        let steps = (size / spacing).round().max(Vec3::ONE).as_uvec3();
        if points_of(steps) <= u64::from(MOST_POINTS) {
            return steps;
        }
        spacing *= 7.0 / 6.0;
    }
}

/// All points of the lattice less those within.
fn points_of(steps: UVec3) -> u64 {
    let product = |less: u32| {
        let edges = steps.to_array().map(|n| u64::from(n.saturating_add(1).saturating_sub(less)));
        edges.into_iter().fold(1_u64, u64::saturating_mul)
    };
    product(0).saturating_sub(product(2))
}

#[cfg(test)]
#[path = "edit_place_tests.rs"]
mod tests;
