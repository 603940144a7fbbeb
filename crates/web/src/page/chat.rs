use super::behind::{looked_at, took};
use super::bus::{Bus, Msg};
use super::dom::{self, DomError};
use super::talk::Act;
use crate::palette;
use crate::text::{self, Piece, Unit};
use crate::words::{self, t};
use gloo::events::{EventListener, EventListenerOptions};
use protocol::AskReport;
use scene::{Aabb, Answer, InstanceId, Source, Span};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement};

/// The conversation.
pub(crate) struct Chat {
    log: HtmlElement,
    scrolls: Scrolls,
    empty: HtmlElement,
    /// The answer that is being written.
    open: Option<HtmlElement>,
    /// How many questions have been shown.
    turns: u32,
    _listeners: Vec<EventListener>,
}

impl Chat {
    pub(crate) fn new(bus: &Bus) -> Result<Self, DomError> {
        let log: HtmlElement = bus.by_id("log")?;
        let to_page = bus.clone();
        let click = EventListener::new(&log, "click", move |event| {
            if let Some(msg) = accept_of(event).or_else(|| act_of(event)) {
                to_page.send(msg);
            } else if let Some(ids) = ids_of(event, "[data-objects]") {
                to_page.send(Msg::Light(ids));
            }
        });
        let glimpse = |name: &'static str, on: bool| {
            let to_page = bus.clone();
            EventListener::new(&log, name, move |event| {
                if let Some(ids) = ids_of(event, ".check [data-objects]") {
                    to_page.send(Msg::Glimpse(if on { ids } else { Vec::new() }));
                }
            })
        };
        // The event does not bubble; its way down is the same for all.
        let capture = EventListenerOptions::run_in_capture_phase();
        let (side, foot) = (bus.by_id("side")?, bus.by_id("foot")?);
        let scrolls = Scrolls { log: log.clone(), side, foot };
        let unfolded = scrolls.clone();
        let unfold = EventListener::new_with_options(&log, "toggle", capture, move |event| {
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            if let Some(details) = target.filter(|details| details.has_attribute("open")) {
                unfolded.reveal(&details);
            }
        });
        let listeners = vec![
            click,
            unfold,
            glimpse("pointerover", true),
            glimpse("pointerout", false),
            glimpse("focusin", true),
            glimpse("focusout", false),
        ];
        Ok(Self {
            log,
            scrolls,
            empty: bus.by_id("log-empty")?,
            open: None,
            turns: 0,
            _listeners: listeners,
        })
    }

    /// A new question, and room for its answer: the number of its turn.
    pub(crate) fn ask(&mut self, question: &[Piece], name: impl Fn(InstanceId) -> String) -> u32 {
        self.turns += 1;
        dom::set_hidden(&self.empty, true);
        let Some(asked) = dom::element("p", "asked", "") else { return self.turns };
        for piece in question {
            match piece {
                Piece::Words(words) => dom::append_text(&asked, words),
                Piece::Object(id) => {
                    dom::append(&asked, mention(&name(*id), &[*id], "mention").as_ref());
                }
            }
        }
        let turn = dom::element("div", "turn", "");
        if let Some(turn) = &turn {
            dom::set_attr(turn, "data-turn", &self.turns.to_string());
            dom::append(turn, Some(&asked));
        }
        let answer = dom::element("div", "answer", "");
        if let Some(answer) = &answer {
            // Read out once it is whole, not token by token.
            dom::set_attr(answer, "aria-busy", "true");
            let thinking = dom::element("span", "thinking", "");
            dom::append(answer, thinking.as_ref());
        }
        if let Some(turn) = &turn {
            dom::append(turn, answer.as_ref());
        }
        dom::append(&self.log, turn.as_ref());
        self.open = answer;
        self.scrolls.to_end();
        self.turns
    }

    /// What can be done with a turn that is over.
    pub(crate) fn offer_acts(&self, turn: u32) {
        let Some(row) = dom::element("p", "acts", "") else { return };
        for (key, words, _) in Act::ALL {
            if let Some(button) = dom::element("button", "act", &words::of(words)) {
                dom::set_attr(&button, "type", "button");
                dom::set_attr(&button, "data-act", key);
                dom::append(&row, Some(&button));
            }
        }
        if let Some(turn) = self.turn(turn) {
            dom::append(&turn, Some(&row));
            // The answer is what one wants to see, not what can be done with it.
            self.scrolls.to_end();
            self.scrolls.reveal(&turn);
        }
    }

    /// Takes a turn away; the focus goes to the one after it, or to the conversation.
    pub(crate) fn remove(&self, turn: u32) {
        let Some(turn) = self.turn(turn) else { return };
        let next = turn.next_element_sibling().or_else(|| turn.previous_element_sibling());
        turn.remove();
        let button = next.and_then(|next| next.query_selector("[data-act=remove]").ok()?);
        let to = button.and_then(|button| button.dyn_into::<HtmlElement>().ok());
        // Whatever is shown takes the focus.
        let _ = to.as_ref().unwrap_or(&self.log).focus();
        let is_empty = self.log.query_selector(".turn").is_ok_and(|left| left.is_none());
        dom::set_hidden(&self.empty, !is_empty);
    }

    fn turn(&self, turn: u32) -> Option<Element> {
        self.log.query_selector(&format!("[data-turn=\"{turn}\"]")).ok()?
    }

    /// The answer so far.
    pub(crate) fn partial(&self, answer: &Answer, unit: Unit) {
        if let Some(open) = &self.open {
            dom::clear(open);
            fill(open, &answer.spans, unit);
            self.scrolls.to_end();
        }
    }

    /// The whole answer, what it took and, where it is known, what is true.
    pub(crate) fn finish(
        &mut self,
        report: &AskReport,
        check: Option<HtmlElement>,
        unit: Unit,
        name: impl Fn(InstanceId) -> Option<String>,
    ) {
        let Some(open) = self.open.take() else { return };
        dom::clear(&open);
        fill(&open, &report.spans, unit);
        dom::append(&open, check.as_ref());
        dom::append(&open, accept(report).as_ref());
        dom::append(&open, looked_at(&report.attention, name).as_ref());
        dom::append(&open, took(report).as_ref());
        dom::set_attr(&open, "aria-busy", "false");
        self.scrolls.to_end();
    }

    /// Something else in place of an answer, so far.
    pub(crate) fn fill_with(&self, content: Option<&HtmlElement>) {
        if let Some(open) = &self.open {
            dom::clear(open);
            dom::append(open, content);
            self.scrolls.to_end();
        }
    }

    /// Something else in place of an answer, whole.
    pub(crate) fn finish_with(&mut self, content: Option<HtmlElement>) {
        let Some(open) = self.open.take() else { return };
        dom::clear(&open);
        dom::append(&open, content.as_ref());
        dom::set_attr(&open, "aria-busy", "false");
        // It may be longer than there is room: read from its start.
        self.scrolls.to_end();
        self.scrolls.reveal(&open);
    }

    /// The answer ends here, for this reason; what was written stays.
    pub(crate) fn end(&mut self, words: &str) {
        let Some(open) = self.open.take() else { return };
        if let Ok(Some(thinking)) = open.query_selector(".thinking") {
            thinking.remove();
        }
        dom::append(&open, dom::element("p", "ended", words).as_ref());
        dom::set_attr(&open, "aria-busy", "false");
        self.scrolls.to_end();
    }

    /// The move of this object was not made: it can be accepted again.
    pub(crate) fn offer_again(&self, id: InstanceId) {
        let buttons = format!("button.accept[data-move=\"{id}\"]");
        let all = self.log.query_selector_all(&buttons).ok();
        let last = all.and_then(|all| all.get(all.length().checked_sub(1)?)?.dyn_into().ok());
        if let Some(last) = last {
            // A button that stays disabled can be asked for anew.
            let _ = Element::remove_attribute(&last, "disabled");
        }
    }

    /// Another scan: its conversation starts anew.
    pub(crate) fn clear(&mut self) {
        self.open = None;
        dom::clear(&self.log);
        dom::append(&self.log, Some(&self.empty));
        dom::set_hidden(&self.empty, false);
    }
}

/// What of the conversation can be scrolled: the log, or, where that has all the room it wants, what is round it,
/// under the foot that lies on it.
#[derive(Clone)]
struct Scrolls {
    log: HtmlElement,
    side: HtmlElement,
    foot: HtmlElement,
}

impl Scrolls {
    fn to_end(&self) {
        for scroller in [&self.log, &self.side] {
            scroller.set_scroll_top(scroller.scroll_height());
        }
    }

    /// As much of an element into sight as there is room for, its start before its end.
    fn reveal(&self, element: &Element) {
        let foot = self.foot.get_bounding_client_rect().height();
        for (scroller, covered) in [(&self.log, 0.0), (&self.side, foot)] {
            let shown = scroller.get_bounding_client_rect();
            let wanted = element.get_bounding_client_rect();
            let below = (wanted.bottom() - (shown.bottom() - covered)).max(0.0);
            let by = below.min(wanted.top() - shown.top());
            // What does not scroll stays at its start.
            scroller.set_scroll_top(scroller.scroll_top() + by as i32);
        }
    }
}

/// The objects of the element that the event is about, or of one round it.
fn ids_of(event: &Event, selector: &str) -> Option<Vec<InstanceId>> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let ids = target.closest(selector).ok()??.get_attribute("data-objects")?;
    Some(ids.split(' ').filter_map(|id| id.parse().ok().map(InstanceId)).collect())
}

/// What the button that the event is about does: move an object, or put a new thing somewhere. It
/// does so once; Undo and Redo do the rest.
fn accept_of(event: &Event) -> Option<Msg> {
    let (button, bounds) = accepted(event)?;
    let msg = match button.get_attribute("data-move") {
        Some(id) => Msg::MoveTo(InstanceId(id.parse().ok()?), bounds.centre().to_array()),
        None => Msg::PlaceThing(button.get_attribute("data-name")?, bounds),
    };
    // Without the attribute it could be pressed again, and no more.
    let _ = button.set_attribute("disabled", "");
    Some(msg)
}

/// What the button that the event is about does with its turn.
fn act_of(event: &Event) -> Option<Msg> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let button = target.closest("[data-act]").ok()??;
    let act = Act::of(&button.get_attribute("data-act")?)?;
    let turn = button.closest("[data-turn]").ok()??.get_attribute("data-turn")?;
    Some(Msg::Turn(act, turn.parse().ok()?))
}

fn accepted(event: &Event) -> Option<(Element, Aabb)> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let button = target.closest("[data-box]").ok()??;
    let told = button.get_attribute("data-box")?;
    let mut words = told.split(' ');
    let mut number = || words.next()?.parse().ok();
    let mut corner = || Some([number()?, number()?, number()?].into());
    let bounds = Aabb { min: corner()?, max: corner()? };
    Some((button, bounds))
}

/// To do what so far is only drawn: move the object and its points, or put the new thing there.
fn accept(report: &AskReport) -> Option<HtmlElement> {
    let placement = report.placement.as_ref()?;
    let bounds = placement.bounds_in_scene?;
    let words = if placement.object.is_some() { t!("Move it there") } else { t!("Put it there") };
    let button = dom::element("button", "accept", &words)?;
    dom::set_attr(&button, "type", "button");
    match placement.object {
        Some(id) => dom::set_attr(&button, "data-move", &id.to_string()),
        None => dom::set_attr(&button, "data-name", &placement.name),
    }
    let corners = [bounds.min.to_array(), bounds.max.to_array()].concat();
    let corners: Vec<String> = corners.iter().map(f32::to_string).collect();
    dom::set_attr(&button, "data-box", &corners.join(" "));
    Some(button)
}

/// The words of an answer, each mention a button; numbered steps as a list.
pub(super) fn fill(parent: &HtmlElement, spans: &[Span], unit: Unit) {
    let Some(steps) = text::steps(spans) else {
        if let Some(words) = dom::element("p", "words", "") {
            write(&words, spans, unit);
            dom::append(parent, Some(&words));
        }
        return;
    };
    let Some(list) = dom::element("ol", "words", "") else { return };
    for step in steps {
        if let Some(item) = dom::element("li", "", "") {
            write(&item, &step, unit);
            dom::append(&list, Some(&item));
        }
    }
    dom::append(parent, Some(&list));
}

fn write(words: &HtmlElement, spans: &[Span], unit: Unit) {
    for span in spans {
        match (span.source, span.objects.is_empty()) {
            (Source::Measured, _) => {
                // The mark holds the value alone; spaces round it belong to the sentence.
                let spaced = |space: bool| dom::append_text(words, if space { " " } else { "" });
                spaced(span.text.starts_with(' '));
                dom::append(words, measured(span, unit).as_ref());
                spaced(span.text.ends_with(' '));
            }
            (Source::Lm, true) => dom::append_text(words, &span.text),
            (Source::Lm, false) => {
                dom::append(words, mention(&span.text, &span.objects, "mention").as_ref());
            }
        }
    }
}

/// Words that light their objects when pressed.
pub(super) fn mention(words: &str, objects: &[InstanceId], class: &str) -> Option<HtmlElement> {
    let button = dom::element("button", class, words)?;
    dom::set_attr(&button, "type", "button");
    let ids: Vec<String> = objects.iter().map(InstanceId::to_string).collect();
    dom::set_attr(&button, "data-objects", &ids.join(" "));
    if let Some(first) = objects.first() {
        dom::set_style(&button, "--accent", palette::accent(first.0 as usize));
    }
    Some(button)
}

/// A value that was measured on the scan, with its error band, told apart from the model's words.
fn measured(span: &Span, unit: Unit) -> Option<HtmlElement> {
    let (value, band) = text::value_and_band(&span.text, span.measured.as_ref(), unit);
    let element = if span.objects.is_empty() {
        dom::element("span", "measured", &value)?
    } else {
        mention(&value, &span.objects, "measured")?
    };
    dom::set_attr(&element, "title", &t!("Measured on the scan, not guessed by the model"));
    if let Some(band) = band {
        dom::append(&element, dom::element("small", "", &format!(" {band}")).as_ref());
    }
    dom::append(
        &element,
        dom::element("span", "sr-only", &format!(" ({})", t!("measured"))).as_ref(),
    );
    Some(element)
}
