use super::{Described, Place, Worth, without_mentions};
use crate::Reply;
use crate::metrics::captions::Caption;
use crate::metrics::text;
use tasks::program::Program;
use tasks::suite::Question;

/// The figures of captions need the whole corpus, so they are only collected here.
pub(super) fn caption(place: &Place<'_>, question: &Question, reply: &Reply) -> Worth {
    let references: Vec<String> =
        question.answers.iter().map(|answer| without_mentions(answer)).collect();
    let caption = Caption::new(&reply.text, &references);
    let right = text::exact_match(&reply.text, &references).0;
    let found = found(place, question);
    Worth { right, caption: Some(Described { caption, found }), ..Worth::default() }
}

/// How well the object described was found; a whole room always is.
fn found(place: &Place<'_>, question: &Question) -> f64 {
    let Program::Caption { of } = &question.program else { return 1.0 };
    let described = Program::Objects { of: of.clone() }.run(&place.case.facts);
    let ids = described.map(|outcome| outcome.objects).unwrap_or_default();
    place.matching.facts(&ids).first().map_or(0.0, |fact| place.matching.found(fact))
}
