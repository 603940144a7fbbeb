use super::bus::{Bus, Msg};
use super::dom::{self, DomError, Place};
use super::storage;
use gloo::events::EventListener;
use protocol::BackendChoice;
use web_sys::{HtmlDialogElement, HtmlElement, HtmlSelectElement};

/// The model asked for where the element names none.
const MODEL: &str = "scanwise-s";

/// The construction that an engine begins with.
const USUAL: &str = "direct";

const THEME_KEY: &str = "scanwise.theme";
const BACKEND_KEY: &str = "scanwise.backend";
const MODEL_KEY: &str = "scanwise.model";
/// Read by `scan-wise.js`, before there is a page.
const LANGUAGE_KEY: &str = "scanwise.language";

/// What a person may choose, kept in the browser; what the element is told (`backend=cpu`) wins.
pub(crate) struct Settings {
    theme: HtmlSelectElement,
    backend: HtmlSelectElement,
    /// How 3D-LLM's features come to points.
    construction: HtmlSelectElement,
    model_choice: HtmlSelectElement,
    /// The folder under `quantized-models/`.
    model: String,
    /// At most so many questions in a test (`questions=NUMBER`).
    pub(crate) questions: Option<u32>,
    _listeners: Vec<EventListener>,
}

impl Settings {
    pub(crate) fn new(bus: &Bus) -> Result<Self, DomError> {
        let asked = |name: &str| bus.place.attribute(name);
        let stored = |key: &str| storage::get::<String>(key);

        let theme: HtmlSelectElement = bus.by_id("theme")?;
        take_theme(&theme, &bus.place, asked("theme").or(stored(THEME_KEY)).as_deref());
        let backend: HtmlSelectElement = bus.by_id("backend")?;
        backend.set_value(asked("backend").or(stored(BACKEND_KEY)).as_deref().unwrap_or("auto"));
        // An attribute or a store may hold a word that is no choice.
        if backend.value().is_empty() {
            backend.set_value("auto");
        }
        let model_choice: HtmlSelectElement = bus.by_id("model")?;
        let model = asked("model").filter(|name| is_folder_name(name));
        let model = model.or_else(|| stored(MODEL_KEY).filter(|name| offers(&model_choice, name)));
        let questions = asked("questions").and_then(|text| text.parse().ok());
        let construction: HtmlSelectElement = bus.by_id("construction")?;
        let mut listeners = listen(bus, &theme, &backend)?;
        let (to_page, select) = (bus.clone(), construction.clone());
        listeners.push(EventListener::new(&construction, "change", move |_| {
            to_page.send(Msg::LiftBy(select.value()));
        }));
        let (to_page, select) = (bus.clone(), model_choice.clone());
        listeners.push(EventListener::new(&model_choice, "change", move |_| {
            to_page.send(Msg::Model(select.value()));
        }));
        let language: HtmlSelectElement = bus.by_id("language")?;
        if let Some(chosen) = stored(LANGUAGE_KEY).filter(|chosen| offers(&language, chosen)) {
            language.set_value(&chosen);
        }
        let select = language.clone();
        listeners.push(EventListener::new(&language, "change", move |_| {
            keep(LANGUAGE_KEY, &select.value());
        }));
        let model = model.unwrap_or_else(|| MODEL.to_owned());
        model_choice.set_value(&model);
        Ok(Self {
            theme,
            backend,
            construction,
            model_choice,
            model,
            questions,
            _listeners: listeners,
        })
    }

    /// The folder of the model that is to answer.
    pub(crate) fn model(&self) -> &str {
        &self.model
    }

    /// The model as the choice has it: `Small, 18 MB`.
    pub(crate) fn model_words(&self) -> String {
        let chosen = self.model_choice.query_selector("option:checked").ok().flatten();
        chosen.and_then(|option| option.text_content()).unwrap_or_else(|| self.model.clone())
    }

    /// From now on, and at the next visit.
    pub(crate) fn set_model(&mut self, name: &str) {
        self.model_choice.set_value(name);
        name.clone_into(&mut self.model);
        keep(MODEL_KEY, name);
    }

    pub(crate) fn backend(&self) -> BackendChoice {
        backend_of(&self.backend.value())
    }

    pub(crate) fn set_theme(&self, place: &Place, value: &str) {
        take_theme(&self.theme, place, Some(value));
    }

    /// How features of views are to come to points, where it is not as ever.
    pub(crate) fn construction(&self) -> Option<String> {
        Some(self.construction.value()).filter(|key| key != USUAL && !key.is_empty())
    }

    /// Follows a choice made elsewhere on the page.
    pub(crate) fn set_backend(&self, choice: BackendChoice) {
        let value = match choice {
            BackendChoice::Auto => "auto",
            BackendChoice::Gpu => "gpu",
            BackendChoice::Cpu => "cpu",
        };
        self.backend.set_value(value);
        keep(BACKEND_KEY, value);
    }
}

/// Whether a choice holds this.
fn offers(choice: &HtmlSelectElement, value: &str) -> bool {
    let before = choice.value();
    choice.set_value(value);
    let offered = choice.value() == value;
    choice.set_value(&before);
    offered
}

/// What a choice, an attribute or an address says; whichever is faster where it says nothing known.
pub(super) fn backend_of(key: &str) -> BackendChoice {
    match key {
        "gpu" => BackendChoice::Gpu,
        "cpu" => BackendChoice::Cpu,
        _ => BackendChoice::Auto,
    }
}

/// A name that stays within its folder.
pub(super) fn is_folder_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 64
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

/// Private windows may refuse to store; the choice then lasts as long as the page.
fn keep(key: &str, value: &str) {
    storage::set(key, &value);
}

/// An attribute or a store may hold a word that is no choice.
fn take_theme(choice: &HtmlSelectElement, place: &Place, value: Option<&str>) {
    choice.set_value(value.unwrap_or("auto"));
    if choice.value().is_empty() {
        choice.set_value("auto");
    }
    apply_theme(place, &choice.value());
}

fn apply_theme(place: &Place, value: &str) {
    dom::set_attr(&place.host, "data-theme", value);
}

fn listen(
    bus: &Bus,
    theme: &HtmlSelectElement,
    backend: &HtmlSelectElement,
) -> Result<Vec<EventListener>, DomError> {
    let (to_page, select) = (bus.clone(), theme.clone());
    let on_theme = EventListener::new(theme, "change", move |_| {
        apply_theme(&to_page.place, &select.value());
        keep(THEME_KEY, &select.value());
        to_page.send(Msg::Recolour);
    });
    let (to_page, select) = (bus.clone(), backend.clone());
    let on_backend = EventListener::new(backend, "change", move |_| {
        to_page.send(Msg::Backend(backend_of(&select.value())));
    });
    let dialog: HtmlDialogElement = bus.by_id("settings")?;
    let shown = dialog.clone();
    let open: HtmlElement = bus.by_id("settings-open")?;
    let on_open = EventListener::new(&open, "click", move |_| {
        // Refused only where it is open already.
        let _ = shown.show_modal();
    });
    let close: HtmlElement = bus.by_id("settings-close")?;
    let on_close = EventListener::new(&close, "click", move |_| dialog.close());
    let mut listeners = vec![on_theme, on_backend, on_open, on_close];
    if let Ok(Some(query)) = dom::window()?.match_media("(prefers-color-scheme: dark)") {
        let to_page = bus.clone();
        listeners.push(EventListener::new(&query, "change", move |_| to_page.send(Msg::Recolour)));
    }
    Ok(listeners)
}
