//! Questions about a room, with their true answers.
//!
//! A question is proposed as a program over the room's facts, the program is run, and only if it
//! comes to an answer that does not hang on a narrow margin or on something unseen is the question
//! put into words. So every answer is what its program says.

mod follow_up;
mod kinds;
mod layout;
mod phrase;
mod plausible;
mod refer;
mod situated;
mod talk;
mod templates;
mod unanswerable;
mod whole_room;

use crate::rng::Rng;
use phrase::Slots;
use std::collections::HashSet;
use tasks::facts::Facts;
use tasks::program::Program;
use tasks::suite::{Question, Split, Task};
use templates::Family;

/// How many other texts a training question has, so that the same answer is heard in many ways.
const OTHER_TEXTS: usize = 5;

/// Questions about a room, in random order. Train has more about single objects, and its own
/// phrasings. A room in which nothing can be seen well has none.
pub fn ask(facts: &Facts, split: Split, rng: &mut Rng) -> Vec<Question> {
    ask_in_words_of(split, facts, split, rng)
}

/// The same questions, each worded as those of the split `worded` are; what was said before a
/// question stays as it was.
pub fn ask_in_words_of(worded: Split, facts: &Facts, split: Split, rng: &mut Rng) -> Vec<Question> {
    let clear = (0..facts.objects.len()).filter(|&index| facts.objects[index].clear).collect();
    let (asked, questions) = (HashSet::new(), Vec::new());
    let mut asker = Asker { facts, split, worded, clear, asked, questions };
    if asker.clear.is_empty() {
        return Vec::new();
    }
    asker.ask_all(rng);
    let mut order: Vec<usize> = (0..asker.questions.len()).collect();
    rng.shuffle(&mut order);
    let name = |place: usize| format!("q{place:03}");
    let mut named: Vec<(usize, Question)> = order.into_iter().zip(asker.questions).collect();
    // Until here a question that follows another names it by the place at which it was asked.
    let places: Vec<usize> = named.iter().map(|(place, _)| *place).collect();
    for (place, question) in &mut named {
        question.id = name(*place);
        let before = question.after.take().and_then(|asked| asked.parse::<usize>().ok());
        question.after = before.and_then(|asked| places.get(asked)).map(|place| name(*place));
    }
    named.sort_by_key(|(place, _)| *place);
    named.into_iter().map(|(_, question)| question).collect()
}

/// What has been asked of a room so far.
struct Asker<'a> {
    facts: &'a Facts,
    split: Split,
    worded: Split,
    /// The places of the objects that can be spoken of.
    clear: Vec<usize>,
    /// Programs and texts.
    asked: HashSet<String>,
    questions: Vec<Question>,
}

/// A question before it is known whether it has an answer.
struct Proposal<'a> {
    /// Its sentence, or its sentences in order.
    family: &'a [&'a Family],
    task: Task,
    slots: Slots,
    program: Program,
    tags: &'a [&'a str],
}

impl Asker<'_> {
    /// Runs the program and, if all would agree on its answer, puts it into words. Says whether a
    /// question was added; none is asked twice.
    fn add(&mut self, proposal: Proposal<'_>, rng: &mut Rng) -> bool {
        self.add_after("", None, proposal, rng)
    }

    /// The same for the end of a talk: each of its texts begins with what was said `before`, or it
    /// is asked right after the question at the place `after`.
    fn add_after(
        &mut self,
        before: &str,
        after: Option<usize>,
        proposal: Proposal<'_>,
        rng: &mut Rng,
    ) -> bool {
        let Ok(outcome) = proposal.program.run(self.facts) else { return false };
        let sentence = |split: Split, rng: &mut Rng| {
            let (text, phrasing) = phrase::sentences(proposal.family, split, &proposal.slots, rng);
            (format!("{before}{text}"), phrasing)
        };
        let (mut text, mut phrasing) = sentence(self.split, rng);
        // Of what “it” is, another question may be asked in the same words.
        let key = format!("{after:?} {:?}", proposal.program);
        if self.asked.contains(&key) || !self.asked.insert(format!("{after:?} {text}")) {
            return false;
        }
        self.asked.insert(key);
        let also = match self.split {
            Split::Train => (0..OTHER_TEXTS).map(|_| sentence(self.split, rng).0).collect(),
            Split::Val | Split::Test => Vec::new(),
        };
        if self.worded != self.split {
            // With dice of its own, so that all else falls as ever.
            (text, phrasing) = sentence(self.worded, &mut rng.clone());
        }
        self.questions.push(Question {
            id: String::new(),
            task: proposal.task,
            text,
            also,
            answers: outcome.answers,
            objects: outcome.objects,
            value: outcome.value,
            answer_box: outcome.answer_box,
            path: outcome.path,
            program: proposal.program,
            phrasing,
            tags: proposal.tags.iter().map(|tag| (*tag).to_owned()).collect(),
            twin: None,
            after: after.map(|place| place.to_string()),
        });
        true
    }
}

#[cfg(test)]
mod tests;
