use crate::Dense;

/// `out = x Wᵀ` with plain weights, for references only: no shader has this form.
pub(super) fn matmul_f32(x: &[f32], weight: &Dense, out: &mut [f32]) {
    let values = weight.values();
    let cols = weight.cols();
    for (x, out) in x.chunks_exact(cols).zip(out.chunks_exact_mut(weight.rows())) {
        for (row, out) in values.chunks_exact(cols).zip(out) {
            *out = x.iter().zip(row).map(|(x, w)| x * w).sum();
        }
    }
}
