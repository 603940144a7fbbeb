use super::bus::{Bus, Msg};
use super::dom::{self, DomError};
use gloo::events::{EventListener, EventListenerOptions};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, Event, File, FileList, HtmlElement, HtmlInputElement};

/// The room that comes with the page.
pub(crate) const SAMPLE_PATH: &str = "samples/room.ply";

/// What a file is, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Scan,
    Picture,
    /// Poses, perhaps.
    Other,
}

/// What a file of this name is.
pub(crate) fn kind(name: &str) -> Kind {
    let end = name.rsplit_once('.').map_or(String::new(), |(_, end)| end.to_lowercase());
    match end.as_str() {
        "ply" => Kind::Scan,
        "png" | "jpg" | "jpeg" => Kind::Picture,
        _ => Kind::Other,
    }
}

fn listed(files: Option<FileList>) -> Vec<File> {
    files.map_or_else(Vec::new, |files| (0..files.length()).filter_map(|i| files.get(i)).collect())
}

/// Opens the browser's file picker.
pub(crate) fn choose(bus: &Bus) {
    if let Ok(input) = bus.by_id::<HtmlInputElement>("file") {
        input.click();
    }
}

/// The ways in for a scan: dropped anywhere, picked, the sample, or made up.
pub(crate) fn listen(bus: &Bus) -> Result<Vec<EventListener>, DomError> {
    let mut listeners = dropping(bus)?;
    let input: HtmlInputElement = bus.by_id("file")?;
    let (to_page, picked) = (bus.clone(), input.clone());
    listeners.push(EventListener::new(&input, "change", move |_| {
        let files = listed(picked.files());
        // The same file can be picked again after it was repaired.
        picked.set_value("");
        if !files.is_empty() {
            to_page.send(Msg::WantModel);
            to_page.send(Msg::Files(files));
        }
    }));
    for id in ["open", "welcome-open"] {
        let button: HtmlElement = bus.by_id(id)?;
        let of_page = bus.clone();
        listeners.push(EventListener::new(&button, "click", move |_| choose(&of_page)));
    }
    let button: HtmlElement = bus.by_id("welcome-sample")?;
    let to_page = bus.clone();
    listeners.push(EventListener::new(&button, "click", move |_| {
        to_page.send(Msg::WantModel);
        to_page.send(Msg::OpenSample);
    }));
    for id in ["welcome-surprise", "made-another"] {
        let button: HtmlElement = bus.by_id(id)?;
        let to_page = bus.clone();
        listeners.push(EventListener::new(&button, "click", move |_| {
            to_page.send(Msg::WantModel);
            to_page.send(Msg::Surprise);
        }));
    }
    Ok(listeners)
}

fn dropping(bus: &Bus) -> Result<Vec<EventListener>, DomError> {
    let veil: HtmlElement = bus.by_id("veil")?;
    let host = bus.place.host.clone();
    // Entering a child of the page leaves its parent: only the balance tells when it is over.
    let depth = Rc::new(Cell::new(0i32));
    let on = |name: &'static str, act: Box<dyn Fn(&DragEvent)>| {
        let options = EventListenerOptions::enable_prevent_default();
        EventListener::new_with_options(&host, name, options, move |event: &Event| {
            if let Some(event) = event.dyn_ref::<DragEvent>()
                && has_file(event)
            {
                event.prevent_default();
                act(event);
            }
        })
    };
    let (enter_depth, enter_veil) = (depth.clone(), veil.clone());
    let (leave_depth, leave_veil) = (depth.clone(), veil.clone());
    let bus = bus.clone();
    Ok(vec![
        on(
            "dragenter",
            Box::new(move |_| {
                enter_depth.set(enter_depth.get() + 1);
                dom::set_hidden(&enter_veil, false);
            }),
        ),
        on(
            "dragleave",
            Box::new(move |_| {
                leave_depth.set((leave_depth.get() - 1).max(0));
                dom::set_hidden(&leave_veil, leave_depth.get() == 0);
            }),
        ),
        on(
            "dragover",
            Box::new(|event| {
                if let Some(data) = event.data_transfer() {
                    data.set_drop_effect("copy");
                }
            }),
        ),
        on(
            "drop",
            Box::new(move |event| {
                depth.set(0);
                dom::set_hidden(&veil, true);
                let files = listed(event.data_transfer().and_then(|data| data.files()));
                if !files.is_empty() {
                    bus.send(Msg::WantModel);
                    bus.send(Msg::Files(files));
                }
            }),
        ),
    ])
}

fn has_file(event: &DragEvent) -> bool {
    event.data_transfer().is_some_and(|data| data.types().includes(&"Files".into(), 0))
}
