//! A folder of photographs with their poses.

use engine::{Album, HostError};
use std::path::{Path, PathBuf};

/// Folders within the folder are looked into so deep: RGB-D sets have one for colour and one for poses.
const DEPTH: usize = 2;

pub(crate) struct Folder(Vec<PathBuf>);

impl Folder {
    /// # Errors
    /// Where it cannot be listed, with its name.
    pub(crate) fn open(path: &Path) -> Result<Self, String> {
        let mut files = Vec::new();
        list(path, DEPTH, &mut files).map_err(|error| format!("{}: {error}", path.display()))?;
        files.sort_unstable();
        Ok(Self(files))
    }
}

fn list(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_file() {
            files.push(path);
        } else if depth > 0 && path.is_dir() {
            list(&path, depth - 1, files)?;
        }
    }
    Ok(())
}

impl Album for Folder {
    fn names(&self) -> Vec<String> {
        self.0.iter().map(|path| path.display().to_string()).collect()
    }

    async fn read(&mut self, index: usize) -> Result<Vec<u8>, HostError> {
        let path = self.0.get(index).map(PathBuf::as_path).unwrap_or(Path::new(""));
        std::fs::read(path).map_err(|error| HostError {
            path: path.display().to_string(),
            reason: error.to_string(),
        })
    }
}
