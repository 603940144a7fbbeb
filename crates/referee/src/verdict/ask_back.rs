use super::{Place, Worth, kind, share};
use crate::Reply;
use crate::metrics::{boxes, dialog};
use tasks::suite::Question;

/// A wish that could mean several objects: whether it is asked which, and whether those are named
/// that could be meant.
pub(super) fn ask_back(place: &Place<'_>, question: &Question, reply: &Reply) -> Worth {
    let asks = dialog::asks_back(&reply.steps_text, reply.objects.len());
    let mut worth = candidates(place, question, reply);
    worth.put("em", &kind(question), share(asks));
    worth.right &= asks;
    worth
}

/// A wish that is clear, or the turn after: one object is meant.
pub(super) fn resolved(place: &Place<'_>, question: &Question, reply: &Reply) -> Worth {
    candidates(place, question, reply)
}

fn candidates(place: &Place<'_>, question: &Question, reply: &Reply) -> Worth {
    let overlaps = place.matching.overlaps(&reply.objects, &question.objects);
    let value = boxes::f1(&overlaps, question.objects.len(), 0.25);
    let mut worth = Worth { right: value >= 1.0, ..Worth::default() };
    worth.put("f1_25", &kind(question), value);
    worth
}
