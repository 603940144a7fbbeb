//! A room for tests.

use crate::matching::Matching;
use crate::verdict::Place;
use crate::{Case, GivenRoom, Regime, Reply, Verdict};
use glam::Vec3;
use scene::{Aabb, InstanceId};
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
    let questions: Vec<Asked<'_>> = vec![
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
        ("Find all lamps.", Task::Grounding, Code::Objects { of: Set::class("lamp") }, &["none"]),
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
    asked(Case { name: "00000".to_owned(), facts, questions: Vec::new() }, questions)
}

/// Text, task, program and tags of a question.
pub(crate) type Asked<'a> = (&'a str, Task, Code, &'a [&'a str]);

/// The room with these questions, answered by their programs.
pub(crate) fn asked(case: Case, questions: Vec<Asked<'_>>) -> Case {
    let questions = questions
        .into_iter()
        .enumerate()
        .map(|(index, (text, task, program, tags))| {
            let outcome = program.run(&case.facts).unwrap();
            Question {
                id: format!("q{index}"),
                task,
                text: text.to_owned(),
                also: Vec::new(),
                answers: outcome.answers,
                objects: outcome.objects,
                value: outcome.value,
                answer_box: outcome.answer_box,
                path: outcome.path,
                program,
                phrasing: "test/0".to_owned(),
                tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
                twin: None,
                after: None,
            }
        })
        .collect();
    Case { questions, ..case }
}

/// What a reply to one question is worth, all objects being given as they are.
pub(crate) fn verdict(case: &Case, question: usize, regime: Regime, reply: Reply) -> Verdict {
    let given = GivenRoom::of_truth(&case.facts);
    let matching = Matching::new(case, &given, regime);
    let place = Place { room: 0, question, case, matching };
    Verdict::of(&place, &case.questions[question], reply)
}
