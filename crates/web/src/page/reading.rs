//! How the open scan was read, and what the person knows better.

use super::app::App;
use super::bus::{Bus, Msg};
use super::dom::{self, DomError};
use super::opened::{OpenScan, Source};
use crate::text;
use crate::words::t;
use gloo::events::EventListener;
use protocol::{ScanChoices, SceneSummary};
use scene::Unit;
use web_sys::{HtmlElement, HtmlInputElement, HtmlSelectElement};

/// The choices, folded under the list of objects; open where the engine asks.
pub(crate) struct Reading {
    fold: HtmlElement,
    line: HtmlElement,
    ask: HtmlElement,
    up: HtmlSelectElement,
    unit: HtmlSelectElement,
    mirrored: HtmlInputElement,
    own: HtmlInputElement,
    own_field: HtmlElement,
    _listener: EventListener,
}

impl Reading {
    pub(crate) fn new(bus: &Bus) -> Result<Self, DomError> {
        let again: HtmlElement = bus.by_id("reading-again")?;
        let to_page = bus.clone();
        let listener = EventListener::new(&again, "click", move |_| to_page.send(Msg::ReadAgain));
        Ok(Self {
            fold: bus.by_id("reading")?,
            line: bus.by_id("reading-line")?,
            ask: bus.by_id("reading-ask")?,
            up: bus.by_id("reading-up")?,
            unit: bus.by_id("reading-unit")?,
            mirrored: bus.by_id("reading-mirrored")?,
            own: bus.by_id("reading-own")?,
            own_field: bus.by_id("reading-own-field")?,
            _listener: listener,
        })
    }

    pub(crate) fn hide(&self) {
        dom::set_hidden(&self.fold, true);
    }

    /// Shows how a scan was read. A scan that is made up leaves nothing to choose.
    pub(crate) fn show(&self, scene: &SceneSummary, choices: &ScanChoices) {
        let reading = &scene.reading;
        let unit = Unit::ALL.into_iter().find(|unit| unit.name() == scene.unit);
        let unit = unit.map_or_else(|| scene.unit.clone(), text::unit);
        let mut line = t!("Read with {axis} up, in {unit}", axis = scene.up, unit = unit);
        for (is, words) in [
            (reading.mirrored, t!("mirrored")),
            (reading.objects_of_file, t!("objects of the file")),
        ] {
            if is {
                line.extend([", ", &words]);
            }
        }
        self.line.set_text_content(Some(&line));
        let doubt = match (reading.asks_up(), reading.asks_unit()) {
            (true, true) => t!("Which way is up and what the unit is could only be guessed."),
            (true, false) => t!("Which way is up could only be guessed."),
            (false, true) => t!("The unit could only be guessed, and with it every length."),
            (false, false) => String::new(),
        };
        self.ask.set_text_content(Some(&doubt));
        dom::set_hidden(&self.ask, doubt.is_empty());
        // What was guessed stays a guess: only what the person has set is sent again.
        self.up.set_value(choices.up.as_deref().unwrap_or("auto"));
        self.unit.set_value(choices.unit.map_or("auto", Unit::name));
        self.mirrored.set_checked(reading.mirrored);
        self.own.set_checked(reading.objects_of_file);
        dom::set_hidden(&self.own_field, !reading.file_has_objects);
        // An attribute, because the fold may be opened by the person too.
        let _ = self.fold.toggle_attribute_with_force("open", !doubt.is_empty());
        dom::set_hidden(&self.fold, false);
    }

    fn choices(&self) -> ScanChoices {
        let unit = self.unit.value();
        ScanChoices {
            up: Some(self.up.value()).filter(|name| name != "auto"),
            unit: Unit::ALL.into_iter().find(|known| known.name() == unit),
            mirrored: self.mirrored.checked(),
            objects_of_file: self.own.checked(),
        }
    }
}

impl App {
    /// Opens the scan again as the person says it is to be read.
    pub(crate) fn read_again(&mut self) {
        let Some(OpenScan { source, name, photos, .. }) = &self.scan else { return };
        if !matches!(source, Source::Room(_)) {
            let photos = photos.clone();
            self.open(name.clone(), source.clone(), self.reading.choices());
            self.take_photos(photos);
        }
    }
}
