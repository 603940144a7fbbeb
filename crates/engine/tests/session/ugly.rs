//! Twenty scans as strangers have them: each gives the objects that the plain room gives, or says
//! clearly what is the matter.

mod files;

use crate::common::{Said, Session, finish, room};
use engine::{InMemory, ScanOptions};
use files::{Scan, ugly_scans};
use protocol::{Event, ScanChoices};
use scene::{InstanceId, Scene, Unit};
use std::collections::BTreeMap;

/// What a scan must come to.
pub(crate) enum Expected {
    /// This share of the plain room's objects, each at IoU 0.5 or more of its points.
    Objects { up: &'static str, unit: Unit, share: f32 },
    /// A note or a refusal with this code, in words.
    Told(&'static str),
}

/// The object of each point, 0 for none.
fn object_of_point(scene: &Scene) -> Vec<u32> {
    let mut ids = vec![0; scene.cloud.len()];
    for instance in &scene.instances {
        instance.points.iter().for_each(|&point| ids[point as usize] = instance.id.0);
    }
    ids
}

/// The share of `plain`'s objects that `ids` has too, with `ids[i]` the object of the plain room's
/// point `plain_point[i]`.
fn share_found(plain: &[u32], ids: &[u32], plain_point: &[usize]) -> f32 {
    let mut sizes: BTreeMap<u32, [usize; 2]> = BTreeMap::new();
    let mut common: BTreeMap<(u32, u32), usize> = BTreeMap::new();
    let mut other_sizes: BTreeMap<u32, usize> = BTreeMap::new();
    for (&id, &point) in ids.iter().zip(plain_point) {
        let own = plain[point];
        sizes.entry(own).or_default()[0] += 1;
        *other_sizes.entry(id).or_default() += 1;
        *common.entry((own, id)).or_default() += 1;
    }
    sizes.remove(&0);
    let is_found = |own: u32, size: usize| {
        common
            .range((own, 1)..=(own, u32::MAX))
            .any(|((_, id), both)| 2 * both >= size + other_sizes[id] - both)
    };
    let found = sizes.iter().filter(|(own, [size, _])| is_found(**own, *size)).count();
    found as f32 / sizes.len().max(1) as f32
}

fn read(scan: &Scan) -> (Session, Said) {
    let mut session = Session::bare();
    let options = ScanOptions::chosen(&scan.choices).unwrap();
    let job = session.next_job();
    let source = InMemory::new(scan.bytes.clone());
    let opened = finish(session.engine.open_scan(job, scan.name.to_owned(), source, options));
    session.engine.settle(job, opened);
    let said = session.engine.host().said();
    (session, said)
}

/// None where all is well, else what is wrong.
fn fault(scan: &Scan, plain: &[u32]) -> Option<String> {
    let (session, said) = read(scan);
    match &scan.expected {
        Expected::Told(code) => {
            let told = match said.0.last() {
                Some(Event::Failed { code, message, .. }) => {
                    vec![(code.as_str(), message.as_str())]
                }
                _ => {
                    let notes = said.scene().warnings.iter();
                    notes.map(|note| (note.code.as_str(), note.message.as_str())).collect()
                }
            };
            let in_words = |(_, message): &(&str, &str)| message.len() > 30;
            let clear = told.iter().any(|note| note.0 == *code && in_words(note));
            (!clear).then(|| format!("{told:?} instead of {code}"))
        }
        Expected::Objects { up, unit, share } => {
            if let Some(Event::Failed { message, .. }) = said.0.last() {
                return Some(format!("refused: {message}"));
            }
            let summary = said.scene();
            if (summary.up.as_str(), summary.unit.as_str()) != (*up, unit.name()) {
                return Some(format!("{} up, in {}", summary.up, summary.unit));
            }
            let scene = session.engine.scene()?;
            let found = share_found(plain, &object_of_point(scene), &scan.plain_point);
            (found < *share).then(|| format!("{:.0} % of the objects", 100.0 * found))
        }
    }
}

#[test]
fn twenty_ugly_scans() {
    let plain_file = Scan::plain(ply::read(&room()).unwrap());
    let (session, _) = read(&plain_file);
    let plain = object_of_point(session.engine.scene().unwrap());
    let scans = ugly_scans(plain_file.cloud());
    assert_eq!(scans.len(), 20);
    let faults: Vec<String> = scans
        .iter()
        .filter_map(|scan| Some(format!("{}: {}", scan.name, fault(scan, &plain)?)))
        .collect();
    assert!(faults.is_empty(), "{} of 20: {faults:#?}", faults.len());
}

#[test]
fn a_mirrored_room_is_set_right_on_request() {
    let plain = Scan::plain(ply::read(&room()).unwrap());
    let (as_it_is, _) = read(&plain);
    let mut mirrored = Scan::mirrored(plain.cloud());
    mirrored.choices = ScanChoices { mirrored: true, ..ScanChoices::default() };
    let (session, said) = read(&mirrored);
    assert!(said.scene().reading.mirrored);
    let (scene, right) = (session.engine.scene().unwrap(), as_it_is.engine.scene().unwrap());
    let frame = &scene.scene_from_file;
    assert!(frame.rotation.determinant() < -0.999);
    // No geometry tells a quarter turn from another: lengths between points do.
    let far = |scene: &Scene| {
        let at = |point: usize| glam::Vec3::from(scene.cloud.positions[point]);
        [at(1000).distance(at(50_000)), at(7).distance(at(100_000))]
    };
    for (a, b) in far(scene).into_iter().zip(far(right)) {
        assert!((a - b).abs() < 1e-3);
    }
    let turn = |scene: &Scene| {
        let at = |point: usize| glam::Vec3::from(scene.cloud.positions[point]);
        (at(50_000) - at(1000)).cross(at(100_000) - at(1000)).z.signum()
    };
    assert_eq!(turn(scene), turn(right));
}

#[test]
fn objects_that_come_with_the_file_are_taken_on_request() {
    let cloud = ply::read(&room()).unwrap();
    let (session, _) = read(&Scan::plain(cloud.clone()));
    let plain = session.engine.scene().unwrap();
    let labelled = Scan::labelled(&cloud, &object_of_point(plain));
    // Unasked, the columns are left alone.
    let (session, said) = read(&labelled);
    let reading = said.scene().reading;
    assert!(reading.file_has_objects && !reading.objects_of_file);
    let scene = session.engine.scene().unwrap();
    assert!(scene.instances.iter().all(|instance| instance.told.is_none()));

    let choices = ScanChoices { objects_of_file: true, ..ScanChoices::default() };
    let (session, said) = read(&Scan { choices: choices.clone(), ..labelled });
    assert!(said.scene().reading.objects_of_file);
    let taken = session.engine.scene().unwrap();
    let ids = |scene: &Scene| scene.instances.iter().map(|one| one.id).collect::<Vec<InstanceId>>();
    assert_eq!(ids(taken), ids(plain));
    for (a, b) in taken.instances.iter().zip(&plain.instances) {
        assert_eq!(a.points, b.points);
        assert_eq!(a.name(), if b.id.0 % 2 == 0 { "even thing" } else { "odd thing" });
    }
    // A file without such columns is read all the same, and says so.
    let (_, said) = read(&Scan { choices, ..Scan::plain(cloud) });
    assert!(said.warnings().contains(&"no-objects-in-file"), "{:?}", said.warnings());
    assert!(!said.scene().reading.objects_of_file && !said.scene().objects.is_empty());
}
