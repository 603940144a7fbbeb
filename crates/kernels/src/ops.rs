use crate::{Packed, Result};
use std::future::Future;
use std::sync::Arc;

/// How many keys a query sees: row `i` of a block sees keys `0 .. first + i · step`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visible {
    /// Keys seen by the block's first row; at least 1.
    pub first: usize,
    /// 0 within the prefix, where every row sees all of it; 1 after it.
    pub step: usize,
}

impl Visible {
    /// Every row sees the first `keys` keys.
    pub fn all(keys: usize) -> Self {
        Self { first: keys, step: 0 }
    }

    /// Each row sees what came before it and itself; the block starts at `position`.
    pub fn causal(position: usize) -> Self {
        Self { first: position + 1, step: 1 }
    }

    /// Keys seen by row `row` of the block.
    pub fn of(&self, row: usize) -> usize {
        self.first + row * self.step
    }
}

/// The operations of a Llama-family decoder on one processor.
///
/// Tensors are f32, `(rows, cols)`, row-major. Every operation works on a block of `rows` rows; an
/// operand that is a longer buffer (the hidden states, the caches) says at which row the block
/// starts. Shapes are checked before anything is touched. A GPU records; results are there after
/// [`Ops::read`] or [`Ops::finish`].
pub trait Ops {
    /// Activations.
    type Tensor;
    /// Weights, `(out, in)`.
    type Matrix;

    /// For a person: what computes.
    fn name(&self) -> String;

    /// Rows that this processor can take through half a layer within a slice of some 50 ms.
    fn block_rows(&self) -> usize;

    /// A tensor of zeros.
    ///
    /// # Errors
    /// Where it is larger than the processor allows.
    fn tensor(&mut self, rows: usize, cols: usize) -> Result<Self::Tensor>;

    /// Weights as this processor wants them.
    ///
    /// # Errors
    /// Where they are larger than the processor allows or of a kind it does not take.
    fn matrix(&mut self, packed: &Arc<Packed>) -> Result<Self::Matrix>;

    /// Copies `values`, whole rows, into `x` from row `first_row` on.
    ///
    /// # Errors
    /// Where they do not fit.
    fn write(&mut self, x: &mut Self::Tensor, first_row: usize, values: &[f32]) -> Result<()>;

    /// `rows` rows of `x` from `first_row` on, once all that was asked before is done.
    ///
    /// # Errors
    /// Where they are not within `x`, or the GPU failed.
    fn read(
        &mut self,
        x: &Self::Tensor,
        first_row: usize,
        rows: usize,
    ) -> impl Future<Output = Result<Vec<f32>>>;

    /// Waits until all that was asked is done.
    ///
    /// # Errors
    /// Where the GPU failed.
    fn finish(&mut self) -> impl Future<Output = Result<()>>;

    /// `out[out_row + i] = table[ids[i]]`.
    ///
    /// # Errors
    /// Where an id is not a row of the table, or shapes do not fit.
    fn embed(
        &mut self,
        table: &Self::Matrix,
        ids: &[u32],
        out: &mut Self::Tensor,
        out_row: usize,
    ) -> Result<()>;

    /// `out[i] = x[x_row + i] / rms(x[x_row + i]) · weight`, `rms(v) = √(mean v² + eps)`.
    /// `weight` is `(1, cols)`.
    ///
    /// # Errors
    /// Where shapes do not fit.
    #[allow(clippy::too_many_arguments, reason = "operands of one operation, in reading order")]
    fn rms_norm(
        &mut self,
        x: &Self::Tensor,
        x_row: usize,
        weight: &Self::Tensor,
        eps: f32,
        out: &mut Self::Tensor,
        rows: usize,
    ) -> Result<()>;

    /// `out[out_row + i] = x[i] Wᵀ`.
    ///
    /// # Errors
    /// Where shapes do not fit.
    fn matmul(
        &mut self,
        x: &Self::Tensor,
        weight: &Self::Matrix,
        out: &mut Self::Tensor,
        out_row: usize,
        rows: usize,
    ) -> Result<()>;

    /// Rotates every head of `x[x_row + i]` to position `position + i`. `table` is
    /// `(positions, head_dim)`, each row the cosines then the sines of `head_dim / 2` angles; a head
    /// is split into halves `(a, b)` and becomes `(a cos − b sin, b cos + a sin)`.
    ///
    /// # Errors
    /// Where shapes do not fit.
    fn rope(
        &mut self,
        x: &mut Self::Tensor,
        x_row: usize,
        rows: usize,
        position: usize,
        table: &Self::Tensor,
    ) -> Result<()>;

    /// Grouped-query attention with scale `1/√head_dim`: query head `h` reads key-value head
    /// `h / (heads / kv_heads)`. `q` and `out` are `(≥ rows, heads · head_dim)`, `keys` and `values`
    /// `(context, kv_heads · head_dim)`.
    ///
    /// # Errors
    /// Where shapes do not fit.
    #[allow(clippy::too_many_arguments, reason = "operands of one operation, in reading order")]
    fn attention(
        &mut self,
        q: &Self::Tensor,
        keys: &Self::Tensor,
        values: &Self::Tensor,
        head_dim: usize,
        visible: Visible,
        out: &mut Self::Tensor,
        rows: usize,
    ) -> Result<()>;

    /// `gate[i] = silu(gate[i]) · up[i]`, `silu(v) = v / (1 + e⁻ᵛ)`.
    ///
    /// # Errors
    /// Where shapes do not fit.
    fn silu_mul(&mut self, gate: &mut Self::Tensor, up: &Self::Tensor, rows: usize) -> Result<()>;

    /// `x[x_row + i] += bias`, `bias` of `(1, cols)`.
    ///
    /// # Errors
    /// Where shapes do not fit.
    fn add_bias(
        &mut self,
        x: &mut Self::Tensor,
        x_row: usize,
        bias: &Self::Tensor,
        rows: usize,
    ) -> Result<()>;

    /// `x[x_row + i] += y[i]`.
    ///
    /// # Errors
    /// Where shapes do not fit.
    fn add(
        &mut self,
        x: &mut Self::Tensor,
        x_row: usize,
        y: &Self::Tensor,
        rows: usize,
    ) -> Result<()>;
}
