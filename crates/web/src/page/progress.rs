use super::dom::{self, DomError};
use crate::text;
use protocol::Phase;
use web_sys::{HtmlElement, HtmlProgressElement};

/// The card that says what is being done and how far it is.
pub(crate) struct Progress {
    card: HtmlElement,
    title: HtmlElement,
    detail: HtmlElement,
    bar: HtmlProgressElement,
    said: HtmlElement,
    phase: Option<Phase>,
}

impl Progress {
    pub(crate) fn new() -> Result<Self, DomError> {
        Ok(Self {
            card: dom::by_id("progress")?,
            title: dom::by_id("progress-title")?,
            detail: dom::by_id("progress-detail")?,
            bar: dom::by_id("progress-bar")?,
            said: dom::by_id("said")?,
            phase: None,
        })
    }

    pub(crate) fn show(&mut self, phase: Phase, done: u64, total: Option<u64>) {
        if self.phase != Some(phase) {
            self.phase = Some(phase);
            self.title.set_text_content(Some(text::phase(phase)));
            // Phases are worth saying aloud, single steps are not.
            self.say(text::phase(phase));
        }
        self.detail.set_text_content(Some(&text::progress(phase, done, total)));
        match total {
            Some(total) if total > 0 => {
                self.bar.set_value((done as f64 / total as f64).clamp(0.0, 1.0));
            }
            _ => {
                // Without a value the bar shows that something moves, and no more.
                let _ = self.bar.remove_attribute("value");
            }
        }
        dom::set_hidden(&self.card, false);
    }

    pub(crate) fn hide(&mut self) {
        self.phase = None;
        dom::set_hidden(&self.card, true);
    }

    /// For people who listen to the page.
    pub(crate) fn say(&self, words: &str) {
        self.said.set_text_content(Some(words));
    }
}
