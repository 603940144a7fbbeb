use super::lanes::{Lanes, Narrow};
use super::quantise::{Group, Order, Quantised};
use crate::cpu::CpuMatrix;
use crate::{GROUP, Packed};
use std::sync::Arc;

/// A word's lower half must come first for nibbles to fall into their lanes.
#[cfg(target_endian = "big")]
compile_error!("the packed weights are little-endian");

/// Activation rows that share one unpacking of a weight row.
pub(super) const TILE: usize = 4;
/// Weight rows that share one loading of an activation row.
const OUTPUTS: usize = 4;

/// `out = x Wᵀ` over packed weights, for each of these; `x` is rounded once where they take it in the same order. `scratch` is
/// used again and again.
pub(in crate::cpu) fn matmul(
    x: &[f32],
    products: &mut [(&CpuMatrix, &mut [f32])],
    scratch: &mut Arc<Quantised>,
) {
    let order = |weight: &CpuMatrix| match *weight.packed {
        Packed::Q4(_) => Order::Nibbles,
        Packed::Q8(_) | Packed::F32(_) => Order::Natural,
    };
    let mut own = std::mem::take(scratch);
    for products in products.chunk_by_mut(|(a, _), (b, _)| order(a) == order(b)) {
        // Whoever had a share in the products before has let it go.
        Arc::make_mut(&mut own).set(x, products.first().map_or(Order::Natural, |(w, _)| order(w)));
        let work = |weight: &CpuMatrix| Work { x: Arc::clone(&own), weight: weight.clone() };
        let works: Vec<Work> = products.iter().map(|(weight, _)| work(weight)).collect();
        let mut outs: Vec<&mut [f32]> = products.iter_mut().map(|(_, out)| &mut **out).collect();
        super::threads::shared(works, &mut outs);
    }
    *scratch = own;
}

/// A product, in a form that can go to other threads.
#[derive(Clone)]
pub(super) struct Work {
    x: Arc<Quantised>,
    weight: CpuMatrix,
}

impl Work {
    /// Rows of activations.
    pub(super) fn rows(&self) -> usize {
        self.x.groups.len() * GROUP / self.weight.shape().cols
    }

    /// Rows of weights.
    pub(super) fn outputs(&self) -> usize {
        self.weight.shape().rows
    }

    /// Multiplications.
    pub(super) fn size(&self) -> usize {
        self.rows() * self.outputs() * self.weight.shape().cols
    }

    /// All of it.
    pub(super) fn part(&self) -> Part<'_> {
        let groups = match self.weight.packed.as_ref() {
            Packed::Q4(q4) => Groups::Q4(q4.words().as_chunks().0),
            Packed::Q8(q8) => Groups::Q8(q8.q().as_chunks().0),
            // Has no groups, and is not brought here.
            Packed::F32(_) => Groups::Q8(&[]),
        };
        Part {
            x: &self.x.groups,
            sums: &self.x.sums,
            groups,
            scales: &self.weight.scales,
            middles: &self.weight.middles,
            blocks: self.weight.shape().cols / GROUP,
        }
    }
}

/// Weights, group by group.
#[derive(Clone, Copy)]
enum Groups<'a> {
    Q4(&'a [[u32; GROUP / 8]]),
    Q8(&'a [[i8; GROUP]]),
}

/// A part of a product: some rows of activations, some outputs.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    /// `(rows, blocks)`
    x: &'a [Group],
    /// Of each of these groups, `(rows, blocks)`.
    sums: &'a [f32],
    /// `(outputs, blocks)`
    groups: Groups<'a>,
    /// `(outputs, blocks)`
    scales: &'a [f32],
    /// `(outputs, blocks)`, or empty.
    middles: &'a [f32],
    blocks: usize,
}

impl<'a> Part<'a> {
    /// The same for these outputs alone.
    pub(super) fn of_outputs(&self, first: usize, count: usize) -> Self {
        let range = first * self.blocks..(first + count) * self.blocks;
        let groups = match self.groups {
            Groups::Q4(groups) => Groups::Q4(&groups[range.clone()]),
            Groups::Q8(groups) => Groups::Q8(&groups[range.clone()]),
        };
        let middles = self.middles.get(range.clone()).unwrap_or_default();
        Self { groups, scales: &self.scales[range], middles, ..*self }
    }

    /// The same for these rows of activations alone.
    pub(super) fn of_rows(&self, first: usize, count: usize) -> Self {
        let range = first * self.blocks..(first + count) * self.blocks;
        Self { x: &self.x[range.clone()], sums: &self.sums[range], ..*self }
    }

    pub(super) fn rows(&self) -> usize {
        self.x.len() / self.blocks
    }

    /// `out (rows, outputs)`, on the widest vectors of this machine.
    pub(super) fn run(self, out: &mut [f32]) {
        #[cfg(target_arch = "x86_64")]
        {
            if let Some(lanes) = pulp::x86::V4::try_new() {
                return lanes.vectorize(super::x86::Run { part: self, lanes, out });
            }
            if let Some(lanes) = pulp::x86::V3::try_new() {
                return lanes.vectorize(super::x86::Run { part: self, lanes, out });
            }
        }
        self.run_on(Narrow, out);
    }

    /// The same on these vectors.
    #[inline(always)]
    pub(super) fn run_on<L: Lanes>(self, lanes: L, out: &mut [f32]) {
        match self.groups {
            Groups::Q4(groups) => {
                self.each_row(
                    lanes,
                    groups,
                    out,
                    true,
                    #[inline(always)]
                    |group| lanes.q4(group),
                );
            }
            Groups::Q8(groups) => {
                self.each_row(
                    lanes,
                    groups,
                    out,
                    false,
                    #[inline(always)]
                    |group| lanes.q8(group),
                );
            }
        }
    }

    /// Every weight row against every activation row: tiles of both, then what is left of each.
    #[inline(always)]
    fn each_row<L: Lanes, G>(
        self,
        lanes: L,
        groups: &[G],
        out: &mut [f32],
        is_q4: bool,
        unpack: impl Fn(&G) -> L::Weights + Copy,
    ) {
        let outputs = groups.len() / self.blocks;
        let rows = self.rows();
        let mut row = 0;
        while row < rows {
            let many = row + TILE <= rows;
            let mut output = 0;
            while output < outputs {
                let place = (row, output);
                let side_by_side =
                    L::SIDE_BY_SIDE[usize::from(many)] && output + OUTPUTS <= outputs;
                output += match (many, side_by_side) {
                    (true, true) => {
                        self.tile::<TILE, OUTPUTS, L, G>(lanes, groups, out, is_q4, unpack, place)
                    }
                    (true, false) => {
                        self.tile::<TILE, 1, L, G>(lanes, groups, out, is_q4, unpack, place)
                    }
                    (false, true) => {
                        self.tile::<1, OUTPUTS, L, G>(lanes, groups, out, is_q4, unpack, place)
                    }
                    (false, false) => {
                        self.tile::<1, 1, L, G>(lanes, groups, out, is_q4, unpack, place)
                    }
                };
            }
            row += if many { TILE } else { 1 };
        }
    }

    /// `T` rows of activations against `R` weight rows, from `(row, output)` on; `R`. Sums do not wait for each other,
    /// and what is loaded and unpacked serves several.
    #[inline(always)]
    fn tile<const T: usize, const R: usize, L: Lanes, G>(
        self,
        lanes: L,
        groups: &[G],
        out: &mut [f32],
        is_q4: bool,
        unpack: impl Fn(&G) -> L::Weights,
        (row, output): (usize, usize),
    ) -> usize {
        let blocks = self.blocks;
        let outputs = groups.len() / blocks;
        let x: [&[Group]; T] = std::array::from_fn(|t| &self.x[(row + t) * blocks..][..blocks]);
        let weights: [&[G]; R] =
            std::array::from_fn(|r| &groups[(output + r) * blocks..][..blocks]);
        let scales: [&[f32]; R] =
            std::array::from_fn(|r| &self.scales[(output + r) * blocks..][..blocks]);
        let mut sums = [[lanes.zero(); T]; R];
        for block in 0..blocks {
            for (r, sums) in sums.iter_mut().enumerate() {
                let unpacked = unpack(&weights[r][block]);
                for (t, sum) in sums.iter_mut().enumerate() {
                    *sum = lanes.add(*sum, unpacked, &x[t][block], scales[r][block], is_q4);
                }
            }
        }
        for (r, sums) in sums.into_iter().enumerate() {
            let at = (output + r) * blocks;
            let middles = self.middles.get(at..at + blocks);
            for (t, sum) in sums.into_iter().enumerate() {
                let of_x = &self.sums[(row + t) * blocks..][..blocks];
                let middle = middles.map_or(0.0, |middles| dot(of_x, middles));
                out[(row + t) * outputs + output + r] = lanes.total(sum) + middle;
            }
        }
        R
    }
}

/// `Σ a b`, eight sums side by side.
#[inline(always)]
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    let mut sums = [0.0f32; 8];
    for (a, b) in a.iter().zip(b) {
        for lane in 0..8 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cpu::matmul_vec::matmul_vec;
    use crate::{CpuOps, Ops, Precision, Q4, pack_q4, pack_q8};
    use half::f16;

    fn wave(len: usize, step: f32) -> Vec<f32> {
        (0..len).map(|k| (k as f32 * step).sin()).collect()
    }

    /// A product on these vectors.
    fn run_on<L: Lanes>(lanes: L, packed: &Arc<Packed>, x: &[f32]) -> Vec<f32> {
        let weight = CpuOps::new(Precision::Fast).matrix(packed).unwrap();
        let mut quantised = Quantised::default();
        let is_q4 = matches!(packed.as_ref(), Packed::Q4(_));
        quantised.set(x, if is_q4 { Order::Nibbles } else { Order::Natural });
        let work = Work { x: Arc::new(quantised), weight };
        let mut out = vec![f32::NAN; work.rows() * work.outputs()];
        work.part().run_on(lanes, &mut out);
        out
    }

    fn oracle(packed: &Packed, x: &[f32]) -> Vec<f32> {
        let mut out = vec![0.0; x.len() / packed.cols() * packed.rows()];
        matmul_vec(x, packed, &mut out);
        out
    }

    /// Tiles, what is left of them, and every set of vectors that this machine has.
    #[test]
    fn all_vectors_mean_the_same() {
        let mut levels = Vec::new();
        for (outputs, cols) in [(1, 32), (4, 96), (7, 64), (33, 576)] {
            let values = wave(outputs * cols, 0.37);
            let q4 = pack_q4(outputs, cols, &values).unwrap();
            let mins = wave(outputs * cols / GROUP, 1.3).into_iter().map(f16::from_f32).collect();
            let (words, scales) = (q4.words().to_vec(), q4.scales().to_vec());
            let with_mins = Q4::with_mins(outputs, cols, words, scales, mins).unwrap();
            let q8 = pack_q8(outputs, cols, &values).unwrap();
            for packed in [Packed::Q4(q4), Packed::Q4(with_mins), Packed::Q8(q8)].map(Arc::new) {
                for rows in [1, 3, 4, 9] {
                    let x = wave(rows * cols, 0.11);
                    let expected = oracle(&packed, &x);
                    let mut compare = |name, found: Vec<f32>| {
                        levels.push(name);
                        for (found, expected) in found.iter().zip(&expected) {
                            let off = (found - expected).abs();
                            assert!(off < 2e-3, "{name}, {outputs} × {cols}, {rows} rows: {off}");
                        }
                    };
                    compare("128 bits", run_on(Narrow, &packed, &x));
                    #[cfg(target_arch = "x86_64")]
                    if let Some(lanes) = pulp::x86::V3::try_new() {
                        compare("256 bits", run_on(lanes, &packed, &x));
                    }
                    #[cfg(target_arch = "x86_64")]
                    if let Some(lanes) = pulp::x86::V4::try_new() {
                        compare("512 bits", run_on(lanes, &packed, &x));
                    }
                }
            }
        }
        levels.sort_unstable();
        levels.dedup();
        println!("vectors of {}", levels.join(", "));
    }
}
