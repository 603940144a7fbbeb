use js_sys::{Function, Promise, global};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DedicatedWorkerGlobalScope, MessageChannel, MessagePort};

/// Lets messages and timers have their turn, as a macrotask: a message to ourselves queues behind
/// those that wait, while a timer would be held back four milliseconds.
#[derive(Clone)]
pub(super) struct Turn {
    own: Option<MessagePort>,
    waiting: Rc<RefCell<VecDeque<Function>>>,
}

impl Turn {
    pub(super) fn new() -> Self {
        let waiting: Rc<RefCell<VecDeque<Function>>> = Rc::default();
        let own = MessageChannel::new().ok().map(|channel| {
            let due = waiting.clone();
            let wake = Closure::<dyn FnMut()>::new(move || {
                let resolve = due.borrow_mut().pop_front();
                if let Some(resolve) = resolve {
                    // Resolving a promise of our own cannot throw.
                    let _ = resolve.call0(&JsValue::UNDEFINED);
                }
            });
            channel.port1().set_onmessage(Some(wake.as_ref().unchecked_ref()));
            wake.forget();
            channel.port2()
        });
        Self { own, waiting }
    }

    /// Resolves after everything that waits now has been heard.
    pub(super) async fn pass(&self) {
        let turn = Promise::new(&mut |resolve, _reject| {
            let sent = self.own.as_ref().map(|port| port.post_message(&JsValue::NULL));
            if matches!(sent, Some(Ok(()))) {
                self.waiting.borrow_mut().push_back(resolve);
            } else if let Ok(scope) = global().dyn_into::<DedicatedWorkerGlobalScope>() {
                // Where even a timer is refused the promise never resolves and the page notices.
                let _ = scope.set_timeout_with_callback(&resolve);
            }
        });
        let _ = JsFuture::from(turn).await;
    }
}
