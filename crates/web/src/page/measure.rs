//! Measuring in the view by hand: click, or tap, point after point, then Finish.

use super::app::App;
use super::bus::{Bus, Msg};
use super::dom::{self, DomError};
use super::labels::Label;
use crate::text::Unit;
use crate::words::t;
use glam::Vec3;
use gloo::events::EventListener;
use scene::Aabb;
use web_sys::{HtmlButtonElement, HtmlElement, HtmlSelectElement};

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// From point to point, as far as one likes.
    Distance,
    /// How much higher the one is than the other.
    Height,
    /// The edges of the box round the points.
    Size,
}

/// The bar under the view.
pub(crate) struct Measure {
    bar: HtmlElement,
    opener: HtmlElement,
    what: HtmlSelectElement,
    readout: HtmlElement,
    finish: HtmlButtonElement,
    is_open: bool,
    /// Whether the next point begins anew.
    is_finished: bool,
    points: Vec<Vec3>,
    _listeners: Vec<EventListener>,
}

impl Measure {
    pub(crate) fn new(bus: &Bus) -> Result<Self, DomError> {
        let on = |id: &str, name: &'static str, msg: fn() -> Msg| {
            let to_page = bus.clone();
            let element: HtmlElement = bus.by_id(id)?;
            Ok(EventListener::new(&element, name, move |_| to_page.send(msg())))
        };
        let listeners = vec![
            on("tool-measure", "click", || Msg::ToggleMeasure)?,
            on("measure-what", "change", || Msg::Measures)?,
            on("measure-finish", "click", || Msg::FinishMeasure)?,
            on("measure-clear", "click", || Msg::ClearMeasure)?,
        ];
        Ok(Self {
            bar: bus.by_id("measure")?,
            opener: bus.by_id("tool-measure")?,
            what: bus.by_id("measure-what")?,
            readout: bus.by_id("measure-readout")?,
            finish: bus.by_id("measure-finish")?,
            is_open: false,
            is_finished: false,
            points: Vec::new(),
            _listeners: listeners,
        })
    }

    /// Whether clicks in the view are for it.
    pub(crate) fn is_open(&self) -> bool {
        self.is_open
    }

    fn what(&self) -> What {
        match self.what.value().as_str() {
            "height" => What::Height,
            "size" => What::Size,
            _ => What::Distance,
        }
    }

    fn open(&mut self, is_open: bool) {
        self.is_open = is_open;
        dom::set_hidden(&self.bar, !is_open);
        dom::set_attr(&self.opener, "aria-pressed", if is_open { "true" } else { "false" });
        if !is_open {
            self.clear();
        }
    }

    fn clear(&mut self) {
        self.points.clear();
        self.is_finished = false;
    }

    fn add(&mut self, point: Vec3) {
        if self.is_finished {
            self.clear();
        }
        // A height lies between two points.
        if self.what() == What::Height && self.points.len() > 1 {
            self.points.pop();
        }
        self.points.push(point);
    }

    /// The lines that show it, each with its length where that is said.
    pub(crate) fn lines(&self, unit: Unit) -> Vec<([Vec3; 2], Option<String>)> {
        match (self.what(), self.points.as_slice()) {
            (What::Distance, points) => {
                let leg = |pair: &[Vec3]| {
                    let length = unit.length(pair[0].distance(pair[1]));
                    ([pair[0], pair[1]], Some(length))
                };
                points.windows(2).map(leg).collect()
            }
            (What::Height, [from, to]) => {
                let corner = from.with_z(to.z);
                let height = unit.length((to.z - from.z).abs());
                vec![([*from, corner], Some(height)), ([corner, *to], None)]
            }
            (What::Height | What::Size, _) => Vec::new(),
        }
    }

    /// The box round the points, where it is what is measured.
    pub(crate) fn bounds(&self) -> Option<Aabb> {
        let is_box = self.what() == What::Size && self.points.len() > 1;
        is_box.then(|| Aabb::of_points(self.points.iter().copied()))
    }

    /// Where the points are.
    pub(crate) fn dots(&self) -> &[Vec3] {
        &self.points
    }

    fn say(&self, unit: Unit) {
        let words = match (self.points.as_slice(), self.what()) {
            ([], _) => t!("Click or tap on a point of the scan."),
            ([one], _) => t!("At {place}. Now the next point.", place = unit.place(*one)),
            (points, What::Distance) => {
                let legs = points.windows(2).map(|pair| pair[0].distance(pair[1]));
                let all = unit.length(legs.sum());
                match points {
                    [a, b] => {
                        let level = unit.length((*b - *a).truncate().length());
                        let up = unit.length((b.z - a.z).abs());
                        t!(
                            "{all} apart, {level} on the level, {up} in height.",
                            all = all,
                            level = level,
                            up = up
                        )
                    }
                    _ => t!("{all} along {legs} legs.", all = all, legs = points.len() - 1),
                }
            }
            ([a, .., b], What::Height) => {
                let up = unit.length((b.z - a.z).abs());
                match b.z >= a.z {
                    true => t!("{up} higher.", up = up),
                    false => t!("{up} lower.", up = up),
                }
            }
            (_, What::Size) => match self.bounds() {
                Some(bounds) => t!("{size} round the points.", size = unit.size(&bounds)),
                None => String::new(),
            },
        };
        self.readout.set_text_content(Some(&words));
        self.finish.set_disabled(self.points.len() < 2 || self.is_finished);
    }
}

impl App {
    pub(crate) fn toggle_measure(&mut self) {
        let is_open = !self.measure.is_open;
        self.measure.open(is_open);
        self.show_measure();
    }

    pub(crate) fn stop_measuring(&mut self) {
        if self.measure.is_open {
            self.measure.open(false);
            self.show_measure();
        }
    }

    /// A point was clicked while measuring; `None` where there is none.
    pub(crate) fn measure_at(&mut self, point: Option<Vec3>) {
        match point {
            Some(point) => {
                self.measure.add(point);
                self.show_measure();
            }
            None => {
                let words = t!("There is no point of the scan.");
                self.measure.readout.set_text_content(Some(&words));
            }
        }
    }

    pub(crate) fn finish_measure(&mut self) {
        self.measure.is_finished = true;
        self.show_measure();
    }

    pub(crate) fn clear_measure(&mut self) {
        self.measure.clear();
        self.show_measure();
    }

    pub(crate) fn show_measure(&self) {
        self.measure.say(self.look.unit());
        self.show_marks();
    }

    /// What is written in the view of what was measured by hand.
    pub(crate) fn measured_labels(&self) -> Vec<Label> {
        let unit = self.look.unit();
        let label = |anchor, title| Label { anchor, title, detail: None, accent: None };
        let lines = self.measure.lines(unit).into_iter();
        let mut labels: Vec<Label> =
            lines.filter_map(|([a, b], words)| Some(label((a + b) / 2.0, words?))).collect();
        labels.extend(
            self.measure
                .bounds()
                .map(|bounds| label(bounds.centre().with_z(bounds.max.z), unit.size(&bounds))),
        );
        labels
    }
}
