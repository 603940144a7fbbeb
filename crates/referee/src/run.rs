use crate::metrics::instances::{Matches, Segmented, average_precision};
use crate::metrics::{boxes, instances};
use crate::stats::bootstrap;
use crate::{Case, GivenRoom, Regime, Reply, Row, Scores, System, SystemName};
use scene::Aabb;
use std::collections::BTreeMap;

/// Puts every question of every room to a system and scores the replies. `given` runs beside
/// `cases`. A question about an object that was not found gets an empty reply. `progress` hears
/// after each question how many are done.
///
/// # Errors
/// What the system said.
pub fn judge(
    cases: &[Case],
    given: &[GivenRoom],
    regime: Regime,
    system: &mut dyn System,
    progress: &mut dyn FnMut(usize),
) -> Result<Vec<Row>, String> {
    let mut scores = Scores::default();
    let mut done = 0;
    for (room, (case, given)) in cases.iter().zip(given).enumerate() {
        for (index, question) in case.questions.iter().enumerate() {
            let reply = match given.question(question) {
                Some(text) => system.answer(room, index, &text, given)?,
                None => Reply::default(),
            };
            scores.add(room, case, question, given, &reply);
            done += 1;
            progress(done);
        }
    }
    Ok(scores.rows(cases.len(), regime, system.name()))
}

/// The rows about instances: class-agnostic `ap`, `ap50`, `ap25` on points, `recall25` and
/// `recall50` of the true objects' boxes, in percent, for rooms segmented by one system. Boxes are
/// axis-aligned in the frame of `positions` (one list for each room, metres), which should be the
/// rooms' own.
pub fn instance_rows(
    rooms: &[(Segmented, Vec<[f32; 3]>)],
    regime: Regime,
    system: SystemName,
) -> Vec<Row> {
    let matches: Vec<Matches> = rooms.iter().map(|(room, _)| Matches::of(room)).collect();
    let recalls: Vec<[usize; 3]> = rooms
        .iter()
        .map(|(room, positions)| {
            let truth = boxes_of(&room.truth, positions);
            let found = boxes_of(&room.found, positions);
            let [at25, at50] = [0.25, 0.5].map(|t| boxes::recalled(&found, &truth, t));
            [at25, at50, truth.len()]
        })
        .collect();
    let precision = |drawn: &[usize]| average_precision(drawn.iter().map(|room| &matches[*room]));
    let recall = |drawn: &[usize], level: usize| {
        let total: usize = drawn.iter().map(|room| recalls[*room][2]).sum();
        let hits: usize = drawn.iter().map(|room| recalls[*room][level]).sum();
        (total > 0).then(|| hits as f64 / total as f64)
    };
    type Statistic<'a> = Box<dyn Fn(&[usize]) -> Option<f64> + 'a>;
    let metrics: [(&str, Statistic<'_>); 5] = [
        ("ap", Box::new(|drawn| Some(precision(drawn).ap))),
        ("ap50", Box::new(|drawn| Some(precision(drawn).ap50))),
        ("ap25", Box::new(|drawn| Some(precision(drawn).ap25))),
        ("recall25", Box::new(|drawn| recall(drawn, 0))),
        ("recall50", Box::new(|drawn| recall(drawn, 1))),
    ];
    let everyone: Vec<usize> = (0..rooms.len()).collect();
    metrics
        .into_iter()
        .filter_map(|(metric, statistic)| {
            let value = 100.0 * statistic(&everyone)?;
            let interval = bootstrap(rooms.len(), 200, |d| statistic(d).map(|v| 100.0 * v));
            let (lo, hi) = interval.map_or((value, value), |i| (i.lo, i.hi));
            let (task, metric) = ("instances".to_owned(), metric.to_owned());
            Some(Row { task, metric, regime, system, value, n: rooms.len(), lo, hi })
        })
        .collect()
}

/// The boxes of the instances with enough points.
fn boxes_of(labels: &[u32], positions: &[[f32; 3]]) -> Vec<Aabb> {
    let mut points: BTreeMap<u32, Vec<glam::Vec3>> = BTreeMap::new();
    for (label, position) in labels.iter().zip(positions).filter(|(label, _)| **label != 0) {
        points.entry(*label).or_default().push(glam::Vec3::from(*position));
    }
    points
        .into_values()
        .filter(|points| points.len() >= instances::LEAST_POINTS)
        .map(Aabb::of_points)
        .collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::baselines::Program;
    use glam::Vec3;
    use scene::InstanceId;
    use tasks::facts::{Fact, Facts};
    use tasks::program::{Program as Code, Set};
    use tasks::suite::{Question, Shell, Support, Task};

    /// A brown desk (1) at x = 0, chairs 2 (red) and 3 (black) at x = 3 and 6: unit cubes.
    pub(crate) fn case() -> Case {
        let fact = |id: u32, label: &str, colour: &str, x: f32| {
            let bounds = Aabb::from_centre_size(Vec3::new(x, 0.0, 0.5), Vec3::ONE);
            Fact {
                id: InstanceId(id),
                label: label.to_owned(),
                colour: Some(colour.to_owned()),
                material: None,
                support: Support::Shell(Shell::Floor),
                scanned: bounds,
                whole: bounds,
                clear: true,
            }
        };
        let objects = vec![
            fact(1, "desk", "brown", 0.0),
            fact(2, "chair", "red", 3.0),
            fact(3, "chair", "black", 6.0),
        ];
        let classes = ["bed", "chair", "desk", "lamp", "sofa"].map(str::to_owned).to_vec();
        let facts = Facts::of_boxes(objects, classes);
        let nearest =
            Set::Nearest { to: Box::new(Set::class("desk")), among: Box::new(Set::class("chair")) };
        let asked: [(&str, Task, Code, &[&str]); 7] = [
            (
                "How many chairs are there?",
                Task::Qa,
                Code::Count { of: Set::class("chair") },
                &["count"],
            ),
            ("Is there a sofa?", Task::Qa, Code::Exists { of: Set::class("sofa") }, &["existence"]),
            (
                "What colour is the desk?",
                Task::Qa,
                Code::Colour { of: Set::class("desk") },
                &["attribute"],
            ),
            (
                "Which chair is nearest to the desk?",
                Task::Grounding,
                Code::Objects { of: nearest },
                &["one", "multiple"],
            ),
            (
                "Find all lamps.",
                Task::Grounding,
                Code::Objects { of: Set::class("lamp") },
                &["none"],
            ),
            (
                "How far is <OBJ002> from the desk?",
                Task::Distance,
                Code::Distance { a: Set::Object { id: InstanceId(2) }, b: Set::class("desk") },
                &["distance"],
            ),
            (
                "Describe <OBJ003>.",
                Task::DenseCaption,
                Code::Caption { of: Set::Object { id: InstanceId(3) } },
                &["caption"],
            ),
        ];
        let questions = asked
            .into_iter()
            .enumerate()
            .map(|(index, (text, task, program, tags))| {
                let outcome = program.run(&facts).unwrap();
                Question {
                    id: format!("q{index}"),
                    task,
                    text: text.to_owned(),
                    also: Vec::new(),
                    answers: outcome.answers,
                    objects: outcome.objects,
                    value: outcome.value,
                    answer_box: None,
                    path: None,
                    program,
                    phrasing: "test/0".to_owned(),
                    tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
                    twin: None,
                }
            })
            .collect();
        Case { name: "00000".to_owned(), facts, questions }
    }

    fn value(rows: &[Row], task: &str, metric: &str) -> f64 {
        rows.iter().find(|row| row.task == task && row.metric == metric).unwrap().value
    }

    struct Fixed(Vec<Reply>);

    impl System for Fixed {
        fn name(&self) -> SystemName {
            SystemName::Model
        }

        fn answer(
            &mut self,
            _room: usize,
            question: usize,
            _text: &str,
            _given: &GivenRoom,
        ) -> Result<Reply, String> {
            self.0.get(question).cloned().ok_or_else(|| "out of replies".to_owned())
        }
    }

    #[test]
    fn the_truth_gets_everything() {
        let cases = vec![case(), case()];
        let given: Vec<GivenRoom> = cases.iter().map(|c| GivenRoom::of_truth(&c.facts)).collect();
        let mut program = Program::new(&cases);
        let mut asked = 0;
        let rows =
            judge(&cases, &given, Regime::True, &mut program, &mut |done| asked = done).unwrap();
        assert_eq!(asked, 14);
        // A caption of three words has no four in a row, and of two alike no word is rare.
        for row in rows.iter().filter(|row| !["bleu4", "cider"].contains(&row.metric.as_str())) {
            assert!((row.value - 100.0).abs() < 1e-9, "{row:?}");
        }
        assert!(rows.iter().all(|row| row.metric != "mra_lm"), "it writes no number");
    }

    #[test]
    fn replies_worked_by_hand() {
        let say = |text: &str, objects: &[u32]| Reply {
            text: text.to_owned(),
            objects: objects.iter().map(|id| InstanceId(*id)).collect(),
            ..Reply::default()
        };
        // Right; wrong; only refined; wrong chair; one named where none is; 12 % off; no caption.
        let mut replies = vec![
            say("two", &[2, 3]),
            say("yes", &[]),
            say("dark brown", &[1]),
            say("", &[3]),
            say("", &[1]),
            say("", &[]),
            say("", &[]),
        ];
        replies[5].metres = Some(2.0 * 1.12);
        replies[5].lm_metres = Some(2.0);
        let cases = [case()];
        let given = [GivenRoom::of_truth(&cases[0].facts)];
        let rows = judge(&cases, &given, Regime::True, &mut Fixed(replies), &mut |_| {}).unwrap();
        assert!((value(&rows, "qa", "em") - 100.0 / 3.0).abs() < 1e-9);
        assert!((value(&rows, "qa", "em_refined") - 200.0 / 3.0).abs() < 1e-9);
        assert_eq!(value(&rows, "qa:count", "em"), 100.0);
        assert_eq!(value(&rows, "grounding", "acc25"), 0.0);
        assert_eq!(value(&rows, "grounding:none", "f1_25"), 0.0);
        assert!((value(&rows, "distance", "mra") - 80.0).abs() < 1e-9);
        assert_eq!(value(&rows, "distance", "mra_lm"), 100.0);
        assert_eq!(value(&rows, "dense_caption", "rouge_l"), 0.0);
    }

    #[test]
    fn a_system_that_gives_up_is_heard() {
        let cases = [case()];
        let given = [GivenRoom::of_truth(&cases[0].facts)];
        let failed = judge(&cases, &given, Regime::True, &mut Fixed(Vec::new()), &mut |_| {});
        assert_eq!(failed.unwrap_err(), "out of replies");
    }

    #[test]
    fn instance_rows_of_a_room_found_by_half() {
        let mut room = Segmented::default();
        let mut positions = Vec::new();
        for i in 0..400u32 {
            let object = i / 200 + 1;
            room.truth.push(object);
            room.found.push(if object == 1 { 9 } else { 0 });
            let step = (i % 200) as f32 * 0.005;
            positions.push([object as f32 * 3.0 + step, step, step]);
        }
        let rows = instance_rows(&[(room, positions)], Regime::Predicted, SystemName::Ours);
        let names: Vec<&str> = rows.iter().map(|row| row.metric.as_str()).collect();
        assert_eq!(names, ["ap", "ap50", "ap25", "recall25", "recall50"]);
        assert!(rows.iter().all(|row| (row.value - 50.0).abs() < 1e-9), "{rows:?}");
    }
}
