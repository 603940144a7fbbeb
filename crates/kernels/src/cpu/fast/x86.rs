//! The wide vectors of x86-64, where the machine has them: a group of 32 weights in one register or two.
//!
//! `pulp` holds each instruction set by a value that only a check of the machine gives, so that no code here is unsafe.

use super::lanes::Lanes;
use super::matmul::Part;
use super::quantise::Group;
use pulp::cast;
use pulp::x86::{V3, V4};
use std::arch::x86_64::{__m128i, __m256, __m256i, __m512, __m512i};

/// What is compiled for an instruction set as a whole: a closure would be called from there, and compiled apart.
pub(super) struct Run<'a, L> {
    pub(super) part: Part<'a>,
    pub(super) lanes: L,
    pub(super) out: &'a mut [f32],
}

impl<L: Lanes> pulp::NullaryFnOnce for Run<'_, L> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.part.run_on(self.lanes, self.out);
    }
}

/// By how much a lane is shifted for the nibble that its vector of eight holds.
const SHIFTS: [u16; 32] = {
    let mut shifts = [0; 32];
    let mut lane = 0;
    while lane < 32 {
        shifts[lane] = 4 * (lane / 8) as u16;
        lane += 1;
    }
    shifts
};

/// 512 bits: AVX-512 (F, BW).
impl Lanes for V4 {
    type Weights = __m512i;
    type Sum = __m512;
    const SIDE_BY_SIDE: [bool; 2] = [true, true];

    #[inline(always)]
    fn q4(self, words: &[u32; 4]) -> __m512i {
        let words: __m128i = cast(*words);
        let lanes = self.avx512f._mm512_broadcast_i32x4(words);
        let lanes = self.avx512bw._mm512_srlv_epi16(lanes, cast(SHIFTS));
        let nibbles = self.avx512f._mm512_and_si512(lanes, cast([15i16; 32]));
        self.avx512bw._mm512_sub_epi16(nibbles, cast([8i16; 32]))
    }

    #[inline(always)]
    fn q8(self, q: &[i8; 32]) -> __m512i {
        self.avx512bw._mm512_cvtepi8_epi16(cast(*q))
    }

    #[inline(always)]
    fn zero(self) -> __m512 {
        self.avx512f._mm512_setzero_ps()
    }

    #[inline(always)]
    fn add(self, sum: __m512, weights: __m512i, x: &Group, scale: f32, _: bool) -> __m512 {
        let products = self.avx512bw._mm512_madd_epi16(weights, cast(x.q));
        let products = self.avx512f._mm512_cvtepi32_ps(products);
        self.avx512f._mm512_fmadd_ps(products, self.avx512f._mm512_set1_ps(scale * x.scale), sum)
    }

    #[inline(always)]
    fn total(self, sum: __m512) -> f32 {
        self.avx512f._mm512_reduce_add_ps(sum)
    }
}

/// 256 bits: AVX2 and FMA.
impl Lanes for V3 {
    type Weights = [__m256i; 2];
    type Sum = __m256;
    const SIDE_BY_SIDE: [bool; 2] = [true, false];

    #[inline(always)]
    fn q4(self, words: &[u32; 4]) -> Self::Weights {
        let words: __m128i = cast(*words);
        let once = self.sse2._mm_srli_epi16::<4>(words);
        let both = self.avx._mm256_set_m128i(once, words);
        let (nibble, eight) = (cast([15i16; 16]), cast([8i16; 16]));
        let centred = |lanes| {
            let nibbles = self.avx2._mm256_and_si256(lanes, nibble);
            self.avx2._mm256_sub_epi16(nibbles, eight)
        };
        [centred(both), centred(self.avx2._mm256_srli_epi16::<8>(both))]
    }

    #[inline(always)]
    fn q8(self, q: &[i8; 32]) -> Self::Weights {
        let halves: [__m128i; 2] = cast(*q);
        halves.map(|half| self.avx2._mm256_cvtepi8_epi16(half))
    }

    #[inline(always)]
    fn zero(self) -> __m256 {
        self.avx._mm256_setzero_ps()
    }

    #[inline(always)]
    fn add(self, sum: __m256, weights: Self::Weights, x: &Group, scale: f32, _: bool) -> __m256 {
        let [low, high]: [__m256i; 2] = cast(x.q);
        let products = self.avx2._mm256_add_epi32(
            self.avx2._mm256_madd_epi16(weights[0], low),
            self.avx2._mm256_madd_epi16(weights[1], high),
        );
        let products = self.avx._mm256_cvtepi32_ps(products);
        self.fma._mm256_fmadd_ps(products, self.avx._mm256_set1_ps(scale * x.scale), sum)
    }

    #[inline(always)]
    fn total(self, sum: __m256) -> f32 {
        let eight: [f32; 8] = cast(sum);
        eight.iter().sum()
    }
}
