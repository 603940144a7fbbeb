//! Questions that can be answered.

use crate::common::{Said, Session, only};
use protocol::{Event, ObjectSummary, Phase};
use scene::{Answer, Source};

/// A session with the thinned room and its objects.
fn furnished() -> (Session, Vec<ObjectSummary>) {
    let mut session = Session::with_model();
    let objects = session.open(crate::common::small_room()).scene().objects.clone();
    (session, objects)
}

fn assert_names_what_is_there(said: &Said, objects: &[ObjectSummary]) {
    let report = said.report();
    let spoken: String = report.spans.iter().map(|span| span.text.as_str()).collect();
    assert!(!spoken.trim().is_empty() && spoken == report.answer, "{spoken:?}");
    let named = Answer { spans: report.spans.clone(), ..Answer::default() }.objects();
    assert_eq!(named, report.objects.iter().map(|object| object.id).collect::<Vec<_>>());
    for object in &report.objects {
        assert!(objects.contains(object), "{object:?} is not in the scene");
    }
    // What was shown on the way is how the answer begins.
    for event in &said.0 {
        if let Event::Partial { answer, .. } = event {
            assert!(report.answer.starts_with(answer.text().trim_end()), "{answer:?}");
        }
    }
}

#[test]
fn answers_name_objects_that_exist() {
    let (mut session, objects) = furnished();
    let sofa = only(&objects, "sofa").map(|sofa| sofa.id);
    println!("a sofa: {sofa:?}, of {}", objects.len());
    let said = session.ask("Where is the sofa?");
    assert_names_what_is_there(&said, &objects);
    if let Some(sofa) = sofa {
        assert!(said.report().objects.iter().any(|object| object.id == sofa), "{said:?}");
    }
    let said = session.ask("How many plants are there?");
    assert_names_what_is_there(&said, &objects);
    let report = said.report();
    let count = report.spans.iter().find_map(|span| span.measured.as_ref()).unwrap();
    assert_eq!((count.unit.as_str(), count.value), ("count", report.objects.len() as f64));
}

#[test]
fn a_distance_is_the_one_that_geometry_measures() {
    let (mut session, objects) = furnished();
    // The two largest, so that the model's own certainty does not matter.
    let mut largest: Vec<&ObjectSummary> = objects.iter().collect();
    largest.sort_by_key(|object| std::cmp::Reverse(object.points));
    let [a, b] = [largest[0].id, largest[1].id];
    let question = format!("How far is <OBJ{:03}> from <OBJ{:03}>?", a.0, b.0);
    let said = session.ask(&question);
    assert_names_what_is_there(&said, &objects);
    let report = said.report();
    let span = report.spans.iter().find(|span| span.measured.is_some()).unwrap();
    assert_eq!(span.source, Source::Measured);
    let mut measured_between = span.objects.clone();
    measured_between.sort();
    let mut asked = vec![a, b];
    asked.sort();
    assert_eq!(measured_between, asked, "{}", report.answer);
    let scene = session.engine.scene().unwrap();
    let truth = geometry::distance(scene, span.objects[0], span.objects[1]).unwrap();
    let measured = span.measured.as_ref().unwrap();
    assert_eq!(measured.unit, "m");
    assert!((measured.value - f64::from(truth.value_m)).abs() < 1e-6, "{measured:?} {truth:?}");
    assert!((measured.band - f64::from(truth.band_m)).abs() < 1e-6, "{measured:?} {truth:?}");
    assert_eq!(measured.line_in_scene, Some(truth.line));
    let in_scene = |point: [f64; 3]| scene.scene_from_file.apply(point.into()).as_vec3();
    for (told, true_end) in measured.line_in_file.unwrap().map(in_scene).into_iter().zip(truth.line)
    {
        assert!(told.distance(true_end.into()) < 1e-4, "{told} {true_end:?}");
    }
}

#[test]
fn the_same_question_has_the_same_answer_and_nothing_is_encoded_again() {
    let (mut session, _) = furnished();
    let question = "What colour is the sofa?";
    let first = session.ask(question);
    let other = session.ask("How many chairs are there?");
    let again = session.ask(question);
    assert_eq!(first.report().spans, again.report().spans);
    assert_eq!(first.report().objects, again.report().objects);
    for said in [&first, &other, &again] {
        assert!(said.progress().iter().all(|(phase, ..)| *phase == Phase::Decode), "{said:?}");
        assert!(!said.0.iter().any(|event| matches!(event, Event::SceneReady { .. })));
    }
    // Nor does another session see it otherwise.
    let (mut session, _) = furnished();
    assert_eq!(session.ask(question).report().spans, first.report().spans);
}
