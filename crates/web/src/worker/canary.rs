use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use js_sys::{Function, Promise};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DedicatedWorkerGlobalScope, SecurityPolicyViolationEvent};

/// A name that no resolver knows (RFC 6761): should the lock be open, nothing is reached either.
const ELSEWHERE: &str = "https://example.invalid/scanwise-canary";
/// How long the browser may take to report, milliseconds.
const PATIENCE_MS: u32 = 1500;

/// Whether a request from this worker to another address is stopped *by the policy*: a failed
/// request alone proves nothing, the browser must report the violation.
pub(super) async fn is_blocked(scope: &DedicatedWorkerGlobalScope) -> bool {
    let blocked = Rc::new(Cell::new(false));
    let seen = blocked.clone();
    let reported = Promise::new(&mut |resolve: Function, _reject| {
        let (seen, done) = (seen.clone(), resolve.clone());
        let report = EventListener::once(scope, "securitypolicyviolation", move |event| {
            let ours = event.dyn_ref::<SecurityPolicyViolationEvent>().is_some_and(|event| {
                event.effective_directive() == "connect-src"
                    && event.blocked_uri().starts_with("https://example.invalid")
                    && event.disposition()
                        == web_sys::SecurityPolicyViolationEventDisposition::Enforce
            });
            seen.set(ours);
            resolve_with_nothing(&done);
        });
        Timeout::new(PATIENCE_MS, move || {
            // Also ends the listening.
            drop(report);
            resolve_with_nothing(&resolve);
        })
        .forget();
    });
    // It must fail; how it fails is what the report says.
    let _ = JsFuture::from(scope.fetch_with_str(ELSEWHERE)).await;
    let _ = JsFuture::from(reported).await;
    blocked.get()
}

fn resolve_with_nothing(resolve: &Function) {
    // Resolving a promise of our own cannot throw.
    let _ = resolve.call0(&wasm_bindgen::JsValue::UNDEFINED);
}
