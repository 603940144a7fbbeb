//! Phrasings of the val split, used nowhere else.

pub(super) const EXISTS: &[&str] = &[
    "Does this room have {an}?",
    "Could I find {an} in this place?",
    "Is {an} present?",
    "Is the room equipped with {an}?",
    "Does anything here count as {an}?",
    "Would I have luck searching for {an}?",
    "Check for {ns}, will you?",
];

pub(super) const COUNT: &[&str] = &[
    "How many {ns} do you see?",
    "Could you count the {ns} in here?",
    "What's the total of {ns}?",
    "What does a tally of the {ns} come to?",
    "Please add up all the {ns}.",
    "In all, how many objects count as {ns}?",
    "What quantity of {ns} exists here?",
];

pub(super) const WHAT_IS: &[&str] = &[
    "Which object is {x}?",
    "What type of thing is {x}?",
    "How would you label {x}?",
    "Put a name to {x}.",
    "To which category does {x} belong?",
    "What do you recognise {x} as?",
];

pub(super) const COLOUR: &[&str] = &[
    "Which colour does {x} have?",
    "What color does {x} have?",
    "Say the colour of {x}.",
    "What shade is {x}?",
    "Which paint would match {x}?",
    "Describe the colouring of {x}.",
    "If I drew {x}, which coloured pencil would I pick?",
];

pub(super) const WHAT_ON: &[&str] = &[
    "Which object is on {x}?",
    "What thing is on {x}?",
    "What does {x} bear on its surface?",
    "What occupies the top of {x}?",
    "Which item was placed upon {x}?",
    "What would slide off if I tilted {x}?",
];

pub(super) const WHAT_UNDER: &[&str] = &[
    "What holds up {x}?",
    "What has {x} on top of it?",
    "Which object bears {x}?",
    "What does {x} have underneath?",
    "Onto what was {x} placed?",
    "What serves as a base for {x}?",
];

pub(super) const WHAT_NEXT_TO: &[&str] = &[
    "What's next to {x}?",
    "What do I find next to {x}?",
    "What flanks {x}?",
    "Which item adjoins {x}?",
    "What is alongside {x}?",
    "Reaching out sideways from {x}, what do I touch?",
];

pub(super) const WHAT_NEAREST: &[&str] = &[
    "What is the nearest thing to {x}?",
    "Starting at {x}, what do I reach first?",
    "Which item has the least distance to {x}?",
    "Whatever is closest to {x}, identify it.",
    "What is only the shortest hop away from {x}?",
    "Leaving {x}, which item do I get to soonest?",
];

pub(super) const WHAT_FARTHEST: &[&str] = &[
    "What lies farthest away from {x}?",
    "Of all things, what is furthest from {x}?",
    "Which item has the largest distance to {x}?",
    "Whatever is most remote from {x}, identify it.",
    "What would be the longest walk from {x}?",
    "Leaving {x}, which item do I get to last?",
];

pub(super) const WHAT_MOST: &[&str] = &[
    "Name the {most} object.",
    "What would you call the {most} thing?",
    "Which item earns the title of {most} object?",
    "Identify the {most} item around.",
    "Whichever object is the {most}, indicate it.",
    "What beats all else as the {most} item?",
];

pub(super) const DISTANCE: &[&str] = &[
    "How far is it from {x} to {y}?",
    "What's the gap between {x} and {y}?",
    "How close is {x} to {y}?",
    "Give the separation of {x} and {y}.",
    "What length of string would span {x} and {y}?",
    "How near are {x} and {y} to each other?",
    "Estimate the metres separating {x} and {y}.",
];

pub(super) const FIND_ONE: &[&str] = &[
    "Locate {x}.",
    "I am looking for {x}.",
    "Do you see {x}? Show it.",
    "Whereabouts is {x}?",
    "Circle {x}.",
    "Draw my attention to {x}.",
    "Indicate {x}.",
];

pub(super) const FIND_WHICH: &[&str] = &[
    "Show the {n} that is {most}.",
    "Among the {ns}, mark whichever is {most}.",
    "Indicate the {n} that is {most}.",
    "Identify whichever {n} is {most}.",
    "Circle the {n} that is {most}.",
    "Which among the {ns} deserves to be called {most}?",
];

pub(super) const FIND_ALL: &[&str] = &[
    "Show every {n}.",
    "Where can I see {ns}?",
    "Give me every {n}.",
    "Circle each {n}.",
    "Indicate the {ns}.",
    "Draw my attention to the {ns}.",
    "Identify all the {ns} around.",
];

pub(super) const FIND_ON: &[&str] = &[
    "Show all that stands on {x}.",
    "Pick out everything that is on {x}.",
    "Indicate all that rests on {x}.",
    "Circle whatever {x} has on top.",
    "Identify everything placed upon {x}.",
    "Draw my attention to the items on {x}.",
];

pub(super) const DESCRIBE: &[&str] = &[
    "Give a description of {x}.",
    "Write a caption for {x}.",
    "Summarise {x}.",
    "Put {x} into words.",
    "Provide particulars of {x}.",
    "How would you present {x} to someone who never saw it?",
];

pub(super) const MATERIAL: &[&str] = &[
    "What substance makes up {x}?",
    "Can you work out the stuff {x} consists of?",
    "What went into the making of {x}?",
    "If I scratched {x}, what would I be scratching?",
];

pub(super) const COMPARE: &[&str] = &[
    "{x} versus {y}: what comes out {more}?",
    "Suppose {x} stood beside {y}. Which would prove {more}?",
    "Rank {x} and {y} for me by naming the {more} one.",
    "Does {x} or does {y} turn out {more}?",
];

pub(super) const AT_FACING: &[&str] = &[
    "My position is {x} and my eyes are on {y}.",
    "Put me at {x} with my nose pointing to {y}.",
    "Having walked up to {x}, I gaze straight at {y}.",
    "Picture me at {x}, my face turned to {y}.",
];

pub(super) const AT_BACK: &[&str] = &[
    "My position is {x}, and my shoulders are turned squarely away from {y}.",
    "Put me at {x} with the back of my head to {y}.",
    "Having walked up to {x}, I leave {y} directly at my rear.",
    "Picture me at {x}, showing {y} nothing but my back.",
];

pub(super) const AT_LEFT: &[&str] = &[
    "My position is {x}, and {y} is at my left elbow.",
    "Put me at {x} with my left shoulder towards {y}.",
    "Having walked up to {x}, I could stretch my left arm out sideways to {y}.",
    "Picture me at {x}, {y} lying due left of me.",
];

pub(super) const AT_RIGHT: &[&str] = &[
    "My position is {x}, and {y} is at my right elbow.",
    "Put me at {x} with my right shoulder towards {y}.",
    "Having walked up to {x}, I could stretch my right arm out sideways to {y}.",
    "Picture me at {x}, {y} lying due right of me.",
];

pub(super) const SIDE: &[&str] = &[
    "Relative to my body, what direction is {z} in?",
    "Should I glance left, right, ahead or over my shoulder to catch {z}?",
    "Whereabouts is {z}, given how I am turned?",
    "Sort {z} into left, right, front or back.",
];

pub(super) const SIDE_COUNT: &[&str] = &[
    "Taking just what lies {side}, what is the tally of {ns}?",
    "Please add up the {ns} located {side}.",
    "Say a figure: {ns} {side}.",
    "What quantity of {ns} exists {side}?",
];

pub(super) const SIDE_EXISTS: &[&str] = &[
    "Would I notice {an} {side}?",
    "Check for {an} {side}.",
    "Do any {ns} happen to be {side}?",
    "Could it be that {an} is located {side}?",
];

pub(super) const SIDE_FIND: &[&str] = &[
    "Identify the {n} located {side}.",
    "Circle whichever {n} lies {side}.",
    "Give me the {n} placed {side}.",
    "Indicate the single {n} I would notice {side}.",
];

pub(super) const SCENE: &[&str] = &[
    "Paint a picture of this place in words.",
    "Sum up what the scan contains.",
    "What impression does the interior make?",
    "Suppose I had never set foot in here: what would I discover?",
];

pub(super) const PLAN: &[&str] = &[
    "Draw up a plan so that I can {goal}.",
    "My aim is to {goal}; lay out a sequence of actions.",
    "What would it take to {goal} using the objects around?",
    "Walk somebody through how one might {goal}.",
];

pub(super) const PLAN_NEXT: &[&str] = &[
    "My aim is to {goal}. Finished already: {steps} Which action follows?",
    "Intending to {goal}, I went through this: {steps} How should I continue?",
    "Here is my progress: {steps} I still hope to {goal}, so what remains to be tackled first?",
    "Suppose I set out to {goal} and got through {steps} Name the subsequent action.",
];

pub(super) const BRING: &[&str] = &[
    "Hand {x} over to me.",
    "Would you be so kind as to pass {x}?",
    "Roll across to {x} now.",
    "Deliver {x} to where I am sitting.",
];

pub(super) const CHOOSE: &[&str] = &[
    "It is {choice} that I had in mind.",
    "Make it {choice}.",
    "Go for {choice}.",
    "Definitely {choice}, nothing else.",
];

pub(super) const CLOSED: &[&str] = &[
    "Peek into {x} for me.",
    "Which belongings are stored within {x}?",
    "If somebody emptied {x}, what would come to light?",
    "What does {x} hide?",
];

pub(super) const BEYOND: &[&str] = &[
    "What did somebody pay for {x}?",
    "Put on a scale, what would {x} show?",
    "Since which year has {x} existed?",
    "Does {x} run properly when you try it out?",
];

pub(super) const WALK: &[&str] = &[
    "Guide my steps from {x} over to {y}.",
    "Which path takes a person from {x} to {y}?",
    "Starting out at {x}, where should I head to reach {y}?",
    "I need to cross from {x} to {y} on foot; direct me.",
];

pub(super) const MOVE_TOWARDS: &[&str] = &[
    "Carry {x} {m} closer to {y}.",
    "Have {x} travel {m} in the direction of {y}.",
    "Slide {x} over so it ends up {m} nearer {y} than now.",
    "Let {x} approach {y} by {m}.",
];

pub(super) const MOVE_BESIDE: &[&str] = &[
    "Carry {x} across so it adjoins {y}.",
    "Have {x} stand right by {y}.",
    "Let {x} become the neighbour of {y}.",
    "Slide {x} over until it is alongside {y}.",
];

pub(super) const MOVE_ON: &[&str] = &[
    "Carry {x} across and rest it on {y}.",
    "Have {x} sit atop {y} from now on.",
    "Let {y} be what {x} rests upon.",
    "Transfer {x} to the top of {y}.",
];

pub(super) const PLACE_BESIDE: &[&str] = &[
    "Choose a free position by {y} for {an} measuring {size}.",
    "Could {an} with dimensions {size} be squeezed in alongside {y}, and at which point?",
    "Having ordered {an} that measures {size}, I need a position adjoining {y}.",
    "What position alongside {y} would accommodate the {n} I ordered ({size})?",
];

pub(super) const PLACE_ON: &[&str] = &[
    "Choose a free position atop {y} for {an} measuring {size}.",
    "Could {an} with dimensions {size} be squeezed onto {y}, and at which point?",
    "Having ordered {an} that measures {size}, I need a position upon {y}.",
    "What area of the top of {y} would accommodate the {n} I ordered ({size})?",
];

pub(super) const PLACE_BETWEEN: &[&str] = &[
    "Choose a free position flanked by {x} and {y} for {an} measuring {size}.",
    "Could {an} with dimensions {size} be squeezed in so that {x} and {y} are at either side of it, and at which point?",
    "Having ordered {an} that measures {size}, I need a position separating {x} from {y}.",
    "What position in the gap from {x} to {y} would accommodate the {n} I ordered ({size})?",
];
