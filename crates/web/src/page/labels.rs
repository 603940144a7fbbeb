use super::dom;
use glam::Vec3;
use viewer::{Pose, Viewport};
use web_sys::HtmlElement;

/// Words at a place of the scene.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Label {
    /// In the scene frame, metres.
    pub(crate) anchor: Vec3,
    /// The first line.
    pub(crate) title: String,
    /// A second line, such as the short answer.
    pub(crate) detail: Option<String>,
    /// `#rrggbb`, or `None` for a measured line.
    pub(crate) accent: Option<String>,
}

/// A label where it stands, for a picture.
pub(crate) struct Drawn {
    /// Left, top, width and height, CSS pixels.
    pub(crate) rect: [f32; 4],
    pub(crate) lines: Vec<String>,
    pub(crate) accent: Option<String>,
}

/// The labels over the canvas.
pub(crate) struct Labels {
    parent: HtmlElement,
    shown: Vec<(Label, HtmlElement)>,
    /// Those that are in sight.
    placed: Vec<(usize, Rect)>,
}

impl Labels {
    pub(crate) fn new(parent: HtmlElement) -> Self {
        Self { parent, shown: Vec::new(), placed: Vec::new() }
    }

    pub(crate) fn set(&mut self, labels: Vec<Label>) {
        if labels.iter().eq(self.shown.iter().map(|(label, _)| label)) {
            return;
        }
        dom::clear(&self.parent);
        self.shown.clear();
        for label in labels {
            let class = if label.accent.is_some() { "label" } else { "label measured" };
            let Some(element) = dom::element("div", class, "") else { continue };
            dom::append(&element, dom::element("strong", "", &label.title).as_ref());
            if let Some(detail) = &label.detail {
                dom::append(&element, dom::element("span", "", detail).as_ref());
            }
            if let Some(accent) = &label.accent {
                dom::set_style(&element, "--accent", accent);
            }
            dom::append(&self.parent, Some(&element));
            self.shown.push((label, element));
        }
    }

    /// Puts every label where its place falls, or below the labels that are there already; one
    /// whose place falls outside is hidden.
    pub(crate) fn place(&mut self, pose: &Pose, viewport: Viewport) {
        self.placed.clear();
        for (index, (label, element)) in self.shown.iter().enumerate() {
            let on = pose.project(viewport, label.anchor).filter(|on| {
                (0.0..viewport.width).contains(&on.x) && (0.0..viewport.height).contains(&on.y)
            });
            dom::set_hidden(element, on.is_none());
            let Some(on) = on else { continue };
            let (width, height) = (element.offset_width() as f32, element.offset_height() as f32);
            // Kept off the edges, where it would be cut.
            let half = width / 2.0 + 6.0;
            let x = on.x.clamp(half, (viewport.width - half).max(half)) - width / 2.0;
            let mut rect = Rect { x, y: (on.y - height - 8.0).max(4.0), width, height };
            while let Some((_, other)) = self.placed.iter().find(|(_, other)| rect.overlaps(other))
            {
                rect.y = other.y + other.height + GAP_PX;
            }
            let place = format!("translate({:.1}px, {:.1}px)", rect.x, rect.y);
            dom::set_style(element, "transform", &place);
            self.placed.push((index, rect));
        }
    }

    /// Those in sight, as they were placed last.
    pub(crate) fn drawn(&self) -> Vec<Drawn> {
        let drawn = |(index, rect): &(usize, Rect)| {
            let (label, _) = self.shown.get(*index)?;
            let lines = std::iter::once(label.title.clone()).chain(label.detail.clone());
            Some(Drawn {
                rect: [rect.x, rect.y, rect.width, rect.height],
                lines: lines.collect(),
                accent: label.accent.clone(),
            })
        };
        self.placed.iter().filter_map(drawn).collect()
    }
}

/// Air between two labels, CSS pixels.
const GAP_PX: f32 = 3.0;

struct Rect {
    x: f32,
    y: f32,
    width: f32,
    height: f32,
}

impl Rect {
    fn overlaps(&self, other: &Self) -> bool {
        self.x < other.x + other.width
            && other.x < self.x + self.width
            && self.y < other.y + other.height
            && other.y < self.y + self.height
    }
}
