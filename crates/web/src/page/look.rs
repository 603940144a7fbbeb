//! How the points are shown, as the person chooses it: the panel “View”.

use super::app::App;
use super::bus::{Bus, Msg};
use super::dom::{self, DomError};
use super::storage;
use crate::palette;
use crate::text::Unit;
use gloo::events::EventListener;
use scene::{Aabb, InstanceId};
use std::rc::Rc;
use viewer::{Colouring, Side, Style};
use web_sys::{Element, HtmlElement, HtmlInputElement, HtmlSelectElement};

const UNIT_KEY: &str = "scanwise.unit";

/// The sliders of the clip box: element, axis, and whether it is the upper side.
const CLIPS: [(&str, usize, bool); 6] = [
    ("clip-x-low", 0, false),
    ("clip-x-high", 0, true),
    ("clip-y-low", 1, false),
    ("clip-y-high", 1, true),
    ("clip-z-low", 2, false),
    ("clip-z-high", 2, true),
];

/// The buttons of the six sides, in the order of [`Side::ALL`].
const SIDES: [&str; 6] =
    ["side-front", "side-back", "side-left", "side-right", "side-top", "side-bottom"];

/// What the colour of a point tells, as a person chooses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ColourBy {
    Own,
    Height,
    Facing,
    Object,
    Kind,
    Weight,
}

impl ColourBy {
    const ALL: [(&str, Self); 6] = [
        ("own", Self::Own),
        ("height", Self::Height),
        ("facing", Self::Facing),
        ("object", Self::Object),
        ("kind", Self::Kind),
        ("weight", Self::Weight),
    ];
}

/// The panel.
pub(crate) struct Look {
    panel: HtmlElement,
    opener: HtmlElement,
    colours: HtmlElement,
    colour_by: HtmlSelectElement,
    size: HtmlInputElement,
    attenuated: HtmlInputElement,
    relief: HtmlInputElement,
    unit: HtmlSelectElement,
    labelled: HtmlInputElement,
    clips: Rc<Vec<HtmlInputElement>>,
    walls: HtmlElement,
    _listeners: Vec<EventListener>,
}

impl Look {
    pub(crate) fn new(bus: &Bus) -> Result<Self, DomError> {
        let mut listeners = Vec::new();
        let mut on = |element: &Element, name: &'static str, msg: fn() -> Msg| {
            let to_page = bus.clone();
            listeners.push(EventListener::new(element, name, move |_| to_page.send(msg())));
        };
        let panel: HtmlElement = bus.by_id("look")?;
        let opener: HtmlElement = bus.by_id("tool-look")?;
        on(&opener, "click", || Msg::ShowLook);
        let colours: HtmlElement = bus.by_id("tool-colours")?;
        on(&colours, "click", || Msg::Colours);
        for id in ["look-colour", "look-size", "look-attenuated", "look-relief"] {
            on(&bus.by_id::<Element>(id)?, "input", || Msg::Restyle);
        }
        on(&bus.by_id::<Element>("look-unit")?, "change", || Msg::Measures);
        on(&bus.by_id::<Element>("look-home")?, "click", || Msg::GoHome);
        on(&bus.by_id::<Element>("look-picture")?, "click", || Msg::TakePicture);
        on(&bus.by_id::<Element>("clip-reset")?, "click", || Msg::Unclip);
        let walls: HtmlElement = bus.by_id("tool-walls")?;
        let pressed = walls.clone();
        let to_page = bus.clone();
        let mut clips = Vec::new();
        for (id, ..) in CLIPS {
            let slider: HtmlInputElement = bus.by_id(id)?;
            on(&slider, "input", || Msg::Restyle);
            clips.push(slider);
        }
        listeners.push(EventListener::new(&walls, "click", move |_| {
            let is_on = pressed.get_attribute("aria-pressed").as_deref() == Some("true");
            dom::set_attr(&pressed, "aria-pressed", if is_on { "false" } else { "true" });
            to_page.send(Msg::Restyle);
        }));
        for (id, side) in SIDES.into_iter().zip(Side::ALL) {
            let to_page = bus.clone();
            let button: HtmlElement = bus.by_id(id)?;
            listeners.push(EventListener::new(&button, "click", move |_| {
                to_page.send(Msg::LookFrom(side));
            }));
        }
        let unit: HtmlSelectElement = bus.by_id("look-unit")?;
        let stored = storage::get::<String>(UNIT_KEY);
        if let Some(key) = stored.filter(|key| Unit::from_key(key).is_some()) {
            unit.set_value(&key);
        }
        Ok(Self {
            panel,
            opener,
            colours,
            colour_by: bus.by_id("look-colour")?,
            size: bus.by_id("look-size")?,
            attenuated: bus.by_id("look-attenuated")?,
            relief: bus.by_id("look-relief")?,
            unit,
            labelled: bus.by_id("look-labelled")?,
            clips: Rc::new(clips),
            walls,
            _listeners: listeners,
        })
    }

    pub(crate) fn colour_by(&self) -> ColourBy {
        let key = self.colour_by.value();
        let known = ColourBy::ALL.into_iter().find(|(own, _)| *own == key);
        known.map_or(ColourBy::Own, |(_, by)| by)
    }

    fn set_colour_by(&self, by: ColourBy) {
        if let Some((key, _)) = ColourBy::ALL.into_iter().find(|(_, own)| *own == by) {
            self.colour_by.set_value(key);
        }
    }

    /// In what lengths are shown.
    pub(crate) fn unit(&self) -> Unit {
        Unit::from_key(&self.unit.value()).unwrap_or_default()
    }

    /// As chosen, of a scan that lies within `bounds`.
    fn style(&self, bounds: Option<Aabb>) -> Style {
        let colouring = match self.colour_by() {
            ColourBy::Own => Colouring::Own,
            ColourBy::Height => Colouring::Height,
            ColourBy::Facing => Colouring::Facing,
            ColourBy::Object | ColourBy::Kind | ColourBy::Weight => Colouring::Objects,
        };
        Style {
            colouring,
            size: self.size.value().parse().unwrap_or(1.0),
            attenuated: self.attenuated.checked(),
            relief: self.relief.checked(),
            see_through: self.walls.get_attribute("aria-pressed").as_deref() == Some("true"),
            clip: bounds.and_then(|bounds| self.clip(&bounds)),
        }
    }

    /// The box that the sliders leave; `None` where they leave all.
    fn clip(&self, bounds: &Aabb) -> Option<Aabb> {
        // What lies outside of the bounds worth looking at is shown as long as nothing is cut.
        let far = glam::Vec3::splat(1e30);
        let (mut clip, mut is_cut) = (Aabb { min: -far, max: far }, false);
        for (slider, (_, axis, is_upper)) in self.clips.iter().zip(CLIPS) {
            let share = slider.value().parse::<f32>().unwrap_or(0.0) / 100.0;
            let rest = if is_upper { 1.0 } else { 0.0 };
            if share == rest {
                continue;
            }
            let at = bounds.min[axis] + share * bounds.size()[axis];
            if is_upper {
                clip.max[axis] = at
            } else {
                clip.min[axis] = at
            }
            is_cut = true;
        }
        is_cut.then_some(clip)
    }

    pub(crate) fn unclip(&self) {
        for (slider, (.., is_upper)) in self.clips.iter().zip(CLIPS) {
            slider.set_value(if is_upper { "100" } else { "0" });
        }
    }

    fn show(&self, shown: bool) {
        dom::set_hidden(&self.panel, !shown);
        dom::set_attr(&self.opener, "aria-expanded", if shown { "true" } else { "false" });
    }
}

impl App {
    /// Takes what the panel says.
    pub(crate) fn restyle(&self) {
        let by_something = self.look.colour_by() != ColourBy::Own;
        let pressed = if by_something { "true" } else { "false" };
        dom::set_attr(&self.look.colours, "aria-pressed", pressed);
        self.stage.set_style(self.look.style(self.stage.bounds()));
        self.show_marks();
    }

    /// Every object in a colour of its own, or the scan's colours again.
    pub(crate) fn toggle_colours(&self) {
        let is_own = self.look.colour_by() == ColourBy::Own;
        self.look.set_colour_by(if is_own { ColourBy::Object } else { ColourBy::Own });
        self.restyle();
    }

    pub(crate) fn toggle_look(&self) {
        self.look.show(self.look.panel.has_attribute("hidden"));
    }

    /// Lengths are to be shown in another unit.
    pub(crate) fn take_unit(&mut self) {
        // Private windows may refuse to store; the choice then lasts as long as the page.
        storage::set(UNIT_KEY, &self.look.unit.value());
        self.stage.set_unit(self.look.unit());
        if let Some(summary) = self.scan.as_ref().and_then(|scan| scan.summary.as_ref()) {
            self.objects.show(&summary.objects, &summary.warnings, self.look.unit());
            self.objects.set_lit(&self.spot.lit);
        }
        self.show_measure();
        self.show_marks();
    }

    /// The view as it is, saved as a picture.
    pub(crate) fn take_picture(&self) {
        let name = self.scan.as_ref().map_or("scan", |scan| &scan.name);
        let stem = name.strip_suffix(".ply").unwrap_or(name);
        let name = format!("{stem}.png");
        let save = move |png: Option<web_sys::Blob>| {
            if let Some(png) = png {
                dom::download(&name, &png.into());
            }
        };
        self.stage.picture(self.look.labelled.checked(), Box::new(save));
    }

    /// The colours of objects that are coloured by something of theirs.
    pub(crate) fn objects_in_colour(&self) -> Vec<(InstanceId, [f32; 3])> {
        let summary = self.scan.as_ref().and_then(|scan| scan.summary.as_ref());
        let objects = summary.map(|summary| summary.objects.as_slice()).unwrap_or_default();
        match self.look.colour_by() {
            ColourBy::Object => {
                objects.iter().map(|one| (one.id, palette::of_object(one.id.0))).collect()
            }
            ColourBy::Kind => {
                let mut kinds: Vec<&str> = objects.iter().map(|one| one.label.as_str()).collect();
                kinds.sort_unstable();
                kinds.dedup();
                let of_kind = |label: &str| kinds.binary_search(&label).unwrap_or(0) as u32 + 1;
                let colour = |label: &str| palette::of_object(of_kind(label));
                objects.iter().map(|one| (one.id, colour(&one.label))).collect()
            }
            ColourBy::Weight => {
                let most = self.weights.iter().map(|(_, share)| *share).fold(1e-6, f32::max);
                // Of those that it looked at least nothing is said.
                let of_one = |id| self.weights.iter().find(|(own, _)| *own == id);
                let share = |id| of_one(id).map_or(0.0, |(_, share)| share / most);
                objects.iter().map(|one| (one.id, palette::heat(share(one.id)))).collect()
            }
            ColourBy::Own | ColourBy::Height | ColourBy::Facing => Vec::new(),
        }
    }

    /// Leaves the tools of the view.
    pub(crate) fn leave_view_tools(&mut self) {
        self.look.show(false);
        self.stop_measuring();
    }
}
