//! Asking back, where a wish could mean several things. A metric of our own: whether the answer
//! asks, and whether it names what could be meant.

/// Whether an answer asks back: it ends with a question mark and names at least two objects
/// between which one can choose.
pub fn asks_back(text: &str, named: usize) -> bool {
    text.trim_end().ends_with('?') && named >= 2
}

#[cfg(test)]
mod tests {
    use super::asks_back;

    #[test]
    fn one_asks_by_a_question_mark_and_a_choice() {
        assert!(asks_back("Which one: <OBJ002> red chair, <OBJ005> black chair? ", 2));
        assert!(!asks_back("Which one: <OBJ002> red chair?", 1));
        assert!(!asks_back("<OBJ002>, <OBJ005>.", 2));
        assert!(!asks_back("", 0));
    }
}
