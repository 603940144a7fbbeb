//! Phrasings kept for the test split: written without sight of the others, and used nowhere else.

pub(super) const EXISTS: &[&str] = &[
    "Would I come across {an} if I walked into this room?",
    "Any {ns} in this room?",
    "Please check whether the room contains at least one {n}.",
    "I was wondering if you could spot {an} anywhere in here.",
    "Has this room got {an}?",
    "Somebody told me there is {an} in this room, is that right?",
];

pub(super) const COUNT: &[&str] = &[
    "If I went round this room counting {ns}, what number would I end up with?",
    "Number of {ns} in the room",
    "Count up the {ns} in here for me.",
    "I need to know how many {ns} this room has.",
    "What do the {ns} in this scan add up to in total?",
    "Just how many {ns} did someone fit into this room?",
];

pub(super) const WHAT_IS: &[&str] = &[
    "What sort of thing am I looking at when I select {x}?",
    "Type of object for {x}",
    "Put a name to {x}, please.",
    "I can't make out {x}, what is it supposed to be?",
    "Which class of object does {x} belong to?",
    "If you had to label {x} with the kind of thing it is, what would you write?",
];

pub(super) const COLOUR: &[&str] = &[
    "Colour of {x}",
    "If I wanted paint to match {x}, which colour should I ask for?",
    "Tell me the main colour you see on {x}.",
    "What colour did they pick for {x}?",
    "I forgot what colour {x} has, can you remind me?",
    "How would you name the colour of {x}?",
];

pub(super) const DESCRIBE: &[&str] = &[
    "Sum up {x} in a single sentence.",
    "One-sentence description of {x}",
    "How would you describe {x} in one sentence to someone who can't see it?",
    "I'd like one short sentence that describes {x}.",
    "Could you write me a one-line caption describing {x}?",
    "Give me a sentence saying what {x} looks like.",
];

pub(super) const WHAT_ON: &[&str] = &[
    "What would I have to take off {x} to clear its top?",
    "Things standing on top of {x}",
    "Name whatever has been placed on {x}.",
    "What does {x} have sitting on it?",
    "I want to know what {x} is holding up.",
    "Looking at the top of {x}, what do you see resting there?",
];

pub(super) const WHAT_UNDER: &[&str] = &[
    "What carries the weight of {x}?",
    "Object directly below {x}",
    "Tell me what {x} has been put on top of.",
    "If I lifted {x} straight up, what would I find it had been resting on?",
    "What piece of furniture or other thing supports {x} from below?",
    "I'd like to know what is right underneath {x}, holding it up.",
];

pub(super) const WHAT_NEXT_TO: &[&str] = &[
    "What shares the spot right beside {x}?",
    "Object immediately next to {x}",
    "Name the thing that stands side by side with {x}.",
    "I'm standing at {x}, so what is right alongside it?",
    "What did they put directly next to {x}?",
    "Could you tell me which thing is the immediate neighbour of {x}?",
];

pub(super) const WHAT_NEAREST: &[&str] = &[
    "Out of everything else in this room, what sits the shortest distance from {x}?",
    "Nearest object to {x}",
    "Tell me which thing in the room comes closest to {x}.",
    "Starting from {x}, what is the very first thing I would get to, going by distance?",
    "I need the name of the one thing that is closer to {x} than anything else is.",
    "No other object is as near to {x} as which one?",
];

pub(super) const WHAT_FARTHEST: &[&str] = &[
    "Out of everything in this room, what sits the longest distance from {x}?",
    "Most distant object from {x}",
    "Tell me which thing in the room is the farthest away from {x}.",
    "If I left {x} for the object most remote from it, what would I be walking to?",
    "I need the name of the one thing that is farther from {x} than all the rest.",
    "Nothing else here is as far from {x} as which object?",
];

pub(super) const WHAT_MOST: &[&str] = &[
    "Out of everything in here, what would you say is the {most}?",
    "{most} object in the room",
    "Name the {most} thing this room contains.",
    "Looking over all the objects in the room, which one turns out to be the {most}?",
    "I'm curious which item in this room is the {most} of all.",
    "What takes the title of {most} object in this scan?",
];

pub(super) const DISTANCE: &[&str] = &[
    "How long a tape would I need to reach from {x} to {y}?",
    "Distance between {x} and {y}",
    "Please measure the gap from {x} to {y}.",
    "How much space separates {x} from {y}?",
    "I want to know how far away {y} is from {x}.",
    "Could you work out how many metres lie between {x} and {y}?",
];

pub(super) const FIND_ONE: &[&str] = &[
    "Whereabouts in the room would I find {x}?",
    "Location of {x}",
    "Mark {x} for me in the scan.",
    "I can't seem to see {x}, could you point it out?",
    "Take me to {x}.",
    "Which spot should I look at to see {x}?",
];

pub(super) const FIND_WHICH: &[&str] = &[
    "If just one {n} here counts as {most}, which one would that be?",
    "{n} that is {most}",
    "Point me to whichever {n} is {most}.",
    "I'm after the {n} that happens to be {most}, can you highlight it?",
    "Compare every {n} in the room and pick out the one that is {most}.",
    "Where do I find the {n} that is {most}?",
];

pub(super) const FIND_ALL: &[&str] = &[
    "Mark every single {n} you can find in this scan.",
    "Locations of all {ns}",
    "Where in the room are all of the {ns}?",
    "I'd like each {n} in here highlighted, please.",
    "Could you go through the room and pick out all the {ns} for me?",
    "Let me see every {n} that this room has.",
];

pub(super) const FIND_ON: &[&str] = &[
    "Highlight every object that has been placed on {x}.",
    "All objects on top of {x}",
    "Could you point out each of the things that {x} has standing on it?",
    "I need to clear {x}, so mark everything that is on it.",
    "Where are all the things that rest on {x}?",
    "Pick out whatever is sitting on top of {x}, leaving nothing out.",
];
