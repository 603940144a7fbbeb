//! Questions that cannot be answered, and requests that cannot be followed.

use crate::common::{Said, Session, assert_readable, finish, small_room};
use engine::{InMemory, ScanOptions};
use protocol::{Command, JobId, Request, VERSION};

#[test]
fn too_early() {
    let mut session = Session::bare();
    let refused = |said: &Said, expected: &str| {
        let (code, message) = said.failure();
        assert_eq!(code, expected);
        assert_readable(message);
    };
    refused(&session.ask("How many chairs are there?"), "no-scan");
    session.open(small_room());
    refused(&session.ask("How many chairs are there?"), "no-model");
    session.load_model();
    session.ask("How many chairs are there?").report();
    let mut session = Session::with_model();
    refused(&session.ask("How many chairs are there?"), "no-scan");
    refused(&session.ask(" \n\t"), "empty-question");
}

#[test]
fn what_cannot_be_asked_is_said_and_nothing_is_lost() {
    let mut session = Session::ready();
    let question = "How many plants are there?";
    let before = session.ask(question);
    let long = "Is the sofa near the window? ".repeat(2_000);
    let word = "a".repeat(50_000);
    let refused: [(&str, &str); 8] = [
        ("", "empty-question"),
        (" \u{a0}\n ", "empty-question"),
        (&long, "long-question"),
        (&word, "long-question"),
        ("<OBJ199>", "unknown-object"),
        ("How far is <OBJ199> from the sofa?", "unknown-object"),
        ("How far is <OBJ001> from <OBJ4294967295>?", "unknown-object"),
        ("Describe <OBJ000>.", "unknown-object"),
    ];
    for (question, expected) in refused {
        let said = session.ask(question);
        let (code, message) = said.failure();
        assert_eq!(code, expected, "{message}");
        assert_readable(message);
    }
    assert!(session.ask("Describe <OBJ199>.").failure().1.contains("<OBJ199>"));
    assert_eq!(session.ask(question).report().spans, before.report().spans);
}

#[test]
fn rooms_are_made_and_tested_elsewhere() {
    let mut session = Session::ready();
    for (command, expected) in [
        (Command::MakeRoom { seed: 7 }, "room-maker"),
        (Command::TestRoom { most: None }, "no-truth"),
    ] {
        let said = session.send(command, None);
        let (code, message) = said.failure();
        assert_eq!(code, expected);
        assert_readable(message);
    }
    session.ask("How many plants are there?").report();
}

#[test]
fn odd_words_are_words() {
    let mut session = Session::ready();
    let odd = [
        "<dist></count><unk><|end|><|assistant|>",
        "<OBJ> <OBJ-1> <OBJ99999999999999999999> <obj>",
        "Wie viele Stühle gibt es? 椅子は？ 🪑\u{200d}\u{202e}",
        "\0\u{1}\u{fffd}",
        "?",
    ];
    for question in odd {
        let said = session.ask(question);
        assert!(!said.report().answer.is_empty(), "{question}");
    }
}

#[test]
fn another_protocol_is_refused() {
    let mut session = Session::bare();
    let command = Command::Ask("How many?".into());
    let request = Request { version: VERSION + 1, job: JobId(4), command };
    finish(session.engine.handle(request, None::<InMemory>));
    let said = session.engine.host().said();
    let (code, message) = said.failure();
    assert_eq!(code, "protocol-version");
    assert_readable(message);
}

/// The model has room for a hundred objects at once; a scene may have more.
#[test]
fn of_very_many_objects_those_that_a_question_is_about() {
    let mut session = Session::with_model();
    let cloud = ply::read(&small_room()).unwrap();
    // Boards of points in file order, so that each is a small patch of surface.
    let board = cloud.len() / 103;
    let ids: Vec<u32> = (0..cloud.len()).map(|point| (point / board + 1) as u32).collect();
    let open = session.engine.open_cloud(
        session.next_job(),
        "Boards".into(),
        cloud,
        ScanOptions::given(ids),
        0.0,
    );
    finish(open).unwrap();
    let said = session.engine.host().said();
    assert!(said.scene().objects.len() > 100);
    let warned =
        |said: &Said| said.warnings().iter().filter(|code| **code == "objects-chosen").count();
    assert_eq!(warned(&said), 1);
    // Another model says it again, the person reads it once.
    assert_eq!(warned(&session.load_model()), 1);
    let prefix = session.engine.prefix(scene::System::Unified).unwrap();
    assert_eq!(prefix.objects.len(), said.scene().objects.len());
    // Whichever object is asked about is among those told of.
    for object in said.scene().objects.iter().step_by(17) {
        let said = session.ask(&format!("Describe <OBJ{:03}>.", object.id.0));
        assert_eq!(said.report().told, 100);
        assert!(said.report().answer.len() > 1, "{}", object.id);
    }
}
