use crate::{Error, Result, Weights};
use scene::{PAIR_FEATURES, ScenePrefix};

/// LayerNorm's.
const EPS: f32 = 1e-5;

/// Points at objects: the `pointer.*` weights, in f32.
pub(crate) struct Pointer {
    width: usize,
    norm: Affine,
    key: Linear,
    query: Linear,
    anchor_key: Linear,
    anchor_query: Linear,
    phi: [Linear; 2],
    spatial: Linear,
}

/// What does not depend on the question, for the `n` objects of a scene.
#[derive(Clone, Debug, Default)]
pub(crate) struct Targets {
    count: usize,
    keys: Vec<f32>,        // (n, key width)
    anchor_keys: Vec<f32>, // (n, key width)
    phi: Vec<f32>,         // (n, n, phi width): φ_ji at [j][i]
}

struct Affine {
    weight: Vec<f32>,
    bias: Vec<f32>,
}

/// `y = W x + b`, `W` of `(out, in)`.
struct Linear {
    inputs: usize,
    weight: Vec<f32>,
    bias: Vec<f32>,
}

impl Linear {
    fn load(weights: &Weights, name: &str, inputs: usize) -> Result<Self> {
        let (shape, weight) = weights.tensor_f32(&format!("{name}.weight"))?;
        let &[outputs, found] = shape.as_slice() else {
            return Err(Error::Tensor { name: name.into(), what: format!("has {shape:?}") });
        };
        if found != inputs {
            let what = format!("takes {found} inputs, should take {inputs}");
            return Err(Error::Tensor { name: name.into(), what });
        }
        let bias_name = format!("{name}.bias");
        let bias = match weights.has(&bias_name) {
            true => weights.tensor_of(&bias_name, &[outputs])?,
            false => vec![0.0; outputs],
        };
        Ok(Self { inputs, weight, bias })
    }

    fn outputs(&self) -> usize {
        self.bias.len()
    }

    fn apply<'a>(&'a self, x: &'a [f32]) -> impl Iterator<Item = f32> + 'a {
        self.weight
            .chunks_exact(self.inputs)
            .zip(&self.bias)
            .map(move |(row, bias)| dot(row, x) + bias)
    }
}

impl Pointer {
    pub(crate) fn load(weights: &Weights) -> Result<Self> {
        let width = weights.manifest().lm.width;
        let linear = |name: &str, inputs| Linear::load(weights, &format!("pointer.{name}"), inputs);
        let phi = linear("phi.0", PAIR_FEATURES)?;
        let phi_width = phi.outputs();
        let pointer = Self {
            width,
            norm: Affine {
                weight: weights.tensor_of("pointer.norm.weight", &[width])?,
                bias: weights.tensor_of("pointer.norm.bias", &[width])?,
            },
            key: linear("key", width)?,
            query: linear("query", width)?,
            anchor_key: linear("anchor_key", width)?,
            anchor_query: linear("anchor_query", width)?,
            phi: [phi, linear("phi.1", phi_width)?],
            spatial: linear("spatial", width)?,
        };
        let pairs = [
            ("pointer.query", &pointer.query, &pointer.key),
            ("pointer.anchor_query", &pointer.anchor_query, &pointer.anchor_key),
            ("pointer.spatial", &pointer.spatial, &pointer.phi[1]),
        ];
        for (name, a, b) in pairs {
            if a.outputs() != b.outputs() {
                let what = format!("gives {}, should give {}", a.outputs(), b.outputs());
                return Err(Error::Tensor { name: name.into(), what });
            }
        }
        Ok(pointer)
    }

    /// key_i = key(norm(m_i)), anchor_key(norm(m_j)), φ_ji = phi.1(gelu(phi.0(f_ji))).
    pub(crate) fn targets(&self, prefix: &ScenePrefix) -> Targets {
        let count = prefix.objects.len();
        let mut targets = Targets { count, ..Targets::default() };
        for object in &prefix.objects {
            let normed = self.layer_norm(&object.mention);
            targets.keys.extend(self.key.apply(&normed));
            targets.anchor_keys.extend(self.anchor_key.apply(&normed));
        }
        for pair in prefix.pairs.chunks_exact(PAIR_FEATURES) {
            let hidden: Vec<f32> = self.phi[0].apply(pair).map(gelu).collect();
            targets.phi.extend(self.phi[1].apply(&hidden));
        }
        targets
    }

    /// score_i = q·key_i/√w + Σ_j a_j (spatial(h)·φ_ji) with the anchors
    /// a = softmax_j(anchor_query(h)·anchor_key_j/√w), for the final normed hidden state `h`.
    pub(crate) fn scores(&self, hidden: &[f32], targets: &Targets) -> Vec<f32> {
        debug_assert_eq!(hidden.len(), self.width);
        let anchors = softmax(&similarity(&self.anchor_query, hidden, &targets.anchor_keys));
        let spatial: Vec<f32> = self.spatial.apply(hidden).collect();
        let mut scores = similarity(&self.query, hidden, &targets.keys);
        let from_anchor = targets.phi.chunks_exact((targets.count * spatial.len()).max(1));
        for (anchor, phi) in anchors.iter().zip(from_anchor) {
            for (score, phi) in scores.iter_mut().zip(phi.chunks_exact(spatial.len())) {
                *score += anchor * dot(&spatial, phi);
            }
        }
        scores
    }

    fn layer_norm(&self, x: &[f32]) -> Vec<f32> {
        let mean = x.iter().sum::<f32>() / x.len() as f32;
        let variance = x.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / x.len() as f32;
        let scale = 1.0 / (variance + EPS).sqrt();
        let affine = self.norm.weight.iter().zip(&self.norm.bias);
        x.iter().zip(affine).map(|(x, (weight, bias))| (x - mean) * scale * weight + bias).collect()
    }
}

/// query(h)·key_i / √w for each key.
fn similarity(query: &Linear, hidden: &[f32], keys: &[f32]) -> Vec<f32> {
    let query: Vec<f32> = query.apply(hidden).collect();
    let scale = 1.0 / (query.len() as f32).sqrt();
    keys.chunks_exact(query.len()).map(|key| dot(&query, key) * scale).collect()
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

pub(crate) fn softmax(scores: &[f32]) -> Vec<f32> {
    let peak = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let weights: Vec<f32> = scores.iter().map(|score| (score - peak).exp()).collect();
    let total: f32 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / total).collect()
}

/// The exact form, `x Φ(x)`.
fn gelu(x: f32) -> f32 {
    0.5 * x * (1.0 + erf(x / std::f32::consts::SQRT_2))
}

/// Abramowitz and Stegun 7.1.26 in f64: within 1.5e-7.
fn erf(x: f32) -> f32 {
    const A: [f64; 5] =
        [0.254_829_592, -0.284_496_736, 1.421_413_741, -1.453_152_027, 1.061_405_429];
    let x = f64::from(x);
    let t = 1.0 / (1.0 + 0.327_591_1 * x.abs());
    let series = A.iter().rev().fold(0.0, |sum, a| (sum + a) * t);
    let value = 1.0 - series * (-x * x).exp();
    value.copysign(x) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn erf_at_known_points() {
        for (x, expected) in
            [(0.0, 0.0), (0.5, 0.520_499_9), (-1.0, -0.842_700_8), (3.0, 0.999_977_9)]
        {
            assert!((erf(x) - expected).abs() < 3e-7, "{x}");
        }
    }
}
