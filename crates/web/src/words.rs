//! The page's words in the reader's language.
//!
//! English is written where it is said, by `t!`; `web/words/*.json` holds each other language, by the
//! English words. A sentence that is not there is said in English. Errors and notes come from the worker in
//! English, with their numbers in place: [`message`] finds the sentence that they were made from.
#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code, reason = "shown in a browser alone"))]

use serde::Deserialize;
use std::cell::RefCell;
use std::collections::HashMap;

/// What is said in another language.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Words {
    /// What the page itself says.
    page: HashMap<String, String>,
    /// What the worker says.
    messages: HashMap<String, String>,
}

impl Words {
    fn of<'a>(&'a self, english: &'a str) -> &'a str {
        self.page.get(english).map_or(english, String::as_str)
    }

    fn message(&self, english: &str) -> String {
        if let Some(same) = self.messages.get(english) {
            return same.clone();
        }
        let made =
            self.messages.iter().filter_map(|(from, to)| Some((from, to, parts(english, from)?)));
        // Of several, the one that says most of it by itself.
        let own =
            |template: &str| pieces(template).map(|(literal, _)| literal.len()).sum::<usize>();
        let Some((_, to, parts)) = made.max_by_key(|(from, ..)| own(from)) else {
            return english.to_owned();
        };
        let parts: Vec<(String, String)> =
            parts.into_iter().map(|(name, part)| (name, self.message(part))).collect();
        filled(to, |name| Some(&parts.iter().find(|(own, _)| own == name)?.1))
    }
}

/// Literal text and, but for the last piece, the name of what follows it. What has no name is called by its
/// number; how a number is written is not part of the name.
fn pieces(template: &str) -> impl Iterator<Item = (&str, Option<String>)> {
    let mut rest = Some(template);
    let mut unnamed = 0;
    std::iter::from_fn(move || {
        let text = rest?;
        let Some((literal, (name, after))) =
            text.split_once('{').and_then(|(before, tail)| Some((before, tail.split_once('}')?)))
        else {
            rest = None;
            return Some((text, None));
        };
        rest = Some(after);
        let name = name.split(':').next().unwrap_or_default();
        if !name.is_empty() {
            return Some((literal, Some(name.to_owned())));
        }
        unnamed += 1;
        Some((literal, Some((unnamed - 1).to_string())))
    })
}

/// The template with its places filled; one that nothing is known for stays as it is written.
fn filled<'a>(template: &str, part: impl Fn(&str) -> Option<&'a String>) -> String {
    let mut words = String::with_capacity(template.len());
    for (literal, name) in pieces(template) {
        words.push_str(literal);
        match name.as_deref().map(|name| (name, part(name))) {
            Some((_, Some(part))) => words.push_str(part),
            Some((name, None)) => words.extend(["{", name, "}"]),
            None => {}
        }
    }
    words
}

/// What stands in the places of a template, where `words` were made from it.
fn parts<'a>(words: &'a str, template: &str) -> Option<Vec<(String, &'a str)>> {
    let mut pieces = pieces(template);
    let (first, mut name) = pieces.next()?;
    let mut rest = words.strip_prefix(first)?;
    let mut parts = Vec::new();
    while let Some(place) = name {
        let (literal, next) = pieces.next()?;
        let at = match next {
            Some(_) => rest.find(literal)?,
            None => rest.strip_suffix(literal)?.len(),
        };
        parts.push((place, &rest[..at]));
        rest = &rest[at + literal.len()..];
        name = next;
    }
    rest.is_empty().then_some(parts)
}

thread_local! {
    static WORDS: RefCell<Words> = RefCell::default();
}

/// Speaks this language from now on.
pub(crate) fn learn(words: Words) {
    WORDS.set(words);
}

/// In the reader's language.
pub(crate) fn of(english: &str) -> String {
    WORDS.with_borrow(|words| words.of(english).to_owned())
}

/// In the reader's language, with these in their places.
pub(crate) fn fill(english: &str, parts: &[(&str, String)]) -> String {
    let part = |name: &str| Some(&parts.iter().find(|(own, _)| *own == name)?.1);
    WORDS.with_borrow(|words| filled(words.of(english), part))
}

/// What the worker said, in the reader's language.
pub(crate) fn message(english: &str) -> String {
    WORDS.with_borrow(|words| words.message(english))
}

/// Says something in the reader's language: `t!("Done.")`, `t!("{done} of {all}", done = 1, all = 2)`.
macro_rules! t {
    ($english:literal) => { $crate::words::of($english) };
    ($english:literal, $($name:ident = $part:expr),+ $(,)?) => {
        $crate::words::fill($english, &[$((stringify!($name), $part.to_string())),+])
    };
}

/// Marks what is said later, by [`of`].
macro_rules! later {
    ($english:literal) => {
        $english
    };
}

pub(crate) use {later, t};

#[cfg(test)]
mod tests;
