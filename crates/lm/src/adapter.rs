//! A system's adapter: low-rank changes of the layers' matrices (LoRA, Hu et al. 2021,
//! arXiv:2106.09685), merged into them when the system is first asked for.

use crate::weights::Tensor;
use crate::{Error, Result, Weights};
use kernels::Packed;
use scene::System;
use std::sync::Arc;

/// Matrices of a layer, as `lm.layers.I.NAME.weight` and `adapters.SYSTEM.layers.I.NAME.{a,b}`.
const MATRICES: [&str; 7] =
    ["attn.q", "attn.k", "attn.v", "attn.o", "ffn.gate", "ffn.up", "ffn.down"];

impl Weights {
    /// Whether the model can be this system.
    pub fn knows_system(&self, system: System) -> bool {
        system == System::Unified || self.manifest().systems.iter().any(|s| s == system.key())
    }

    /// The language model as `system` has it: `W + B A` for every matrix of the layers, 8 bits each,
    /// for 4 would round the small change away. What it does not change is shared.
    ///
    /// # Errors
    /// [`Error::Tensor`] where the adapter lacks a matrix, or has one that does not fit.
    pub fn adapted(&self, system: System) -> Result<Self> {
        let mut adapted = self.decoder_only();
        if system == System::Unified {
            return Ok(adapted);
        }
        for layer in 0..self.manifest().lm.layers {
            for part in MATRICES {
                let name = format!("lm.layers.{layer}.{part}.weight");
                let change = format!("adapters.{}.layers.{layer}.{part}", system.key());
                let merged = self.merged(&name, &change)?;
                adapted.put(name, Tensor::Packed(Arc::new(merged)));
            }
        }
        Ok(adapted)
    }

    /// `W (m, n) + B (m, r) A (r, n)`.
    fn merged(&self, name: &str, change: &str) -> Result<Packed> {
        let (shape, mut matrix) = self.tensor_f32(name)?;
        let (a_shape, a) = self.tensor_f32(&format!("{change}.a"))?;
        let (b_shape, b) = self.tensor_f32(&format!("{change}.b"))?;
        let (&[m, n], &[rank, a_columns], &[b_rows, b_columns]) =
            (shape.as_slice(), a_shape.as_slice(), b_shape.as_slice())
        else {
            return Err(misfit(change, &a_shape, &b_shape));
        };
        if (b_rows, b_columns, a_columns) != (m, rank, n) {
            return Err(misfit(change, &a_shape, &b_shape));
        }
        for (row, factors) in matrix.chunks_exact_mut(n).zip(b.chunks_exact(rank)) {
            for (factor, direction) in factors.iter().zip(a.chunks_exact(n)) {
                row.iter_mut().zip(direction).for_each(|(value, d)| *value += factor * d);
            }
        }
        Ok(Packed::Q8(kernels::round_q8(m, n, &matrix)?))
    }
}

fn misfit(change: &str, a: &[usize], b: &[usize]) -> Error {
    let what = format!("has factors of the shapes {b:?} and {a:?}");
    Error::Tensor { name: change.to_owned(), what }
}

/// What a system has beside its matrices.
pub(crate) struct Own {
    /// `(d)`, added to `<|bos|>`'s embedding.
    first: Option<Vec<f32>>,
    /// `(6, d)` and `(6)`: how far each number of a box is to be moved, in bins.
    refine: Option<(Vec<f32>, Vec<f32>)>,
}

/// Numbers of a box.
const NUMBERS: usize = 6;
/// A number is moved by so many bins at most, as it was trained.
const REFINED_BINS: f32 = 8.0;

impl Own {
    pub(crate) fn load(weights: &Weights, system: System) -> Result<Self> {
        let width = weights.manifest().lm.width;
        let name = |part: &str| format!("adapters.{}.{part}", system.key());
        let has_own = system != System::Unified;
        let refines = has_own && weights.has(&name("refine.weight"));
        Ok(Self {
            first: has_own.then(|| weights.tensor_of(&name("first"), &[width])).transpose()?,
            refine: match refines {
                true => Some((
                    weights.tensor_of(&name("refine.weight"), &[NUMBERS, width])?,
                    weights.tensor_of(&name("refine.bias"), &[NUMBERS])?,
                )),
                false => None,
            },
        })
    }

    /// The row before a system's own, where that is not `<|bos|>` itself.
    pub(crate) fn first_row(&self, bos: &[f32]) -> Option<Vec<f32>> {
        let first = self.first.as_ref()?;
        Some(bos.iter().zip(first).map(|(a, b)| a + b).collect())
    }

    /// How far the `index`-th number of a box told from this hidden state is off, in bins.
    pub(crate) fn refined(&self, hidden: &[f32], index: usize) -> f32 {
        let Some((weight, bias)) = &self.refine else { return 0.0 };
        let (row, bias) = (weight.chunks_exact(hidden.len().max(1)).nth(index), bias.get(index));
        let (Some(row), Some(bias)) = (row, bias) else { return 0.0 };
        let moved = bias + row.iter().zip(hidden).map(|(w, h)| w * h).sum::<f32>();
        moved.clamp(-REFINED_BINS, REFINED_BINS)
    }
}
