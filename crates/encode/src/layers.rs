//! What the nets are made of. Every matrix is stored `(out, in)`: `y = x Wᵀ + b`.

use crate::Error;
use crate::weights::Weights;
use burn::tensor::activation::{gelu, softmax};
use burn::tensor::{Tensor, module};

/// Epsilon of LayerNorm and GroupNorm.
pub(crate) const NORM_EPS: f64 = 1e-5;
/// Added to the score of a key that must not be seen.
pub(crate) const UNSEEN: f32 = -1e9;
/// Every attention has as many heads.
pub(crate) const HEADS: usize = 4;

/// `x Wᵀ + b` over the last axis.
pub(crate) struct Linear {
    /// (in, out): turned once, at loading.
    weight: Tensor<2>,
    bias: Option<Tensor<1>>,
}

impl Linear {
    pub(crate) fn load(at: &Weights, width_in: usize, width_out: usize) -> Result<Self, Error> {
        let mut linear = Self::load_without_bias(at, width_in, width_out)?;
        linear.bias = Some(at.at("bias").tensor([width_out])?);
        Ok(linear)
    }

    pub(crate) fn load_without_bias(
        at: &Weights,
        width_in: usize,
        width_out: usize,
    ) -> Result<Self, Error> {
        let weight = at.at("weight").tensor([width_out, width_in])?.transpose();
        Ok(Self { weight, bias: None })
    }

    /// (rows, in) → (rows, out)
    pub(crate) fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        module::linear(x, self.weight.clone(), self.bias.clone())
    }
}

/// `1(gelu(0(x)))`, with the exact GELU.
pub(crate) struct FeedForward {
    first: Linear,
    second: Linear,
}

impl FeedForward {
    pub(crate) fn load(
        at: &Weights,
        width_in: usize,
        hidden: usize,
        width_out: usize,
    ) -> Result<Self, Error> {
        Ok(Self {
            first: Linear::load(&at.at("0"), width_in, hidden)?,
            second: Linear::load(&at.at("1"), hidden, width_out)?,
        })
    }

    /// (rows, in) → (rows, out)
    pub(crate) fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        self.second.forward(gelu(self.first.forward(x)))
    }
}

/// LayerNorm over the last axis.
pub(crate) struct LayerNorm {
    weight: Tensor<1>,
    bias: Tensor<1>,
}

impl LayerNorm {
    pub(crate) fn load(at: &Weights, width: usize) -> Result<Self, Error> {
        let (weight, bias) = (at.at("weight").tensor([width])?, at.at("bias").tensor([width])?);
        Ok(Self { weight, bias })
    }

    /// (rows, width) → (rows, width)
    pub(crate) fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        module::layer_norm(x, self.weight.clone(), Some(self.bias.clone()), NORM_EPS)
    }
}

/// Multi-head self-attention with one `qkv` and an `out`.
pub(crate) struct Attention {
    qkv: Linear,
    out: Linear,
}

impl Attention {
    pub(crate) fn load(at: &Weights, width: usize) -> Result<Self, Error> {
        Ok(Self {
            qkv: Linear::load(&at.at("qkv"), width, 3 * width)?,
            out: Linear::load(&at.at("out"), width, width)?,
        })
    }

    /// x (b·t, width) of b sequences; bias, broadcast over (b, heads, t, t), is added to the
    /// scores → (b·t, width)
    pub(crate) fn forward(&self, x: Tensor<2>, b: usize, bias: Option<Tensor<4>>) -> Tensor<2> {
        let width = x.dims()[1];
        let qkv = self.qkv.forward(x); // (b·t, 3·width)
        let part = |i: usize| split(qkv.clone().narrow(1, i * width, width), b);
        self.out.forward(attend(part(0), part(1), part(2), bias))
    }
}

/// (b·t, width) → (b, heads, t, width/heads)
pub(crate) fn split(x: Tensor<2>, b: usize) -> Tensor<4> {
    let [rows, width] = x.dims();
    x.reshape([b, rows / b.max(1), HEADS, width / HEADS]).swap_dims(1, 2)
}

/// softmax(q kᵀ / √head + bias) v, heads side by side: (b, heads, t, head) → (b·t, width)
pub(crate) fn attend(
    q: Tensor<4>,
    k: Tensor<4>,
    v: Tensor<4>,
    bias: Option<Tensor<4>>,
) -> Tensor<2> {
    mix(weigh(q, k, bias), v)
}

/// softmax(q kᵀ/√d + bias): q (b, h, t, d), k (b, h, s, d) → (b, h, t, s).
pub(crate) fn weigh(q: Tensor<4>, k: Tensor<4>, bias: Option<Tensor<4>>) -> Tensor<4> {
    let head = q.dims()[3];
    let scores = q.matmul(k.transpose()) / (head as f64).sqrt();
    let scores = match bias {
        Some(bias) => scores + bias,
        None => scores,
    };
    softmax(scores, 3)
}

/// Values by their weights of [`weigh`], heads side by side: (b, h, t, s), (b, h, s, d) → (b·t, h·d).
pub(crate) fn mix(weights: Tensor<4>, v: Tensor<4>) -> Tensor<2> {
    let [b, heads, t, _] = weights.dims();
    let head = v.dims()[3];
    weights.matmul(v).swap_dims(1, 2).reshape([b * t, heads * head])
}

/// The mean over heads: (b, h, t, s) → (b·t, s).
pub(crate) fn mean_of_heads(weights: Tensor<4>) -> Tensor<2> {
    let [b, _, t, s] = weights.dims();
    weights.mean_dim(1).reshape([b * t, s])
}

/// Attention of some rows to others, with a `query`, a `key_value` and a `cross_out`.
pub(crate) struct CrossAttention {
    query: Linear,
    key_value: Linear,
    out: Linear,
}

impl CrossAttention {
    pub(crate) fn load(at: &Weights, width: usize) -> Result<Self, Error> {
        Ok(Self {
            query: Linear::load(&at.at("query"), width, width)?,
            key_value: Linear::load(&at.at("key_value"), width, 2 * width)?,
            out: Linear::load(&at.at("cross_out"), width, width)?,
        })
    }

    /// What others are looked at by: (p, width) → (p, 2·width), keys and values side by side.
    pub(crate) fn keys(&self, others: Tensor<2>) -> Tensor<2> {
        self.key_value.forward(others)
    }

    /// x (t, width), keys (p, 2·width) of [`CrossAttention::keys`] → (t, width)
    pub(crate) fn forward(&self, x: Tensor<2>, keys: Tensor<2>) -> Tensor<2> {
        let width = x.dims()[1];
        let part = |i: usize| split(keys.clone().narrow(1, i * width, width), 1);
        self.out.forward(attend(split(self.query.forward(x), 1), part(0), part(1), None))
    }
}

/// A pre-norm transformer block.
pub(crate) struct Block {
    norm1: LayerNorm,
    attn: Attention,
    norm2: LayerNorm,
    ff: FeedForward,
}

impl Block {
    pub(crate) fn load(at: &Weights, width: usize) -> Result<Self, Error> {
        Ok(Self {
            norm1: LayerNorm::load(&at.at("norm1"), width)?,
            attn: Attention::load(&at.at("attn"), width)?,
            norm2: LayerNorm::load(&at.at("norm2"), width)?,
            ff: FeedForward::load(&at.at("ff"), width, 2 * width, width)?,
        })
    }

    /// x (b·t, width) of b sequences
    pub(crate) fn forward(&self, x: Tensor<2>, b: usize) -> Tensor<2> {
        let x = x.clone() + self.attn.forward(self.norm1.forward(x), b, None);
        x.clone() + self.ff.forward(self.norm2.forward(x))
    }
}
