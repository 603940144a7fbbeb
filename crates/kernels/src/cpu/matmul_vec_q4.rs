use crate::Q4;

/// Twin of `shaders/matmul_vec_q4.wgsl`: one row `out = x Wᵀ`.
pub(super) fn matmul_vec_q4(x: &[f32], weight: &Q4, out: &mut [f32]) {
    let mut row = vec![0.0; x.len()];
    for (index, out) in out.iter_mut().enumerate() {
        weight.write_row(index, &mut row);
        *out = x.iter().zip(&row).map(|(x, w)| x * w).sum();
    }
}
