//! Talk in turns: requests that are clear, that are not, and the answer to “Which one?”.

use super::phrase;
use super::plausible::MOVABLE;
use super::templates as t;
use super::{Asker, Proposal, Slots};
use crate::rng::Rng;
use tasks::program::{Program, Set};
use tasks::prompt::{Part, target_parts};
use tasks::suite::Task;

impl Asker<'_> {
    /// “Bring me the red chair.”
    pub(super) fn clear_request(&mut self, rng: &mut Rng) -> Option<bool> {
        let object = *rng.pick(&self.movable())?;
        let found = self.in_words(object, rng)?;
        let slots = Slots { x: found.phrase, ..Slots::default() };
        let program = Program::Objects { of: found.set };
        let (family, tags): (&[_], _) = (&[&t::BRING], &["request", "one", found.by]);
        Some(self.add(Proposal { family, task: Task::Dialog, slots, program, tags }, rng))
    }

    /// “Bring me the chair.” where there are several.
    pub(super) fn unclear_request(&mut self, rng: &mut Rng) -> Option<bool> {
        let (class, name) = self.repeated_class(rng)?;
        let slots = Slots { x: format!("the {name}"), ..Slots::default() };
        let program = Program::Clarify { of: Set::class(&class) };
        let (family, tags): (&[_], _) = (&[&t::BRING], &["clarify"]);
        Some(self.add(Proposal { family, task: Task::Dialog, slots, program, tags }, rng))
    }

    /// The whole talk: request, question back, choice.
    pub(super) fn choice(&mut self, rng: &mut Rng) -> Option<bool> {
        let (class, name) = self.repeated_class(rng)?;
        let asked = Program::Clarify { of: Set::class(&class) }.run(self.facts).ok()?;
        let back = in_words(asked.answers.first()?);
        if !tells_apart(&back) {
            return None;
        }
        let meant = self.facts.index_of(*rng.pick(&asked.objects)?)?;
        let way = rng.between(1, 4);
        let found = self.reference(meant, way, "one", rng)?;
        let request = Slots { x: format!("the {name}"), ..Slots::default() };
        let (request, _) = phrase::plain(&t::BRING, self.split, &request, rng);
        let slots = Slots { choice: found.phrase, ..Slots::default() };
        let program = Program::Objects { of: found.set };
        let tags = &["choice", "one", found.by];
        let before = format!("Human: {request} Robot: {back} Human: ");
        let (family, task): (&[_], _) = (&[&t::CHOOSE], Task::Dialog);
        Some(self.add_after(&before, None, Proposal { family, task, slots, program, tags }, rng))
    }

    /// A class of movable things of which there are two to four, and a name for it.
    fn repeated_class(&self, rng: &mut Rng) -> Option<(String, String)> {
        let several: Vec<String> = self
            .classes()
            .into_iter()
            .filter(|(class, count)| (2..=4).contains(count) && MOVABLE.contains(&class.as_str()))
            .map(|(class, _)| class)
            .collect();
        let class = rng.pick(&several)?.clone();
        let name = self.name_of(&class, rng);
        Some((class, name))
    }
}

/// Whether a question back calls no two things the same.
fn tells_apart(back: &str) -> bool {
    let choices = back.trim_end_matches('?').rsplit(": ").next().unwrap_or_default();
    let names: Vec<&str> = choices.split(", ").collect();
    names.iter().enumerate().all(|(index, name)| !names[..index].contains(name))
}

/// A robot's question as a person heard it: “Which one: the red chair, the black chair?”
fn in_words(question: &str) -> String {
    let words = target_parts(question).into_iter().map(|part| match part {
        Part::Text(words) => words,
        Part::Object(_) => "the".to_owned(),
        Part::Mark(_) => String::new(),
    });
    words.collect()
}
