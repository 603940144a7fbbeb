//! A model's files: those that the host kept, and the others from beside the page.

use crate::pace::Pace;
use crate::{EngineError, Host, ScanSource};
use lm::{FileEntry, Loader, Manifest, Weights};
use protocol::Phase;

/// A file that breaks off, or arrives damaged, is asked for so many times.
const TRIES: u32 = 3;

/// Every file of the folder, checked against the manifest's sums. A file that has arrived is kept
/// at once, so a download that was stopped or broke off goes on with the one it was at.
///
/// # Errors
/// [`EngineError::Download`] where a file does not arrive, [`EngineError::Model`] where it is not
/// the one that the manifest describes or not what it should be, [`EngineError::Stopped`].
pub(crate) async fn weights<H: Host>(
    host: &H,
    folder: &str,
    manifest: Manifest,
    pace: &mut Pace<'_, H>,
) -> Result<Weights, EngineError> {
    let mut counted = Counted { pace, done: 0, total: manifest.bytes() };
    let files: Vec<FileEntry> = manifest.files().cloned().collect();
    let mut loader = Loader::new(manifest);
    for file in &files {
        let kept = host.kept(&file.sha256).await.filter(|bytes| file.is(bytes));
        let is_new = kept.is_none();
        let bytes = match kept {
            Some(bytes) => bytes,
            None => fetched(host, folder, file, &mut counted).await?,
        };
        loader.add(&file.file, &bytes).map_err(EngineError::Model)?;
        if is_new {
            host.keep(&file.sha256, &bytes).await;
        }
        counted.done += file.bytes;
        counted.show(0).await?;
    }
    loader.finish().map_err(EngineError::Model)
}

/// How much of all files is here.
struct Counted<'a, 'b, H> {
    pace: &'a mut Pace<'b, H>,
    done: u64,
    total: u64,
}

impl<H: Host> Counted<'_, '_, H> {
    async fn show(&mut self, more: u64) -> Result<(), EngineError> {
        self.pace.step(Phase::Model, self.done + more, Some(self.total)).await
    }
}

/// One file, whole where the server and the line allow it; what is not as described is for the
/// loader to name.
async fn fetched<H: Host>(
    host: &H,
    folder: &str,
    file: &FileEntry,
    counted: &mut Counted<'_, '_, H>,
) -> Result<Vec<u8>, EngineError> {
    let path = format!("{folder}/{}", file.file);
    let mut tries = 0;
    loop {
        tries += 1;
        let is_last = tries == TRIES;
        match pieces(host, &path, file, counted).await {
            Ok(bytes) if file.is(&bytes) || is_last => return Ok(bytes),
            Err(EngineError::Host(source)) if is_last => {
                let (done, total) = (counted.done, counted.total);
                return Err(EngineError::Download { done, total, source });
            }
            Ok(_) | Err(EngineError::Host(_)) => {}
            Err(stopped) => return Err(stopped),
        }
    }
}

/// What arrives of a file, not much more than it should be.
async fn pieces<H: Host>(
    host: &H,
    path: &str,
    file: &FileEntry,
    counted: &mut Counted<'_, '_, H>,
) -> Result<Vec<u8>, EngineError> {
    let mut source = host.open(path).await?;
    let mut bytes = Vec::new();
    while bytes.len() as u64 <= file.bytes
        && let Some(piece) = source.next().await?
    {
        bytes.extend_from_slice(&piece);
        counted.show((bytes.len() as u64).min(file.bytes)).await?;
    }
    Ok(bytes)
}
