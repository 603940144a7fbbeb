//! One scan in place of another, at any moment.

use crate::common::{Session, room, small_room};
use protocol::{Event, Phase};

#[test]
fn a_new_scan_takes_the_place_of_one_at_work() {
    let mut session = Session::with_model();
    let small = Session::ready().engine.scene().unwrap().cloud.len();
    for phase in [Phase::Parse, Phase::Segment, Phase::Encode, Phase::Prefill] {
        let old = session.next_job();
        session.stop_at(phase, 1);
        let said = session.open(room());
        assert_eq!(said.0.last(), Some(&Event::Stopped { job: old }), "{phase:?}");
        let new = session.next_job();
        let said = session.open(small_room());
        assert_eq!(said.scene().points as usize, small);
        for event in &said.0 {
            let (Event::Progress { job, .. }
            | Event::Points { job, .. }
            | Event::SceneReady { job, .. }) = event
            else {
                panic!("{event:?}")
            };
            assert_eq!(*job, new);
        }
        let said = session.ask("How many plants are there?");
        assert_eq!(said.report().points as usize, small);
    }
}

#[test]
fn work_that_is_dropped_leaves_an_engine_that_works() {
    let mut session = Session::ready();
    let question = "How many plants are there?";
    let before = session.ask(question);
    // In the reading, among the objects, with the model.
    for steps in [2, 20, 150] {
        let said = session.open_and_drop(small_room(), steps);
        assert!(!matches!(said.0.last(), Some(Event::Stopped { .. } | Event::Failed { .. })));
        assert_eq!(session.ask(question).report().spans, before.report().spans, "{steps}");
    }
}

#[test]
fn a_scan_that_fails_leaves_the_present_one() {
    let mut session = Session::ready();
    let question = "How many plants are there?";
    let before = session.ask(question);
    session.open(b"no scan".to_vec()).failure();
    let after = session.ask(question);
    assert_eq!(before.report().spans, after.report().spans);
    assert!(after.progress().iter().all(|(phase, ..)| *phase == Phase::Decode));
}
