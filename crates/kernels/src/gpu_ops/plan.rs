//! A step of decoding, recorded once and sent any number of times: the token that a step chooses is the next one's input
//! without the CPU, which reads what was chosen afterwards.

use super::recorder::{Batch, Buffer};
use super::{GpuMatrix, GpuOps, GpuTensor, Packing, variant, words};
use crate::layer::Norm;
use crate::{Error, Result, shape};
use gpu::wgpu;
use std::collections::VecDeque;

/// What the GPU is told of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choosing {
    /// Tokens below this are text: the likeliest of them is told, and the logits of all others.
    pub text: usize,
    /// After which a run ends, where there are such.
    pub ends: [Option<u32>; 2],
}

/// What a step reads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Read<'a> {
    /// A token of the vocabulary.
    Token(u32),
    /// `(width)`: its row of the hidden states.
    Row(&'a [f32]),
}

/// What a step left behind.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Record<'a> {
    /// The likeliest token of text.
    pub text: u32,
    /// Its logit.
    pub text_logit: f32,
    /// The likeliest of all, which the next step reads.
    pub next: u32,
    /// Whether all logits and the hidden state were finite.
    pub is_finite: bool,
    /// Logits of the tokens that are not text, from the first of them on.
    pub others: &'a [f32],
    /// `(width)`, normed.
    pub hidden: &'a [f32],
}

/// A recorded step with all its buffers, pipelines and bind groups.
pub struct Plan {
    batch: Batch,
    step: Buffer,
    given: Buffer,
    ring: Buffer,
    choosing: Choosing,
    vocab: usize,
    width: usize,
    stagings: [wgpu::Buffer; STAGINGS],
    /// Stagings that are being written, the oldest first.
    in_flight: VecDeque<usize>,
    /// What came back last: the step, then the ring.
    words: Vec<u32>,
}

/// What the parts of a plan share while it is recorded.
pub(super) struct Draft {
    pub(super) step: Buffer,
    /// Tickets of `decode_project`, zeros whenever no dispatch runs.
    pub(super) tickets: Buffer,
    given: Buffer,
    choosing: Choosing,
    raw: Option<(usize, Buffer)>,
    shared: Option<(usize, Buffer)>,
    /// The ring, and of what: vocabulary and width.
    ring: Option<(Buffer, usize, usize)>,
}

/// Steps in one submission, and submissions on their way at once.
pub const STEPS: usize = 4;
const STAGINGS: usize = 2;
const RECORDS: usize = STEPS * STAGINGS;
/// Words of a step and of a record's head, as `decode_choose` has them.
const STEP_WORDS: usize = 4;
const HEAD_WORDS: usize = 4;
/// Stands for no token.
const GIVEN: u32 = u32::MAX;

pub(super) fn none_begun() -> Error {
    Error::Shape { op: "plan", what: "none was begun".to_owned() }
}

impl Draft {
    /// Queries, keys and values of a layer; the next layer writes over them.
    pub(super) fn raw(&mut self, ops: &mut GpuOps, values: usize) -> Result<Buffer> {
        kept(&mut self.raw, ops, values)
    }

    /// Tickets and parts of `decode_attention`.
    pub(super) fn shared(
        &mut self,
        ops: &mut GpuOps,
        heads: usize,
        head_dim: usize,
        splits: usize,
    ) -> Result<Buffer> {
        kept(&mut self.shared, ops, heads * (1 + splits * (2 + head_dim)))
    }
}

/// The buffer of so many words, made where there is none.
fn kept(slot: &mut Option<(usize, Buffer)>, ops: &mut GpuOps, count: usize) -> Result<Buffer> {
    if let Some((has, buffer)) = slot
        && *has == count
    {
        return Ok(buffer.clone());
    }
    let buffer = ops.recorder.buffer("plan", 4 * count)?;
    *slot = Some((count, buffer.clone()));
    Ok(buffer)
}

impl GpuOps {
    /// Begins to record a step. Until [`GpuOps::end_plan`] nothing is computed: operations on one row are kept, positions
    /// counting from the step's.
    ///
    /// # Errors
    /// Where there is no room.
    pub fn begin_plan(&mut self, width: usize, choosing: Choosing) -> Result<()> {
        self.draft = Some(Draft {
            step: self.recorder.buffer("step", 4 * STEP_WORDS)?,
            tickets: self.recorder.buffer("tickets", 4)?,
            given: self.recorder.buffer("given row", 4 * width)?,
            choosing,
            raw: None,
            shared: None,
            ring: None,
        });
        self.recorder.begin_plan();
        Ok(())
    }

    /// x = the row that is read, and its norm.
    ///
    /// # Errors
    /// Outside of a plan, or where shapes do not fit.
    pub fn embed_step(
        &mut self,
        table: &GpuMatrix,
        x: &mut GpuTensor,
        norm: Norm<'_, GpuTensor>,
    ) -> Result<()> {
        const OP: &str = "decode_embed";
        let draft = self.draft.as_ref().ok_or_else(none_begun)?;
        let (step, given) = (draft.step.clone(), draft.given.clone());
        shape::embed(table.shape, &[], (x.shape, 0))?;
        shape::rms_norm((x.shape, 0), norm.weight.shape, norm.out.shape, 1)?;
        if table.packing != Packing::Q8 || table.stride != table.shape.rows {
            return Err(Error::Shape { op: OP, what: "the table must have 8 bits".to_owned() });
        }
        let [vocab, cols] = words(OP, [table.shape.rows, table.shape.cols])?;
        let buffers = [
            &step,
            &table.words,
            &table.scales,
            &given,
            &norm.weight.buffer,
            &x.buffer,
            &norm.out.buffer,
        ];
        let params = [vocab, cols, norm.eps.to_bits()];
        let variant = variant(OP, &[("LANES", self.tuning.norm_lanes)])?;
        self.run(variant, &params, &buffers, [1, 1])
    }

    /// logits = h Wᵀ, and the next step's token.
    ///
    /// # Errors
    /// Outside of a plan, or where shapes do not fit.
    pub fn choose_step(
        &mut self,
        h: &GpuTensor,
        output: &GpuMatrix,
        logits: &mut GpuTensor,
    ) -> Result<()> {
        const OP: &str = "decode_choose";
        let draft = self.draft.as_ref().ok_or_else(none_begun)?;
        let (step, Choosing { text, ends }) = (draft.step.clone(), draft.choosing);
        shape::matmul(h.shape, output.shape, (logits.shape, 0), 1)?;
        let (vocab, width) = (logits.shape.cols, h.shape.cols);
        if text == 0 || text > vocab {
            let what = format!("{text} tokens of text in a vocabulary of {vocab}");
            return Err(Error::Shape { op: OP, what });
        }
        self.product(&step, h, output, None, (&logits.buffer, 0))?;
        let record = HEAD_WORDS + vocab - text + width;
        let ring = self.recorder.buffer("records", 4 * RECORDS * record)?;
        let end = |k: usize| ends[k].unwrap_or(GIVEN);
        let [vocab_word, text, width_word, records] = words(OP, [vocab, text, width, RECORDS])?;
        let params = [vocab_word, text, width_word, end(0), end(1), records];
        let buffers = [&logits.buffer, &h.buffer, &step, &ring];
        self.run(variant(OP, &[])?, &params, &buffers, [1, 1])?;
        if let Some(draft) = &mut self.draft {
            draft.ring = Some((ring, vocab, width));
        }
        Ok(())
    }

    /// What was recorded since [`GpuOps::begin_plan`].
    ///
    /// # Errors
    /// Where nothing was begun, or nothing chooses.
    pub fn end_plan(&mut self) -> Result<Plan> {
        let batch = self.recorder.end_plan();
        let (draft, batch) = self.draft.take().zip(batch).ok_or_else(none_begun)?;
        let (ring, vocab, width) = draft.ring.ok_or_else(none_begun)?;
        let record = HEAD_WORDS + vocab - draft.choosing.text + width;
        let count = STEP_WORDS + RECORDS * record;
        let stagings = std::array::from_fn(|_| self.recorder.staging_buffer(4 * count as u64));
        Ok(Plan {
            batch,
            step: draft.step,
            given: draft.given,
            ring,
            choosing: draft.choosing,
            vocab,
            width,
            stagings,
            in_flight: VecDeque::with_capacity(STAGINGS),
            words: vec![0; count],
        })
    }

    /// The next step of the plan reads this at `position`; what was sent before is waited for and forgotten.
    ///
    /// # Errors
    /// Where the input does not fit, or the GPU failed.
    pub async fn start(&mut self, plan: &mut Plan, read: Read<'_>, position: usize) -> Result<()> {
        while plan.is_sent() {
            self.receive(plan).await?;
        }
        let fits = match read {
            Read::Token(id) => (id as usize) < plan.vocab,
            Read::Row(row) => row.len() == plan.width,
        };
        if !fits {
            return Err(Error::Shape { op: "plan", what: format!("nothing can read {read:?}") });
        }
        let token = match read {
            Read::Token(id) => id,
            Read::Row(row) => {
                self.recorder.write(&plan.given, 0, bytemuck::cast_slice(row));
                GIVEN
            }
        };
        let [position] = words("plan", [position])?;
        self.recorder.write(&plan.step, 0, bytemuck::cast_slice(&[token, position, 0, 0]));
        Ok(())
    }

    /// Sends so many steps, at most [`STEPS`]; false where as many submissions are on their way as can be. Positions must
    /// stay within the caches.
    pub fn send(&mut self, plan: &mut Plan, steps: usize) -> bool {
        let is_free = |staging: &usize| !plan.in_flight.contains(staging);
        let Some(free) = (0..STAGINGS).find(is_free) else { return false };
        let (step, ring, staging) = (&plan.step, &plan.ring, &plan.stagings[free]);
        self.recorder.send_plan(&plan.batch, steps.min(STEPS), |encoder| {
            let step_bytes = 4 * STEP_WORDS as u64;
            encoder.copy_buffer_to_buffer(&step.raw, 0, staging, 0, step_bytes);
            let ring_bytes = staging.size() - step_bytes;
            encoder.copy_buffer_to_buffer(&ring.raw, 0, staging, step_bytes, ring_bytes);
        });
        plan.in_flight.push_back(free);
        true
    }

    /// Waits for the submission sent first: how many steps have been done since [`GpuOps::start`], of which the last
    /// [`STEPS`] and those of one more submission can be had from [`Plan::record`].
    ///
    /// # Errors
    /// Where nothing is on its way, or the GPU failed.
    pub async fn receive(&mut self, plan: &mut Plan) -> Result<usize> {
        let oldest = plan.in_flight.pop_front().ok_or_else(none_begun)?;
        let (gpu, staging) = (self.recorder.gpu(), &plan.stagings[oldest]);
        gpu::read_into(gpu, staging, bytemuck::cast_slice_mut(&mut plan.words)).await?;
        Ok(plan.words[2] as usize)
    }

    /// How many submissions of a plan may be on their way at once on this processor.
    pub fn queued(&self) -> usize {
        self.tuning.queued.min(STAGINGS)
    }
}

impl Plan {
    /// Dispatches of a step.
    pub fn dispatches(&self) -> usize {
        self.batch.len()
    }

    /// Whether something is on its way.
    pub fn is_sent(&self) -> bool {
        !self.in_flight.is_empty()
    }

    /// What step `index`, counted from the start, left behind.
    pub fn record(&self, index: usize) -> Record<'_> {
        let others = self.vocab - self.choosing.text;
        let len = HEAD_WORDS + others + self.width;
        let words = &self.words[STEP_WORDS + index % RECORDS * len..][..len];
        let (head, values) = words.split_at(HEAD_WORDS);
        let (others, hidden) = values.split_at(others);
        Record {
            text: head[0],
            text_logit: f32::from_bits(head[1]),
            next: head[2],
            is_finite: head[3] == 0,
            others: bytemuck::cast_slice(others),
            hidden: bytemuck::cast_slice(hidden),
        }
    }
}
