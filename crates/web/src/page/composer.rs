use super::bus::{Bus, Msg};
use super::dom::{self, DomError};
use crate::text;
use gloo::events::{EventListener, EventListenerOptions};
use scene::InstanceId;
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlButtonElement, HtmlElement, HtmlTextAreaElement, KeyboardEvent};

/// The question box, its buttons and the example questions.
pub(crate) struct Composer {
    question: HtmlTextAreaElement,
    ask: HtmlButtonElement,
    stop: HtmlButtonElement,
    hint: HtmlElement,
    /// What was said in passing.
    passing: RefCell<String>,
    chips: HtmlElement,
    _listeners: Vec<EventListener>,
}

impl Composer {
    pub(crate) fn new(bus: &Bus) -> Result<Self, DomError> {
        let question: HtmlTextAreaElement = bus.by_id("question")?;
        let form: HtmlElement = bus.by_id("composer")?;
        let stop: HtmlButtonElement = bus.by_id("stop")?;
        let chips: HtmlElement = bus.by_id("chips")?;
        let may_prevent = EventListenerOptions::enable_prevent_default();
        let to_page = bus.clone();
        let submit = EventListener::new_with_options(&form, "submit", may_prevent, move |event| {
            event.prevent_default();
            to_page.send(Msg::Ask);
        });
        let to_page = bus.clone();
        let enter = EventListener::new_with_options(&question, "keydown", may_prevent, move |e| {
            let Some(key) = e.dyn_ref::<KeyboardEvent>() else { return };
            // While an input method composes a word, Enter chooses it.
            if key.key() == "Enter" && !key.shift_key() && !key.is_composing() {
                key.prevent_default();
                to_page.send(Msg::Ask);
            }
        });
        let to_page = bus.clone();
        let halt = EventListener::new(&stop, "click", move |_| to_page.send(Msg::Stop));
        let to_page = bus.clone();
        let chip = EventListener::new(&chips, "click", move |event| {
            let chip = event
                .target()
                .and_then(|target| target.dyn_into::<Element>().ok())
                .and_then(|target| target.closest("button").ok()?);
            if let Some(question) = chip.and_then(|chip| chip.text_content()) {
                to_page.send(Msg::AskThis(question));
            }
        });
        let to_page = bus.clone();
        let skip: HtmlElement = bus.by_id("skip")?;
        let skip = EventListener::new(&skip, "click", move |_| to_page.send(Msg::ToQuestion));
        Ok(Self {
            question,
            ask: bus.by_id("ask")?,
            stop,
            hint: bus.by_id("hint")?,
            passing: RefCell::default(),
            chips,
            _listeners: vec![submit, enter, halt, chip, skip],
        })
    }

    pub(crate) fn question(&self) -> String {
        self.question.value()
    }

    pub(crate) fn focus(&self) {
        // Where it cannot be, the focus stays where it is.
        let _ = self.question.focus();
    }

    pub(crate) fn clear(&self) {
        self.question.set_value("");
        self.passing.borrow_mut().clear();
    }

    /// Puts words where the cursor is and goes there.
    pub(crate) fn insert(&self, words: &str) {
        let place = self.question.selection_start().ok().flatten();
        let set = place.map(|at| {
            let to = self.question.selection_end().ok().flatten().unwrap_or(at);
            self.question.set_range_text_with_start_and_end(words, at, to)
        });
        if !matches!(set, Some(Ok(()))) {
            let whole = format!("{}{words}", self.question.value());
            self.question.set_value(&whole);
        }
        let end = self.question.value().encode_utf16().count() as u32;
        // The cursor belongs behind what was put in; a detached box has none.
        let _ = self.question.set_selection_range(end, end);
        let _ = self.question.focus();
    }

    /// `able`: a question can be answered now. `busy`: one is being answered.
    pub(crate) fn set_state(&self, able: bool, busy: bool, hint: &str) {
        self.ask.set_disabled(!able || busy);
        dom::set_hidden(&self.ask, busy);
        dom::set_hidden(&self.stop, !busy);
        self.show_hint(hint);
    }

    /// Says something in passing, where there is nothing else to say, until the next question.
    pub(crate) fn say(&self, words: &str) {
        words.clone_into(&mut self.passing.borrow_mut());
        self.show_hint("");
    }

    fn show_hint(&self, hint: &str) {
        let passing = self.passing.borrow();
        let words = if hint.is_empty() { passing.as_str() } else { hint };
        self.hint.set_text_content(Some(words));
        dom::set_hidden(&self.hint, words.is_empty());
    }

    /// Example questions that the scene can answer.
    pub(crate) fn set_chips(&self, chips: &[String], known: impl Fn(InstanceId) -> bool) {
        dom::clear(&self.chips);
        for chip in chips {
            let words = text::to_typed(&text::pieces(chip, &known));
            if let Some(button) = dom::element("button", "chip", &words) {
                dom::set_attr(&button, "type", "button");
                dom::append(&self.chips, Some(&button));
            }
        }
        dom::set_hidden(&self.chips, chips.is_empty());
    }
}
