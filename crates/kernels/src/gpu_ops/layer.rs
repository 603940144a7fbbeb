//! The parts of a layer in few dispatches, where a plan of a decoding step is recorded: one row, whose position the step says.

use super::plan::{Draft, none_begun};
use super::recorder::Buffer;
use super::shaders::Variant;
use super::{GpuMatrix, GpuOps, GpuTensor, variant, word, words};
use crate::layer::{Block, LayerOps, Norm, SelfAttention, plain_gate_up, plain_project};
use crate::shape::{self, Shape};
use crate::{Error, GROUP, Ops, Packed, Result, Visible};
use std::sync::Arc;

/// The one row of a step.
const STEP: Block = Block { x_row: 0, rows: 1, position: 0 };

impl LayerOps for GpuOps {
    fn joined(&mut self, parts: &[Arc<Packed>]) -> Result<Vec<GpuMatrix>> {
        let Some(stacked) = Packed::stacked(parts) else {
            return parts.iter().map(|part| self.matrix(part)).collect();
        };
        let whole = self.matrix(&Arc::new(stacked))?;
        let mut first = 0;
        let view = |part: &Arc<Packed>| {
            let (rows, cols) = (part.rows(), part.cols());
            let view = GpuMatrix { shape: Shape { rows, cols }, first, ..whole.clone() };
            first += rows;
            view
        };
        Ok(parts.iter().map(view).collect())
    }

    fn attend(
        &mut self,
        h: &GpuTensor,
        own: &mut SelfAttention<Self>,
        angles: &GpuTensor,
        block: Block,
        mixed: &mut GpuTensor,
    ) -> Result<()> {
        if block == STEP
            && let Some(mut draft) = self.draft.take()
        {
            let recorded = self.attend_in_two(&mut draft, h, own, angles, mixed);
            self.draft = Some(draft);
            return recorded;
        }
        self.keys_values(h, own, angles, block)?;
        self.mix(h, own, angles, block, Visible::causal(block.position), mixed)
    }

    fn project(
        &mut self,
        y: &GpuTensor,
        weight: &GpuMatrix,
        delta: &mut GpuTensor,
        x: &mut GpuTensor,
        block: Block,
        norm: Option<Norm<'_, GpuTensor>>,
    ) -> Result<()> {
        match (self.step(), block, norm) {
            (Some(step), STEP, Some(norm)) => self.project_in_one(step, y, weight, x, norm),
            (_, block, norm) => plain_project(self, y, weight, delta, x, block, norm),
        }
    }

    fn gate_up(
        &mut self,
        h: &GpuTensor,
        weights: [&GpuMatrix; 2],
        gate: &mut GpuTensor,
        up: &mut GpuTensor,
        rows: usize,
    ) -> Result<()> {
        const OP: &str = "decode_gate_up";
        let [first, second] = weights;
        let n = gate.shape.cols;
        let step =
            self.step().filter(|_| rows == 1 && are_neighbours(&weights) && first.stride == 2 * n);
        let Some(step) = step else {
            return plain_gate_up(self, h, weights, gate, up, rows);
        };
        shape::matmul(h.shape, first.shape, (gate.shape, 0), 1)?;
        shape::matmul(h.shape, second.shape, (gate.shape, 0), 1)?;
        let params = words(OP, [n, first.shape.cols / GROUP])?;
        let buffers = [&step, &h.buffer, &first.words, &first.scales, &gate.buffer];
        let (variant, groups) = self.fused(OP, first, n, &[])?;
        self.run(variant, &params, &buffers, [groups, 1])
    }
}

/// Whether these matrices lie in one, one behind the other from its first output to its last.
fn are_neighbours(parts: &[&GpuMatrix]) -> bool {
    let Some(whole) = parts.first() else { return false };
    let mut at = 0;
    let follows = |part: &&GpuMatrix| {
        let fits = part.words.id == whole.words.id && part.first == at;
        at += part.shape.rows;
        fits
    };
    parts.iter().all(follows) && at == whole.stride
}

impl GpuOps {
    /// The step's buffer, where a plan is recorded.
    fn step(&self) -> Option<Buffer> {
        self.draft.as_ref().map(|draft| draft.step.clone())
    }

    /// The variant of a product with this matrix and so many outputs, and how many workgroups it takes.
    fn fused(
        &self,
        name: &'static str,
        weight: &GpuMatrix,
        outputs: usize,
        more: &[(&'static str, u32)],
    ) -> Result<(Variant, usize)> {
        let (slices, columns) = self.cut(outputs);
        let mut constants = vec![slices];
        constants.extend(weight.packing.constants());
        constants.extend(more);
        Ok((variant(name, &constants)?, outputs.div_ceil(columns)))
    }

    /// out[first + ..] = x Wᵀ + bias, of a matrix with all that lies together with it.
    pub(super) fn product(
        &mut self,
        step: &Buffer,
        x: &GpuTensor,
        weight: &GpuMatrix,
        bias: Option<&Buffer>,
        (out, first): (&Buffer, usize),
    ) -> Result<()> {
        const OP: &str = "decode_product";
        let params = words(OP, [weight.stride, weight.shape.cols / GROUP, first])?;
        let has_bias = [("BIAS", u32::from(bias.is_some()))];
        let (variant, groups) = self.fused(OP, weight, weight.stride, &has_bias)?;
        // Something must be bound where there is no bias; it is not read.
        let bias = bias.unwrap_or(&weight.scales);
        let buffers = [step, &x.buffer, &weight.words, &weight.scales, bias, out];
        self.run(variant, &params, &buffers, [groups, 1])
    }

    /// Queries, keys and values; then all that is done with them.
    fn attend_in_two(
        &mut self,
        draft: &mut Draft,
        h: &GpuTensor,
        own: &mut SelfAttention<Self>,
        angles: &GpuTensor,
        mixed: &mut GpuTensor,
    ) -> Result<()> {
        const OP: &str = "decode_attention";
        let SelfAttention { q, k, v, asked, keys, values, head_dim, .. } = own;
        let head_dim = *head_dim;
        let shapes = ((asked.shape, mixed.shape), (keys.shape, values.shape));
        shape::attention(shapes.0, shapes.1, head_dim, Visible::all(1), 1)?;
        shape::rope((asked.shape, 0), 1, 0, angles.shape)?;
        for (weight, out) in [(&*q, &*asked), (k, keys), (v, values)] {
            shape::matmul(h.shape, weight.shape, (out.shape, 0), 1)?;
        }
        let (heads, kv_heads) = (asked.shape.cols / head_dim, keys.shape.cols / head_dim);
        let raw = self.raw(draft, h, own)?;

        let scale = (1.0 / (head_dim as f32).sqrt()).to_bits();
        let splits = self.tuning.splits;
        let shared = draft.shared(self, heads, head_dim, splits as usize)?;
        let [heads_word, kv_heads] = words(OP, [heads, kv_heads])?;
        let constants = [("FOURS", word(OP, head_dim / 4)?), ("SPLITS", splits)];
        let buffers = [
            &draft.step,
            &raw,
            &angles.buffer,
            &own.keys.buffer,
            &own.values.buffer,
            &own.asked.buffer,
            &shared,
            &mixed.buffer,
        ];
        let params = [heads_word, kv_heads, scale];
        self.run(variant(OP, &constants)?, &params, &buffers, [heads, splits as usize])
    }

    /// Queries, keys and values one behind the other, with biases and not turned: in one product where they are packed alike.
    fn raw(
        &mut self,
        draft: &mut Draft,
        h: &GpuTensor,
        own: &SelfAttention<Self>,
    ) -> Result<Buffer> {
        let weights = [&own.q, &own.k, &own.v];
        let biases = [&own.q_bias, &own.k_bias, &own.v_bias];
        for (weight, bias) in weights.iter().zip(biases) {
            if let Some(bias) = bias {
                shape::add_bias((Shape { rows: 1, cols: weight.shape.rows }, 0), bias.shape, 1)?;
            }
        }
        let raw = draft.raw(self, weights.iter().map(|weight| weight.shape.rows).sum())?;
        if are_neighbours(&weights) {
            let bytes = |bias: &'_ GpuTensor| 4 * bias.shape.cols;
            let all: Vec<_> = biases.iter().filter_map(|bias| bias.as_ref()).collect();
            let parts: Vec<_> = all.iter().map(|bias| (&bias.buffer, bytes(bias))).collect();
            if parts.is_empty() {
                self.product(&draft.step, h, &own.q, None, (&raw, 0))?;
                return Ok(raw);
            }
            if parts.len() == biases.len() {
                let bias = self.recorder.concatenated("biases", &parts)?;
                self.product(&draft.step, h, &own.q, Some(&bias), (&raw, 0))?;
                return Ok(raw);
            }
        }
        if weights.iter().any(|weight| weight.stride != weight.shape.rows) {
            let what = "some of a layer's queries, keys and values have biases".to_owned();
            return Err(Error::Shape { op: "attend", what });
        }
        let mut first = 0;
        for (weight, bias) in weights.into_iter().zip(biases) {
            let bias = bias.as_ref().map(|bias| &bias.buffer);
            self.product(&draft.step, h, weight, bias, (&raw, first))?;
            first += weight.shape.rows;
        }
        Ok(raw)
    }

    /// x += y Wᵀ and its norm.
    fn project_in_one(
        &mut self,
        step: Buffer,
        y: &GpuTensor,
        weight: &GpuMatrix,
        x: &mut GpuTensor,
        norm: Norm<'_, GpuTensor>,
    ) -> Result<()> {
        const OP: &str = "decode_project";
        shape::matmul(y.shape, weight.shape, (x.shape, 0), 1)?;
        shape::rms_norm((x.shape, 0), norm.weight.shape, norm.out.shape, 1)?;
        let tails = self.tuning.tails;
        let n = weight.shape.rows;
        let (variant, groups) = self.fused(OP, weight, n, &[("TAIL", u32::from(tails))])?;
        let [n, blocks, groups_word] = words(OP, [n, weight.shape.cols / GROUP, groups])?;
        let tickets = self.draft.as_ref().map(|draft| draft.tickets.clone());
        let tickets = tickets.ok_or_else(none_begun)?;
        let buffers = [
            &step,
            &y.buffer,
            &weight.words,
            &weight.scales,
            &norm.weight.buffer,
            &x.buffer,
            &tickets,
            &norm.out.buffer,
        ];
        let params = [n, blocks, groups_word, norm.eps.to_bits()];
        self.run(variant, &params, &buffers, [groups, 1])?;
        match tails {
            true => Ok(()),
            false => self.rms_norm(x, 0, norm.weight, norm.eps, norm.out, 1),
        }
    }
}
