//! Language models without any scene, on disk.

use lm::{GgufLoader, TextLoader, TextManifest, TextWeights};
use std::error::Error;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Bytes of a file at a time.
const PIECE: usize = 1 << 20;

/// A GGUF file, or a folder that was made of one.
pub(crate) fn either(path: &Path, context: usize) -> Result<TextWeights, Box<dyn Error>> {
    if path.is_dir() { folder(path) } else { gguf(path, context) }
}

/// A GGUF file, read in pieces, as a page gets it; with room for so many positions at most.
pub(crate) fn gguf(path: &Path, context: usize) -> Result<TextWeights, Box<dyn Error>> {
    let named = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let mut file = File::open(path).map_err(|error| named(&error))?;
    let mut loader = GgufLoader::new(context);
    let mut piece = vec![0; PIECE];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(loader.finish().map_err(|error| named(&error))?),
            read => loader.push(&piece[..read]).map_err(|error| named(&error))?,
        }
    }
}

/// A folder as `scanwise convert` makes it.
pub(crate) fn folder(path: &Path) -> Result<TextWeights, Box<dyn Error>> {
    let read = |name: &str| {
        let file = path.join(name);
        std::fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))
    };
    let manifest = TextManifest::parse(&read("model.json")?)?;
    let names: Vec<String> = manifest.files().map(|file| file.file.clone()).collect();
    let mut loader = TextLoader::new(manifest);
    for name in names {
        loader.add(&name, &read(&name)?)?;
    }
    Ok(loader.finish()?)
}
