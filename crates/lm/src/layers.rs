//! The small layers beside the decoder, in f32.

use crate::{Error, Result, Weights};

/// LayerNorm's.
const EPS: f32 = 1e-5;

/// `y = W x + b`, `W` of `(out, in)`.
pub(crate) struct Linear {
    inputs: usize,
    weight: Vec<f32>,
    bias: Vec<f32>,
}

impl Linear {
    pub(crate) fn load(weights: &Weights, name: &str, inputs: usize) -> Result<Self> {
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

    pub(crate) fn outputs(&self) -> usize {
        self.bias.len()
    }

    pub(crate) fn apply<'a>(&'a self, x: &'a [f32]) -> impl Iterator<Item = f32> + 'a {
        self.weight
            .chunks_exact(self.inputs)
            .zip(&self.bias)
            .map(move |(row, bias)| dot(row, x) + bias)
    }
}

/// LayerNorm over all of `x`.
pub(crate) struct LayerNorm {
    weight: Vec<f32>,
    bias: Vec<f32>,
}

impl LayerNorm {
    pub(crate) fn load(weights: &Weights, name: &str, width: usize) -> Result<Self> {
        Ok(Self {
            weight: weights.tensor_of(&format!("{name}.weight"), &[width])?,
            bias: weights.tensor_of(&format!("{name}.bias"), &[width])?,
        })
    }

    pub(crate) fn apply(&self, x: &[f32]) -> Vec<f32> {
        let mean = x.iter().sum::<f32>() / x.len() as f32;
        let variance = x.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / x.len() as f32;
        let scale = 1.0 / (variance + EPS).sqrt();
        let affine = self.weight.iter().zip(&self.bias);
        x.iter().zip(affine).map(|(x, (weight, bias))| (x - mean) * scale * weight + bias).collect()
    }
}

pub(crate) fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// `ln Σ exp(x)`.
pub(crate) fn log_sum_exp(values: impl Iterator<Item = f32> + Clone) -> f32 {
    let peak = values.clone().fold(f32::NEG_INFINITY, f32::max);
    peak + values.map(|value| (value - peak).exp()).sum::<f32>().ln()
}
