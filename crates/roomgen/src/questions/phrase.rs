//! From a template to a sentence as someone would type it.

use super::templates::Family;
use crate::rng::Rng;
use tasks::suite::Split;
use tasks::words;

/// What fills a template's slots.
#[derive(Clone, Debug, Default)]
pub(super) struct Slots {
    /// `{x}`.
    pub(super) x: String,
    /// `{y}`.
    pub(super) y: String,
    /// `{n}`, with its plural and article.
    pub(super) noun: String,
    /// `{most}`.
    pub(super) most: String,
}

/// A sentence and the name of its phrasing.
pub(super) fn sentence(
    family: &Family,
    split: Split,
    slots: &Slots,
    rng: &mut Rng,
) -> (String, String) {
    let templates = family.of(split);
    let chosen = rng.below(templates.len());
    let phrasing = format!("{}/{}/{chosen}", family.name, split.name());
    let text = templates[chosen]
        .replace("{x}", &slots.x)
        .replace("{y}", &slots.y)
        .replace("{ns}", &words::plural(&slots.noun))
        .replace("{an}", &format!("{} {}", words::article(&slots.noun), slots.noun))
        .replace("{n}", &slots.noun)
        .replace("{most}", &slots.most);
    (styled(capital(&text), rng), phrasing)
}

const OPENERS: [&str; 8] = [
    "Hi! ",
    "Please tell me: ",
    "Quick question: ",
    "OK. ",
    "Hey, ",
    "One more thing. ",
    "In this scan, ",
    "Sorry, ",
];

/// Upper and lower case, marks at the end, openings and slips as people type them.
fn styled(text: String, rng: &mut Rng) -> String {
    let mut text = text;
    if rng.chance(0.1) {
        if let Some(opener) = rng.pick(&OPENERS) {
            let body = if opener.ends_with(", ") || opener.ends_with(": ") {
                lower_first(&text)
            } else {
                text
            };
            text = format!("{opener}{body}");
        }
    } else if rng.chance(0.15) {
        text = lower_first(&text);
    }
    if rng.chance(0.12) {
        text.truncate(text.trim_end_matches(['?', '.']).len());
    }
    if rng.chance(0.05) { misspelt(&text, rng) } else { text }
}

pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The first letter small, unless the first word is “I”.
fn lower_first(text: &str) -> String {
    if text.starts_with("I ") {
        return text.to_owned();
    }
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        // An object picked by hand keeps its spelling.
        if first == '<' {
            return text.to_owned();
        }
        first.to_lowercase().chain(letters).collect()
    })
}

/// One slip in one of the longer words: a letter left out, doubled, or two swapped.
fn misspelt(text: &str, rng: &mut Rng) -> String {
    let mut pieces: Vec<String> = text.split(' ').map(str::to_owned).collect();
    let long = |word: &String| word.len() >= 5 && word.bytes().all(|b| b.is_ascii_alphabetic());
    let candidates: Vec<usize> = (0..pieces.len()).filter(|&i| long(&pieces[i])).collect();
    let Some(&chosen) = rng.pick(&candidates) else { return text.to_owned() };
    let mut letters: Vec<char> = pieces[chosen].chars().collect();
    let place = rng.between(1, letters.len() - 3);
    match rng.below(3) {
        0 => {
            letters.remove(place);
        }
        1 => letters.insert(place, letters[place]),
        _ => letters.swap(place, place + 1),
    }
    pieces[chosen] = letters.into_iter().collect();
    pieces.join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::templates;
    use super::*;

    #[test]
    fn no_slot_is_left_open() {
        let slots = Slots {
            x: "the sofa".into(),
            y: "<OBJ007>".into(),
            noun: "armchair".into(),
            most: "tallest".into(),
        };
        let mut rng = Rng::from_numbers([1; 4]);
        for family in templates::ALL {
            for split in [Split::Train, Split::Val, Split::Test] {
                for _ in 0..50 {
                    let (text, _) = sentence(family, split, &slots, &mut rng);
                    assert!(!text.contains(['{', '}']), "{text}");
                    assert!(!text.contains("a armchair") && !text.contains("<obj"), "{text}");
                }
            }
        }
    }

    #[test]
    fn a_slip_changes_one_word_only() {
        let mut rng = Rng::from_numbers([2; 4]);
        for _ in 0..100 {
            let text = "Where is the bookcase near <OBJ012>?";
            let slip = misspelt(text, &mut rng);
            let differing = text.split(' ').zip(slip.split(' ')).filter(|(a, b)| a != b).count();
            assert!(differing <= 1 && slip.contains("<OBJ012>"), "{slip}");
        }
    }
}
