use super::bus::{Bus, Msg};
use super::dom::{self, DomError, Place};
use super::told;
use gloo::events::EventListener;
use protocol::BackendChoice;
use web_sys::HtmlElement;

/// What a person can do about a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Remedy {
    /// Choose or drop another scan.
    OtherScan,
    /// Let the CPU answer.
    UseCpu,
    /// Start the worker anew.
    Restart,
    /// Nothing but to know.
    Dismiss,
}

/// The panel that says what went wrong and what to do.
pub(crate) struct Problem {
    place: Place,
    panel: HtmlElement,
    title: HtmlElement,
    words: HtmlElement,
    buttons: [(Remedy, HtmlElement); 4],
    code: Option<String>,
    _listeners: Vec<EventListener>,
}

impl Problem {
    pub(crate) fn new(bus: &Bus) -> Result<Self, DomError> {
        let panel: HtmlElement = bus.by_id("problem")?;
        let buttons = [
            (Remedy::OtherScan, bus.by_id::<HtmlElement>("problem-other")?),
            (Remedy::UseCpu, bus.by_id("problem-cpu")?),
            (Remedy::Restart, bus.by_id("problem-restart")?),
            (Remedy::Dismiss, bus.by_id("problem-dismiss")?),
        ];
        let listeners = buttons
            .iter()
            .map(|(remedy, button)| {
                let (bus, remedy, panel) = (bus.clone(), *remedy, panel.clone());
                EventListener::new(button, "click", move |_| {
                    dom::set_hidden(&panel, true);
                    match remedy {
                        Remedy::OtherScan => super::intake::choose(&bus),
                        Remedy::UseCpu => bus.send(Msg::Backend(BackendChoice::Cpu)),
                        Remedy::Restart => bus.send(Msg::Restart),
                        Remedy::Dismiss => {}
                    }
                })
            })
            .collect();
        Ok(Self {
            place: bus.place.clone(),
            panel,
            title: bus.by_id("problem-title")?,
            words: bus.by_id("problem-words")?,
            buttons,
            code: None,
            _listeners: listeners,
        })
    }

    pub(crate) fn show(&mut self, code: &str, title: &str, words: &str, remedies: &[Remedy]) {
        self.code = Some(code.to_owned());
        self.place.tell("scanwise-problem", &told::Problem { code, title, message: words });
        dom::set_attr(&self.panel, "data-code", code);
        self.title.set_text_content(Some(title));
        self.words.set_text_content(Some(words));
        for (remedy, button) in &self.buttons {
            dom::set_hidden(button, !remedies.contains(remedy));
        }
        dom::set_hidden(&self.panel, false);
    }

    pub(crate) fn hide(&mut self) {
        self.code = None;
        dom::set_hidden(&self.panel, true);
    }

    /// Whether this would be news: nothing else is shown, and it was not just dismissed.
    pub(crate) fn may_tell(&self, code: &str) -> bool {
        self.panel.has_attribute("hidden") && self.code.as_deref() != Some(code)
    }

    /// Hides the panel if this is what it shows.
    pub(crate) fn solved(&mut self, code: &str) {
        if self.code.as_deref() == Some(code) {
            self.hide();
        }
    }
}
