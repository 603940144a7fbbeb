//! The operations on a GPU: recorded, then sent in one command buffer.

mod layer;
mod plan;
mod probe;
mod recorder;
mod repack;
mod shaders;

pub use plan::{Choosing, Plan, Read, Record, STEPS};
pub use probe::Level;
pub use recorder::Counts;
pub use shaders::shader_variants;

use crate::shape::{self, Shape};
use crate::{Error, GROUP, Ops, Packed, Result, Visible};
use gpu::Gpu;
use plan::Draft;
use recorder::{Buffer, Recorder};
use shaders::{SLICED_COLUMNS, Tuning, Variant, WHOLE_COLUMNS};
use std::sync::Arc;

/// Threads of a workgroup in shaders that take one value a thread.
const FLAT: usize = 64;
/// From so many rows on, unpacking each weight once for eight rows pays.
const MANY_ROWS: usize = 4;
/// What a workgroup of `matmul_tile` makes, and rows of one of `attention_tile`.
const TILE_ROWS: usize = 32;
const TILE_OUTPUTS: usize = 64;
const ATTENTION_ROWS: usize = 64;
/// Outputs from which on slices are not needed to fill a GPU.
const MANY_OUTPUTS: usize = 8192;
/// Tokens that one lookup takes.
const IDS: usize = 4096;

/// A GPU as a processor.
pub struct GpuOps {
    recorder: Recorder,
    tuning: Tuning,
    ids: Option<Buffer>,
    /// What is recorded just now.
    draft: Option<Draft>,
}

/// f32 activations on the GPU, `(rows, cols)`.
#[derive(Debug)]
pub struct GpuTensor {
    buffer: Buffer,
    shape: Shape,
}

/// Packed weights on the GPU, block by block; several that take the same inputs may lie in one.
#[derive(Clone, Debug)]
pub struct GpuMatrix {
    words: Buffer,
    scales: Buffer,
    shape: Shape,
    packing: Packing,
    /// Outputs that lie together, and the first of these among them.
    stride: usize,
    first: usize,
}

/// How weights are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Packing {
    Q4,
    /// The smallest values of groups stand behind their scales.
    Q4WithMins,
    Q8,
}

impl Packing {
    fn of(packed: &Packed) -> Option<Self> {
        match packed {
            Packed::Q4(q4) if q4.mins().is_empty() => Some(Self::Q4),
            Packed::Q4(_) => Some(Self::Q4WithMins),
            Packed::Q8(_) => Some(Self::Q8),
            Packed::F32(_) => None,
        }
    }

    fn constants(self) -> [(&'static str, u32); 2] {
        match self {
            Self::Q4 => [("BITS", 4), ("MINS", 0)],
            Self::Q4WithMins => [("BITS", 4), ("MINS", 1)],
            Self::Q8 => [("BITS", 8), ("MINS", 0)],
        }
    }
}

impl GpuOps {
    /// Our kernels on this device, as they suit it, unchecked.
    pub fn new(gpu: &Gpu) -> Self {
        Self::at(gpu, Level::of(gpu))
    }

    /// Our kernels on this device, at this level.
    pub fn at(gpu: &Gpu, level: Level) -> Self {
        Self { recorder: Recorder::new(gpu), tuning: level.0, ids: None, draft: None }
    }

    /// What was made, sent and done so far.
    pub fn counts(&self) -> Counts {
        self.recorder.counts()
    }

    fn upload(&mut self, op: &'static str, words: &[u32]) -> Result<Buffer> {
        let bytes: &[u8] = bytemuck::cast_slice(words);
        let buffer = self.recorder.buffer(op, bytes.len())?;
        self.recorder.write(&buffer, 0, bytes);
        Ok(buffer)
    }

    fn run(
        &mut self,
        variant: Variant,
        params: &[u32],
        buffers: &[&Buffer],
        groups: [usize; 2],
    ) -> Result<()> {
        let groups = [word(variant.name, groups[0])?, word(variant.name, groups[1])?];
        self.recorder.dispatch(variant, params, buffers, groups)
    }
}

fn plain_weights() -> Error {
    Error::Shape { op: "matrix", what: "the GPU takes packed weights only".to_owned() }
}

fn variant(name: &'static str, constants: &[(&'static str, u32)]) -> Result<Variant> {
    let missing = || Error::Shape { op: name, what: format!("no shader for {constants:?}") };
    shaders::find(name, constants).ok_or_else(missing)
}

fn word(op: &'static str, value: usize) -> Result<u32> {
    u32::try_from(value)
        .map_err(|_| Error::TooLarge { op, what: format!("{value} is beyond 32 bits") })
}

fn words<const N: usize>(op: &'static str, values: [usize; N]) -> Result<[u32; N]> {
    let mut words = [0; N];
    for (out, value) in words.iter_mut().zip(values) {
        *out = word(op, value)?;
    }
    Ok(words)
}

impl Ops for GpuOps {
    type Tensor = GpuTensor;
    type Matrix = GpuMatrix;

    fn name(&self) -> String {
        format!("{}, {}", self.recorder.gpu().name(), Level(self.tuning).name())
    }

    fn block_rows(&self) -> usize {
        self.tuning.block_rows
    }

    fn tensor(&mut self, rows: usize, cols: usize) -> Result<GpuTensor> {
        let too_large =
            || Error::TooLarge { op: "tensor", what: format!("{rows} × {cols} values") };
        let bytes =
            rows.checked_mul(cols).and_then(|len| len.checked_mul(4)).ok_or_else(too_large)?;
        let buffer = self.recorder.buffer("tensor", bytes)?;
        Ok(GpuTensor { buffer, shape: Shape { rows, cols } })
    }

    fn matrix(&mut self, packed: &Arc<Packed>) -> Result<GpuMatrix> {
        let (rows, cols) = (packed.rows(), packed.cols());
        let (words, scales, mins) = match packed.as_ref() {
            Packed::Q4(q4) => (repack::q4_words(q4), q4.scales(), q4.mins()),
            Packed::Q8(q8) => (repack::q8_words(q8), q8.scales(), Default::default()),
            Packed::F32(_) => return Err(plain_weights()),
        };
        let mut scales = repack::scale_words(rows, cols, scales);
        if !mins.is_empty() {
            scales.extend(repack::scale_words(rows, cols, mins));
        }
        Ok(GpuMatrix {
            words: self.upload("weights", &words)?,
            scales: self.upload("scales", &scales)?,
            shape: Shape { rows, cols },
            packing: Packing::of(packed).ok_or_else(plain_weights)?,
            stride: rows,
            first: 0,
        })
    }

    fn write(&mut self, x: &mut GpuTensor, first_row: usize, values: &[f32]) -> Result<()> {
        shape::write(x.shape, first_row, values.len())?;
        let offset = first_row * x.shape.cols * 4;
        self.recorder.write(&x.buffer, offset, bytemuck::cast_slice(values));
        Ok(())
    }

    async fn read(&mut self, x: &GpuTensor, first_row: usize, rows: usize) -> Result<Vec<f32>> {
        shape::block("read", x.shape, first_row, rows)?;
        if rows * x.shape.cols == 0 {
            return Ok(Vec::new());
        }
        let row_bytes = x.shape.cols as u64 * 4;
        let (offset, bytes) = (first_row as u64 * row_bytes, rows as u64 * row_bytes);
        let bytes = self.recorder.read(&x.buffer, offset, bytes).await?;
        Ok(bytes.as_chunks().0.iter().map(|word| f32::from_le_bytes(*word)).collect())
    }

    async fn finish(&mut self) -> Result<()> {
        // Reading a few bytes is the one way to wait that natively and in a browser is the same.
        let ids = self.ids()?;
        let read = self.recorder.read(&ids, 0, 4).await;
        self.ids = Some(ids);
        read.map(|_| ())
    }

    fn embed(
        &mut self,
        table: &GpuMatrix,
        ids: &[u32],
        out: &mut GpuTensor,
        out_row: usize,
    ) -> Result<()> {
        const OP: &str = "embed_q8";
        shape::embed(table.shape, ids, (out.shape, out_row))?;
        if table.packing != Packing::Q8 || table.stride != table.shape.rows {
            return Err(Error::Shape { op: OP, what: "the table must have 8 bits".to_owned() });
        }
        let id_buffer = self.ids()?;
        for (index, ids) in ids.chunks(IDS).enumerate() {
            self.recorder.write(&id_buffer, 0, bytemuck::cast_slice(ids));
            let row = out_row + index * IDS;
            let params = words(OP, [table.shape.rows, table.shape.cols, row, ids.len()])?;
            let buffers = [&id_buffer, &table.words, &table.scales, &out.buffer];
            let groups = [(ids.len() * table.shape.cols / 4).div_ceil(FLAT), 1];
            self.run(variant(OP, &[])?, &params, &buffers, groups)?;
        }
        self.ids = Some(id_buffer);
        Ok(())
    }

    fn rms_norm(
        &mut self,
        x: &GpuTensor,
        x_row: usize,
        weight: &GpuTensor,
        eps: f32,
        out: &mut GpuTensor,
        rows: usize,
    ) -> Result<()> {
        const OP: &str = "rms_norm";
        shape::rms_norm((x.shape, x_row), weight.shape, out.shape, rows)?;
        let [cols, x_row] = words(OP, [x.shape.cols, x_row])?;
        let buffers = [&x.buffer, &weight.buffer, &out.buffer];
        let variant = variant(OP, &[("LANES", self.tuning.norm_lanes)])?;
        self.run(variant, &[cols, x_row, eps.to_bits()], &buffers, [rows, 1])
    }

    fn matmul(
        &mut self,
        x: &GpuTensor,
        weight: &GpuMatrix,
        out: &mut GpuTensor,
        out_row: usize,
        rows: usize,
    ) -> Result<()> {
        const OP: &str = "matmul";
        shape::matmul(x.shape, weight.shape, (out.shape, out_row), rows)?;
        let (n, blocks) = (weight.shape.rows, weight.shape.cols / GROUP);
        let params = words(OP, [n, blocks, out_row, rows, weight.stride, weight.first])?;
        let buffers = [&x.buffer, &weight.words, &weight.scales, &out.buffer];
        let [bits, mins] = weight.packing.constants();
        if self.tuning.tiles && rows >= MANY_ROWS {
            let groups = [n.div_ceil(TILE_OUTPUTS), rows.div_ceil(TILE_ROWS)];
            return self.run(variant("matmul_tile", &[bits, mins])?, &params, &buffers, groups);
        }
        if bits.1 == 4 && rows >= MANY_ROWS {
            let groups = [n.div_ceil(WHOLE_COLUMNS as usize), rows.div_ceil(8)];
            let variant = variant("matmul_mat_q4", &[mins])?;
            return self.run(variant, &params, &buffers, groups);
        }
        let (slices, columns) = self.cut(n);
        let groups = [n.div_ceil(columns), rows];
        self.run(variant("matmul_vec", &[slices, bits, mins])?, &params, &buffers, groups)
    }

    fn rope(
        &mut self,
        x: &mut GpuTensor,
        x_row: usize,
        rows: usize,
        position: usize,
        table: &GpuTensor,
    ) -> Result<()> {
        const OP: &str = "rope";
        shape::rope((x.shape, x_row), rows, position, table.shape)?;
        let pairs = rows * x.shape.cols / 2;
        let params = words(OP, [pairs, x.shape.cols, x_row, position, table.shape.cols])?;
        let buffers = [&table.buffer, &x.buffer];
        self.run(variant(OP, &[])?, &params, &buffers, [pairs.div_ceil(FLAT), 1])
    }

    fn attention(
        &mut self,
        q: &GpuTensor,
        keys: &GpuTensor,
        values: &GpuTensor,
        head_dim: usize,
        visible: Visible,
        out: &mut GpuTensor,
        rows: usize,
    ) -> Result<()> {
        let shapes = ((q.shape, out.shape), (keys.shape, values.shape));
        shape::attention(shapes.0, shapes.1, head_dim, visible, rows)?;
        let name = match rows {
            1 => "attention_decode",
            _ if self.tuning.tiles => "attention_tile",
            _ => "attention_prefill",
        };
        let (heads, kv_heads) = (q.shape.cols / head_dim, keys.shape.cols / head_dim);
        let variant = variant(name, &[("FOURS", word(name, head_dim / 4)?)])?;
        let buffers = [&q.buffer, &keys.buffer, &values.buffer, &out.buffer];
        let scale = (1.0 / (head_dim as f32).sqrt()).to_bits();
        if rows == 1 {
            let [heads_word, kv_heads, seen] = words(name, [heads, kv_heads, visible.first])?;
            let params = [heads_word, kv_heads, seen, scale];
            return self.run(variant, &params, &buffers, [heads, 1]);
        }
        let [rows_word, heads_word, kv_heads, seen, step] =
            words(name, [rows, heads, kv_heads, visible.first, visible.step])?;
        let params = [rows_word, heads_word, kv_heads, seen, step, scale];
        if self.tuning.tiles {
            return self.run(variant, &params, &buffers, [rows.div_ceil(ATTENTION_ROWS), heads]);
        }
        self.run(variant, &params, &buffers, [(rows * heads).div_ceil(FLAT), 1])
    }

    fn silu_mul(&mut self, gate: &mut GpuTensor, up: &GpuTensor, rows: usize) -> Result<()> {
        shape::silu_mul(gate.shape, up.shape, rows)?;
        let values = rows * gate.shape.cols;
        let params = words("silu_mul", [values])?;
        let buffers = [&up.buffer, &gate.buffer];
        self.run(variant("silu_mul", &[])?, &params, &buffers, [values.div_ceil(FLAT), 1])
    }

    fn add_bias(
        &mut self,
        x: &mut GpuTensor,
        x_row: usize,
        bias: &GpuTensor,
        rows: usize,
    ) -> Result<()> {
        const OP: &str = "add_bias";
        shape::add_bias((x.shape, x_row), bias.shape, rows)?;
        let values = rows * x.shape.cols;
        let params = words(OP, [values, x.shape.cols, x_row * x.shape.cols])?;
        let buffers = [&bias.buffer, &x.buffer];
        self.run(variant(OP, &[])?, &params, &buffers, [values.div_ceil(FLAT), 1])
    }

    fn add(&mut self, x: &mut GpuTensor, x_row: usize, y: &GpuTensor, rows: usize) -> Result<()> {
        shape::add((x.shape, x_row), y.shape, rows)?;
        let values = rows * x.shape.cols;
        let params = words("add", [values, x_row * x.shape.cols])?;
        let buffers = [&y.buffer, &x.buffer];
        self.run(variant("add", &[])?, &params, &buffers, [values.div_ceil(FLAT), 1])
    }
}

impl GpuOps {
    /// Slices that suit so many outputs, and the outputs of a workgroup then.
    fn cut(&self, outputs: usize) -> ((&'static str, u32), usize) {
        let (slices, columns) = match self.tuning.slices == 1 || outputs >= MANY_OUTPUTS {
            true => (1, WHOLE_COLUMNS),
            false => (self.tuning.slices, SLICED_COLUMNS),
        };
        (("SLICES", slices), columns as usize)
    }

    /// The buffer of token ids, taken out so that it can be bound while `self` records.
    fn ids(&mut self) -> Result<Buffer> {
        match self.ids.take() {
            Some(buffer) => Ok(buffer),
            None => self.recorder.buffer("ids", IDS * 4),
        }
    }
}
