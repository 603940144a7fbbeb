//! Keyword rules over the objects given: what one gets without a language model, as long as people
//! use the words foreseen. Written against the phrasings of training only.

mod caption;
mod cues;
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
mod tests;
