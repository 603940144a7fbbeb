//! Errands, and asking back where one could mean several things.

use super::named;
use super::refer::Reading;
use crate::{Given, Reply};
use tasks::prompt::mention;

/// Nobody lists more.
const MOST_MEANT: usize = 4;

/// The object, or the question which.
pub(super) fn request(reading: &Reading<'_>) -> Option<Reply> {
    let phrase = reading.phrases.first()?;
    let several = (2..=MOST_MEANT).contains(&phrase.candidates.len());
    if !several || phrase.is_plural || reading.narrows() {
        return Some(named("", &[reading.one()?]));
    }
    let choices = phrase.candidates.iter().map(|object| {
        let label = object.label.as_deref().unwrap_or("object");
        let colour =
            object.colour.as_deref().map(|colour| format!("{colour} ")).unwrap_or_default();
        format!("{} {colour}{label}", mention(object.id))
    });
    let steps_text = format!("Which one: {}?", choices.collect::<Vec<_>>().join(", "));
    Some(Reply { steps_text, ..named("", &phrase.candidates) })
}

/// What was meant after all: the last turn, “one” being what was asked for first.
pub(super) fn choice(text: &str, objects: &[Given]) -> Option<Reply> {
    let lower = text.to_lowercase();
    let turns: Vec<&str> = lower.split("human:").skip(1).collect();
    let [first, .., last] = turns[..] else { return None };
    let wish = first.split("robot:").next()?;
    let wished = *Reading::of(wish, objects).phrases.first()?.candidates.first()?;
    let label = wished.label.as_deref()?;
    let is_end = |c: char| !c.is_alphanumeric();
    let meant: Vec<String> = last
        .split_inclusive(is_end)
        .map(|word| match word.strip_suffix(is_end).unwrap_or(word) {
            "one" => format!("{label} "),
            _ => word.to_owned(),
        })
        .collect();
    let reading = Reading::of(&meant.concat(), objects);
    Some(named("", &[reading.one()?]))
}
