//! What a person sets right: looked at again, taken back, made again, and saved with the scan.

use crate::common::{Said, Session, room, small_room};
use protocol::{Command, Event, HistorySummary, ObjectSummary, Phase};
use scene::{Edit, InstanceId, PointCloud};

fn edit(session: &mut Session, edit: Edit) -> Said {
    session.send(Command::Edit(edit), None)
}

fn ids(objects: &[ObjectSummary]) -> Vec<InstanceId> {
    objects.iter().map(|object| object.id).collect()
}

#[test]
fn only_what_was_reshaped_is_looked_at_again() {
    let mut session = Session::with_model();
    let opened = session.open(small_room());
    let objects = opened.scene().objects.clone();
    let [first, second] = [objects[0].id, objects[1].id];
    let merged = edit(&mut session, Edit::Merge { ids: vec![first, second] });
    let (scene, history) = merged.edited();
    assert_eq!(scene.objects.len(), objects.len() - 1);
    assert_eq!(history, HistorySummary { undo: true, redo: false });
    let one = scene.objects.iter().find(|object| object.id == first).unwrap();
    assert_eq!(one.points, objects[0].points + objects[1].points);
    // The others' rows come from what is kept: only one is worked at.
    let looked =
        |said: &Said| said.progress().iter().filter(|(phase, ..)| *phase == Phase::Encode).count();
    assert!(looked(&merged) < looked(&opened) / 2, "{} {}", looked(&merged), looked(&opened));

    let undone = session.send(Command::Undo, None);
    let (scene, history) = undone.edited();
    assert_eq!(scene.objects, objects);
    assert_eq!(history, HistorySummary { undo: false, redo: true });
    let redone = session.send(Command::Redo, None);
    assert_eq!(redone.edited().0.objects, merged.edited().0.objects);
}

#[test]
fn an_edited_scan_answers_as_if_it_had_been_found_so() {
    let mut session = Session::ready();
    let question = "How many objects are there?";
    let before = session.ask(question);
    let gone = session.engine.scene().unwrap().instances[0].id;
    edit(&mut session, Edit::Delete { id: gone });
    let less = session.ask(question);
    assert_eq!(less.report().instances, before.report().instances - 1);
    assert!(less.report().objects.iter().all(|object| object.id != gone));
    session.send(Command::Undo, None);
    assert_eq!(session.ask(question).report().spans, before.report().spans);
}

#[test]
fn what_cannot_be_done_is_said_and_changes_nothing() {
    let mut session = Session::ready();
    let objects = session.engine.scene().unwrap().instances.len();
    for (command, code) in [
        (Command::Undo, "nothing-to-undo"),
        (Command::Redo, "nothing-to-redo"),
        (Command::Edit(Edit::Delete { id: InstanceId(9999) }), "edit-impossible"),
        (Command::Edit(Edit::Merge { ids: vec![InstanceId(1)] }), "edit-impossible"),
        (Command::Edit(Edit::Grow { point: u32::MAX }), "edit-impossible"),
    ] {
        let said = session.send(command, None);
        let (told, words) = said.failure();
        assert!(told == code && words.len() > 20, "{told}: {words}");
        assert_eq!(session.engine.scene().unwrap().instances.len(), objects);
    }
    let said = Session::bare().send(Command::Edit(Edit::Grow { point: 0 }), None);
    assert_eq!(said.failure().0, "no-scan");
}

fn saved(session: &mut Session, file: Option<Vec<u8>>) -> (PointCloud, serde_json::Value) {
    let said = session.send(Command::Save { path: None }, file);
    let Some(Event::Saved { objects, .. }) = said.0.last() else { panic!("{:?}", said.0.last()) };
    let listed = serde_json::from_str(objects).unwrap();
    (ply::read(&session.engine.host().saved()).unwrap(), listed)
}

#[test]
fn corrections_are_saved_with_the_scan() {
    let mut session = Session::bare();
    let opened = session.open(room());
    let [first, second] = [opened.scene().objects[0].id, opened.scene().objects[1].id];
    edit(&mut session, Edit::Rename { id: first, name: "reading chair".to_owned() });
    edit(&mut session, Edit::Delete { id: second });
    let original = ply::read(&room()).unwrap();

    let (own_file, listed) = saved(&mut session, Some(room()));
    assert_eq!(own_file.positions, original.positions, "in the file's own frame");
    let (own_cloud, _) = saved(&mut session, None);
    assert_eq!(own_cloud.positions, session.engine.scene().unwrap().cloud.positions);
    for cloud in [&own_file, &own_cloud] {
        let ids = cloud.column("instance").unwrap();
        let count = |id: InstanceId| ids.iter().filter(|own| **own == f64::from(id.0)).count();
        assert!(count(first) > 0 && count(second) == 0);
        assert!(cloud.comments.iter().any(|line| line.ends_with("reading chair")));
    }
    let names: Vec<&str> = listed["objects"]
        .as_array()
        .unwrap()
        .iter()
        .map(|object| object["label"].as_str().unwrap())
        .collect();
    assert!(names.contains(&"reading chair"));
    assert_eq!(names.len(), opened.scene().objects.len() - 1);

    // Opened again with the file's own objects, it is as it was left.
    let said = session.send(Command::Save { path: None }, Some(room()));
    assert!(matches!(said.0.last(), Some(Event::Saved { .. })));
    let bytes = session.engine.host().saved();
    let choices = protocol::ScanChoices { objects_of_file: true, ..Default::default() };
    let open = Command::OpenScan { name: "again".to_owned(), path: None, choices };
    let again = session.send(open, Some(bytes));
    assert_eq!(ids(&again.scene().objects).len(), names.len());
    assert!(again.scene().objects.iter().any(|object| object.label == "reading chair"));
}

#[test]
fn what_was_moved_is_saved_where_it_is_now() {
    let mut session = Session::bare();
    let opened = session.open(room());
    let object = opened.scene().objects[0].clone();
    let before = session.engine.scene().unwrap().cloud.positions.clone();
    let own = session.engine.scene().unwrap().instance(object.id).unwrap().points.clone();
    let moved = edit(&mut session, Edit::Move { id: object.id, by: [0.5, -0.25, 0.0] });
    let (scene, history) = moved.edited();
    assert!(history.undo);
    let bounds = scene.objects.iter().find(|one| one.id == object.id).unwrap().box_in_scene;
    assert!((bounds.min.x - object.box_in_scene.min.x - 0.5).abs() < 1e-5);

    // The file's own points, but those of the object, which went half a metre and a quarter in any
    // frame.
    let original = ply::read(&room()).unwrap();
    let (saved_cloud, _) = saved(&mut session, Some(room()));
    for (index, (now, then)) in (0u32..).zip(saved_cloud.positions.iter().zip(&original.positions))
    {
        let by: f32 = now.iter().zip(then).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt();
        let expected = if own.binary_search(&index).is_ok() { 0.559_017 } else { 0.0 };
        assert!((by - expected).abs() < 1e-4, "point {index} by {by}");
    }
    // Taken back it is to the bit as it was.
    session.send(Command::Undo, None);
    assert_eq!(session.engine.scene().unwrap().cloud.positions, before);
    assert_eq!(saved(&mut session, Some(room())).0.positions, original.positions);
    session.send(Command::Redo, None);
    assert_ne!(session.engine.scene().unwrap().cloud.positions, before);
}

#[test]
fn large_ids_of_a_file_are_kept() {
    let mut cloud = ply::read(&room()).unwrap();
    let ids = (0..cloud.len()).map(|point| if point % 2 == 0 { 0.0 } else { 70_001.0 }).collect();
    cloud.columns = vec![scene::Column { name: "instance".to_owned(), values: ids }];
    let mut file = Vec::new();
    ply::write(&mut file, &cloud, &ply::WriteOptions::default()).unwrap();
    let mut session = Session::bare();
    let choices = protocol::ScanChoices { objects_of_file: true, ..Default::default() };
    let open = Command::OpenScan { name: "large".to_owned(), path: None, choices };
    session.send(open, Some(file.clone()));
    for source in [Some(file), None] {
        let (again, _) = saved(&mut session, source);
        assert!(again.column("instance").unwrap().contains(&70_001.0));
    }
}
