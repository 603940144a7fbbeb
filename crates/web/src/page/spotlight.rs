//! What is lit in the view, by an answer or by the person.

use super::app::App;
use super::labels::Label;
use crate::{palette, text};
use glam::Vec3;
use scene::{Aabb, InstanceId};
use viewer::{Mark, Marks};

/// What is lit, and why.
#[derive(Clone, Default)]
pub(crate) struct Spotlight {
    pub(crate) lit: Vec<InstanceId>,
    /// Measured lines with what to write on them.
    pub(crate) lines: Vec<([Vec3; 2], String)>,
    /// The corners of a way over the floor.
    pub(crate) way: Vec<Vec3>,
    /// Where a thing shall go, with what it is called.
    pub(crate) ghost: Option<(Aabb, String)>,
    /// The short answer, for the label of what it names.
    pub(crate) caption: Option<String>,
}

impl App {
    pub(crate) fn light(&mut self, ids: Vec<InstanceId>) {
        if self.spot.lit == ids {
            self.shine(Spotlight::default());
            return;
        }
        let boxes: Vec<_> =
            ids.iter().filter_map(|id| Some(self.object(*id)?.box_in_scene)).collect();
        // Lines and caption stay while they belong to what is lit.
        let spot = if ids.iter().all(|id| self.spot.lit.contains(id)) {
            Spotlight { lit: ids, ..self.spot.clone() }
        } else {
            Spotlight { lit: ids, ..Spotlight::default() }
        };
        self.shine(spot);
        if let Some(all) = boxes.into_iter().reduce(|a, b| a.union(&b)) {
            // Some air round it, so that what is beside it can be seen.
            let air = Vec3::splat(0.5).max(all.size() * 0.6);
            self.stage.fit(Some(&scene::Aabb { min: all.min - air, max: all.max + air }));
        }
    }

    pub(crate) fn select(&mut self, id: InstanceId) {
        self.light(vec![id]);
    }

    /// Adds an object to what is selected, or takes it out.
    pub(crate) fn select_also(&mut self, id: InstanceId) {
        let mut lit = self.spot.lit.clone();
        match lit.iter().position(|known| *known == id) {
            Some(at) => drop(lit.remove(at)),
            None => lit.push(id),
        }
        self.shine(Spotlight { lit, ..Spotlight::default() });
    }

    pub(crate) fn hover(&mut self, id: Option<InstanceId>) {
        // Who measures looks at points, not at objects.
        let id = id.filter(|_| !self.measure.is_open());
        if self.hovered != id {
            self.hovered = id;
            self.show_marks();
        }
    }

    pub(crate) fn glimpse(&mut self, ids: Vec<InstanceId>) {
        if self.glimpse != ids {
            self.glimpse = ids;
            self.show_marks();
        }
    }

    /// Lights what an answer or a person points at.
    pub(crate) fn shine(&mut self, spot: Spotlight) {
        self.spot = spot;
        self.glimpse.clear();
        self.objects.set_lit(&self.spot.lit);
        self.show_mend();
        self.show_marks();
    }

    /// The colour of what marks an object, in the view and in the list: 0..=1.
    pub(crate) fn colour_of(&self, id: InstanceId) -> [f32; 3] {
        let own = self.objects_in_colour().into_iter().find(|(own, _)| *own == id);
        if let Some((_, colour)) = own {
            return colour;
        }
        palette::parse_hex(palette::accent(id.0 as usize)).unwrap_or([1.0; 3])
    }

    pub(crate) fn show_marks(&self) {
        let unit = self.look.unit();
        let mark = |id: &InstanceId| {
            let object = self.object(*id)?;
            Some(Mark { id: *id, bounds: object.box_in_scene, colour: self.colour_of(*id) })
        };
        let label = |id: &InstanceId, detail: Option<String>| {
            let object = self.object(*id)?;
            let bounds = &object.box_in_scene;
            let anchor = bounds.centre().with_z(bounds.max.z);
            let accent = Some(palette::to_hex(self.colour_of(*id)));
            let detail = detail.or_else(|| Some(unit.size(bounds)));
            Some(Label { anchor, title: text::name(object), detail, accent })
        };
        let passing = Spotlight { lit: self.glimpse.clone(), ..Spotlight::default() };
        let spot = if self.glimpse.is_empty() { &self.spot } else { &passing };
        let lit = &spot.lit;
        let hovered = self.hovered.filter(|id| !lit.contains(id));
        let caption = spot.caption.clone();
        let mut labels: Vec<Label> = lit
            .iter()
            .enumerate()
            .filter_map(|(index, id)| label(id, caption.clone().filter(|_| index == 0)))
            .collect();
        labels.extend(hovered.iter().filter_map(|id| label(id, None)));
        labels.extend(spot.lines.iter().map(|([a, b], words)| Label {
            anchor: (*a + *b) / 2.0,
            title: words.clone(),
            detail: None,
            accent: None,
        }));
        labels.extend(spot.ghost.iter().map(|(bounds, name)| Label {
            anchor: bounds.centre().with_z(bounds.max.z),
            title: name.clone(),
            detail: Some(unit.size(bounds)),
            accent: None,
        }));
        labels.extend(self.measured_labels());
        let measured = spot.lines.iter().map(|(line, _)| *line);
        let by_hand = self.measure.lines(unit).into_iter().map(|(line, _)| line);
        let dots = self.measure.dots().iter().flat_map(|dot| cross(*dot));
        let on_the_way = spot.way.windows(2).map(|pair| [pair[0], pair[1]]);
        let marks = Marks {
            lit: lit.iter().filter_map(mark).collect(),
            hovered: hovered.as_ref().and_then(mark),
            lines: measured.chain(on_the_way).chain(by_hand).chain(dots).collect(),
            ghosts: spot
                .ghost
                .iter()
                .map(|(bounds, _)| *bounds)
                .chain(self.measure.bounds())
                .collect(),
            coloured: self.objects_in_colour(),
            hidden: self.mend.hidden.clone(),
            only_lit: self.mend.only_lit && !lit.is_empty(),
        };
        self.stage.mark(marks, labels);
    }
}

/// A small cross where something was clicked.
fn cross(at: Vec3) -> [[Vec3; 2]; 3] {
    const ARM_M: f32 = 0.03;
    [Vec3::X, Vec3::Y, Vec3::Z].map(|axis| [at - axis * ARM_M, at + axis * ARM_M])
}
