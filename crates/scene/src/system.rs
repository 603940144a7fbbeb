use serde::{Deserialize, Serialize};

/// One of the ways in which the model can be shown a scene and can speak of it: all together, or
/// one of the three published systems by itself.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum System {
    /// The rows of all three; points at objects.
    #[default]
    Unified,
    /// Inst3D-LMM: four rows an object; points at objects.
    Inst3d,
    /// 3D-LLM: 32 rows of a Q-Former; names an object by its box in location tokens.
    Llm3d,
    /// Spatial 3D-LLM: one row an object; names it by its box, refined.
    Spatial,
}

impl System {
    /// In the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Unified, Self::Inst3d, Self::Llm3d, Self::Spatial];

    /// As in file names, tensor names and messages.
    pub fn key(self) -> &'static str {
        match self {
            Self::Unified => "unified",
            Self::Inst3d => "inst3d",
            Self::Llm3d => "llm3d",
            Self::Spatial => "spatial",
        }
    }

    /// The system of this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|system| system.key() == key)
    }

    /// As people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unified => "Unified",
            Self::Inst3d => "Inst3D-LMM",
            Self::Llm3d => "3D-LLM",
            Self::Spatial => "Spatial 3D-LLM",
        }
    }

    /// Whether it names objects by their boxes, having no pointer.
    pub fn writes_boxes(self) -> bool {
        matches!(self, Self::Llm3d | Self::Spatial)
    }
}
