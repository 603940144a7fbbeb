use serde::{Deserialize, Serialize};

/// What is asked for, by the words of the question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Whether there is one.
    Exists,
    /// How many.
    Count,
    /// Of what colour.
    Colour,
    /// What one object is.
    WhatIs,
    /// What is nearest to something.
    Nearest,
    /// What is farthest from something.
    Farthest,
    /// What stands beside something.
    NextTo,
    /// What lies on something.
    On,
    /// What something lies on.
    Under,
    /// What is biggest, smallest, tallest.
    Most,
    /// How far apart.
    Distance,
    /// Say what it looks like.
    Describe,
    /// Point at it.
    Find,
}

/// Superlatives known to the rules.
pub(super) const SUPERLATIVES: [&str; 6] =
    ["biggest", "largest", "smallest", "tallest", "lowest", "shortest"];

impl Kind {
    /// The first rule that fits.
    pub fn of(text: &str) -> Self {
        let text = text.to_lowercase();
        let text = text.trim_end_matches(['?', '.', ' ']);
        let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
        if has(&[
            "how far",
            "distance",
            "how close",
            "apart",
            "metres",
            "meters",
            "how much space",
            "gap",
        ]) {
            return Self::Distance;
        }
        if has(&["how many", "count", "number of"]) {
            return Self::Count;
        }
        if has(&["colour", "color"]) {
            return Self::Colour;
        }
        if has(&["describe", "description", "caption", "about", "say something"]) {
            return Self::Describe;
        }
        let about_things = ["what", "which object", "which thing", "name", "tell me what"];
        if about_things.iter().any(|start| text.contains(start)) {
            return Self::of_things(text);
        }
        if has(&[
            "is there",
            "are there",
            "any ",
            "does this",
            "do you see a",
            "looking for a",
            "have",
        ]) {
            return Self::Exists;
        }
        if has(&["can you find a", "is a", "catch a", "find a "]) {
            return Self::Exists;
        }
        Self::Find
    }

    /// Of questions that ask for a thing.
    fn of_things(text: &str) -> Self {
        let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
        if has(&["nearest", "closest"]) {
            return Self::Nearest;
        }
        if has(&["farthest", "furthest", "most distant"]) {
            return Self::Farthest;
        }
        if has(&["next to", "beside", "neighbour", " by "]) {
            return Self::NextTo;
        }
        if has(&SUPERLATIVES) {
            return Self::Most;
        }
        if text.ends_with(" on") || has(&["under", "below", "beneath", "holds up", "stand on"]) {
            return Self::Under;
        }
        if has(&[" on ", " on top"]) {
            return Self::On;
        }
        Self::WhatIs
    }
}
