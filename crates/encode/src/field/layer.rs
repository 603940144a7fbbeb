use fastrand::Rng;

/// One step of Adam (Kingma and Ba 2015), with its usual decays.
#[derive(Clone, Copy, Debug)]
pub(super) struct Adam {
    rate: f32,
    /// What makes up for averages that began at nothing.
    first: f32,
    second: f32,
}

const FIRST: f32 = 0.9;
const SECOND: f32 = 0.99;

impl Adam {
    /// `round` counts from 1.
    pub(super) fn new(rate: f32, round: usize) -> Self {
        let round = i32::try_from(round).unwrap_or(i32::MAX);
        Self {
            rate,
            first: 1.0 / (1.0 - FIRST.powi(round)),
            second: 1.0 / (1.0 - SECOND.powi(round)),
        }
    }

    /// Moves one number by its gradient.
    pub(super) fn step(self, value: &mut Learned, gradient: f32) {
        value.mean = FIRST * value.mean + (1.0 - FIRST) * gradient;
        value.square = SECOND * value.square + (1.0 - SECOND) * gradient * gradient;
        value.now -=
            self.rate * value.mean * self.first / ((value.square * self.second).sqrt() + 1e-8);
    }
}

/// A number with its averages for Adam.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Learned {
    pub(super) now: f32,
    mean: f32,
    square: f32,
}

impl Learned {
    pub(super) fn new(now: f32) -> Self {
        Self { now, ..Self::default() }
    }
}

/// `y = x W + b`.
#[derive(Clone, Debug)]
pub(super) struct Layer {
    /// (inputs, outputs)
    weight: Vec<Learned>,
    bias: Vec<Learned>,
}

impl Layer {
    pub(super) fn new(inputs: usize, outputs: usize, rng: &mut Rng) -> Self {
        let spread = (6.0 / inputs as f32).sqrt();
        let random = |_| Learned::new((2.0 * rng.f32() - 1.0) * spread);
        Self {
            weight: (0..inputs * outputs).map(random).collect(),
            bias: vec![Learned::default(); outputs],
        }
    }

    fn inputs(&self) -> usize {
        self.weight.len() / self.bias.len().max(1)
    }

    /// x (n, inputs) → (n, outputs)
    pub(super) fn forward(&self, x: &[f32]) -> Vec<f32> {
        let outputs = self.bias.len();
        let weight: Vec<f32> = self.weight.iter().map(|w| w.now).collect();
        let mut y = Vec::with_capacity(x.len() / self.inputs().max(1) * outputs);
        for row in x.chunks_exact(self.inputs()) {
            let start = y.len();
            y.extend(self.bias.iter().map(|b| b.now));
            let y = &mut y[start..];
            for (x, weight) in row.iter().zip(weight.chunks_exact(outputs)) {
                if *x != 0.0 {
                    y.iter_mut().zip(weight).for_each(|(y, w)| *y += x * w);
                }
            }
        }
        y
    }

    /// x (n, inputs) and the loss's gradient by y (n, outputs) → its gradient by x; takes a step.
    pub(super) fn learn(&mut self, x: &[f32], by_y: &[f32], adam: Adam) -> Vec<f32> {
        let (inputs, outputs) = (self.inputs(), self.bias.len());
        let mut by_x = Vec::with_capacity(x.len());
        let (mut by_weight, mut by_bias) = (vec![0.0; self.weight.len()], vec![0.0; outputs]);
        let weight: Vec<f32> = self.weight.iter().map(|w| w.now).collect();
        for (x, by_y) in x.chunks_exact(inputs).zip(by_y.chunks_exact(outputs)) {
            by_bias.iter_mut().zip(by_y).for_each(|(sum, g)| *sum += g);
            let rows = weight.chunks_exact(outputs).zip(by_weight.chunks_exact_mut(outputs));
            for (x, (weight, by_weight)) in x.iter().zip(rows) {
                by_weight.iter_mut().zip(by_y).for_each(|(sum, g)| *sum += x * g);
                by_x.push(weight.iter().zip(by_y).map(|(w, g)| w * g).sum());
            }
        }
        self.weight.iter_mut().zip(by_weight).for_each(|(w, g)| adam.step(w, g));
        self.bias.iter_mut().zip(by_bias).for_each(|(b, g)| adam.step(b, g));
        by_x
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gradients_are_those_of_the_loss() {
        let mut layer = Layer::new(3, 2, &mut Rng::with_seed(1));
        let (x, by_y) = ([0.5, -1.0, 2.0], [1.0, -0.5]);
        // The loss Σ y · by_y, whose gradient by y is by_y.
        let loss = |layer: &Layer, x: &[f32]| -> f32 {
            layer.forward(x).iter().zip(by_y).map(|(y, g)| y * g).sum()
        };
        let by_x = layer.clone().learn(&x, &by_y, Adam::new(0.0, 1));
        for (i, gradient) in by_x.iter().enumerate() {
            let mut moved = x;
            moved[i] += 1e-2;
            let slope = (loss(&layer, &moved) - loss(&layer, &x)) / 1e-2;
            assert!((slope - gradient).abs() < 1e-3, "{slope} {gradient}");
        }
        // Adam's first step is of its rate, against the gradient.
        let before = layer.clone();
        layer.learn(&x, &by_y, Adam::new(0.1, 1));
        let step = layer.weight[0].now - before.weight[0].now;
        assert!((step + 0.1).abs() < 1e-4, "{step}");
        assert!(loss(&layer, &x) < loss(&before, &x));
    }
}
