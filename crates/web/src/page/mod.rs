//! The page: shows the scan, the objects and the conversation; sends work to the worker.

mod app;
mod bus;
mod chat;
mod composer;
mod dom;
mod events;
mod hands;
mod inside;
mod intake;
mod keys;
mod labels;
mod lock;
mod look;
mod measure;
mod mend;
mod objects;
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
mod surprise;
mod systems;

use bus::Bus;

/// Builds the page's state on the document that is there and starts the worker.
pub fn start() {
    std::panic::set_hook(Box::new(|info| {
        let message = info.to_string();
        web_sys::console::error_1(&message.as_str().into());
        problem::show_fatal();
    }));
    let bus = Bus::default();
    match app::App::new(bus.clone()) {
        Ok(app) => bus.run(app),
        Err(missing) => {
            web_sys::console::error_1(&missing.to_string().into());
            problem::show_fatal();
        }
    }
}
