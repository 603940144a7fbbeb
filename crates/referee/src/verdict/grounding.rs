use super::{Place, Worth, share};
use crate::Reply;
use crate::metrics::boxes;
use tasks::program::{Program, Set};
use tasks::suite::Question;

/// ScanRefer's accuracy where one object is meant, and Multi3DRefer's F1.
pub(super) fn grounding(place: &Place<'_>, question: &Question, reply: &Reply) -> Worth {
    let overlaps = place.matching.overlaps(&reply.objects, &question.objects);
    let truth = place.matching.facts(&question.objects);
    let mut worth = Worth::default();
    if truth.len() == 1 {
        let has = |tag: &&str| question.tags.iter().any(|own| own == tag);
        let spread: Vec<&str> = ["unique", "multiple"].into_iter().filter(has).collect();
        for (metric, threshold) in [("acc25", 0.25), ("acc50", 0.5)] {
            worth.put(metric, &spread, share(boxes::is_hit(&overlaps, threshold)));
        }
    }
    let parts = match truth.len() {
        0 => vec!["none", case_of(place, question)],
        1 => vec!["one", case_of(place, question)],
        _ => vec!["many"],
    };
    for (metric, threshold) in [("f1_25", 0.25), ("f1_50", 0.5)] {
        let value = boxes::f1(&overlaps, truth.len(), threshold);
        worth.put(metric, &parts, value);
        worth.right |= metric == "f1_25" && value >= 1.0;
    }
    worth
}

/// Multi3DRefer's cases with no target or one, by the names of its evaluation code; with a
/// distractor where another object of the class sought is in the room. Its fifth, `mt`, is `many`.
fn case_of(place: &Place<'_>, question: &Question) -> &'static str {
    let of_class = |class: &str| {
        place.case.facts.objects.iter().filter(|object| object.label == class).count()
    };
    match place.matching.facts(&question.objects)[..] {
        [] => {
            let sought = match &question.program {
                Program::Objects { of } => class_of(of),
                _ => None,
            };
            if sought.is_some_and(|class| of_class(class) > 0) { "zt_w_d" } else { "zt_wo_d" }
        }
        [only, ..] => {
            if of_class(&only.label) > 1 {
                "st_w_d"
            } else {
                "st_wo_d"
            }
        }
    }
}

/// The class of which a set's objects would be.
fn class_of(set: &Set) -> Option<&str> {
    match set {
        Set::Object { .. } => None,
        Set::Kind { class, .. } => class.as_deref(),
        Set::Related { among, .. }
        | Set::OnSide { among, .. }
        | Set::Nearest { among, .. }
        | Set::Farthest { among, .. }
        | Set::Most { among, .. }
        | Set::Least { among, .. } => class_of(among),
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::{asked, case, verdict};
    use crate::{Regime, Reply};
    use scene::InstanceId;
    use tasks::program::{Program, Set};
    use tasks::suite::Task;

    fn parts(of: Set) -> Vec<String> {
        let program = Program::Objects { of };
        let case = asked(case(), vec![("Find it.", Task::Grounding, program, &[])]);
        let verdict = verdict(&case, 0, Regime::True, Reply::default());
        let score = verdict.scores.iter().find(|score| score.metric == "f1_25").unwrap();
        score.parts.clone()
    }

    #[test]
    fn the_five_cases() {
        // One desk, a red and a black chair.
        assert_eq!(parts(Set::class("sofa")), ["none", "zt_wo_d"]);
        assert_eq!(parts(Set::coloured("chair", Some("blue"))), ["none", "zt_w_d"]);
        assert_eq!(parts(Set::class("desk")), ["one", "st_wo_d"]);
        assert_eq!(parts(Set::coloured("chair", Some("red"))), ["one", "st_w_d"]);
        assert_eq!(parts(Set::class("chair")), ["many"]);
        let on_desk = Set::Related {
            relation: tasks::program::Relation::On,
            to: Box::new(Set::class("desk")),
            among: Box::new(Set::class("chair")),
        };
        assert_eq!(parts(on_desk), ["none", "zt_w_d"]);
    }

    #[test]
    fn all_and_nothing_else_is_right() {
        let program = Program::Objects { of: Set::class("chair") };
        let case = asked(case(), vec![("Find the chairs.", Task::Grounding, program, &[])]);
        let right = |ids: &[u32]| {
            let objects = ids.iter().map(|id| InstanceId(*id)).collect();
            verdict(&case, 0, Regime::True, Reply { objects, ..Reply::default() }).right
        };
        assert!(right(&[3, 2]) && !right(&[2]) && !right(&[1, 2, 3]) && !right(&[]));
    }
}
