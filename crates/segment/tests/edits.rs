//! A person's corrections: each does what it says, and undoing it leaves the scene as it was.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod common;

use common::Room;
use scene::{Edit, InstanceId, Scene};
use segment::{Change, EditError, Options, segment};

fn scene() -> Scene {
    segment(Room::furnished().cloud(), &Options::default()).unwrap()
}

fn objects(scene: &Scene) -> Vec<(u32, Vec<u32>, String)> {
    let rows = scene.instances.iter();
    rows.map(|one| (one.id.0, one.points.clone(), one.name().to_owned())).collect()
}

/// Makes an edit, then undoes and redoes it; the scene after it.
fn edited(mut scene: Scene, edit: &Edit) -> Scene {
    let before = objects(&scene);
    let change = Change::make(&mut scene, edit).unwrap();
    let after = objects(&scene);
    assert_ne!(before, after, "{edit:?} changes nothing");
    change.undo(&mut scene);
    assert_eq!(objects(&scene), before, "{edit:?} undone");
    change.redo(&mut scene);
    assert_eq!(objects(&scene), after, "{edit:?} done again");
    assert!(scene.instances.is_sorted_by_key(|one| one.id));
    assert!(scene.instances.iter().all(|one| one.points.is_sorted() && !one.points.is_empty()));
    scene
}

#[test]
fn merged_objects_come_apart_where_they_were_merged() {
    let plain = scene();
    let [a, b] = [plain.instances[0].id, plain.instances[1].id];
    let merged = edited(plain.clone(), &Edit::Merge { ids: vec![b, a] });
    assert_eq!(merged.instances.len(), plain.instances.len() - 1);
    assert!(merged.instance(a).is_none());
    let both = merged.instance(b).unwrap();
    let points = |id| plain.instance(id).unwrap().points.len();
    assert_eq!(both.points.len(), points(a) + points(b));
    assert!(both.bounds.size().cmpge(plain.instance(a).unwrap().bounds.size()).all());

    let apart = edited(merged, &Edit::Split { id: b });
    let mut sizes: Vec<usize> = apart.instances.iter().map(|one| one.points.len()).collect();
    let mut plain_sizes: Vec<usize> = plain.instances.iter().map(|one| one.points.len()).collect();
    sizes.sort_unstable();
    plain_sizes.sort_unstable();
    assert_eq!(sizes, plain_sizes);
}

#[test]
fn an_object_that_was_deleted_can_be_grown_again() {
    let plain = scene();
    let gone = plain.instances[0].clone();
    let without = edited(plain, &Edit::Delete { id: gone.id });
    let grown = edited(without, &Edit::Grow { point: gone.points[gone.points.len() / 2] });
    let found = grown.instances.iter().map(|one| {
        let both = one.points.iter().filter(|p| gone.points.binary_search(p).is_ok()).count();
        both as f64 / (one.points.len() + gone.points.len() - both) as f64
    });
    assert!(found.fold(0.0, f64::max) > 0.5);
}

#[test]
fn a_name_is_told_and_untold() {
    let plain = scene();
    let id = plain.instances[2].id;
    let guessed = plain.instance(id).unwrap().name().to_owned();
    let name = "  Oma's\u{7} chair ".to_owned();
    let named = edited(plain, &Edit::Rename { id, name });
    assert_eq!(named.instance(id).unwrap().name(), "Oma's chair");
    let unnamed = edited(named, &Edit::Rename { id, name: String::new() });
    assert_eq!(unnamed.instance(id).unwrap().name(), guessed);
}

#[test]
fn what_stands_on_a_moved_thing_goes_along() {
    let plain = scene();
    let at = |x: f32, y: f32, z: f32| {
        let holds = |one: &&scene::Instance| one.bounds.contains(glam::Vec3::new(x, y, z));
        plain.instances.iter().filter(holds).min_by(|a, b| a.points.len().cmp(&b.points.len()))
    };
    // The room's corner may lie elsewhere by now: by their middles, from the table's.
    let table = plain.instances.iter().max_by(|a, b| {
        let area = |one: &&scene::Instance| one.bounds.size().truncate().element_product();
        area(a).total_cmp(&area(b))
    });
    let table = table.unwrap();
    let top = table.bounds.centre() + glam::Vec3::new(-0.09, 0.01, 0.5);
    let cup = at(top.x, top.y, top.z).unwrap();
    assert_ne!(cup.id, table.id);
    // The cup, and whatever bit of the table's top was taken for a thing of its own.
    let is_over = |one: &&scene::Instance| {
        let middle = one.bounds.centre();
        middle.z > 0.9 * table.bounds.max.z && table.bounds.contains(middle.with_z(0.5))
    };
    let over = plain.instances.iter().filter(is_over).map(|one| one.id);
    let with_table: Vec<InstanceId> = std::iter::once(table.id).chain(over).collect();
    assert!(with_table.contains(&cup.id));
    let by = [0.25, -0.5, 0.0];
    for (id, along) in [(table.id, with_table), (cup.id, vec![cup.id])] {
        let mut scene = plain.clone();
        let change = Change::make(&mut scene, &Edit::Move { id, by }).unwrap();
        assert_eq!(change.reshaped(), along);
        for (one, was) in scene.instances.iter().zip(&plain.instances) {
            let goes = along.contains(&one.id);
            let way = if goes { glam::Vec3::from(by) } else { glam::Vec3::ZERO };
            assert!((one.bounds.min - was.bounds.min - way).length() < 1e-5, "{:?}", one.id);
            let point = one.points[0] as usize;
            let from = glam::Vec3::from(plain.cloud.positions[point]);
            assert!((glam::Vec3::from(scene.cloud.positions[point]) - from - way).length() < 1e-5);
        }
        change.undo(&mut scene);
        assert_eq!(scene.cloud.positions, plain.cloud.positions);
    }
}

#[test]
fn what_was_reshaped_is_told() {
    let mut scene = scene();
    let ids: Vec<InstanceId> = scene.instances.iter().map(|one| one.id).collect();
    let name = "stool".to_owned();
    let named = Change::make(&mut scene, &Edit::Rename { id: ids[0], name }).unwrap();
    assert!(named.reshaped().is_empty());
    let merged = Change::make(&mut scene, &Edit::Merge { ids: ids[..2].to_vec() }).unwrap();
    assert_eq!(merged.reshaped(), ids[..2]);
    assert_eq!(scene.instance(ids[0]).unwrap().name(), "stool");
}

#[test]
fn what_cannot_be_done_is_refused_and_changes_nothing() {
    let mut scene = scene();
    let before = objects(&scene);
    let first = scene.instances[0].id;
    let nobody = InstanceId(4711);
    let floor = &scene.structure.floor.as_ref().unwrap().points;
    let floor = floor[floor.len() / 2];
    let inside = scene.instances[0].points[0];
    let cases = [
        (Edit::Delete { id: nobody }, EditError::NoSuchObject(nobody)),
        (Edit::Split { id: nobody }, EditError::NoSuchObject(nobody)),
        (Edit::Rename { id: nobody, name: "x".into() }, EditError::NoSuchObject(nobody)),
        (Edit::Merge { ids: vec![first, nobody] }, EditError::NoSuchObject(nobody)),
        (Edit::Merge { ids: vec![first, first] }, EditError::TooFewToMerge),
        (Edit::Merge { ids: Vec::new() }, EditError::TooFewToMerge),
        (Edit::Move { id: nobody, by: [0.0; 3] }, EditError::NoSuchObject(nobody)),
        (Edit::Move { id: first, by: [f32::NAN, 0.0, 0.0] }, EditError::TooFar),
        (Edit::Move { id: first, by: [0.0, 1e9, 0.0] }, EditError::TooFar),
        (Edit::Grow { point: floor }, EditError::BareShell),
        (Edit::Grow { point: u32::MAX }, EditError::BareShell),
        (Edit::Grow { point: inside }, EditError::Taken(first)),
    ];
    for (edit, error) in cases {
        assert_eq!(Change::make(&mut scene, &edit).unwrap_err(), error, "{edit:?}");
        assert_eq!(objects(&scene), before);
    }
    // Taken apart again and again it is of one piece in the end.
    let pieces = (0..500).find(|_| {
        matches!(Change::make(&mut scene, &Edit::Split { id: first }), Err(EditError::OnePiece))
    });
    assert!(pieces.is_some());
}
