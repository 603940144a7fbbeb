/// A small multilayer perceptron with ReLU between its layers: `(in, hidden, hidden, 1)`.
/// Inputs are first brought to mean 0 and deviation 1 as in training.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Network {
    /// Mean and reciprocal deviation of each input, as trained on.
    pub(crate) mean: &'static [f32],
    pub(crate) scale: &'static [f32],
    /// Layers from the input on.
    pub(crate) layers: &'static [Layer],
}

/// `y = W x + b`; `weight` is `(out, in)` row-major, `bias` is `(out)`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layer {
    pub(crate) weight: &'static [f32],
    pub(crate) bias: &'static [f32],
}

/// The widest layer.
const WIDEST: usize = 64;

impl Network {
    /// The probability that the network gives to `inputs`.
    pub(crate) fn probability(&self, inputs: &[f32]) -> f32 {
        let mut now = [0.0_f32; WIDEST];
        for (slot, ((x, mean), scale)) in
            now.iter_mut().zip(inputs.iter().zip(self.mean).zip(self.scale))
        {
            *slot = ((x - mean) * scale).clamp(-6.0, 6.0);
        }
        let mut width = inputs.len();
        let mut logit = 0.0;
        for (index, layer) in self.layers.iter().enumerate() {
            let last = index + 1 == self.layers.len();
            let mut next = [0.0_f32; WIDEST];
            for ((out, bias), row) in
                next.iter_mut().zip(layer.bias).zip(layer.weight.chunks_exact(width))
            {
                let sum = row.iter().zip(&now).fold(*bias, |sum, (w, x)| sum + w * x);
                *out = if last { sum } else { sum.max(0.0) };
            }
            now = next;
            width = layer.bias.len();
            logit = now[0];
        }
        1.0 / (1.0 + libm::expf(-logit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_layers_by_hand() {
        let network = Network {
            mean: &[1.0, 0.0],
            scale: &[1.0, 0.5],
            layers: &[
                Layer { weight: &[1.0, 2.0, -1.0, 0.0], bias: &[0.0, 1.0] },
                Layer { weight: &[1.0, -2.0], bias: &[0.5] },
            ],
        };
        // Inputs become (2, 1); hidden (4, -1 → 0); logit 4.5.
        let p = network.probability(&[3.0, 2.0]);
        assert!((p - 1.0 / (1.0 + (-4.5_f32).exp())).abs() < 1e-6);
    }
}
