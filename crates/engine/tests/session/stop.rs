//! Stop, in each phase: heard at the next step, nothing lost, nothing stuck.

use crate::common::{Said, Session, finish, small_room};
use protocol::{Command, Event, JobId, Phase, Request, ScanChoices, VERSION};

/// That the work ended with Stopped, right after its `times`-th report of `phase`.
fn assert_stopped(said: &Said, job: JobId, phase: Phase, times: usize) {
    assert_eq!(said.0.last(), Some(&Event::Stopped { job }), "{phase:?}");
    let reports = said.progress();
    assert_eq!(reports.last().map(|report| report.0), Some(phase));
    assert_eq!(reports.iter().filter(|report| report.0 == phase).count(), times, "{phase:?}");
}

#[test]
fn in_reading_and_segmenting_the_present_scan_is_kept() {
    let mut session = Session::ready();
    let question = "How many plants are there?";
    let before = session.ask(question);
    for (phase, times) in [(Phase::Parse, 1), (Phase::Segment, 1), (Phase::Segment, 12)] {
        let job = session.next_job();
        session.stop_at(phase, times);
        assert_stopped(&session.open(small_room()), job, phase, times);
        assert_eq!(session.ask(question).report().spans, before.report().spans, "{phase:?}");
    }
}

#[test]
fn in_encoding_the_next_question_makes_up_for_it() {
    let mut session = Session::with_model();
    let job = session.next_job();
    session.stop_at(Phase::Encode, 2);
    assert_stopped(&session.open(small_room()), job, Phase::Encode, 2);
    // The objects were found; only the model has not seen them.
    let said = session.ask("How many plants are there?");
    assert!(!said.report().answer.is_empty());
    assert!(said.progress().iter().any(|(phase, ..)| *phase == Phase::Encode));
    assert!(said.scene().objects.iter().any(|object| object.colour.is_some()));
    let mut fresh = Session::ready();
    let expected = fresh.ask("How many plants are there?");
    assert_eq!(said.report().spans, expected.report().spans);
}

#[test]
fn in_encoding_over_another_scan_no_answer_speaks_of_that_one() {
    let mut session = Session::ready();
    let old = session.engine.scene().unwrap().cloud.len();
    session.stop_at(Phase::Encode, 1);
    session.open(crate::common::room());
    let said = session.ask("How many plants are there?");
    assert_eq!(said.report().points, 127_366);
    assert_ne!(old, 127_366);
    for object in &said.report().objects {
        assert!(said.scene().objects.contains(object), "{object:?}");
    }
}

#[test]
fn in_prefill_and_answering_the_question_can_be_asked_again() {
    let mut session = Session::with_model();
    let job = session.next_job();
    session.stop_at(Phase::Prefill, 1);
    let said = session.open(small_room());
    assert_stopped(&said, job, Phase::Prefill, 1);
    assert!(!said.scene().objects.is_empty(), "the scene was on screen by then");
    let question = "Where is the sofa?";
    let whole = session.ask(question);
    for times in [1, 2] {
        let job = session.next_job();
        session.stop_at(Phase::Decode, times);
        assert_stopped(&session.ask(question), job, Phase::Decode, times);
        assert_eq!(session.ask(question).report().spans, whole.report().spans);
    }
}

#[test]
fn in_loading_a_model_the_present_one_is_kept() {
    let mut session = Session::ready();
    let whole = session.ask("Where is the sofa?");
    let count = |said: &Said| said.progress().iter().filter(|r| r.0 == Phase::Model).count();
    let reports = count(&session.load_model());
    for times in 1..=reports {
        let job = session.next_job();
        session.stop_at(Phase::Model, times);
        assert_stopped(&session.load_model(), job, Phase::Model, times);
    }
    // Stopped when the new model looks at the scan: it is the one that answers then.
    session.stop_at(Phase::Encode, 1);
    let said = session.load_model();
    assert!(matches!(said.0.last(), Some(Event::Stopped { .. })));
    assert_eq!(session.ask("Where is the sofa?").report().spans, whole.report().spans);
}

#[test]
fn stops_of_other_jobs_do_no_harm() {
    let mut session = Session::bare();
    let canceller = session.engine.canceller();
    let open = |session: &mut Session, job: u32| {
        let command = Command::OpenScan {
            name: "A scan".into(),
            path: None,
            choices: ScanChoices::default(),
        };
        let request = Request { version: VERSION, job: JobId(job), command };
        let scan = engine::InMemory::new(small_room());
        finish(session.engine.handle(request, Some(scan)));
        session.engine.host().said()
    };
    let stopped = |said: &Said| matches!(said.0.last(), Some(Event::Stopped { .. }));
    // A job may well have the number 0.
    assert!(!stopped(&open(&mut session, 0)));
    // One stop does not take back another, whatever their order.
    canceller.stop(JobId(7));
    canceller.stop(JobId(3));
    assert!(!stopped(&open(&mut session, 5)));
    assert!(stopped(&open(&mut session, 7)));
    assert!(stopped(&open(&mut session, 3)));
    // A stop is used up by the job it was meant for.
    assert!(!stopped(&open(&mut session, 7)));
    // As a request of its own it comes too late to do anything.
    assert!(session.send(Command::Stop { target: JobId(9) }, None).0.is_empty());
}
