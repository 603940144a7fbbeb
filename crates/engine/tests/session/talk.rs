//! Questions that follow another: what is remembered, and when nothing is.

use crate::common::{Said, Session};
use protocol::{Command, Event, Phase};
use scene::{Edit, Span};

const FIRST: &str = "Where is the sofa?";

/// Answers to some questions about “it”, which differ where it is known what that is.
fn about_it(
    session: &mut Session,
    mut ask: impl FnMut(&mut Session, &str) -> Said,
) -> Vec<Vec<Span>> {
    ["What colour is it?", "What is next to it?", "And the plants?"]
        .map(|question| ask(session, question).report().spans.clone())
        .to_vec()
}

fn alone(session: &mut Session) -> Vec<Vec<Span>> {
    about_it(session, Session::ask)
}

#[test]
fn what_was_said_before_is_heard_once() {
    let mut session = Session::ready();
    let alone = alone(&mut session);
    let after_first = |session: &mut Session, question: &str| {
        session.ask(FIRST);
        session.follow(question)
    };
    let following = about_it(&mut session, after_first);
    assert_ne!(following, alone);
    // Whatever was said before that.
    let later = about_it(&mut session, |session, question| {
        session.ask("How many chairs are there?");
        session.follow("How many plants are there?");
        after_first(session, question)
    });
    assert_eq!(later, following);
    // Nothing precedes the first question, so there is nothing to follow.
    let mut fresh = Session::ready();
    let question = "What colour is it?";
    assert_eq!(fresh.follow(question).report().spans, alone[0]);
}

#[test]
fn an_answer_that_was_stopped_is_forgotten() {
    let mut session = Session::ready();
    let alone = alone(&mut session);
    for times in [1, 2] {
        let stopped = about_it(&mut session, |session, question| {
            session.stop_at(Phase::Decode, times);
            let said = session.ask(FIRST);
            assert!(matches!(said.0.last(), Some(Event::Stopped { .. })), "{said:?}");
            session.follow(question)
        });
        assert_eq!(stopped, alone, "stopped after {times}");
    }
}

#[test]
fn a_scene_that_was_changed_is_another_talk() {
    let mut session = Session::ready();
    let gone = session.engine.scene().unwrap().instances[0].id;
    let change = |session: &mut Session| {
        session.send(Command::Edit(Edit::Delete { id: gone }), None);
    };
    change(&mut session);
    let alone = alone(&mut session);
    session.send(Command::Undo, None);
    let following = about_it(&mut session, |session, question| {
        session.ask(FIRST);
        change(session);
        let said = session.follow(question);
        session.send(Command::Undo, None);
        said
    });
    assert_eq!(following, alone);
}

/// Opening a scan, or loading a model, begins anew too.
#[test]
fn another_scan_is_another_talk() {
    let mut session = Session::ready();
    let question = "What colour is it?";
    let alone = session.ask(question).report().spans.clone();
    session.ask(FIRST);
    session.open(crate::common::small_room());
    assert_eq!(session.follow(question).report().spans, alone);
    session.ask(FIRST);
    session.load_model();
    assert_eq!(session.follow(question).report().spans, alone);
}

/// A model that was taught no talk is asked each question alone, and offered no ways or places.
#[test]
fn a_model_is_offered_what_it_was_taught() {
    let path = format!("quantized-models/{}/model.json", crate::common::MODEL);
    let json = std::fs::read(crate::common::root().join(&path)).unwrap();
    let mut manifest: serde_json::Value = serde_json::from_slice(&json).unwrap();
    manifest.as_object_mut().unwrap().remove("answers");
    let mut session = Session::ready();
    let alone = alone(&mut session);
    session.engine.host().put(&path, manifest.to_string().into_bytes());
    session.load_model();
    let following = about_it(&mut session, |session, question| {
        session.ask(FIRST);
        session.follow(question)
    });
    assert_eq!(following, alone);
    for question in ["How do I walk from the sofa to the door?", "Where could a desk go?"] {
        let said = session.ask(question);
        let report = said.report();
        assert_eq!((&report.way, &report.placement), (&None, &None), "{}", report.answer);
    }
}
