use crate::Q8;

/// Twin of `shaders/matmul_vec_q8.wgsl`: `out = x Wᵀ`, row by row; the vocabulary's logits.
pub(super) fn matmul_vec_q8(x: &[f32], weight: &Q8, out: &mut [f32]) {
    let (rows, cols) = (weight.rows(), weight.cols());
    let mut row = vec![0.0; cols];
    for index in 0..rows {
        weight.write_row(index, &mut row);
        for (x, out) in x.chunks_exact(cols).zip(out.chunks_exact_mut(rows)) {
            out[index] = x.iter().zip(&row).map(|(x, w)| x * w).sum();
        }
    }
}
