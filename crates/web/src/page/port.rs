use super::bus::{Bus, Msg};
use crate::wire;
use gloo::events::EventListener;
use js_sys::ArrayBuffer;
use protocol::{Event, Request};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ErrorEvent, File, MessageEvent, Worker, WorkerOptions, WorkerType};

/// What comes from the worker.
#[allow(clippy::large_enum_variant, reason = "messages are handled one at a time, never stored")]
pub(crate) enum FromWorker {
    /// An event with its columns.
    Event(Event, Vec<ArrayBuffer>),
    /// The worker could not go on, or was never there; in its own words.
    Broken(String),
}

/// The line to the worker. Dropping it ends the worker.
pub(crate) struct Port {
    worker: Worker,
    _listeners: [EventListener; 3],
}

impl Port {
    /// Starts the worker; what it says is sent to `bus`.
    pub(crate) fn open(bus: &Bus) -> Result<Self, JsValue> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        options.set_name("scanwise engine");
        let worker =
            Worker::new_with_options(&format!("{}worker_loader.js", bus.place.base), &options)?;

        let to_page = bus.clone();
        let message = EventListener::new(&worker, "message", move |event| {
            let Some(event) = event.dyn_ref::<MessageEvent>() else { return };
            match wire::unpack_event(&event.data()) {
                Ok((event, columns)) => {
                    to_page.send(Msg::Worker(FromWorker::Event(event, columns)))
                }
                // Of another version, whose Hello has told so, or of nobody's.
                Err(error) => web_sys::console::error_1(&error.to_string().into()),
            }
        });
        let to_page = bus.clone();
        let error = EventListener::new(&worker, "error", move |event| {
            let words = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message);
            let words = words.filter(|words| !words.is_empty());
            let words = words.unwrap_or_else(|| "the worker could not be loaded".to_owned());
            to_page.send(Msg::Worker(FromWorker::Broken(words)));
        });
        let to_page = bus.clone();
        let unreadable = EventListener::new(&worker, "messageerror", move |_| {
            to_page.send(Msg::Worker(FromWorker::Broken("a message arrived broken".to_owned())));
        });
        Ok(Self { worker, _listeners: [message, error, unreadable] })
    }

    /// Sends work; files go along by structured clone, that is, as references to their bytes.
    pub(crate) fn send(&self, request: &Request, files: &[File]) -> Result<(), String> {
        let message = wire::pack_request(request, files).map_err(|error| error.to_string())?;
        self.worker
            .post_message(&message)
            .map_err(|error| format!("the worker refused a message: {error:?}"))
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}
