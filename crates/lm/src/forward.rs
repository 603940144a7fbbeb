use crate::tensors::Tensors;
use crate::{Error, LmConfig, Result};
use kernels::{
    Block, Choosing, Counts, GpuOps, LayerOps, Norm, Ops, Packed, Plan, SelfAttention, Visible,
};
use std::sync::Arc;

/// One position of the input, before the first layer.
pub(crate) enum Input<'a> {
    /// A token of the vocabulary.
    Token(u32),
    /// `(width)`: a row of the scene, or a mention.
    Row(&'a [f32]),
}

/// The decoder's forward pass with its weights, its scratch tensors and its key-value cache.
///
/// Shapes: `T` rows in a block, `d` width, `H` query heads, `K` key-value heads, `e` head width, `f`
/// SwiGLU width, `C` context, `V` vocabulary.
pub(crate) struct Forward<O: LayerOps> {
    ops: O,
    config: LmConfig,
    embed: O::Matrix,          // (V, d)
    output: Option<O::Matrix>, // (V, d), where it is not the embedding
    norm: O::Tensor,           // (1, d)
    angles: O::Tensor,         // (C, e)
    layers: Vec<Layer<O>>,
    x: O::Tensor,      // (C, d) hidden states of what is being read
    h: O::Tensor,      // (T, d) normed
    mixed: O::Tensor,  // (T, H e)
    delta: O::Tensor,  // (T, d)
    gate: O::Tensor,   // (T, f)
    up: O::Tensor,     // (T, f)
    last: O::Tensor,   // (1, d)
    logits: O::Tensor, // (1, V)
    block_rows: usize,
    /// Of the last position read: its row of `asked`, and how many positions it sees.
    last_read: Option<(usize, usize)>,
}

struct Layer<O: LayerOps> {
    attn_norm: O::Tensor, // (1, d)
    own: SelfAttention<O>,
    o: O::Matrix,        // (d, H e)
    ffn_norm: O::Tensor, // (1, d)
    gate: O::Matrix,     // (f, d)
    up: O::Matrix,       // (f, d)
    down: O::Matrix,     // (d, f)
}

impl<O: LayerOps> Forward<O> {
    /// Takes `lm.*` of these tensors.
    pub(crate) fn new(mut ops: O, config: LmConfig, tensors: &Tensors) -> Result<Self> {
        let LmConfig { width: d, heads, kv_heads, head_dim: e, ff, vocab, context, .. } = config;
        let block_rows = ops.block_rows().min(context);
        let mut layers = Vec::with_capacity(config.layers);
        for index in 0..config.layers {
            let name = |part: &str| format!("lm.layers.{index}.{part}.weight");
            let bias = |part: &str| format!("lm.layers.{index}.{part}.bias");
            let packed = |part: &str, rows, cols| tensors.matrix(&name(part), rows, cols);
            let (queries, keys) = (heads * e, kv_heads * e);
            let [q, k, v] = together(
                &mut ops,
                [
                    packed("attn.q", queries, d)?,
                    packed("attn.k", keys, d)?,
                    packed("attn.v", keys, d)?,
                ],
            )?;
            let [gate, up] =
                together(&mut ops, [packed("ffn.gate", ff, d)?, packed("ffn.up", ff, d)?])?;
            layers.push(Layer {
                attn_norm: vector(&mut ops, tensors, &name("attn_norm"), d)?,
                ffn_norm: vector(&mut ops, tensors, &name("ffn_norm"), d)?,
                o: ops.matrix(&packed("attn.o", d, queries)?)?,
                down: ops.matrix(&packed("ffn.down", d, ff)?)?,
                own: SelfAttention {
                    q_bias: some_vector(&mut ops, tensors, &bias("attn.q"), queries)?,
                    k_bias: some_vector(&mut ops, tensors, &bias("attn.k"), keys)?,
                    v_bias: some_vector(&mut ops, tensors, &bias("attn.v"), keys)?,
                    asked: ops.tensor(block_rows, queries)?,
                    keys: ops.tensor(context, keys)?,
                    values: ops.tensor(context, keys)?,
                    head_dim: e,
                    q,
                    k,
                    v,
                },
                gate,
                up,
            });
        }
        let mut angles = ops.tensor(context, e)?;
        let factors = match tensors.has(ROPE_FACTORS) {
            true => tensors.tensor_of(ROPE_FACTORS, &[e / 2])?,
            false => Vec::new(),
        };
        ops.write(&mut angles, 0, &rotary_angles(&config, &factors))?;
        let output = match tensors.has(OUTPUT) {
            true => Some(ops.matrix(&tensors.matrix(OUTPUT, vocab, d)?)?),
            false => None,
        };
        Ok(Self {
            embed: ops.matrix(&tensors.matrix("lm.embed.weight", vocab, d)?)?,
            output,
            norm: vector(&mut ops, tensors, "lm.norm.weight", d)?,
            angles,
            layers,
            x: ops.tensor(context, d)?,
            h: ops.tensor(block_rows, d)?,
            mixed: ops.tensor(block_rows, heads * e)?,
            delta: ops.tensor(block_rows, d)?,
            gate: ops.tensor(block_rows, ff)?,
            up: ops.tensor(block_rows, ff)?,
            last: ops.tensor(1, d)?,
            logits: ops.tensor(1, vocab)?,
            block_rows,
            last_read: None,
            ops,
            config,
        })
    }

    pub(crate) fn name(&self) -> String {
        self.ops.name()
    }

    pub(crate) fn config(&self) -> &LmConfig {
        &self.config
    }

    pub(crate) fn ops(&mut self) -> &mut O {
        &mut self.ops
    }

    /// Waits until the processor has done all it was asked.
    pub(crate) async fn finish(&mut self) -> Result<()> {
        Ok(self.ops.finish().await?)
    }

    /// Puts the prefix's rows in place; positions count from 0.
    pub(crate) fn start_prefix(&mut self, inputs: &[Input<'_>]) -> Result<()> {
        self.embed(inputs, 0)
    }

    /// Steps it takes to read a prefix of this many rows.
    pub(crate) fn prefix_steps(&self, rows: usize) -> usize {
        2 * self.config.layers * rows.div_ceil(self.block_rows)
    }

    /// One step of reading the prefix. Its rows see each other both ways, so within a layer the
    /// keys and values of all blocks come first, then each block attends to all of them.
    pub(crate) async fn prefix_step(&mut self, rows: usize, step: usize) -> Result<()> {
        let blocks = rows.div_ceil(self.block_rows);
        let (layer, half, block) = (step / (2 * blocks), step / blocks % 2, step % blocks);
        let first = block * self.block_rows;
        let block =
            Block { x_row: first, rows: self.block_rows.min(rows - first), position: first };
        self.normed(layer, block)?;
        let Layer { own, .. } = &mut self.layers[layer];
        if half == 0 {
            self.ops.keys_values(&self.h, own, &self.angles, block)?;
        } else {
            let (h, mixed) = (&self.h, &mut self.mixed);
            self.ops.mix(h, own, &self.angles, block, Visible::all(rows), mixed)?;
            self.feed_forward(layer, block, false)?;
        }
        self.finish().await
    }

    /// Keys and values of the first `rows` positions, `(layers, 2, rows, K e)`.
    pub(crate) async fn cache(&mut self, rows: usize) -> Result<Vec<f32>> {
        let mut values = Vec::new();
        for layer in &self.layers {
            values.extend(self.ops.read(&layer.own.keys, 0, rows).await?);
            values.extend(self.ops.read(&layer.own.values, 0, rows).await?);
        }
        Ok(values)
    }

    /// Puts back what [`Forward::cache`] gave.
    pub(crate) fn set_cache(&mut self, rows: usize, values: &[f32]) -> Result<()> {
        let LmConfig { layers, kv_heads, head_dim, .. } = self.config;
        let each = rows * kv_heads * head_dim;
        if each == 0 || values.len() != 2 * layers * each {
            return Err(Error::Order("what was kept is of a model of other dimensions"));
        }
        let mut parts = values.chunks_exact(each);
        for layer in &mut self.layers {
            for cache in [&mut layer.own.keys, &mut layer.own.values] {
                self.ops.write(cache, 0, parts.next().unwrap_or_default())?;
            }
        }
        Ok(())
    }

    /// Reads inputs that come after what is cached: each sees all before it and itself. Gives the
    /// final normed hidden state `(d)` and the logits `(V)` of the last.
    pub(crate) async fn causal(
        &mut self,
        inputs: &[Input<'_>],
        position: usize,
    ) -> Result<(Vec<f32>, Vec<f32>)> {
        let mut last = 0;
        for (index, inputs) in inputs.chunks(self.block_rows).enumerate() {
            let position = position + index * self.block_rows;
            let block = Block { x_row: 0, rows: inputs.len(), position };
            self.embed(inputs, 0)?;
            self.normed(0, block)?;
            self.layers(block, false)?;
            last = inputs.len() - 1;
            self.last_read = Some((last, position + inputs.len()));
        }
        self.head(last).await
    }

    /// How the last position read by [`Forward::causal`] attended to each of the first `rows`: the mean
    /// over layers and their heads. What is missing to 1 went to what came after these.
    pub(crate) async fn attended(&mut self, rows: usize) -> Result<Vec<f32>> {
        let mut mean = vec![0.0; rows];
        let Some((row, seen)) = self.last_read else { return Ok(mean) };
        let LmConfig { layers, heads, kv_heads, head_dim: e, .. } = self.config;
        for layer in &self.layers {
            let asked = self.ops.read(&layer.own.asked, row, 1).await?;
            let keys = self.ops.read(&layer.own.keys, 0, seen).await?;
            for (head, q) in asked.chunks_exact(e).enumerate() {
                let of_head = head / (heads / kv_heads) * e;
                let score = |key: &[f32]| {
                    let key = &key[of_head..of_head + e];
                    q.iter().zip(key).map(|(a, b)| a * b).sum::<f32>() / (e as f32).sqrt()
                };
                let scores: Vec<f32> = keys.chunks_exact(kv_heads * e).map(score).collect();
                let peak = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                let weights: Vec<f32> = scores.iter().map(|score| (score - peak).exp()).collect();
                let whole = weights.iter().sum::<f32>() * (heads * layers) as f32;
                mean.iter_mut().zip(&weights).for_each(|(mean, weight)| *mean += weight / whole);
            }
        }
        Ok(mean)
    }

    fn embed(&mut self, inputs: &[Input<'_>], x_row: usize) -> Result<()> {
        let mut ids = Vec::with_capacity(1);
        for (index, input) in inputs.iter().enumerate() {
            match input {
                Input::Row(row) => self.ops.write(&mut self.x, x_row + index, row)?,
                Input::Token(id) => {
                    ids.push(*id);
                    if matches!(inputs.get(index + 1), Some(Input::Token(_))) {
                        continue;
                    }
                    let first = x_row + index + 1 - ids.len();
                    self.ops.embed(&self.embed, &ids, &mut self.x, first)?;
                    ids.clear();
                }
            }
        }
        Ok(())
    }

    /// h = norm(x)
    fn normed(&mut self, layer: usize, Block { x_row, rows, .. }: Block) -> Result<()> {
        let (weight, eps) = (&self.layers[layer].attn_norm, self.config.norm_eps);
        Ok(self.ops.rms_norm(&self.x, x_row, weight, eps, &mut self.h, rows)?)
    }

    /// Every layer over a block whose first norm is in h; the final one comes into h where it is asked for.
    fn layers(&mut self, block: Block, to_final_norm: bool) -> Result<()> {
        for layer in 0..self.config.layers {
            let (h, own, mixed) = (&self.h, &mut self.layers[layer].own, &mut self.mixed);
            self.ops.attend(h, own, &self.angles, block, mixed)?;
            let is_last = layer + 1 == self.config.layers;
            self.feed_forward(layer, block, !is_last || to_final_norm)?;
        }
        Ok(())
    }

    /// x += mixed Woᵀ;  x += (silu(n Wgᵀ) · n Wuᵀ) Wdᵀ with n = norm(x). Then, where it is asked for, h = norm(x) as the
    /// next layer wants it, or after the last as the output does.
    fn feed_forward(&mut self, layer: usize, block: Block, to_next: bool) -> Result<()> {
        let (ops, eps) = (&mut self.ops, self.config.norm_eps);
        let Layer { o, ffn_norm, gate, up, down, .. } = &self.layers[layer];
        let norm = Norm { weight: ffn_norm, eps, out: &mut self.h };
        ops.project(&self.mixed, o, &mut self.delta, &mut self.x, block, Some(norm))?;
        ops.gate_up(&self.h, [gate, up], &mut self.gate, &mut self.up, block.rows)?;
        let next = self.layers.get(layer + 1).map_or(&self.norm, |next| &next.attn_norm);
        let norm = to_next.then_some(Norm { weight: next, eps, out: &mut self.h });
        Ok(ops.project(&self.gate, down, &mut self.delta, &mut self.x, block, norm)?)
    }

    /// h = norm(x of the last row), logits = h Eᵀ, or by the output matrix where there is one.
    async fn head(&mut self, row: usize) -> Result<(Vec<f32>, Vec<f32>)> {
        let eps = self.config.norm_eps;
        self.ops.rms_norm(&self.x, row, &self.norm, eps, &mut self.last, 1)?;
        let output = self.output.as_ref().unwrap_or(&self.embed);
        self.ops.matmul(&self.last, output, &mut self.logits, 0, 1)?;
        let hidden = self.ops.read(&self.last, 0, 1).await?;
        let logits = self.ops.read(&self.logits, 0, 1).await?;
        if !hidden.iter().chain(&logits).all(|value| value.is_finite()) {
            return Err(Error::NotFinite("logits"));
        }
        Ok((hidden, logits))
    }
}

impl Forward<GpuOps> {
    /// The reading of one row at any position, recorded.
    pub(crate) fn plan(&mut self, choosing: Choosing) -> Result<Plan> {
        let (d, eps) = (self.config.width, self.config.norm_eps);
        let first = self.layers.first().map_or(&self.norm, |layer| &layer.attn_norm);
        self.ops.begin_plan(d, choosing)?;
        let norm = Norm { weight: first, eps, out: &mut self.h };
        self.ops.embed_step(&self.embed, &mut self.x, norm)?;
        self.layers(Block { x_row: 0, rows: 1, position: 0 }, true)?;
        let output = self.output.as_ref().unwrap_or(&self.embed);
        self.ops.choose_step(&self.h, output, &mut self.logits)?;
        Ok(self.ops.end_plan()?)
    }

    /// All logits of the step that was done last.
    pub(crate) async fn step_logits(&mut self) -> Result<Vec<f32>> {
        Ok(self.ops.read(&self.logits, 0, 1).await?)
    }

    /// What the GPU was sent and made so far.
    pub(crate) fn counts(&self) -> Counts {
        self.ops.counts()
    }

    /// A step of the plan has read the row at this position.
    pub(crate) fn note_step(&mut self, position: usize) {
        self.last_read = Some((0, position + 1));
    }
}

/// The output matrix of a model that does not use its embedding for it.
const OUTPUT: &str = "lm.output.weight";
/// What the angles of each pair are divided by, in a model that was stretched to a longer context (Llama 3.1).
const ROPE_FACTORS: &str = "lm.rope.factors";

/// Matrices that take the same inputs.
fn together<O: LayerOps, const N: usize>(
    ops: &mut O,
    parts: [Arc<Packed>; N],
) -> Result<[O::Matrix; N]> {
    let other = || Error::Order("a processor gave another number of matrices than it was given");
    ops.joined(&parts)?.try_into().map_err(|_| other())
}

fn vector<O: LayerOps>(
    ops: &mut O,
    tensors: &Tensors,
    name: &str,
    width: usize,
) -> Result<O::Tensor> {
    let mut tensor = ops.tensor(1, width)?;
    ops.write(&mut tensor, 0, &tensors.tensor_of(name, &[width])?)?;
    Ok(tensor)
}

/// The vector of this name, where there is one.
fn some_vector<O: LayerOps>(
    ops: &mut O,
    tensors: &Tensors,
    name: &str,
    width: usize,
) -> Result<Option<O::Tensor>> {
    if !tensors.has(name) {
        return Ok(None);
    }
    vector(ops, tensors, name, width).map(Some)
}

/// Row `p`: cosines, then sines, of `p · base^(−2i/e) / factor(i)` for `i < e/2`; a factor is 1 where there is none. In f64, because f32 angles
/// of far positions are off by more than a fast path may be.
fn rotary_angles(config: &LmConfig, factors: &[f32]) -> Vec<f32> {
    let half = config.head_dim / 2;
    let mut table = Vec::with_capacity(config.context * config.head_dim);
    for position in 0..config.context {
        let factor = |i: usize| factors.get(i).map_or(1.0, |factor| f64::from(*factor));
        let turn = |i: usize| config.rope_base.powf(-(i as f64) / half as f64) / factor(i);
        let angle = |i: usize| position as f64 * turn(i);
        table.extend((0..half).map(|i| angle(i).cos() as f32));
        table.extend((0..half).map(|i| angle(i).sin() as f32));
    }
    table
}
