use super::source::{Incoming, unreadable};
use super::store;
use super::turn::Turn;
use crate::wire;
use engine::{Host, HostError, ScanSource};
use js_sys::global;
use protocol::Event;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DedicatedWorkerGlobalScope, Response};

/// The worker as the engine sees it.
#[derive(Clone)]
pub(super) struct WorkerHost {
    turn: Turn,
}

impl WorkerHost {
    pub(super) fn new() -> Self {
        Self { turn: Turn::new() }
    }

    /// A scan from beside the page.
    pub(super) async fn incoming(path: &str) -> Result<Incoming, HostError> {
        Incoming::of_response(path, &get(path).await?)
    }
}

impl Host for WorkerHost {
    fn now_s(&self) -> f64 {
        scope().and_then(|scope| scope.performance()).map_or(0.0, |clock| clock.now() / 1000.0)
    }

    async fn yield_now(&self) {
        self.turn.pass().await;
    }

    async fn open(&self, path: &str) -> Result<impl ScanSource, HostError> {
        Self::incoming(path).await
    }

    async fn kept(&self, name: &str) -> Option<Vec<u8>> {
        store::kept(name).await
    }

    async fn keep(&self, name: &str, bytes: &[u8]) {
        store::keep(name, bytes).await;
    }

    fn emit(&self, event: Event, columns: Vec<Vec<u8>>) {
        emit(&event, &columns);
    }
}

pub(super) fn scope() -> Option<DedicatedWorkerGlobalScope> {
    global().dyn_into().ok()
}

/// Sends an event; its columns are moved.
pub(super) fn emit(event: &Event, columns: &[Vec<u8>]) {
    let Some(scope) = scope() else { return };
    match wire::pack_event(event, columns) {
        Ok((message, moved)) => {
            if let Err(error) = scope.post_message_with_transfer(&message, &moved) {
                web_sys::console::error_1(&error);
            }
        }
        Err(error) => web_sys::console::error_1(&error.to_string().into()),
    }
}

/// Asks for a file beside the worker's own script, and takes nothing but a plain yes.
async fn get(path: &str) -> Result<Response, HostError> {
    let refused = |reason: String| HostError { path: path.to_owned(), reason };
    let within = !path.starts_with('/') && !path.contains("..") && !path.contains(':');
    let scope = scope()
        .filter(|_| within)
        .ok_or_else(|| refused("only files beside the page can be asked for".to_owned()))?;
    let response = JsFuture::from(scope.fetch_with_str(path))
        .await
        .map_err(|error| unreadable(path, &error))?
        .unchecked_into::<Response>();
    if response.ok() {
        Ok(response)
    } else {
        Err(refused(format!("the server answered {}", response.status())))
    }
}
