//! See inside: what the encoders weighed about the selected object, drawn in the view and told in the
//! conversation.

use super::app::App;
use super::chat;
use super::dom;
use super::spotlight::Spotlight;
use crate::text;
use crate::words::{self, later, t};
use js_sys::{ArrayBuffer, Uint8Array};
use protocol::{Command, Inside, Relation};
use scene::InstanceId;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlElement, ImageData};

/// Objects to which a line is drawn.
const LINES: usize = 5;

const RELATIONS: &str = later!(
    "3D-ISR, the part of Inst3D-LMM that relates objects, lets each object look at all of them. A \
     gate, made of direction and distance as this object weighs them, says how far a relation may \
     count (0 to 1); the attention, the mean of four heads, is what came of it, and sums to 100 % \
     over all objects."
);
const VIEWS: &str = later!(
    "MCMF, the part that fuses what is seen with the points, looks at five pictures of the object \
     from virtual cameras. These are the pictures, and how much each of them weighed; the rest went \
     to what they have in common."
);

impl App {
    /// Asks for what was weighed about an object.
    pub(super) fn see_inside(&mut self, id: InstanceId) {
        let Some(object) = self.object(id) else { return };
        if self.model.as_ref().is_none_or(|model| !model.ready) {
            self.composer.say(&t!(
                "This needs the model, which is being fetched: press again when it is here."
            ));
            return self.want_model();
        }
        let question = t!("See inside: {name}", name = text::name(object));
        self.chat.ask(&[text::Piece::Words(question)], |_| String::new());
        self.asking = Some(self.send(Command::LookInside { id }, &[]));
        self.refresh();
    }

    pub(super) fn on_inside(&mut self, inside: &Inside, columns: &[ArrayBuffer]) {
        self.asking = None;
        let pictures = columns.first().map(|bytes| Uint8Array::new(bytes).to_vec());
        self.chat.finish_with(self.tell_inside(inside, &pictures.unwrap_or_default()));
        let others = inside.relations.iter().filter(|one| one.id != inside.id).take(LINES);
        let middle = |id| Some(self.object(id)?.box_in_scene.centre());
        let line = |one: &Relation| {
            let ends = [middle(inside.id)?, middle(one.id)?];
            Some((ends, percent(one.attention)))
        };
        let lit = std::iter::once(inside.id).chain(others.clone().map(|one| one.id)).collect();
        let lines = others.filter_map(line).collect();
        self.shine(Spotlight { lit, lines, ..Spotlight::default() });
        self.refresh();
    }

    fn tell_inside(&self, inside: &Inside, pictures: &[u8]) -> Option<HtmlElement> {
        let place = dom::element("div", "inside", "")?;
        dom::append(&place, dom::element("p", "small", &words::of(RELATIONS)).as_ref());
        let table = dom::element("table", "", "")?;
        let head = dom::element("tr", "", "")?;
        for word in [t!("Looks at"), t!("gate"), t!("attention")] {
            dom::append(&head, dom::element("th", "", &word).as_ref());
        }
        dom::append(&table, Some(&head));
        for one in &inside.relations {
            let Some(object) = self.object(one.id) else { continue };
            let row = dom::element("tr", "", "")?;
            let name = dom::element("td", "", "")?;
            let itself =
                if one.id == inside.id { format!(" ({})", t!("itself")) } else { String::new() };
            let words = format!("{}{itself}", text::name(object));
            dom::append(&name, chat::mention(&words, &[one.id], "mention").as_ref());
            dom::append(&row, Some(&name));
            dom::append(&row, dom::element("td", "", &format!("{:.2}", one.gate)).as_ref());
            dom::append(&row, dom::element("td", "", &percent(one.attention)).as_ref());
            dom::append(&table, Some(&row));
        }
        dom::append(&place, Some(&table));
        dom::append(&place, dom::element("p", "small", &words::of(VIEWS)).as_ref());
        let row = dom::element("div", "views", "")?;
        let area = 4 * inside.px as usize * inside.px as usize;
        let shares = inside.views.iter().skip(1);
        for (pixels, share) in pictures.chunks_exact(area.max(1)).zip(shares) {
            // A view that there is not has nothing to show.
            if pixels.iter().all(|value| *value == 0) {
                continue;
            }
            let figure = dom::element("figure", "", "")?;
            dom::append(&figure, picture(pixels, inside.px).as_ref());
            dom::append(&figure, dom::element("figcaption", "", &percent(*share)).as_ref());
            dom::append(&row, Some(&figure));
        }
        dom::append(&place, Some(&row));
        Some(place)
    }
}

fn percent(share: f32) -> String {
    format!("{:.0} %", 100.0 * share)
}

fn picture(pixels: &[u8], px: u32) -> Option<HtmlElement> {
    let canvas: HtmlCanvasElement = dom::element("canvas", "", "")?.dyn_into().ok()?;
    canvas.set_width(px);
    canvas.set_height(px);
    let context = canvas.get_context("2d").ok()??.dyn_into::<CanvasRenderingContext2d>().ok()?;
    let data = ImageData::new_with_u8_clamped_array(Clamped(pixels), px).ok()?;
    context.put_image_data(&data, 0.0, 0.0).ok()?;
    canvas.dyn_into().ok()
}
