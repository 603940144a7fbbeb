use glam::{Mat3, Vec3};

/// Eigenvalues, ascending, and unit eigenvectors of a symmetric matrix, by Jacobi rotations.
pub(crate) fn symmetric_eigen(matrix: Mat3) -> ([f32; 3], [Vec3; 3]) {
    let mut a = matrix.to_cols_array_2d();
    let mut v = Mat3::IDENTITY.to_cols_array_2d();
    for _ in 0..8 {
        let off = a[0][1].abs() + a[0][2].abs() + a[1][2].abs();
        let scale = a[0][0].abs() + a[1][1].abs() + a[2][2].abs();
        if off <= 1e-7 * scale {
            break;
        }
        for (p, q) in [(0, 1), (0, 2), (1, 2)] {
            if a[p][q] == 0.0 {
                continue;
            }
            let theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
            let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
            let c = 1.0 / (t * t + 1.0).sqrt();
            let s = t * c;
            for row in &mut a {
                (row[p], row[q]) = (c * row[p] - s * row[q], s * row[p] + c * row[q]);
            }
            let (x, y) = (Vec3::from(a[p]), Vec3::from(a[q]));
            (a[p], a[q]) = ((c * x - s * y).to_array(), (s * x + c * y).to_array());
            for row in &mut v {
                (row[p], row[q]) = (c * row[p] - s * row[q], s * row[p] + c * row[q]);
            }
        }
    }
    let mut order = [0, 1, 2];
    order.sort_by(|i, j| a[*i][*i].total_cmp(&a[*j][*j]));
    let values = order.map(|i| a[i][i]);
    let vectors = order.map(|i| Vec3::new(v[0][i], v[1][i], v[2][i]));
    (values, vectors)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eigenpairs_rebuild_the_matrix() {
        let m = Mat3::from_cols_array(&[4.0, 1.0, -2.0, 1.0, 3.0, 0.5, -2.0, 0.5, 1.0]);
        let (values, vectors) = symmetric_eigen(m);
        assert!(values[0] <= values[1] && values[1] <= values[2]);
        for (value, vector) in values.iter().zip(vectors) {
            assert!((m * vector - vector * *value).length() < 1e-5);
            assert!((vector.length() - 1.0).abs() < 1e-5);
        }
    }

    #[test]
    fn zero_and_huge_matrices_stay_finite() {
        for scale in [0.0, 1e-20, 1e15] {
            let (values, vectors) = symmetric_eigen(Mat3::from_cols_array(&[scale; 9]));
            assert!(values.iter().all(|v| v.is_finite()) && vectors.iter().all(|v| v.is_finite()));
        }
    }
}
