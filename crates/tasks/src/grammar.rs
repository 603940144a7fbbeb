//! Keeps decoding within the answer grammar.

use crate::prompt::Mark;
use crate::target::MOST_WAYPOINTS;
use scene::{BOX_NUMBERS, InstanceId};

/// One step of decoding, as far as the grammar cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// A token of text.
    Text(&'a str),
    /// An object was pointed at.
    Object(InstanceId),
    /// A mark.
    Mark(Mark),
}

/// What may come next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    /// Tokens of text.
    pub text: bool,
    /// The end of the answer.
    pub end: bool,
    /// Pointing at an object that is not in `excluded`.
    pub objects: bool,
    /// Objects that may not be pointed at.
    pub excluded: Vec<InstanceId>,
    /// These marks.
    pub marks: Vec<Mark>,
    /// Any location token.
    pub locations: bool,
}

/// The grammar's state after what was emitted so far.
///
/// `<dist>` holds exactly two different objects, a number and its end; `<count>` holds objects,
/// each once, and its end; `<path>` two different objects, one to eight corners of two numbers each,
/// and its end; `<place>` what is put there and where, in a few words and one to three objects, the
/// six numbers of a box, and its end; `<unk>`, `<path>` and `<place>` open an answer; two objects
/// never stand side by side outside marks; a sentence names an object once; an answer is never
/// empty.
#[derive(Clone, Debug)]
pub struct Grammar {
    object_count: usize,
    state: State,
    /// In this sentence, outside marks.
    named: Vec<InstanceId>,
}

#[derive(Clone, Debug)]
enum State {
    Start,
    Words,
    AfterObject,
    Dist { objects: Vec<InstanceId>, tokens: usize },
    Count { objects: Vec<InstanceId> },
    Path { objects: Vec<InstanceId>, numbers: usize },
    Place { objects: Vec<InstanceId>, words: usize, numbers: usize },
}

/// A number has no more tokens than this: `12.8` and its space.
const NUMBER_TOKENS: usize = 5;
/// Words within `<place>`: the name of a new thing, where it goes, how far.
const PLACE_TOKENS: usize = 12;
/// Objects within `<place>`: what is moved, and at most two by which the place is told.
const PLACE_OBJECTS: usize = 3;
/// Numbers of a corner.
const CORNER: usize = 2;

impl Grammar {
    /// For an answer about a scene with this many objects to point at.
    pub fn new(object_count: usize) -> Self {
        Self { object_count, state: State::Start, named: Vec::new() }
    }

    /// What may come next.
    pub fn allowed(&self) -> Allowed {
        let some = self.object_count > 0;
        let mut opening = vec![Mark::Count];
        if self.object_count > 1 {
            opening.push(Mark::Dist);
        }
        match &self.state {
            State::Start => {
                opening.push(Mark::Unk);
                if self.object_count > 1 {
                    opening.push(Mark::Path);
                }
                if some {
                    opening.push(Mark::Place);
                }
                Allowed { text: true, objects: some, marks: opening, ..Allowed::default() }
            }
            State::Words => Allowed {
                text: true,
                end: true,
                objects: self.named.len() < self.object_count,
                excluded: self.named.clone(),
                marks: opening,
                ..Allowed::default()
            },
            State::AfterObject => Allowed { text: true, end: true, ..Allowed::default() },
            State::Count { objects } => Allowed {
                objects: objects.len() < self.object_count,
                excluded: objects.clone(),
                marks: vec![Mark::CountEnd],
                ..Allowed::default()
            },
            State::Dist { objects, .. } if objects.len() < 2 => {
                Allowed { objects: true, excluded: objects.clone(), ..Allowed::default() }
            }
            State::Path { objects, .. } if objects.len() < 2 => {
                Allowed { objects: true, excluded: objects.clone(), ..Allowed::default() }
            }
            State::Path { numbers, .. } => {
                let whole = *numbers > 0 && numbers.is_multiple_of(CORNER);
                Allowed {
                    locations: *numbers < CORNER * MOST_WAYPOINTS,
                    marks: if whole { vec![Mark::PathEnd] } else { Vec::new() },
                    ..Allowed::default()
                }
            }
            State::Place { objects, words, numbers: 0 } => Allowed {
                text: *words < PLACE_TOKENS,
                objects: objects.len() < PLACE_OBJECTS.min(self.object_count),
                excluded: objects.clone(),
                locations: !objects.is_empty() && *words > 0,
                ..Allowed::default()
            },
            State::Place { numbers, .. } => Allowed {
                locations: *numbers < BOX_NUMBERS,
                marks: if *numbers < BOX_NUMBERS { Vec::new() } else { vec![Mark::PlaceEnd] },
                ..Allowed::default()
            },
            State::Dist { tokens, .. } => Allowed {
                text: *tokens < NUMBER_TOKENS,
                marks: if *tokens > 0 { vec![Mark::DistEnd] } else { Vec::new() },
                ..Allowed::default()
            },
        }
    }

    /// Takes note of what came. What was not allowed changes nothing that is open.
    pub fn accept(&mut self, step: Step<'_>) {
        match (&mut self.state, step) {
            (State::Dist { tokens, .. }, Step::Text(_)) => *tokens += 1,
            (State::Place { words, .. }, Step::Text(_)) => *words += 1,
            (
                State::Path { numbers, .. } | State::Place { numbers, .. },
                Step::Mark(Mark::Loc(_)),
            ) => *numbers += 1,
            (
                State::Dist { objects, .. }
                | State::Count { objects }
                | State::Path { objects, .. }
                | State::Place { objects, .. },
                Step::Object(id),
            ) => {
                if !objects.contains(&id) {
                    objects.push(id);
                }
            }
            (State::Dist { .. }, Step::Mark(Mark::DistEnd))
            | (State::Count { .. }, Step::Mark(Mark::CountEnd))
            | (State::Path { .. }, Step::Mark(Mark::PathEnd))
            | (State::Place { .. }, Step::Mark(Mark::PlaceEnd))
            | (_, Step::Mark(Mark::Unk)) => self.state = State::Words,
            (
                State::Dist { .. } | State::Count { .. } | State::Path { .. } | State::Place { .. },
                _,
            ) => {}
            (_, Step::Text(text)) => {
                if text.contains('.') {
                    self.named.clear();
                }
                self.state = State::Words;
            }
            (_, Step::Object(id)) => {
                self.named.push(id);
                self.state = State::AfterObject;
            }
            (_, Step::Mark(Mark::Dist)) => {
                self.state = State::Dist { objects: Vec::new(), tokens: 0 };
            }
            (_, Step::Mark(Mark::Path)) => {
                self.state = State::Path { objects: Vec::new(), numbers: 0 };
            }
            (_, Step::Mark(Mark::Place)) => {
                self.state = State::Place { objects: Vec::new(), words: 0, numbers: 0 };
            }
            (_, Step::Mark(Mark::Count)) => self.state = State::Count { objects: Vec::new() },
            (_, Step::Mark(_)) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prompt::{Part, target_parts};

    /// Whether every part of a target may come where it comes, and then the end.
    fn accepts(target: &str, object_count: usize) -> bool {
        let mut grammar = Grammar::new(object_count);
        for part in target_parts(target) {
            let allowed = grammar.allowed();
            let (fine, step) = match &part {
                Part::Text(text) => (allowed.text, Step::Text(text)),
                Part::Object(id) => {
                    (allowed.objects && !allowed.excluded.contains(id), Step::Object(*id))
                }
                Part::Mark(Mark::Loc(n)) => (allowed.locations, Step::Mark(Mark::Loc(*n))),
                Part::Mark(mark) => (allowed.marks.contains(mark), Step::Mark(*mark)),
            };
            if !fine {
                return false;
            }
            grammar.accept(step);
        }
        grammar.allowed().end
    }

    #[test]
    fn every_trained_form_is_allowed() {
        for target in [
            "<OBJ012>.",
            "None.",
            "<OBJ002>, <OBJ005>.",
            "<OBJ002> yes.",
            "<count><OBJ002><OBJ005></count>",
            "<count></count>",
            "<OBJ012> brown.",
            "<dist><OBJ004><OBJ009> 1.8</dist>",
            "A brown sofa next to <OBJ004> coffee table.",
            "1. Fill <OBJ026> washing machine. 2. Turn on <OBJ026> washing machine.",
            "<unk> I cannot tell from this scan.",
            "<path><OBJ004><OBJ009><loc1><loc2><loc255><loc0></path>",
            "<place><OBJ004> towards <OBJ009> 0.5<loc1><loc2><loc3><loc4><loc5><loc6></place>",
            "<place>desk between <OBJ001> and <OBJ002><loc1><loc2><loc3><loc4><loc5><loc6></place>",
        ] {
            assert!(accepts(target, 20), "{target}");
        }
    }

    #[test]
    fn what_could_not_be_shown_is_not() {
        for target in [
            "",
            "<dist><OBJ004> 1.8</dist>",
            "<dist><OBJ004><OBJ004> 1.8</dist>",
            "<dist><OBJ004><OBJ009></dist>",
            "<dist><OBJ004><OBJ009><OBJ001> 1.8</dist>",
            "<dist><OBJ004><OBJ009> 1.8",
            "<count><OBJ002><OBJ002></count>",
            "<count>two</count>",
            "<count><OBJ002>",
            "<OBJ002><OBJ003>",
            "<OBJ002>, <OBJ002>.",
            "No. <unk>",
            "<path><OBJ004><OBJ009></path>",
            "<path><OBJ004><OBJ009><loc1></path>",
            "<path><OBJ004><loc1><loc2></path>",
            "<place><OBJ004><loc1><loc2><loc3><loc4><loc5><loc6></place>",
            "<place>desk beside <OBJ001><loc1><loc2><loc3><loc4><loc5></place>",
            "<place> beside <loc1><loc2><loc3><loc4><loc5><loc6></place>",
            "<loc7>",
            "</count>",
            "<unk>",
        ] {
            let fits = accepts(target, 20);
            // `<unk>` alone is a whole answer.
            assert_eq!(fits, target == "<unk>", "{target}");
        }
        assert!(!accepts("<OBJ001>.", 0) && !accepts("<dist><OBJ001><OBJ002> 1</dist>", 1));
        assert!(accepts("<count></count>", 0));
    }

    #[test]
    fn nothing_runs_forever_within_a_mark() {
        let mut grammar = Grammar::new(3);
        grammar.accept(Step::Mark(Mark::Count));
        (1..=3).for_each(|id| grammar.accept(Step::Object(InstanceId(id))));
        let allowed = grammar.allowed();
        assert!(!allowed.objects && !allowed.text && allowed.marks == [Mark::CountEnd]);
        let mut grammar = Grammar::new(3);
        grammar.accept(Step::Mark(Mark::Dist));
        (1..=2).for_each(|id| grammar.accept(Step::Object(InstanceId(id))));
        (0..NUMBER_TOKENS).for_each(|_| grammar.accept(Step::Text("1")));
        let allowed = grammar.allowed();
        assert!(!allowed.text && allowed.marks == [Mark::DistEnd]);
    }
}
