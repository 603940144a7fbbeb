//! Suites on disk and the facts drawn from them.

use glam::{DMat4, DVec3};
use scene::{Column, InstanceId, OrientedBox, PointCloud};
use tasks::facts::{Facts, FactsError};
use tasks::program::{Program, Set};
use tasks::suite::{
    Number, ObjectTruth, OpeningTruth, Question, RoomFiles, RoomTruth, SceneTruth, Shell,
    SpaceTruth, Split, SuiteError, Support, Task, VERSION, open, parse_questions, parse_scene,
    read_questions, read_scene, write_questions, write_scene,
};

/// The file is y up, in millimetres, far from its origin: scene (x, y, z) lies at file
/// (1000 x + 5e6, 1000 z, -1000 y).
fn file_from_scene(point: [f64; 3]) -> [f64; 3] {
    [1000.0 * point[0] + 5e6, 1000.0 * point[2], -1000.0 * point[1]]
}

fn scene_from_file() -> [[f64; 4]; 4] {
    [
        [0.001, 0.0, 0.0, -5000.0],
        [0.0, 0.0, -0.001, 0.0],
        [0.0, 0.001, 0.0, 0.0],
        [0.0, 0.0, 0.0, 1.0],
    ]
}

/// A cube of 0.5 m.
fn object(id: u32, label: &str, at: [f64; 3]) -> ObjectTruth {
    let bounds = OrientedBox { center: file_from_scene(at), size: [500.0; 3], axes: None };
    ObjectTruth {
        id: InstanceId(id),
        label: label.to_owned(),
        colour: Some("red".to_owned()),
        material: None,
        scanned_box: bounds.clone(),
        amodal_box: bounds,
        support: Support::Shell(Shell::Floor),
        visible_fraction: 0.5,
        points: 1000,
        mesh: None,
        space: Some(0),
    }
}

fn truth() -> SceneTruth {
    SceneTruth {
        version: VERSION,
        seed: 7,
        split: Split::Val,
        preset: "phone".to_owned(),
        classes: vec!["box".to_owned(), "chair".to_owned()],
        objects: vec![object(1, "box", [0.0, 0.0, 0.25]), object(4, "chair", [2.0, 1.0, 0.25])],
        room: RoomTruth {
            floor: [[0.0; 3], [3.0, 0.0, 0.0], [3.0, 3.0, 0.0]].map(file_from_scene).to_vec(),
            height: 2500.0,
            scene_from_file: scene_from_file(),
            spaces: vec![SpaceTruth {
                purpose: "bedroom".to_owned(),
                floor: [[0.0; 3], [3.0, 0.0, 0.0], [3.0, 3.0, 0.0]].map(file_from_scene).to_vec(),
                height: 2500.0,
            }],
            openings: vec![OpeningTruth {
                a: file_from_scene([3.0, 1.0, 0.0]),
                b: file_from_scene([3.0, 2.0, 0.0]),
                height: 2000.0,
            }],
        },
        cameras: Vec::new(),
        unseen: Vec::new(),
    }
}

/// The cubes' points, 2.5 cm apart, and a wall's.
fn scan() -> PointCloud {
    let origin = DVec3::new(5e6, 100.0, -200.0);
    let mut cloud = PointCloud { origin: origin.to_array(), ..PointCloud::default() };
    let mut instances = Vec::new();
    for (id, at) in [(1.0, [0.0, 0.0, 0.25]), (4.0, [2.0, 1.0, 0.25]), (0.0, [0.9, 0.0, 0.25])] {
        for step in 0..21 * 21 * 21 {
            let offset =
                [step % 21, step / 21 % 21, step / 441].map(|s| f64::from(s) * 0.025 - 0.25);
            let point = file_from_scene([at[0] + offset[0], at[1] + offset[1], at[2] + offset[2]]);
            cloud.positions.push((DVec3::from(point) - origin).as_vec3().to_array());
            instances.push(id);
        }
    }
    cloud.columns.push(Column { name: "instance".to_owned(), values: instances });
    cloud
}

fn question(id: &str, objects: &[u32]) -> Question {
    Question {
        id: id.to_owned(),
        task: Task::Distance,
        text: "How far is <OBJ001> from the chair?".to_owned(),
        also: Vec::new(),
        answers: vec!["1.6 m".to_owned()],
        objects: objects.iter().map(|id| InstanceId(*id)).collect(),
        value: Some(Number { number: 1.581, unit: "m".to_owned() }),
        answer_box: None,
        path: None,
        program: Program::Distance { a: Set::Object { id: InstanceId(1) }, b: Set::class("chair") },
        phrasing: "distance/0".to_owned(),
        tags: vec!["distance".to_owned()],
        twin: None,
        after: None,
    }
}

#[test]
fn the_fixture_frames_agree() {
    let matrix = DMat4::from_cols_array_2d(&scene_from_file()).transpose();
    let there = matrix.transform_point3(DVec3::from(file_from_scene([1.0, 2.0, 3.0])));
    assert!((there - DVec3::new(1.0, 2.0, 3.0)).length() < 1e-9);
}

#[test]
fn facts_are_in_metres_whatever_the_file() {
    let facts = Facts::new(&truth(), &scan()).unwrap();
    let bounds = facts.objects[1].scanned;
    assert!((bounds.centre() - glam::Vec3::new(2.0, 1.0, 0.25)).length() < 1e-3);
    assert!((bounds.size() - glam::Vec3::splat(0.5)).length() < 1e-3);
    // 1.5 m along x and 0.5 m along y between the faces.
    assert!((facts.distance_m(0, 1) - 1.5_f32.hypot(0.5)).abs() < 1e-3);
    let outcome = question("q0", &[1, 4]).program.run(&facts).unwrap();
    assert!((outcome.value.unwrap().number - 1.581).abs() < 2e-3);
}

#[test]
fn facts_need_the_truth_column_and_a_frame() {
    let mut bare = scan();
    bare.columns.clear();
    assert_eq!(Facts::new(&truth(), &bare).unwrap_err(), FactsError::NoInstanceColumn);
    let mut broken = truth();
    broken.room.scene_from_file[0][0] = f64::NAN;
    assert_eq!(Facts::new(&broken, &scan()).unwrap_err(), FactsError::BadFrame);
}

#[test]
fn a_suite_survives_the_disk() {
    let folder = std::env::temp_dir().join(format!("scanwise-suite-{}", std::process::id()));
    let room = RoomFiles::new(&folder, "00003");
    let questions = vec![question("q0", &[1, 4]), question("q1", &[])];
    write_scene(&room, &truth()).unwrap();
    write_questions(&room, &questions).unwrap();
    let rooms = open(&folder).unwrap();
    assert_eq!(rooms, std::slice::from_ref(&room));
    let read = read_scene(&room).unwrap();
    assert_eq!(read, truth());
    assert_eq!(read_questions(&room, &read).unwrap(), questions);
    std::fs::remove_file(room.scene()).unwrap();
    assert!(matches!(open(&folder), Err(SuiteError::File { .. })));
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_scene_without_spaces_is_read() {
    let mut old = serde_json::to_value(truth()).unwrap();
    for key in ["spaces", "openings"] {
        assert!(old["room"].as_object_mut().unwrap().remove(key).is_some());
    }
    for object in old["objects"].as_array_mut().unwrap() {
        assert!(object.as_object_mut().unwrap().remove("space").is_some());
    }
    let read = parse_scene("scene.json", &old.to_string()).unwrap();
    assert!(read.room.spaces.is_empty() && read.room.openings.is_empty());
    assert_eq!(read.objects[0].space, None);
}

#[test]
fn the_files_look_as_agreed() {
    let text = serde_json::to_value(truth()).unwrap();
    let object = &text["objects"][1];
    assert_eq!(object["support"], "floor");
    assert_eq!(object["box"]["size"][0], 500.0);
    assert!(object.get("amodal_box").is_some() && text["room"].is_object());
    let mut carried = truth();
    carried.objects[1].support = Support::Object(InstanceId(1));
    assert_eq!(serde_json::to_value(&carried).unwrap()["objects"][1]["support"], 1);
    let line = serde_json::to_value(question("q0", &[1])).unwrap();
    assert_eq!(
        (line["task"].as_str(), line["value"]["unit"].as_str()),
        (Some("distance"), Some("m"))
    );
}

#[test]
fn what_contradicts_itself_is_refused_with_its_reason() {
    type Spoil = fn(&mut SceneTruth);
    let wrong: [(Spoil, &str); 9] = [
        (|t| t.version = 9, "version 9"),
        (|t| t.objects.swap(0, 1), "must rise"),
        (|t| t.objects[0].id = InstanceId(0), "id 0"),
        (|t| t.objects[0].label = "dragon".to_owned(), "dragon"),
        (|t| t.objects[0].colour = Some("taupe".to_owned()), "taupe"),
        (|t| t.objects[0].support = Support::Object(InstanceId(9)), "carried by 9"),
        (|t| t.objects[0].scanned_box.size[1] = -1.0, "box"),
        (|t| t.objects[1].space = Some(1), "not listed"),
        (|t| t.objects[0].visible_fraction = 1.5, "visible_fraction"),
    ];
    for (spoil, reason) in wrong {
        let mut spoilt = truth();
        spoil(&mut spoilt);
        let text = serde_json::to_string(&spoilt).unwrap();
        let error = parse_scene("scene.json", &text).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
    let line = |q: &Question| serde_json::to_string(q).unwrap();
    let twice = format!("{}\n\n{}", line(&question("q0", &[])), line(&question("q0", &[])));
    let stranger = line(&question("q0", &[2]));
    let mut empty = question("q0", &[]);
    empty.text = " ".to_owned();
    for (text, reason) in [
        (twice.as_str(), "line 3: the id “q0” was used before"),
        (stranger.as_str(), "object 2 is not in the room"),
        (line(&empty).as_str(), "no text"),
        ("{", "line 1"),
    ] {
        let error = parse_questions("questions.jsonl", text, &truth()).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
}
