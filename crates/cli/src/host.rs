//! The engine's host on the command line: files beside the project, progress bars on stderr.

use engine::{Host, HostError, InMemory, ScanSource};
use indicatif::{ProgressBar, ProgressStyle};
use protocol::{AskReport, Event, Phase, SceneSummary};
use std::cell::RefCell;
use std::path::PathBuf;
use std::time::Instant;

/// Shows progress and keeps what the engine has said.
pub(crate) struct Terminal {
    start: Instant,
    /// Where `quantized-models/` lies.
    root: PathBuf,
    bar: RefCell<Option<(Phase, ProgressBar)>>,
    said: RefCell<Said>,
}

/// The events that a command prints from.
#[derive(Default)]
pub(crate) struct Said {
    pub scene: Option<SceneSummary>,
    pub report: Option<AskReport>,
    /// The bytes of a scan written again.
    pub file: Option<Vec<u8>>,
    pub failure: Option<String>,
}

impl Terminal {
    pub(crate) fn new(root: PathBuf) -> Self {
        Self { start: Instant::now(), root, bar: RefCell::default(), said: RefCell::default() }
    }

    /// What has been said since the last call.
    pub(crate) fn take(&self) -> Said {
        self.clear();
        std::mem::take(&mut self.said.borrow_mut())
    }

    fn clear(&self) {
        if let Some((_, bar)) = self.bar.borrow_mut().take() {
            bar.finish_and_clear();
        }
    }

    fn progress(&self, phase: Phase, done: u64, total: Option<u64>) {
        let mut shown = self.bar.borrow_mut();
        if !matches!(&*shown, Some((running, _)) if *running == phase) {
            if let Some((_, bar)) = shown.take() {
                bar.finish_and_clear();
            }
            let bar = ProgressBar::new(total.unwrap_or(0)).with_style(
                ProgressStyle::with_template("{prefix:>10} {bar:40} {pos}/{len}")
                    .unwrap_or_else(|_| ProgressStyle::default_bar()),
            );
            bar.set_prefix(word(phase));
            *shown = Some((phase, bar));
        }
        if let Some((_, bar)) = &*shown {
            bar.set_length(total.unwrap_or(done));
            bar.set_position(done);
        }
    }
}

fn word(phase: Phase) -> &'static str {
    match phase {
        Phase::Model => "model",
        Phase::Make => "making",
        Phase::Parse => "reading",
        Phase::Segment => "objects",
        Phase::Photos => "photographs",
        Phase::Encode => "looking",
        Phase::Fit => "fitting",
        Phase::Save => "writing",
        Phase::Prefill => "thinking",
        Phase::Decode => "answering",
        Phase::Test => "testing",
    }
}

/// How the names of scenes that were read begin, and of what is known of the GPU.
const OURS: [&str; 2] = ["prefix-", "adapter"];

/// Where things are kept beyond the program's end; none where the system names no place.
fn kept_folder() -> Option<PathBuf> {
    let own = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = own.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")))?;
    Some(cache.join("scanwise/kept"))
}

impl Host for Terminal {
    fn now_s(&self) -> f64 {
        self.start.elapsed().as_secs_f64()
    }

    async fn yield_now(&self) {}

    async fn open(&self, path: &str) -> Result<impl ScanSource, HostError> {
        std::fs::read(self.root.join(path))
            .map(InMemory::new)
            .map_err(|error| HostError { path: path.to_owned(), reason: error.to_string() })
    }

    async fn kept(&self, name: &str) -> Option<Vec<u8>> {
        std::fs::read(kept_folder()?.join(name)).ok()
    }

    async fn keep(&self, name: &str, bytes: &[u8]) {
        // A model's files lie beside the program already.
        if !OURS.iter().any(|ours| name.starts_with(ours)) {
            return;
        }
        let Some(folder) = kept_folder() else { return };
        // Nothing is lost where there is no room: it is read again.
        let partial = folder.join(format!("{name}.{}", std::process::id()));
        let written =
            std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&partial, bytes));
        if written.and_then(|()| std::fs::rename(&partial, folder.join(name))).is_err() {
            let _ = std::fs::remove_file(partial);
        }
    }

    fn emit(&self, event: Event, columns: Vec<Vec<u8>>) {
        let mut said = self.said.borrow_mut();
        match event {
            Event::Progress { phase, done, total, .. } => self.progress(phase, done, total),
            Event::SceneReady { scene, .. } => said.scene = Some(scene),
            Event::Answered { report, .. } => said.report = Some(*report),
            Event::Saved { .. } => said.file = columns.into_iter().next(),
            Event::Failed { message, .. } => said.failure = Some(message),
            Event::Stopped { .. } => said.failure = Some("Stopped.".into()),
            Event::DeviceLost { backend, .. } => {
                eprintln!("The GPU was lost; the model goes on with {}.", backend.lm);
            }
            Event::Hello { .. }
            | Event::Heartbeat
            | Event::ModelReady { .. }
            | Event::Points { .. }
            | Event::Edited { .. }
            | Event::RoomReady { .. }
            | Event::Checked { .. }
            | Event::Judged { .. }
            | Event::Tested { .. }
            | Event::Partial { .. }
            | Event::Inside { .. } => {}
        }
    }
}
