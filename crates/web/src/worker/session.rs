use super::host::{WorkerHost, emit};
use super::source::Incoming;
use engine::{Canceller, Engine, HostError};
use gloo::file::File;
use protocol::{Command, Event, Request};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// What was asked for, with the scan's file where one came along; oldest first.
type Queue = VecDeque<(Request, Option<File>)>;

/// The engine and the work that waits for it: one job at a time, in the order asked for.
#[derive(Clone)]
pub(super) struct Session {
    engine: Rc<RefCell<Option<Engine<WorkerHost>>>>,
    waiting: Rc<RefCell<Queue>>,
    canceller: Canceller,
}

impl Session {
    pub(super) fn start() -> Self {
        let engine = Engine::new(WorkerHost::new());
        let canceller = engine.canceller();
        Self { engine: Rc::new(RefCell::new(Some(engine))), waiting: Rc::default(), canceller }
    }

    /// Takes work on. A Stop is heard at once, by a job at work or by one that still waits.
    pub(super) fn take(&self, request: Request, file: Option<File>) {
        if let Command::Stop { target } = request.command {
            let mut waiting = self.waiting.borrow_mut();
            let before = waiting.len();
            waiting.retain(|(request, _)| request.job != target);
            if waiting.len() < before {
                emit(&Event::Stopped { job: target }, &[]);
            } else {
                self.canceller.stop(target);
            }
            return;
        }
        self.waiting.borrow_mut().push_back((request, file));
        // While a job is at work the engine is out of its place; that job looks for more work.
        let idle = self.engine.borrow_mut().take();
        if let Some(engine) = idle {
            spawn_local(self.clone().work(engine));
        }
    }

    async fn work(self, mut engine: Engine<WorkerHost>) {
        loop {
            let next = self.waiting.borrow_mut().pop_front();
            let Some((request, file)) = next else { break };
            run(&mut engine, request, file).await;
        }
        *self.engine.borrow_mut() = Some(engine);
    }
}

async fn run(engine: &mut Engine<WorkerHost>, mut request: Request, file: Option<File>) {
    let job = request.job;
    let source = match (&mut request.command, &file) {
        // Streamed like a file of the person's, so that its progress is seen too.
        (Command::OpenScan { path, .. }, None) => match path.take() {
            Some(path) => match WorkerHost::open(&path).await {
                Ok(source) => Some(source),
                Err(error) => return refuse(job, &error),
            },
            None => None,
        },
        (Command::OpenScan { path, .. }, Some(file)) => {
            *path = None;
            Some(Incoming::of_file(file))
        }
        _ => None,
    };
    engine.handle(request, source).await;
}

fn refuse(job: protocol::JobId, error: &HostError) {
    let message = format!("{error}. Check that the server still runs, then try again.");
    let code = "file-unreadable".to_owned();
    emit(&Event::Failed { job: Some(job), code, message, recoverable: true }, &[]);
}
