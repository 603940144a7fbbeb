//! The parts of a decoder's layer, each of which a processor may do in one go.

use crate::{Ops, Packed, Result, Visible};
use std::sync::Arc;

/// What attends: the weights of a layer's self-attention and what it remembers. Shapes: `H` query heads, `K` key-value heads,
/// `e` head width, `d` width, `C` context.
#[derive(Debug)]
pub struct SelfAttention<O: Ops + ?Sized> {
    /// `(H e, d)`
    pub q: O::Matrix,
    /// `(K e, d)`
    pub k: O::Matrix,
    /// `(K e, d)`
    pub v: O::Matrix,
    /// `(1, H e)`
    pub q_bias: Option<O::Tensor>,
    /// `(1, K e)`
    pub k_bias: Option<O::Tensor>,
    /// `(1, K e)`
    pub v_bias: Option<O::Tensor>,
    /// `(T, H e)`: queries of the block read last, turned to their positions.
    pub asked: O::Tensor,
    /// `(C, K e)`: cache, turned to their positions.
    pub keys: O::Tensor,
    /// `(C, K e)`: cache.
    pub values: O::Tensor,
    /// `e`
    pub head_dim: usize,
}

/// RMSNorm of what was summed, into another tensor.
#[derive(Debug)]
pub struct Norm<'a, T> {
    /// `(1, d)`
    pub weight: &'a T,
    /// Added to the mean square.
    pub eps: f32,
    /// `(≥ rows, d)`
    pub out: &'a mut T,
}

/// Rows `x_row ..` of the hidden states, at positions `position ..`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// The first one's row.
    pub x_row: usize,
    /// How many.
    pub rows: usize,
    /// The first one's position.
    pub position: usize,
}

/// A decoder's layer out of [`Ops`]. A processor that can do a part in one go does; the ways written here are the plain ones.
///
/// # Errors
/// All fail where shapes do not fit, as the operations they are made of.
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub trait LayerOps: Ops + Sized {
    /// Matrices that take the same inputs; a processor may lay them together.
    fn joined(&mut self, parts: &[Arc<Packed>]) -> Result<Vec<Self::Matrix>> {
        parts.iter().map(|part| self.matrix(part)).collect()
    }

    /// k, v = rope(h Wkᵀ + bk), h Wvᵀ + bv, straight into the caches; biases where there are any. `angles` as in
    /// [`Ops::rope`].
    fn keys_values(
        &mut self,
        h: &Self::Tensor,
        own: &mut SelfAttention<Self>,
        angles: &Self::Tensor,
        block: Block,
    ) -> Result<()> {
        plain_keys_values(self, h, own, angles, block)
    }

    /// mixed = attention(rope(h Wqᵀ + bq), keys, values).
    fn mix(
        &mut self,
        h: &Self::Tensor,
        own: &mut SelfAttention<Self>,
        angles: &Self::Tensor,
        Block { rows, position, .. }: Block,
        visible: Visible,
        mixed: &mut Self::Tensor,
    ) -> Result<()> {
        self.matmul(h, &own.q, &mut own.asked, 0, rows)?;
        if let Some(bias) = &own.q_bias {
            self.add_bias(&mut own.asked, 0, bias, rows)?;
        }
        self.rope(&mut own.asked, 0, rows, position, angles)?;
        self.attention(&own.asked, &own.keys, &own.values, own.head_dim, visible, mixed, rows)
    }

    /// [`LayerOps::keys_values`], then [`LayerOps::mix`], each row seeing what came before it and itself.
    fn attend(
        &mut self,
        h: &Self::Tensor,
        own: &mut SelfAttention<Self>,
        angles: &Self::Tensor,
        block: Block,
        mixed: &mut Self::Tensor,
    ) -> Result<()> {
        self.keys_values(h, own, angles, block)?;
        self.mix(h, own, angles, block, Visible::causal(block.position), mixed)
    }

    /// x += y Wᵀ, then its norm where it is asked for; `delta` is written over.
    fn project(
        &mut self,
        y: &Self::Tensor,
        weight: &Self::Matrix,
        delta: &mut Self::Tensor,
        x: &mut Self::Tensor,
        block: Block,
        norm: Option<Norm<'_, Self::Tensor>>,
    ) -> Result<()> {
        plain_project(self, y, weight, delta, x, block, norm)
    }

    /// gate = silu(h Wgᵀ) · h Wuᵀ, `up` is written over.
    fn gate_up(
        &mut self,
        h: &Self::Tensor,
        [gate_weight, up_weight]: [&Self::Matrix; 2],
        gate: &mut Self::Tensor,
        up: &mut Self::Tensor,
        rows: usize,
    ) -> Result<()> {
        plain_gate_up(self, h, [gate_weight, up_weight], gate, up, rows)
    }
}

/// [`LayerOps::keys_values`] out of plain operations.
pub(crate) fn plain_keys_values<O: Ops>(
    ops: &mut O,
    h: &O::Tensor,
    own: &mut SelfAttention<O>,
    angles: &O::Tensor,
    Block { rows, position, .. }: Block,
) -> Result<()> {
    ops.matmul(h, &own.k, &mut own.keys, position, rows)?;
    ops.matmul(h, &own.v, &mut own.values, position, rows)?;
    if let Some(bias) = &own.k_bias {
        ops.add_bias(&mut own.keys, position, bias, rows)?;
    }
    if let Some(bias) = &own.v_bias {
        ops.add_bias(&mut own.values, position, bias, rows)?;
    }
    ops.rope(&mut own.keys, position, rows, position, angles)
}

/// [`LayerOps::project`] out of plain operations.
pub(crate) fn plain_project<O: Ops>(
    ops: &mut O,
    y: &O::Tensor,
    weight: &O::Matrix,
    delta: &mut O::Tensor,
    x: &mut O::Tensor,
    Block { x_row, rows, .. }: Block,
    norm: Option<Norm<'_, O::Tensor>>,
) -> Result<()> {
    ops.matmul(y, weight, delta, 0, rows)?;
    ops.add(x, x_row, delta, rows)?;
    match norm {
        Some(Norm { weight, eps, out }) => ops.rms_norm(x, x_row, weight, eps, out, rows),
        None => Ok(()),
    }
}

/// [`LayerOps::gate_up`] out of plain operations.
pub(crate) fn plain_gate_up<O: Ops>(
    ops: &mut O,
    h: &O::Tensor,
    [gate_weight, up_weight]: [&O::Matrix; 2],
    gate: &mut O::Tensor,
    up: &mut O::Tensor,
    rows: usize,
) -> Result<()> {
    ops.matmul(h, gate_weight, gate, 0, rows)?;
    ops.matmul(h, up_weight, up, 0, rows)?;
    ops.silu_mul(gate, up, rows)
}
