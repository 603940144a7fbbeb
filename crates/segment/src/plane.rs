use crate::eigen::symmetric_eigen;
use glam::{Mat3, Vec3};

/// `normal · p = offset`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fit {
    pub(crate) normal: Vec3,
    pub(crate) offset: f32,
}

/// The least-squares plane through points, its normal on the side of `towards`. None for fewer
/// than eight points or points on a line.
pub(crate) fn fit(points: &[Vec3], towards: Vec3) -> Option<Fit> {
    if points.len() < 8 {
        return None;
    }
    let count = points.len() as f64;
    let mean = points.iter().fold(glam::DVec3::ZERO, |sum, p| sum + p.as_dvec3()) / count;
    let mut square = glam::DMat3::ZERO;
    for point in points {
        let d = point.as_dvec3() - mean;
        square += glam::DMat3::from_cols(d * d.x, d * d.y, d * d.z);
    }
    // Scaled to its trace so that the size of the scene does not matter.
    let trace = square.x_axis.x + square.y_axis.y + square.z_axis.z;
    if trace.is_nan() || trace <= 0.0 {
        return None;
    }
    let covariance: Mat3 = (square * (1.0 / trace)).as_mat3();
    let (values, vectors) = symmetric_eigen(covariance);
    if values[1] < 1e-5 {
        return None;
    }
    let normal = if vectors[0].dot(towards) < 0.0 { -vectors[0] } else { vectors[0] };
    Some(Fit { normal, offset: normal.as_dvec3().dot(mean) as f32 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_tilted_plane_and_refuses_a_line() {
        let normal = Vec3::new(0.1, -0.2, 1.0).normalize();
        let (a, b) = normal.any_orthonormal_pair();
        let points: Vec<Vec3> =
            (0..100).map(|i| normal * 3.0 + a * (i % 10) as f32 + b * (i / 10) as f32).collect();
        let plane = fit(&points, -Vec3::Z).unwrap();
        assert!(plane.normal.dot(normal) < -0.99999);
        assert!((plane.offset + 3.0).abs() < 1e-4);
        assert!(fit(&(0..50).map(|i| a * i as f32).collect::<Vec<_>>(), Vec3::Z).is_none());
    }
}
