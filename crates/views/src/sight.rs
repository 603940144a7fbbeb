use crate::input::{CENTRE_FEATURES, PATCH_POINTS, PATCHES, POINT_FEATURES};
use crate::own::Own;
use crate::raster::{Camera, HIDE_M, Shot};
use glam::{Mat3, Vec3};

/// Width of the Gaussian that trusts the middle of a picture more than its rim, in half edges of
/// the picture: gradSLAM's σ (Krishna Murthy et al. 2020, after Keller et al. 2013).
const SIGMA: f32 = 0.6;
/// A surface seen edge on still counts for something.
const LEAST_COSINE: f32 = 0.05;
/// Of the least axis of sixteen points: what is added to the covariance, in squared radii, so that
/// it can be inverted, and how often the inverse is applied.
const RIDGE: f32 = 1e-6;
const ITERATIONS: usize = 8;

/// The centres of an instance's patches as surface: where they are and which way they face.
pub(crate) struct Facing {
    centres: Vec<(Vec3, Vec3)>,
}

impl Facing {
    /// `patches` `(32, 16, 6)` and `centres` `(32, 4)` as in [`crate::InstanceInput`].
    pub(crate) fn new(own: &Own, patches: &[f32], centres: &[f32]) -> Self {
        let places = centres.chunks_exact(CENTRE_FEATURES);
        let points = patches.chunks_exact(PATCH_POINTS * POINT_FEATURES);
        let centres = places.zip(points).map(|(place, points)| {
            let at = own.middle + own.radius_m * Vec3::from_slice(place);
            (at, normal(points.chunks_exact(POINT_FEATURES).map(Vec3::from_slice)))
        });
        Self { centres: centres.collect() }
    }

    /// How far each centre can be trusted as this view sees it: the confidence of point-based
    /// fusion, cosine of incidence × `exp(−r² / 2σ²)`, with `r` from the picture's middle; in 1..=255
    /// for 0..=1, and 0 where it is not seen.
    pub(crate) fn trust(&self, camera: &Camera, shot: &Shot) -> [u8; PATCHES] {
        let mut out = [0; PATCHES];
        for (out, &(at, normal)) in out.iter_mut().zip(&self.centres) {
            *out = trust(camera, shot, at, normal).unwrap_or(0);
        }
        out
    }
}

fn trust(camera: &Camera, shot: &Shot, at: Vec3, normal: Vec3) -> Option<u8> {
    let offset = at - camera.eye;
    let depth_m = offset.dot(camera.forward);
    // In the window, 0..1 from its upper left corner.
    let across = [camera.right, camera.down].map(|axis| offset.dot(axis) / depth_m);
    let within = [0, 1].map(|axis| (across[axis] - camera.corner[axis]) / camera.span);
    if depth_m <= 0.0 || !within.iter().all(|x| (0.0..1.0).contains(x)) {
        return None;
    }
    let edge_px = shot.own.edge_px;
    let [column, row] = within.map(|x| (x * edge_px as f32) as usize);
    let pixel = row * edge_px + column;
    let hidden = depth_m > shot.own.depth_m[pixel].min(shot.others.depth_m[pixel]) + HIDE_M;
    if hidden {
        return None;
    }
    let r2: f32 = within.iter().map(|x| (2.0 * x - 1.0).powi(2)).sum();
    let cosine = normal.dot(offset.normalize_or_zero()).abs().max(LEAST_COSINE);
    let trust = cosine * (-r2 / (2.0 * SIGMA * SIGMA)).exp();
    Some(((255.0 * trust).round() as u8).max(1))
}

/// The axis along which the points spread least: the normal of the plane through them.
fn normal(points: impl Iterator<Item = Vec3> + Clone) -> Vec3 {
    let count = points.clone().count().max(1) as f32;
    let mean = points.clone().sum::<Vec3>() / count;
    let covariance = points.fold(Mat3::from_diagonal(Vec3::splat(RIDGE)), |sum, point| {
        let d = point - mean;
        sum + Mat3::from_cols(d * d.x, d * d.y, d * d.z) * (1.0 / count)
    });
    let inverse = covariance.inverse();
    let mut axis = Vec3::new(0.5, 0.6, 0.62);
    for _ in 0..ITERATIONS {
        axis = (inverse * axis).normalize_or(Vec3::Z);
    }
    axis
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Builder, CHAIR};
    use crate::{Looker, VIEWS};
    use scene::InstanceId;

    #[test]
    fn a_plane_faces_along_its_normal() {
        let tilted = Vec3::new(1.0, 0.0, 2.0).normalize();
        let (a, b) = tilted.any_orthonormal_pair();
        let points = (0..16).map(|i| a * (i % 4) as f32 * 0.1 + b * (i / 4) as f32 * 0.1);
        assert!(normal(points).dot(tilted).abs() > 0.999);
        // What has no plane has some axis all the same.
        assert!(normal(std::iter::repeat_n(Vec3::ONE, 16)).is_finite());
        assert!(normal(std::iter::empty()).is_finite());
    }

    #[test]
    fn what_a_view_cannot_see_is_not_trusted() {
        let scene = Builder::room().chair().build();
        let input = Looker::new(&scene).look(InstanceId(CHAIR)).unwrap();
        assert_eq!(input.trust.len(), PATCHES * VIEWS);
        let seen = |centre: usize| input.trust[centre * VIEWS..][..VIEWS].iter().any(|&t| t > 0);
        let count = (0..PATCHES).filter(|&centre| seen(centre)).count();
        assert!(count > PATCHES * 3 / 4, "{count}");
        // No view sees all of a solid thing.
        for view in 0..VIEWS {
            let of_view = (0..PATCHES).filter(|centre| input.trust[centre * VIEWS + view] > 0);
            assert!((1..PATCHES).contains(&of_view.count()));
        }
    }
}
