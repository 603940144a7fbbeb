//! How a scan is to be taken.

use crate::EngineError;
use protocol::ScanChoices;
use scene::UpAxis;
use segment::{Objects, Options};

/// Where a scan's objects come from, and what is known of its frame. The default finds out both.
#[derive(Clone, Debug, Default)]
pub struct ScanOptions {
    /// Where the objects come from.
    pub objects: Objects,
    /// What is known of the frame.
    pub frame: Options,
}

impl ScanOptions {
    /// A frame to be found out, with the object of each point given; 0 for none.
    pub fn given(ids: Vec<u32>) -> Self {
        Self { objects: Objects::Given(ids), ..Self::default() }
    }

    /// As a person chose.
    ///
    /// # Errors
    /// Where up is no axis.
    pub fn chosen(choices: &ScanChoices) -> Result<Self, EngineError> {
        let up = match &choices.up {
            None => None,
            Some(name) => Some(
                UpAxis::of_name(name).ok_or_else(|| EngineError::UnknownAxis(name.to_owned()))?,
            ),
        };
        let objects = if choices.objects_of_file { Objects::OfFile } else { Objects::Found };
        let frame = Options { up, unit: choices.unit, mirrored: choices.mirrored, by_hand: false };
        Ok(Self { objects, frame })
    }
}
