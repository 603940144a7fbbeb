//! The worker: owns the engine, hears the page between two steps, and proves that it can reach no
//! other address.

mod canary;
mod host;
mod made;
mod self_test;
mod session;
mod source;
mod store;
mod turn;

use crate::wire;
use gloo::events::EventListener;
use gloo::file::File;
use gloo::timers::callback::Interval;
use host::emit;
use js_sys::global;
use protocol::{Event, VERSION};
use session::Session;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// Milliseconds between two signs of life.
const HEARTBEAT_MS: u32 = 1000;

/// Runs in a dedicated worker: checks the lock, says Hello, then serves the page for as long as
/// the worker lives.
pub fn start() {
    std::panic::set_hook(Box::new(|info| {
        let message = format!("The engine met a fault in its own code: {info}");
        web_sys::console::error_1(&message.as_str().into());
        // The page starts another worker; this one is done for.
        let code = "engine-panic".to_owned();
        emit(&Event::Failed { job: None, code, message, recoverable: false }, &[]);
    }));
    let Ok(scope) = global().dyn_into::<DedicatedWorkerGlobalScope>() else {
        web_sys::console::error_1(&"this program runs in a dedicated worker only".into());
        return;
    };
    if let Some(model) = scope.name().strip_prefix(self_test::NAME) {
        let model = model.trim().to_owned();
        spawn_local(async move { self_test::run(&scope, &model).await });
        return;
    }
    spawn_local(async move {
        let canary_blocked = canary::is_blocked(&scope).await;
        listen(&scope);
        // Lives as long as the worker.
        Interval::new(HEARTBEAT_MS, || emit(&Event::Heartbeat, &[])).forget();
        emit(&Event::Hello { version: VERSION, canary_blocked: Some(canary_blocked) }, &[]);
    });
}

fn listen(scope: &DedicatedWorkerGlobalScope) {
    let session = Session::start();
    EventListener::new(scope, "message", move |event| {
        let Some(event) = event.dyn_ref::<MessageEvent>() else { return };
        match wire::unpack_request(&event.data()) {
            Ok((request, files)) => {
                session.take(request, files.into_iter().map(File::from).collect())
            }
            Err(error) => emit(
                &Event::Failed {
                    job: None,
                    code: "message-unreadable".to_owned(),
                    message: format!("{error}. Reload the page."),
                    recoverable: true,
                },
                &[],
            ),
        }
    })
    .forget();
}
