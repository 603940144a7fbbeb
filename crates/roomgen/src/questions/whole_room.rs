//! Questions about the room as a whole: what it is, and what one can do there.

use super::templates as t;
use super::{Asker, Proposal, Slots};
use crate::rng::Rng;
use tasks::program::{GOALS, Program};
use tasks::prompt::{Part, target_parts};
use tasks::suite::Task;

impl Asker<'_> {
    pub(super) fn scene(&mut self, rng: &mut Rng) -> Option<bool> {
        let program = Program::Scene;
        Some(self.add(
            Proposal {
                family: &[&t::SCENE],
                task: Task::SceneCaption,
                slots: Slots::default(),
                program,
                tags: &["scene"],
            },
            rng,
        ))
    }

    pub(super) fn plan(&mut self, rng: &mut Rng) -> Option<bool> {
        let goal = rng.pick(GOALS)?;
        let program = Program::Plan { goal: goal.name.to_owned(), done: 0 };
        let slots = Slots { goal: goal.name, ..Slots::default() };
        let (family, tags): (&[_], _) = (&[&t::PLAN], &["plan"]);
        Some(self.add(Proposal { family, task: Task::Plan, slots, program, tags }, rng))
    }

    pub(super) fn next_step(&mut self, rng: &mut Rng) -> Option<bool> {
        let goal = rng.pick(GOALS)?;
        let whole = Program::Plan { goal: goal.name.to_owned(), done: 0 };
        let outcome = whole.run(self.facts).ok()?;
        let done = rng.between(1, outcome.objects.len().checked_sub(1).filter(|most| *most > 0)?);
        let steps = first_steps(outcome.answers.first()?, done);
        let program = Program::Plan { goal: goal.name.to_owned(), done };
        let slots = Slots { goal: goal.name, steps, ..Slots::default() };
        let (family, tags): (&[_], _) = (&[&t::PLAN_NEXT], &["next-step"]);
        Some(self.add(Proposal { family, task: Task::Plan, slots, program, tags }, rng))
    }
}

/// The first steps of a plan, its objects in plain words.
fn first_steps(plan: &str, count: usize) -> String {
    let words: String = target_parts(plan)
        .into_iter()
        .map(|part| match part {
            Part::Text(words) => words,
            Part::Object(_) => "the".to_owned(),
            Part::Mark(_) => String::new(),
        })
        .collect();
    let end = words.find(&format!(" {}. ", count + 1)).unwrap_or(words.len());
    words[..end].to_owned()
}

#[cfg(test)]
mod tests {
    use super::first_steps;

    #[test]
    fn steps_are_told_in_words() {
        let plan = "1. Close <OBJ003> curtain. 2. Turn on <OBJ007> tv. 3. Sit on <OBJ001> sofa.";
        assert_eq!(first_steps(plan, 2), "1. Close the curtain. 2. Turn on the tv.");
        assert_eq!(first_steps(plan, 1), "1. Close the curtain.");
    }
}
