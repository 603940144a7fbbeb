//! Plans: the goal's own steps with the first things of the right names.

use super::named;
use crate::metrics::plan::steps as spoken;
use crate::{Given, Reply};
use tasks::program::{GOALS, StepKind};
use tasks::prompt::mention;

/// The whole plan, or with `next` the step after those that the text lists.
pub(super) fn plan(text: &str, objects: &[Given], next: bool) -> Option<Reply> {
    let lower = text.to_lowercase();
    let goal = GOALS.iter().find(|goal| lower.contains(goal.name))?;
    let with = |kind: &'static StepKind| {
        let of_class = |class: &&str| objects.iter().find(|o| o.label.as_deref() == Some(*class));
        Some((kind.verb, kind.classes.iter().find_map(of_class)?))
    };
    let steps: Vec<(&str, &Given)> = goal.steps.iter().filter_map(with).collect();
    let done = if next { spoken(text).len() } else { 0 };
    let wanted = if next { steps.get(done..=done)? } else { &steps[..] };
    let sentences = wanted.iter().zip(done + 1..).map(|((verb, object), number)| {
        let label = object.label.as_deref().unwrap_or_default();
        format!("{number}. {verb} {} {label}.", mention(object.id))
    });
    let objects: Vec<&Given> = wanted.iter().map(|(_, object)| *object).collect();
    let steps_text = sentences.collect::<Vec<_>>().join(" ");
    Some(Reply { steps_text, ..named("", &objects) })
}
