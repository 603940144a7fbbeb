//! The smallest model that uses every kernel: what a processor is checked with before it is trusted, and tests with.

use crate::{
    Block, Choosing, GpuOps, LayerOps, Norm, Ops, Packed, Plan, Read, Result, SelfAttention,
};
use std::sync::Arc;

/// How a matrix of so many outputs and inputs is made, from a seed.
pub type Pack = fn(usize, usize, u64) -> Result<Packed>;

/// Its dimensions and how its weights are packed.
#[derive(Clone, Copy, Debug)]
pub struct ToySize {
    /// Of the hidden states.
    pub width: usize,
    /// Query heads.
    pub heads: usize,
    /// Key-value heads.
    pub kv_heads: usize,
    /// Width of a head.
    pub head_dim: usize,
    /// Width of the SwiGLU layer.
    pub ff: usize,
    /// Tokens.
    pub vocab: usize,
    /// Positions.
    pub context: usize,
    /// How its matrices are packed.
    pub pack: Pack,
    /// How those of values, and the gates' partners, are.
    pub pack_values: Pack,
    /// How the embedding is: in 8 bits.
    pub pack_table: Pack,
    /// Whether queries, keys and values have biases.
    pub biases: [bool; 3],
}

/// A model of one layer on some processor.
#[derive(Debug)]
pub struct Toy<O: Ops> {
    width: usize,
    table: O::Matrix,
    norms: [O::Tensor; 3],
    /// Its self-attention.
    pub own: SelfAttention<O>,
    angles: O::Tensor,
    projection: O::Matrix,
    gate_up: Vec<O::Matrix>,
    down: O::Matrix,
    x: O::Tensor,
    h: O::Tensor,
    mixed: O::Tensor,
    delta: O::Tensor,
    gate: O::Tensor,
    up: O::Tensor,
    logits: O::Tensor,
}

/// Rows read at once at most.
pub const TOY_ROWS: usize = 40;
const EPS: f32 = 1e-5;

/// Uniform in −1..1, the same for the same seed everywhere.
pub fn uniform(seed: u64, len: usize) -> Vec<f32> {
    let mut state = seed;
    let next = |_| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 40) as f32 / (1 << 23) as f32) - 1.0
    };
    (0..len).map(next).collect()
}

fn tensor<O: Ops>(ops: &mut O, values: &[f32], cols: usize) -> Result<O::Tensor> {
    let mut tensor = ops.tensor(values.len() / cols, cols)?;
    ops.write(&mut tensor, 0, values)?;
    Ok(tensor)
}

impl<O: LayerOps> Toy<O> {
    /// Any weights, the same on every processor.
    ///
    /// # Errors
    /// Where the processor has no room.
    pub fn new(ops: &mut O, size: ToySize) -> Result<Self> {
        let ToySize { width: d, heads, kv_heads, head_dim: e, ff, pack, pack_values, .. } = size;
        let (queries, keys) = (heads * e, kv_heads * e);
        let mut norm = |seed| {
            let weight: Vec<f32> = uniform(seed, d).iter().map(|v| 1.0 + 0.3 * v).collect();
            tensor(ops, &weight, d)
        };
        let norms = [norm(1)?, norm(2)?, norm(3)?];
        let mut bias = |k: usize, cols| match size.biases[k] {
            true => tensor(ops, &uniform(4 + k as u64, cols), cols).map(Some),
            false => Ok(None),
        };
        let [q_bias, k_bias, v_bias] = [bias(0, queries)?, bias(1, keys)?, bias(2, keys)?];
        let qkv = [pack(queries, d, 11)?, pack(keys, d, 12)?, pack_values(keys, d, 13)?];
        let mut qkv = ops.joined(&qkv.map(Arc::new))?.into_iter();
        let mut matrix =
            || qkv.next().ok_or(crate::Error::Shape { op: "joined", what: "too few".into() });
        let (q, k, v) = (matrix()?, matrix()?, matrix()?);
        let angles: Vec<f32> = (0..size.context)
            .flat_map(|p| {
                let angle = move |i: usize| p as f32 * 0.3f32.powi(i as i32);
                (0..e / 2)
                    .map(move |i| angle(i).cos())
                    .chain((0..e / 2).map(move |i| angle(i).sin()))
            })
            .collect();
        let gate_up = [pack(ff, d, 15)?, pack_values(ff, d, 16)?].map(Arc::new);
        Ok(Self {
            width: d,
            table: ops.matrix(&Arc::new((size.pack_table)(size.vocab, d, 10)?))?,
            norms,
            angles: tensor(ops, &angles, e)?,
            own: SelfAttention {
                q,
                k,
                v,
                q_bias,
                k_bias,
                v_bias,
                asked: ops.tensor(TOY_ROWS, queries)?,
                keys: ops.tensor(size.context, keys)?,
                values: ops.tensor(size.context, keys)?,
                head_dim: e,
            },
            projection: ops.matrix(&Arc::new(pack(d, queries, 14)?))?,
            gate_up: ops.joined(&gate_up)?,
            down: ops.matrix(&Arc::new(pack(d, ff, 17)?))?,
            x: ops.tensor(TOY_ROWS, d)?,
            h: ops.tensor(TOY_ROWS, d)?,
            mixed: ops.tensor(TOY_ROWS, queries)?,
            delta: ops.tensor(TOY_ROWS, d)?,
            gate: ops.tensor(TOY_ROWS, ff)?,
            up: ops.tensor(TOY_ROWS, ff)?,
            logits: ops.tensor(TOY_ROWS, size.vocab)?,
        })
    }

    /// From normed rows to normed rows, the first at this position.
    fn layer(&mut self, ops: &mut O, rows: usize, position: usize) -> Result<()> {
        let block = Block { x_row: 0, rows, position };
        let [_, ffn, last] = &self.norms;
        ops.attend(&self.h, &mut self.own, &self.angles, block, &mut self.mixed)?;
        let (delta, x) = (&mut self.delta, &mut self.x);
        let norm = Norm { weight: ffn, eps: EPS, out: &mut self.h };
        ops.project(&self.mixed, &self.projection, delta, x, block, Some(norm))?;
        let gate_up = [&self.gate_up[0], &self.gate_up[1]];
        ops.gate_up(&self.h, gate_up, &mut self.gate, &mut self.up, rows)?;
        let norm = Norm { weight: last, eps: EPS, out: &mut self.h };
        ops.project(&self.gate, &self.down, delta, x, block, Some(norm))
    }

    /// The hidden states and the logits of rows read from `position` on.
    ///
    /// # Errors
    /// Where they do not fit, or the processor fails.
    pub async fn read(
        &mut self,
        ops: &mut O,
        read: &[Read<'_>],
        position: usize,
    ) -> Result<[Vec<f32>; 2]> {
        for (row, read) in read.iter().enumerate() {
            match read {
                Read::Token(id) => ops.embed(&self.table, &[*id], &mut self.x, row)?,
                Read::Row(values) => ops.write(&mut self.x, row, values)?,
            }
        }
        let rows = read.len();
        ops.rms_norm(&self.x, 0, &self.norms[0], EPS, &mut self.h, rows)?;
        self.layer(ops, rows, position)?;
        ops.matmul(&self.h, &self.table, &mut self.logits, 0, rows)?;
        Ok([ops.read(&self.h, 0, rows).await?, ops.read(&self.logits, 0, rows).await?])
    }
}

impl Toy<GpuOps> {
    /// The reading of one row at any position, recorded.
    ///
    /// # Errors
    /// Where the GPU has no room.
    pub fn plan(&mut self, ops: &mut GpuOps, choosing: Choosing) -> Result<Plan> {
        ops.begin_plan(self.width, choosing)?;
        let norm = Norm { weight: &self.norms[0], eps: EPS, out: &mut self.h };
        ops.embed_step(&self.table, &mut self.x, norm)?;
        self.layer(ops, 1, 0)?;
        ops.choose_step(&self.h, &self.table, &mut self.logits)?;
        ops.end_plan()
    }
}
