//! What an engine needs of the place it runs in.

use protocol::{Event, JobId};
use std::collections::BTreeSet;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The browser's worker or the command line, as the engine sees it.
///
/// Futures need not be `Send`: an engine lives on one thread.
pub trait Host {
    /// Seconds since some fixed moment.
    fn now_s(&self) -> f64;

    /// Lets everything else that waits on this thread run, messages from the page included. In a
    /// browser this must be a macrotask: a resolved promise would keep the message queue waiting.
    fn yield_now(&self) -> impl Future<Output = ()>;

    /// A file beside the program, such as `quantized-models/scanwise-s/model.json`, as it arrives.
    fn open(&self, path: &str) -> impl Future<Output = Result<impl ScanSource, HostError>>;

    /// All of such a file.
    fn fetch(&self, path: &str) -> impl Future<Output = Result<Vec<u8>, HostError>> {
        async {
            let mut source = self.open(path).await?;
            let mut bytes = Vec::new();
            while let Some(piece) = source.next().await? {
                bytes.extend_from_slice(&piece);
            }
            Ok(bytes)
        }
    }

    /// The bytes that [`Host::keep`] was given under this name, if they still are where they were.
    fn kept(&self, _name: &str) -> impl Future<Output = Option<Vec<u8>>> {
        async { None }
    }

    /// Keeps bytes beyond the program's end, where there is a place and room for them.
    fn keep(&self, _name: &str, _bytes: &[u8]) -> impl Future<Output = ()> {
        async {}
    }

    /// Shows an event, with its columns (see [`protocol::Columns`]).
    fn emit(&self, event: Event, columns: Vec<Vec<u8>>);
}

/// A file that could not be had.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{path} could not be read: {reason}")]
pub struct HostError {
    /// What was asked for.
    pub path: String,
    /// In the host's words.
    pub reason: String,
}

/// The bytes of a scan, as they come.
pub trait ScanSource {
    /// How many there will be, where known.
    fn size(&self) -> Option<u64>;

    /// The next piece; `None` at the end.
    fn next(&mut self) -> impl Future<Output = Result<Option<Vec<u8>>, HostError>>;
}

/// Files of the person's that belong together: photographs with their poses.
pub trait Album {
    /// Their names.
    fn names(&self) -> Vec<String>;

    /// What one of them holds, by its place among the names.
    fn read(&mut self, index: usize) -> impl Future<Output = Result<Vec<u8>, HostError>>;
}

/// A scan that is already in memory, read in pieces.
pub struct InMemory {
    bytes: Vec<u8>,
    at: usize,
}

impl InMemory {
    const PIECE: usize = 1 << 20;

    /// A source of these bytes.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self { bytes, at: 0 }
    }
}

impl ScanSource for InMemory {
    fn size(&self) -> Option<u64> {
        Some(self.bytes.len() as u64)
    }

    async fn next(&mut self) -> Result<Option<Vec<u8>>, HostError> {
        let end = (self.at + Self::PIECE).min(self.bytes.len());
        let piece = self.bytes[self.at..end].to_vec();
        self.at = end;
        Ok((!piece.is_empty()).then_some(piece))
    }
}

/// Asks running work to stop, from outside its future: the worker's message handler holds one
/// while the engine works between two yields.
#[derive(Clone, Debug, Default)]
pub struct Canceller {
    stopped: Arc<Mutex<BTreeSet<JobId>>>,
}

impl Canceller {
    /// Stops this job, at work or yet to come. Other jobs asked to stop stay so.
    pub fn stop(&self, job: JobId) {
        self.jobs().insert(job);
    }

    /// Whether this job has been asked to stop.
    pub fn is_stopped(&self, job: JobId) -> bool {
        self.jobs().contains(&job)
    }

    /// The job has ended.
    pub(crate) fn forget(&self, job: JobId) {
        self.jobs().remove(&job);
    }

    fn jobs(&self) -> MutexGuard<'_, BTreeSet<JobId>> {
        self.stopped.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
