//! The keys of the view, in one table: what they do, and what the page says of them.

use super::bus::{Bus, Msg};
use super::dom::{self, DomError};
use crate::words::{self, later};
use gloo::events::EventListener;
use viewer::Side;
use web_sys::{Element, HtmlDialogElement, HtmlElement, KeyboardEvent};

/// A key of the view that is pressed once.
pub(crate) struct ViewKey {
    /// As `KeyboardEvent.key` has it; the first is shown to people.
    keys: &'static [&'static str],
    pub(crate) words: &'static str,
    pub(crate) msg: fn() -> Msg,
}

const fn key(keys: &'static [&'static str], words: &'static str, msg: fn() -> Msg) -> ViewKey {
    ViewKey { keys, words, msg }
}

/// Those that are pressed once, while the view has the focus.
static VIEW_KEYS: [ViewKey; 14] = [
    key(&["f"], later!("Show everything"), || Msg::Fit),
    key(&["0", "F", "Home"], later!("As at first"), || Msg::GoHome),
    key(&["1"], later!("From the front"), || Msg::LookFrom(Side::Front)),
    key(&["2"], later!("From the back"), || Msg::LookFrom(Side::Back)),
    key(&["3"], later!("From the left"), || Msg::LookFrom(Side::Left)),
    key(&["4"], later!("From the right"), || Msg::LookFrom(Side::Right)),
    key(&["5"], later!("From above"), || Msg::LookFrom(Side::Top)),
    key(&["6"], later!("From below"), || Msg::LookFrom(Side::Bottom)),
    key(&["c"], later!("A colour for each object, or the scan's own"), || Msg::Colours),
    key(&["v"], later!("How the scan is shown"), || Msg::ShowLook),
    key(&["d"], later!("Measure"), || Msg::ToggleMeasure),
    key(&["g"], later!("Walk through the scan, or turn it again"), || Msg::ToggleWalk),
    key(&["p"], later!("Save a picture"), || Msg::TakePicture),
    key(&["?"], later!("These keys"), || Msg::ShowKeys),
];

/// Those that are held or repeated.
const HELD: [(&str, &str); 6] = [
    (later!("Arrows"), later!("Turn; with Shift, move along")),
    ("+  −", later!("Nearer, farther")),
    ("W A S D", later!("While walking: ahead, aside, back")),
    ("Q  E", later!("While walking: down, up")),
    (later!("Ctrl + click"), later!("Select several objects")),
    ("Enter", later!("In the question: ask; with Shift, a new line")),
];

/// What the key of an event does in the view, if it is one of those pressed once.
pub(crate) fn of(event: &KeyboardEvent) -> Option<&'static ViewKey> {
    let pressed = event.key();
    VIEW_KEYS.iter().find(|key| key.keys.contains(&pressed.as_str()))
}

/// The dialog that lists every key.
pub(crate) struct Keys {
    dialog: HtmlDialogElement,
    _listeners: Vec<EventListener>,
}

impl Keys {
    /// Fills the dialog from the tables and, for the tools, from their buttons.
    pub(crate) fn new(bus: &Bus, tools: &[(String, String)]) -> Result<Self, DomError> {
        let dialog: HtmlDialogElement = bus.by_id("keys")?;
        let table: Element = bus.by_id("keys-table")?;
        for (key, words) in HELD {
            row(&table, &words::of(key), &words::of(words));
        }
        for key in &VIEW_KEYS {
            row(
                &table,
                &key.keys.first().copied().unwrap_or_default().to_uppercase(),
                &words::of(key.words),
            );
        }
        for (words, key) in tools {
            row(&table, key, words);
        }
        let (shown, to_page) = (dialog.clone(), bus.clone());
        let close: HtmlElement = bus.by_id("keys-close")?;
        let open: HtmlElement = bus.by_id("keys-open")?;
        let listeners = vec![
            EventListener::new(&close, "click", move |_| shown.close()),
            EventListener::new(&open, "click", move |_| to_page.send(Msg::ShowKeys)),
        ];
        Ok(Self { dialog, _listeners: listeners })
    }

    pub(crate) fn show(&self) {
        // Refused only where it is open already.
        let _ = self.dialog.show_modal();
    }
}

fn row(table: &Element, key: &str, words: &str) {
    let Some(row) = dom::element("tr", "", "") else { return };
    if let Some(head) = dom::element("th", "", "") {
        dom::set_attr(&head, "scope", "row");
        dom::append(&head, dom::element("kbd", "", key).as_ref());
        dom::append(&row, Some(&head));
    }
    dom::append(&row, dom::element("td", "", words).as_ref());
    dom::append(table, Some(&row));
}
