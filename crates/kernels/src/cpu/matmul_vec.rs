use crate::Packed;

/// Twin of `shaders/matmul_vec.wgsl`, and of all that multiplies with packed weights: `out = x Wᵀ`; each row of weights is
/// unpacked once.
pub(super) fn matmul_vec(x: &[f32], weight: &Packed, out: &mut [f32]) {
    let (rows, cols) = (weight.rows(), weight.cols());
    let mut row = vec![0.0; cols];
    for index in 0..rows {
        weight.write_row(index, &mut row);
        for (x, out) in x.chunks_exact(cols).zip(out.chunks_exact_mut(rows)) {
            out[index] = x.iter().zip(&row).map(|(x, w)| x * w).sum();
        }
    }
}
