//! Plans: whether the steps said are steps of the goal, with things that are there.
//!
//! A metric of our own: 3D-LLM and Inst3D-LMM score task decomposition by the words' likeness to
//! one reference, by which a plan that cannot be carried out may win. Here every goal has a table
//! of the steps that lead to it ([`tasks::program::GOALS`]), and a plan is held against that.

use scene::InstanceId;
use tasks::answer::normalised;
use tasks::program::Goal;
use tasks::prompt::{Part, target_parts};

/// One step as said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The words before the first object, compared as answers are.
    pub verb: String,
    /// The first object.
    pub object: Option<InstanceId>,
}

/// One step by what is true: the class of the true object that it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doing {
    /// As in [`Said`].
    pub verb: String,
    /// `None` where it names nothing that is there.
    pub class: Option<String>,
}

/// What a plan is worth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Worth {
    /// Whether it leads to the goal.
    pub valid: bool,
    /// The share of its steps that are steps of the goal, 0..=1; 0 without any.
    pub valid_steps: f64,
}

/// Nobody wants to hear more.
const MOST_STEPS: usize = 10;

/// The numbered steps of a text, such as “1. Turn on <OBJ007> tv. 2. Sit on <OBJ001> sofa.”; a text
/// without numbers is one step.
pub fn steps(text: &str) -> Vec<Said> {
    let starts = numbers(text);
    let mut pieces: Vec<&str> = Vec::new();
    for (index, (_, start)) in starts.iter().enumerate() {
        let end = starts.get(index + 1).map_or(text.len(), |(next, _)| *next);
        pieces.extend(text.get(*start..end));
    }
    if starts.is_empty() && !text.trim().is_empty() {
        pieces.push(text);
    }
    pieces.into_iter().map(said).collect()
}

/// Where each `3.` or `3)` that stands by itself begins and ends.
fn numbers(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut start = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        let number = word.trim_end();
        let digits = number.strip_suffix(['.', ')']).unwrap_or_default();
        if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            found.push((start, start + number.len()));
        }
        start += word.len();
    }
    found
}

fn said(piece: &str) -> Said {
    let mut verb = String::new();
    for part in target_parts(piece) {
        match part {
            Part::Text(words) => verb += &words,
            Part::Object(id) => return Said { verb: normalised(&verb), object: Some(id) },
            Part::Mark(_) => {}
        }
    }
    Said { verb: normalised(&verb), object: None }
}

/// The place in the goal's table of the step that this is.
pub fn kind_of(goal: &Goal, step: &Doing) -> Option<usize> {
    let class = step.class.as_deref()?;
    goal.steps
        .iter()
        .position(|kind| normalised(kind.verb) == step.verb && kind.classes.contains(&class))
}

/// A whole plan: it is valid where every step is one of the goal's, every needed one is among
/// them, the needed ones come in their order, and there are at most ten.
pub fn whole(goal: &Goal, steps: &[Doing]) -> Worth {
    let kinds: Vec<Option<usize>> = steps.iter().map(|step| kind_of(goal, step)).collect();
    let is_needed = |kind: &usize| goal.steps.get(*kind).is_some_and(|kind| kind.needed);
    let needed: Vec<usize> = kinds.iter().flatten().copied().filter(is_needed).collect();
    let all = (0..goal.steps.len()).filter(is_needed).all(|kind| needed.contains(&kind));
    let valid = !steps.is_empty()
        && steps.len() <= MOST_STEPS
        && kinds.iter().all(Option::is_some)
        && all
        && needed.is_sorted();
    Worth { valid, valid_steps: share(kinds.iter().filter(|kind| kind.is_some()).count(), steps) }
}

/// The next step after those done, by their places in the goal's table: one step, later than all
/// of them, with no needed one left out between.
pub fn next(goal: &Goal, done: &[usize], steps: &[Doing]) -> Worth {
    let first_free = done.iter().max().map_or(0, |last| last + 1);
    let may_follow = |step: &Doing| {
        kind_of(goal, step).is_some_and(|kind| {
            let skipped = goal.steps.get(first_free..kind);
            skipped.is_some_and(|kinds| kinds.iter().all(|kind| !kind.needed))
        })
    };
    let fitting = steps.iter().filter(|step| may_follow(step)).count();
    Worth { valid: steps.len() == 1 && fitting == 1, valid_steps: share(fitting, steps) }
}

fn share(valid: usize, steps: &[Doing]) -> f64 {
    valid as f64 / steps.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// “Watch a film”: may close the curtain, must turn on tv or projector, must sit on a seat.
    fn film() -> &'static Goal {
        Goal::named("watch a film").unwrap()
    }

    fn doing(steps: &[(&str, &str)]) -> Vec<Doing> {
        let one = |(verb, class): &(&str, &str)| Doing {
            verb: normalised(verb),
            class: Some((*class).to_owned()),
        };
        steps.iter().map(one).collect()
    }

    #[test]
    fn steps_are_told_apart_by_their_numbers() {
        let object = |id| Some(InstanceId(id));
        let found =
            steps("1. Turn on <OBJ007> tv. 2. Sit on the <OBJ001> sofa 1.8 m away. 3) Rest.");
        let words: Vec<(&str, Option<InstanceId>)> =
            found.iter().map(|step| (step.verb.as_str(), step.object)).collect();
        assert_eq!(words, [("turn on", object(7)), ("sit on", object(1)), ("rest", None)]);
        // The next step alone, with its own number or none.
        assert_eq!(steps("2. Sit on <OBJ001> sofa."), steps("Sit on <OBJ001>"));
        assert!(steps(" ").is_empty());
    }

    #[test]
    fn plans_worked_by_hand() {
        let of = |steps: &[(&str, &str)]| whole(film(), &doing(steps));
        let (tv, seat) = (("turn on", "tv"), ("sit on", "bench"));
        assert_eq!(of(&[tv, seat]), Worth { valid: true, valid_steps: 1.0 });
        assert!(of(&[("close", "curtain"), tv, seat]).valid);
        // What need not be may come late.
        assert!(of(&[tv, ("close", "curtain"), seat]).valid);
        // Two curtains.
        assert!(of(&[("close", "curtain"), ("close", "curtain"), tv, seat]).valid);
        // Sitting before the tv is on; leaving it out; sitting on the tv; a step of no goal.
        assert_eq!(of(&[seat, tv]), Worth { valid: false, valid_steps: 1.0 });
        assert!(!of(&[seat]).valid);
        assert_eq!(of(&[tv, ("sit on", "tv")]), Worth { valid: false, valid_steps: 0.5 });
        let danced = of(&[tv, ("dance on", "table"), seat]);
        assert!(!danced.valid && (danced.valid_steps - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!(of(&[]), Worth { valid: false, valid_steps: 0.0 });
    }

    #[test]
    fn more_than_ten_steps_are_too_many() {
        let mut long = vec![("close", "curtain"); 8];
        long.extend([("turn on", "tv"), ("sit on", "sofa")]);
        assert!(whole(film(), &doing(&long)).valid);
        long.insert(0, ("close", "curtain"));
        assert!(!whole(film(), &doing(&long)).valid);
    }

    #[test]
    fn next_steps_worked_by_hand() {
        let after =
            |done: &[usize], steps: &[(&str, &str)]| next(film(), done, &doing(steps)).valid;
        // The curtain is closed; the tv is next, and sitting would skip it.
        assert!(after(&[0], &[("turn on", "tv")]));
        assert!(!after(&[0], &[("sit on", "sofa")]));
        assert!(!after(&[0], &[("close", "curtain")]));
        assert!(after(&[0, 1], &[("sit on", "sofa")]));
        // One step is asked for.
        assert!(!after(&[0], &[("turn on", "tv"), ("sit on", "sofa")]));
        assert!(!after(&[0], &[]));
        // What need not be may be skipped.
        assert!(after(&[], &[("turn on", "tv")]));
    }
}
