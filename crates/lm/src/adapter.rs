//! A system's adapter: low-rank changes of the layers' matrices (LoRA, Hu et al. 2021,
//! arXiv:2106.09685), merged into them when the system is first asked for.

use crate::boxes::Choice;
use crate::tensors::Tensor;
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
    /// Of one that names objects by boxes.
    pub(crate) choice: Option<Choice>,
}

impl Own {
    pub(crate) fn load(weights: &Weights, system: System) -> Result<Self> {
        if system == System::Unified {
            return Ok(Self { first: None, choice: None });
        }
        let width = weights.manifest().lm.width;
        let first = weights.tensor_of(&format!("adapters.{}.first", system.key()), &[width])?;
        Ok(Self { first: Some(first), choice: Choice::load(weights, system)? })
    }

    /// The row before a system's own, where that is not `<|bos|>` itself.
    pub(crate) fn first_row(&self, bos: &[f32]) -> Option<Vec<f32>> {
        let first = self.first.as_ref()?;
        Some(bos.iter().zip(first).map(|(a, b)| a + b).collect())
    }
}
