//! The kinds of question, and how many of each a room gets.

use super::plausible;
use super::refer::superlative;
use super::templates as t;
use super::{Asker, Proposal, Slots};
use crate::rng::Rng;
use tasks::colour;
use tasks::program::{Measure, Program, Relation, Set};
use tasks::suite::{Split, Support, Task};

/// Proposals made for each question wanted, before giving up.
const TRIES: usize = 12;

/// Larger counts are too rare to be learnt.
const MOST_COUNTED: usize = 6;

impl Asker<'_> {
    /// About seventy questions of all kinds, and those about each object by itself.
    pub(super) fn ask_all(&mut self, rng: &mut Rng) {
        self.about_each_object(rng);
        for wanted in [true, false, true, false] {
            self.several(1, rng, |asker, rng| asker.exists(wanted, rng));
        }
        for wanted in [true, false] {
            self.several(1, rng, |asker, rng| asker.exists_coloured(wanted, rng));
        }
        self.several(5, rng, Self::count);
        self.several(4, rng, Self::colour);
        self.several(2, rng, |asker, rng| asker.related(Relation::On, rng));
        self.several(2, rng, |asker, rng| asker.related(Relation::Under, rng));
        self.several(2, rng, |asker, rng| asker.related(Relation::NextTo, rng));
        self.several(4, rng, |asker, rng| asker.extreme_distance(true, rng));
        self.several(1, rng, |asker, rng| asker.extreme_distance(false, rng));
        self.several(2, rng, Self::most);
        self.several(5, rng, Self::distance);
        self.several(7, rng, Self::find_one);
        self.several(3, rng, Self::find_which);
        self.several(4, rng, Self::find_all);
        self.several(2, rng, Self::find_on);
        self.several(2, rng, Self::find_none);
        self.several(2, rng, Self::material);
        self.several(3, rng, Self::compare);
        self.several(2, rng, Self::all_round);
        self.several(2, rng, Self::how_many_on_side);
        for wanted in [true, false] {
            self.several(1, rng, |asker, rng| asker.exists_on_side(wanted, rng));
        }
        self.several(1, rng, Self::find_on_side);
        self.scene(rng);
        self.several(1, rng, Self::plan);
        self.several(1, rng, Self::next_step);
        self.several(1, rng, Self::clear_request);
        self.several(1, rng, Self::unclear_request);
        self.several(2, rng, Self::choice);
        self.several(5, rng, Self::about_absent);
        self.several(1, rng, Self::inside);
        self.several(2, rng, Self::beyond);
        let of_space = if self.split == Split::Train { 6 } else { 2 };
        self.several(of_space, rng, Self::walk);
        self.several(of_space, rng, Self::moved);
        self.several(of_space, rng, Self::put_new);
        self.several(6, rng, Self::follow_up);
    }

    fn several(
        &mut self,
        wanted: usize,
        rng: &mut Rng,
        mut propose: impl FnMut(&mut Self, &mut Rng) -> Option<bool>,
    ) {
        let mut added = 0;
        for _ in 0..wanted * TRIES {
            if added == wanted {
                return;
            }
            added += usize::from(propose(self, rng) == Some(true));
        }
    }

    /// What it is, what colour it has, how one would describe it.
    fn about_each_object(&mut self, rng: &mut Rng) {
        let [what, colour, material, describe] = match self.split {
            Split::Train => [1.0, 0.5, 0.3, 0.3],
            Split::Val | Split::Test => [0.2, 0.15, 0.1, 0.2],
        };
        for object in self.clear.clone() {
            let picked = self.picked(object);
            let slots = Slots { x: picked.phrase, ..Slots::default() };
            let of = picked.set;
            let kinds = [
                (what, &t::WHAT_IS, Task::Qa, Program::Class { of: of.clone() }, "class"),
                (colour, &t::COLOUR, Task::Qa, Program::Colour { of: of.clone() }, "attribute"),
                (
                    material,
                    &t::MATERIAL,
                    Task::Qa,
                    Program::Material { of: of.clone() },
                    "material",
                ),
                (describe, &t::DESCRIBE, Task::DenseCaption, Program::Caption { of }, "caption"),
            ];
            for (chance, family, task, program, tag) in kinds {
                if rng.chance(chance) {
                    let slots = slots.clone();
                    self.add(
                        Proposal { family: &[family], task, slots, program, tags: &[tag] },
                        rng,
                    );
                }
            }
        }
    }

    fn exists(&mut self, wanted: bool, rng: &mut Rng) -> Option<bool> {
        let class = if wanted {
            // Rarer things more often, so that a name alone does not give the answer away.
            let weights: Vec<f32> = self
                .clear
                .iter()
                .map(|&index| 1.0 / plausible::commonness(&self.facts.objects[index].label))
                .collect();
            self.facts.objects[self.clear[rng.weighted(&weights)?]].label.clone()
        } else {
            plausible::absent_class(self.facts, rng)?
        };
        let slots = Slots { noun: self.name_of(&class, rng), ..Slots::default() };
        let program = Program::Exists { of: Set::class(&class) };
        let tags = &["existence", if wanted { "yes" } else { "no" }];
        Some(
            self.add(Proposal { family: &[&t::EXISTS], task: Task::Qa, slots, program, tags }, rng),
        )
    }

    fn exists_coloured(&mut self, wanted: bool, rng: &mut Rng) -> Option<bool> {
        let object = *rng.pick(&self.clear)?;
        let label = self.facts.objects[object].label.clone();
        let own = self.facts.objects[object].colour.clone()?;
        let colour = if wanted { own } else { self.absent_colour(&label, rng)? };
        let noun = format!("{colour} {}", self.name_of(&label, rng));
        let program = Program::Exists { of: Set::coloured(&label, Some(&colour)) };
        let slots = Slots { noun, ..Slots::default() };
        let tags = &["existence", "colour", if wanted { "yes" } else { "no" }];
        Some(
            self.add(Proposal { family: &[&t::EXISTS], task: Task::Qa, slots, program, tags }, rng),
        )
    }

    /// A colour that no object of the class has; one of another object's, if there is one.
    fn absent_colour(&self, class: &str, rng: &mut Rng) -> Option<String> {
        let of_class = |colour: &str| {
            self.facts
                .objects
                .iter()
                .any(|object| object.label == class && object.colour.as_deref() == Some(colour))
        };
        let around: Vec<&str> =
            self.facts.objects.iter().filter_map(|object| object.colour.as_deref()).collect();
        let colours = if rng.chance(0.6) { &around[..] } else { &colour::NAMES[..] };
        let free: Vec<&&str> = colours.iter().filter(|colour| !of_class(colour)).collect();
        rng.pick(&free).map(|colour| (**colour).to_owned())
    }

    fn count(&mut self, rng: &mut Rng) -> Option<bool> {
        let classes = self.classes();
        // Most classes have one object; larger counts are to be as frequent as small ones.
        let weight = |class: &str, count: usize| {
            // There are nearly always two of these, which asks nothing of the scan.
            let told = if ["curtain", "window", "door"].contains(&class) { 0.15 } else { 1.0 };
            told * (count as f32).powf(1.5).min(12.0)
        };
        let weights: Vec<f32> =
            classes.iter().map(|(class, count)| weight(class, *count)).collect();
        let (class, _) = &classes[rng.weighted(&weights)?];
        let coloured = rng.chance(0.25);
        let colour = if coloured {
            let of_class: Vec<&str> = self
                .facts
                .objects
                .iter()
                .filter(|object| object.label == *class)
                .filter_map(|object| object.colour.as_deref())
                .collect();
            Some((*rng.pick(&of_class)?).to_owned())
        } else {
            None
        };
        let name = self.name_of(class, rng);
        let noun = colour.as_ref().map_or(name.clone(), |colour| format!("{colour} {name}"));
        let program = Program::Count { of: Set::coloured(class, colour.as_deref()) };
        let counted = program.run(self.facts).ok()?.objects.len();
        let same = self
            .questions
            .iter()
            .filter(|question| question.tags[0] == "count" && question.objects.len() == counted)
            .count();
        if counted > MOST_COUNTED || (counted == 1 && same > 0) || (counted == 2 && same > 1) {
            return None;
        }
        let slots = Slots { noun, ..Slots::default() };
        let tags: &[&str] = if coloured { &["count", "colour"] } else { &["count"] };
        Some(self.add(Proposal { family: &[&t::COUNT], task: Task::Qa, slots, program, tags }, rng))
    }

    /// Each class with the number of its objects.
    pub(super) fn classes(&self) -> Vec<(String, usize)> {
        let mut classes: Vec<(String, usize)> = Vec::new();
        for object in &self.facts.objects {
            match classes.iter_mut().find(|(label, _)| *label == object.label) {
                Some((_, count)) => *count += 1,
                None => classes.push((object.label.clone(), 1)),
            }
        }
        classes
    }

    fn colour(&mut self, rng: &mut Rng) -> Option<bool> {
        let object = *rng.pick(&self.clear)?;
        // The colour must not be in the question.
        let found = self.in_words(object, rng).filter(|found| found.by != "colour")?;
        let slots = Slots { x: found.phrase, ..Slots::default() };
        let program = Program::Colour { of: found.set };
        let tags = &["attribute", found.by];
        Some(
            self.add(Proposal { family: &[&t::COLOUR], task: Task::Qa, slots, program, tags }, rng),
        )
    }

    fn material(&mut self, rng: &mut Rng) -> Option<bool> {
        let object = *rng.pick(&self.clear)?;
        let found = self.in_words(object, rng)?;
        let slots = Slots { x: found.phrase, ..Slots::default() };
        let program = Program::Material { of: found.set };
        let tags = &["material", found.by];
        let family = &[&t::MATERIAL];
        Some(self.add(Proposal { family, task: Task::Qa, slots, program, tags }, rng))
    }

    /// “Which is taller, the sofa or the desk?”
    fn compare(&mut self, rng: &mut Rng) -> Option<bool> {
        let one = *rng.pick(&self.clear)?;
        let other = self.other(one, rng)?;
        let [a, b] = [self.any_way(one, rng), self.any_way(other, rng)];
        let ways = [
            ("taller", Measure::Height, true),
            ("lower", Measure::Height, false),
            ("bigger", Measure::Size, true),
            ("smaller", Measure::Size, false),
        ];
        let (words, measure, more) = *rng.pick(&ways)?;
        let slots = Slots { x: a.phrase, y: b.phrase, more: words, ..Slots::default() };
        let program = Program::Compare { measure, more, a: a.set, b: b.set };
        let tags = &["compare"];
        let family = &[&t::COMPARE];
        Some(self.add(Proposal { family, task: Task::Qa, slots, program, tags }, rng))
    }

    fn related(&mut self, relation: Relation, rng: &mut Rng) -> Option<bool> {
        let object = *rng.pick(&self.clear)?;
        if self.facts.objects[object].label == "rug" {
            // What stands on a rug stands on the floor too.
            return None;
        }
        let anchor = self.any_way(object, rng);
        let everything = Set::everything();
        let of = Set::Related { relation, to: Box::new(anchor.set), among: Box::new(everything) };
        let family: &[_] = match relation {
            Relation::On => &[&t::WHAT_ON],
            Relation::Under => &[&t::WHAT_UNDER],
            Relation::NextTo => &[&t::WHAT_NEXT_TO],
        };
        let slots = Slots { x: anchor.phrase, ..Slots::default() };
        let program = Program::Class { of };
        Some(
            self.add(Proposal { family, task: Task::Qa, slots, program, tags: &["relation"] }, rng),
        )
    }

    fn extreme_distance(&mut self, nearest: bool, rng: &mut Rng) -> Option<bool> {
        let object = *rng.pick(&self.clear)?;
        let anchor = self.any_way(object, rng);
        let to = Box::new(anchor.set);
        let among = Box::new(Set::everything());
        let slots = Slots { x: anchor.phrase, ..Slots::default() };
        let (family, of, tag): (&[_], _, _) = if nearest {
            (&[&t::WHAT_NEAREST], Set::Nearest { to, among }, "nearest")
        } else {
            (&[&t::WHAT_FARTHEST], Set::Farthest { to, among }, "farthest")
        };
        let program = Program::Class { of };
        Some(self.add(Proposal { family, task: Task::Qa, slots, program, tags: &[tag] }, rng))
    }

    fn most(&mut self, rng: &mut Rng) -> Option<bool> {
        let (most, of) = superlative(Set::everything(), rng);
        let slots = Slots { most: most.to_owned(), ..Slots::default() };
        let program = Program::Class { of };
        let proposal = Proposal {
            family: &[&t::WHAT_MOST],
            task: Task::Qa,
            slots,
            program,
            tags: &["superlative"],
        };
        Some(self.add(proposal, rng))
    }

    fn distance(&mut self, rng: &mut Rng) -> Option<bool> {
        let from = *rng.pick(&self.clear)?;
        let to = self.other(from, rng)?;
        let [a, b] = [self.any_way(from, rng), self.any_way(to, rng)];
        let slots = Slots { x: a.phrase, y: b.phrase, ..Slots::default() };
        let program = Program::Distance { a: a.set, b: b.set };
        let proposal = Proposal {
            family: &[&t::DISTANCE],
            task: Task::Distance,
            slots,
            program,
            tags: &["distance"],
        };
        Some(self.add(proposal, rng))
    }

    fn find_one(&mut self, rng: &mut Rng) -> Option<bool> {
        let object = *rng.pick(&self.clear)?;
        let way = rng.below(5);
        let name = self.name_of(&self.facts.objects[object].label, rng);
        let found = self.reference(object, way, &name, rng)?;
        let unique =
            self.facts.objects.iter().filter(|o| o.label == self.facts.objects[object].label);
        let spread = if unique.count() == 1 { "unique" } else { "multiple" };
        let slots = Slots { x: found.phrase, ..Slots::default() };
        let program = Program::Objects { of: found.set };
        let tags = &["one", spread, found.by];
        let family = &[&t::FIND_ONE];
        Some(self.add(Proposal { family, task: Task::Grounding, slots, program, tags }, rng))
    }

    /// “Which chair is nearest to the window?”, of classes with two or more.
    fn find_which(&mut self, rng: &mut Rng) -> Option<bool> {
        let classes: Vec<(String, usize)> =
            self.classes().into_iter().filter(|(_, count)| *count > 1).collect();
        let (class, _) = rng.pick(&classes)?;
        let (most, of, tag) = if rng.chance(0.3) {
            let (most, of) = superlative(Set::class(class), rng);
            (format!("the {most}"), of, "superlative")
        } else {
            let object = *rng.pick(&self.clear)?;
            let anchor = self.any_way(object, rng);
            let to = Box::new(anchor.set);
            let among = Box::new(Set::class(class));
            if rng.chance(0.75) {
                let words = rng.pick(&["closest to", "nearest to"])?;
                (format!("{words} {}", anchor.phrase), Set::Nearest { to, among }, "nearest")
            } else {
                let words = rng.pick(&["farthest from", "furthest from"])?;
                (format!("{words} {}", anchor.phrase), Set::Farthest { to, among }, "farthest")
            }
        };
        let slots = Slots { noun: self.name_of(class, rng), most, ..Slots::default() };
        let program = Program::Objects { of };
        let tags = &["one", "multiple", tag];
        let family = &[&t::FIND_WHICH];
        Some(self.add(Proposal { family, task: Task::Grounding, slots, program, tags }, rng))
    }

    /// Every object of a class or of a class and colour; mostly such that there are several.
    fn find_all(&mut self, rng: &mut Rng) -> Option<bool> {
        let classes = self.classes();
        let weights: Vec<f32> =
            classes.iter().map(|(_, count)| if *count > 1 { 12.0 } else { 1.0 }).collect();
        let (class, _) = &classes[rng.weighted(&weights)?];
        let colours: Vec<&str> = self
            .facts
            .objects
            .iter()
            .filter(|object| object.label == *class)
            .filter_map(|object| object.colour.as_deref())
            .collect();
        let colour = rng.pick(&colours).filter(|_| rng.chance(0.3)).map(|c| (*c).to_owned());
        let by = if colour.is_some() { "colour" } else { "class" };
        let name = self.name_of(class, rng);
        let noun = colour.as_ref().map_or(name.clone(), |colour| format!("{colour} {name}"));
        let of = Set::coloured(class, colour.as_deref());
        let program = Program::Objects { of };
        let several = program.run(self.facts).is_ok_and(|outcome| outcome.objects.len() > 1);
        let tags = &[if several { "many" } else { "one" }, by];
        let slots = Slots { noun, ..Slots::default() };
        let family = &[&t::FIND_ALL];
        Some(self.add(Proposal { family, task: Task::Grounding, slots, program, tags }, rng))
    }

    /// Everything on something, mostly more than one thing.
    fn find_on(&mut self, rng: &mut Rng) -> Option<bool> {
        let object = *rng.pick(&self.clear)?;
        let fact = &self.facts.objects[object];
        let carried = Support::Object(fact.id);
        let count = self.facts.objects.iter().filter(|other| other.support == carried).count();
        // What stands on a rug stands on the floor too.
        if fact.label == "rug" || count == 0 || (count == 1 && rng.chance(0.7)) {
            return None;
        }
        let below = self.any_way(object, rng);
        let everything = Set::everything();
        let of = Set::Related {
            relation: Relation::On,
            to: Box::new(below.set),
            among: Box::new(everything),
        };
        let slots = Slots { x: below.phrase, ..Slots::default() };
        let program = Program::Objects { of };
        let tags = &[if count > 1 { "many" } else { "one" }, "relation"];
        let family = &[&t::FIND_ON];
        Some(self.add(Proposal { family, task: Task::Grounding, slots, program, tags }, rng))
    }

    /// The same words for something that is not there.
    fn find_none(&mut self, rng: &mut Rng) -> Option<bool> {
        let (class, colour) = if rng.chance(0.6) {
            (plausible::absent_class(self.facts, rng)?, None)
        } else {
            let object = *rng.pick(&self.clear)?;
            let class = self.facts.objects[object].label.clone();
            let colour = self.absent_colour(&class, rng)?;
            (class, Some(colour))
        };
        let name = self.name_of(&class, rng);
        let noun = colour.as_ref().map_or(name.clone(), |colour| format!("{colour} {name}"));
        let of = Set::coloured(&class, colour.as_deref());
        let program = Program::Objects { of };
        let slots = Slots { x: format!("the {noun}"), noun, ..Slots::default() };
        let family: &[_] = if rng.chance(0.5) { &[&t::FIND_ONE] } else { &[&t::FIND_ALL] };
        let tags = &["none"];
        Some(self.add(Proposal { family, task: Task::Grounding, slots, program, tags }, rng))
    }
}
