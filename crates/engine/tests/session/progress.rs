//! What a person sees while a scan is opened and a question answered.

use crate::common::{MODEL, Said, Session, room, small_room};
use protocol::{BackendChoice, Command, Event, Phase, ScanChoices};

const ORDER: [Phase; 6] =
    [Phase::Model, Phase::Parse, Phase::Segment, Phase::Encode, Phase::Prefill, Phase::Decode];

/// The phases seen, each once, after checking that no count goes back or over its total.
fn phases(said: &Said) -> Vec<Phase> {
    let mut seen: Vec<(Phase, u64, Option<u64>)> = Vec::new();
    for (phase, done, total) in said.progress() {
        assert!(total.is_none_or(|total| done <= total), "{phase:?} {done} of {total:?}");
        match seen.last_mut() {
            Some(last) if last.0 == phase => {
                assert!(done >= last.1, "{phase:?} went back from {} to {done}", last.1);
                assert_eq!(last.2, total, "{phase:?} changed its total");
                last.1 = done;
            }
            _ => seen.push((phase, done, total)),
        }
    }
    for (phase, done, total) in &seen {
        assert!(total.is_none_or(|total| total == *done), "{phase:?} ended at {done} of {total:?}");
    }
    seen.into_iter().map(|(phase, ..)| phase).collect()
}

#[test]
fn the_sample_room_from_file_to_answer() {
    let mut session = Session::bare();
    let said =
        session.send(Command::LoadModel { name: MODEL.into(), backend: BackendChoice::Cpu }, None);
    assert_eq!(phases(&said), ORDER[..1]);
    let Some(Event::ModelReady { name, backend, bytes, .. }) = said.0.last() else {
        panic!("{:?}", said.0.last())
    };
    assert_eq!((name.as_str(), backend.segment.as_str()), (MODEL, "cpu"));
    assert!(backend.lm.contains("cpu") && *bytes > 5_000_000, "{backend:?} {bytes}");

    // By its path, as the page opens the sample.
    let path = Some("samples/room.ply".to_owned());
    let said = session.send(
        Command::OpenScan { name: "Room".into(), path, choices: ScanChoices::default() },
        None,
    );
    assert_eq!(phases(&said), ORDER[1..5]);
    let bytes = said.progress().iter().filter(|report| report.0 == Phase::Parse).count();
    assert!(bytes >= room().len() >> 18, "{bytes} reports of the reading");
    let scene = said.scene();
    assert_eq!((scene.name.as_str(), scene.up.as_str(), scene.unit.as_str()), ("Room", "z", "m"));
    assert_eq!(scene.points, 127_366);
    assert!((15..60).contains(&scene.objects.len()), "{} objects", scene.objects.len());
    for object in &scene.objects {
        assert!(object.points > 0 && !object.box_in_scene.is_empty(), "{object:?}");
        assert!((0.0..=1.0).contains(&object.score), "{object:?}");
    }
    let named = scene.objects.iter().filter(|object| object.label != "object").count();
    assert!(named * 5 >= scene.objects.len() * 4, "the model named {named} of them");
    // The first points are there before the last are read, and all of them before the objects.
    let shown: Vec<u32> = (said.0.iter())
        .filter_map(|event| match event {
            Event::Points { count, .. } => Some(*count),
            _ => None,
        })
        .collect();
    assert_eq!(shown.len(), 2, "{shown:?}");
    assert!((100_000..127_366).contains(&shown[0]) && shown[1] == 127_366, "{shown:?}");
    let at = |wanted: fn(&Event) -> bool| said.0.iter().position(wanted).unwrap();
    let points = at(|event| matches!(event, Event::Points { .. }));
    assert!(points < at(|event| matches!(event, Event::SceneReady { .. })));

    let said = session.ask("How many chairs are there?");
    assert_eq!(phases(&said), ORDER[5..]);
    assert_eq!(said.report().points, 127_366);
}

#[test]
fn without_a_model_the_objects_have_the_names_that_were_guessed_on_the_way() {
    let mut session = Session::bare();
    let said = session.open(small_room());
    assert_eq!(phases(&said), ORDER[1..3]);
    assert!(!said.scene().objects.is_empty());
    let named = |said: &Said| said.scene().objects.iter().any(|object| object.label != "object");
    assert!(named(&said));
    let coloured = |said: &Said| said.scene().objects.iter().any(|o| o.colour.is_some());
    assert!(!coloured(&said));
    // The model looks at them when it comes, without the file being read again.
    let ids = |said: &Said| said.scene().objects.iter().map(|o| o.id).collect::<Vec<_>>();
    let before = ids(&said);
    let said = session.load_model();
    assert_eq!(phases(&said), [Phase::Model, Phase::Encode, Phase::Prefill]);
    assert_eq!(ids(&said), before);
    assert!(named(&said) && coloured(&said));
}
