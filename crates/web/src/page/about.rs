//! What can be said of this Scanwise: its version, its model, where each part ran, and what was measured.

use super::app::App;
use super::bus::Bus;
use super::dom::{self, DomError};
use crate::text;
use protocol::{AskReport, Backend};
use web_sys::HtmlElement;

/// The list in the settings.
pub(crate) struct About {
    list: HtmlElement,
    /// What runs where, and the bytes of weights, once a model is there.
    pub(crate) runs: Option<(Backend, u64)>,
    /// The last answer.
    pub(crate) last: Option<AskReport>,
}

impl About {
    pub(crate) fn new(bus: &Bus) -> Result<Self, DomError> {
        Ok(Self { list: bus.by_id("about")?, runs: None, last: None })
    }

    fn row(&self, term: &str, words: &str) -> Option<HtmlElement> {
        dom::append(&self.list, dom::element("dt", "", term).as_ref());
        let value = dom::element("dd", "", words)?;
        dom::append(&self.list, Some(&value));
        Some(value)
    }
}

impl App {
    /// Says what is known now.
    pub(super) fn show_about(&self) {
        let about = &self.about;
        dom::clear(&about.list);
        about.row("Version", env!("CARGO_PKG_VERSION"));
        let name = self.model.as_ref().map_or(self.settings.model(), |model| &model.name);
        let weights = match &about.runs {
            Some((_, bytes)) => format!("{name}, {} of weights. ", text::bytes(*bytes)),
            None => format!("{name}, not loaded yet. "),
        };
        if let (Some(value), Some(card)) =
            (about.row("Model", &weights), dom::element("a", "", "Model card"))
        {
            let address = format!("{}quantized-models/{name}/README.md", self.bus.place.base);
            dom::set_attr(&card, "href", &address);
            dom::set_attr(&card, "target", "_blank");
            dom::set_attr(&card, "rel", "noopener");
            dom::append(&value, Some(&card));
        }
        if let Some((ran, _)) = &about.runs {
            let words = format!(
                "Objects are found on {}, looked at on {}, answers written on {}",
                ran.segment, ran.encode, ran.lm
            );
            about.row("Runs on", &words);
        }
        if let Some(report) = &about.last {
            let seconds = &report.seconds;
            let words = format!(
                "{} points read in {:.2} s, {} objects found in {:.2} s and looked at in {:.2} s",
                text::count(u64::from(report.points)),
                seconds.parse,
                report.instances,
                seconds.segment,
                seconds.encode
            );
            about.row("This scan", &words);
            let words = format!(
                "{:.2} s, the first word after {:.2} s, {:.0} tokens/s, {} of memory",
                seconds.total,
                seconds.first_token,
                report.tokens_per_s,
                text::bytes(report.bytes)
            );
            about.row("Last answer", &words);
        }
        about.row("Leaves this device", "Nothing");
    }
}
