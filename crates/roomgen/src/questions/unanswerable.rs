//! Questions that the scan cannot answer. Most use the words of questions that it can, about
//! something that is not there: only who looks can tell them apart.

use super::plausible;
use super::templates::{self as t, Family};
use super::{Asker, Proposal, Slots};
use crate::rng::Rng;
use tasks::program::{Program, Set, Why};
use tasks::suite::Task;

/// Things that hide what they hold.
const CLOSED: [&str; 14] = [
    "bag",
    "basket",
    "box",
    "cabinet",
    "dishwasher",
    "dresser",
    "fridge",
    "microwave",
    "nightstand",
    "suitcase",
    "trash bin",
    "wall cabinet",
    "wardrobe",
    "washing machine",
];

/// What can be asked of a thing that is there, and therefore of one that is not.
const ABOUT_ONE: [&Family; 5] =
    [&t::COLOUR, &t::MATERIAL, &t::WHAT_NEXT_TO, &t::WHAT_NEAREST, &t::WHAT_ON];

impl Asker<'_> {
    pub(super) fn about_absent(&mut self, rng: &mut Rng) -> Option<bool> {
        let class = plausible::absent_class(self.facts, rng)?;
        let absent = format!("the {}", self.name_of(&class, rng));
        let (family, slots) = if rng.chance(0.3) {
            let there = self.any_way(*rng.pick(&self.clear)?, rng).phrase;
            let (x, y) = if rng.chance(0.5) { (absent, there) } else { (there, absent) };
            (&t::DISTANCE, Slots { x, y, ..Slots::default() })
        } else {
            (*rng.pick(&ABOUT_ONE)?, Slots { x: absent, ..Slots::default() })
        };
        let program = Program::Unknown { why: Why::Absent, of: Set::class(&class) };
        let (family, tags): (&[_], _) = (&[family], &["absent"]);
        Some(self.add(Proposal { family, task: Task::Abstain, slots, program, tags }, rng))
    }

    pub(super) fn inside(&mut self, rng: &mut Rng) -> Option<bool> {
        let closed: Vec<usize> = self
            .clear
            .iter()
            .copied()
            .filter(|&index| CLOSED.contains(&self.facts.objects[index].label.as_str()))
            .collect();
        self.cannot_tell(*rng.pick(&closed)?, Why::Closed, &t::CLOSED, "closed", rng)
    }

    pub(super) fn beyond(&mut self, rng: &mut Rng) -> Option<bool> {
        let object = *rng.pick(&self.clear)?;
        self.cannot_tell(object, Why::Beyond, &t::BEYOND, "beyond", rng)
    }

    fn cannot_tell(
        &mut self,
        object: usize,
        why: Why,
        family: &Family,
        tag: &str,
        rng: &mut Rng,
    ) -> Option<bool> {
        let found = self.any_way(object, rng);
        let slots = Slots { x: found.phrase, ..Slots::default() };
        let program = Program::Unknown { why, of: found.set };
        let (family, tags): (&[_], _) = (&[family], &[tag]);
        Some(self.add(Proposal { family, task: Task::Abstain, slots, program, tags }, rng))
    }
}

#[cfg(test)]
mod tests {
    use super::CLOSED;
    use crate::assets::{Assets, entries};
    use std::collections::BTreeSet;

    #[test]
    fn only_classes_that_exist_are_closed() {
        let mut known: BTreeSet<String> =
            Assets::shapes_only().classes().map(str::to_owned).collect();
        known.extend(entries().unwrap().into_iter().map(|entry| entry.class));
        assert!(CLOSED.iter().all(|class| known.contains(*class)));
    }
}
