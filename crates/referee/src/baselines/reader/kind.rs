use super::cues::{BEYOND, COMPARATIVES, INSIDE, REQUEST, ROOM, SIDE, SUPERLATIVES};
use serde::{Deserialize, Serialize};
use tasks::program::GOALS;

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
    /// What it is made of.
    Material,
    /// Which of two is bigger, smaller, taller, lower.
    Compare,
    /// On which side of somebody.
    Side,
    /// What is in it.
    Inside,
    /// What no scan shows, such as a price.
    Beyond,
    /// Say what the room is.
    Room,
    /// How to reach a goal.
    Plan,
    /// What to do next.
    NextStep,
    /// Bring it, or go there.
    Request,
    /// Which one was meant.
    Choice,
}

impl Kind {
    /// The first rule that fits.
    pub fn of(text: &str) -> Self {
        let text = text.to_lowercase().replace("on earth", "");
        let text = text.trim_end_matches(['?', '.', ' ']);
        let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
        let has_word = |known: &[&str]| {
            text.split(|c: char| !c.is_alphanumeric()).any(|word| known.contains(&word))
        };
        if GOALS.iter().any(|goal| text.contains(goal.name)) {
            return if has(&["1. "]) { Self::NextStep } else { Self::Plan };
        }
        if has(&["human:"]) {
            return Self::Choice;
        }
        if has(&["material", "made of", "made from", "made out of", "to build", "made with"]) {
            return Self::Material;
        }
        if is_situated(text) && !has(&["how many", "count", "number of"]) && has(&SIDE) {
            return Self::Side;
        }
        if has_word(&COMPARATIVES) {
            return Self::Compare;
        }
        if has(&BEYOND) {
            return Self::Beyond;
        }
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
        if has(&INSIDE) {
            return Self::Inside;
        }
        if has(&["how many", "count", "number of"]) {
            return Self::Count;
        }
        if has(&ROOM) {
            return Self::Room;
        }
        if has(&["colour", "color"]) {
            return Self::Colour;
        }
        if has(&["describe", "description", "caption", "about", "say something"]) {
            return Self::Describe;
        }
        let is_bare = text.starts_with("<obj") && !text.contains(' ');
        let about_things = [
            "what",
            "which object",
            "which thing",
            "which kind",
            "which piece",
            "which of all",
            "name",
            "class of",
        ];
        let superlative = has(&SUPERLATIVES) && has(&["object", "thing"]);
        if is_bare || superlative || has(&about_things) {
            return Self::of_things(text);
        }
        if has(&REQUEST) || text.starts_with("get ") {
            return Self::Request;
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
        if has(&[
            "can you find a",
            "is a",
            "catch a",
            "find a ",
            "if there",
            "be found",
            "single",
            "did i scan",
            "come across",
            "be seen",
            "spot a",
            "if this room",
            "see any",
        ]) {
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

/// Whether somebody says where they stand and look.
pub(super) fn is_situated(text: &str) -> bool {
    let stands = ["i am", "i'm", "i stand", "standing", "at ", "by ", "next to", "beside"];
    let looks = [
        "facing",
        "face ",
        "look",
        "my back",
        "my left",
        "my right",
        "behind me",
        "in front of me",
        "ahead of me",
        "towards",
        "at my",
    ];
    stands.iter().any(|word| text.contains(word)) && looks.iter().any(|word| text.contains(word))
}
