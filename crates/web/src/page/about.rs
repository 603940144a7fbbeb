//! What can be said of this Scanwise: its version, its model, where each part ran, and what was measured.

use super::app::App;
use super::bus::Bus;
use super::dom::{self, DomError};
use crate::text;
use crate::words::t;
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
        about.row(&t!("Version"), env!("CARGO_PKG_VERSION"));
        let name = self.model.as_ref().map_or(self.settings.model(), |model| &model.name);
        let weights = match &about.runs {
            Some((_, bytes)) => {
                t!("{name}, {size} of weights.", name = name, size = text::bytes(*bytes))
            }
            None => t!("{name}, not loaded yet.", name = name),
        };
        if let (Some(value), Some(card)) = (
            about.row(&t!("Model"), &format!("{weights} ")),
            dom::element("a", "", &t!("Model card")),
        ) {
            let address = format!("{}quantized-models/{name}/README.md", self.bus.place.base);
            dom::set_attr(&card, "href", &address);
            dom::set_attr(&card, "target", "_blank");
            dom::set_attr(&card, "rel", "noopener");
            dom::append(&value, Some(&card));
        }
        if let Some((ran, _)) = &about.runs {
            let words = t!(
                "Objects are found on {segment}, looked at on {encode}, answers written on {lm}",
                segment = ran.segment,
                encode = ran.encode,
                lm = ran.lm
            );
            about.row(&t!("Runs on"), &words);
        }
        if let Some(report) = &about.last {
            let seconds = &report.seconds;
            let words = t!(
                "{points} points read in {parse}, {objects} objects found in {segment} and looked at in {encode}",
                points = text::count(u64::from(report.points)),
                parse = text::seconds(seconds.parse),
                objects = report.instances,
                segment = text::seconds(seconds.segment),
                encode = text::seconds(seconds.encode)
            );
            about.row(&t!("This scan"), &words);
            let words = t!(
                "{total}, the first word after {first}, {rate} tokens/s, {size} of memory",
                total = text::seconds(seconds.total),
                first = text::seconds(seconds.first_token),
                rate = report.tokens_per_s.round(),
                size = text::bytes(report.bytes)
            );
            about.row(&t!("Last answer"), &words);
        }
        about.row(&t!("Leaves this device"), &t!("Nothing"));
    }
}
