use super::{Place, Worth, share};
use crate::Reply;
use crate::metrics::{navigation, placement};
use tasks::suite::Question;

/// A way to somewhere; not scored where nobody knows the floor, or where there is no way.
pub(super) fn way(place: &Place<'_>, question: &Question, reply: &Reply) -> Worth {
    let mut worth = Worth::default();
    let Some(ground) = place.ground else { return worth };
    let Some(shortest_m) = ground.shortest_m(place.room, question) else { return worth };
    let path = reply.path.as_deref();
    let walked_m = path.and_then(|path| ground.walked_m(place.room, question, path));
    worth.right = walked_m.is_some();
    worth.put("success", &[], navigation::success(walked_m));
    worth.put("spl", &[], navigation::spl(walked_m, shortest_m));
    worth
}

/// A placement: against the true box where the question leaves no choice (tag `pose`), else by
/// whether it can be left there.
pub(super) fn placement(place: &Place<'_>, question: &Question, reply: &Reply) -> Worth {
    let mut worth = Worth::default();
    if question.tags.iter().any(|tag| tag == "pose") {
        let Some(truth) = &question.answer_box else { return worth };
        let placed = reply.placed.as_ref();
        worth.right = placed.is_some_and(|placed| placement::iou(placed, truth) >= 0.5);
        worth.put("iou50", &[], share(worth.right));
    } else if let Some(ground) = place.ground {
        let placed = reply.placed.as_ref();
        worth.right = placed.is_some_and(|it| ground.fit(place.room, question, it).fits());
        worth.put("fits", &[], share(worth.right));
    }
    worth
}

#[cfg(test)]
mod tests {
    use crate::fixture::{asked, case};
    use crate::matching::Matching;
    use crate::metrics::placement::Fit;
    use crate::verdict::Place;
    use crate::{Case, GivenRoom, Ground, Regime, Reply, Verdict};
    use scene::OrientedBox;
    use tasks::program::{Program, Set};
    use tasks::suite::{Question, Task};

    /// A floor on which every way of two points or more can be walked; the shortest is 3 m.
    struct Plain;

    impl Ground for Plain {
        fn shortest_m(&self, _room: usize, _question: &Question) -> Option<f64> {
            Some(3.0)
        }

        fn walked_m(&self, _: usize, _: &Question, path: &[[f64; 3]]) -> Option<f64> {
            (path.len() > 1).then_some(2.0 * path.len() as f64)
        }

        fn fit(&self, _room: usize, _question: &Question, placed: &OrientedBox) -> Fit {
            let on_floor = placed.center[2] == 0.5;
            Fit { constraint_met: true, supported: on_floor, collision_free: true }
        }
    }

    fn room(task: Task, tags: &[&str]) -> Case {
        let program = Program::Objects { of: Set::class("desk") };
        let mut case = asked(case(), vec![("There, please.", task, program, tags)]);
        case.questions[0].answer_box = Some(cube(0.0, 0.5));
        case
    }

    fn cube(x: f64, z: f64) -> OrientedBox {
        OrientedBox { center: [x, 0.0, z], size: [1.0; 3], axes: None }
    }

    fn verdict(case: &Case, ground: Option<&dyn Ground>, reply: Reply) -> Vec<(&'static str, f64)> {
        let given = GivenRoom::of_truth(&case.facts);
        let matching = Matching::new(case, &given, Regime::True);
        let place = Place { room: 0, question: 0, case, matching, ground };
        let verdict = Verdict::of(&place, &case.questions[0], reply);
        verdict.scores.iter().map(|score| (score.metric, score.value)).collect()
    }

    #[test]
    fn ways_are_walked() {
        let case = room(Task::Navigation, &[]);
        let walk = |points: usize| Reply { path: Some(vec![[0.0; 3]; points]), ..Reply::default() };
        // Two points are 4 m: 3/4.
        let scores = verdict(&case, Some(&Plain), walk(2));
        assert_eq!(scores, [("success", 1.0), ("spl", 0.75)]);
        assert_eq!(verdict(&case, Some(&Plain), walk(1)), [("success", 0.0), ("spl", 0.0)]);
        assert_eq!(verdict(&case, Some(&Plain), Reply::default())[0], ("success", 0.0));
        assert!(verdict(&case, None, walk(2)).is_empty());
    }

    #[test]
    fn placements_fit_or_match() {
        let put = |x, z| Reply { placed: Some(cube(x, z)), ..Reply::default() };
        let free = room(Task::Place, &[]);
        assert_eq!(verdict(&free, Some(&Plain), put(7.0, 0.5)), [("fits", 1.0)]);
        assert_eq!(verdict(&free, Some(&Plain), put(7.0, 0.9)), [("fits", 0.0)]);
        assert_eq!(verdict(&free, Some(&Plain), Reply::default()), [("fits", 0.0)]);
        // Moved by 0.2 the IoU is 2/3, by 0.5 it is 1/3.
        let fixed = room(Task::Move, &["pose"]);
        assert_eq!(verdict(&fixed, None, put(0.2, 0.5)), [("iou50", 1.0)]);
        assert_eq!(verdict(&fixed, None, put(0.5, 0.5)), [("iou50", 0.0)]);
    }
}
