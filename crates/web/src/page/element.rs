//! What a `<scan-wise>` element can be told, for `web/scan-wise.js`; all that happens in it is told by
//! events (`dom::Place::tell`).

use super::app::App;
use super::bus::{Bus, Msg};
use super::dom::Place;
use super::settings;
use crate::words;
use js_sys::{Function, Promise};
use scene::InstanceId;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsError, JsValue};
use web_sys::{File, HtmlElement, ShadowRoot};

/// One running Scanwise.
#[wasm_bindgen]
pub struct Running {
    bus: Bus,
}

#[wasm_bindgen]
impl Running {
    /// Brings the tree under `root` to life. `base`: the address of the folder of our files.
    ///
    /// # Errors
    /// Where the tree is not that of `scanwise.html`.
    #[wasm_bindgen(constructor)]
    pub fn new(root: ShadowRoot, host: HtmlElement, base: String) -> Result<Running, JsError> {
        let bus = Bus::new(Place { root, host, base });
        let app = App::new(bus.clone())?;
        bus.run(app);
        Ok(Self { bus })
    }

    /// Every element speaks another language from now on: `words/LANGUAGE.json` as an object.
    ///
    /// # Errors
    /// Where it is none of these.
    pub fn learn(words: JsValue) -> Result<(), JsError> {
        words::learn(serde_wasm_bindgen::from_value(words)?);
        Ok(())
    }

    /// Opens the scan among these, with the photographs among them.
    pub fn open(&self, files: Vec<File>) {
        self.bus.send(Msg::Files(files));
    }

    /// Opens the room that comes along.
    #[wasm_bindgen(js_name = openSample)]
    pub fn open_sample(&self) {
        self.bus.send(Msg::OpenSample);
    }

    /// Makes a room up and opens it.
    #[wasm_bindgen(js_name = makeRoom)]
    pub fn make_room(&self, seed: u32) {
        self.bus.send(Msg::MakeRoom(seed));
    }

    /// Says why a scan that was asked for cannot be had.
    pub fn refuse(&self, code: String, message: String) {
        self.bus.send(Msg::Refuse { code, message });
    }

    /// Takes another value of an attribute: `theme`, `backend` or `model`.
    pub fn choose(&self, name: &str, value: String) {
        self.bus.send(match name {
            "theme" => Msg::Theme(value),
            "backend" => Msg::Backend(settings::backend_of(&value)),
            "model" if settings::is_folder_name(&value) => Msg::Model(value),
            _ => return,
        });
    }

    /// Asks as if it had been typed: the question as events will tell of it. An empty one is not asked.
    pub fn ask(&self, question: String) -> String {
        let asked = question.trim().to_owned();
        self.bus.send(Msg::AskThis(asked.clone()));
        asked
    }

    /// Ends what is being done.
    pub fn stop(&self) {
        self.bus.send(Msg::Stop);
    }

    /// Lights these objects and no others.
    pub fn highlight(&self, ids: Vec<u32>) {
        self.bus.send(Msg::Highlight(ids.into_iter().map(InstanceId).collect()));
    }

    /// Lights one object and goes there.
    #[wasm_bindgen(js_name = goTo)]
    pub fn go_to(&self, id: u32) {
        self.bus.send(Msg::GoTo(InstanceId(id)));
    }

    /// What is seen, as a PNG: a promise of a `Blob`.
    pub fn picture(&self, labelled: bool) -> Promise {
        Promise::new(&mut |resolve: Function, reject: Function| {
            self.bus.send(Msg::Picture {
                labelled,
                then: Box::new(move |png| {
                    let (call, value) = match png {
                        Some(png) => (&resolve, JsValue::from(png)),
                        None => (&reject, JsError::new("there is no view to take").into()),
                    };
                    // Settling a promise of our own cannot throw.
                    let _ = call.call1(&JsValue::UNDEFINED, value.unchecked_ref());
                }),
            });
        })
    }

    /// Ends it: the worker, the view and everything that listened.
    pub fn end(&self) {
        self.bus.end();
    }
}
