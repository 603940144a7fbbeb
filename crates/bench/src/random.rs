use crate::Result;
use lm::{LmConfig, TextWeights};

/// Models whose weights are made up: they say nothing, as fast as real ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// The dimensions of SmolLM2-135M.
    Small,
    /// The dimensions of TinyLlama-1.1B.
    Large,
}

impl Preset {
    /// By its name: `135M` or `1B`.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "135M" => Some(Self::Small),
            "1B" => Some(Self::Large),
            _ => None,
        }
    }

    fn config(self, context: usize) -> LmConfig {
        let small = LmConfig {
            layers: 30,
            width: 576,
            heads: 9,
            kv_heads: 3,
            head_dim: 64,
            ff: 1536,
            vocab: 49152,
            rope_base: 1e4,
            norm_eps: 1e-5,
            context,
        };
        match self {
            Self::Small => small,
            Self::Large => LmConfig {
                layers: 22,
                width: 2048,
                heads: 32,
                kv_heads: 4,
                ff: 5632,
                vocab: 32000,
                ..small
            },
        }
    }
}

/// 4-bit weights of these dimensions, the vocabulary in 8, and room for so many positions.
///
/// # Errors
/// Where there is no room.
pub fn random_weights(preset: Preset, context: usize) -> Result<TextWeights> {
    Ok(TextWeights::random(preset.config(context), 1)?)
}
