use super::Heads;
use super::attention_decode::attention_decode;
use crate::Visible;

/// Twin of `shaders/attention_prefill.wgsl`: a block of rows, row `i` over `visible.of(i)` keys.
pub(super) fn attention_prefill(
    q: &[f32],
    keys: &[f32],
    values: &[f32],
    heads: Heads,
    visible: Visible,
    out: &mut [f32],
) {
    let cols = heads.query * heads.dim;
    for (row, (q, out)) in q.chunks_exact(cols).zip(out.chunks_exact_mut(cols)).enumerate() {
        attention_decode(q, keys, values, heads, visible.of(row), out);
    }
}
