use super::quantise::{Group, Order, Quantised};
use crate::GROUP;
use crate::cpu::CpuMatrix;
use wide::{f32x4, i16x8, i32x4};

/// A word's lower half must come first for nibbles to fall into their lanes.
#[cfg(target_endian = "big")]
compile_error!("the packed weights are little-endian");

/// Activation rows that share one unpacking of a weight row.
const TILE: usize = 4;

/// `out = x Wᵀ` over 4-bit weights.
pub(in crate::cpu) fn matmul_q4(
    x: &[f32],
    words: &[u32],
    weight: &CpuMatrix,
    out: &mut [f32],
    scratch: &mut Quantised,
) {
    scratch.set(x, Order::Nibbles);
    let groups = words.as_chunks::<{ GROUP / 8 }>().0;
    each_row(
        scratch,
        weight,
        out,
        groups,
        |words: &[u32; 4]| {
            let lanes: i16x8 = bytemuck::cast(*words);
            let nibble = i16x8::splat(15);
            [lanes & nibble, (lanes >> 4) & nibble, (lanes >> 8) & nibble, (lanes >> 12) & nibble]
        },
        |group: &Group| group.minus_8_sum,
    );
}

/// `out = x Wᵀ` over 8-bit weights.
pub(in crate::cpu) fn matmul_q8(
    x: &[f32],
    q: &[i8],
    weight: &CpuMatrix,
    out: &mut [f32],
    scratch: &mut Quantised,
) {
    scratch.set(x, Order::Natural);
    let groups = q.as_chunks::<GROUP>().0;
    each_row(
        scratch,
        weight,
        out,
        groups,
        |q: &[i8; GROUP]| {
            std::array::from_fn(|j| {
                i16x8::new(std::array::from_fn(|lane| i16::from(q[8 * j + lane])))
            })
        },
        |_: &Group| i32x4::ZERO,
    );
}

/// Every weight row against every activation row, tile by tile.
fn each_row<G>(
    x: &Quantised,
    weight: &CpuMatrix,
    out: &mut [f32],
    groups: &[G],
    unpack: impl Fn(&G) -> [i16x8; 4] + Copy,
    bias: impl Fn(&Group) -> i32x4 + Copy,
) {
    let (outputs, blocks) = (weight.shape().rows, weight.shape().cols / GROUP);
    let tiles = x.groups.chunks(TILE * blocks).zip(out.chunks_mut(TILE * outputs));
    for (x, out) in tiles {
        let weight_rows = groups.chunks_exact(blocks).zip(weight.scales.chunks_exact(blocks));
        for (index, (row, scales)) in weight_rows.enumerate() {
            let middles = weight.middles.get(index * blocks..(index + 1) * blocks);
            if x.len() == TILE * blocks {
                let x: [&[Group]; TILE] = std::array::from_fn(|t| &x[t * blocks..][..blocks]);
                let sums = dot(x, row, scales, unpack, bias);
                for (t, sum) in sums.into_iter().enumerate() {
                    out[t * outputs + index] = sum + middle(x[t], middles);
                }
            } else {
                for (x, out) in x.chunks_exact(blocks).zip(out.chunks_exact_mut(outputs)) {
                    let [sum] = dot([x], row, scales, unpack, bias);
                    out[index] = sum + middle(x, middles);
                }
            }
        }
    }
}

/// What the middles of a weight row's groups add to its product with an activation row.
fn middle(x: &[Group], middles: Option<&[f32]>) -> f32 {
    let middles = middles.into_iter().flatten();
    x.iter().zip(middles).map(|(group, middle)| group.sum * middle).sum()
}

/// One weight row against `T` activation rows.
#[inline(always)]
fn dot<const T: usize, G>(
    x: [&[Group]; T],
    row: &[G],
    scales: &[f32],
    unpack: impl Fn(&G) -> [i16x8; 4],
    bias: impl Fn(&Group) -> i32x4,
) -> [f32; T] {
    let mut sums = [f32x4::ZERO; T];
    for (index, (group, scale)) in row.iter().zip(scales).enumerate() {
        let weights = unpack(group);
        for (sum, x) in sums.iter_mut().zip(x) {
            let x = &x[index];
            let products = weights[0].dot(x.q[0])
                + weights[1].dot(x.q[1])
                + (weights[2].dot(x.q[2]) + weights[3].dot(x.q[3]))
                + bias(x);
            *sum += f32x4::from_i32x4(products) * f32x4::splat(scale * x.scale);
        }
    }
    sums.map(|sum| sum.reduce_add())
}
