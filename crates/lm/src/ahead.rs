//! Decoding on a GPU that does not wait for the CPU: it reads on with the likeliest token, and what it did is taken as long
//! as that is what was chosen.

use crate::forward::{Forward, Input};
use crate::{Error, LmConfig, Result};
use kernels::{Choosing, GpuOps, Plan, Read, Record, STEPS};

/// A recorded step and how far it has run.
pub(crate) struct Ahead {
    plan: Plan,
    ends: [Option<u32>; 2],
    context: usize,
    layers: usize,
    /// Position of the run's first step.
    first: usize,
    /// Its steps that were taken, that are known, and that were sent.
    taken: usize,
    known: usize,
    sent: usize,
}

/// The embedding, the logits, and the choice.
const BESIDE_LAYERS: usize = 3;

impl Ahead {
    /// Records the forward pass of `forward`.
    pub(crate) fn new(forward: &mut Forward<GpuOps>, choosing: Choosing) -> Result<Self> {
        let plan = forward.plan(choosing)?;
        let LmConfig { context, layers, .. } = *forward.config();
        let ends = choosing.ends;
        Ok(Self { plan, ends, context, layers, first: 0, taken: 0, known: 0, sent: 0 })
    }

    /// Dispatches of a step, all and those of a layer.
    pub(crate) fn dispatches(&self) -> (usize, usize) {
        let all = self.plan.dispatches();
        (all, (all - BESIDE_LAYERS) / self.layers)
    }

    /// Reads this at `position`, where all before it has been read: what came of it. The GPU may read on.
    pub(crate) async fn read(
        &mut self,
        ops: &mut GpuOps,
        input: &Input<'_>,
        position: usize,
    ) -> Result<Record<'_>> {
        if !self.follows(input, position) {
            self.start(ops, input, position).await?;
        }
        if self.taken == self.known {
            while self.sends_more(ops) {}
            self.known = ops.receive(&mut self.plan).await?;
        }
        self.take()
    }

    /// As [`Ahead::read`], but nothing is read beyond this: the tensors hold what belongs to this step.
    pub(crate) async fn read_alone(
        &mut self,
        ops: &mut GpuOps,
        input: &Input<'_>,
        position: usize,
    ) -> Result<Record<'_>> {
        self.start(ops, input, position).await?;
        ops.send(&mut self.plan, 1);
        self.sent = 1;
        self.known = ops.receive(&mut self.plan).await?;
        self.take()
    }

    /// Whether the GPU may have read beyond what was taken.
    pub(crate) fn is_beyond(&self) -> bool {
        self.sent > self.taken
    }

    /// Somebody else has read: the next reading begins anew.
    pub(crate) fn forget(&mut self) {
        (self.taken, self.known, self.sent) = (0, 0, 0);
    }

    fn take(&mut self) -> Result<Record<'_>> {
        let index = self.taken;
        self.taken += 1;
        let record = self.plan.record(index);
        match record.is_finite && index < self.known {
            true => Ok(record),
            false => Err(Error::NotFinite("logits")),
        }
    }

    /// Whether the run's next step reads just this.
    fn follows(&self, input: &Input<'_>, position: usize) -> bool {
        let Some(last) = self.taken.checked_sub(1) else { return false };
        let next = self.plan.record(last).next;
        matches!(input, Input::Token(id) if *id == next)
            && position == self.first + self.taken
            && !self.ends.contains(&Some(next))
    }

    async fn start(&mut self, ops: &mut GpuOps, input: &Input<'_>, position: usize) -> Result<()> {
        self.forget();
        self.first = position;
        let read = match input {
            Input::Token(id) => Read::Token(*id),
            Input::Row(row) => Read::Row(row),
        };
        Ok(ops.start(&mut self.plan, read, position).await?)
    }

    /// As much as there is room for, on the way and in the caches.
    fn sends_more(&mut self, ops: &mut GpuOps) -> bool {
        let steps = STEPS.min(self.context - (self.first + self.sent).min(self.context));
        let on_their_way = (self.sent - self.known).div_ceil(STEPS);
        if steps == 0 || on_their_way >= ops.queued() || !ops.send(&mut self.plan, steps) {
            return false;
        }
        self.sent += steps;
        true
    }
}
