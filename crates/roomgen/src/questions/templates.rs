//! The ways in which people ask. One list for each kind of question; within a list every sixth
//! template is kept for val and the one after it for test, the rest is for train.
//!
//! Slots: `{x}` and `{y}` a definite object (“the sofa”, “the lamp on the desk”, a picked one),
//! `{n}` a noun (“red chair”), `{an}` with its article, `{ns}` its plural, `{most}` a superlative.

use tasks::suite::Split;

/// Templates for one kind of question.
pub(super) struct Family {
    /// First part of the phrasing's name.
    pub(super) name: &'static str,
    templates: &'static [&'static str],
}

impl Family {
    /// The templates of a split, with their phrasing names.
    pub(super) fn of(&self, split: Split) -> Vec<(String, &'static str)> {
        let mine = |index: usize| match index % 6 {
            4 => Split::Val,
            5 => Split::Test,
            _ => Split::Train,
        };
        let named = |(index, template): (usize, &&'static str)| {
            (mine(index) == split).then(|| (format!("{}/{index}", self.name), *template))
        };
        self.templates.iter().enumerate().filter_map(named).collect()
    }
}

pub(super) const EXISTS: Family = Family {
    name: "exists",
    templates: &[
        "Is there {an} here?",
        "Is there {an} in this room?",
        "Are there any {ns}?",
        "Do you see {an}?",
        "Does this room have {an}?",
        "Can you find {an} in here?",
        "Any {ns} in the room?",
        "{n}?",
        "Is {an} anywhere in the scan?",
        "I am looking for {an}, is there one?",
        "Could I find {an} in this place?",
        "Did the scan catch {an}?",
        "Have we got {an}?",
        "Does the scan show any {ns}?",
        "Tell me if there is {an}.",
        "I wonder whether there is {an} around.",
        "Is {an} present?",
        "Would I come across {an} here?",
    ],
};

pub(super) const COUNT: Family = Family {
    name: "count",
    templates: &[
        "How many {ns} are there?",
        "How many {ns} are in this room?",
        "Count the {ns}.",
        "What is the number of {ns}?",
        "How many {ns} do you see?",
        "Number of {ns} in the scan?",
        "How many {ns}?",
        "Please count all {ns} for me.",
        "I need to know how many {ns} there are.",
        "How many {ns} does this room have?",
        "Could you count the {ns} in here?",
        "How many {ns} stand around in this place?",
        "{ns}: how many?",
        "Give me a count of the {ns}.",
        "Tell me the number of {ns} here.",
        "How many {ns} can be found?",
        "What's the total of {ns}?",
        "If I counted the {ns}, what would I get?",
    ],
};

pub(super) const WHAT_IS: Family = Family {
    name: "what-is",
    templates: &[
        "What is {x}?",
        "What's {x}?",
        "What kind of object is {x}?",
        "What do you call {x}?",
        "Which object is {x}?",
        "What am I looking at in {x}?",
        "Name {x}.",
        "Can you tell me what {x} is?",
        "{x}: what is it?",
        "I clicked {x}, what is that?",
        "Identify {x}.",
        "What sort of thing is {x}?",
        "What would you say {x} is?",
        "Tell me what {x} is.",
        "What is this {x}?",
        "What object is {x}?",
        "What type of thing is {x}?",
        "Do you know what {x} is?",
    ],
};

pub(super) const COLOUR: Family = Family {
    name: "colour",
    templates: &[
        "What colour is {x}?",
        "What color is {x}?",
        "What is the colour of {x}?",
        "Tell me the colour of {x}.",
        "Which colour does {x} have?",
        "In what colour is {x}?",
        "What's the color of {x}?",
        "Colour of {x}?",
        "Which color is {x}?",
        "Can you say what colour {x} is?",
        "What color does {x} have?",
        "How would you name the colour of {x}?",
        "I would like to know the colour of {x}.",
        "{x}: what colour?",
        "What colour would you say {x} is?",
        "Name the colour of {x}.",
        "Say the colour of {x}.",
        "{x} is of which colour?",
    ],
};

pub(super) const WHAT_ON: Family = Family {
    name: "what-on",
    templates: &[
        "What is on {x}?",
        "What is on top of {x}?",
        "What stands on {x}?",
        "What's lying on {x}?",
        "Which object is on {x}?",
        "What has been put on {x}?",
        "What did someone leave on {x}?",
        "What sits on {x}?",
        "Tell me what is on {x}.",
        "What do you see on {x}?",
        "What thing is on {x}?",
        "What would I find on top of {x}?",
    ],
};

pub(super) const WHAT_UNDER: Family = Family {
    name: "what-under",
    templates: &[
        "What is {x} on?",
        "What does {x} stand on?",
        "What is under {x}?",
        "What is {x} standing on?",
        "What holds up {x}?",
        "What lies below {x}?",
        "Which object is under {x}?",
        "On top of what is {x}?",
        "What is beneath {x}?",
        "What carries {x}?",
        "What has {x} on top of it?",
        "What supports {x}?",
    ],
};

pub(super) const WHAT_NEXT_TO: Family = Family {
    name: "what-next-to",
    templates: &[
        "What is next to {x}?",
        "What is beside {x}?",
        "What stands next to {x}?",
        "Which object is right beside {x}?",
        "What's next to {x}?",
        "What has its place at the side of {x}?",
        "What is by {x}?",
        "Tell me what is next to {x}.",
        "What is right next to {x}?",
        "Who keeps {x} company: what stands beside it?",
        "What do I find next to {x}?",
        "What is the neighbour of {x}?",
    ],
};

pub(super) const WHAT_NEAREST: Family = Family {
    name: "what-nearest",
    templates: &[
        "What is nearest to {x}?",
        "What is closest to {x}?",
        "Which object is closest to {x}?",
        "Which object is nearest to {x}?",
        "What is the nearest thing to {x}?",
        "What lies closest to {x}?",
        "What stands nearest to {x}?",
        "From {x}, what is the closest object?",
        "What is the object closest to {x}?",
        "Of all things here, what is nearest to {x}?",
        "Starting at {x}, what do I reach first?",
        "Name the thing nearest to {x}.",
    ],
};

pub(super) const WHAT_FARTHEST: Family = Family {
    name: "what-farthest",
    templates: &[
        "What is farthest from {x}?",
        "What is furthest away from {x}?",
        "Which object is farthest from {x}?",
        "What is the farthest thing from {x}?",
        "What lies farthest away from {x}?",
        "Name the object furthest from {x}.",
        "Which thing is most distant from {x}?",
        "From {x}, what is the farthest object?",
        "What stands farthest from {x}?",
        "What is the most distant object from {x}?",
        "Of all things, what is furthest from {x}?",
        "What is at the greatest distance from {x}?",
    ],
};

pub(super) const WHAT_MOST: Family = Family {
    name: "what-most",
    templates: &[
        "What is the {most} object in the room?",
        "What is the {most} thing here?",
        "Which object is the {most}?",
        "Which thing in this room is the {most}?",
        "Name the {most} object.",
        "What's the {most} object in this scan?",
        "Tell me the {most} thing in here.",
        "{most} object?",
        "Of everything here, what is the {most}?",
        "What is the {most} piece in this room?",
        "What would you call the {most} thing?",
        "Which is the {most} of all objects?",
    ],
};

pub(super) const DISTANCE: Family = Family {
    name: "distance",
    templates: &[
        "How far is {x} from {y}?",
        "What is the distance between {x} and {y}?",
        "How far apart are {x} and {y}?",
        "How many metres are there between {x} and {y}?",
        "How far is it from {x} to {y}?",
        "How much space is there between {x} and {y}?",
        "Distance from {x} to {y}?",
        "Measure the distance between {x} and {y}.",
        "How far away is {x} from {y}?",
        "Can you measure from {x} to {y}?",
        "What's the gap between {x} and {y}?",
        "How long is the way from {x} to {y}?",
        "How many meters from {x} to {y}?",
        "Tell me how far {x} is from {y}.",
        "I want to know the distance from {x} to {y}.",
        "{x} to {y}: how far?",
        "How close is {x} to {y}?",
        "Please measure how far {x} is away from {y}.",
    ],
};

pub(super) const FIND_ONE: Family = Family {
    name: "find-one",
    templates: &[
        "Where is {x}?",
        "Find {x}.",
        "Show me {x}.",
        "Point to {x}.",
        "Locate {x}.",
        "Can you point out {x}?",
        "Which one is {x}?",
        "Please find {x} for me.",
        "Highlight {x}.",
        "Where do I find {x}?",
        "I am looking for {x}.",
        "Help me spot {x}.",
        "Can you show me {x}?",
        "Mark {x}.",
        "Where's {x}?",
        "Go to {x}.",
        "Do you see {x}? Show it.",
        "Take me to {x}.",
    ],
};

pub(super) const FIND_WHICH: Family = Family {
    name: "find-which",
    templates: &[
        "Which {n} is {most}?",
        "Which {n} would you say is {most}?",
        "Which of the {ns} is {most}?",
        "Find the {n} that is {most}.",
        "Show the {n} that is {most}.",
        "Point out which {n} is {most}.",
        "What {n} is {most}?",
        "Of the {ns}, which is {most}?",
        "Which one of the {ns} is {most}?",
        "Show me which {n} is {most}.",
        "Among the {ns}, mark whichever is {most}.",
        "Tell me which of the {ns} is {most}.",
    ],
};

pub(super) const FIND_ALL: Family = Family {
    name: "find-all",
    templates: &[
        "Find all {ns}.",
        "Show me all {ns}.",
        "Where are the {ns}?",
        "Point to every {n}.",
        "Show every {n}.",
        "Highlight all of the {ns}.",
        "Mark the {ns}.",
        "Which objects are {ns}?",
        "Locate all {ns} in the room.",
        "Show the {ns}.",
        "Where can I see {ns}?",
        "Pick out each {n}.",
        "List all {ns}.",
        "Can you show all the {ns}?",
        "All {ns}, please.",
        "Find every {n} in here.",
        "Give me every {n}.",
        "Light up all {ns}.",
    ],
};

pub(super) const FIND_ON: Family = Family {
    name: "find-on",
    templates: &[
        "Find everything on {x}.",
        "Show me everything on {x}.",
        "Point to all things on {x}.",
        "Which objects are on {x}?",
        "Show all that stands on {x}.",
        "Light up what lies on {x}.",
        "Highlight everything on top of {x}.",
        "Where are the things on {x}?",
        "Mark all objects on {x}.",
        "Show what is on {x}.",
        "Pick out everything that is on {x}.",
        "Locate the things on top of {x}.",
    ],
};

pub(super) const DESCRIBE: Family = Family {
    name: "describe",
    templates: &[
        "Describe {x}.",
        "Describe {x} briefly.",
        "Tell me about {x}.",
        "What can you say about {x}?",
        "Give a description of {x}.",
        "How would you describe {x}?",
        "Say something about {x}.",
        "Caption {x}.",
        "Describe the object {x}.",
        "Please describe {x} and where it is.",
        "Write a caption for {x}.",
        "In one sentence, describe {x}.",
    ],
};

/// Every family.
#[cfg(test)]
pub(super) const ALL: [&Family; 16] = [
    &EXISTS,
    &COUNT,
    &WHAT_IS,
    &COLOUR,
    &WHAT_ON,
    &WHAT_UNDER,
    &WHAT_NEXT_TO,
    &WHAT_NEAREST,
    &WHAT_FARTHEST,
    &WHAT_MOST,
    &DISTANCE,
    &FIND_ONE,
    &FIND_WHICH,
    &FIND_ALL,
    &FIND_ON,
    &DESCRIBE,
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_template_is_in_two_splits_or_twice() {
        let mut seen = HashSet::new();
        for family in ALL {
            for split in [Split::Train, Split::Val, Split::Test] {
                let mine = family.of(split);
                assert!(mine.len() >= 2, "{} has too few for {split:?}", family.name);
                for (phrasing, template) in mine {
                    assert!(seen.insert(phrasing), "{template}");
                    assert!(seen.insert(format!("{}: {template}", family.name)), "{template}");
                }
            }
            assert!(family.templates.len() >= 12);
            assert!(family.of(Split::Train).len() >= 8);
        }
    }
}
