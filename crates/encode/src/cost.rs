use crate::Config;
use crate::code::CODE;
use crate::inst3d::{FOURIER, GATE, ISR_LAYERS};
use crate::layers::HEADS;
use crate::llm3d::{BLOCKS, QUERIES};
use crate::spatial::{CLUSTERS, NEIGHBOURS};
use crate::view::{CONVOLUTIONS, KERNEL};
use views::{CENTRE_FEATURES, CROP_PX, EXTENT_FEATURES, POINT_FEATURES};

/// Floating-point operations of encoding one instance (a multiplication with its addition is two),
/// counted from the shapes; norms and activations, which are small, are not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// The point-patch encoder.
    pub points: u64,
    /// The view encoder on all crops of all views.
    pub views: u64,
    /// MCMF.
    pub mcmf: u64,
    /// 3D-ISR.
    pub isr: u64,
    /// Spatial 3D-LLM's stages.
    pub spatial: u64,
    /// The Q-Former on its points, and its share of what does not depend on them.
    pub llm3d: u64,
}

impl Cost {
    /// All of it.
    pub fn total(&self) -> u64 {
        self.points + self.views + self.mcmf + self.isr + self.spatial + self.llm3d
    }
}

/// What one of `instances` costs.
pub fn cost(config: &Config, instances: usize) -> Cost {
    let (d_e, d, v, n) = (config.width, config.row_width, config.views, instances);
    let linear = |rows: usize, width_in: usize, out: usize| 2 * (rows * width_in * out) as u64;
    // Scores and sums of `queries` over `keys`.
    let attend = |queries: usize, keys: usize, width: usize| 4 * (queries * keys * width) as u64;

    let (patches, tokens) = (config.patches, config.patches + 1);
    let sampled = patches * config.patch_points;
    let block = linear(tokens, d_e, 3 * d_e)
        + attend(tokens, tokens, d_e)
        + linear(tokens, d_e, d_e)
        + 2 * linear(tokens, d_e, 2 * d_e);
    let points = linear(sampled, POINT_FEATURES, 64)
        + linear(sampled, 64, d_e)
        + linear(patches, CENTRE_FEATURES, 64)
        + linear(patches, 64, d_e)
        + linear(1, EXTENT_FEATURES, d_e)
        + linear(1, d_e, d_e)
        + 3 * block;

    let mut edge = CROP_PX;
    let mut crop = 0;
    let mut channels = 0;
    for (channels_in, channels_out, stride) in CONVOLUTIONS {
        edge /= stride;
        channels = channels_out;
        crop += linear(edge * edge, channels_in * KERNEL * KERNEL, channels_out);
    }
    let views = (v * config.crops) as u64 * (crop + linear(1, channels, d_e));

    let mcmf = linear(1 + v, d_e, d)
        + linear(1 + v, d, 4 * d)
        + attend(1 + v, 1 + v, d)
        + linear(1, d, 4 * d)
        + attend(1, n, d)
        + linear(1, d, d)
        + 2 * 2 * linear(1 + v, d, d)
        + attend(1, 1 + v, d)
        + 2 * linear(1, d, d)
        + linear(1, d_e, d)
        + linear(1, d, d);

    let layer = linear(1, d, HEADS * GATE)
        + linear(n, GATE - 1, HEADS)
        + linear(1, d, 4 * d)
        + attend(1, n, d)
        + 2 * linear(1, d, 2 * d);
    let isr = linear(1, FOURIER, d)
        + 2 * linear(1, d, d)
        + linear(1, 2 * d_e, d)
        + ISR_LAYERS as u64 * layer;

    let spatial = linear(patches, d_e + 3, d_e)
        + linear(patches, d_e, d_e)
        + 2 * linear(CLUSTERS, d_e, 2 * d_e)
        + linear(1, 3 * d_e, d_e)
        + 2 * (linear(NEIGHBOURS, d_e + 5, d_e) + linear(1, d_e, d_e))
        + linear(1 + CLUSTERS, 3 * CODE, d_e)
        + linear(CLUSTERS, d_e, 2 * d_e)
        + attend(1, CLUSTERS * n, d_e)
        + attend(1, n, d_e)
        + linear(1, d_e, 6 * d_e)
        + 2 * linear(1, d_e, 2 * d_e)
        + linear(1, d_e, d)
        + linear(1, 6 * CODE, d);

    let of_points = linear(patches, d_e, d)
        + BLOCKS as u64 * (linear(patches, d, 2 * d) + attend(QUERIES, patches, d));
    let of_queries = linear(QUERIES, d_e + d, d)
        + BLOCKS as u64 * (linear(QUERIES, d, 6 * d) + attend(QUERIES, QUERIES, d))
        + BLOCKS as u64 * 2 * linear(QUERIES, d, 2 * d);
    let llm3d = of_points + of_queries / n.max(1) as u64;

    Cost { points, views, mcmf, isr, spatial, llm3d }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn size_s_stays_within_its_budget() {
        let config = Config::small(vec!["chair".into()], vec!["red".into()]);
        let cost = cost(&config, 40);
        // The convolutions by hand: 16²·24·4·9 + 8²·48·24·9 + 4²·96·48·9 + 4²·96·96·9 products.
        let crop = 2 * (221_184 + 663_552 + 663_552 + 1_327_104 + 96 * 128);
        assert_eq!(cost.views, 15 * crop);
        assert!(cost.total() < 300_000_000, "{cost:?}");
    }
}
