use crate::Q4;

/// Twin of `shaders/matmul_mat_q4.wgsl`: many rows `out = x Wᵀ`; each weight row is unpacked once.
pub(super) fn matmul_mat_q4(x: &[f32], weight: &Q4, out: &mut [f32]) {
    let (rows, cols) = (weight.rows(), weight.cols());
    let mut row = vec![0.0; cols];
    for index in 0..rows {
        weight.write_row(index, &mut row);
        for (x, out) in x.chunks_exact(cols).zip(out.chunks_exact_mut(rows)) {
            out[index] = x.iter().zip(&row).map(|(x, w)| x * w).sum();
        }
    }
}
