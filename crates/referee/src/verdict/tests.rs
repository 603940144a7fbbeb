use super::{Verdict, without_mentions};
use crate::fixture::{Asked, asked, case, verdict};
use crate::metrics::text::clean_answer;
use crate::{Case, Regime, Reply};
use scene::InstanceId;
use tasks::facts::Facts;
use tasks::program::{Program, Set, Why};
use tasks::suite::Task;

/// What a reply to the only question of a room is worth.
fn judged(question: Asked<'_>, reply: Reply) -> Verdict {
    verdict(&asked(case(), vec![question]), 0, Regime::True, reply)
}

fn value(verdict: &Verdict, metric: &str) -> f64 {
    verdict.scores.iter().find(|score| score.metric == metric).unwrap().value
}

fn saying(steps_text: &str) -> Reply {
    Reply { steps_text: steps_text.to_owned(), ..Reply::default() }
}

#[test]
fn mentions_leave_the_words() {
    let words = without_mentions("A brown sofa next to <OBJ004> coffee table.");
    assert_eq!(clean_answer(&words), "brown sofa next to coffee table");
}

#[test]
fn what_cannot_be_told_is_told_so() {
    let unknown = Program::Unknown { why: Why::Absent, of: Set::class("sofa") };
    let question = || ("What colour is the sofa?", Task::Abstain, unknown.clone(), &["absent"][..]);
    let refused = judged(question(), Reply { unknown: true, ..Reply::default() });
    assert!(refused.right && refused.scores[0].parts == ["absent"]);
    let guessed = judged(question(), Reply { text: "red".to_owned(), ..Reply::default() });
    assert!(!guessed.right && value(&guessed, "abstain_recall") == 0.0);
}

#[test]
fn asking_back_names_what_could_be_meant() {
    let clarify = Program::Clarify { of: Set::class("chair") };
    let of = |text: &str, ids: &[u32]| {
        let objects = ids.iter().map(|id| InstanceId(*id)).collect();
        let reply = Reply { objects, ..saying(text) };
        judged(("Take me to the chair.", Task::Dialog, clarify.clone(), &[]), reply)
    };
    let asks = of("Which one: <OBJ002> red chair, <OBJ003> black chair?", &[2, 3]);
    assert!(asks.right && value(&asks, "em") == 1.0 && value(&asks, "f1_25") == 1.0);
    let guesses = of("<OBJ002>.", &[2]);
    assert!(!guesses.right && value(&guesses, "em") == 0.0);
    assert!((value(&guesses, "f1_25") - 2.0 / 3.0).abs() < 1e-12);
    let wrong = of("Which one: <OBJ001> desk, <OBJ002> red chair?", &[1, 2]);
    assert!(!wrong.right && value(&wrong, "em") == 1.0 && value(&wrong, "f1_25") == 0.5);
}

#[test]
fn the_turn_after_is_about_one_object() {
    let red = Program::Objects { of: Set::coloured("chair", Some("red")) };
    let of = |id| {
        let reply = Reply { objects: vec![InstanceId(id)], ..Reply::default() };
        judged(("The red one.", Task::Dialog, red.clone(), &["choice", "one"]), reply)
    };
    assert!(of(2).right && !of(3).right && of(2).scores[0].parts == ["choice"]);
}

/// The room with a laptop (3) in place of the black chair.
fn office() -> Case {
    let mut case = case();
    let mut objects = case.facts.objects.clone();
    objects[2].label = "laptop".to_owned();
    case.facts = Facts::of_boxes(objects, case.facts.classes.clone());
    case
}

#[test]
fn plans_are_held_against_the_goal_and_the_room() {
    // Go to a desk, sit on a chair, turn on a computer or laptop: all needed.
    let goal = "work at the computer".to_owned();
    let plan = Program::Plan { goal: goal.clone(), done: 0 };
    let next = Program::Plan { goal, done: 1 };
    let case = asked(
        office(),
        vec![("I want to work.", Task::Plan, plan, &[]), ("I am there.", Task::Plan, next, &[])],
    );
    let of = |question, text: &str| verdict(&case, question, Regime::True, saying(text));
    let own = case.questions[0].answers[0].clone();
    assert_eq!(
        own,
        "1. Go to <OBJ001> desk. 2. Sit on <OBJ002> chair. 3. Turn on <OBJ003> laptop."
    );
    assert!(of(0, &own).right);
    // The class of the true object counts, not the word said.
    let lying = of(0, "1. Go to <OBJ002> desk. 2. Sit on <OBJ002> chair. 3. Turn on <OBJ003> it.");
    assert!(!lying.right && (value(&lying, "valid_steps") - 2.0 / 3.0).abs() < 1e-12);
    assert!(!of(0, "").right);
    assert!(of(1, &case.questions[1].answers[0]).right);
    assert!(of(1, "Sit on <OBJ002>.").right);
    assert!(!of(1, "2. Turn on <OBJ003> laptop.").right, "sitting is left out");
    assert!(!of(1, "1. Go to <OBJ001> desk.").right, "that was done");
}

#[test]
fn a_length_is_right_within_a_tenth() {
    // From a face of one unit cube to that of the other: 2 m.
    let distance =
        Program::Distance { a: Set::Object { id: InstanceId(2) }, b: Set::class("desk") };
    let of = |metres| {
        let reply = Reply { metres: Some(metres), ..Reply::default() };
        judged(("How far?", Task::Distance, distance.clone(), &[]), reply).right
    };
    assert!(of(2.19) && of(1.81) && !of(2.21) && !of(1.79));
}

#[test]
fn rotations_do_not_name_a_part() {
    let count = Program::Count { of: Set::class("chair") };
    let question = ("How many?", Task::SituatedQa, count, &["rot:3", "count"][..]);
    let verdict = judged(question, Reply { text: "2".to_owned(), ..Reply::default() });
    assert!(verdict.right && verdict.scores[0].parts == ["count"]);
}
