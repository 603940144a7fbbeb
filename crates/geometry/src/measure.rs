use crate::Surface;
use glam::Vec3;
use scene::{InstanceId, Scene};
use thiserror::Error;

/// A length read off the scan.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measurement {
    /// The length.
    pub value_m: f32,
    /// Half the width of the 95 % band round it.
    pub band_m: f32,
    /// Where it was measured, in the scene frame.
    pub line: [[f32; 3]; 2],
}

/// Why a question has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum GeometryError {
    /// The scene has no such instance.
    #[error("the scene has no object {0}")]
    NoInstance(InstanceId),
    /// It has no finite point.
    #[error("object {0} has no points to measure from")]
    NoPoints(InstanceId),
}

/// Least distance between the surfaces of two instances, stray points left out.
pub fn distance(scene: &Scene, a: InstanceId, b: InstanceId) -> Result<Measurement, GeometryError> {
    let closest = surface_of(scene, a)?.closest(&surface_of(scene, b)?);
    Ok(Measurement { value_m: closest.distance_m, band_m: band_m(scene), line: closest.line })
}

/// An instance's surface in the scene.
pub(crate) fn surface_of(scene: &Scene, id: InstanceId) -> Result<Surface, GeometryError> {
    let instance = scene.instance(id).ok_or(GeometryError::NoInstance(id))?;
    Surface::new(scene.points_of(instance), scene.voxel_m).ok_or(GeometryError::NoPoints(id))
}

/// 1.96 standard deviations of a length between two scanned points.
///
/// Each end is wrong in two independent ways: by the scan's noise, deviation σ, and by lying
/// anywhere within a voxel of edge v where the true end falls between samples, variance v²/12. Two
/// ends add up to 2 (σ² + v²/12). What was not scanned at all is not in the band.
fn band_m(scene: &Scene) -> f32 {
    let noise = noise_m(scene);
    1.96 * (2.0 * (noise * noise + scene.voxel_m * scene.voxel_m / 12.0)).sqrt()
}

/// The scan's noise as a standard deviation: 1.4826 times the median distance of floor, ceiling
/// and wall points from their planes. Half a voxel where no plane has at least 50 points.
pub fn noise_m(scene: &Scene) -> f32 {
    let structure = &scene.structure;
    let planes = structure.floor.iter().chain(&structure.ceiling).chain(&structure.walls);
    let mut residuals: Vec<f32> = planes
        .filter(|plane| plane.points.len() >= 50)
        .flat_map(|plane| {
            // A thousand points of each say enough.
            let stride = plane.points.len().div_ceil(1000);
            plane.points.iter().step_by(stride).filter_map(|&point| {
                let position = Vec3::from(*scene.cloud.positions.get(point as usize)?);
                let residual = (plane.normal.dot(position) - plane.offset_m).abs();
                residual.is_finite().then_some(residual)
            })
        })
        .collect();
    if residuals.is_empty() {
        return scene.voxel_m / 2.0;
    }
    let middle = residuals.len() / 2;
    1.4826 * *residuals.select_nth_unstable_by(middle, f32::total_cmp).1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{block, scene_of};
    use scene::Plane;

    #[test]
    fn distance_between_two_blocks_with_band_and_line() {
        let mut scene = scene_of(&[
            ("desk", block(Vec3::ZERO, Vec3::ONE)),
            ("bed", block(Vec3::new(2.5, 0.0, 0.0), Vec3::ONE)),
        ]);
        scene.voxel_m = 0.02;
        let found = distance(&scene, InstanceId(1), InstanceId(2)).unwrap();
        assert!((found.value_m - 1.5).abs() < 1e-4, "{found:?}");
        // No planes: σ = v / 2, so 1.96 · √(2 (v²/4 + v²/12)) = 1.96 · v · √(2/3).
        assert!((found.band_m - 1.96 * 0.02 * (2.0_f32 / 3.0).sqrt()).abs() < 1e-5);
        assert!((found.line[0][0] - 1.0).abs() < 1e-4 && (found.line[1][0] - 2.5).abs() < 1e-4);
    }

    #[test]
    fn noise_is_read_off_the_floor() {
        let mut scene = scene_of(&[]);
        // Residuals 0, 1, 2 … 99 mm: median 50 mm.
        scene.cloud.positions = (0..100).map(|i| [0.1, 0.2, i as f32 * 0.001]).collect();
        scene.structure.floor = Some(Plane {
            normal: Vec3::Z,
            offset_m: 0.0,
            bounds: scene::Aabb::EMPTY,
            points: (0..100).collect(),
        });
        assert!((noise_m(&scene) - 1.4826 * 0.05).abs() < 1e-5);
    }

    #[test]
    fn an_unknown_object_is_an_error() {
        let scene = scene_of(&[("desk", block(Vec3::ZERO, Vec3::ONE))]);
        let error = distance(&scene, InstanceId(1), InstanceId(9)).unwrap_err();
        assert_eq!(error, GeometryError::NoInstance(InstanceId(9)));
    }
}
