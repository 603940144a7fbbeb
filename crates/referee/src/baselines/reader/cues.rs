//! Words by which the rules tell what is asked for, from the phrasings of training.

/// Superlatives known to the rules.
pub(super) const SUPERLATIVES: [&str; 6] =
    ["biggest", "largest", "smallest", "tallest", "lowest", "shortest"];

/// Comparatives known to the rules.
pub(super) const COMPARATIVES: [&str; 7] =
    ["bigger", "larger", "smaller", "taller", "higher", "lower", "shorter"];

/// What nobody can see.
pub(super) const BEYOND: [&str; 30] = [
    "price",
    "expensive",
    "worth",
    "sold",
    "heavy",
    "kilos",
    "weight",
    "owns",
    "whose",
    "who put",
    "how old",
    "bought",
    "years",
    "second-hand",
    "temperature",
    "warm",
    "smell",
    " work",
    "broken",
    "switched",
    "brand",
    "who made",
    "company",
    "country",
    "comfortable",
    "feel to",
    "loud",
    "warranty",
    "present from",
    "repaired",
];

/// Asks for what a thing holds.
pub(super) const INSIDE: [&str; 19] = [
    "inside",
    "contain",
    "content",
    "what is in ",
    "what's in ",
    "in it",
    "kept in",
    "find in ",
    "look into",
    "empty",
    " full",
    "open",
    "put in",
    "got in",
    "take out",
    "there anything in ",
    "things in ",
    "have in ",
    "what fills",
];

/// Asks for the room as a whole.
pub(super) const ROOM: [&str; 16] = [
    "describe the room",
    "describe the scene",
    "room look",
    "what is in this room",
    "of room",
    "about this room",
    "overview",
    "whole room",
    "this place like",
    "room description",
    "whole scene",
    "room as a whole",
    "what do you see here",
    "around me",
    "all in here",
    "this room for",
];

/// Asks for an errand.
pub(super) const REQUEST: [&str; 20] = [
    "bring",
    "fetch",
    "grab",
    "drive to",
    "pick up",
    "go to",
    "go over",
    "go and get",
    "go get",
    "get it",
    "getting",
    "take me to",
    "lead me",
    "walk over",
    "move over",
    "give me",
    "can i have",
    "like to have",
    "come with",
    "go near",
];

/// Asks for a side rather than for what is on one.
pub(super) const SIDE: [&str; 13] = [
    "which side",
    "what side",
    "seen from me",
    "left, right",
    "left or",
    "direction",
    "do i have to turn",
    "turn for",
    "left, on my right",
    "where is",
    "point of view",
    "where do i",
    "side of me",
];
