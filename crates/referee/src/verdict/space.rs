use super::{Place, Worth, share};
use crate::Reply;
use glam::{DVec3, Vec2};
use scene::OrientedBox;
use tasks::suite::Question;

/// A way to somewhere: success and its share in SPL (Anderson et al. 2018, “On Evaluation of
/// Embodied Navigation Agents”): `S · ℓ / max(p, ℓ)`; `success_lm` of the corners that the model
/// wrote itself. Not scored where there is no way.
pub(super) fn way(place: &Place<'_>, question: &Question, reply: &Reply) -> Worth {
    let facts = &place.case.facts;
    let frame = facts.ground().scene_from_file;
    let on_floor =
        |point: &[f64; 3]| -> Vec2 { frame.apply(DVec3::from(*point)).as_vec3().truncate() };
    let judged = |path: &Option<Vec<[f64; 3]>>| {
        let path: Vec<Vec2> = path.iter().flatten().map(on_floor).collect();
        question.program.judge_way(facts, &path)
    };
    let mut worth = Worth::default();
    let Some(attempt) = judged(&reply.path) else { return worth };
    worth.right = attempt.success;
    worth.put("success", &[], share(attempt.success));
    worth.put("spl", &[], f64::from(attempt.spl()));
    let own = judged(&reply.lm_path).is_some_and(|attempt| attempt.success);
    worth.put("success_lm", &[], share(own));
    worth
}

/// A placement. Where the question leaves no choice (tag `pose`) the IoU with the true box counts;
/// else whether it is of the right size and where it was asked for, is carried by something and
/// bumps into nothing; with `_lm` of the box that the model wrote itself. Spatial 3D-LLM holds every
/// placement against one reference box, of which there are many as good.
pub(super) fn placement(place: &Place<'_>, question: &Question, reply: &Reply) -> Worth {
    let facts = &place.case.facts;
    let in_scene = |one: &OrientedBox| facts.ground().scene_from_file.box_in_scene(one);
    let mut worth = Worth::default();
    let of_pose = question.tags.iter().any(|tag| tag == "pose");
    let truth = question.answer_box.as_ref().map(in_scene);
    let is_right = |placed: &Option<OrientedBox>| {
        let placed = placed.as_ref().map(in_scene)?;
        if of_pose {
            return truth.map(|truth| placed.iou(&truth) >= 0.5);
        }
        let judged = question.program.judge_place(facts, &placed);
        judged.map(|judged| judged.is_ok_and(|place| place.is_right()))
    };
    if of_pose && truth.is_none() {
        return worth;
    }
    let [metric, of_model] = if of_pose { ["iou50", "iou50_lm"] } else { ["fits", "fits_lm"] };
    worth.right = is_right(&reply.placed).unwrap_or(false);
    worth.put(metric, &[], share(worth.right));
    worth.put(of_model, &[], share(is_right(&reply.lm_placed).unwrap_or(false)));
    worth
}

#[cfg(test)]
mod tests {
    use crate::fixture::{asked, case, verdict};
    use crate::{Case, Regime, Reply};
    use scene::OrientedBox;
    use tasks::facts::Facts;
    use tasks::program::{Pose, Program, Set};
    use tasks::suite::Task;

    fn all_scores(case: &Case, reply: Reply) -> Vec<(&'static str, f64)> {
        let verdict = verdict(case, 0, Regime::True, reply);
        verdict.scores.iter().map(|score| (score.metric, score.value)).collect()
    }

    /// Of what was measured.
    fn scores(case: &Case, reply: Reply) -> Vec<(&'static str, f64)> {
        let scores = all_scores(case, reply).into_iter();
        scores.filter(|(metric, _)| !metric.ends_with("_lm")).collect()
    }

    fn put(x: f64, y: f64, edge: f64) -> Reply {
        let placed = OrientedBox { center: [x, y, edge / 2.0], size: [edge; 3], axes: None };
        Reply { placed: Some(placed), ..Reply::default() }
    }

    #[test]
    fn what_the_model_wrote_itself_is_judged_beside() {
        let to = Pose::Beside { anchor: Set::class("desk") };
        let place = Program::Place { name: String::new(), size: [0.4; 3], to };
        let case = asked(case(), vec![("Put a box there.", Task::Place, place, &["beside"])]);
        let own = put(0.0, 0.75, 0.4).placed;
        let reply = Reply { lm_placed: own, ..put(3.0, 3.0, 0.4) };
        assert_eq!(all_scores(&case, reply), [("fits", 0.0), ("fits_lm", 1.0)]);
    }

    #[test]
    fn ways_are_walked() {
        // Desk and red chair are unit cubes, 4 m from middle to middle: between them it is free, and
        // 0.6 m from either is near enough.
        let mut case = case();
        let mut objects = case.facts.objects.clone();
        let chair = &mut objects[1];
        for bounds in [&mut chair.scanned, &mut chair.whole] {
            bounds.min.x += 1.0;
            bounds.max.x += 1.0;
        }
        case.facts = Facts::of_boxes(objects, case.facts.classes.clone());
        let red = Set::coloured("chair", Some("red"));
        let way = Program::Path { from: Set::class("desk"), to: red };
        let case = asked(case, vec![("Go to the red chair.", Task::Navigation, way, &[])]);
        let walk =
            |path: Vec<[f64; 3]>| scores(&case, Reply { path: Some(path), ..Reply::default() });
        let own = walk(case.questions[0].path.clone().unwrap());
        assert_eq!(own[0], ("success", 1.0));
        assert!(own[1].0 == "spl" && own[1].1 > 0.99, "{own:?}");
        let longer = walk(vec![[0.9, 0.0, 0.0], [3.1, 0.0, 0.0]]);
        // 2.2 m; the shortest is 3 m less twice 0.6 m, and up to a cell of the grid longer.
        assert!(longer[0].1 == 1.0 && (0.8..0.93).contains(&longer[1].1), "{longer:?}");
        assert_eq!(walk(vec![[0.9, 0.0, 0.0], [4.0, 0.0, 0.0]])[0].1, 0.0, "into the chair");
        assert_eq!(walk(vec![[0.9, 0.0, 0.0], [1.1, 0.0, 0.0]])[0].1, 0.0, "not all the way");
        assert_eq!(scores(&case, Reply::default()), [("success", 0.0), ("spl", 0.0)]);
    }

    #[test]
    fn placements_fit_anywhere() {
        // A box of 40 cm next to the desk, which ends at x = 0.5.
        let beside = Pose::Beside { anchor: Set::class("desk") };
        let place = Program::Place { name: String::new(), size: [0.4; 3], to: beside };
        let case = asked(case(), vec![("Put it by the desk.", Task::Place, place, &[])]);
        assert_eq!(scores(&case, put(0.8, 0.0, 0.4)), [("fits", 1.0)]);
        assert_eq!(scores(&case, put(0.8, 0.2, 0.4)), [("fits", 1.0)]);
        assert_eq!(scores(&case, put(1.5, 0.0, 0.4)), [("fits", 0.0)], "80 cm away");
        assert_eq!(scores(&case, put(0.5, 0.0, 0.4)), [("fits", 0.0)], "in the desk");
        assert_eq!(scores(&case, put(0.8, 0.0, 0.6)), [("fits", 0.0)], "larger");
        assert_eq!(scores(&case, Reply::default()), [("fits", 0.0)]);
    }

    #[test]
    fn one_place_and_no_other() {
        // The desk, a unit cube, 1 m towards the chair 3 m off: its middle ends at x = 1.
        let red = Set::coloured("chair", Some("red"));
        let towards = Pose::Towards { anchor: red, metres: 1.0 };
        let shift = Program::Move { of: Set::class("desk"), to: towards };
        let case = asked(case(), vec![("Push the desk.", Task::Move, shift, &["pose"])]);
        // Off by 0.2 the IoU is 2/3, by 0.5 it is 1/3.
        assert_eq!(scores(&case, put(1.2, 0.0, 1.0)), [("iou50", 1.0)]);
        assert_eq!(scores(&case, put(1.5, 0.0, 1.0)), [("iou50", 0.0)]);
        assert_eq!(scores(&case, Reply::default()), [("iou50", 0.0)]);
    }
}
