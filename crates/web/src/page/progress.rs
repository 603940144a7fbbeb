use super::app::now_s;
use super::bus::Bus;
use super::dom::{self, DomError};
use crate::text;
use protocol::Phase;
use web_sys::{HtmlElement, HtmlProgressElement};

/// How fast a model comes is said once this much has passed, seconds.
const RATE_AFTER_S: f64 = 0.5;

/// The card that says what is being done and how far it is.
pub(crate) struct Progress {
    card: HtmlElement,
    title: HtmlElement,
    detail: HtmlElement,
    bar: HtmlProgressElement,
    said: HtmlElement,
    phase: Option<Phase>,
    /// When the phase began, seconds, and how far it was then.
    began: (f64, u64),
}

impl Progress {
    pub(crate) fn new(bus: &Bus) -> Result<Self, DomError> {
        Ok(Self {
            card: bus.by_id("progress")?,
            title: bus.by_id("progress-title")?,
            detail: bus.by_id("progress-detail")?,
            bar: bus.by_id("progress-bar")?,
            said: bus.by_id("said")?,
            phase: None,
            began: (0.0, 0),
        })
    }

    pub(crate) fn show(&mut self, phase: Phase, done: u64, total: Option<u64>) {
        if self.phase != Some(phase) {
            self.phase = Some(phase);
            self.began = (now_s(), done);
            self.title.set_text_content(Some(&text::phase(phase)));
            // Phases are worth saying aloud, single steps are not.
            self.say(&text::phase(phase));
        }
        let mut detail = text::progress(phase, done, total);
        let (passed_s, came) = (now_s() - self.began.0, done.saturating_sub(self.began.1));
        if phase == Phase::Model && passed_s > RATE_AFTER_S && came > 0 {
            let rate = text::bytes((came as f64 / passed_s) as u64);
            detail = format!("{detail} · {rate}/s");
        }
        self.detail.set_text_content(Some(&detail));
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
