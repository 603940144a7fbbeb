//! The ways in which people ask: for each kind of question one list for each split, which share
//! nothing, so that val and test ask in words that training never did.
//!
//! `[a|b|]` in a template is one of its alternatives. Slots: `{x}`, `{y}` and `{z}` a definite object (“the sofa”, “the lamp on the desk”, a picked
//! one), `{n}` a noun (“red chair”), `{an}` with its article, `{ns}` its plural, `{most}` a
//! superlative, `{more}` a comparative, `{side}` a side of the speaker (“on my left”), `{goal}` what
//! is to be done, `{steps}` what is done already, `{choice}` one of several (“the red one”), `{m}` a
//! length, `{size}` three of them.

mod test;
mod train;
mod val;

use tasks::suite::Split;

/// Templates for one kind of question.
pub(super) struct Family {
    /// First part of the phrasing's name.
    pub(super) name: &'static str,
    train: &'static [&'static str],
    val: &'static [&'static str],
    test: &'static [&'static str],
}

impl Family {
    /// The templates of a split.
    pub(super) fn of(&self, split: Split) -> &'static [&'static str] {
        match split {
            Split::Train => self.train,
            Split::Val => self.val,
            Split::Test => self.test,
        }
    }
}

/// The families, each with the three lists of its own name.
macro_rules! families {
    ($($family:ident $name:literal,)*) => {
        $(pub(super) const $family: Family = Family {
            name: $name,
            train: train::$family,
            val: val::$family,
            test: test::$family,
        };)*

        /// Every family.
        #[cfg(test)]
        pub(super) const ALL: &[&Family] = &[$(&$family),*];
    };
}

families! {
    EXISTS "exists",
    COUNT "count",
    WHAT_IS "what-is",
    COLOUR "colour",
    WHAT_ON "what-on",
    WHAT_UNDER "what-under",
    WHAT_NEXT_TO "what-next-to",
    WHAT_NEAREST "what-nearest",
    WHAT_FARTHEST "what-farthest",
    WHAT_MOST "what-most",
    DISTANCE "distance",
    FIND_ONE "find-one",
    FIND_WHICH "find-which",
    FIND_ALL "find-all",
    FIND_ON "find-on",
    DESCRIBE "describe",
    MATERIAL "material",
    COMPARE "compare",
    AT_FACING "at-facing",
    AT_BACK "at-back",
    AT_LEFT "at-left",
    AT_RIGHT "at-right",
    SIDE "side",
    SIDE_COUNT "side-count",
    SIDE_EXISTS "side-exists",
    SIDE_FIND "side-find",
    SCENE "scene",
    PLAN "plan",
    PLAN_NEXT "plan-next",
    BRING "bring",
    CHOOSE "choose",
    CLOSED "closed",
    BEYOND "beyond",
    WALK "walk",
    MOVE_TOWARDS "move-towards",
    MOVE_BESIDE "move-beside",
    MOVE_ON "move-on",
    PLACE_BESIDE "place-beside",
    PLACE_ON "place-on",
    PLACE_BETWEEN "place-between",
}

#[cfg(test)]
mod tests {
    use super::super::phrase::all_spoken;
    use super::*;
    use std::collections::HashMap;

    /// As a listener hears it: without capitals and the mark at the end.
    fn bare(template: &str) -> String {
        template.trim_end_matches(['?', '.']).to_lowercase()
    }

    #[test]
    fn no_sentence_is_in_two_splits() {
        for family in ALL {
            let mut seen: HashMap<String, Split> = HashMap::new();
            for (split, least) in [(Split::Train, 18), (Split::Val, 2), (Split::Test, 5)] {
                let mine = family.of(split);
                assert!(mine.len() >= least, "{} has too few for {split:?}", family.name);
                for sentence in mine.iter().flat_map(|template| all_spoken(template)) {
                    assert!(!sentence.contains("  "), "{}: {sentence}", family.name);
                    let of = *seen.entry(bare(&sentence)).or_insert(split);
                    assert_eq!(of, split, "{}: {sentence}", family.name);
                }
            }
        }
    }
}
