//! Phrasings of the val split, used nowhere else.

pub(super) const EXISTS: &[&str] =
    &["Does this room have {an}?", "Could I find {an} in this place?", "Is {an} present?"];

pub(super) const COUNT: &[&str] = &[
    "How many {ns} do you see?",
    "Could you count the {ns} in here?",
    "What's the total of {ns}?",
];

pub(super) const WHAT_IS: &[&str] =
    &["Which object is {x}?", "Identify {x}.", "What type of thing is {x}?"];

pub(super) const COLOUR: &[&str] =
    &["Which colour does {x} have?", "What color does {x} have?", "Say the colour of {x}."];

pub(super) const WHAT_ON: &[&str] = &["Which object is on {x}?", "What thing is on {x}?"];

pub(super) const WHAT_UNDER: &[&str] = &["What holds up {x}?", "What has {x} on top of it?"];

pub(super) const WHAT_NEXT_TO: &[&str] = &["What's next to {x}?", "What do I find next to {x}?"];

pub(super) const WHAT_NEAREST: &[&str] =
    &["What is the nearest thing to {x}?", "Starting at {x}, what do I reach first?"];

pub(super) const WHAT_FARTHEST: &[&str] =
    &["What lies farthest away from {x}?", "Of all things, what is furthest from {x}?"];

pub(super) const WHAT_MOST: &[&str] =
    &["Name the {most} object.", "What would you call the {most} thing?"];

pub(super) const DISTANCE: &[&str] = &[
    "How far is it from {x} to {y}?",
    "What's the gap between {x} and {y}?",
    "How close is {x} to {y}?",
];

pub(super) const FIND_ONE: &[&str] =
    &["Locate {x}.", "I am looking for {x}.", "Do you see {x}? Show it."];

pub(super) const FIND_WHICH: &[&str] =
    &["Show the {n} that is {most}.", "Among the {ns}, mark whichever is {most}."];

pub(super) const FIND_ALL: &[&str] =
    &["Show every {n}.", "Where can I see {ns}?", "Give me every {n}."];

pub(super) const FIND_ON: &[&str] =
    &["Show all that stands on {x}.", "Pick out everything that is on {x}."];

pub(super) const DESCRIBE: &[&str] = &["Give a description of {x}.", "Write a caption for {x}."];
