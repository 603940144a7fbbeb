//! Questions asked from where somebody stands.

use super::templates::{self as t, Family};
use super::{Asker, Proposal, Slots};
use crate::rng::Rng;
use geometry::Side;
use tasks::program::{Program, Set, View};
use tasks::suite::{Shell, Support, Task};

/// How it is told where a viewer looks, by the quarter turns to the left from facing a thing.
const HEADINGS: [&Family; 4] = [&t::AT_FACING, &t::AT_RIGHT, &t::AT_BACK, &t::AT_LEFT];

/// A viewer's sides, as answers name them first.
const SIDES: [&str; 4] = ["front", "left", "behind", "right"];
/// So many objects are looked at for one on the side wanted.
const SOUGHT: usize = 20;

/// A viewer's place, in words and as sets.
struct Place {
    at: (String, Set),
    towards: (String, Set),
}

impl Place {
    fn view(&self, turn: u8) -> View {
        View { at: self.at.1.clone(), towards: self.towards.1.clone(), turn }
    }

    fn slots(&self) -> Slots {
        Slots { x: self.at.0.clone(), y: self.towards.0.clone(), ..Slots::default() }
    }
}

/// As in “What is on my left?”
fn of_me(side: Side) -> &'static str {
    match side {
        Side::Front => "in front of me",
        Side::Left => "on my left",
        Side::Behind => "behind me",
        Side::Right => "on my right",
    }
}

impl Asker<'_> {
    /// The same question for all four headings: who guesses gets one of them right, who sees, all.
    ///
    /// Where a viewer stands at the wall most things lie ahead. So the side is drawn first and the
    /// object after it: how a viewer is turned must not tell the answer.
    pub(super) fn all_round(&mut self, rng: &mut Rng) -> Option<bool> {
        let place = self.place(rng)?;
        let wanted = *rng.pick(&SIDES)?;
        let (object, programs) = (0..SOUGHT).find_map(|_| {
            let object = self.any_way(*rng.pick(&self.clear)?, rng);
            let side = |turn| Program::Side { of: object.set.clone(), view: place.view(turn) };
            let programs = [0, 1, 2, 3].map(side);
            let outcomes: Result<Vec<_>, _> =
                programs.iter().map(|program| program.run(self.facts)).collect();
            let is_wanted = outcomes.ok()?[0].answers.first().is_some_and(|side| side == wanted);
            is_wanted.then_some((object, programs))
        })?;
        let group = format!("rot:{}", self.questions.len());
        let mut added = 0;
        for (program, heading) in programs.into_iter().zip(HEADINGS) {
            let slots = Slots { z: object.phrase.clone(), ..place.slots() };
            added += usize::from(self.add(
                Proposal {
                    family: &[heading, &t::SIDE],
                    task: Task::SituatedQa,
                    slots,
                    program,
                    tags: &["side", &group],
                },
                rng,
            ));
        }
        Some(added == 4)
    }

    pub(super) fn how_many_on_side(&mut self, rng: &mut Rng) -> Option<bool> {
        let class = self.frequent_class(rng)?;
        let (slots, heading, of) = self.on_some_side(&class, rng)?;
        let program = Program::Count { of };
        // “None” is the answer of most sides; it must not be the one to guess.
        let none = program.run(self.facts).ok()?.objects.is_empty();
        if none && rng.chance(0.85) {
            return None;
        }
        let tags = &["count", "situated"];
        let family = &[heading, &t::SIDE_COUNT];
        Some(self.add(Proposal { family, task: Task::SituatedQa, slots, program, tags }, rng))
    }

    pub(super) fn exists_on_side(&mut self, wanted: bool, rng: &mut Rng) -> Option<bool> {
        let class = self.facts.objects[*rng.pick(&self.clear)?].label.clone();
        let (slots, heading, of) = self.on_some_side(&class, rng)?;
        let program = Program::Exists { of };
        let answer = if wanted { "yes" } else { "no" };
        if program.run(self.facts).ok()?.answers[0] != answer {
            return None;
        }
        let tags = &["existence", "situated", answer];
        let family = &[heading, &t::SIDE_EXISTS];
        Some(self.add(Proposal { family, task: Task::SituatedQa, slots, program, tags }, rng))
    }

    pub(super) fn find_on_side(&mut self, rng: &mut Rng) -> Option<bool> {
        let class = self.frequent_class(rng)?;
        let (slots, heading, of) = self.on_some_side(&class, rng)?;
        let program = Program::Objects { of };
        let one = program.run(self.facts).ok()?.objects.len() == 1;
        let tags = &["one", "multiple", "situated"];
        let family = &[heading, &t::SIDE_FIND];
        let task = Task::Grounding;
        one.then(|| self.add(Proposal { family, task, slots, program, tags }, rng))
    }

    fn on_some_side(&self, class: &str, rng: &mut Rng) -> Option<(Slots, &'static Family, Set)> {
        let place = self.place(rng)?;
        let turn = rng.below(4);
        let side = *rng.pick(&Side::ALL)?;
        let noun = self.name_of(class, rng);
        let slots = Slots { noun, side: of_me(side), ..place.slots() };
        let among = Box::new(Set::class(class));
        let view = Box::new(place.view(turn as u8));
        Some((slots, HEADINGS[turn], Set::OnSide { side, view, among }))
    }

    fn place(&self, rng: &mut Rng) -> Option<Place> {
        // One stands at furniture, not at a cup.
        let standing: Vec<usize> = self
            .clear
            .iter()
            .copied()
            .filter(|&index| {
                let fact = &self.facts.objects[index];
                let on_floor = fact.support == Support::Shell(Shell::Floor);
                let opens = matches!(fact.label.as_str(), "door" | "window");
                opens || on_floor && fact.whole.size().max_element() > 0.5
            })
            .collect();
        let at = *rng.pick(&standing)?;
        let towards = self.other(at, rng)?;
        let [at, towards] = [at, towards].map(|object| {
            let found = self.any_way(object, rng);
            (found.phrase, found.set)
        });
        Some(Place { at, towards })
    }

    /// A class, those with several objects first choice.
    fn frequent_class(&self, rng: &mut Rng) -> Option<String> {
        let mut classes = self.classes();
        let weights: Vec<f32> = classes.iter().map(|(_, count)| (*count as f32).powi(2)).collect();
        let chosen = rng.weighted(&weights)?;
        Some(classes.swap_remove(chosen).0)
    }
}
