use super::bus::{Bus, Msg};
use super::dom::{self, DomError, Place};
use crate::text::{self, Unit};
use crate::words::{self, t};
use gloo::events::EventListener;
use protocol::ObjectSummary;
use scene::{InstanceId, Warning};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, MouseEvent};

/// The list of what was found: the view's twin for keyboard and screen reader.
pub(crate) struct Objects {
    place: Place,
    panel: HtmlElement,
    title: HtmlElement,
    list: HtmlElement,
    warnings: HtmlElement,
    rows: Vec<(InstanceId, HtmlElement)>,
    _listeners: Vec<EventListener>,
}

impl Objects {
    pub(crate) fn new(bus: &Bus) -> Result<Self, DomError> {
        let list: HtmlElement = bus.by_id("objects")?;
        let to_page = bus.clone();
        let click = EventListener::new(&list, "click", move |event| {
            if let Some(id) = id_of(event, "data-about") {
                to_page.send(Msg::AskAbout(id));
            } else if let Some(id) = id_of(event, "data-select") {
                let also = adds(event);
                to_page.send(if also { Msg::SelectAlso(id) } else { Msg::Select(id) });
            }
        });
        let hover = |name: &'static str, on: bool| {
            let to_page = bus.clone();
            EventListener::new(&list, name, move |event| {
                to_page.send(Msg::Hover(id_of(event, "data-select").filter(|_| on)));
            })
        };
        let listeners = vec![
            click,
            hover("pointerover", true),
            hover("pointerout", false),
            hover("focusin", true),
            hover("focusout", false),
        ];
        Ok(Self {
            place: bus.place.clone(),
            panel: bus.by_id("found")?,
            title: bus.by_id("found-title")?,
            list,
            warnings: bus.by_id("warnings")?,
            rows: Vec::new(),
            _listeners: listeners,
        })
    }

    pub(crate) fn clear(&mut self) {
        dom::set_hidden(&self.panel, true);
        dom::clear(&self.list);
        dom::clear(&self.warnings);
        self.rows.clear();
    }

    /// Shows them in place of those before. Whoever was in the list by keyboard stays there.
    pub(crate) fn show(&mut self, objects: &[ObjectSummary], warnings: &[Warning], unit: Unit) {
        let place = self.focused();
        self.clear();
        self.title.set_text_content(Some(&text::found(objects.len())));
        let mut sorted: Vec<&ObjectSummary> = objects.iter().collect();
        sorted.sort_by(|a, b| a.label.cmp(&b.label).then(a.id.cmp(&b.id)));
        for object in sorted {
            if let Some(button) = self.add_row(object, unit) {
                self.rows.push((object.id, button));
            }
        }
        for warning in warnings {
            let note = dom::element("li", "", &words::message(&warning.message));
            if let Some(note) = &note {
                dom::set_attr(note, "data-code", &warning.code);
            }
            dom::append(&self.warnings, note.as_ref());
        }
        dom::set_hidden(&self.panel, false);
        if let Some((id, index)) = place {
            let same = self.rows.iter().find(|(own, _)| *own == id);
            let near = || self.rows.get(index.min(self.rows.len().saturating_sub(1)));
            if let Some((_, button)) = same.or_else(near) {
                // A button that was just shown takes focus.
                let _ = button.focus();
            }
        }
    }

    /// The row that has the focus: its object and its place in the list.
    fn focused(&self) -> Option<(InstanceId, usize)> {
        let active = self.place.root.active_element()?;
        let index = self.rows.iter().position(|(_, button)| {
            let row = button.parent_element();
            row.is_some_and(|row| row.contains(Some(&active)))
        })?;
        Some((self.rows[index].0, index))
    }

    fn add_row(&self, object: &ObjectSummary, unit: Unit) -> Option<HtmlElement> {
        let id = object.id.to_string();
        let row = dom::element("li", "object", "")?;
        let select = dom::element("button", "object-main", "")?;
        dom::set_attr(&select, "type", "button");
        dom::set_attr(&select, "aria-pressed", "false");
        dom::set_attr(&select, "data-select", &id);
        dom::append(&select, dom::element("span", "dot", "").as_ref());
        dom::append(&select, dom::element("span", "object-name", &text::name(object)).as_ref());
        let size = unit.size(&object.box_in_scene);
        dom::append(&select, dom::element("span", "object-size", &size).as_ref());
        let about = dom::element("button", "object-ask", &format!("#{id}"))?;
        dom::set_attr(&about, "type", "button");
        dom::set_attr(&about, "data-about", &id);
        let ask = t!("Ask about {name} number {id}", name = text::name(object), id = id);
        dom::set_attr(&about, "aria-label", &ask);
        dom::set_attr(&about, "title", &t!("Put it into the question"));
        dom::append(&row, Some(&select));
        dom::append(&row, Some(&about));
        dom::append(&self.list, Some(&row));
        Some(select)
    }

    /// Shows which objects are lit, and brings the first of them into sight.
    pub(crate) fn set_lit(&self, lit: &[InstanceId]) {
        let mut first = true;
        for (id, button) in &self.rows {
            let on = lit.contains(id);
            dom::set_attr(button, "aria-pressed", if on { "true" } else { "false" });
            if on && std::mem::take(&mut first) {
                self.reveal(button);
            }
        }
    }

    /// Gives the rows the colours that their objects have in the view.
    pub(crate) fn set_colours(&self, colour_of: impl Fn(InstanceId) -> String) {
        for (id, button) in &self.rows {
            if let Some(row) = button.parent_element().and_then(|row| row.dyn_into().ok()) {
                dom::set_style(&row, "--accent", &colour_of(*id));
            }
        }
    }

    /// Shows which objects the view leaves out.
    pub(crate) fn set_hidden(&self, hidden: &[InstanceId]) {
        for (id, button) in &self.rows {
            let on = hidden.contains(id);
            dom::set_attr(button, "data-hidden", if on { "true" } else { "false" });
        }
    }

    /// Scrolls the list alone; `scrollIntoView` would move the page under a reader's eyes.
    fn reveal(&self, button: &HtmlElement) {
        let (top, height) = (button.offset_top() - self.list.offset_top(), button.offset_height());
        let (from, shown) = (self.list.scroll_top(), self.list.client_height());
        if top < from || top + height > from + shown {
            self.list.set_scroll_top((top - shown / 3).max(0));
        }
    }
}

/// Whether a click adds to what is selected: with Ctrl, Command or Shift held.
pub(crate) fn adds(event: &Event) -> bool {
    event
        .dyn_ref::<MouseEvent>()
        .is_some_and(|click| click.ctrl_key() || click.meta_key() || click.shift_key())
}

/// The id in `attribute` of the element that the event is about, or of one round it.
pub(crate) fn id_of(event: &Event, attribute: &str) -> Option<InstanceId> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let holder = target.closest(&format!("[{attribute}]")).ok()??;
    Some(InstanceId(holder.get_attribute(attribute)?.parse().ok()?))
}
