//! What a person sets right: looked at again, taken back, made again, and saved with the scan.

use crate::common::{Said, Session, room, small_room};
use protocol::{Command, Event, HistorySummary, ObjectSummary, Phase};
use scene::{Edit, InstanceId, PointCloud, System};

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
    let nowhere = [f32::NAN; 3].into();
    for (command, code) in [
        (Command::Undo, "nothing-to-undo"),
        (Command::Redo, "nothing-to-redo"),
        (Command::Edit(Edit::Delete { id: InstanceId(9999) }), "edit-impossible"),
        (Command::Edit(Edit::Merge { ids: vec![InstanceId(1)] }), "edit-impossible"),
        (Command::Edit(Edit::Grow { point: u32::MAX }), "edit-impossible"),
        (Command::Edit(Edit::Move { id: InstanceId(1), by: [1e9; 3] }), "edit-impossible"),
        (
            Command::Edit(Edit::Place {
                name: "desk".to_owned(),
                bounds: scene::Aabb { min: nowhere, max: nowhere },
            }),
            "edit-impossible",
        ),
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

fn saved_bytes(session: &mut Session, file: Vec<u8>) -> Vec<u8> {
    session.send(Command::Save { path: None }, Some(file));
    session.engine.host().saved()
}

#[test]
fn the_model_is_told_what_a_person_calls_a_thing() {
    let mut session = Session::ready();
    let rows = |session: &Session| session.engine.prefix(System::Unified).unwrap().rows.clone();
    let seen = rows(&session);
    let id = session.engine.scene().unwrap().instances[0].id;
    // A class that the model knows, and a word that it does not.
    edit(&mut session, Edit::Rename { id, name: "piano".to_owned() });
    let told = rows(&session);
    assert_ne!(told, seen);
    edit(&mut session, Edit::Rename { id, name: "heirloom".to_owned() });
    assert_eq!(rows(&session), seen, "what it has no name for, it cannot be told");
    session.send(Command::Undo, None);
    assert_eq!(rows(&session), told);
    session.send(Command::Undo, None);
    assert_eq!(rows(&session), seen);
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
    let untouched = saved_bytes(&mut session, room());
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
    // Taken back it is to the bit as it was, and so is the file.
    session.send(Command::Undo, None);
    assert!(saved_bytes(&mut session, room()) == untouched);
    assert_eq!(session.engine.scene().unwrap().cloud.positions, before);
    assert_eq!(saved(&mut session, Some(room())).0.positions, original.positions);
    session.send(Command::Redo, None);
    assert_ne!(session.engine.scene().unwrap().cloud.positions, before);
}

/// As what was moved: whatever the frame and the numbers of the file, by so much in its unit.
#[test]
fn what_was_moved_is_saved_in_the_files_own_numbers() {
    let cloud = ply::read(&small_room()).unwrap();
    let millimetres: Vec<[i32; 3]> = cloud
        .positions
        .iter()
        // Lying on its side, and far away.
        .map(|[x, y, z]| {
            let [x, y, z] = [x, y, z].map(|v| (v * 1000.0).round() as i32);
            [x + 500_000_000, z, -y]
        })
        .collect();
    let header = format!(
        "ply\nformat binary_big_endian 1.0\nelement vertex {}\nproperty int x\nproperty int y\n\
         property int z\nend_header\n",
        millimetres.len()
    );
    let rows = millimetres.iter().flatten().flat_map(|value| value.to_be_bytes());
    let file: Vec<u8> = header.into_bytes().into_iter().chain(rows).collect();
    let mut session = Session::bare();
    let choices = protocol::ScanChoices {
        up: Some("y".to_owned()),
        unit: Some(scene::Unit::Millimetre),
        ..Default::default()
    };
    let open = Command::OpenScan { name: "far".to_owned(), path: None, choices };
    let object = session.send(open, Some(file.clone())).scene().objects[0].id;
    let own = session.engine.scene().unwrap().instance(object).unwrap().points.clone();
    edit(&mut session, Edit::Move { id: object, by: [0.0, 0.0, 0.25] });
    let bytes = saved_bytes(&mut session, file);
    let at = bytes.windows(11).position(|window| window == b"end_header\n").unwrap() + 11;
    let stride = 3 * 4 + 2 + 2;
    assert_eq!(bytes.len() - at, stride * millimetres.len());
    for (index, (row, then)) in (0u32..).zip(bytes[at..].chunks(stride).zip(&millimetres)) {
        let now = [0, 4, 8].map(|at| i32::from_be_bytes(row[at..at + 4].try_into().unwrap()));
        let up = if own.binary_search(&index).is_ok() { 250 } else { 0 };
        assert_eq!(now, [then[0], then[1] + up, then[2]], "point {index}");
    }
}

#[test]
fn what_was_placed_is_saved_behind_the_files_own_points() {
    let mut session = Session::bare();
    let opened = session.open(room()).scene().clone();
    let untouched = saved_bytes(&mut session, room());
    let bounds = scene::Aabb { min: [0.0, 0.0, 0.0].into(), max: [0.8, 0.4, 0.7].into() };
    let placed = edit(&mut session, Edit::Place { name: "desk".to_owned(), bounds });
    let (now, history) = placed.edited();
    let desk = now.objects.last().unwrap();
    assert_eq!((desk.label.as_str(), desk.box_in_scene, history.undo), ("desk", bounds, true));
    assert_eq!(now.points, opened.points + desk.points);
    let id = desk.id;
    edit(&mut session, Edit::Move { id, by: [0.25, 0.0, 0.0] });

    let original = ply::read(&room()).unwrap();
    let (file, listed) = saved(&mut session, Some(room()));
    let (own_cloud, _) = saved(&mut session, None);
    let count = original.len();
    assert_eq!(file.positions[..count], original.positions);
    assert_eq!(listed["objects"].as_array().unwrap().len(), opened.objects.len() + 1);
    for cloud in [&file, &own_cloud] {
        assert_eq!(cloud.len(), now.points as usize);
        let ids = &cloud.column("instance").unwrap()[count..];
        assert!(ids.iter().all(|own| *own == f64::from(id.0)));
        assert!(cloud.colours.as_ref().unwrap().len() == cloud.len());
    }
    // Where the box is now, in the scene.
    let scene = session.engine.scene().unwrap();
    let in_scene = file.positions[count..].iter().map(|at| {
        let in_file = [0, 1, 2].map(|axis| f64::from(at[axis]) + file.origin[axis]);
        scene.scene_from_file.apply(in_file.into()).as_vec3()
    });
    let found = scene::Aabb::of_points(in_scene);
    let expected = scene.instance(id).unwrap().bounds;
    assert!(found.min.distance(expected.min) < 1e-3, "{found:?} {expected:?}");
    assert!(found.max.distance(expected.max) < 1e-3, "{found:?} {expected:?}");

    session.send(Command::Undo, None);
    session.send(Command::Undo, None);
    assert!(saved_bytes(&mut session, room()) == untouched);
    let redone = session.send(Command::Redo, None);
    assert_eq!(redone.edited().0.objects, now.objects);
}

/// A placed thing is seen, and can be asked about.
#[test]
fn what_was_placed_is_looked_at() {
    let mut session = Session::ready();
    let bounds = scene::Aabb { min: [0.0, 0.0, 0.0].into(), max: [0.8, 0.4, 0.7].into() };
    let placed = edit(&mut session, Edit::Place { name: String::new(), bounds });
    let desk = placed.edited().0.objects.last().unwrap().clone();
    assert!(desk.colour.is_some(), "{desk:?}");
    let question = format!("What colour is <OBJ{:03}>?", desk.id.0);
    assert!(!session.ask(&question).report().answer.is_empty());
    session.send(Command::Undo, None);
    assert_eq!(session.ask(&question).failure().0, "unknown-object");
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
