//! The three systems by themselves, beside the unified one.

use crate::common::{MODEL, Said, Session, assert_readable, root};
use protocol::{Command, Event, Question};
use scene::{Edit, System};

const QUESTIONS: [&str; 4] = [
    "Where is the sofa?",
    "How many plants are there?",
    "How far is the sofa from the table?",
    "How do I walk from the door to the sofa?",
];

fn ask(session: &mut Session, system: System, question: &str) -> Said {
    session.send(Command::Ask(Question { system, ..question.into() }), None)
}

fn answers(session: &mut Session, system: System) -> Vec<String> {
    let said = QUESTIONS.map(|question| ask(session, system, question));
    let texts = said.iter().map(|said| {
        let report = said.report();
        assert_eq!(report.system, system);
        assert!(report.bytes > 1 << 20, "{} bytes", report.bytes);
        let known = &session.engine.scene().unwrap().instances;
        let named = report.spans.iter().flat_map(|span| &span.objects);
        assert!(named.clone().all(|id| known.iter().any(|one| one.id == *id)));
        report.answer.clone()
    });
    texts.collect()
}

#[test]
fn each_answers_by_itself_and_none_disturbs_another() {
    let mut session = Session::ready();
    let first = System::ALL.map(|system| answers(&mut session, system));
    for (system, answers) in System::ALL.iter().zip(&first) {
        assert!(answers.iter().all(|answer| !answer.is_empty()), "{system:?}: {answers:?}");
    }
    // Whoever reads boxes only does not answer everything alike.
    assert_ne!(first[0], first[2]);
    let mut backwards = System::ALL;
    backwards.reverse();
    let mut again = backwards.map(|system| answers(&mut session, system));
    again.reverse();
    assert_eq!(again, first);
}

#[test]
fn a_system_without_a_pointer_names_objects_by_their_boxes() {
    let mut session = Session::ready();
    for system in [System::Llm3d, System::Spatial] {
        let said = ask(&mut session, system, "Where is the sofa?");
        let report = said.report();
        assert_eq!(report.objects.len(), 1, "{}", report.answer);
        // What stands between the marks of a box is no part of the answer.
        assert!(report.spans.iter().all(|span| !span.text.contains('<')), "{}", report.answer);
    }
}

#[test]
fn all_of_them_see_what_was_set_right() {
    let mut session = Session::ready();
    let before: Vec<usize> = System::ALL
        .iter()
        .map(|system| session.engine.prefix(*system).unwrap().row_count())
        .collect();
    let id = session.engine.scene().unwrap().instances[0].id;
    answers(&mut session, System::Spatial);
    session.send(Command::Edit(Edit::Delete { id }), None);
    let after = System::ALL.map(|system| session.engine.prefix(system).unwrap().row_count());
    // Four rows an object, four, none of its own, one.
    let lost: Vec<usize> = before.iter().zip(after).map(|(before, after)| before - after).collect();
    assert_eq!(lost, [4, 4, 0, 1]);
    for system in System::ALL {
        let prefix = session.engine.prefix(system).unwrap();
        assert!(prefix.objects.iter().all(|object| object.id != id));
        answers(&mut session, system);
    }
}

#[test]
fn each_remembers_its_own_questions() {
    let mut session = Session::ready();
    let follow = |session: &mut Session, system| {
        let question = Question { system, follows: true, ..Question::from("What colour is it?") };
        session.send(Command::Ask(question), None).report().spans.clone()
    };
    let alone = follow(&mut session, System::Inst3d);
    session.ask("Where is the sofa?");
    assert_eq!(follow(&mut session, System::Inst3d), alone, "it heard what another was asked");
}

#[test]
fn a_model_without_adapters_says_so() {
    let mut session = Session::bare();
    let path = format!("quantized-models/{MODEL}/model.json");
    let json = std::fs::read(root().join(&path)).unwrap();
    let mut manifest: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert!(manifest.as_object_mut().unwrap().remove("systems").is_some());
    session.engine.host().put(&path, manifest.to_string().into_bytes());
    let said = session.load_model();
    let systems = said.0.iter().find_map(|event| match event {
        Event::ModelReady { systems, .. } => Some(systems.clone()),
        _ => None,
    });
    assert_eq!(systems, Some(vec![System::Unified]));
    session.open(crate::common::small_room());
    let said = ask(&mut session, System::Llm3d, "Where is the sofa?");
    let (code, message) = said.failure();
    assert_eq!(code, "no-system");
    assert_readable(message);
    assert!(message.contains("3D-LLM"), "{message}");
    assert!(!session.ask("Where is the sofa?").report().answer.is_empty());
}

#[test]
fn what_the_encoders_weighed_can_be_seen() {
    let mut session = Session::ready();
    let objects: Vec<_> =
        session.engine.scene().unwrap().instances.iter().map(|one| one.id).collect();
    for id in &objects {
        let said = session.send(Command::LookInside { id: *id }, None);
        let Some(Event::Inside { inside, .. }) = said.0.last() else { panic!("{:?}", said.0) };
        assert_eq!(inside.id, *id);
        assert_eq!(inside.relations.len(), objects.len().min(8));
        assert!(inside.relations.is_sorted_by(|a, b| a.attention >= b.attention));
        let in_range = |share: f32| (0.0..=1.0 + 1e-4).contains(&share);
        for one in &inside.relations {
            assert!(objects.contains(&one.id) && in_range(one.gate) && in_range(one.attention));
        }
        // What the views have in common, and five of them.
        assert_eq!(inside.views.len(), 6);
        assert!((inside.views.iter().sum::<f32>() - 1.0).abs() < 1e-4, "{:?}", inside.views);
    }
    let unknown = session.send(Command::LookInside { id: scene::InstanceId(9999) }, None);
    assert_eq!(unknown.failure().0, "unknown-object");
    let mut blind = Session::bare();
    assert_eq!(blind.send(Command::LookInside { id: objects[0] }, None).failure().0, "no-scan");
    blind.open(crate::common::small_room());
    assert_eq!(blind.send(Command::LookInside { id: objects[0] }, None).failure().0, "no-model");
}
