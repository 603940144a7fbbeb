//! What people want to do in rooms, and the steps that take them there with what a room has.

use super::select::Select;
use super::{Outcome, Undecided};
use crate::prompt::mention;

/// Something that a person may want to do.
#[derive(Debug)]
pub struct Goal {
    /// As programs call it.
    pub name: &'static str,
    /// In the order in which they make sense.
    pub steps: &'static [StepKind],
}

/// A step of a goal.
#[derive(Debug)]
pub struct StepKind {
    /// What is done, such as `sit on`.
    pub verb: &'static str,
    /// With one of these, the first choice first.
    pub classes: &'static [&'static str],
    /// Whether the goal cannot be reached without.
    pub needed: bool,
}

/// A step with its object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// What is done.
    pub verb: &'static str,
    /// The place of the object in the facts.
    pub object: usize,
}

const fn must(verb: &'static str, classes: &'static [&'static str]) -> StepKind {
    StepKind { verb, classes, needed: true }
}

const fn may(verb: &'static str, classes: &'static [&'static str]) -> StepKind {
    StepKind { verb, classes, needed: false }
}

const SEATS: &[&str] = &["sofa", "armchair", "chair", "office chair", "bench", "stool", "ottoman"];
const LIGHTS: &[&str] = &["lamp", "ceiling light", "wall lamp"];

/// Every goal.
pub const GOALS: &[Goal] = &[
    Goal {
        name: "watch a film",
        steps: &[
            may("close", &["curtain"]),
            must("turn on", &["tv", "projector"]),
            must("sit on", SEATS),
        ],
    },
    Goal {
        name: "read a book",
        steps: &[
            must("take", &["book"]),
            may("turn on", LIGHTS),
            must("sit on", &["armchair", "sofa", "chair", "bed"]),
        ],
    },
    Goal {
        name: "have a meal",
        steps: &[
            may("open", &["fridge"]),
            may("take", &["plate", "bowl"]),
            must("carry it to", &["table"]),
            must("sit on", &["chair", "bench", "stool"]),
        ],
    },
    Goal {
        name: "go to sleep",
        steps: &[
            may("close", &["curtain"]),
            may("turn off", LIGHTS),
            must("lie down on", &["bed", "bunk bed", "sofa"]),
        ],
    },
    Goal {
        name: "work at the computer",
        steps: &[
            must("go to", &["desk", "table"]),
            must("sit on", &["office chair", "chair", "stool"]),
            must("turn on", &["computer", "laptop", "monitor"]),
        ],
    },
    Goal {
        name: "wash clothes",
        steps: &[
            may("empty", &["basket"]),
            must("fill", &["washing machine"]),
            must("turn on", &["washing machine"]),
        ],
    },
    Goal {
        name: "have a wash",
        steps: &[
            may("take", &["towel"]),
            must("wash at", &["sink"]),
            may("look into", &["mirror"]),
        ],
    },
    Goal {
        name: "take a bath",
        steps: &[
            may("turn up", &["radiator"]),
            must("get into", &["bathtub", "shower"]),
            must("take", &["towel"]),
        ],
    },
    Goal {
        name: "cook",
        steps: &[
            may("open", &["fridge"]),
            may("wash the vegetables in", &["sink"]),
            must("turn on", &["stove", "oven", "microwave"]),
            may("turn on", &["range hood"]),
        ],
    },
    Goal {
        name: "make coffee",
        steps: &[
            must("turn on", &["coffee machine", "kettle"]),
            must("fill", &["cup", "mug"]),
            may("sit on", &["chair", "stool", "sofa"]),
        ],
    },
    Goal {
        name: "get dressed",
        steps: &[
            must("open", &["wardrobe", "dresser"]),
            may("look into", &["mirror"]),
            may("take", &["bag"]),
        ],
    },
    Goal {
        name: "tidy up",
        steps: &[
            must("empty", &["trash bin"]),
            may("put the books into", &["bookcase", "shelf"]),
            may("make", &["bed"]),
        ],
    },
    Goal {
        name: "let in fresh air",
        steps: &[may("open", &["curtain"]), must("open", &["window"])],
    },
    Goal {
        name: "water the plants",
        steps: &[may("fill a can at", &["sink"]), must("water", &["plant"])],
    },
    Goal {
        name: "make music",
        steps: &[must("sit on", &["stool", "chair", "bench"]), must("play", &["piano", "guitar"])],
    },
    Goal {
        name: "pack for a trip",
        steps: &[
            must("open", &["suitcase"]),
            must("take the clothes from", &["wardrobe", "dresser"]),
            may("leave by", &["door"]),
        ],
    },
    Goal {
        name: "hold a meeting",
        steps: &[
            must("gather round", &["table", "desk"]),
            must("write on", &["whiteboard", "flip chart"]),
        ],
    },
    Goal {
        name: "print a letter",
        steps: &[must("turn on", &["computer", "laptop"]), must("turn on", &["printer"])],
    },
];

impl Goal {
    /// The goal of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        GOALS.iter().find(|goal| goal.name == name)
    }
}

/// The whole plan, or after `done` of its steps the next one.
pub(super) fn run(select: &Select<'_>, goal: &str, done: usize) -> Result<Outcome, Undecided> {
    let goal = Goal::named(goal).ok_or(Undecided::NoObject)?;
    let steps = steps(select, goal)?;
    let (first, wanted) = match (done, steps.get(done..)) {
        (0, _) => (1, &steps[..]),
        (done, Some([next, ..])) => (done + 1, std::slice::from_ref(next)),
        _ => return Err(Undecided::NoMeans),
    };
    let objects: Vec<usize> = wanted.iter().map(|step| step.object).collect();
    Ok(Outcome {
        answers: vec![numbered(select, wanted, first)],
        objects: select.ids(&objects),
        ..Outcome::default()
    })
}

/// The steps with what the room has: of several objects of a class the one nearest to where the
/// last step ended.
fn steps(select: &Select<'_>, goal: &Goal) -> Result<Vec<Step>, Undecided> {
    let facts = select.facts;
    let mut steps: Vec<Step> = Vec::new();
    for kind in goal.steps {
        let of_class = |class: &&str| -> Option<usize> {
            let there: Vec<usize> = (0..facts.objects.len())
                .filter(|&index| facts.objects[index].label == **class)
                .filter(|&index| facts.objects[index].clear)
                .collect();
            let from = steps.last().map(|step| step.object);
            let far = |index: usize| from.map_or(0.0, |from| facts.centre_distance_m(from, index));
            there.into_iter().min_by(|&a, &b| far(a).total_cmp(&far(b)))
        };
        match kind.classes.iter().find_map(of_class) {
            Some(object) => steps.push(Step { verb: kind.verb, object }),
            None if kind.needed => return Err(Undecided::NoMeans),
            None => {}
        }
    }
    Ok(steps)
}

/// “1. Turn on <OBJ007> tv. 2. Sit on <OBJ001> sofa.”
fn numbered(select: &Select<'_>, steps: &[Step], first: usize) -> String {
    let sentences = steps.iter().zip(first..).map(|(step, number)| {
        let fact = &select.facts.objects[step.object];
        let mut sentence = format!("{} {} {}.", step.verb, mention(fact.id), fact.label);
        sentence[..1].make_ascii_uppercase();
        format!("{number}. {sentence}")
    });
    sentences.collect::<Vec<_>>().join(" ")
}
