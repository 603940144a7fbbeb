//! Exact match as in ScanQA's evaluation, here with several right answers.

use std::borrow::Cow;
use tasks::words;

/// An answer as it is compared: small letters, punctuation gone, no articles, numbers up to twelve
/// as words. ScanQA's `clean_answer` less its list of the annotators' misspellings.
pub fn clean_answer(text: &str) -> String {
    let lower = text.to_lowercase();
    let kept: String = lower
        .chars()
        .map(|c| if c.is_alphanumeric() || "'-:.".contains(c) { c } else { ' ' })
        .collect();
    let word = |word: &str| -> Option<Cow<'static, str>> {
        // A point stays only within a number.
        let word = word.trim_matches(['.', ':', '-', '\'']);
        if word.is_empty() || matches!(word, "a" | "an" | "the") {
            return None;
        }
        let number = word.parse::<usize>().ok().and_then(words::number_word);
        Some(number.map_or_else(|| Cow::Owned(word.to_owned()), Cow::Borrowed))
    };
    kept.split_whitespace().filter_map(word).collect::<Vec<_>>().join(" ")
}

/// Exact match, and refined exact match: the latter also holds where one answer contains the
/// other, spaces left out (“chair” for “brown chair”). Empty answers match nothing.
pub fn exact_match(answer: &str, right: &[String]) -> (bool, bool) {
    let answer = clean_answer(answer);
    if answer.is_empty() {
        return (false, false);
    }
    let right: Vec<String> = right.iter().map(|text| clean_answer(text)).collect();
    if right.contains(&answer) {
        return (true, true);
    }
    let packed = answer.replace(' ', "");
    let overlaps = |text: &String| {
        let text = text.replace(' ', "");
        !text.is_empty() && (text.contains(&packed) || packed.contains(&text))
    };
    (false, right.iter().any(overlaps))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matched(answer: &str, right: &[&str]) -> (bool, bool) {
        let right: Vec<String> = right.iter().map(|text| (*text).to_owned()).collect();
        exact_match(answer, &right)
    }

    #[test]
    fn answers_worked_by_hand() {
        assert_eq!(matched("Three.", &["3"]), (true, true));
        assert_eq!(matched("The coffee table", &["coffee table"]), (true, true));
        assert_eq!(matched("chair", &["brown chair"]), (false, true));
        assert_eq!(matched("brown chair", &["chair"]), (false, true));
        assert_eq!(matched("sofa", &["couch", "Sofa"]), (true, true));
        assert_eq!(matched("sofa", &["chair"]), (false, false));
        assert_eq!(matched("", &["chair"]), (false, false));
        assert_eq!(matched("1.8 m", &["1.8 m."]), (true, true));
    }
}
