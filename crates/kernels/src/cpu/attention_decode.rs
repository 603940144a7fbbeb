use super::Heads;

/// Twin of `shaders/attention_decode.wgsl`: one row of queries over the first `visible` keys, with
/// the softmax in its textbook form.
pub(super) fn attention_decode(
    q: &[f32],
    keys: &[f32],
    values: &[f32],
    heads: Heads,
    visible: usize,
    out: &mut [f32],
) {
    let cols = heads.key_value * heads.dim;
    let scale = 1.0 / (heads.dim as f32).sqrt();
    for head in 0..heads.query {
        let (column, cache_column) = heads.columns(head);
        let q = &q[column..][..heads.dim];
        let mut weights: Vec<f32> = (0..visible)
            .map(|key| {
                let key = &keys[key * cols + cache_column..][..heads.dim];
                q.iter().zip(key).map(|(q, k)| q * k).sum::<f32>() * scale
            })
            .collect();
        let peak = weights.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        weights.iter_mut().for_each(|weight| *weight = (*weight - peak).exp());
        let total: f32 = weights.iter().sum();
        let out = &mut out[column..][..heads.dim];
        out.fill(0.0);
        for (key, weight) in weights.iter().enumerate() {
            let value = &values[key * cols + cache_column..][..heads.dim];
            for (out, value) in out.iter_mut().zip(value) {
                *out += weight / total * value;
            }
        }
    }
}
