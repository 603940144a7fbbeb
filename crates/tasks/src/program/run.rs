use super::pose::Thing;
use super::select::Select;
use super::{Program, Why, caption, in_space, plan, view};
use crate::facts::Facts;
use crate::prompt::mention;
use crate::suite::Number;
use crate::words;
use glam::Vec3;
use scene::{InstanceId, OrientedBox};
use thiserror::Error;

/// What a program comes to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// Right answers, the best first.
    pub answers: Vec<String>,
    /// The objects the answer names.
    pub objects: Vec<InstanceId>,
    /// The answer as a number, where it is one.
    pub value: Option<Number>,
    /// The answer as a box, file coordinates.
    pub answer_box: Option<OrientedBox>,
    /// The answer as a way, file coordinates.
    pub path: Option<Vec<[f64; 3]>>,
}

/// Why a program has no answer that everyone would agree on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Undecided {
    /// It names an object that the room does not have.
    #[error("it names an object that the room does not have")]
    NoObject,
    /// Exactly one object is needed, and there are none or several.
    #[error("exactly one object is needed, and there are none or several")]
    NotOne,
    /// The answer depends on what the scan does not show.
    #[error("the answer depends on what the scan does not show")]
    Unseen,
    /// Two objects are too much alike in what is asked.
    #[error("two objects are too much alike in what is asked")]
    Close,
    /// An object has no clear colour.
    #[error("an object has no clear colour")]
    NoColour,
    /// An object's material is not clear.
    #[error("an object's material is not clear")]
    NoMaterial,
    /// There is no way, or no place.
    #[error("there is no way, or no place")]
    NoPlace,
    /// The room lacks what the goal needs.
    #[error("the room lacks what the goal needs")]
    NoMeans,
    /// A class could be mistaken for another that is there too.
    #[error("a class could be mistaken for another that is there too")]
    NoClass,
}

impl Program {
    /// Runs it on a room's facts. Every comparison needs a margin; see [`Undecided`].
    pub fn run(&self, facts: &Facts) -> Result<Outcome, Undecided> {
        let select = Select { facts };
        match self {
            Self::Objects { of } => {
                let found = select.visible(of)?;
                let mentions: Vec<String> = found.iter().map(|&i| select.mention(i)).collect();
                let text = if found.is_empty() { "none".to_owned() } else { mentions.join(", ") };
                Ok(Outcome {
                    answers: vec![text],
                    objects: select.ids(&found),
                    ..Outcome::default()
                })
            }
            Self::Exists { of } => {
                let found = select.set(of)?;
                let clear: Vec<usize> =
                    found.iter().copied().filter(|&i| facts.objects[i].clear).collect();
                if clear.is_empty() && !found.is_empty() {
                    return Err(Undecided::Unseen);
                }
                let answer = if clear.is_empty() { "no" } else { "yes" };
                Ok(Outcome {
                    answers: vec![answer.to_owned()],
                    objects: select.ids(&clear),
                    ..Outcome::default()
                })
            }
            Self::Count { of } => {
                let found = select.visible(of)?;
                let mut answers = vec![found.len().to_string()];
                answers.extend(words::number_word(found.len()).map(str::to_owned));
                let value = Number { number: found.len() as f64, unit: "count".to_owned() };
                Ok(Outcome {
                    answers,
                    objects: select.ids(&found),
                    value: Some(value),
                    ..Outcome::default()
                })
            }
            Self::Class { of } => {
                let object = select.one(of)?;
                Ok(named(&select, object))
            }
            Self::Colour { of } => {
                let object = select.one(of)?;
                let colour = facts.objects[object].colour.clone().ok_or(Undecided::NoColour)?;
                let mut answers = vec![colour.clone()];
                answers.extend((colour == "grey").then(|| "gray".to_owned()));
                Ok(Outcome { answers, objects: select.ids(&[object]), ..Outcome::default() })
            }
            Self::Material { of } => {
                let object = select.one(of)?;
                let material = facts.objects[object].material.clone();
                Ok(Outcome {
                    answers: vec![material.ok_or(Undecided::NoMaterial)?],
                    objects: select.ids(&[object]),
                    ..Outcome::default()
                })
            }
            Self::Compare { measure, more, a, b } => {
                let both = [select.one(a)?, select.one(b)?];
                if facts.objects[both[0]].label == facts.objects[both[1]].label {
                    return Err(Undecided::NoClass);
                }
                let object = select.foremost(*measure, &both, *more)?;
                Ok(named(&select, object))
            }
            Self::Side { of, view } => {
                let object = select.one(of)?;
                let stand = view.stand(&select)?;
                if stand.is_of(object) {
                    return Err(Undecided::NotOne);
                }
                Ok(Outcome {
                    answers: view::answers(stand.side_of(facts, object)?),
                    objects: select.ids(&[object]),
                    ..Outcome::default()
                })
            }
            Self::Caption { of } => caption::of_object(&select, select.one(of)?),
            Self::Scene => caption::of_room(&select),
            Self::Plan { goal, done } => plan::run(&select, goal, *done),
            Self::Clarify { of } => clarify(&select, &select.visible(of)?),
            Self::Path { from, to } => in_space::way(&select, select.one(from)?, select.one(to)?),
            Self::Move { of, to } => {
                let thing = in_space::moved(&select, of)?;
                Ok(in_space::placed(facts, to.find(&select, &thing)?, thing.moved))
            }
            Self::Place { size, to, .. } => {
                let thing = Thing { moved: None, size: Vec3::from(*size) };
                Ok(in_space::placed(facts, to.find(&select, &thing)?, None))
            }
            Self::Unknown { why, of } => unknown(&select, *why, &select.set(of)?),
            Self::Distance { a, b } => distance(&select, select.one(a)?, select.one(b)?),
        }
    }
}

pub(super) fn length(metres: f32) -> Number {
    Number { number: (f64::from(metres) * 1000.0).round() / 1000.0, unit: "m".to_owned() }
}

/// Distances below this are not asked for.
const LEAST_DISTANCE_M: f32 = 0.2;
/// More than this nobody asks about one by one.
const MOST_MEANT: usize = 4;

/// An object by its class.
fn named(select: &Select<'_>, object: usize) -> Outcome {
    let label = &select.facts.objects[object].label;
    let mut answers = vec![label.clone()];
    answers.extend(words::synonyms(label).map(str::to_owned));
    Outcome { answers, objects: select.ids(&[object]), ..Outcome::default() }
}

fn distance(select: &Select<'_>, a: usize, b: usize) -> Result<Outcome, Undecided> {
    if a == b {
        return Err(Undecided::NotOne);
    }
    let metres = select.facts.distance_m(a, b);
    if metres < LEAST_DISTANCE_M {
        return Err(Undecided::Close);
    }
    Ok(Outcome {
        answers: vec![format!("{metres:.1} m"), format!("{metres:.1}")],
        objects: select.ids(&[a, b]),
        value: Some(length(metres)),
        ..Outcome::default()
    })
}

/// “Which one: <OBJ002> red chair, <OBJ005> black chair?”
fn clarify(select: &Select<'_>, meant: &[usize]) -> Result<Outcome, Undecided> {
    if !(2..=MOST_MEANT).contains(&meant.len()) {
        return Err(Undecided::NotOne);
    }
    let choices: Vec<String> = meant
        .iter()
        .map(|&index| {
            let fact = &select.facts.objects[index];
            format!("{} {}", mention(fact.id), caption::described(fact))
        })
        .collect();
    Ok(Outcome {
        answers: vec![format!("Which one: {}?", choices.join(", "))],
        objects: select.ids(meant),
        ..Outcome::default()
    })
}

/// What is absent must truly be so, also where the scan shows it badly; the rest must be one
/// thing that everyone sees.
fn unknown(select: &Select<'_>, why: Why, about: &[usize]) -> Result<Outcome, Undecided> {
    let fine = match why {
        Why::Absent => about.is_empty(),
        Why::Closed | Why::Beyond => {
            matches!(about, [only] if select.facts.objects[*only].clear)
        }
    };
    if !fine {
        return Err(Undecided::NotOne);
    }
    Ok(Outcome { answers: vec!["cannot tell".to_owned()], ..Outcome::default() })
}
