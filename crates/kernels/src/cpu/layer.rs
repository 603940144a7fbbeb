//! Products of the same rows at once: the rows are rounded once, and threads are called once.

use super::{CpuMatrix, CpuOps, CpuTensor, Precision, fast};
use crate::layer::{Block, LayerOps, SelfAttention, plain_gate_up, plain_keys_values};
use crate::{Ops, Packed, Result, Visible, shape};

impl LayerOps for CpuOps {
    fn attend(
        &mut self,
        h: &CpuTensor,
        own: &mut SelfAttention<Self>,
        angles: &CpuTensor,
        block: Block,
        mixed: &mut CpuTensor,
    ) -> Result<()> {
        let visible = Visible::causal(block.position);
        let Block { rows, position, .. } = block;
        let weights = [&own.q, &own.k, &own.v];
        if !self.is_fast(&weights) {
            plain_keys_values(self, h, own, angles, block)?;
            return self.mix(h, own, angles, block, visible, mixed);
        }
        let outs = [(&mut own.asked, 0), (&mut own.keys, position), (&mut own.values, position)];
        self.products(h, weights, outs, rows)?;
        for (bias, out, row) in [
            (&own.q_bias, &mut own.asked, 0),
            (&own.k_bias, &mut own.keys, position),
            (&own.v_bias, &mut own.values, position),
        ] {
            if let Some(bias) = bias {
                self.add_bias(out, row, bias, rows)?;
            }
        }
        self.rope(&mut own.asked, 0, rows, position, angles)?;
        self.rope(&mut own.keys, position, rows, position, angles)?;
        self.attention(&own.asked, &own.keys, &own.values, own.head_dim, visible, mixed, rows)
    }

    fn gate_up(
        &mut self,
        h: &CpuTensor,
        weights: [&CpuMatrix; 2],
        gate: &mut CpuTensor,
        up: &mut CpuTensor,
        rows: usize,
    ) -> Result<()> {
        if !self.is_fast(&weights) {
            return plain_gate_up(self, h, weights, gate, up, rows);
        }
        self.products(h, weights, [(gate, 0), (up, 0)], rows)?;
        self.silu_mul(gate, up, rows)
    }
}

impl CpuOps {
    fn is_fast(&self, weights: &[&CpuMatrix]) -> bool {
        let packed = |weight: &&CpuMatrix| !matches!(*weight.packed, Packed::F32(_));
        self.precision == Precision::Fast && weights.iter().all(packed)
    }

    /// `out[row + i] = x[i] Wᵀ` for each of these.
    fn products<const N: usize>(
        &mut self,
        x: &CpuTensor,
        weights: [&CpuMatrix; N],
        outs: [(&mut CpuTensor, usize); N],
        rows: usize,
    ) -> Result<()> {
        for (weight, (out, row)) in weights.iter().zip(&outs) {
            shape::matmul(x.shape, weight.shape(), (out.shape, *row), rows)?;
        }
        let mut products: Vec<_> = weights
            .into_iter()
            .zip(outs)
            .map(|(weight, (out, row))| (weight, out.rows_mut(row, rows)))
            .collect();
        fast::matmul(x.rows(0, rows), &mut products, &mut self.scratch);
        Ok(())
    }
}
