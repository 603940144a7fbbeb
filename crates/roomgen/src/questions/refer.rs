//! Ways to speak of one object so that it cannot be another.

use super::Asker;
use crate::rng::Rng;
use tasks::program::{Measure, Program, Relation, Set};
use tasks::{prompt, words};

/// A definite noun phrase with what it means.
#[derive(Clone, Debug)]
pub(super) struct Reference {
    /// Such as “the lamp on the desk”.
    pub(super) phrase: String,
    /// The set that holds only that object.
    pub(super) set: Set,
    /// How it is singled out: `class`, `colour`, `relation`, `nearest`, `superlative`, `picked`.
    pub(super) by: &'static str,
}

impl Asker<'_> {
    /// The object's class name or another word for it that the suite does not use for something
    /// else.
    pub(super) fn name_of(&self, class: &str, rng: &mut Rng) -> String {
        let free: Vec<&str> = words::synonyms(class)
            .filter(|name| !self.facts.classes.iter().any(|class| class == name))
            .collect();
        match rng.pick(&free) {
            Some(name) if rng.chance(0.2) => (*name).to_owned(),
            _ => class.to_owned(),
        }
    }

    /// The object picked by hand.
    pub(super) fn picked(&self, object: usize) -> Reference {
        let id = self.facts.objects[object].id;
        Reference { phrase: prompt::mention(id), set: Set::Object { id }, by: "picked" }
    }

    /// Some way to speak of it in words alone, the simplest ones first choice.
    pub(super) fn in_words(&self, object: usize, rng: &mut Rng) -> Option<Reference> {
        let simple = rng.chance(0.65);
        let mut ways = if simple { [0, 1, 2, 3, 4] } else { [1, 2, 3, 4, 0] };
        if !simple {
            rng.shuffle(&mut ways[..4]);
        }
        let name = self.name_of(&self.facts.objects[object].label, rng);
        ways.into_iter().find_map(|way| self.reference(object, way, &name, rng))
    }

    /// In words or, one time in four, picked by hand.
    pub(super) fn any_way(&self, object: usize, rng: &mut Rng) -> Reference {
        if rng.chance(0.25) {
            return self.picked(object);
        }
        self.in_words(object, rng).unwrap_or_else(|| self.picked(object))
    }

    /// Calls it `name`, which after a question back may be “one”; only if the words mean this
    /// object and no other of its class.
    pub(super) fn reference(
        &self,
        object: usize,
        way: usize,
        name: &str,
        rng: &mut Rng,
    ) -> Option<Reference> {
        let fact = &self.facts.objects[object];
        let class = Set::class(&fact.label);
        let found = match way {
            0 => Reference { phrase: format!("the {name}"), set: class, by: "class" },
            1 => {
                let colour = fact.colour.clone()?;
                Reference {
                    phrase: format!("the {colour} {name}"),
                    set: Set::coloured(&fact.label, Some(&colour)),
                    by: "colour",
                }
            }
            2 => self.by_relation(object, name, class, rng)?,
            3 => self.by_distance(object, name, class, rng)?,
            _ => {
                let (words, set) = superlative(class, rng);
                Reference { phrase: format!("the {words} {name}"), set, by: "superlative" }
            }
        };
        self.means(&found.set, object).then_some(found)
    }

    fn by_relation(
        &self,
        object: usize,
        name: &str,
        class: Set,
        rng: &mut Rng,
    ) -> Option<Reference> {
        let anchor = self.other(object, rng)?;
        let anchor_class = &self.facts.objects[anchor].label;
        let relations = [
            (Relation::On, &["on", "on top of", "standing on"][..]),
            (Relation::NextTo, &["next to", "beside", "right next to"][..]),
        ];
        let (relation, ways) = rng.pick(&relations)?;
        let anchor_name = self.name_of(anchor_class, rng);
        let words = rng.pick(ways)?;
        Some(Reference {
            phrase: format!("the {name} {words} the {anchor_name}"),
            set: Set::Related {
                relation: *relation,
                to: Box::new(Set::class(anchor_class)),
                among: Box::new(class),
            },
            by: "relation",
        })
    }

    fn by_distance(
        &self,
        object: usize,
        name: &str,
        class: Set,
        rng: &mut Rng,
    ) -> Option<Reference> {
        let anchor = self.other(object, rng)?;
        let to = Box::new(Set::class(&self.facts.objects[anchor].label));
        let anchor_name = self.name_of(&self.facts.objects[anchor].label, rng);
        let among = Box::new(class);
        let (ways, set) = if rng.chance(0.75) {
            (["closest to", "nearest to", "nearest"], Set::Nearest { to, among })
        } else {
            (["farthest from", "furthest from", "most distant from"], Set::Farthest { to, among })
        };
        let words = rng.pick(&ways)?;
        Some(Reference {
            phrase: format!("the {name} {words} the {anchor_name}"),
            set,
            by: "nearest",
        })
    }

    /// Any object but this one.
    pub(super) fn other(&self, object: usize, rng: &mut Rng) -> Option<usize> {
        let others: Vec<usize> = self.clear.iter().copied().filter(|&o| o != object).collect();
        rng.pick(&others).copied()
    }

    fn means(&self, set: &Set, object: usize) -> bool {
        let program = Program::Objects { of: set.clone() };
        program.run(self.facts).is_ok_and(|o| o.objects == [self.facts.objects[object].id])
    }
}

/// A superlative in words, and what it picks from a set.
pub(super) fn superlative(among: Set, rng: &mut Rng) -> (&'static str, Set) {
    let ways = [
        ("biggest", Measure::Size, true),
        ("largest", Measure::Size, true),
        ("smallest", Measure::Size, false),
        ("tallest", Measure::Height, true),
        ("lowest", Measure::Height, false),
    ];
    // Among all things, the lowest is always the rug, and “low” could be where it hangs.
    let of_everything = matches!(among, Set::Kind { class: None, .. });
    let (words, measure, most) = ways[rng.below(ways.len() - usize::from(of_everything))];
    let among = Box::new(among);
    let set = if most { Set::Most { measure, among } } else { Set::Least { measure, among } };
    (words, set)
}
