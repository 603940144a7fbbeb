use crate::crops::GREY;
use crate::input::EXTENT_FEATURES;
use crate::thin::Thinned;
use glam::Vec3;
use scene::{Aabb, Instance, InstanceId, Scene};

/// No more points than this are kept of an instance, evenly by index.
const MAX_OWN_POINTS: usize = 16_384;
/// The least radius by which an instance is scaled, metres.
const LEAST_RADIUS_M: f32 = 0.01;
/// Voxels across an instance's radius for its crops, and for comparing candidates.
const FINE: f32 = 44.0;
const COARSE: f32 = 16.0;
/// Points further out of the box than this part of its diagonal are strays.
const STRAY: f32 = 0.1;

/// A position in the scene frame and its colour.
pub(crate) type Point = (Vec3, [u8; 3]);

/// The scan's point, if it is finite.
pub(crate) fn point_of(scene: &Scene, index: usize) -> Option<Point> {
    let position = Vec3::from(*scene.cloud.positions.get(index)?);
    let colour = scene.cloud.colours.as_ref().and_then(|colours| colours.get(index));
    position.is_finite().then(|| (position, colour.copied().unwrap_or([GREY; 3])))
}

/// What is kept of an instance of the scene.
#[derive(Clone, Debug)]
pub(crate) struct OwnPoints {
    pub(crate) id: InstanceId,
    points: Vec<Point>,
    bounds: Aabb,
}

impl OwnPoints {
    pub(crate) fn new(scene: &Scene, instance: &Instance) -> Self {
        let stride = instance.points.len().div_ceil(MAX_OWN_POINTS).max(1);
        let taken = instance.points.iter().step_by(stride);
        let mut points: Vec<Point> =
            taken.filter_map(|&index| point_of(scene, index as usize)).collect();
        let mut bounds = instance.bounds;
        if bounds.is_empty() || !bounds.min.is_finite() || !bounds.max.is_finite() {
            bounds = Aabb::of_points(points.iter().map(|point| point.0));
        }
        if bounds.is_empty() {
            bounds = Aabb { min: Vec3::ZERO, max: Vec3::ZERO };
        }
        let margin = STRAY * bounds.size().length() + LEAST_RADIUS_M;
        let near = Aabb { min: bounds.min - margin, max: bounds.max + margin };
        points.retain(|point| near.contains(point.0));
        Self { id: instance.id, points, bounds }
    }
}

/// An instance made ready to be drawn and sampled.
pub(crate) struct Own {
    pub(crate) id: InstanceId,
    /// The middle of its box.
    pub(crate) middle: Vec3,
    /// Half the diagonal of its box.
    pub(crate) radius_m: f32,
    /// For the crops.
    pub(crate) fine: Thinned,
    /// For comparing candidates.
    pub(crate) coarse: Thinned,
    bounds: Aabb,
    coloured: bool,
}

impl Own {
    pub(crate) fn new(own: &OwnPoints, coloured: bool) -> Self {
        let radius_m = (own.bounds.size().length() / 2.0).max(LEAST_RADIUS_M);
        let points: Vec<_> = own.points.iter().map(|&(p, colour)| (p, colour, own.id.0)).collect();
        Self {
            id: own.id,
            middle: own.bounds.centre(),
            radius_m,
            fine: thinned(&points, radius_m, FINE),
            coarse: thinned(&points, radius_m, COARSE),
            bounds: own.bounds,
            coloured,
        }
    }

    /// As the model takes a colour: −1..1, 0 where the scan has none.
    pub(crate) fn colour(&self, colour: [u8; 3]) -> [f32; 3] {
        if self.coloured { colour.map(|c| f32::from(c) / 127.5 - 1.0) } else { [0.0; 3] }
    }

    pub(crate) fn extent(&self) -> [f32; EXTENT_FEATURES] {
        let size = self.bounds.size();
        let (bottom, top) = (self.bounds.min.z, self.bounds.max.z);
        let coloured = if self.coloured { 1.0 } else { 0.0 };
        [size.x, size.y, size.z, bottom, top, self.radius_m, self.bounds.volume().cbrt(), coloured]
    }

    pub(crate) fn box_m(&self) -> [f32; 6] {
        let (c, s) = (self.bounds.centre(), self.bounds.size());
        [c.x, c.y, c.z, s.x, s.y, s.z]
    }
}

/// Thins to the given voxels across the radius, coarser where the scan is too sparse for the
/// splats to close up.
fn thinned(points: &[(Vec3, [u8; 3], u32)], radius_m: f32, across: f32) -> Thinned {
    let mut voxel_m = radius_m / across;
    loop {
        let thinned = Thinned::new(points, voxel_m);
        let sparse = 10 * thinned.splats.len() > 7 * points.len();
        if !sparse || voxel_m > radius_m / 8.0 {
            return thinned;
        }
        voxel_m *= 1.5;
    }
}
