//! What is true of an answer, and the outcome of a test, as the conversation shows them.

use super::chat::mention;
use super::dom;
use crate::text;
use crate::words::t;
use protocol::{RoomQuestion, TaskScore, TrueObject};
use web_sys::HtmlElement;

/// A wrong answer of a test.
pub(crate) struct Miss {
    /// As the person reads it.
    pub(crate) asked: String,
    /// Empty where the question could not be put.
    pub(crate) said: String,
    pub(crate) question: RoomQuestion,
}

/// The true answer behind a fold, so that one can guess first.
pub(crate) fn check(question: &RoomQuestion, right: bool) -> Option<HtmlElement> {
    let check = dom::element("details", "check", "")?;
    dom::append(&check, dom::element("summary", "", &t!("Check the answer")).as_ref());
    let words = if right { t!("Right.") } else { t!("Not right.") };
    let verdict = dom::element("p", "verdict", &words)?;
    dom::set_attr(&verdict, "data-right", if right { "true" } else { "false" });
    dom::append(&check, Some(&verdict));
    if !question.right.is_empty() {
        let words = t!("True answer: {answer}", answer = question.right);
        dom::append(&check, dom::element("p", "truth", &words).as_ref());
    }
    if !question.objects.is_empty() {
        let objects = dom::element("p", "truth", &format!("{} ", t!("It is about:")))?;
        for (index, object) in question.objects.iter().enumerate() {
            dom::append_text(&objects, if index > 0 { ", " } else { "" });
            match object.found {
                Some(id) => {
                    dom::append(&objects, mention(&object.label, &[id], "mention").as_ref())
                }
                None => dom::append_text(&objects, &missed(object)),
            }
        }
        dom::append(&check, Some(&objects));
    }
    Some(check)
}

fn missed(object: &TrueObject) -> String {
    t!("{name} (not found in the scan)", name = object.label)
}

/// The table of a test and, behind a fold, what was wrong.
pub(crate) fn result(scores: &[TaskScore], misses: &[Miss], stopped: bool) -> Option<HtmlElement> {
    let result = dom::element("div", "result", "")?;
    let sum = |count: fn(&TaskScore) -> u32| scores.iter().map(count).sum::<u32>();
    let (right, asked) = (sum(|score| score.right), sum(|score| score.asked));
    let ended = if stopped { format!("{} ", t!("Stopped.")) } else { String::new() };
    let total = t!("{right} of {asked} right.", right = right, asked = asked);
    let total = format!("{ended}{total}");
    dom::append(&result, dom::element("p", "words", &total).as_ref());
    if asked > 0 {
        dom::append(&result, table(scores).as_ref());
    }
    let note = t!(
        "One room says little: the next may come out quite differently. Descriptions count as right \
         only word for word, and what was not found in the scan counts as wrong."
    );
    dom::append(&result, dom::element("p", "small", &note).as_ref());
    if !misses.is_empty() {
        dom::append(&result, wrong(misses).as_ref());
    }
    Some(result)
}

fn table(scores: &[TaskScore]) -> Option<HtmlElement> {
    let table = dom::element("table", "scores", "")?;
    dom::append(
        &table,
        dom::element("caption", "sr-only", &t!("Right answers by kind of task")).as_ref(),
    );
    let head = dom::element("thead", "", "")?;
    dom::append(
        &head,
        row("th", "col", &t!("Kind of task"), [&t!("Right answers"), &t!("Asked")]).as_ref(),
    );
    dom::append(&table, Some(&head));
    let body = dom::element("tbody", "", "")?;
    for score in scores {
        let counts = [score.right.to_string(), score.asked.to_string()];
        let counts = [counts[0].as_str(), counts[1].as_str()];
        dom::append(&body, row("td", "row", &text::task(&score.task), counts).as_ref());
    }
    dom::append(&table, Some(&body));
    Some(table)
}

/// A row that begins with a heading of this scope.
fn row(tag: &str, scope: &str, first: &str, rest: [&str; 2]) -> Option<HtmlElement> {
    let row = dom::element("tr", "", "")?;
    let heading = dom::element("th", "", first)?;
    dom::set_attr(&heading, "scope", scope);
    dom::append(&row, Some(&heading));
    for words in rest {
        let cell = dom::element(tag, "", words)?;
        if tag == "th" {
            dom::set_attr(&cell, "scope", scope);
        }
        dom::append(&row, Some(&cell));
    }
    Some(row)
}

fn wrong(misses: &[Miss]) -> Option<HtmlElement> {
    let details = dom::element("details", "check", "")?;
    let summary = match misses.len() {
        1 => t!("1 wrong answer"),
        many => t!("{count} wrong answers", count = many),
    };
    dom::append(&details, dom::element("summary", "", &summary).as_ref());
    let list = dom::element("ul", "misses", "")?;
    for miss in misses {
        let item = dom::element("li", "", "")?;
        dom::append(&item, dom::element("p", "", &miss.asked).as_ref());
        let said = match miss.said.trim() {
            "" if miss.question.askable => t!("It said nothing."),
            "" => t!("Not asked: what it mentions was not found in the scan."),
            said => t!("It said: {said}", said = said),
        };
        dom::append(&item, dom::element("p", "truth", &said).as_ref());
        let right = t!("Right: {answer}", answer = truth(&miss.question));
        dom::append(&item, dom::element("p", "truth", &right).as_ref());
        dom::append(&list, Some(&item));
    }
    dom::append(&details, Some(&list));
    Some(details)
}

/// In words alone: the answer, or the objects where it is these.
fn truth(question: &RoomQuestion) -> String {
    if !question.right.is_empty() {
        return question.right.clone();
    }
    let object = |object: &TrueObject| match object.found {
        Some(id) => format!("{} #{id}", object.label),
        None => missed(object),
    };
    question.objects.iter().map(object).collect::<Vec<_>>().join(", ")
}
