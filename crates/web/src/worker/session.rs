use super::host::{WorkerHost, emit};
use super::made;
use super::source::{Incoming, Photos};
use crate::surprise::Room;
use engine::{Canceller, Engine, EngineError, HostError};
use gloo::file::File;
use protocol::{Command, Event, Request, VERSION};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// What was asked for, with the files that came along; oldest first.
type Queue = VecDeque<(Request, Vec<File>)>;

/// The engine and, where the open scan is a made-up room, what is true of it.
struct Desk {
    engine: Engine<WorkerHost>,
    room: Option<Room>,
}

/// The desk and the work that waits for it: one job at a time, in the order asked for.
#[derive(Clone)]
pub(super) struct Session {
    desk: Rc<RefCell<Option<Desk>>>,
    waiting: Rc<RefCell<Queue>>,
    canceller: Canceller,
}

impl Session {
    pub(super) fn start() -> Self {
        let engine = Engine::new(WorkerHost::new());
        let canceller = engine.canceller();
        let desk = Desk { engine, room: None };
        Self { desk: Rc::new(RefCell::new(Some(desk))), waiting: Rc::default(), canceller }
    }

    /// Takes work on. A Stop is heard at once, by a job at work or by one that still waits.
    pub(super) fn take(&self, request: Request, files: Vec<File>) {
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
        self.waiting.borrow_mut().push_back((request, files));
        // While a job is at work the desk is out of its place; that job looks for more work.
        let idle = self.desk.borrow_mut().take();
        if let Some(desk) = idle {
            spawn_local(self.clone().work(desk));
        }
    }

    async fn work(self, mut desk: Desk) {
        loop {
            let next = self.waiting.borrow_mut().pop_front();
            let Some((request, files)) = next else { break };
            run(&mut desk, request, files).await;
        }
        *self.desk.borrow_mut() = Some(desk);
    }
}

/// Does what only the worker can, with a room that it made; `None` leaves the work to the engine.
async fn with_room(desk: &mut Desk, request: &Request) -> Option<Result<(), EngineError>> {
    let Desk { engine, room } = desk;
    let job = request.job;
    match (&request.command, room) {
        _ if request.version != VERSION => None,
        (Command::MakeRoom { seed }, room) => {
            *room = None;
            Some(made::make(engine, job, *seed).await.map(|made| *room = Some(made)))
        }
        (Command::TestRoom { most }, Some(room)) => {
            Some(made::test(engine, room, job, *most).await)
        }
        (Command::Ask(question), Some(room)) => Some(made::ask(engine, room, job, question).await),
        (Command::OpenScan { .. }, room) => {
            *room = None;
            None
        }
        _ => None,
    }
}

async fn run(desk: &mut Desk, mut request: Request, files: Vec<File>) {
    let job = request.job;
    if let Some(done) = with_room(desk, &request).await {
        return desk.engine.settle(job, done);
    }
    if let (Command::TakePhotos, VERSION) = (&request.command, request.version) {
        let done = desk.engine.take_photos(job, Photos(files)).await;
        return desk.engine.settle(job, done);
    }
    let source = match (&mut request.command, files.first()) {
        // Streamed like a file of the person's, so that its progress is seen too.
        (Command::OpenScan { path, .. } | Command::Save { path }, None) => match path.take() {
            Some(path) => match WorkerHost::incoming(&path).await {
                Ok(source) => Some(source),
                Err(error) => return refuse(job, &error),
            },
            None => None,
        },
        (Command::OpenScan { path, .. } | Command::Save { path }, Some(file)) => {
            *path = None;
            Some(Incoming::of_file(file))
        }
        _ => None,
    };
    let edits = matches!(request.command, Command::Edit(_) | Command::Undo | Command::Redo);
    desk.engine.handle(request, source).await;
    if let (true, Some(room)) = (edits, &desk.room) {
        // An object that was taken away can be asked about no longer.
        made::tell(&desk.engine, room);
    }
}

fn refuse(job: protocol::JobId, error: &HostError) {
    let message = format!("{error}. Check that the server still runs, then try again.");
    let code = "file-unreadable".to_owned();
    emit(&Event::Failed { job: Some(job), code, message, recoverable: true }, &[]);
}
