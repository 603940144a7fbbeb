//! What the model has read of a scan, kept from one visit to the next.

use crate::common::{Said, Session, small_room};
use protocol::Phase;

const QUESTION: &str = "How many chairs are there?";

/// How often the reading of the scan was reported.
fn readings(said: &Said) -> usize {
    said.progress().iter().filter(|(phase, ..)| *phase == Phase::Prefill).count()
}

#[test]
fn a_scan_that_was_read_before_is_not_read_again() {
    let mut session = Session::bare();
    session.engine.host().keep_files();
    session.load_model();
    let said = session.open(small_room());
    assert!(readings(&said) > 3, "{} reports", readings(&said));
    let answer = session.ask(QUESTION).report().answer.clone();

    // As at another visit: all that the model had in mind is gone.
    let said = session.load_model();
    assert_eq!(readings(&said), 1, "only its end is told");
    assert_eq!(session.ask(QUESTION).report().answer, answer);

    session.engine.host().damage_kept();
    let said = session.load_model();
    assert!(readings(&said) > 3, "damaged, it is read again");
    assert_eq!(session.ask(QUESTION).report().answer, answer);
}
