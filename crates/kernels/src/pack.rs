use crate::{GROUP, Q4, Q8, Result};
use half::f16;

/// Packs `(rows, cols)` to 4 bits, symmetric in groups of 32. Of a few scales per group the one of
/// least squared error is taken: the largest weight seldom deserves the whole range.
///
/// # Errors
/// Where `values` is not `(rows, cols)` or `cols` is no multiple of 32.
pub fn pack_q4(rows: usize, cols: usize, values: &[f32]) -> Result<Q4> {
    let mut words = vec![0u32; values.len() / 8];
    let mut scales = Vec::with_capacity(values.len() / GROUP);
    for (index, group) in values.chunks_exact(GROUP).enumerate() {
        let scale = best_scale(group, -8.0, 7.0);
        scales.push(scale);
        let steps =
            group.iter().map(|&value| (step(value, scale.to_f32(), -8.0, 7.0) + 8.0) as u32);
        for (k, nibble) in steps.enumerate() {
            words[index * GROUP / 8 + k / 8] |= nibble << (4 * (k % 8));
        }
    }
    Q4::new(rows, cols, words, scales)
}

/// Packs `(rows, cols)` to 8 bits in groups of 32.
///
/// # Errors
/// As [`pack_q4`].
pub fn pack_q8(rows: usize, cols: usize, values: &[f32]) -> Result<Q8> {
    let mut q = Vec::with_capacity(values.len());
    let mut scales = Vec::with_capacity(values.len() / GROUP);
    for group in values.chunks_exact(GROUP) {
        let scale = best_scale(group, -127.0, 127.0);
        scales.push(scale);
        q.extend(group.iter().map(|&value| step(value, scale.to_f32(), -127.0, 127.0) as i8));
    }
    Q8::new(rows, cols, q, scales)
}

/// As [`pack_q8`], but at once: each group's scale is its largest weight's share of 127, without a
/// search for a better one. For weights that are made while a person waits.
///
/// # Errors
/// As [`pack_q4`].
pub fn round_q8(rows: usize, cols: usize, values: &[f32]) -> Result<Q8> {
    let mut q = Vec::with_capacity(values.len());
    let mut scales = Vec::with_capacity(values.len() / GROUP);
    for group in values.chunks_exact(GROUP) {
        let peak = group.iter().fold(0.0f32, |peak, value| peak.max(value.abs()));
        let scale = Some(f16::from_f32(peak / 127.0)).filter(|scale| scale.is_normal());
        let scale = scale.unwrap_or(f16::ZERO);
        scales.push(scale);
        q.extend(group.iter().map(|&value| step(value, scale.to_f32(), -127.0, 127.0) as i8));
    }
    Q8::new(rows, cols, q, scales)
}

fn step(value: f32, scale: f32, low: f32, high: f32) -> f32 {
    if scale == 0.0 { 0.0 } else { (value / scale).round().clamp(low, high) }
}

/// The f16 scale of least squared error among candidates round `peak / low`, each refined once by
/// least squares on the steps it gives. Negative scales let the larger side of the range face the
/// group's largest weight. Never subnormal, since a GPU may read such a half as zero.
fn best_scale(group: &[f32], low: f32, high: f32) -> f16 {
    let peak = group.iter().copied().fold(0.0f32, |a, b| if b.abs() > a.abs() { b } else { a });
    if peak == 0.0 {
        return f16::ZERO;
    }
    let error = |scale: f16| -> f32 {
        let scale = scale.to_f32();
        group.iter().map(|&v| (v - scale * step(v, scale, low, high)).powi(2)).sum()
    };
    let refined = |scale: f32| {
        let (mut above, mut below) = (0.0, 0.0);
        for &value in group {
            let q = step(value, scale, low, high);
            above += value * q;
            below += q * q;
        }
        if below > 0.0 { above / below } else { scale }
    };
    let mut best = (error(f16::MIN_POSITIVE), f16::MIN_POSITIVE);
    for shrink in [1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7] {
        for base in [peak / low, peak / high, -peak / high] {
            let first = base * shrink;
            for scale in [f16::from_f32(first), f16::from_f32(refined(first))] {
                let error = if scale.is_normal() { error(scale) } else { f32::INFINITY };
                if error < best.0 {
                    best = (error, scale);
                }
            }
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Packed;

    /// Values on a grid of steps come back bit for bit, whichever side the largest is on.
    #[test]
    fn what_is_on_the_grid_is_kept_exactly() {
        let nibbles: Vec<f32> = (0..64).map(|k| ((k * 7) % 16) as f32 - 8.0).collect();
        for sign in [0.5, -0.25] {
            let values: Vec<f32> = nibbles.iter().map(|v| v * sign).collect();
            let packed = Packed::Q4(pack_q4(2, 32, &values).unwrap());
            assert_eq!(packed.to_f32(), values);
        }
        let bytes: Vec<f32> = (0..32).map(|k| (k * 8 - 127) as f32 / 64.0).collect();
        assert_eq!(Packed::Q8(pack_q8(1, 32, &bytes).unwrap()).to_f32(), bytes);
        assert_eq!(Packed::Q8(round_q8(1, 32, &bytes).unwrap()).to_f32(), bytes);
    }

    #[test]
    fn nibble_k_of_word_w_is_column_8w_plus_k() {
        let words = vec![0x8888_8889, 0x9888_8888, 0x8888_8888, 0x8888_8878];
        let q4 = Packed::Q4(Q4::new(1, 32, words, vec![f16::ONE]).unwrap());
        let mut expected = vec![0.0; 32];
        (expected[0], expected[15], expected[25]) = (1.0, 1.0, -1.0);
        assert_eq!(q4.to_f32(), expected);
    }

    /// The least-squares scale beats the scale from the largest weight alone.
    #[test]
    fn outliers_do_not_take_the_whole_range() {
        let group: Vec<f32> =
            (0..32).map(|k| ((k * 37 % 101) as f32 / 101.0 - 0.5).powi(3)).collect();
        let peak = group.iter().fold(0.0f32, |a, b| a.max(b.abs()));
        let error = |scale: f32| -> f32 {
            group.iter().map(|&v| (v - scale * step(v, scale, -8.0, 7.0)).powi(2)).sum()
        };
        assert!(error(best_scale(&group, -8.0, 7.0).to_f32()) < error(peak / 7.0));
    }

    #[test]
    fn zeros_and_wrong_sizes() {
        assert!(Packed::Q4(pack_q4(1, 32, &[0.0; 32]).unwrap()).to_f32().iter().all(|v| *v == 0.0));
        let tiny = Packed::Q8(pack_q8(1, 32, &[3e-4; 32]).unwrap()).to_f32();
        assert!(tiny.iter().all(|value| (value - 3e-4).abs() < 4e-5), "{tiny:?}");
        assert!(pack_q4(1, 33, &[0.0; 33]).is_err());
        assert!(pack_q4(2, 32, &[0.0; 32]).is_err());
        assert!(pack_q8(0, 32, &[]).is_err());
    }
}
