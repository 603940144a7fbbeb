use crate::GROUP;
use wide::{f32x4, i16x8, i32x4};

/// Largest step of an activation. The products of a group, `32 · 127 · 32767`, stay within i32.
const PEAK: f32 = 32767.0;

/// In which order a group's 32 activations lie in their four vectors of eight.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// As they come: for 8-bit weights.
    Natural,
    /// Vector `j` holds columns `4l + j`, `l = 0..8`: that is how nibbles fall out of 16-bit lanes
    /// when a group's words are shifted by `4j`, so that 4-bit weights need no repacking.
    Nibbles,
}

/// Activations as 16-bit integers with one scale per group of 32. Sixteen bits cost no more than
/// eight here, because the widest integer product that SSE2, NEON and wasm SIMD share is
/// 16 × 16 → 32; so rounding them does not show.
#[derive(Clone, Debug, Default)]
pub(in crate::cpu) struct Quantised {
    pub(super) groups: Vec<Group>,
    /// Of all 32 of each group, as they were rounded.
    pub(super) sums: Vec<f32>,
}

/// One group of 32 activations.
#[derive(Clone, Copy, Debug)]
pub(super) struct Group {
    pub(super) q: [i16; GROUP],
    /// `−8 Σ q`, spread over lanes: takes the 8 out of every nibble.
    pub(super) minus_8_sum: i32x4,
    pub(super) scale: f32,
}

impl Quantised {
    /// Replaces what was held by `x`, whose length is a multiple of 32.
    pub(super) fn set(&mut self, x: &[f32], order: Order) {
        self.groups.clear();
        self.groups.extend(x.as_chunks::<GROUP>().0.iter().map(|group| Group::new(group, order)));
        self.sums.clear();
        self.sums.extend(self.groups.iter().map(Group::sum));
    }
}

impl Group {
    fn new(group: &[f32; GROUP], order: Order) -> Self {
        let peak = group.iter().fold(0.0f32, |peak, v| peak.max(v.abs()));
        // NaN where any value is NaN or infinite: it must reach the logits, not be rounded away.
        let poison: f32 = group.iter().map(|v| v * 0.0).sum();
        let (scale, inverse) = if peak > 1e-30 { (peak / PEAK, PEAK / peak) } else { (0.0, 0.0) };
        let mut q = [0i16; GROUP];
        for (index, values) in group.as_chunks::<4>().0.iter().enumerate() {
            let rounded = (f32x4::new(*values) * inverse).round_int().to_array();
            for (k, &value) in rounded.iter().enumerate() {
                let place = match order {
                    Order::Natural => 4 * index + k,
                    Order::Nibbles => 8 * k + index,
                };
                q[place] = value as i16;
            }
        }
        let ones = i16x8::splat(1);
        let eights = q.as_chunks::<8>().0.iter();
        let sum = eights.fold(i32x4::ZERO, |sum, q| sum + i16x8::new(*q).dot(ones));
        Self { q, minus_8_sum: sum * i32x4::splat(-8), scale: scale + poison }
    }

    fn sum(&self) -> f32 {
        let minus_8: i32 = self.minus_8_sum.to_array().iter().sum();
        (minus_8 / -8) as f32 * self.scale
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_kept_to_a_thirtythousandth_of_its_peak() {
        let x: Vec<f32> = (0..64).map(|k| ((k * 29 % 64) as f32 - 30.0) * 0.37).collect();
        let mut quantised = Quantised::default();
        for order in [Order::Natural, Order::Nibbles] {
            quantised.set(&x, order);
            for (group, x) in quantised.groups.iter().zip(x.chunks(GROUP)) {
                let peak = x.iter().fold(0.0f32, |peak, v| peak.max(v.abs()));
                for (k, value) in x.iter().enumerate() {
                    let q = match order {
                        Order::Natural => group.q[k],
                        Order::Nibbles => group.q[8 * (k % 4) + k / 4],
                    };
                    assert!((f32::from(q) * group.scale - value).abs() <= peak / 60_000.0);
                }
            }
        }
    }

    #[test]
    fn what_is_not_finite_stays_so() {
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let mut x = [1.0; GROUP];
            x[5] = bad;
            assert!(Group::new(&x, Order::Natural).scale.is_nan());
        }
        assert_eq!(Group::new(&[1e-40; GROUP], Order::Natural).scale, 0.0);
        assert!(Group::new(&[1e38; GROUP], Order::Natural).scale.is_finite());
    }
}
