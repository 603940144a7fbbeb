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
    /// `{most}`, a superlative.
    pub(super) most: String,
    /// `{z}`, a third object.
    pub(super) z: String,
    /// `{more}`, a comparative.
    pub(super) more: &'static str,
    /// `{side}`, such as “on my left”.
    pub(super) side: &'static str,
    /// `{goal}`, what somebody wants to do.
    pub(super) goal: &'static str,
    /// `{steps}`, what is done already.
    pub(super) steps: String,
    /// `{choice}`, such as “the red one”.
    pub(super) choice: String,
    /// `{m}`, a length.
    pub(super) length: String,
    /// `{size}`, three lengths.
    pub(super) size: String,
}

/// A question and the name of its phrasing: a template of each family one after the other, as who
/// tells where they stand and then asks.
pub(super) fn sentences(
    families: &[&Family],
    split: Split,
    slots: &Slots,
    rng: &mut Rng,
) -> (String, String) {
    let (texts, phrasings): (Vec<String>, Vec<String>) =
        families.iter().map(|family| plain(family, split, slots, rng)).unzip();
    let mut text = String::new();
    for sentence in texts {
        match text.chars().last() {
            None => text = sentence,
            // Who stands at the door, and only then asks.
            Some(',') => text = format!("{text} {}", lower_first(&sentence)),
            Some(_) => text = format!("{text} {sentence}"),
        }
    }
    (styled(text, rng), phrasings.join(" "))
}

/// A template with its slots filled, and the name of its phrasing.
pub(super) fn plain(
    family: &Family,
    split: Split,
    slots: &Slots,
    rng: &mut Rng,
) -> (String, String) {
    let templates = family.of(split);
    // Who can say more is heard more often.
    let weights: Vec<f32> = templates.iter().map(|text| (1.0 + ways(text) as f32).ln()).collect();
    let chosen = rng.weighted(&weights).unwrap_or(0);
    let phrasing = format!("{}/{}/{chosen}", family.name, split.name());
    let template = spoken(templates[chosen], rng);
    let a_noun = format!("{} {}", words::article(&slots.noun), slots.noun);
    let values = [
        ("{x}", slots.x.as_str()),
        ("{y}", &slots.y),
        ("{z}", &slots.z),
        ("{ns}", &words::plural(&slots.noun)),
        ("{an}", &a_noun),
        ("{n}", &slots.noun),
        ("{most}", &slots.most),
        ("{more}", slots.more),
        ("{side}", slots.side),
        ("{goal}", slots.goal),
        ("{steps}", &slots.steps),
        ("{choice}", &slots.choice),
        ("{m}", &slots.length),
        ("{size}", &slots.size),
    ];
    let filled = values.iter().fold(template, |text, (slot, value)| text.replace(slot, value));
    (capital(&filled), phrasing)
}

/// What a template is made of: its plain parts, each with the alternatives behind it, if any:
/// `Is it [here|there|]?` says three things.
fn parts(template: &str) -> impl Iterator<Item = (&str, Option<Vec<&str>>)> {
    template.split(']').map(|part| match part.split_once('[') {
        Some((plain, alternatives)) => (plain, Some(alternatives.split('|').collect())),
        None => (part, None),
    })
}

/// How many sentences a template can say.
fn ways(template: &str) -> usize {
    parts(template).filter_map(|(_, alternatives)| Some(alternatives?.len())).product()
}

/// One of them.
fn spoken(template: &str, rng: &mut Rng) -> String {
    let mut text = String::new();
    for (plain, alternatives) in parts(template) {
        text += plain;
        text += alternatives.as_deref().and_then(|all| rng.pick(all)).copied().unwrap_or_default();
    }
    text
}

/// All of them.
#[cfg(test)]
pub(super) fn all_spoken(template: &str) -> Vec<String> {
    parts(template).fold(vec![String::new()], |texts, (plain, alternatives)| {
        let alternatives = alternatives.unwrap_or_else(|| vec![""]);
        let longer = |text: &String| -> Vec<String> {
            alternatives.iter().map(|word| format!("{text}{plain}{word}")).collect()
        };
        texts.iter().flat_map(longer).collect()
    })
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
            z: "the red lamp".into(),
            more: "taller",
            side: "on my left",
            goal: "read a book",
            steps: "1. Take the book.".into(),
            choice: "the red one".into(),
            length: "0.5 m".into(),
            size: "0.6 x 0.4 x 0.8 m".into(),
        };
        let mut rng = Rng::from_numbers([1; 4]);
        for family in templates::ALL {
            for split in [Split::Train, Split::Val, Split::Test] {
                for _ in 0..50 {
                    let (text, _) = sentences(&[family], split, &slots, &mut rng);
                    assert!(!text.contains(['{', '}']), "{text}");
                    assert!(!text.contains(" a armchair") && !text.contains("<obj"), "{text}");
                }
            }
        }
    }

    #[test]
    fn alternatives_are_chosen_among() {
        let template = "[Is|Was] it here[ now|]?";
        let all = ["Is it here now?", "Is it here?", "Was it here now?", "Was it here?"];
        assert_eq!(all_spoken(template), all);
        assert_eq!((ways(template), ways("Plain?")), (4, 1));
        let mut rng = Rng::from_numbers([3; 4]);
        let heard: std::collections::BTreeSet<String> =
            (0..60).map(|_| spoken(template, &mut rng)).collect();
        assert!(heard.iter().map(String::as_str).eq([
            "Is it here now?",
            "Is it here?",
            "Was it here now?",
            "Was it here?"
        ]));
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
