//! 3D-LLM's third construction: a neural field, fitted on the spot to what the views saw. Where the
//! other two take each point by itself, the field is one function of place, so that what one view
//! missed is told by what lies beside it.
//!
//! `F(x) = W₂ relu(W₁ g(x) + b₁) + b₂`, where `g(x)` interpolates three grids of learned features
//! (as in instant-ngp, Müller et al. 2022, without its hashing: rooms are small). Fitted by Adam to
//! `Σ trust · |F(x) − f|²` over all points `x` and the features `f` (d_e) of the views that see them.

mod grid;
mod layer;

use fastrand::Rng;
use grid::Grid;
use layer::{Adam, Layer};

/// Between grids and features.
const HIDDEN: usize = 64;
/// Samples of one round, and rounds in all: a sample of a room is seen some ten times.
const BATCH: usize = 256;
pub(crate) const ROUNDS: usize = 480;
/// Learning rates: a vertex is met far less often than a matrix.
const GRID_RATE: f32 = 1e-2;
const LAYER_RATE: f32 = 2e-3;

/// What one view saw of one point.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    /// Metres.
    pub(crate) at: [f32; 3],
    /// Which of the features it saw.
    pub(crate) feature: usize,
    /// 0..=1
    pub(crate) trust: f32,
}

/// A field being fitted.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    samples: Vec<Sample>,
    /// (·, width), of length one in every channel's own spread.
    features: Vec<f32>,
    mean: Vec<f32>,
    spread: Vec<f32>,
    grid: Grid,
    first: Layer,
    second: Layer,
    rounds: usize,
    rng: Rng,
}

impl Field {
    /// Nothing fitted yet. `features` is (·, `width`); samples of other features are left out.
    pub(crate) fn new(mut samples: Vec<Sample>, features: &[f32], width: usize) -> Self {
        samples.retain(|sample| {
            (sample.feature + 1) * width <= features.len()
                && sample.trust > 0.0
                && sample.at.iter().all(|x| x.is_finite())
        });
        let mut rng = Rng::with_seed(0);
        let (mean, spread) = moments(&samples, features, width);
        let mut scaled = features.to_vec();
        for row in scaled.chunks_exact_mut(width) {
            for ((x, mean), spread) in row.iter_mut().zip(&mean).zip(&spread) {
                *x = (*x - mean) / spread;
            }
        }
        let grid = Grid::round(samples.iter().map(|sample| sample.at), &mut rng);
        Self {
            first: Layer::new(grid::FEATURES, HIDDEN, &mut rng),
            second: Layer::new(HIDDEN, width, &mut rng),
            features: scaled,
            samples,
            mean,
            spread,
            grid,
            rounds: 0,
            rng,
        }
    }

    /// A few more rounds; whether it has been fitted. Without samples there is nothing to fit.
    pub(crate) fn fit(&mut self, rounds: usize) -> bool {
        for _ in 0..rounds {
            if self.is_fitted() {
                break;
            }
            self.round();
        }
        self.is_fitted()
    }

    /// Rounds done.
    pub(crate) fn rounds(&self) -> usize {
        self.rounds
    }

    fn is_fitted(&self) -> bool {
        self.samples.is_empty() || self.rounds >= ROUNDS
    }

    /// One step of Adam on some of the samples.
    fn round(&mut self) {
        let width = self.mean.len();
        let batch: Vec<Sample> =
            (0..BATCH).map(|_| self.samples[self.rng.usize(..self.samples.len())]).collect();
        let known = self.grid.at(batch.iter().map(|sample| sample.at));
        let hidden = relu(self.first.forward(&known.features));
        let mut error = self.second.forward(&hidden);
        let all: f32 = batch.iter().map(|sample| sample.trust).sum();
        for (row, sample) in error.chunks_exact_mut(width).zip(&batch) {
            let right = &self.features[sample.feature * width..][..width];
            let share = sample.trust / all.max(1e-6);
            row.iter_mut().zip(right).for_each(|(said, right)| *said = share * (*said - right));
        }
        self.rounds += 1;
        // The rate falls to nothing: the last rounds settle.
        let left = 1.0 - self.rounds as f32 / ROUNDS as f32;
        let step = |rate: f32| Adam::new(rate * left, self.rounds);
        let mut back = self.second.learn(&hidden, &error, step(LAYER_RATE));
        for (gradient, hidden) in back.iter_mut().zip(&hidden) {
            if *hidden <= 0.0 {
                *gradient = 0.0;
            }
        }
        let back = self.first.learn(&known.features, &back, step(LAYER_RATE));
        self.grid.learn(&known, &back, step(GRID_RATE));
    }

    /// What the field holds at some points, metres: (·, width). Zero where nothing was seen at all.
    pub(crate) fn of(&self, points: &[[f32; 3]]) -> Vec<f32> {
        let width = self.mean.len();
        if self.samples.is_empty() {
            return vec![0.0; points.len() * width];
        }
        let known = self.grid.at(points.iter().copied());
        let mut said = self.second.forward(&relu(self.first.forward(&known.features)));
        for row in said.chunks_exact_mut(width) {
            for ((x, mean), spread) in row.iter_mut().zip(&self.mean).zip(&self.spread) {
                *x = *x * spread + mean;
            }
        }
        said
    }
}

/// Mean and standard deviation of every channel, weighted by trust.
fn moments(samples: &[Sample], features: &[f32], width: usize) -> (Vec<f32>, Vec<f32>) {
    let all: f32 = samples.iter().map(|sample| sample.trust).sum::<f32>().max(1e-6);
    let (mut mean, mut square) = (vec![0.0; width], vec![0.0; width]);
    for sample in samples {
        let row = &features[sample.feature * width..][..width];
        for ((mean, square), x) in mean.iter_mut().zip(&mut square).zip(row) {
            *mean += sample.trust / all * x;
            *square += sample.trust / all * x * x;
        }
    }
    let spread = mean.iter().zip(&square).map(|(m, s)| (s - m * m).max(1e-8).sqrt()).collect();
    (mean, spread)
}

fn relu(mut x: Vec<f32>) -> Vec<f32> {
    x.iter_mut().for_each(|x| *x = x.max(0.0));
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two things of a metre, a metre apart, each with features of its own; every point is seen by three
    /// views that are a little off each.
    fn seen() -> (Vec<Sample>, Vec<f32>) {
        let mut rng = Rng::with_seed(3);
        let (mut samples, mut features) = (Vec::new(), Vec::new());
        for thing in 0..2 {
            for view in 0..3 {
                for channel in 0..4 {
                    let own = if (thing == 1) == (channel < 2) { 1.0 } else { -1.0 };
                    features.push(own + 0.2 * (view as f32 - 1.0));
                }
            }
            for _ in 0..200 {
                let x = 2.0 * thing as f32 + rng.f32();
                let at = [x, rng.f32(), rng.f32()];
                let seen = |view: usize| Sample { at, feature: thing * 3 + view, trust: 1.0 };
                samples.extend((0..3).map(seen));
            }
        }
        (samples, features)
    }

    fn fitted(samples: Vec<Sample>, features: &[f32]) -> Field {
        let mut field = Field::new(samples, features, 4);
        while !field.fit(16) {}
        field
    }

    #[test]
    fn it_tells_things_apart_at_points_that_no_view_saw() {
        let (samples, features) = seen();
        let field = fitted(samples, &features);
        assert_eq!(field.rounds(), ROUNDS);
        let said = field.of(&[[0.5, 0.5, 0.5], [2.5, 0.3, 0.6]]);
        let right = [-1.0, -1.0, 1.0, 1.0, 1.0, 1.0, -1.0, -1.0];
        for (said, right) in said.iter().zip(right) {
            assert!((said - right).abs() < 0.3, "{said} for {right}");
        }
    }

    #[test]
    fn what_is_not_trusted_is_not_learned() {
        let (mut samples, mut features) = seen();
        // Beside every sample one that says the contrary, hardly to be trusted.
        let wrong: Vec<Sample> = samples
            .iter()
            .map(|sample| Sample { feature: sample.feature + 6, trust: 0.02, ..*sample })
            .collect();
        samples.extend(wrong);
        features.extend(features.clone().iter().map(|x| -x));
        let field = fitted(samples, &features);
        let said = field.of(&[[0.5, 0.5, 0.5]]);
        assert!(said[0] < -0.6 && said[2] > 0.6, "{said:?}");
    }

    #[test]
    fn nothing_seen_is_nothing_known() {
        let bad = Sample { at: [f32::NAN, 0.0, 0.0], feature: 0, trust: 1.0 };
        let unseen = Sample { at: [0.0; 3], feature: 9, trust: 1.0 };
        let mut field = Field::new(vec![bad, unseen], &[1.0; 4], 4);
        assert!(field.fit(1));
        assert_eq!(field.of(&[[1.0, 2.0, 3.0]]), [0.0; 4]);
    }

    #[test]
    fn the_same_samples_give_the_same_field() {
        let (samples, features) = seen();
        let (a, b) = (fitted(samples.clone(), &features), fitted(samples, &features));
        let at = [[0.1, 0.2, 0.3], [1.5, 0.0, 0.9]];
        assert_eq!(a.of(&at), b.of(&at));
    }
}
