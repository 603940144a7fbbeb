//! The page: shows the scan, the objects and the conversation; sends work to the worker. It fills one
//! `<scan-wise>` element, of which a document may hold several; `web/scan-wise.js` is its other half.

mod about;
mod app;
mod behind;
mod bus;
mod chat;
mod composer;
mod dom;
mod element;
mod events;
mod hands;
mod inside;
mod intake;
mod kept;
mod keys;
mod labels;
mod lock;
mod look;
mod measure;
mod mend;
mod models;
mod objects;
mod opened;
mod picture;
mod port;
mod problem;
mod progress;
mod reading;
mod scale;
mod settings;
mod sheet;
mod spotlight;
mod stage;
mod storage;
mod surprise;
mod systems;
mod talk;
mod told;

/// Once for all elements of a document: what is said where the program itself breaks down.
pub fn start() {
    std::panic::set_hook(Box::new(|info| {
        let message = info.to_string();
        web_sys::console::error_1(&message.as_str().into());
        let event = web_sys::Event::new("scanwise-fatal");
        if let (Ok(window), Ok(event)) = (dom::window(), event) {
            // Every element shows that it cannot go on.
            let _ = window.dispatch_event(&event);
        }
    }));
}
