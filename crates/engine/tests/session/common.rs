//! A host whose clock goes by questions asked of it, and scans to give it.

use engine::{Canceller, Engine, Host, HostError, InMemory, ScanSource};
use pollster::block_on;
use protocol::{
    AskReport, BackendChoice, Command, Event, HistorySummary, JobId, ObjectSummary, Phase,
    Question, Request, ScanChoices, SceneSummary, VERSION,
};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::path::{Path, PathBuf};
use std::task::Poll;

pub(crate) const MODEL: &str = "scanwise-s";

/// Files from the project's folder, unless others were put in their place.
#[derive(Default)]
pub(crate) struct Stage {
    /// Every look at the clock takes so long that each step is worth reporting.
    looks: Cell<u32>,
    files: RefCell<BTreeMap<String, Vec<u8>>>,
    /// What was asked for, and how often a file will break off halfway.
    asked: RefCell<Vec<String>>,
    broken: RefCell<BTreeMap<String, u32>>,
    /// What is kept, where anything is.
    store: RefCell<Option<BTreeMap<String, Vec<u8>>>>,
    said: RefCell<Vec<Event>>,
    /// The columns of the last event that had any.
    columns: RefCell<Vec<Vec<u8>>>,
    /// The file that was saved last.
    saved: RefCell<Option<Vec<u8>>>,
    /// Stops this job when it is this far: progress of the phase seen so often.
    stop_at: RefCell<Option<(Canceller, Phase, usize)>>,
    /// Takes this GPU away when a job is this far.
    lose_at: RefCell<Option<(gpu::Gpu, Phase, usize)>>,
}

impl Host for Stage {
    fn now_s(&self) -> f64 {
        self.looks.set(self.looks.get() + 1);
        f64::from(self.looks.get())
    }

    async fn yield_now(&self) {
        let mut waited = false;
        poll_fn(
            |_| {
                if std::mem::replace(&mut waited, true) { Poll::Ready(()) } else { Poll::Pending }
            },
        )
        .await;
    }

    async fn open(&self, path: &str) -> Result<impl ScanSource, HostError> {
        self.asked.borrow_mut().push(path.to_owned());
        let error = |reason: String| HostError { path: path.to_owned(), reason };
        let bytes = match self.files.borrow().get(path) {
            Some(bytes) => bytes.clone(),
            None => std::fs::read(root().join(path)).map_err(|why| error(why.to_string()))?,
        };
        let mut broken = self.broken.borrow_mut();
        let left = broken.entry(path.to_owned()).or_default();
        let breaks_off = (*left > 0).then(|| error("the line broke off".into()));
        *left = left.saturating_sub(1);
        Ok(Line { whole: InMemory::new(bytes), breaks_off })
    }

    async fn kept(&self, name: &str) -> Option<Vec<u8>> {
        self.store.borrow().as_ref()?.get(name).cloned()
    }

    async fn keep(&self, name: &str, bytes: &[u8]) {
        if let Some(store) = &mut *self.store.borrow_mut() {
            store.insert(name.to_owned(), bytes.to_owned());
        }
    }

    fn emit(&self, event: Event, columns: Vec<Vec<u8>>) {
        check_columns(&event, &columns);
        if let Event::Progress { job, phase, .. } = event {
            let mut stop_at = self.stop_at.borrow_mut();
            if let Some((canceller, _, times)) = stop_at.as_mut().filter(|stop| stop.1 == phase) {
                *times -= 1;
                if *times == 0 {
                    canceller.stop(job);
                    *stop_at = None;
                }
            }
        }
        if let Event::Progress { phase, .. } = event {
            let mut lose_at = self.lose_at.borrow_mut();
            if let Some((gpu, _, times)) = lose_at.as_mut().filter(|lose| lose.1 == phase) {
                *times -= 1;
                if *times == 0 {
                    lose(gpu);
                    *lose_at = None;
                }
            }
        }
        if let Event::Saved { .. } = event {
            self.saved.replace(columns.first().cloned());
        }
        if !columns.is_empty() {
            self.columns.replace(columns);
        }
        self.said.borrow_mut().push(event);
    }
}

/// A file as it arrives, or its first piece and no more.
struct Line {
    whole: InMemory,
    breaks_off: Option<HostError>,
}

impl ScanSource for Line {
    fn size(&self) -> Option<u64> {
        self.whole.size()
    }

    async fn next(&mut self) -> Result<Option<Vec<u8>>, HostError> {
        let piece = self.whole.next().await?;
        match self.breaks_off.take() {
            Some(error) if piece.is_none() => Err(error),
            Some(error) => {
                self.whole = InMemory::new(Vec::new());
                self.breaks_off = Some(error);
                Ok(piece)
            }
            None => Ok(piece),
        }
    }
}

impl Stage {
    /// Keeps from now on what it is given to keep.
    pub(crate) fn keep_files(&self) {
        self.store.replace(Some(BTreeMap::new()));
    }

    /// Damages everything that is kept.
    pub(crate) fn damage_kept(&self) {
        for bytes in self.store.borrow_mut().iter_mut().flat_map(BTreeMap::values_mut) {
            bytes[0] ^= 1;
        }
    }

    /// Breaks this file off for so many times.
    pub(crate) fn break_off(&self, path: &str, times: u32) {
        self.broken.borrow_mut().insert(path.to_owned(), times);
    }

    /// The files asked for since the last call, without their folder.
    pub(crate) fn asked(&self) -> Vec<String> {
        let name = |path: String| path.rsplit('/').next().unwrap_or_default().to_owned();
        self.asked.take().into_iter().map(name).collect()
    }

    /// Gives `bytes` where `path` is asked for.
    pub(crate) fn put(&self, path: &str, bytes: Vec<u8>) {
        self.files.borrow_mut().insert(path.to_owned(), bytes);
    }

    /// The file that was saved last.
    pub(crate) fn saved(&self) -> Vec<u8> {
        self.saved.take().unwrap()
    }

    /// The columns of the last event that had any.
    pub(crate) fn columns(&self) -> Vec<Vec<u8>> {
        self.columns.take()
    }

    /// What was said since the last call.
    pub(crate) fn said(&self) -> Said {
        Said(self.said.take())
    }
}

/// As a driver that is reset, or a browser's graphics process that dies, does.
fn lose(gpu: &gpu::Gpu) {
    gpu.device.destroy();
    // It is told when the device is asked for the next time.
    let _ = gpu.device.poll(gpu::wgpu::PollType::Poll);
}

/// Runs work whose host gives way at every step.
pub(crate) fn finish<T>(work: impl Future<Output = T>) -> T {
    let mut work = std::pin::pin!(work);
    block_on(poll_fn(|context| {
        let polled = work.as_mut().poll(context);
        context.waker().wake_by_ref();
        polled
    }))
}

/// One column entry per point, whatever the scan.
fn check_columns(event: &Event, columns: &[Vec<u8>]) {
    let sizes: Vec<usize> = columns.iter().map(Vec::len).collect();
    match event {
        Event::Points { count, coloured, .. } => {
            let count = *count as usize;
            assert_eq!(sizes, [12 * count, if *coloured { 3 * count } else { 0 }]);
        }
        Event::SceneReady { scene, .. } => {
            let count = scene.points as usize;
            assert_eq!(sizes, [12 * count, 4 * count]);
        }
        Event::Edited { scene, .. } => {
            let count = scene.points as usize;
            let positions = sizes.get(1).copied().unwrap_or_default();
            assert!(positions == 0 || positions == 12 * count, "{positions}");
            let colours = sizes.get(2).copied().unwrap_or_default();
            assert!(colours == 0 || (colours == 3 * count && positions > 0), "{colours}");
            assert_eq!(sizes, [4 * count, positions, colours]);
        }
        Event::Saved { .. } => assert_eq!(sizes.len(), 1),
        Event::Inside { inside, .. } => {
            assert_eq!(sizes, [5 * 4 * inside.px as usize * inside.px as usize]);
        }
        _ => assert!(sizes.is_empty()),
    }
}

/// Events of some work, oldest first.
#[derive(Debug)]
pub(crate) struct Said(pub(crate) Vec<Event>);

impl Said {
    /// `(phase, done, total)` of every report.
    pub(crate) fn progress(&self) -> Vec<(Phase, u64, Option<u64>)> {
        let report = |event: &Event| match event {
            Event::Progress { phase, done, total, .. } => Some((*phase, *done, *total)),
            _ => None,
        };
        self.0.iter().filter_map(report).collect()
    }

    pub(crate) fn scene(&self) -> &SceneSummary {
        find(&self.0, |event| match event {
            Event::SceneReady { scene, .. } => Some(scene),
            _ => None,
        })
    }

    pub(crate) fn edited(&self) -> (&SceneSummary, HistorySummary) {
        find(&self.0, |event| match event {
            Event::Edited { scene, history, .. } => Some((scene, *history)),
            _ => None,
        })
    }

    pub(crate) fn report(&self) -> &AskReport {
        find(&self.0, |event| match event {
            Event::Answered { report, .. } => Some(report),
            _ => None,
        })
    }

    /// The code and the words of the failure that ended the work.
    pub(crate) fn failure(&self) -> (&str, &str) {
        match self.0.last() {
            Some(Event::Failed { code, message, recoverable: true, .. }) => (code, message),
            other => panic!("no failure at the end, but {other:?}"),
        }
    }

    pub(crate) fn warnings(&self) -> Vec<&str> {
        self.scene().warnings.iter().map(|warning| warning.code.as_str()).collect()
    }
}

fn find<'a, T>(events: &'a [Event], pick: impl Fn(&'a Event) -> Option<T>) -> T {
    let found = events.iter().find_map(pick);
    found.unwrap_or_else(|| panic!("not said; the last was {:?}", events.last()))
}

/// An engine on a [`Stage`], driven by requests as a front end drives it.
pub(crate) struct Session {
    pub(crate) engine: Engine<Stage>,
    last_job: u32,
}

impl Session {
    pub(crate) fn bare() -> Self {
        Self { engine: Engine::new(Stage::default()), last_job: 0 }
    }

    pub(crate) fn with_model() -> Self {
        let mut session = Self::bare();
        let said = session.load_model();
        assert!(matches!(said.0.last(), Some(Event::ModelReady { .. })), "{:?}", said.0.last());
        session
    }

    /// With the model and the thinned room.
    pub(crate) fn ready() -> Self {
        let mut session = Self::with_model();
        let said = session.open(small_room());
        assert!(!said.scene().objects.is_empty());
        session
    }

    /// The next request's job.
    pub(crate) fn next_job(&self) -> JobId {
        JobId(self.last_job + 1)
    }

    fn request(&mut self, command: Command) -> Request {
        let job = self.next_job();
        self.last_job += 1;
        Request { version: VERSION, job, command }
    }

    /// Sends a command with a file beside it.
    pub(crate) fn send(&mut self, command: Command, file: Option<Vec<u8>>) -> Said {
        let request = self.request(command);
        finish(self.engine.handle(request, file.map(InMemory::new)));
        self.engine.host().said()
    }

    pub(crate) fn load_model(&mut self) -> Said {
        let name = MODEL.to_owned();
        self.send(Command::LoadModel { name, backend: BackendChoice::Cpu }, None)
    }

    pub(crate) fn open(&mut self, scan: Vec<u8>) -> Said {
        self.send(
            Command::OpenScan {
                name: "A scan".to_owned(),
                path: None,
                choices: ScanChoices::default(),
            },
            Some(scan),
        )
    }

    pub(crate) fn ask(&mut self, question: &str) -> Said {
        self.send(Command::Ask(question.into()), None)
    }

    /// Asks what may speak of the question before it.
    pub(crate) fn follow(&mut self, question: &str) -> Said {
        self.send(Command::Ask(Question { follows: true, ..question.into() }), None)
    }

    /// Stops the next work at its `times`-th report of `phase`, once.
    pub(crate) fn stop_at(&self, phase: Phase, times: usize) {
        let stop = (self.engine.canceller(), phase, times);
        *self.engine.host().stop_at.borrow_mut() = Some(stop);
    }

    /// Takes the GPU away at the `times`-th report of `phase` of the next work.
    pub(crate) fn lose_device_at(&self, phase: Phase, times: usize) {
        let gpu = self.engine.device().unwrap().clone();
        *self.engine.host().lose_at.borrow_mut() = Some((gpu, phase, times));
    }

    /// Takes the GPU away.
    pub(crate) fn lose_device(&self) {
        lose(self.engine.device().unwrap());
    }

    /// Lets work run for some steps, then drops it.
    pub(crate) fn open_and_drop(&mut self, scan: Vec<u8>, steps: usize) -> Said {
        let command = Command::OpenScan {
            name: "Dropped".to_owned(),
            path: None,
            choices: ScanChoices::default(),
        };
        let request = self.request(command);
        {
            let mut work = std::pin::pin!(self.engine.handle(request, Some(InMemory::new(scan))));
            let mut left = steps;
            block_on(poll_fn(|context| {
                left -= 1;
                context.waker().wake_by_ref();
                let polled = work.as_mut().poll(context);
                if left == 0 || polled.is_ready() { Poll::Ready(()) } else { Poll::Pending }
            }));
        }
        self.engine.host().said()
    }
}

/// The project's folder.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The sample room's file.
pub(crate) fn room() -> Vec<u8> {
    std::fs::read(root().join("samples/room.ply")).unwrap()
}

/// Every fourth point of the sample room.
pub(crate) fn small_room() -> Vec<u8> {
    let cloud = ply::read(&room()).unwrap();
    let rows: Vec<usize> = (0..cloud.len()).step_by(4).collect();
    let colours = cloud.colours.as_ref().unwrap();
    let points: Vec<([f32; 3], [u8; 3])> =
        rows.iter().map(|&row| (cloud.positions[row], colours[row])).collect();
    file_of(&points)
}

/// Bytes of a point in a file of [`file_of`].
pub(crate) const ROW: usize = 15;

/// A binary file of these points.
pub(crate) fn file_of(points: &[([f32; 3], [u8; 3])]) -> Vec<u8> {
    let count = points.len();
    let mut bytes = format!(
        "ply\nformat binary_little_endian 1.0\nelement vertex {count}\nproperty float x\n\
         property float y\nproperty float z\nproperty uchar red\nproperty uchar green\n\
         property uchar blue\nend_header\n"
    )
    .into_bytes();
    for (position, colour) in points {
        bytes.extend(position.iter().flat_map(|value| value.to_le_bytes()));
        bytes.extend(colour);
    }
    bytes
}

/// The only object of a class, if there is but one.
pub(crate) fn only<'a>(objects: &'a [ObjectSummary], label: &str) -> Option<&'a ObjectSummary> {
    let mut of_class = objects.iter().filter(|object| object.label == label);
    of_class.next().filter(|_| of_class.next().is_none())
}

/// Words that a person can read: a sentence, with nothing of the program's insides.
pub(crate) fn assert_readable(message: &str) {
    assert!(message.len() > 20 && message.ends_with('.'), "{message}");
    assert!(message.starts_with(|c: char| c.is_uppercase()), "{message}");
    for inside in ["::", "Error", "unwrap", "panicked", "None", "{"] {
        assert!(!message.contains(inside), "{message}");
    }
}
