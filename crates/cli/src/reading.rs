//! How the scan of a command is to be read.

use clap::Args;
use engine::{EngineError, ScanOptions};
use protocol::ScanChoices;
use scene::{Unit, UpAxis};

/// What is known of a scan; without these all of it is guessed.
#[derive(Args)]
pub(crate) struct ReadingOptions {
    /// The direction of the file's coordinates that is up.
    #[arg(long, allow_hyphen_values = true, value_parser = UpAxis::NAMES)]
    up: Option<String>,
    /// The unit of the file's coordinates.
    #[arg(long, value_parser = Unit::ALL.map(Unit::name))]
    unit: Option<String>,
    /// Swap left and right: the file shows its room in a mirror.
    #[arg(long)]
    mirrored: bool,
    /// Take the objects from the file's own columns (instance, segment, label).
    #[arg(long)]
    objects_of_file: bool,
}

impl ReadingOptions {
    pub(crate) fn chosen(&self) -> Result<ScanOptions, EngineError> {
        let unit = self.unit.as_deref();
        ScanOptions::chosen(&ScanChoices {
            up: self.up.clone(),
            unit: unit.and_then(|name| Unit::ALL.into_iter().find(|unit| unit.name() == name)),
            mirrored: self.mirrored,
            objects_of_file: self.objects_of_file,
        })
    }
}
