/// A small multilayer perceptron with ReLU between its layers: `(in, hidden, hidden, out)`.
/// Inputs are first brought to mean 0 and deviation 1 as in training.
#[derive(Clone, Debug)]
pub(crate) struct Perceptron {
    /// Mean and reciprocal deviation of each input, as trained on.
    mean: Vec<f32>,
    scale: Vec<f32>,
    /// Layers from the input on: a matrix `(out, in)`, row-major, and a bias `(out)`.
    layers: Vec<(Vec<f32>, Vec<f32>)>,
}

const LAYERS: usize = 3;
/// The widest layer, its inputs and outputs among them.
const WIDEST: usize = 128;
/// Inputs are cut off so many deviations from their mean.
const FARTHEST: f32 = 6.0;

impl Perceptron {
    /// Of so many inputs and outputs, from tensors `mean`, `scale`, `K.weight` and `K.bias`; None where one is
    /// missing or has another size.
    pub(crate) fn new(
        inputs: usize,
        outputs: usize,
        tensor: &impl Fn(&str) -> Option<Vec<f32>>,
    ) -> Option<Self> {
        let (mean, scale) = (tensor("mean")?, tensor("scale")?);
        let mut width = inputs;
        let mut layers = Vec::new();
        for index in 0..LAYERS {
            let (weight, bias) =
                (tensor(&format!("{index}.weight"))?, tensor(&format!("{index}.bias"))?);
            if weight.len() != width * bias.len() || bias.len() > WIDEST {
                return None;
            }
            width = bias.len();
            layers.push((weight, bias));
        }
        let fits =
            mean.len() == inputs && scale.len() == inputs && inputs <= WIDEST && width == outputs;
        fits.then_some(Self { mean, scale, layers })
    }

    /// The probability that a network of one output gives to `inputs`.
    pub(crate) fn probability(&self, inputs: &[f32]) -> f32 {
        1.0 / (1.0 + libm::expf(-self.run(inputs)[0]))
    }

    /// The probabilities that a network of several outputs gives to them: their softmax.
    pub(crate) fn probabilities(&self, inputs: &[f32]) -> Vec<f32> {
        let outputs = self.layers.last().map_or(0, |(_, bias)| bias.len());
        let logits = &self.run(inputs)[..outputs];
        let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let shares: Vec<f32> = logits.iter().map(|logit| libm::expf(logit - most)).collect();
        let sum: f32 = shares.iter().sum();
        shares.into_iter().map(|share| share / sum).collect()
    }

    fn run(&self, inputs: &[f32]) -> [f32; WIDEST] {
        let mut now = [0.0_f32; WIDEST];
        for (slot, ((x, mean), scale)) in
            now.iter_mut().zip(inputs.iter().zip(&self.mean).zip(&self.scale))
        {
            *slot = ((x - mean) * scale).clamp(-FARTHEST, FARTHEST);
        }
        let mut width = inputs.len();
        for (index, (weight, bias)) in self.layers.iter().enumerate() {
            let last = index + 1 == self.layers.len();
            let mut next = [0.0_f32; WIDEST];
            for ((out, bias), row) in next.iter_mut().zip(bias).zip(weight.chunks_exact(width)) {
                let sum = bias + dot(row, &now);
                *out = if last { sum } else { sum.max(0.0) };
            }
            now = next;
            width = bias.len();
        }
        now
    }
}

/// In eight sums, so that the machine's vectors are used; the same on every machine.
fn dot(row: &[f32], x: &[f32]) -> f32 {
    let mut sums = [0.0_f32; 8];
    let (blocks, rest) = row.as_chunks::<8>();
    for (block, x) in blocks.iter().zip(x.as_chunks::<8>().0) {
        for ((sum, w), x) in sums.iter_mut().zip(block).zip(x) {
            *sum += w * x;
        }
    }
    let tail: f32 = rest.iter().zip(&x[blocks.len() * 8..]).map(|(w, x)| w * x).sum();
    sums.iter().sum::<f32>() + tail
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_layers_by_hand() {
        let tensor = |name: &str| {
            let values: &[f32] = match name {
                "mean" => &[1.0, 0.0],
                "scale" => &[1.0, 0.5],
                "0.weight" => &[1.0, 2.0, -1.0, 0.0],
                "0.bias" => &[0.0, 1.0],
                "1.weight" => &[1.0, -2.0],
                "1.bias" => &[0.5],
                "2.weight" => &[1.0],
                "2.bias" => &[-0.5],
                _ => return None,
            };
            Some(values.to_vec())
        };
        let network = Perceptron::new(2, 1, &tensor).unwrap();
        // Inputs become (2, 1); hidden (4, -1 → 0); then 4.5; logit 4.
        let p = network.probability(&[3.0, 2.0]);
        assert!((p - 1.0 / (1.0 + (-4.0_f32).exp())).abs() < 1e-6);
        assert_eq!(network.probabilities(&[3.0, 2.0]), [1.0]);
        assert!(Perceptron::new(3, 1, &tensor).is_none());
        assert!(Perceptron::new(2, 2, &tensor).is_none());
    }

    #[test]
    fn a_product_of_more_than_a_block() {
        let row: Vec<f32> = (0..19).map(|i| i as f32).collect();
        let expected: f32 = row.iter().map(|x| x * x).sum();
        assert_eq!(dot(&row, &row), expected);
    }
}
