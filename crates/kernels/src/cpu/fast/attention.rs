use crate::Visible;
use crate::cpu::Heads;
use crate::cpu::attention_prefill::attention_prefill;
use std::sync::Arc;
use wide::f32x4;

/// What attends to what, in a form that can go to other threads.
#[derive(Clone)]
pub(in crate::cpu) struct Attention {
    /// `(rows, heads · dim)`
    pub(in crate::cpu) q: Arc<Vec<f32>>,
    /// `(context, kv_heads · dim)`
    pub(in crate::cpu) keys: Arc<Vec<f32>>,
    /// `(context, kv_heads · dim)`
    pub(in crate::cpu) values: Arc<Vec<f32>>,
    pub(in crate::cpu) heads: Heads,
    pub(in crate::cpu) visible: Visible,
}

/// Attention of `rows` rows over the caches, on all threads where there is enough of it.
pub(in crate::cpu) fn attention_shared(work: Attention, rows: usize, out: &mut [f32]) {
    let dim = work.heads.dim;
    // Row after row, and head after head in each.
    let size = rows * work.heads.query * dim * work.visible.of(rows.saturating_sub(1));
    super::threads::shared_by_units(out, dim, size, move |first, out| {
        work.of_heads(first, out);
    });
}

impl Attention {
    /// Heads from `first` on, counted through all rows. Scores of one head and row are held in a buffer; a head's width is
    /// known at compile time where that is usual.
    fn of_heads(&self, first: usize, out: &mut [f32]) {
        match self.heads.dim / 4 {
            8 => self.with_width::<8>(first, out),
            16 => self.with_width::<16>(first, out),
            _ => self.plainly(first, out),
        }
    }

    /// One head of one row after the other, as the oracle does.
    fn plainly(&self, first: usize, out: &mut [f32]) {
        let Heads { query, dim, .. } = self.heads;
        let cache_cols = self.heads.key_value * dim;
        for (index, out) in out.chunks_exact_mut(dim).enumerate() {
            let (row, head) = ((first + index) / query, (first + index) % query);
            let (column, cache_column) = self.heads.columns(head);
            let own = |cache: &[f32]| -> Vec<f32> {
                let rows = cache.chunks_exact(cache_cols).take(self.visible.of(row));
                rows.flat_map(|row| row[cache_column..][..dim].iter().copied()).collect()
            };
            let q = &self.q[row * query * dim + column..][..dim];
            let alone = Heads { query: 1, key_value: 1, dim };
            let seen = Visible::all(self.visible.of(row));
            attention_prefill(q, &own(&self.keys), &own(&self.values), alone, seen, out);
        }
    }

    /// `V` vectors of four make a head.
    fn with_width<const V: usize>(&self, first: usize, out: &mut [f32]) {
        let Self { q, keys, values, heads, visible } = self;
        let cache_cols = heads.key_value * heads.dim;
        let scale = 1.0 / (heads.dim as f32).sqrt();
        let mut scores: Vec<f32> = Vec::new();
        for (index, out) in out.chunks_exact_mut(heads.dim).enumerate() {
            let (row, head) = ((first + index) / heads.query, (first + index) % heads.query);
            let seen = visible.of(row) * cache_cols;
            let (column, cache_column) = heads.columns(head);
            let q = &q[row * heads.query * heads.dim..];
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
            for (out, mixed) in out.as_chunks_mut::<4>().0.iter_mut().zip(mixed) {
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
