use super::cues::{COMPARATIVES, SUPERLATIVES};
use crate::Given;
use tasks::colour;
use tasks::prompt::{Part, parts};
use tasks::words;

/// The objects that a question speaks of.
pub(super) struct Reading<'a> {
    /// In the order in which they are named.
    pub(super) phrases: Vec<Phrase<'a>>,
    /// The first superlative.
    pub(super) superlative: Option<&'static str>,
    /// The first comparative.
    pub(super) comparative: Option<&'static str>,
    relation: Option<Relation>,
}

/// A noun, perhaps with a colour, or an object picked by hand.
pub(super) struct Phrase<'a> {
    /// What it may mean.
    pub(super) candidates: Vec<&'a Given>,
    /// Whether the noun is in the plural.
    pub(super) is_plural: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Relation {
    Near,
    Far,
    On,
}

enum Token {
    Word(String),
    Object(u32),
}

/// Words that may stand right before a noun; others make it a part of a longer name.
const BEFORE: [&str; 26] = [
    "a", "all", "an", "any", "are", "count", "each", "every", "find", "have", "many", "more", "my",
    "no", "of", "one", "other", "some", "that", "the", "these", "this", "what", "which", "nearest",
    "and",
];

/// Words that make the noun before them a part of a longer name, as in “desk lamp”.
const AFTER: [&str; 9] =
    ["bed", "bench", "cabinet", "chair", "lamp", "light", "machine", "stand", "table"];

impl<'a> Reading<'a> {
    pub(super) fn of(text: &str, objects: &'a [Given]) -> Self {
        let tokens = tokens(text);
        let word = |index: usize| match tokens.get(index) {
            Some(Token::Word(word)) => word.as_str(),
            _ => "",
        };
        let mut phrases = Vec::new();
        let mut index = 0;
        while index < tokens.len() {
            if let Some(Token::Object(id)) = tokens.get(index) {
                let candidates = objects.iter().filter(|object| object.id.0 == *id).collect();
                phrases.push(Phrase { candidates, is_plural: false });
            } else if let Some((length, label, is_plural)) = noun(&tokens, index, objects) {
                let before = if index == 0 { "" } else { word(index - 1) };
                let shade = if before == "gray" { "grey" } else { before };
                let is_colour = colour::NAMES.contains(&shade);
                let starts_here = is_colour
                    || before.is_empty()
                    || BEFORE.contains(&before)
                    || SUPERLATIVES.contains(&before);
                if starts_here && !AFTER.contains(&word(index + length)) {
                    let fits = |object: &&Given| {
                        object.label.as_deref() == Some(label)
                            && (!is_colour || object.colour.as_deref() == Some(shade))
                    };
                    let candidates = objects.iter().filter(fits).collect();
                    phrases.push(Phrase { candidates, is_plural });
                }
                index += length - 1;
            }
            index += 1;
        }
        let all: Vec<&str> = (0..tokens.len()).map(word).collect();
        let has = |words: &[&str]| words.iter().any(|word| all.contains(word));
        let relation = if has(&["farthest", "furthest", "distant"]) {
            Some(Relation::Far)
        } else if has(&["nearest", "closest", "next", "beside"]) {
            Some(Relation::Near)
        } else {
            has(&["on"]).then_some(Relation::On)
        };
        let superlative = SUPERLATIVES.into_iter().find(|word| all.contains(word));
        let comparative = COMPARATIVES.into_iter().find(|word| all.contains(word));
        Self { phrases, superlative, comparative, relation }
    }

    /// Whether more than a noun says which object is meant.
    pub(super) fn narrows(&self) -> bool {
        self.superlative.is_some() || (self.relation.is_some() && self.phrases.len() > 1)
    }

    /// The one object that the first phrase, narrowed by the second, means best.
    pub(super) fn one(&self) -> Option<&'a Given> {
        let first = self.phrases.first()?;
        if let Some(superlative) = self.superlative {
            return extreme(superlative, &first.candidates);
        }
        let anchor = self.phrases.get(1).and_then(|phrase| phrase.candidates.first().copied());
        match (self.relation, anchor) {
            (Some(Relation::Far), Some(anchor)) => farthest_of(anchor, &first.candidates),
            (Some(Relation::On), Some(anchor)) => first
                .candidates
                .iter()
                .copied()
                .find(|object| geometry::on(&object.bounds, &anchor.bounds))
                .or_else(|| nearest_of(anchor, &first.candidates)),
            (Some(Relation::Near), Some(anchor)) => nearest_of(anchor, &first.candidates),
            _ => first.candidates.first().copied(),
        }
    }
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    for part in parts(text) {
        match part {
            Part::Object(id) => tokens.push(Token::Object(id.0)),
            Part::Mark(_) => {}
            Part::Text(words) => {
                let words = words.to_lowercase();
                let words = words.split(|c: char| !c.is_alphanumeric() && c != '-');
                tokens.extend(
                    words.filter(|word| !word.is_empty()).map(|word| Token::Word(word.to_owned())),
                );
            }
        }
    }
    tokens
}

/// The longest name of a label in the room that starts here: its length in words, the label, and
/// whether it is a plural.
fn noun<'a>(
    tokens: &[Token],
    start: usize,
    objects: &'a [Given],
) -> Option<(usize, &'a str, bool)> {
    let said = |length: usize| -> Option<String> {
        let words: Option<Vec<&str>> = (start..start + length)
            .map(|index| match tokens.get(index) {
                Some(Token::Word(word)) => Some(word.as_str()),
                _ => None,
            })
            .collect();
        words.map(|words| words.join(" "))
    };
    for length in (1..=3).rev() {
        let Some(said) = said(length) else { continue };
        for label in objects.iter().filter_map(|object| object.label.as_deref()) {
            let is_named = |name: &str| said == name;
            let are_named = |name: &str| said == words::plural(name);
            if is_named(label) || words::synonyms(label).any(is_named) {
                return Some((length, label, false));
            }
            if are_named(label) || words::synonyms(label).any(are_named) {
                return Some((length, label, true));
            }
        }
    }
    None
}

/// The nearest other object, by boxes.
pub(super) fn nearest<'a>(anchor: &Given, objects: &'a [Given]) -> Option<&'a Given> {
    nearest_of(anchor, &objects.iter().collect::<Vec<_>>())
}

/// The farthest other object, by boxes.
pub(super) fn farthest<'a>(anchor: &Given, objects: &'a [Given]) -> Option<&'a Given> {
    farthest_of(anchor, &objects.iter().collect::<Vec<_>>())
}

fn nearest_of<'a>(anchor: &Given, objects: &[&'a Given]) -> Option<&'a Given> {
    let others = objects.iter().copied().filter(|object| object.id != anchor.id);
    others.min_by(|a, b| {
        let [a, b] = [a, b].map(|object| object.bounds.distance(&anchor.bounds));
        a.total_cmp(&b)
    })
}

fn farthest_of<'a>(anchor: &Given, objects: &[&'a Given]) -> Option<&'a Given> {
    let others = objects.iter().copied().filter(|object| object.id != anchor.id);
    others.max_by(|a, b| {
        let [a, b] = [a, b].map(|object| object.bounds.distance(&anchor.bounds));
        a.total_cmp(&b)
    })
}

/// The object with the most of what the superlative or comparative names.
pub(super) fn extreme<'a>(superlative: &str, objects: &[&'a Given]) -> Option<&'a Given> {
    let measure = |object: &Given| match superlative {
        "biggest" | "largest" | "bigger" | "larger" => object.bounds.volume(),
        "smallest" | "smaller" => -object.bounds.volume(),
        "tallest" | "taller" | "higher" => object.bounds.size().z,
        _ => -object.bounds.size().z,
    };
    objects.iter().copied().max_by(|a, b| measure(a).total_cmp(&measure(b)))
}
