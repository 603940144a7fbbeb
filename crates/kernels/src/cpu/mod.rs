//! The operations on the CPU. Beside this file, one file per shader: the plain f32 twin, which is
//! the oracle; in `fast`, what the product runs.

mod add;
mod add_bias;
mod attention_decode;
mod attention_prefill;
mod embed_q8;
mod fast;
mod layer;
mod likeliest;
mod matmul_f32;
mod matmul_vec;
mod rms_norm;
mod rope;
mod silu_mul;

pub use likeliest::likeliest;

use crate::shape::{self, Shape};
use crate::{Error, Ops, Packed, Result, Visible};
use std::sync::Arc;

/// Which arithmetic the CPU uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precision {
    /// f32 throughout, one multiplication after the other: the oracle.
    Plain,
    /// Weights stay 4-bit or 8-bit integers, activations become 15-bit ones, SIMD.
    #[default]
    Fast,
}

/// The CPU as a processor.
#[derive(Clone, Debug, Default)]
pub struct CpuOps {
    precision: Precision,
    scratch: Arc<fast::Quantised>,
}

/// f32 activations, `(rows, cols)`.
#[derive(Clone, Debug, PartialEq)]
pub struct CpuTensor {
    shape: Shape,
    /// Shared with other threads while they read it, and with nobody while it is written.
    data: Arc<Vec<f32>>,
}

impl CpuOps {
    /// The CPU with this arithmetic.
    pub fn new(precision: Precision) -> Self {
        Self { precision, scratch: Arc::default() }
    }
}

impl CpuTensor {
    fn rows(&self, first: usize, rows: usize) -> &[f32] {
        &self.data[first * self.shape.cols..][..rows * self.shape.cols]
    }

    fn rows_mut(&mut self, first: usize, rows: usize) -> &mut [f32] {
        &mut Arc::make_mut(&mut self.data)[first * self.shape.cols..][..rows * self.shape.cols]
    }
}

/// Weights, shared with whoever loaded them, and their scales widened once: turning f16 to f32
/// costs more than the product it scales.
#[derive(Clone, Debug)]
pub struct CpuMatrix {
    packed: Arc<Packed>,
    scales: Arc<[f32]>,
    /// What a nibble of 8 stands for, by group; empty where that is zero.
    middles: Arc<[f32]>,
}

impl CpuMatrix {
    fn shape(&self) -> Shape {
        Shape { rows: self.packed.rows(), cols: self.packed.cols() }
    }
}

impl Ops for CpuOps {
    type Tensor = CpuTensor;
    type Matrix = CpuMatrix;

    fn name(&self) -> String {
        match self.precision {
            Precision::Plain => "cpu (plain f32)".to_owned(),
            Precision::Fast => "cpu".to_owned(),
        }
    }

    fn block_rows(&self) -> usize {
        match self.precision {
            Precision::Plain => 16,
            Precision::Fast => 64,
        }
    }

    fn tensor(&mut self, rows: usize, cols: usize) -> Result<CpuTensor> {
        let len = rows.checked_mul(cols).filter(|len| *len <= 1 << 28).ok_or_else(|| {
            Error::TooLarge { op: "tensor", what: format!("{rows} × {cols} values") }
        })?;
        Ok(CpuTensor { shape: Shape { rows, cols }, data: Arc::new(vec![0.0; len]) })
    }

    fn matrix(&mut self, packed: &Arc<Packed>) -> Result<CpuMatrix> {
        let (scales, mins) = match packed.as_ref() {
            Packed::Q4(q4) => (q4.scales(), q4.mins()),
            Packed::Q8(q8) => (q8.scales(), Default::default()),
            Packed::F32(_) => Default::default(),
        };
        let scales: Arc<[f32]> = scales.iter().map(|scale| scale.to_f32()).collect();
        let middles = scales.iter().zip(mins).map(|(scale, min)| 8.0 * scale + min.to_f32());
        Ok(CpuMatrix { packed: Arc::clone(packed), middles: middles.collect(), scales })
    }

    fn write(&mut self, x: &mut CpuTensor, first_row: usize, values: &[f32]) -> Result<()> {
        shape::write(x.shape, first_row, values.len())?;
        let rows = values.len() / x.shape.cols;
        x.rows_mut(first_row, rows).copy_from_slice(values);
        Ok(())
    }

    async fn read(&mut self, x: &CpuTensor, first_row: usize, rows: usize) -> Result<Vec<f32>> {
        shape::block("read", x.shape, first_row, rows)?;
        Ok(x.rows(first_row, rows).to_vec())
    }

    async fn finish(&mut self) -> Result<()> {
        Ok(())
    }

    fn embed(
        &mut self,
        table: &CpuMatrix,
        ids: &[u32],
        out: &mut CpuTensor,
        out_row: usize,
    ) -> Result<()> {
        shape::embed(table.shape(), ids, (out.shape, out_row))?;
        embed_q8::embed_q8(&table.packed, ids, out.rows_mut(out_row, ids.len()));
        Ok(())
    }

    fn rms_norm(
        &mut self,
        x: &CpuTensor,
        x_row: usize,
        weight: &CpuTensor,
        eps: f32,
        out: &mut CpuTensor,
        rows: usize,
    ) -> Result<()> {
        shape::rms_norm((x.shape, x_row), weight.shape, out.shape, rows)?;
        rms_norm::rms_norm(x.rows(x_row, rows), weight.rows(0, 1), eps, out.rows_mut(0, rows));
        Ok(())
    }

    fn matmul(
        &mut self,
        x: &CpuTensor,
        weight: &CpuMatrix,
        out: &mut CpuTensor,
        out_row: usize,
        rows: usize,
    ) -> Result<()> {
        shape::matmul(x.shape, weight.shape(), (out.shape, out_row), rows)?;
        let (x, out) = (x.rows(0, rows), out.rows_mut(out_row, rows));
        match (weight.packed.as_ref(), self.precision) {
            (Packed::F32(weight), _) => matmul_f32::matmul_f32(x, weight, out),
            (_, Precision::Fast) => fast::matmul(x, &mut [(weight, out)], &mut self.scratch),
            (weight, Precision::Plain) => matmul_vec::matmul_vec(x, weight, out),
        }
        Ok(())
    }

    fn rope(
        &mut self,
        x: &mut CpuTensor,
        x_row: usize,
        rows: usize,
        position: usize,
        table: &CpuTensor,
    ) -> Result<()> {
        shape::rope((x.shape, x_row), rows, position, table.shape)?;
        let cols = x.shape.cols;
        rope::rope(x.rows_mut(x_row, rows), cols, table.rows(position, rows), table.shape.cols);
        Ok(())
    }

    fn attention(
        &mut self,
        q: &CpuTensor,
        keys: &CpuTensor,
        values: &CpuTensor,
        head_dim: usize,
        visible: Visible,
        out: &mut CpuTensor,
        rows: usize,
    ) -> Result<()> {
        let caches = (keys.shape, values.shape);
        shape::attention((q.shape, out.shape), caches, head_dim, visible, rows)?;
        let heads = Heads {
            query: q.shape.cols / head_dim,
            key_value: keys.shape.cols / head_dim,
            dim: head_dim,
        };
        let out = out.rows_mut(0, rows);
        if self.precision == Precision::Fast {
            let [q, keys, values] = [q, keys, values].map(|tensor| Arc::clone(&tensor.data));
            fast::attention_shared(fast::Attention { q, keys, values, heads, visible }, rows, out);
            return Ok(());
        }
        let q = q.rows(0, rows);
        match self.precision {
            Precision::Plain if rows == 1 => {
                attention_decode::attention_decode(
                    q,
                    &keys.data,
                    &values.data,
                    heads,
                    visible.first,
                    out,
                );
            }
            _ => attention_prefill::attention_prefill(
                q,
                &keys.data,
                &values.data,
                heads,
                visible,
                out,
            ),
        }
        Ok(())
    }

    fn silu_mul(&mut self, gate: &mut CpuTensor, up: &CpuTensor, rows: usize) -> Result<()> {
        shape::silu_mul(gate.shape, up.shape, rows)?;
        silu_mul::silu_mul(gate.rows_mut(0, rows), up.rows(0, rows));
        Ok(())
    }

    fn add_bias(
        &mut self,
        x: &mut CpuTensor,
        x_row: usize,
        bias: &CpuTensor,
        rows: usize,
    ) -> Result<()> {
        shape::add_bias((x.shape, x_row), bias.shape, rows)?;
        add_bias::add_bias(x.rows_mut(x_row, rows), bias.rows(0, 1));
        Ok(())
    }

    fn add(&mut self, x: &mut CpuTensor, x_row: usize, y: &CpuTensor, rows: usize) -> Result<()> {
        shape::add((x.shape, x_row), y.shape, rows)?;
        add::add(x.rows_mut(x_row, rows), y.rows(0, rows));
        Ok(())
    }
}

/// How many heads of which width.
#[derive(Clone, Copy, Debug)]
struct Heads {
    query: usize,
    key_value: usize,
    dim: usize,
}

impl Heads {
    /// The columns of query head `head` and of the key-value head it reads.
    fn columns(&self, head: usize) -> (usize, usize) {
        (head * self.dim, head / (self.query / self.key_value) * self.dim)
    }
}
