//! Who answers: the unified model, one of the three systems by itself, or all of them side by side.

use super::app::App;
use super::bus::{Bus, Msg};
use super::chat;
use super::dom::{self, DomError};
use crate::text::{self, Unit};
use crate::words::t;
use gloo::events::EventListener;
use protocol::{AskReport, Command, Question};
use scene::System;
use std::collections::VecDeque;
use web_sys::{HtmlElement, HtmlSelectElement};

/// The choice beside the question box, and a comparison that is under way.
pub(crate) struct Systems {
    place: HtmlElement,
    choice: HtmlSelectElement,
    known: Vec<System>,
    comparing: Option<Comparing>,
    _listeners: Vec<EventListener>,
}

/// One question to several systems, one after the other.
struct Comparing {
    question: String,
    waiting: VecDeque<System>,
    reports: Vec<AskReport>,
}

/// What the choice holds for all of them.
const ALL: &str = "all";

impl Systems {
    pub(crate) fn new(bus: &Bus) -> Result<Self, DomError> {
        let choice: HtmlSelectElement = bus.by_id("system")?;
        let to_page = bus.clone();
        let chosen = EventListener::new(&choice, "change", move |_| to_page.send(Msg::ToQuestion));
        let place = bus.by_id("system-field")?;
        Ok(Self {
            place,
            choice,
            known: vec![System::Unified],
            comparing: None,
            _listeners: vec![chosen],
        })
    }

    /// What the model that was loaded can be.
    pub(crate) fn offer(&mut self, systems: Vec<System>) {
        if systems == self.known {
            return;
        }
        let before = self.choice.value();
        dom::clear(&self.choice);
        let named = systems.iter().map(|system| (system.key(), text::system(*system)));
        for (key, words) in named.chain([(ALL, t!("all, side by side"))]) {
            if let Some(option) = dom::element("option", "", &words) {
                dom::set_attr(&option, "value", key);
                dom::append(&self.choice, Some(&option));
            }
        }
        let is_there = before == ALL || systems.iter().any(|system| system.key() == before);
        self.choice.set_value(if is_there { &before } else { System::Unified.key() });
        dom::set_hidden(&self.place, systems.len() < 2);
        self.known = systems;
    }

    /// Who is to be asked; `None` for all of them.
    fn chosen(&self) -> Option<System> {
        match self.choice.value().as_str() {
            ALL => None,
            key => Some(System::from_key(key).unwrap_or_default()),
        }
    }

    /// Whether a comparison is under way.
    pub(crate) fn is_comparing(&self) -> bool {
        self.comparing.is_some()
    }
}

impl App {
    /// Puts a question, as the engine takes it, to whoever is chosen.
    pub(super) fn put(&mut self, question: String) {
        let unit = self.look.unit();
        let command = match self.systems.chosen() {
            Some(system) => {
                let follows = !std::mem::take(&mut self.talk.forgets);
                Command::Ask(Question { question, follows, system })
            }
            None => {
                let mut waiting: VecDeque<System> = self.systems.known.iter().copied().collect();
                let system = waiting.pop_front().unwrap_or_default();
                let first = Question { question: question.clone(), follows: false, system };
                self.systems.comparing = Some(Comparing { question, waiting, reports: Vec::new() });
                self.chat.fill_with(table(&[], Some(system), unit).as_ref());
                Command::Ask(first)
            }
        };
        self.asking = Some(self.send(command, &[]));
    }

    /// One system of a comparison has answered: the next is asked. False once all have.
    pub(super) fn compared(&mut self, report: &AskReport) -> bool {
        let unit = self.look.unit();
        let Some(comparing) = &mut self.systems.comparing else { return false };
        comparing.reports.push(report.clone());
        let next = comparing.waiting.pop_front();
        let shown = table(&comparing.reports, next, unit);
        let Some(system) = next else {
            self.systems.comparing = None;
            self.chat.finish_with(shown);
            return false;
        };
        let question = comparing.question.clone();
        self.chat.fill_with(shown.as_ref());
        let ask = Command::Ask(Question { question, follows: false, system });
        self.asking = Some(self.send(ask, &[]));
        true
    }

    /// What has been answered so far stays.
    pub(super) fn stop_comparing(&mut self) {
        let unit = self.look.unit();
        if let Some(comparing) = self.systems.comparing.take() {
            self.chat.fill_with(table(&comparing.reports, None, unit).as_ref());
        }
    }
}

/// The answers to one question, and who is answering.
pub(super) fn table(
    reports: &[AskReport],
    next: Option<System>,
    unit: Unit,
) -> Option<HtmlElement> {
    let place = dom::element("div", "compared", "")?;
    let table = dom::element("table", "", "")?;
    let head = dom::element("tr", "", "")?;
    for word in ["", &t!("Answer"), "s", "tokens/s", "MB"] {
        let cell = dom::element("th", "", word);
        if let Some(cell) = &cell {
            dom::set_attr(cell, "scope", "col");
        }
        dom::append(&head, cell.as_ref());
    }
    dom::append(&table, Some(&head));
    for report in reports {
        let row = row(report.system)?;
        dom::set_attr(&row, "data-system", report.system.key());
        let answer = dom::element("td", "compared-answer", "")?;
        chat::fill(&answer, &report.spans, unit);
        dom::append(&row, Some(&answer));
        let numbers = [
            format!("{:.2}", report.seconds.answering()),
            format!("{:.0}", report.tokens_per_s),
            format!("{:.0}", report.bytes as f64 / 1e6),
        ];
        for number in numbers {
            dom::append(&row, dom::element("td", "", &number).as_ref());
        }
        dom::append(&table, Some(&row));
    }
    if let Some(system) = next {
        let row = row(system)?;
        let answer = dom::element("td", "compared-answer", "")?;
        dom::append(&answer, dom::element("span", "thinking", "").as_ref());
        dom::append(&row, Some(&answer));
        dom::append(&table, Some(&row));
    }
    dom::append(&place, Some(&table));
    Some(place)
}

fn row(system: System) -> Option<HtmlElement> {
    let row = dom::element("tr", "", "")?;
    let name = dom::element("th", "", system.name())?;
    dom::set_attr(&name, "scope", "row");
    dom::append(&row, Some(&name));
    Some(row)
}
