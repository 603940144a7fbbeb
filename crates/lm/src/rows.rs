//! A scene's rows for a language model of another width than theirs.

use crate::{Error, Result, Weights};
use scene::ScenePrefix;

/// The matrix's name.
const NAME: &str = "lm.rows.weight";

/// `lm.rows`: every row, and every mention, by one matrix.
pub(crate) struct RowMap {
    from: usize,
    to: usize,
    /// `(from, to)`: the matrix turned over, so that a product runs along memory.
    turned: Vec<f32>,
}

impl RowMap {
    /// The map of a model whose language model is of another width than its rows.
    pub(crate) fn load(weights: &Weights) -> Result<Option<Self>> {
        let manifest = weights.manifest();
        let (from, to) = (manifest.row_width(), manifest.lm.width);
        if from == to {
            return Ok(None);
        }
        if !weights.has(NAME) {
            let what = format!("is missing: rows are {from} wide, the language model {to}");
            return Err(Error::Tensor { name: NAME.into(), what });
        }
        let matrix = weights.tensor_of(NAME, &[to, from])?;
        let turned = (0..from).flat_map(|k| matrix[k..].iter().step_by(from).copied()).collect();
        Ok(Some(Self { from, to, turned }))
    }

    /// The prefix as this language model reads it. What its rows say of boxes goes with rows as
    /// they were, which none of these models reads.
    pub(crate) fn mapped(&self, prefix: &ScenePrefix) -> ScenePrefix {
        let mut mapped = ScenePrefix { width: self.to, ..prefix.clone() };
        mapped.rows = self.apply(&prefix.rows);
        for object in &mut mapped.objects {
            object.mention = self.apply(&object.mention);
        }
        mapped
    }

    /// `(n, from)` → `(n, to)`
    fn apply(&self, rows: &[f32]) -> Vec<f32> {
        let mut out = vec![0.0; rows.len() / self.from * self.to];
        for (row, out) in rows.chunks_exact(self.from).zip(out.chunks_exact_mut(self.to)) {
            for (x, column) in row.iter().zip(self.turned.chunks_exact(self.to)) {
                for (out, weight) in out.iter_mut().zip(column) {
                    *out += x * weight;
                }
            }
        }
        out
    }
}
