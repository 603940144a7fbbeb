use super::Trained;
use crate::{Decoder, Feed, Processor, Result, Scores, Weights};
use scene::ScenePrefix;

/// How far a packed tensor is from the trained one.
#[derive(Clone, Debug, PartialEq)]
pub struct TensorError {
    /// Which.
    pub name: String,
    /// Root of the mean squared error, over the root mean square of the trained values.
    pub relative_rms: f64,
    /// Largest error of any value, over the largest trained value.
    pub relative_max: f64,
}

/// A scene and tokens to force behind it.
pub struct Case {
    /// What the model is given of a scene.
    pub prefix: ScenePrefix,
    /// The tokens of a question with its answer.
    pub feeds: Vec<Feed>,
}

/// How often two models mean the same next token.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Agreement {
    /// Positions compared.
    pub positions: usize,
    /// Of those, the same likeliest token and the same likeliest object.
    pub same: usize,
    /// Different, although the reference's best was ahead of its second by more than
    /// [`Agreement::MARGIN`].
    pub clear_misses: usize,
    /// Largest difference of any logit.
    pub largest_logit_error: f32,
}

impl Agreement {
    /// Where the best two logits are closer than this, either is right.
    pub const MARGIN: f32 = 0.05;

    /// Adds what is seen at one position.
    pub fn compare(&mut self, reference: &Scores, other: &Scores) {
        let pairs = reference.logits.iter().zip(&other.logits);
        let error = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        self.largest_logit_error = self.largest_logit_error.max(error);
        let (mut same, mut clear) = (true, false);
        let kinds = [(&reference.logits, &other.logits), (&reference.objects, &other.objects)];
        for (reference, other) in kinds {
            let ((best, margin), (found, _)) = (best_of(reference), best_of(other));
            same &= best == found;
            clear |= best != found && margin > Self::MARGIN;
        }
        self.positions += 1;
        self.same += usize::from(same);
        self.clear_misses += usize::from(clear);
    }

    /// Share of positions that agree, 0..=1.
    pub fn share(&self) -> f64 {
        if self.positions == 0 { 0.0 } else { self.same as f64 / self.positions as f64 }
    }
}

/// Reads every tensor back and compares it with the trained one, worst first.
///
/// # Errors
/// [`crate::Error::Tensor`] where one is missing.
pub fn tensor_errors(trained: &Trained, packed: &Weights) -> Result<Vec<TensorError>> {
    let mut errors = Vec::new();
    for (name, plain) in &trained.tensors {
        let found = packed.tensor_of(name, &plain.shape)?;
        let (mut squares, mut error_squares, mut peak, mut worst) = (0f64, 0f64, 0f64, 0f64);
        for (a, b) in plain.values.iter().map(|v| f64::from(*v)).zip(found) {
            let error = a - f64::from(b);
            squares += a * a;
            error_squares += error * error;
            peak = peak.max(a.abs());
            worst = worst.max(error.abs());
        }
        let over = |part: f64, whole: f64| if part == 0.0 { 0.0 } else { part / whole };
        errors.push(TensorError {
            name: name.clone(),
            relative_rms: over(error_squares.sqrt(), squares.sqrt()),
            relative_max: over(worst, peak),
        });
    }
    errors.sort_by(|a, b| b.relative_rms.total_cmp(&a.relative_rms));
    Ok(errors)
}

/// Forces the cases through both models on the plain CPU path.
///
/// # Errors
/// As [`Decoder::forced`].
pub async fn agreement(trained: &Trained, packed: &Weights, cases: &[Case]) -> Result<Agreement> {
    let mut reference = Decoder::new(&trained.weights()?, Processor::CpuPlain).await?;
    let mut other = Decoder::new(packed, Processor::CpuPlain).await?;
    let mut agreement = Agreement::default();
    for case in cases {
        let reference = reference.force_case(case).await?;
        let other = other.force_case(case).await?;
        reference.iter().zip(&other).for_each(|(a, b)| agreement.compare(a, b));
    }
    Ok(agreement)
}

impl Decoder {
    async fn force_case(&mut self, case: &Case) -> Result<Vec<Scores>> {
        let mut progress = self.set_prefix(&case.prefix)?;
        while !progress.is_complete() {
            progress = self.prefill_step().await?;
        }
        self.forced(&case.feeds).await
    }
}

/// The index of the largest and how far it is ahead.
fn best_of(values: &[f32]) -> (usize, f32) {
    let (mut best, mut margin) = ((0, f32::NEG_INFINITY), f32::INFINITY);
    for (index, &value) in values.iter().enumerate() {
        if value > best.1 {
            (best, margin) = ((index, value), value - best.1);
        } else {
            margin = margin.min(best.1 - value);
        }
    }
    (best.0, margin)
}
