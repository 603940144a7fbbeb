//! Model folders that are not what they should be.

use crate::common::{MODEL, Said, Session, assert_readable, root};
use protocol::{BackendChoice, Command};

const FILES: [&str; 4] =
    ["model.json", "tokenizer.json", "weights-00000.safetensors", "weights-00001.safetensors"];

fn path(file: &str) -> String {
    format!("quantized-models/{MODEL}/{file}")
}

fn file(name: &str) -> Vec<u8> {
    std::fs::read(root().join(path(name))).unwrap()
}

fn assert_refused(said: &Said, words: &str) {
    let (code, message) = said.failure();
    assert_eq!(code, "model-damaged", "{message}");
    assert_readable(message);
    assert!(message.contains(words), "{words:?} is not in: {message}");
}

#[test]
fn a_flipped_bit_or_a_missing_end_is_refused_and_the_present_model_kept() {
    let mut session = Session::ready();
    let question = "How many plants are there?";
    let before = session.ask(question);
    for name in &FILES[1..] {
        let whole = file(name);
        for at in [0, whole.len() / 2, whole.len() - 1] {
            let mut flipped = whole.clone();
            flipped[at] ^= 1;
            session.engine.host().put(&path(name), flipped);
            assert_refused(&session.load_model(), name);
        }
        session.engine.host().put(&path(name), whole[..whole.len() - 1].to_vec());
        assert_refused(&session.load_model(), name);
        session.engine.host().put(&path(name), Vec::new());
        assert_refused(&session.load_model(), name);
        session.engine.host().put(&path(name), whole);
    }
    assert_eq!(session.ask(question).report().spans, before.report().spans);
}

#[test]
fn a_damaged_table_of_contents_is_refused() {
    let mut session = Session::bare();
    let whole = String::from_utf8(file("model.json")).unwrap();
    let hash = whole.find("\"sha256\": \"").unwrap() + 11;
    let digit = if whole.as_bytes()[hash] == b'0' { "1" } else { "0" };
    let mut other_hash = whole.clone();
    other_hash.replace_range(hash..=hash, digit);
    let damaged: [(String, &str); 5] = [
        (whole[..whole.len() / 2].to_owned(), "model.json"),
        (String::new(), "model.json"),
        (whole.replacen("scanwise-model", "other-model", 1), "other-model"),
        (whole.replacen("\"layers\": 6", "\"layers\": 0", 1), "model.json"),
        (other_hash, "sha256"),
    ];
    for (json, words) in damaged {
        assert_ne!(json, whole);
        session.engine.host().put(&path("model.json"), json.into_bytes());
        assert_refused(&session.load_model(), words);
    }
    // Whole again, it loads.
    session.engine.host().put(&path("model.json"), whole.into_bytes());
    assert!(session.load_model().0.iter().any(|e| matches!(e, protocol::Event::ModelReady { .. })));
}

#[test]
fn a_model_that_is_not_there() {
    let mut session = Session::bare();
    let backend = BackendChoice::Cpu;
    let said = session.send(Command::LoadModel { name: "no-such-model".into(), backend }, None);
    let (code, message) = said.failure();
    assert_eq!(code, "file-unreadable");
    assert!(message.starts_with("quantized-models/no-such-model/model.json could not be read"));
}
