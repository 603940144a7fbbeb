use scene::Unit;
use serde::{Deserialize, Serialize};

/// What a person knows better of a scan than the engine can guess. The default leaves all to it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ScanChoices {
    /// The direction of the file's coordinates that is up: one of `scene::UpAxis::NAMES`.
    pub up: Option<String>,
    /// Their unit.
    pub unit: Option<Unit>,
    /// Swap left and right: the file shows its room in a mirror.
    pub mirrored: bool,
    /// Take the objects from the file's own columns, where it has such.
    pub objects_of_file: bool,
}

/// How a file's numbers were taken, and what a person may choose otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReadingSummary {
    /// How sure the up axis is, 0..=1.
    pub up_confidence: f32,
    /// How sure the unit is, 0..=1.
    pub unit_confidence: f32,
    /// The share of upright surface that runs along the scene's x and y, 0..=1.
    pub yaw_confidence: f32,
    /// Whether left and right were swapped.
    pub mirrored: bool,
    /// Whether the file has columns that tell its objects.
    pub file_has_objects: bool,
    /// Whether the objects are the file's.
    pub objects_of_file: bool,
}

impl ReadingSummary {
    /// Whether a person should be asked which way is up.
    pub fn asks_up(&self) -> bool {
        self.up_confidence < scene::Reading::ASK
    }

    /// Whether a person should be asked for the unit.
    pub fn asks_unit(&self) -> bool {
        self.unit_confidence < scene::Reading::ASK
    }
}
