//! Inst3D-LMM: multi-view cross-modal fusion (§MCMF) and 3D instance spatial relations (eq. 3).
//! `n` instances, `v` = 5 views, `d_e` = 128, `d` = 256.

use crate::Error;
use crate::layers::{
    Attention, FeedForward, HEADS, LayerNorm, Linear, UNSEEN, mean_of_heads, mix, split, weigh,
};
use crate::weights::Weights;
use burn::tensor::activation::sigmoid;
use burn::tensor::{Device, Tensor, TensorData};
use scene::Aabb;

/// Octaves of the Fourier features of a box.
pub(crate) const OCTAVES: usize = 6;
/// u, and a sine and a cosine of it per octave, for the six numbers of a box.
pub(crate) const FOURIER: usize = 6 * (1 + 2 * OCTAVES);
/// Per head: a weight for each of the five relations, and a bias.
pub(crate) const GATE: usize = 6;
pub(crate) const ISR_LAYERS: usize = 2;
const LEAST_GATE: f32 = 1e-6;

/// `encode.mcmf`: what the views saw is injected into the 3D feature.
pub(crate) struct Mcmf {
    in3d: Linear,
    in2d: Linear,
    cls: Tensor<1>,
    view_pos: Tensor<2>,
    view_norm: LayerNorm,
    view_attn: Attention,
    obj_norm: LayerNorm,
    obj_attn: Attention,
    query: Linear,
    key: FeedForward,
    value: FeedForward,
    cross_out: Linear,
    out: Linear,
    coarse: FeedForward,
}

impl Mcmf {
    pub(crate) fn load(at: &Weights, d_e: usize, d: usize, views: usize) -> Result<Self, Error> {
        Ok(Self {
            in3d: Linear::load(&at.at("in3d"), d_e, d)?,
            in2d: Linear::load(&at.at("in2d"), d_e, d)?,
            cls: at.at("cls").tensor([d])?,
            view_pos: at.at("view_pos").tensor([views + 1, d])?,
            view_norm: LayerNorm::load(&at.at("view_norm"), d)?,
            view_attn: Attention::load(&at.at("view_attn"), d)?,
            obj_norm: LayerNorm::load(&at.at("obj_norm"), d)?,
            obj_attn: Attention::load(&at.at("obj_attn"), d)?,
            query: Linear::load_without_bias(&at.at("query"), d, d)?,
            key: FeedForward::load(&at.at("key"), d, d, d)?,
            value: FeedForward::load(&at.at("value"), d, d, d)?,
            cross_out: Linear::load(&at.at("cross_out"), d, d)?,
            out: Linear::load(&at.at("out"), d, d)?,
            coarse: FeedForward::load(&at.at("coarse"), d_e, d, d)?,
        })
    }

    /// What each instance asks of its views, knowing of the other instances: o3d (n, d_e) of all
    /// → q (n, d)
    pub(crate) fn ask(&self, o3d: Tensor<2>) -> Tensor<2> {
        // X' = X + obj_attn(obj_norm(X)), X = in3d(O3D): self-attention over the instances
        let x = self.in3d.forward(o3d); // (n, d)
        let x = x.clone() + self.obj_attn.forward(self.obj_norm.forward(x), 1, None);
        self.query.forward(x)
    }

    /// What its views answer, for some of the instances: q (n, d) of [`Mcmf::ask`], o3d (n, d_e),
    /// o2d (n, v, d_e), unseen (n, 1, 1, 1+v) added to the scores of the views → coarse and fused
    /// rows, each (n, d), and how each object weighed `[cls]` and its views (n, 1+v), mean over heads
    pub(crate) fn fuse(
        &self,
        q: Tensor<2>,
        o3d: Tensor<2>,
        o2d: Tensor<3>,
        unseen: Tensor<4>,
    ) -> (Tensor<2>, Tensor<2>, Tensor<2>) {
        let [n, v, d_e] = o2d.dims();
        let d = self.cls.dims()[0];

        // C2D = [cls + view_pos[0]; in2d(O2D) + view_pos[1..]]                      (n, 1+v, d)
        let views = self.in2d.forward(o2d.reshape([n * v, d_e])).reshape([n, v, d]);
        let cls = self.cls.clone().reshape([1, 1, d]).expand([n, 1, d]);
        let c2d = Tensor::cat(vec![cls, views], 1) + self.view_pos.clone().reshape([1, 1 + v, d]);

        // O2D' = C2D + view_attn(view_norm(C2D)): self-attention within each instance
        let c2d = c2d.reshape([n * (1 + v), d]);
        let normed = self.view_norm.forward(c2d.clone());
        let o2d = c2d + self.view_attn.forward(normed, n, Some(unseen.clone()));

        // f = out(cross_out(softmax(q kᵀ/√64) v) + q)
        let k = self.key.forward(o2d.clone()); // (n·(1+v), d)
        let v = self.value.forward(o2d);
        let weights = weigh(split(q.clone(), n), split(k, n), Some(unseen)); // (n, h, 1, 1+v)
        let heads = mix(weights.clone(), split(v, n)); // (n, d)
        let fused = self.out.forward(self.cross_out.forward(heads) + q);

        (self.coarse.forward(o3d), fused, mean_of_heads(weights))
    }
}

/// `encode.isr`: where each object stands among the others, the paper's `cond` form.
pub(crate) struct Isr {
    pos: FeedForward,
    input: Linear,
    layers: Vec<IsrLayer>,
    norm: LayerNorm,
    out: Linear,
}

struct IsrLayer {
    norm1: LayerNorm,
    gate: Linear,
    qkv: Linear,
    out: Linear,
    norm2: LayerNorm,
    ff: FeedForward,
}

impl Isr {
    pub(crate) fn load(at: &Weights, d_e: usize, d: usize) -> Result<Self, Error> {
        let layer = |l| IsrLayer::load(&at.at(&format!("layers.{l}")), d);
        Ok(Self {
            pos: FeedForward::load(&at.at("pos"), FOURIER, d, d)?,
            input: Linear::load(&at.at("in"), 2 * d_e, d)?,
            layers: (0..ISR_LAYERS).map(layer).collect::<Result<_, _>>()?,
            norm: LayerNorm::load(&at.at("norm"), d)?,
            out: Linear::load(&at.at("out"), d, d)?,
        })
    }

    /// seen = [O3D; mean of valid O2D] (n, 2·d_e), boxes (n, 78) of [`fourier`], s (n, n, 5) of
    /// `scene::pairwise_relations` → relation rows (n, d), and how the last layer weighed pairs
    pub(crate) fn forward(
        &self,
        seen: Tensor<2>,
        boxes: Tensor<2>,
        s: Tensor<3>,
    ) -> (Tensor<2>, Weighed) {
        // x_i = in(O3D_i; mean O2D_i) + P_i
        let mut x = self.input.forward(seen) + self.pos.forward(boxes); // (n, d)
        let n = x.dims()[0];
        let s = s.swap_dims(1, 2); // (n, 5, n)
        let nothing = Tensor::zeros([n, n], &x.device());
        let mut weighed = Weighed { gate: nothing.clone(), attention: nothing };
        for layer in &self.layers {
            (x, weighed) = layer.forward(x, s.clone());
        }
        (self.out.forward(self.norm.forward(x)), weighed)
    }
}

/// What 3D-ISR makes of every ordered pair of objects, mean over heads, each (n, n).
pub(crate) struct Weighed {
    /// `w_ij`: how far the relation of i and j lets i look at j, 0..1.
    pub(crate) gate: Tensor<2>,
    /// `A_ij`: how much i looked at j; each row sums to 1.
    pub(crate) attention: Tensor<2>,
}

impl IsrLayer {
    fn load(at: &Weights, d: usize) -> Result<Self, Error> {
        Ok(Self {
            norm1: LayerNorm::load(&at.at("norm1"), d)?,
            gate: Linear::load(&at.at("gate"), d, HEADS * GATE)?,
            qkv: Linear::load(&at.at("qkv"), d, 3 * d)?,
            out: Linear::load(&at.at("out"), d, d)?,
            norm2: LayerNorm::load(&at.at("norm2"), d)?,
            ff: FeedForward::load(&at.at("ff"), d, 2 * d, d)?,
        })
    }

    /// x (n, d), s (n, 5, n) → (n, d)
    fn forward(&self, x: Tensor<2>, s: Tensor<3>) -> (Tensor<2>, Weighed) {
        let [n, d] = x.dims();
        let y = self.norm1.forward(x.clone());

        // w_ij = sigmoid(l_i[:5]·s_ij + l_i[5]), l_i = gate(y_i), one per head
        let l = self.gate.forward(y.clone()).reshape([n, HEADS, GATE]);
        let weights = l.clone().narrow(2, 0, GATE - 1); // (n, h, 5)
        let bias = l.narrow(2, GATE - 1, 1); // (n, h, 1)
        let w = sigmoid(weights.matmul(s) + bias); // (n, h, n)
        let gate = w.clone().mean_dim(1).reshape([n, n]);
        let log_w = w.clamp_min(LEAST_GATE).log().swap_dims(0, 1).reshape([1, HEADS, n, n]);

        // A_ij = softmax_j(q_i·k_j/√64 + log w_ij)
        let qkv = self.qkv.forward(y); // (n, 3·d)
        let part = |i: usize| split(qkv.clone().narrow(1, i * d, d), 1);
        let weights = weigh(part(0), part(1), Some(log_w)); // (1, h, n, n)
        let heads = mix(weights.clone(), part(2)); // (n, d)
        let x = x + self.out.forward(heads);
        let x = x.clone() + self.ff.forward(self.norm2.forward(x));
        (x, Weighed { gate, attention: mean_of_heads(weights) })
    }
}

/// `[u, sin(2^k π u), cos(2^k π u)]`, k = 0..5, of centre (0..1 of the padded scene box) and size
/// (metres) of each box: (n, 78) row-major.
pub(crate) fn fourier(boxes: &[Aabb], padded: &Aabb) -> Vec<f32> {
    let mut features = Vec::with_capacity(boxes.len() * FOURIER);
    for bounds in boxes {
        let centre = (bounds.centre() - padded.min) / padded.size();
        let u = [centre.to_array(), bounds.size().to_array()].concat();
        features.extend(&u);
        for octave in 0..OCTAVES {
            let frequency = std::f32::consts::PI * 2f32.powi(octave as i32);
            features.extend(u.iter().map(|u| (frequency * u).sin()));
            features.extend(u.iter().map(|u| (frequency * u).cos()));
        }
    }
    features
}

/// 0 for [cls] and the valid views, very little for the others: (n, 1, 1, 1+v).
pub(crate) fn unseen(view_valid: &[u8], n: usize, device: &Device) -> Tensor<4> {
    let views = view_valid.len() / n.max(1);
    let bias: Vec<f32> = view_valid
        .chunks(views.max(1))
        .flat_map(|valid| {
            let views = valid.iter().map(|&v| if v == 0 { UNSEEN } else { 0.0 });
            std::iter::once(0.0).chain(views)
        })
        .collect();
    Tensor::from_data(TensorData::new(bias, [n, 1, 1, 1 + views]), device)
}
