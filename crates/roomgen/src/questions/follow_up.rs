//! What is asked next: about the object that the answer before has just named.

use super::templates::{self as t, Family};
use super::{Asker, Proposal, Slots};
use crate::rng::Rng;
use tasks::program::{Pose, Program, Relation, Set};
use tasks::suite::Task;

/// How people speak of what was just named.
const IT: [&str; 6] = ["it", "it", "it", "that", "that one", "this one"];

impl Asker<'_> {
    /// “Which chair is nearest to the window?”, and then “What colour is it?”
    pub(super) fn follow_up(&mut self, rng: &mut Rng) -> Option<bool> {
        let places: Vec<usize> = (0..self.questions.len())
            .filter(|&place| {
                let question = &self.questions[place];
                let is_finding = matches!(question.task, Task::Grounding | Task::Qa);
                is_finding
                    && question.objects.len() == 1
                    && !question.tags.iter().any(|tag| tag == "count")
            })
            .collect();
        let before = *rng.pick(&places)?;
        let object = self.facts.index_of(*self.questions[before].objects.first()?)?;
        if !self.clear.contains(&object) {
            return None;
        }
        let it = Set::Object { id: self.facts.objects[object].id };
        let slots = Slots { x: (*rng.pick(&IT)?).to_owned(), ..Slots::default() };
        let among = Box::new(Set::everything());
        let to = Box::new(it.clone());
        let related = |relation| Program::Class {
            of: Set::Related { relation, to: to.clone(), among: among.clone() },
        };
        let (family, program, tag): (&Family, Program, &str) = match rng.below(9) {
            0 | 1 => (&t::COLOUR, Program::Colour { of: it }, "attribute"),
            2 => (&t::MATERIAL, Program::Material { of: it }, "material"),
            3 => (&t::WHAT_IS, Program::Class { of: it }, "class"),
            4 => (&t::WHAT_NEAREST, Program::Class { of: Set::Nearest { to, among } }, "nearest"),
            5 => (&t::WHAT_ON, related(Relation::On), "relation"),
            6 => (&t::WHAT_NEXT_TO, related(Relation::NextTo), "relation"),
            7 => return self.ask_from_it(before, object, it, slots, rng),
            _ => (&t::WHAT_UNDER, related(Relation::Under), "relation"),
        };
        let (family, tags): (&[_], _) = (&[family], &["follow-up", tag]);
        let proposal = Proposal { family, task: Task::Dialog, slots, program, tags };
        Some(self.add_after("", Some(before), proposal, rng))
    }

    /// How far something is from it, and what is put beside it.
    fn ask_from_it(
        &mut self,
        before: usize,
        object: usize,
        it: Set,
        slots: Slots,
        rng: &mut Rng,
    ) -> Option<bool> {
        let other = self.other(object, rng)?;
        let other = self.any_way(other, rng);
        let slots = Slots { y: other.phrase, ..slots };
        let can_move = self.movable().contains(&object);
        let (family, task, program, tag): (&Family, _, _, _) = if can_move && rng.chance(0.5) {
            let to = Pose::Beside { anchor: other.set };
            (&t::MOVE_BESIDE, Task::Move, Program::Move { of: it, to }, "beside")
        } else {
            (&t::DISTANCE, Task::Distance, Program::Distance { a: it, b: other.set }, "distance")
        };
        let (family, tags): (&[_], _) = (&[family], &[tag, "follow-up"]);
        let proposal = Proposal { family, task, slots, program, tags };
        Some(self.add_after("", Some(before), proposal, rng))
    }
}
