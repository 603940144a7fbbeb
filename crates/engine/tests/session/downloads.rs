//! Files of a model that arrive, break off, and are kept.

use crate::common::{MODEL, Said, Session, assert_readable};
use protocol::{BackendChoice, Command, Event, Phase};

const CONTENTS: &str = "model.json";
const SHARD: &str = "weights-00001.safetensors";

fn path(file: &str) -> String {
    format!("quantized-models/{MODEL}/{file}")
}

fn is_ready(said: &Said) -> bool {
    said.0.iter().any(|event| matches!(event, Event::ModelReady { .. }))
}

fn keeping() -> Session {
    let session = Session::bare();
    session.engine.host().keep_files();
    session
}

#[test]
fn what_was_kept_is_not_fetched_again() {
    let mut session = keeping();
    assert!(is_ready(&session.load_model()));
    let first = session.engine.host().asked();
    assert!(first.contains(&SHARD.to_owned()) && first.contains(&"tokenizer.json".to_owned()));
    assert!(is_ready(&session.load_model()));
    assert_eq!(session.engine.host().asked(), [CONTENTS]);
    // What is kept may rot; then it is as if it were not.
    session.engine.host().damage_kept();
    assert!(is_ready(&session.load_model()));
    assert_eq!(session.engine.host().asked(), first);
}

#[test]
fn a_file_that_breaks_off_is_asked_for_alone() {
    let mut session = keeping();
    session.engine.host().break_off(&path(SHARD), 2);
    let said = session.load_model();
    assert!(is_ready(&said));
    let asked = session.engine.host().asked();
    let times = |name: &str| asked.iter().filter(|file| *file == name).count();
    assert_eq!((times(SHARD), times(CONTENTS), times("weights-00000.safetensors")), (3, 1, 1));
    let progress = said.progress();
    let (_, _, total) = progress[0];
    assert_eq!(progress.last(), Some(&(Phase::Model, total.unwrap(), total)));
}

#[test]
fn a_download_goes_on_where_it_broke_off() {
    let mut session = keeping();
    session.engine.host().break_off(&path(SHARD), 3);
    let said = session.load_model();
    let (code, message) = said.failure();
    assert_eq!(code, "download");
    assert_readable(message);
    assert!(message.contains("the line broke off"), "{message}");
    session.engine.host().asked();
    assert!(is_ready(&session.load_model()));
    let asked = session.engine.host().asked();
    assert_eq!(&asked[..2], [CONTENTS, SHARD]);
    assert!(!asked.contains(&"weights-00000.safetensors".to_owned()));
}

#[test]
fn a_download_that_was_stopped_goes_on_too() {
    let mut session = keeping();
    // A mebibyte a report: the third within the first weights, which have more.
    session.stop_at(Phase::Model, 6);
    let said = session.load_model();
    assert!(matches!(said.0.last(), Some(Event::Stopped { .. })), "{:?}", said.0.last());
    let first = session.engine.host().asked();
    assert!(is_ready(&session.load_model()));
    let second = session.engine.host().asked();
    // The file at which it was stopped is the only one asked for twice.
    let twice: Vec<_> = first[1..].iter().filter(|file| second.contains(file)).collect();
    assert_eq!(twice, [first.last().unwrap()]);
}

#[test]
fn another_model_looks_at_the_open_scan_and_back() {
    let mut session = Session::ready();
    let question = "How many plants are there?";
    let small = session.ask(question).report().clone();
    session.engine.host().keep_files();
    assert!(is_ready(&session.load_model()));
    let backend = BackendChoice::Cpu;
    let said = session.send(Command::LoadModel { name: "scanwise-m".into(), backend }, None);
    assert!(is_ready(&said), "{:?}", said.0.last());
    let medium = session.ask(question).report().clone();
    assert!(medium.bytes > small.bytes && !medium.answer.is_empty());
    assert_eq!(medium.instances, small.instances);
    assert!(is_ready(&session.load_model()));
    assert_eq!(session.ask(question).report().spans, small.spans);
}
