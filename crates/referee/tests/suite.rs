//! The suite that is kept, judged: what it says must follow from its own programs.

#![allow(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

use referee::baselines::Program;
use referee::{Case, GivenRoom, Regime, judge};
use std::path::Path;
use tasks::facts::Facts;
use tasks::suite::{open, read_questions, read_scene};

fn cases() -> Vec<Case> {
    let suite = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/suites/small");
    let rooms = open(&suite).unwrap();
    let case = |files: &tasks::suite::RoomFiles| {
        let truth = read_scene(files).unwrap();
        let cloud = ply::read(&std::fs::read(files.scan()).unwrap()).unwrap();
        let facts = Facts::new(&truth, &cloud).unwrap();
        Case { name: files.name.clone(), facts, questions: read_questions(files, &truth).unwrap() }
    };
    rooms.iter().map(case).collect()
}

#[test]
fn every_answer_is_what_its_program_says() {
    let cases = cases();
    for question in &cases[0].questions {
        let outcome = question.program.run(&cases[0].facts).unwrap();
        assert_eq!(outcome.answers, question.answers, "{}", question.text);
        assert_eq!(outcome.objects, question.objects, "{}", question.text);
    }
    let given: Vec<GivenRoom> = cases.iter().map(|c| GivenRoom::of_truth(&c.facts)).collect();
    let mut program = Program::new(&cases);
    let judged = judge(&cases, &given, Regime::True, &mut program, &mut |_| {}).unwrap();
    assert_eq!(judged.wrong(&cases), Vec::<String>::new());
}
