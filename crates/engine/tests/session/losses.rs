//! F4 to F6: a graphics processor that is lost while the model needs it. Without an adapter these tests say so and prove
//! nothing; with `SCANWISE_REQUIRE_GPU=1` they then fail.

use crate::common::{MODEL, Said, Session, small_room};
use protocol::{BackendChoice, Command, Event, Phase};

const QUESTION: &str = "List the plants and the chairs.";

/// A session on the GPU, where there is one.
fn on_gpu() -> Option<Session> {
    let mut session = Session::bare();
    session.engine.host().keep_files();
    let command = Command::LoadModel { name: MODEL.to_owned(), backend: BackendChoice::Gpu };
    let said = session.send(command, None);
    if let Some(Event::Failed { message, .. }) = said.0.last() {
        assert_ne!(std::env::var("SCANWISE_REQUIRE_GPU").as_deref(), Ok("1"), "{message}");
        println!("skipped: {message}");
        return None;
    }
    session.open(small_room());
    Some(session)
}

/// Which losses were told, and on what it went on.
fn losses(said: &Said) -> Vec<(u32, bool)> {
    let loss = |event: &Event| match event {
        Event::DeviceLost { losses, backend, .. } => Some((*losses, backend.lm.contains("wgpu"))),
        _ => None,
    };
    said.0.iter().filter_map(loss).collect()
}

/// The texts shown while it was answered.
fn shown(said: &Said) -> Vec<String> {
    let text = |event: &Event| match event {
        Event::Partial { answer, .. } => Some(answer.text()),
        _ => None,
    };
    said.0.iter().filter_map(text).collect()
}

#[test]
fn an_answer_goes_on_after_a_loss_and_after_a_second_on_the_cpu() {
    let Some(mut session) = on_gpu() else { return };
    let whole = session.ask(QUESTION);
    let answer = whole.report().answer.clone();
    assert!(whole.report().backend.lm.contains("wgpu"));
    assert!(!shown(&whole).is_empty());

    // After its first word: nothing that was shown is taken back, and the answer is the same.
    session.lose_device_at(Phase::Decode, 1);
    let said = session.ask(QUESTION);
    assert_eq!(losses(&said), [(1, true)]);
    assert_eq!(said.report().answer, answer);
    let shown = shown(&said);
    assert!(shown.windows(2).all(|two| two[1].starts_with(two[0].trim_end())), "{shown:?}");

    // Between two questions.
    session.lose_device();
    let said = session.ask(QUESTION);
    assert_eq!(losses(&said), [(2, false)], "the second time the CPU goes on");
    assert_eq!(said.report().answer, answer);
    assert!(session.engine.device().is_none());

    // Whoever asks for the GPU again gets it.
    let command = Command::LoadModel { name: MODEL.to_owned(), backend: BackendChoice::Gpu };
    session.send(command, None);
    let said = session.ask(QUESTION);
    assert!(losses(&said).is_empty() && said.report().backend.lm.contains("wgpu"));
    assert_eq!(said.report().answer, answer);
}

#[test]
fn a_scan_is_read_again_after_a_loss() {
    let Some(mut session) = on_gpu() else { return };
    session.lose_device();
    let said = session.open(small_room());
    assert_eq!(losses(&said), [(1, true)]);
    assert!(!said.scene().objects.is_empty());
    assert!(!session.ask(QUESTION).report().answer.is_empty());
}
