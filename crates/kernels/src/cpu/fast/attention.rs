use crate::Visible;
use crate::cpu::Heads;
use wide::f32x4;

/// Attention of a block of rows over the caches. Scores of one head and row are held in a buffer;
/// a head's width is known at compile time where that is usual.
pub(in crate::cpu) fn attention(
    q: &[f32],
    keys: &[f32],
    values: &[f32],
    heads: Heads,
    visible: Visible,
    out: &mut [f32],
) {
    match heads.dim / 4 {
        8 => with_width::<8>(q, keys, values, heads, visible, out),
        16 => with_width::<16>(q, keys, values, heads, visible, out),
        _ => crate::cpu::attention_prefill::attention_prefill(q, keys, values, heads, visible, out),
    }
}

/// `V` vectors of four make a head.
fn with_width<const V: usize>(
    q: &[f32],
    keys: &[f32],
    values: &[f32],
    heads: Heads,
    visible: Visible,
    out: &mut [f32],
) {
    let cols = heads.query * heads.dim;
    let cache_cols = heads.key_value * heads.dim;
    let scale = 1.0 / (heads.dim as f32).sqrt();
    let mut scores: Vec<f32> = Vec::new();
    for (row, (q, out)) in q.chunks_exact(cols).zip(out.chunks_exact_mut(cols)).enumerate() {
        let seen = visible.of(row) * cache_cols;
        for head in 0..heads.query {
            let (column, cache_column) = heads.columns(head);
            let q: [f32x4; V] = load(&q[column..], scale);
            scores.clear();
            let mut peak = f32::NEG_INFINITY;
            for key in keys[..seen].chunks_exact(cache_cols) {
                let key: [f32x4; V] = load(&key[cache_column..], 1.0);
                let score = (0..V).fold(f32x4::ZERO, |sum, v| sum + q[v] * key[v]).reduce_add();
                // Unlike f32::max this keeps a NaN.
                peak = if score > peak || score.is_nan() { score } else { peak };
                scores.push(score);
            }
            scores.resize(scores.len().next_multiple_of(4), f32::NEG_INFINITY);
            let mut total = f32x4::ZERO;
            for four in scores.as_chunks_mut::<4>().0 {
                let weights = (f32x4::new(*four) - f32x4::splat(peak)).exp();
                total += weights;
                *four = weights.to_array();
            }
            let mut mixed = [f32x4::ZERO; V];
            for (value, weight) in values[..seen].chunks_exact(cache_cols).zip(&scores) {
                let value: [f32x4; V] = load(&value[cache_column..], *weight);
                for (mixed, value) in mixed.iter_mut().zip(value) {
                    *mixed += value;
                }
            }
            let share = f32x4::splat(1.0 / total.reduce_add());
            for (out, mixed) in
                out[column..][..heads.dim].as_chunks_mut::<4>().0.iter_mut().zip(mixed)
            {
                *out = (mixed * share).to_array();
            }
        }
    }
}

#[inline(always)]
fn load<const V: usize>(values: &[f32], factor: f32) -> [f32x4; V] {
    let four = values.as_chunks::<4>().0;
    std::array::from_fn(|v| f32x4::new(four[v]) * f32x4::splat(factor))
}
