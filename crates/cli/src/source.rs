//! A scan on disk, read in pieces: no more of it is held than is being parsed.

use engine::{HostError, ScanSource};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Bytes asked of the file at a time.
const PIECE: usize = 1 << 20;

pub(crate) struct OnDisk {
    path: String,
    file: File,
    size: Option<u64>,
}

impl OnDisk {
    /// # Errors
    /// Where the file cannot be opened, with its name.
    pub(crate) fn open(path: &Path) -> Result<Self, String> {
        let name = path.display().to_string();
        let file = File::open(path).map_err(|error| format!("{name}: {error}"))?;
        let size = file.metadata().ok().filter(std::fs::Metadata::is_file).map(|known| known.len());
        Ok(Self { path: name, file, size })
    }
}

impl ScanSource for OnDisk {
    fn size(&self) -> Option<u64> {
        self.size
    }

    async fn next(&mut self) -> Result<Option<Vec<u8>>, HostError> {
        let mut piece = Vec::with_capacity(PIECE);
        let read = self.file.by_ref().take(PIECE as u64).read_to_end(&mut piece);
        match read {
            Ok(0) => Ok(None),
            Ok(_) => Ok(Some(piece)),
            Err(error) => Err(HostError { path: self.path.clone(), reason: error.to_string() }),
        }
    }
}
