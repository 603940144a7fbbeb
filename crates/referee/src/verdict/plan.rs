use super::{Place, Worth, share};
use crate::Reply;
use crate::metrics::plan::{self, Doing};
use scene::InstanceId;
use tasks::facts::Fact;
use tasks::program::{Goal, Program};

/// Whether the steps lead to the goal, as a whole or as the next one.
pub(super) fn plan(place: &Place<'_>, goal: &str, done: usize, reply: &Reply) -> Worth {
    let Some(goal) = Goal::named(goal) else { return Worth::default() };
    let said = doings(&reply.steps_text, |id| place.matching.true_of(id));
    let (part, found) = if done == 0 {
        ("whole", plan::whole(goal, &said))
    } else {
        let before = kinds_done(place, goal, done);
        ("next", plan::next(goal, &before, &said))
    };
    let mut worth = Worth { right: found.valid, ..Worth::default() };
    worth.put("valid", &[part], share(found.valid));
    worth.put("valid_steps", &[part], found.valid_steps);
    worth
}

/// The steps that the question says are done: the first of the room's own plan.
fn kinds_done(place: &Place<'_>, goal: &Goal, done: usize) -> Vec<usize> {
    let whole = Program::Plan { goal: goal.name.to_owned(), done: 0 };
    let answers = whole.run(&place.case.facts).map(|outcome| outcome.answers).unwrap_or_default();
    let text = answers.first().map(String::as_str).unwrap_or_default();
    let of_id = |id| place.matching.facts(&[id]).first().copied();
    let kinds = doings(text, of_id).into_iter().take(done);
    kinds.filter_map(|step| plan::kind_of(goal, &step)).collect()
}

fn doings<'a>(text: &str, true_of: impl Fn(InstanceId) -> Option<&'a Fact>) -> Vec<Doing> {
    let doing = |step: plan::Said| Doing {
        class: step.object.and_then(&true_of).map(|fact| fact.label.clone()),
        verb: step.verb,
    };
    plan::steps(text).into_iter().map(doing).collect()
}
