//! Which of our kernels an adapter runs rightly, and which of those run fastest.

use super::shaders::{HARDWARE, SOFTWARE, Tuning};
use super::{Choosing, GpuOps, Read, STEPS};
use crate::toy::{TOY_ROWS, Toy, ToySize, uniform};
use crate::{CpuOps, Error, Ops, Packed, Precision, Result, pack_q4, pack_q8};
use gpu::Gpu;
use std::sync::Arc;

/// How the kernels are cut for an adapter. What is left out is done by plainer kernels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level(pub(super) Tuning);

impl Level {
    /// What suits such an adapter, unchecked.
    pub fn of(gpu: &Gpu) -> Self {
        Self(if gpu.is_software() { SOFTWARE } else { HARDWARE })
    }

    /// What suits hardware, whatever the adapter: for tests and measurements.
    pub fn for_hardware() -> Self {
        Self(HARDWARE)
    }

    /// Without what the last workgroup to come does for all: on some adapters what others wrote may not arrive there in time.
    pub fn without_tails(self) -> Self {
        Self(Tuning { splits: 1, tails: false, ..self.0 })
    }

    fn without_tiles(self) -> Self {
        Self(Tuning { tiles: false, ..self.0 })
    }

    fn without_slices(self) -> Self {
        Self(Tuning { slices: 1, ..self.0 })
    }

    /// The one that this one is lowered to; none below the plainest.
    fn lower(self) -> Option<Self> {
        let lowered = [self.without_tails(), self.without_tiles(), self.without_slices()];
        lowered.into_iter().find(|level| *level != self)
    }

    /// Such as `f32 tails tiles slices`, of what is used beyond the plainest kernels.
    pub fn name(self) -> String {
        let Tuning { tails, tiles, slices, .. } = self.0;
        let parts = [(tails, " tails"), (tiles, " tiles"), (slices > 1, " slices")];
        parts.iter().filter(|(has, _)| *has).fold("f32".to_owned(), |name, (_, part)| name + part)
    }

    /// The level of this name for such an adapter, if there is one: any of its parts may be missing.
    pub fn named(gpu: &Gpu, name: &str) -> Option<Self> {
        Self::of(gpu).below().find(|level| level.name() == name)
    }

    /// Itself, and every level with some of its parts left out.
    fn below(self) -> impl Iterator<Item = Self> {
        let parts: [fn(Self) -> Self; 3] =
            [Self::without_tails, Self::without_tiles, Self::without_slices];
        (0..1 << parts.len()).map(move |left_out: u32| {
            let is_out = |index: &usize| left_out >> index & 1 == 1;
            (0..parts.len()).filter(is_out).fold(self, |level, index| parts[index](level))
        })
    }

    /// Checks the kernels on this adapter against the CPU, and lowers the level until all are right. Where slices are used,
    /// whole columns are tried too, and what is faster is kept. `now` are seconds.
    ///
    /// # Errors
    /// [`Error::Wrong`] where the plainest kernels are wrong; where the GPU fails.
    pub async fn probe(gpu: &Gpu, now: &dyn Fn() -> f64) -> Result<Self> {
        let mut level = Self::of(gpu).checked(gpu, &Wanted::computed().await?).await?;
        if level.0.slices > 1 {
            let sliced = level.seconds(gpu, now).await?;
            if level.without_slices().seconds(gpu, now).await? < sliced {
                level = level.without_slices();
            }
        }
        Ok(level)
    }

    /// This level, or the first below it that is right.
    async fn checked(mut self, gpu: &Gpu, wanted: &Wanted) -> Result<Self> {
        while !self.is_right(gpu, wanted).await? {
            self = self.lower().ok_or_else(|| Error::Wrong(gpu.name()))?;
        }
        Ok(self)
    }

    async fn is_right(self, gpu: &Gpu, wanted: &Wanted) -> Result<bool> {
        let mut ops = GpuOps::at(gpu, self);
        let mut toy = Toy::new(&mut ops, SIZE)?;
        let [_, read] = toy.read(&mut ops, &rows(&wanted.inputs), 0).await?;
        if !are_near(&read, &wanted.read) {
            return Ok(false);
        }
        let mut plan = toy.plan(&mut ops, Choosing { text: TEXT, ends: [None; 2] })?;
        ops.start(&mut plan, Read::Token(FIRST), TOY_ROWS).await?;
        // Twice, so that what the first left behind is seen.
        for _ in 0..2 {
            ops.send(&mut plan, STEPS);
            ops.receive(&mut plan).await?;
        }
        let is_right = |(step, (hidden, next)): (usize, &(Vec<f32>, u32))| {
            let record = plan.record(step);
            record.next == *next && record.is_finite && are_near(record.hidden, hidden)
        };
        Ok(wanted.steps.iter().enumerate().all(is_right))
    }

    /// Of a product with one row.
    async fn seconds(self, gpu: &Gpu, now: &dyn Fn() -> f64) -> Result<f64> {
        const SIDE: usize = 1024;
        const TIMES: usize = 50;
        let mut ops = GpuOps::at(gpu, self);
        let weight = ops.matrix(&Arc::new(q4(SIDE, SIDE, 1)?))?;
        let (x, mut out) = (ops.tensor(1, SIDE)?, ops.tensor(1, SIDE)?);
        let mut seconds = f64::INFINITY;
        for _ in 0..3 {
            let start = now();
            for _ in 0..TIMES {
                ops.matmul(&x, &weight, &mut out, 0, 1)?;
            }
            ops.finish().await?;
            seconds = seconds.min(now() - start);
        }
        Ok(seconds)
    }
}

/// The model that is run: heads that share keys, more than one block of inputs, outputs that fill no workgroup.
const SIZE: ToySize = ToySize {
    width: 96,
    heads: 4,
    kv_heads: 2,
    head_dim: 32,
    ff: 160,
    vocab: VOCAB,
    context: 80,
    pack: q4,
    pack_values: q4,
    pack_table: q8,
    biases: [false; 3],
};
const VOCAB: usize = 200;
const TEXT: usize = 190;
const FIRST: u32 = 7;

fn q4(rows: usize, cols: usize, seed: u64) -> Result<Packed> {
    pack_q4(rows, cols, &uniform(seed, rows * cols)).map(Packed::Q4)
}

fn q8(rows: usize, cols: usize, seed: u64) -> Result<Packed> {
    pack_q8(rows, cols, &uniform(seed, rows * cols)).map(Packed::Q8)
}

fn rows(values: &[f32]) -> Vec<Read<'_>> {
    values.chunks_exact(SIZE.width).map(Read::Row).collect()
}

fn are_near(found: &[f32], wanted: &[f32]) -> bool {
    let peak = wanted.iter().fold(0.5f32, |peak, value| peak.max(value.abs()));
    let near = |(found, wanted): (&f32, &f32)| (found - wanted).abs() <= 1e-4 * peak;
    found.len() == wanted.len() && found.iter().zip(wanted).all(near)
}

/// What the CPU says, in plain f32.
struct Wanted {
    inputs: Vec<f32>,
    /// Logits of a block of rows.
    read: Vec<f32>,
    /// Hidden state and likeliest token of each step behind them.
    steps: Vec<(Vec<f32>, u32)>,
}

impl Wanted {
    async fn computed() -> Result<Self> {
        let mut ops = CpuOps::new(Precision::Plain);
        let mut toy = Toy::new(&mut ops, SIZE)?;
        let inputs = uniform(20, TOY_ROWS * SIZE.width);
        let [_, read] = toy.read(&mut ops, &rows(&inputs), 0).await?;
        let (mut token, mut steps) = (FIRST, Vec::new());
        for step in 0..2 * STEPS {
            let [hidden, logits] =
                toy.read(&mut ops, &[Read::Token(token)], TOY_ROWS + step).await?;
            token = crate::likeliest(&logits).ok_or_else(|| Error::Wrong(ops.name()))?;
            steps.push((hidden, token));
        }
        Ok(Self { inputs, read, steps })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pollster::block_on;

    #[test]
    fn every_level_below_is_known_by_its_name() {
        let mut level = Level::for_hardware();
        let mut names = vec![level.name()];
        while let Some(lower) = level.lower() {
            level = lower;
            names.push(level.name());
        }
        assert_eq!(names, ["f32 tails tiles slices", "f32 tiles slices", "f32 slices", "f32"]);
    }

    /// Also of one that is left without slices because whole columns were faster.
    #[test]
    fn a_level_is_found_again_whatever_was_left_out() {
        let names: std::collections::BTreeSet<String> =
            Level::for_hardware().below().map(Level::name).collect();
        assert_eq!(names.len(), 8, "{names:?}");
        assert!(names.contains(&Level::for_hardware().without_slices().name()));
    }

    /// On this machine's software adapter; without one nothing is checked.
    #[test]
    fn a_gpu_that_computes_wrongly_is_not_used() {
        let Ok(gpu) = block_on(Gpu::request(gpu::Prefer::Software)) else {
            println!("SKIPPED, nothing was checked");
            return;
        };
        let start = std::time::Instant::now();
        let level = block_on(Level::probe(&gpu, &|| start.elapsed().as_secs_f64())).unwrap();
        assert_eq!(Level::named(&gpu, &level.name()), Some(level));
        assert_eq!(Level::named(&gpu, "f64"), None);
        let mut wanted = block_on(Wanted::computed()).unwrap();
        let whole = block_on(Level::for_hardware().checked(&gpu, &wanted)).unwrap();
        assert_eq!(whole, Level::for_hardware());
        // As if the kernels said something else, whatever the level.
        wanted.steps[5].1 ^= 1;
        let refused = block_on(Level::for_hardware().checked(&gpu, &wanted));
        assert!(matches!(refused, Err(Error::Wrong(_))), "{refused:?}");
    }
}
