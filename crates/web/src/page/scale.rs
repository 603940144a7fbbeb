use super::bus::Bus;
use super::dom::{self, DomError};
use crate::text::Unit;
use std::cell::Cell;
use viewer::{Pose, Viewport};
use web_sys::HtmlElement;

/// No longer than this, CSS pixels.
const MOST_PX: f32 = 150.0;

/// A bar as long as a round length is where the camera looks.
pub(crate) struct Scale {
    bar: HtmlElement,
    words: HtmlElement,
    unit: Cell<Unit>,
}

impl Scale {
    pub(crate) fn new(bus: &Bus) -> Result<Self, DomError> {
        let (bar, words) = (bus.by_id("scale")?, bus.by_id("scale-words")?);
        Ok(Self { bar, words, unit: Cell::default() })
    }

    pub(crate) fn set_unit(&self, unit: Unit) {
        self.unit.set(unit);
    }

    /// Its length, CSS pixels, and what is written on it.
    pub(crate) fn length(&self, pose: &Pose, viewport: Viewport) -> (f32, String) {
        let px_per_m = pose.px_per_m(viewport).max(1e-6);
        let (metres, words) = self.unit.get().round_length(MOST_PX / px_per_m);
        (metres * px_per_m, words)
    }

    pub(crate) fn place(&self, pose: &Pose, viewport: Viewport) {
        let (px, words) = self.length(pose, viewport);
        dom::set_style(&self.bar, "width", &format!("{px:.1}px"));
        if self.words.text_content().as_deref() != Some(&words) {
            self.words.set_text_content(Some(&words));
        }
    }
}
