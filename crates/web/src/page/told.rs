//! What is told to whoever holds the element: events with plain objects for details.

use super::app::App;
use protocol::{AskReport, SceneSummary};
use scene::{Answer, InstanceId};
use serde::Serialize;

#[derive(Serialize)]
struct Asked<'a> {
    question: &'a str,
}

#[derive(Serialize)]
struct Partly<'a> {
    question: &'a str,
    answer: String,
    #[serde(flatten)]
    parts: &'a Answer,
}

#[derive(Serialize)]
struct Answered<'a> {
    question: &'a str,
    #[serde(flatten)]
    report: &'a AskReport,
}

#[derive(Serialize)]
struct Ended<'a> {
    question: &'a str,
    reason: &'a str,
}

#[derive(Serialize)]
pub(super) struct Problem<'a> {
    pub(super) code: &'a str,
    pub(super) title: &'a str,
    pub(super) message: &'a str,
}

#[derive(Serialize)]
struct Picked {
    id: Option<InstanceId>,
}

#[derive(Serialize)]
struct Lock {
    verified: bool,
}

impl App {
    /// A question has been put; until it is told what became of it, it is the one being answered.
    pub(crate) fn tell_asked(&mut self, question: String) {
        self.bus.place.tell("scanwise-asked", &Asked { question: &question });
        self.asked = Some(question);
    }

    pub(crate) fn tell_partly(&self, parts: &Answer) {
        if let Some(question) = &self.asked {
            let answer = parts.text();
            self.bus.place.tell("scanwise-partial", &Partly { question, answer, parts });
        }
    }

    /// An answer is whole; of several side by side, one.
    pub(crate) fn tell_answer(&mut self, report: &AskReport) {
        let question = self.asked.as_deref().unwrap_or_default();
        self.bus.place.tell("scanwise-answer", &Answered { question, report });
        if self.asking.is_none() {
            self.asked = None;
        }
    }

    /// The answer ends here, for this reason.
    pub(crate) fn end_answer(&mut self, reason: &str) {
        self.chat.end(reason);
        self.close_turn(Some(reason));
        if let Some(question) = self.asked.take() {
            self.bus.place.tell("scanwise-ended", &Ended { question: &question, reason });
        }
    }

    /// What waits will not be asked.
    pub(crate) fn give_up_waiting(&mut self, reason: &str) {
        if let Some(question) = self.waiting.take() {
            self.bus.place.tell("scanwise-ended", &Ended { question: &question, reason });
        }
    }

    pub(crate) fn tell_scene(&self, scene: &SceneSummary) {
        self.bus.place.tell("scanwise-scene", scene);
    }

    pub(crate) fn tell_refused(&self, code: &str, title: &str, message: &str) {
        self.bus.place.tell("scanwise-refused", &Problem { code, title, message });
    }

    pub(crate) fn tell_picked(&self, id: Option<InstanceId>) {
        self.bus.place.tell("scanwise-pick", &Picked { id });
    }

    pub(crate) fn tell_lock(&self, verified: bool) {
        self.bus.place.tell("scanwise-lock", &Lock { verified });
    }
}
