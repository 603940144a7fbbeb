//! Ways through the room, moves of what is there, places for what is not.

use super::plausible::MOVABLE;
use super::templates::{self as t, Family};
use super::{Asker, Proposal, Slots};
use crate::rng::Rng;
use tasks::program::{Pose, Program, Set};
use tasks::suite::{Shell, Support, Task};

/// A thing that could be brought in: name and size, metres.
type New = (&'static str, [f32; 3]);

/// For the floor.
const FURNITURE: [New; 8] = [
    ("desk", [1.2, 0.6, 0.75]),
    ("armchair", [0.8, 0.8, 0.9]),
    ("bookcase", [0.8, 0.3, 1.8]),
    ("stool", [0.4, 0.4, 0.5]),
    ("plant", [0.4, 0.4, 1.0]),
    ("trash bin", [0.3, 0.3, 0.4]),
    ("lamp", [0.3, 0.3, 1.5]),
    ("box", [0.5, 0.4, 0.3]),
];

/// For the tops of furniture.
const SMALL: [New; 6] = [
    ("lamp", [0.2, 0.2, 0.4]),
    ("vase", [0.15, 0.15, 0.3]),
    ("book", [0.15, 0.2, 0.03]),
    ("laptop", [0.35, 0.25, 0.25]),
    ("bowl", [0.25, 0.25, 0.1]),
    ("printer", [0.45, 0.4, 0.25]),
];

impl Asker<'_> {
    pub(super) fn walk(&mut self, rng: &mut Rng) -> Option<bool> {
        let (x, y, from, to) = self.two(rng)?;
        let program = Program::Path { from, to };
        let slots = Slots { x, y, ..Slots::default() };
        self.ask_about_space(&t::WALK, Task::Navigation, slots, program, "way", rng)
    }

    pub(super) fn moved(&mut self, rng: &mut Rng) -> Option<bool> {
        let thing = *rng.pick(&self.movable())?;
        // Nobody puts a cup on the floor beside a desk.
        let stands = self.facts.objects[thing].support == Support::Shell(Shell::Floor);
        let [thing, anchor] =
            [thing, self.other(thing, rng)?].map(|object| self.any_way(object, rng));
        let slots = Slots { x: thing.phrase, y: anchor.phrase, ..Slots::default() };
        let (family, slots, to, tag) = match rng.below(5) {
            0 | 1 => {
                let (words, metres) = *rng.pick(&[
                    ("0.5 m", 0.5),
                    ("half a metre", 0.5),
                    ("1 m", 1.0),
                    ("0.3 m", 0.3),
                ])?;
                let slots = Slots { length: words.to_owned(), ..slots };
                let to = Pose::Towards { anchor: anchor.set, metres };
                (&t::MOVE_TOWARDS, slots, to, "pose")
            }
            2 | 3 if stands => {
                (&t::MOVE_BESIDE, slots, Pose::Beside { anchor: anchor.set }, "beside")
            }
            _ => (&t::MOVE_ON, slots, Pose::On { anchor: anchor.set }, "on"),
        };
        let program = Program::Move { of: thing.set, to };
        self.ask_about_space(family, Task::Move, slots, program, tag, rng)
    }

    pub(super) fn put_new(&mut self, rng: &mut Rng) -> Option<bool> {
        let (x, y, a, b) = self.two(rng)?;
        let things = |kind: &[New], rng: &mut Rng| rng.pick(kind).copied();
        let (family, thing, to, tag) = match rng.below(3) {
            0 => (&t::PLACE_BESIDE, things(&FURNITURE, rng)?, Pose::Beside { anchor: b }, "beside"),
            1 => (&t::PLACE_ON, things(&SMALL, rng)?, Pose::On { anchor: b }, "on"),
            _ => (&t::PLACE_BETWEEN, things(&FURNITURE, rng)?, Pose::Between { a, b }, "between"),
        };
        let (noun, size) = thing;
        let [w, d, h] = size;
        let slots = Slots {
            x,
            y,
            noun: noun.to_owned(),
            size: format!("{w} x {d} x {h} m"),
            ..Slots::default()
        };
        self.ask_about_space(
            family,
            Task::Place,
            slots,
            Program::Place { name: noun.to_owned(), size, to },
            tag,
            rng,
        )
    }

    fn ask_about_space(
        &mut self,
        family: &Family,
        task: Task,
        slots: Slots,
        program: Program,
        tag: &str,
        rng: &mut Rng,
    ) -> Option<bool> {
        let (family, tags): (&[_], _) = (&[family], &[tag]);
        Some(self.add(Proposal { family, task, slots, program, tags }, rng))
    }

    /// What one person can carry or push about.
    pub(super) fn movable(&self) -> Vec<usize> {
        let is_movable =
            |&index: &usize| MOVABLE.contains(&self.facts.objects[index].label.as_str());
        self.clear.iter().copied().filter(is_movable).collect()
    }

    /// Two different objects: their phrases, then their sets.
    fn two(&self, rng: &mut Rng) -> Option<(String, String, Set, Set)> {
        let one = *rng.pick(&self.clear)?;
        let other = self.other(one, rng)?;
        let [one, other] = [one, other].map(|object| self.any_way(object, rng));
        Some((one.phrase, other.phrase, one.set, other.set))
    }
}
