//! How one group of 32 weights meets 32 activations, on vectors of each width.

use super::quantise::Group;
use wide::{f32x4, i16x8, i32x4};

/// One instruction set. Weights are unpacked to 16 bits once and meet several rows of activations.
pub(super) trait Lanes: Copy {
    /// 32 weights of 16 bits.
    type Weights: Copy;
    /// Partial sums of a product.
    type Sum: Copy;
    /// Whether the registers hold several weight rows side by side: against one row of activations, against several.
    const SIDE_BY_SIDE: [bool; 2];

    /// 4-bit weights, less 8 where that costs nothing here, in the order of [`super::quantise::Order::Nibbles`].
    fn q4(self, words: &[u32; 4]) -> Self::Weights;

    /// 8-bit weights, in their own order.
    fn q8(self, q: &[i8; 32]) -> Self::Weights;

    /// Nothing yet.
    fn zero(self) -> Self::Sum;

    /// `sum + scale · Σ weights · activations`. `is_q4`: where [`Lanes::q4`] left the 8 in, it is taken out here.
    fn add(
        self,
        sum: Self::Sum,
        weights: Self::Weights,
        x: &Group,
        scale: f32,
        is_q4: bool,
    ) -> Self::Sum;

    /// All lanes together.
    fn total(self, sum: Self::Sum) -> f32;
}

/// 128 bits: SSE2, NEON, wasm.
#[derive(Clone, Copy)]
pub(super) struct Narrow;

impl Lanes for Narrow {
    type Weights = [i16x8; 4];
    type Sum = f32x4;
    const SIDE_BY_SIDE: [bool; 2] = [false, false];

    #[inline(always)]
    fn q4(self, words: &[u32; 4]) -> Self::Weights {
        let lanes: i16x8 = bytemuck::cast(*words);
        let nibble = i16x8::splat(15);
        [lanes & nibble, (lanes >> 4) & nibble, (lanes >> 8) & nibble, (lanes >> 12) & nibble]
    }

    #[inline(always)]
    fn q8(self, q: &[i8; 32]) -> Self::Weights {
        std::array::from_fn(|j| i16x8::new(std::array::from_fn(|lane| i16::from(q[8 * j + lane]))))
    }

    #[inline(always)]
    fn zero(self) -> f32x4 {
        f32x4::ZERO
    }

    #[inline(always)]
    fn add(self, sum: f32x4, weights: Self::Weights, x: &Group, scale: f32, is_q4: bool) -> f32x4 {
        let q: [i16x8; 4] = bytemuck::cast(x.q);
        let eight = if is_q4 { x.minus_8_sum } else { i32x4::ZERO };
        let products = weights[0].dot(q[0])
            + weights[1].dot(q[1])
            + (weights[2].dot(q[2]) + weights[3].dot(q[3]))
            + eight;
        sum + f32x4::from_i32x4(products) * f32x4::splat(scale * x.scale)
    }

    #[inline(always)]
    fn total(self, sum: f32x4) -> f32 {
        sum.reduce_add()
    }
}
