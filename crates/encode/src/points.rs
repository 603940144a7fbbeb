use crate::Error;
use crate::layers::{Block, FeedForward, LayerNorm};
use crate::weights::Weights;
use burn::tensor::Tensor;
use views::{CENTRE_FEATURES, EXTENT_FEATURES, PATCH_POINTS, PATCHES, POINT_FEATURES};

const BLOCKS: usize = 3;
const PATCH_HIDDEN: usize = 64;

/// `encode.points`: Uni3D's shape, small: point patches become tokens of a transformer.
pub(crate) struct PointEncoder {
    patch: FeedForward,
    pos: FeedForward,
    extent: FeedForward,
    blocks: Vec<Block>,
    norm: LayerNorm,
}

impl PointEncoder {
    pub(crate) fn load(at: &Weights, width: usize) -> Result<Self, Error> {
        let block = |i| Block::load(&at.at(&format!("blocks.{i}")), width);
        Ok(Self {
            patch: FeedForward::load(&at.at("patch"), POINT_FEATURES, PATCH_HIDDEN, width)?,
            pos: FeedForward::load(&at.at("pos"), CENTRE_FEATURES, PATCH_HIDDEN, width)?,
            extent: FeedForward::load(&at.at("extent"), EXTENT_FEATURES, width, width)?,
            blocks: (0..BLOCKS).map(block).collect::<Result<_, _>>()?,
            norm: LayerNorm::load(&at.at("norm"), width)?,
        })
    }

    /// patches (b·32·16, 6), centres (b·32, 4) → a token for each patch (b·32, 128)
    pub(crate) fn tokens(&self, patches: Tensor<2>, centres: Tensor<2>) -> Tensor<2> {
        let rows = centres.dims()[0];
        let points = self.patch.forward(patches); // (b·32·16, 128)
        let width = points.dims()[1];
        let patches = points.reshape([rows, PATCH_POINTS, width]).max_dim(1);
        patches.reshape([rows, width]) + self.pos.forward(centres)
    }

    /// tokens (b·32, 128) of [`PointEncoder::tokens`], extent (b, 8) → O3D (b, 128)
    pub(crate) fn forward(&self, tokens: Tensor<2>, extent: Tensor<2>) -> Tensor<2> {
        let (b, width) = (extent.dims()[0], tokens.dims()[1]);
        let first = self.extent.forward(extent).reshape([b, 1, width]);
        let x = Tensor::cat(vec![first, tokens.reshape([b, PATCHES, width])], 1); // (b, 33, 128)
        let x = x.reshape([b * (PATCHES + 1), width]);
        let x = self.blocks.iter().fold(x, |x, block| block.forward(x, b));
        let x = x.reshape([b, PATCHES + 1, width]).narrow(1, 0, 1).reshape([b, width]);
        self.norm.forward(x)
    }
}
