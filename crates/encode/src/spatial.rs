//! Spatial 3D-LLM's progressive spatial awareness (Wang et al. 2025), reconstructed from its
//! summaries: clusters within a referent, messages between referents, referents among the scene.
//! `n` referents, which are the instances; width 128 throughout.

use crate::Error;
use crate::code::{CODE, Codes};
use crate::layers::{Attention, CrossAttention, FeedForward, LayerNorm, Linear};
use crate::weights::Weights;
use burn::tensor::activation::{relu, softmax};
use burn::tensor::{Device, Int, Tensor, TensorData};
use scene::{Aabb, Locations};
use views::{CENTRE_FEATURES, PATCHES};

/// Clusters of one referent.
pub(crate) const CLUSTERS: usize = 8;
pub(crate) const NEIGHBOURS: usize = 8;
/// Offset, distance, logarithm of the sizes' ratio.
const EDGE: usize = 5;
const EDGE_HIDDEN: usize = 32;
const ROUNDS: usize = 2;
/// The least edge of a box that its size is reckoned with, metres.
const LEAST_EDGE_M: f32 = 0.01;

/// `encode.spatial`: a row for each referent.
pub(crate) struct Spatial {
    intra: Abstraction,
    /// What the point encoder made of the whole referent, beside what its clusters come to.
    whole: Linear,
    inter: Vec<Messages>,
    context: Context,
    norm: LayerNorm,
    out: Linear,
}

impl Spatial {
    pub(crate) fn load(at: &Weights, width: usize, d: usize) -> Result<Self, Error> {
        let messages = |i| Messages::load(&at.at(&format!("inter.{i}")), width);
        Ok(Self {
            intra: Abstraction::load(&at.at("intra"), width)?,
            whole: Linear::load(&at.at("whole"), width, width)?,
            inter: (0..ROUNDS).map(messages).collect::<Result<_, _>>()?,
            context: Context::load(&at.at("context"), width)?,
            norm: LayerNorm::load(&at.at("norm"), width)?,
            out: Linear::load(&at.at("out"), width, d)?,
        })
    }

    /// The first stage, of some referents: tokens (n·32, w), o3d (n, w), centres (n·32, 4) →
    /// clusters (n·8, w) and referents (n, w).
    pub(crate) fn gather(
        &self,
        tokens: Tensor<2>,
        o3d: Tensor<2>,
        centres: &[f32],
    ) -> (Tensor<2>, Tensor<2>) {
        let (clusters, referents) = self.intra.forward(tokens, centres);
        (clusters, referents + self.whole.forward(o3d))
    }

    /// The other two: clusters (n·8, w) and referents (n, w) of all, boxes (n), where each cluster
    /// is (n·8), metres → (n, d)
    pub(crate) fn forward(
        &self,
        clusters: Tensor<2>,
        referents: Tensor<2>,
        boxes: &[Aabb],
        places: &[[f32; 3]],
        locations: &Locations,
    ) -> Tensor<2> {
        let graph = Graph::of(boxes);
        let x = self.inter.iter().fold(referents, |x, layer| layer.forward(x, &graph));
        let middles: Vec<[f32; 3]> = boxes.iter().map(|b| b.centre().to_array()).collect();
        let x = self.context.forward(x, &middles, clusters, places, locations);
        self.out.forward(self.norm.forward(x))
    }
}

/// Intra-referent: points gather round eight centres, which gather into their referent.
struct Abstraction {
    local: FeedForward,
    norm: LayerNorm,
    ff: FeedForward,
    gather: Linear,
}

impl Abstraction {
    fn load(at: &Weights, width: usize) -> Result<Self, Error> {
        Ok(Self {
            local: FeedForward::load(&at.at("local"), width + 3, width, width)?,
            norm: LayerNorm::load(&at.at("norm"), width)?,
            ff: FeedForward::load(&at.at("ff"), width, 2 * width, width)?,
            gather: Linear::load(&at.at("gather"), 2 * width, width)?,
        })
    }

    fn forward(&self, tokens: Tensor<2>, centres: &[f32]) -> (Tensor<2>, Tensor<2>) {
        let device = tokens.device();
        let width = tokens.dims()[1];
        let n = centres.len() / (PATCHES * CENTRE_FEATURES);
        let mut offsets = Vec::with_capacity(n * PATCHES * 3);
        // 0 where a point is of the cluster, very little elsewhere: (n, 8, 32)
        let mut outside = vec![FAR; n * CLUSTERS * PATCHES];
        for (i, of_one) in centres.chunks_exact(PATCHES * CENTRE_FEATURES).enumerate() {
            let at: Vec<[f32; 3]> =
                of_one.chunks_exact(CENTRE_FEATURES).map(|c| [c[0], c[1], c[2]]).collect();
            for (point, place) in at.iter().enumerate() {
                let cluster = nearest(place, &at[..CLUSTERS]);
                outside[(i * CLUSTERS + cluster) * PATCHES + point] = 0.0;
                offsets.extend((0..3).map(|axis| place[axis] - at[cluster][axis]));
            }
        }
        // A cluster whose centre coincides with an earlier one is left without points, and is zero.
        let full = |row: &[f32]| if row.contains(&0.0) { 1.0 } else { 0.0 };
        let full: Vec<f32> = outside.chunks_exact(PATCHES).map(full).collect();
        let full = matrix(full, 1, &device); // (n·8, 1)
        let outside = TensorData::new(outside, [n, CLUSTERS, PATCHES, 1]);
        let outside = Tensor::<4>::from_data(outside, &device);

        let local = self.local.forward(Tensor::cat(vec![tokens, matrix(offsets, 3, &device)], 1));
        let local = local.reshape([n, 1, PATCHES, width]) + outside; // (n, 8, 32, w)
        let clusters = local.max_dim(2).reshape([n * CLUSTERS, width]).clamp_min(FAR / 2.0) * full;
        let clusters = clusters.clone() + self.ff.forward(self.norm.forward(clusters));
        let of_one = clusters.clone().reshape([n, CLUSTERS, width]);
        let (most, mean) = (of_one.clone().max_dim(1), of_one.mean_dim(1));
        let both = Tensor::cat(vec![most, mean], 2).reshape([n, 2 * width]);
        (clusters, self.gather.forward(both))
    }
}

/// Below any feature.
const FAR: f32 = -1e9;

/// The first of the nearest.
fn nearest(place: &[f32; 3], centres: &[[f32; 3]]) -> usize {
    let away = |centre: &[f32; 3]| (0..3).map(|a| (place[a] - centre[a]).powi(2)).sum::<f32>();
    let all = 0..centres.len();
    all.reduce(|a, b| if away(&centres[b]) < away(&centres[a]) { b } else { a }).unwrap_or(0)
}

/// Each referent's nearest others, by the middles of their boxes; the same number for all.
struct Graph {
    each: usize,
    /// (n·k)
    index: Vec<usize>,
    /// (n·k, 5): offset, distance, logarithm of the sizes' ratio
    edges: Vec<f32>,
}

impl Graph {
    fn of(boxes: &[Aabb]) -> Self {
        let each = NEIGHBOURS.min(boxes.len().saturating_sub(1));
        let size = |b: &Aabb| {
            let edges = b.size().max(glam::Vec3::splat(LEAST_EDGE_M));
            edges.to_array().map(f32::ln).iter().sum::<f32>() / 3.0
        };
        let (mut index, mut edges) = (Vec::new(), Vec::new());
        for (i, own) in boxes.iter().enumerate() {
            let away = |j: &usize| own.centre().distance(boxes[*j].centre());
            let mut others: Vec<usize> = (0..boxes.len()).filter(|&j| j != i).collect();
            // Stable: by distance, then by index.
            others.sort_by(|a, b| away(a).total_cmp(&away(b)));
            for j in others.into_iter().take(each) {
                index.push(j);
                edges.extend((boxes[j].centre() - own.centre()).to_array());
                edges.extend([away(&j), size(&boxes[j]) - size(own)]);
            }
        }
        Self { each, index, edges }
    }
}

/// Inter-referent: a graph convolution whose edges tell relative positions.
struct Messages {
    norm: LayerNorm,
    weight: FeedForward,
    send: Linear,
    receive: Linear,
}

impl Messages {
    fn load(at: &Weights, width: usize) -> Result<Self, Error> {
        Ok(Self {
            norm: LayerNorm::load(&at.at("norm"), width)?,
            weight: FeedForward::load(&at.at("weight"), EDGE, EDGE_HIDDEN, 1)?,
            send: Linear::load(&at.at("send"), width + EDGE, width)?,
            receive: Linear::load(&at.at("receive"), width, width)?,
        })
    }

    /// x (n, w) → (n, w)
    fn forward(&self, x: Tensor<2>, graph: &Graph) -> Tensor<2> {
        let [n, width] = x.dims();
        let device = x.device();
        let k = graph.each;
        if k == 0 {
            return x.clone() + self.receive.forward(x.zeros_like());
        }
        let index: Vec<i32> = graph.index.iter().map(|&j| j as i32).collect();
        let index = Tensor::<1, Int>::from_data(TensorData::new(index, [n * k]), &device);
        let others = self.norm.forward(x.clone()).select(0, index); // (n·k, w)
        let edges = matrix(graph.edges.clone(), EDGE, &device);
        // a = softmax over the neighbours; Σ a_kj relu(send([r_j; e_kj]))
        let share = softmax(self.weight.forward(edges.clone()).reshape([n, k]), 1);
        let sent = relu(self.send.forward(Tensor::cat(vec![others, edges], 1)));
        let sent = sent.reshape([n, k, width]) * share.reshape([n, k, 1]);
        x + self.receive.forward(sent.sum_dim(1).reshape([n, width]))
    }
}

/// Referent–scene: every referent looks at the clusters of the whole scene, then at the others.
struct Context {
    place: Linear,
    codes: Codes,
    norm1: LayerNorm,
    scene_norm: LayerNorm,
    cross: CrossAttention,
    norm2: LayerNorm,
    attn: Attention,
    norm3: LayerNorm,
    ff: FeedForward,
}

impl Context {
    fn load(at: &Weights, width: usize) -> Result<Self, Error> {
        Ok(Self {
            place: Linear::load(&at.at("place"), 3 * CODE, width)?,
            codes: Codes::new(),
            norm1: LayerNorm::load(&at.at("norm1"), width)?,
            scene_norm: LayerNorm::load(&at.at("scene_norm"), width)?,
            cross: CrossAttention::load(at, width)?,
            norm2: LayerNorm::load(&at.at("norm2"), width)?,
            attn: Attention::load(&at.at("attn"), width)?,
            norm3: LayerNorm::load(&at.at("norm3"), width)?,
            ff: FeedForward::load(&at.at("ff"), width, 2 * width, width)?,
        })
    }

    /// x (n, w) and scene (8n, w), each with its places in metres → (n, w)
    fn forward(
        &self,
        x: Tensor<2>,
        middles: &[[f32; 3]],
        scene: Tensor<2>,
        places: &[[f32; 3]],
        locations: &Locations,
    ) -> Tensor<2> {
        let device = x.device();
        let placed = |places: &[[f32; 3]]| {
            let mut codes = Vec::with_capacity(places.len() * 3 * CODE);
            for place in places {
                self.codes.extend(&mut codes, &locations.of_point((*place).into()));
            }
            self.place.forward(matrix(codes, 3 * CODE, &device))
        };
        let x = x + placed(middles);
        let scene = self.scene_norm.forward(scene + placed(places));
        let keys = self.cross.keys(scene);
        let x = x.clone() + self.cross.forward(self.norm1.forward(x), keys);
        let x = x.clone() + self.attn.forward(self.norm2.forward(x), 1, None);
        x.clone() + self.ff.forward(self.norm3.forward(x))
    }
}

fn matrix(numbers: Vec<f32>, width: usize, device: &Device) -> Tensor<2> {
    let rows = numbers.len() / width;
    Tensor::from_data(TensorData::new(numbers, [rows, width]), device)
}
