//! Keyword rules over the objects given: what one gets without a language model, as long as people
//! use the words foreseen. Written against the phrasings of training only.

mod caption;
mod kind;
mod plan;
mod refer;
mod request;
mod situated;

pub use kind::Kind;

use super::Prior;
use crate::{Given, GivenRoom, Reply, System, SystemName};
use geometry::Side;
use refer::{Phrase, Reading};
use situated::Situated;
use std::collections::BTreeMap;

/// Answers by rule.
#[derive(Clone, Debug, Default)]
pub struct Reader {
    /// What things of a class are mostly made of.
    materials: BTreeMap<String, String>,
}

impl Reader {
    /// Who knows from training what things are made of.
    pub fn with(prior: &Prior) -> Self {
        Self { materials: prior.materials.clone() }
    }
}

impl System for Reader {
    fn name(&self) -> SystemName {
        SystemName::Reader
    }

    fn answer(
        &mut self,
        _room: usize,
        _question: usize,
        text: &str,
        given: &GivenRoom,
    ) -> Result<Reply, String> {
        Ok(self.reply(text, &given.objects).unwrap_or_default())
    }
}

impl Reader {
    /// `None` where the rules make nothing of it.
    fn reply(&self, text: &str, objects: &[Given]) -> Option<Reply> {
        let kind = Kind::of(text);
        match kind {
            Kind::Plan => return plan::plan(text, objects, false),
            Kind::NextStep => return plan::plan(text, objects, true),
            Kind::Choice => return request::choice(text, objects),
            Kind::Room => return caption::room(objects),
            Kind::Inside | Kind::Beyond => return Some(unknown()),
            _ => {}
        }
        if kind::is_situated(&text.to_lowercase())
            && let Some(situated) = Situated::of(text, objects)
            && let Some(reply) = seen_from(kind, &situated, objects)
        {
            return Some(reply);
        }
        let reading = Reading::of(text, objects);
        if kind == Kind::Material {
            // What has no name here is not here.
            let Some(phrase) = reading.phrases.first() else { return Some(unknown()) };
            let object = reading.one().or(phrase.candidates.first().copied())?;
            let label = object.label.as_deref().unwrap_or_default();
            let material = self.materials.get(label).map(String::as_str).unwrap_or_default();
            return Some(named(material, &[object]));
        }
        plain(kind, &reading, objects)
    }
}

/// An answer from where somebody stands.
fn seen_from(kind: Kind, situated: &Situated<'_>, objects: &[Given]) -> Option<Reply> {
    let reading = Reading::of(situated.question, objects);
    if kind == Kind::Side {
        let object = reading.one()?;
        let side = match situated.side(object) {
            Side::Front => "front",
            Side::Left => "left",
            Side::Behind => "behind",
            Side::Right => "right",
        };
        return Some(named(side, &[object]));
    }
    let side = situated.asked()?;
    let candidates = reading.phrases.first().map(|phrase| phrase.candidates.clone());
    let found = situated.on(side, &candidates.unwrap_or_default());
    Some(match kind {
        Kind::Count => named(&found.len().to_string(), &found),
        Kind::Exists => named(if found.is_empty() { "no" } else { "yes" }, &found),
        _ => named("", &found),
    })
}

/// An answer that does not depend on where one stands.
fn plain(kind: Kind, reading: &Reading<'_>, objects: &[Given]) -> Option<Reply> {
    let subject = reading.phrases.first();
    let about_one = [Kind::Colour, Kind::Nearest, Kind::Farthest, Kind::NextTo, Kind::On];
    if (about_one.contains(&kind) && subject.is_none())
        || (kind == Kind::Distance && reading.phrases.len() < 2)
    {
        // What has no name here is not here.
        return Some(unknown());
    }
    match kind {
        Kind::Exists => {
            let found = subject.map(|phrase| phrase.candidates.clone()).unwrap_or_default();
            Some(named(if found.is_empty() { "no" } else { "yes" }, &found))
        }
        Kind::Count => {
            let found = subject.map(|phrase| phrase.candidates.clone()).unwrap_or_default();
            Some(named(&found.len().to_string(), &found))
        }
        Kind::Colour => {
            let object = reading.one()?;
            Some(named(object.colour.as_deref().unwrap_or_default(), &[object]))
        }
        Kind::WhatIs => Some(by_label(reading.one()?)),
        Kind::Describe => Some(caption::object(reading.one()?, objects)),
        Kind::Nearest | Kind::NextTo => Some(by_label(refer::nearest(reading.one()?, objects)?)),
        Kind::Farthest => Some(by_label(refer::farthest(reading.one()?, objects)?)),
        Kind::On => {
            let below = reading.one()?;
            let on = objects.iter().find(|o| geometry::on(&o.bounds, &below.bounds));
            Some(by_label(on.or_else(|| refer::nearest(below, objects))?))
        }
        Kind::Under => {
            let above = reading.one()?;
            let under = objects.iter().find(|o| geometry::on(&above.bounds, &o.bounds));
            Some(by_label(under.or_else(|| refer::nearest(above, objects))?))
        }
        Kind::Most => {
            let everything: Vec<&Given> = objects.iter().collect();
            Some(by_label(refer::extreme(reading.superlative?, &everything)?))
        }
        Kind::Compare => {
            let [first, .., last] = &reading.phrases[..] else { return None };
            let both = [*first.candidates.first()?, *last.candidates.first()?];
            Some(by_label(refer::extreme(reading.comparative?, &both)?))
        }
        Kind::Distance => distance(reading),
        Kind::Request => request::request(reading),
        _ => {
            let Some(phrase) = subject else {
                let everything: Vec<&Given> = objects.iter().collect();
                return Some(by_label(refer::extreme(reading.superlative?, &everything)?));
            };
            let found = match reading.one() {
                Some(object) if !phrase.is_plural || reading.narrows() => vec![object],
                _ => phrase.candidates.clone(),
            };
            Some(named("", &found))
        }
    }
}

fn distance(reading: &Reading<'_>) -> Option<Reply> {
    // The last phrase that stands for one object is the far end; what lies between may describe
    // the near one.
    let last: &Phrase<'_> = reading.phrases.last()?;
    let [a, b] = [reading.phrases.first()?.candidates.first()?, last.candidates.first()?];
    let metres = f64::from(a.bounds.distance(&b.bounds));
    Some(Reply { metres: Some(metres), ..named(&format!("{metres:.1} m"), &[a, b]) })
}

fn unknown() -> Reply {
    Reply { unknown: true, ..Reply::default() }
}

fn by_label(object: &Given) -> Reply {
    named(object.label.as_deref().unwrap_or_default(), &[object])
}

fn named(text: &str, objects: &[&Given]) -> Reply {
    Reply {
        text: text.to_owned(),
        objects: objects.iter().map(|object| object.id).collect(),
        ..Reply::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::case;

    fn ask(text: &str) -> (String, Vec<u32>) {
        let given = GivenRoom::of_truth(&case().facts);
        let reply = Reader::default().answer(0, 0, text, &given).unwrap();
        (reply.text, reply.objects.iter().map(|id| id.0).collect())
    }

    #[test]
    fn plain_questions_are_answered_by_rule() {
        for (text, answer, objects) in [
            ("How many chairs are there?", "2", &[2, 3][..]),
            ("Count the red chairs.", "1", &[2]),
            ("Are there any desks?", "yes", &[1]),
            ("Is there a sofa here?", "no", &[]),
            ("Is there a desk lamp?", "no", &[]),
            ("What colour is the desk?", "brown", &[1]),
            ("What color is <OBJ003>?", "black", &[3]),
            ("What colour is the chair closest to the desk?", "red", &[2]),
            ("What is <OBJ002>?", "chair", &[2]),
            ("What is nearest to the desk?", "chair", &[2]),
            ("What is farthest from the desk?", "chair", &[3]),
            ("Which chair is nearest to the desk?", "", &[2]),
            ("Which chair is farthest from the desk?", "", &[3]),
            ("Find the black chair.", "", &[3]),
            ("Find all chairs.", "", &[2, 3]),
            ("Find all sofas.", "", &[]),
            ("Describe <OBJ002>.", "a red chair", &[2]),
        ] {
            assert_eq!(ask(text), (answer.to_owned(), objects.to_vec()), "{text}");
        }
    }

    #[test]
    fn what_is_not_here_cannot_be_told() {
        for (text, is_unknown) in [
            ("What colour is the sofa?", true),
            ("What colour is the desk?", false),
            ("How far is the sofa from the desk?", true),
            ("What is inside the desk?", true),
            ("How heavy is the desk?", true),
            ("Is there a sofa here?", false),
        ] {
            let given = GivenRoom::of_truth(&case().facts);
            let reply = Reader::default().answer(0, 0, text, &given).unwrap();
            assert_eq!(reply.unknown, is_unknown, "{text}");
        }
    }

    #[test]
    fn sides_are_read_off_the_plan() {
        // Desk, red chair and black chair stand along x: who is at the red one has the desk and
        // the black one on opposite sides.
        let at = "I am at the red chair";
        for (heading, side) in [
            ("facing the desk", "behind"),
            ("and my back is to the desk", "front"),
            ("and the desk is to my left", "right"),
            ("and the desk is to my right", "left"),
        ] {
            let text = format!("{at}, {heading}. On which side of me is the black chair?");
            assert_eq!(ask(&text), (side.to_owned(), vec![3]), "{text}");
        }
        let (text, found) =
            ask("I am at the red chair, facing the desk. How many chairs are behind me?");
        assert_eq!((text.as_str(), &found[..]), ("1", &[3][..]));
        let (text, _) =
            ask("I am at the red chair, facing the desk. Are there any chairs on my left?");
        assert_eq!(text, "no");
    }

    #[test]
    fn requests_are_carried_out_or_asked_back() {
        let given = GivenRoom::of_truth(&case().facts);
        let say = |text: &str| Reader::default().answer(0, 0, text, &given).unwrap();
        let back = say("Bring me the chair.");
        assert_eq!(back.steps_text, "Which one: <OBJ002> red chair, <OBJ003> black chair?");
        assert_eq!(ask("Bring me the red chair.").1, [2]);
        let talk = "Human: Fetch the chair. Robot: Which one: the red chair, the black chair? \
                    Human: I meant the black one.";
        assert_eq!(ask(talk).1, [3]);
    }

    #[test]
    fn plans_take_the_first_thing_of_the_right_name() {
        let given = GivenRoom::of_truth(&case().facts);
        let say = |text: &str| Reader::default().answer(0, 0, text, &given).unwrap().steps_text;
        let whole = "1. go to <OBJ001> desk. 2. sit on <OBJ002> chair.";
        assert_eq!(say("How do I work at the computer?"), whole);
        let next =
            "I want to work at the computer. I have done this: 1. Go to the desk. What next?";
        assert_eq!(say(next), "2. sit on <OBJ002> chair.");
    }

    #[test]
    fn materials_are_those_of_the_class_in_training() {
        let mut prior = Prior::default();
        prior.materials.insert("desk".to_owned(), "wood".to_owned());
        let given = GivenRoom::of_truth(&case().facts);
        let reply = Reader::with(&prior).answer(0, 0, "What is the desk made of?", &given).unwrap();
        assert_eq!(reply.text, "wood");
        assert_eq!(ask("Which is taller, the desk or the red chair?").1.len(), 1);
    }

    #[test]
    fn distances_are_measured_between_boxes() {
        let given = GivenRoom::of_truth(&case().facts);
        let reply =
            Reader::default().answer(0, 0, "How far is <OBJ003> from the desk?", &given).unwrap();
        assert!((reply.metres.unwrap() - 5.0).abs() < 1e-5);
    }

    #[test]
    fn nonsense_is_answered_with_nothing() {
        for text in ["", "?", "<OBJ999>", "What is <OBJ999>?", "the the the"] {
            assert_eq!(ask(text), (String::new(), Vec::new()), "{text}");
        }
    }
}
