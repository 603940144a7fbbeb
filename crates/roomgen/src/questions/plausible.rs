//! Which things one would expect in which room, and how common they are: so that what is asked
//! about and not there could well have been there.

use crate::rng::Rng;
use tasks::facts::Facts;

/// Things that go together.
const GROUPS: [&[&str]; 5] = [
    &[
        "sofa",
        "armchair",
        "coffee table",
        "tv",
        "tv stand",
        "bookcase",
        "rug",
        "plant",
        "lamp",
        "fireplace",
        "picture",
        "curtain",
        "piano",
        "vase",
        "speaker",
    ],
    &[
        "bed",
        "nightstand",
        "wardrobe",
        "dresser",
        "lamp",
        "rug",
        "curtain",
        "crib",
        "bunk bed",
        "picture",
        "mirror",
        "clock",
        "bag",
        "suitcase",
    ],
    &[
        "table",
        "chair",
        "stove",
        "fridge",
        "sink",
        "dishwasher",
        "microwave",
        "cabinet",
        "wall cabinet",
        "range hood",
        "coffee machine",
        "trash bin",
        "stool",
        "bottle",
        "cup",
        "bowl",
    ],
    &[
        "desk",
        "office chair",
        "computer",
        "monitor",
        "laptop",
        "keyboard",
        "printer",
        "bookcase",
        "shelf",
        "whiteboard",
        "trash bin",
        "lamp",
        "book",
        "box",
        "clock",
        "fan",
        "bag",
    ],
    &["toilet", "sink", "bathtub", "shower", "washing machine", "towel", "basket", "radiator"],
];

/// What one person can carry or push about.
pub(super) const MOVABLE: [&str; 24] = [
    "armchair",
    "bag",
    "basket",
    "book",
    "bottle",
    "bowl",
    "box",
    "chair",
    "clock",
    "coffee table",
    "cup",
    "fan",
    "keyboard",
    "lamp",
    "laptop",
    "nightstand",
    "office chair",
    "pillow",
    "plant",
    "speaker",
    "stool",
    "suitcase",
    "trash bin",
    "vase",
];

/// In most rooms.
const COMMON: [&str; 10] =
    ["chair", "table", "lamp", "plant", "sofa", "bed", "cabinet", "desk", "armchair", "box"];
/// In nearly every room.
const EVERYWHERE: [&str; 4] = ["window", "door", "curtain", "picture"];

/// How often a room has one, in rough terms.
pub(super) fn commonness(class: &str) -> f32 {
    let listed = GROUPS.iter().filter(|group| group.contains(&class)).count() as f32;
    match class {
        _ if EVERYWHERE.contains(&class) => 12.0,
        _ if COMMON.contains(&class) => 4.0,
        _ => 1.0 + listed,
    }
}

/// A class that the room does not have, nor anything that could be taken for it; more likely one
/// that goes with what is there.
pub(super) fn absent_class(facts: &Facts, rng: &mut Rng) -> Option<String> {
    let there = |class: &str| {
        facts.objects.iter().any(|object| {
            tasks::words::covers(class, &object.label) || tasks::words::covers(&object.label, class)
        })
    };
    let absent: Vec<&String> = facts.classes.iter().filter(|class| !there(class)).collect();
    let weight = |class: &&String| {
        let fits: usize = GROUPS
            .iter()
            .filter(|group| group.contains(&class.as_str()))
            .map(|group| facts.objects.iter().filter(|o| group.contains(&o.label.as_str())).count())
            .sum();
        commonness(class) * (0.5 + fits.min(6) as f32)
    };
    let weights: Vec<f32> = absent.iter().map(weight).collect();
    rng.weighted(&weights).map(|index| absent[index].clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assets::{Assets, entries};
    use std::collections::BTreeSet;

    #[test]
    fn only_classes_that_exist_are_expected() {
        let mut known: BTreeSet<String> =
            Assets::shapes_only().classes().map(str::to_owned).collect();
        known.extend(entries().unwrap().into_iter().map(|entry| entry.class));
        for class in
            GROUPS.iter().copied().flatten().chain(&COMMON).chain(&EVERYWHERE).chain(&MOVABLE)
        {
            assert!(known.contains(*class), "no class “{class}”");
        }
    }
}
