//! From what the model emits to an answer for people.

mod measured;
mod names;
mod parser;
mod space;

pub use names::Names;
pub use parser::{Parsed, Parser, parse};

use crate::prompt::Mark;
use scene::InstanceId;

/// One thing that the model emitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Emission<'a> {
    /// Words, or a part of one.
    Text(&'a str),
    /// An object was pointed at.
    Object(InstanceId),
    /// A mark of the grammar.
    Mark(Mark),
}

/// An answer as it is compared: small letters, no punctuation but the point within numbers, no
/// article, single spaces, small number words as digits.
pub fn normalised(text: &str) -> String {
    let lower = text.to_lowercase();
    let letters: Vec<char> = lower.chars().collect();
    let in_number = |i: usize| {
        let digit =
            |j: Option<usize>| j.and_then(|j| letters.get(j)).is_some_and(char::is_ascii_digit);
        letters[i] == '.' && digit(i.checked_sub(1)) && digit(i.checked_add(1))
    };
    let kept: String = letters
        .iter()
        .enumerate()
        .map(|(i, &c)| if c.is_alphanumeric() || in_number(i) { c } else { ' ' })
        .collect();
    let words = kept.split_whitespace().filter(|word| !matches!(*word, "a" | "an" | "the"));
    let as_digits = |word: &str| {
        let number = (0..=12).find(|n| crate::words::number_word(*n) == Some(word));
        number.map_or_else(|| word.to_owned(), |n| n.to_string())
    };
    words.map(as_digits).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::normalised;

    #[test]
    fn answers_are_compared_by_what_they_say() {
        assert_eq!(normalised("  The Coffee-Table. "), "coffee table");
        assert_eq!(normalised("Three"), "3");
        assert_eq!(normalised("1.8 m."), "1.8 m");
        assert_eq!(normalised("..."), "");
    }
}
