//! 3D-LLM (Hong et al. 2023): features of views lifted to points, and a Q-Former over them.
//! `p` points, 32 queries, `d_e` = 128, `d` = 256.

use crate::Error;
use crate::begin::Begin;
use crate::code::{CODE, Codes};
use crate::layers::{Attention, CrossAttention, FeedForward, LayerNorm, Linear};
use crate::weights::Weights;
use burn::tensor::{Tensor, TensorData};
use scene::Locations;
use views::{PATCHES, SHELL_FEATURES, VIEWS};

/// Query rows of a prefix.
pub(crate) const QUERIES: usize = 32;
pub(crate) const BLOCKS: usize = 2;
const RGB: usize = 3;

/// How features of views come to points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Construction {
    /// Direct reconstruction: the mean of the views that see a point.
    #[default]
    Direct,
    /// Point-based fusion (gradSLAM, ConceptFusion): weighted by how far each view can be trusted
    /// there.
    Fusion,
    /// A neural field, fitted on the spot to what the views saw.
    Field,
}

impl Construction {
    /// All of them, the default first.
    pub const ALL: [Self; 3] = [Self::Direct, Self::Fusion, Self::Field];

    /// `direct`, `fusion` or `field`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Fusion => "fusion",
            Self::Field => "field",
        }
    }

    /// The construction of this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.key() == key)
    }
}

/// Features at the patch centres of one instance: o2d (v, d_e), view_valid (v), trust (32, v) →
/// (32, d_e); zero where no view sees a centre.
pub(crate) fn lifted(
    o2d: &[f32],
    view_valid: &[u8],
    trust: &[u8],
    construction: Construction,
) -> Vec<f32> {
    let width = o2d.len() / VIEWS;
    let mut out = vec![0.0; PATCHES * width];
    for (point, trust) in out.chunks_exact_mut(width).zip(trust.chunks_exact(VIEWS)) {
        let weights = trust.iter().zip(view_valid).map(|(&trust, &valid)| match construction {
            _ if valid == 0 || trust == 0 => 0.0,
            Construction::Direct | Construction::Field => 1.0,
            Construction::Fusion => f32::from(trust) / 255.0,
        });
        let sum = weights.clone().sum::<f32>().max(1e-6);
        for (weight, view) in weights.zip(o2d.chunks_exact(width)).filter(|(w, _)| *w > 0.0) {
            point.iter_mut().zip(view).for_each(|(to, from)| *to += weight / sum * from);
        }
    }
    out
}

/// Some points with what is known at each.
pub(crate) enum Points<'a> {
    /// Features of views (p, d_e).
    Lifted(&'a [f32]),
    /// Of the shell (p, 6): only their colours count here.
    Shell(&'a [[f32; SHELL_FEATURES]]),
}

/// `encode.llm3d`: 32 query rows.
///
/// Each query begins as the mean of a group of points ([`Begin`]) and knows how far they spread: learned
/// queries alone did not find out in our training what stands where, and crops do not tell sizes.
pub(crate) struct QFormer {
    query: Tensor<2>,
    feature: Linear,
    shell: Linear,
    code_weight: f32,
    spread: Linear,
    codes: Codes,
    point_norm: LayerNorm,
    blocks: Vec<Block>,
    norm: LayerNorm,
    out: Linear,
}

struct Block {
    norm1: LayerNorm,
    attn: Attention,
    norm2: LayerNorm,
    cross: CrossAttention,
    norm3: LayerNorm,
    ff: FeedForward,
}

impl QFormer {
    pub(crate) fn load(at: &Weights, d_e: usize, d: usize) -> Result<Self, Error> {
        let block = |i| Block::load(&at.at(&format!("blocks.{i}")), d);
        Ok(Self {
            query: at.at("query").tensor([QUERIES, d])?,
            feature: Linear::load(&at.at("feature"), d_e, d)?,
            shell: Linear::load(&at.at("shell"), RGB, d)?,
            code_weight: at.at("code_weight").numbers([1])?.first().copied().unwrap_or_default(),
            spread: Linear::load_without_bias(&at.at("spread"), 3 * CODE, d)?,
            codes: Codes::new(),
            point_norm: LayerNorm::load(&at.at("point_norm"), d)?,
            blocks: (0..BLOCKS).map(block).collect::<Result<_, _>>()?,
            norm: LayerNorm::load(&at.at("norm"), d)?,
            out: Linear::load(&at.at("out"), d, d)?,
        })
    }

    /// Keys and values of some points for both blocks: positions (p, 3) metres → (p, 2·2·d)
    pub(crate) fn keys(
        &self,
        points: &Points<'_>,
        positions: &[[f32; 3]],
        locations: &Locations,
    ) -> Tensor<2> {
        let x = self.point_norm.forward(self.embed(points, positions, locations));
        Tensor::cat(self.blocks.iter().map(|block| block.cross.keys(x.clone())).collect(), 1)
    }

    /// What is known at some points and where they are, as one: positions (p, 3) metres → (p, d)
    fn embed(
        &self,
        points: &Points<'_>,
        positions: &[[f32; 3]],
        locations: &Locations,
    ) -> Tensor<2> {
        let device = self.query.device();
        let (d, p) = (self.query.dims()[1], positions.len());
        let rows = |numbers: Vec<f32>| {
            let width = numbers.len() / p.max(1);
            Tensor::<2>::from_data(TensorData::new(numbers, [p, width]), &device)
        };
        let known = match points {
            Points::Lifted(features) => self.feature.forward(rows(features.to_vec())),
            Points::Shell(shell) => {
                let colours = shell.iter().flat_map(|point| &point[3..]).copied().collect();
                self.shell.forward(rows(colours))
            }
        };
        let mut codes = Vec::with_capacity(p * d);
        for (i, position) in positions.iter().enumerate() {
            self.codes.extend(&mut codes, &locations.of_point((*position).into()));
            codes.resize((i + 1) * d, 0.0);
        }
        debug_assert!(3 * CODE <= d);
        known + rows(codes) * self.code_weight
    }

    /// keys (p, 2·2·d) of [`QFormer::keys`], at least one; 32 of [`Begin::of_points`] → query rows
    /// (32, d)
    pub(crate) fn forward(
        &self,
        keys: Tensor<2>,
        begins: &[Begin],
        locations: &Locations,
    ) -> Tensor<2> {
        let d = self.query.dims()[1];
        let lifted: Vec<f32> = begins.iter().flat_map(|begin| &begin.lifted).copied().collect();
        let middles: Vec<[f32; 3]> = begins.iter().map(|begin| begin.middle).collect();
        let full = begins.iter().map(|begin| if begin.points > 0 { 1.0 } else { 0.0 });
        let full = TensorData::new(full.collect::<Vec<f32>>(), [begins.len(), 1]);
        let full = Tensor::<2>::from_data(full, &keys.device());
        let mut spreads = Vec::with_capacity(begins.len() * 3 * CODE);
        for begin in begins {
            self.codes.extend(&mut spreads, &locations.of_size(begin.spread.into()));
        }
        let spreads = TensorData::new(spreads, [begins.len(), 3 * CODE]);
        let spread = self.spread.forward(Tensor::from_data(spreads, &keys.device()));
        let begun = self.embed(&Points::Lifted(&lifted), &middles, locations) + spread;
        let mut x = self.query.clone() + begun * full;
        for (i, block) in self.blocks.iter().enumerate() {
            x = block.forward(x, keys.clone().narrow(1, i * 2 * d, 2 * d));
        }
        self.out.forward(self.norm.forward(x))
    }
}

impl Block {
    fn load(at: &Weights, d: usize) -> Result<Self, Error> {
        Ok(Self {
            norm1: LayerNorm::load(&at.at("norm1"), d)?,
            attn: Attention::load(&at.at("attn"), d)?,
            norm2: LayerNorm::load(&at.at("norm2"), d)?,
            cross: CrossAttention::load(at, d)?,
            norm3: LayerNorm::load(&at.at("norm3"), d)?,
            ff: FeedForward::load(&at.at("ff"), d, 2 * d, d)?,
        })
    }

    /// x (32, d) looks at itself, then at the points → (32, d)
    fn forward(&self, x: Tensor<2>, keys: Tensor<2>) -> Tensor<2> {
        let x = x.clone() + self.attn.forward(self.norm1.forward(x), 1, None);
        let x = x.clone() + self.cross.forward(self.norm2.forward(x), keys);
        x.clone() + self.ff.forward(self.norm3.forward(x))
    }
}
