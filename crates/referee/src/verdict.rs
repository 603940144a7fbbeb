//! What one reply is worth.

mod ask_back;
mod caption;
mod grounding;
mod plan;
mod space;

use crate::matching::Matching;
use crate::metrics::captions::Caption;
use crate::metrics::{numbers, text};
use crate::{Case, Reply};
use tasks::program::{Program, Why};
use tasks::prompt::{Part, target_parts};
use tasks::suite::{Question, Task};

/// One judged reply.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The room's place in the cases.
    pub room: usize,
    /// The question's place in the room.
    pub question: usize,
    /// What was said.
    pub reply: Reply,
    /// Whether it is right by the strictest measure of its task: exact match for short answers
    /// and captions, F1@.25 of 1 for objects, less than a tenth off for lengths, a valid plan, a
    /// way that leads there, a placement that fits, saying so where the scan does not show it.
    pub right: bool,
    pub(crate) scores: Vec<Score>,
    pub(crate) caption: Option<Described>,
}

/// One figure of one reply, 0..=1.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Score {
    pub(crate) metric: &'static str,
    /// It counts for the task, and for each of these parts of it.
    pub(crate) parts: Vec<String>,
    pub(crate) value: f64,
}

/// A caption and how well the object that it describes was found.
#[derive(Clone, Debug)]
pub(crate) struct Described {
    pub(crate) caption: Caption,
    pub(crate) found: f64,
}

/// Scores, and whether the reply is right.
#[derive(Default)]
pub(crate) struct Worth {
    scores: Vec<Score>,
    caption: Option<Described>,
    right: bool,
}

impl Worth {
    fn put(&mut self, metric: &'static str, parts: &[&str], value: f64) {
        let parts = parts.iter().map(|part| (*part).to_owned()).collect();
        self.scores.push(Score { metric, parts, value });
    }
}

/// Where a reply was given.
pub(crate) struct Place<'a> {
    pub(crate) room: usize,
    pub(crate) question: usize,
    pub(crate) case: &'a Case,
    pub(crate) matching: Matching<'a>,
}

impl Verdict {
    pub(crate) fn of(place: &Place<'_>, question: &Question, reply: Reply) -> Self {
        let worth = match (question.task, &question.program) {
            (Task::Grounding, _) => grounding::grounding(place, question, &reply),
            (Task::Distance, _) => distance(question, &reply),
            (Task::DenseCaption | Task::SceneCaption, _) => {
                caption::caption(place, question, &reply)
            }
            (Task::Plan, Program::Plan { goal, done }) => plan::plan(place, goal, *done, &reply),
            (Task::Dialog, Program::Clarify { .. }) => ask_back::ask_back(place, question, &reply),
            (Task::Dialog, Program::Objects { .. }) => ask_back::resolved(place, question, &reply),
            (Task::Navigation, _) => space::way(place, question, &reply),
            (Task::Move | Task::Place, _) => space::placement(place, question, &reply),
            (Task::Abstain, program) => abstention(program, &reply),
            _ => short_answer(question, &reply),
        };
        let Worth { scores, caption, right } = worth;
        Self { room: place.room, question: place.question, reply, right, scores, caption }
    }
}

fn short_answer(question: &Question, reply: &Reply) -> Worth {
    let (exact, refined) = text::exact_match(&reply.text, &question.answers);
    let parts = kind(question);
    let mut worth = Worth { right: exact, ..Worth::default() };
    worth.put("em", &parts, share(exact));
    worth.put("em_refined", &parts, share(exact || refined));
    worth
}

fn distance(question: &Question, reply: &Reply) -> Worth {
    let truth = question.value.as_ref().map_or(0.0, |value| value.number);
    let mut worth = Worth::default();
    for (metric, metres) in [("mra", reply.metres), ("mra_lm", reply.lm_metres)] {
        worth.put(metric, &[], numbers::mean_relative_accuracy(metres, truth));
    }
    worth.right = reply.metres.is_some_and(|metres| (metres - truth).abs() < 0.1 * truth);
    worth
}

fn abstention(program: &Program, reply: &Reply) -> Worth {
    let why = match program {
        Program::Unknown { why: Why::Absent, .. } => "absent",
        Program::Unknown { why: Why::Closed, .. } => "closed",
        _ => "beyond",
    };
    let mut worth = Worth { right: reply.unknown, ..Worth::default() };
    worth.put("abstain_recall", &[why], share(reply.unknown));
    worth
}

/// What a question tests: its first tag, those with a colon being names of groups.
fn kind(question: &Question) -> Vec<&str> {
    let kind = question.tags.iter().find(|tag| !tag.contains(':'));
    kind.map(String::as_str).into_iter().collect()
}

fn share(holds: bool) -> f64 {
    f64::from(u8::from(holds))
}

/// The words of a caption alone.
pub(crate) fn without_mentions(text: &str) -> String {
    let words = target_parts(text).into_iter().map(|part| match part {
        Part::Text(words) => words,
        Part::Object(_) | Part::Mark(_) => String::new(),
    });
    words.collect()
}

#[cfg(test)]
mod tests;
