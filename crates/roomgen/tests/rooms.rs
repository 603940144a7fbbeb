//! Whole rooms: of parametric shapes everywhere, of the real meshes where they are installed.

#![allow(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

use glam::{DMat4, DVec3, Vec3};
use rayon::prelude::*;
use roomgen::assets::{AssetError, Assets};
use roomgen::layout::{Manner, furnish, furnish_as};
use roomgen::rng::Rng;
use roomgen::room::{Carrier, Purpose, Room, overlaps};
use roomgen::scan::Preset;
use roomgen::suite::{Making, Order, Step, make_room, room_name, twin_name, write_room};
use scene::{InstanceId, OrientedBox};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use tasks::facts::Facts;
use tasks::suite::{Split, Support};

/// The real meshes, or `None` with a note that the test did not run on them.
fn meshes() -> Option<Assets> {
    match Assets::open() {
        Ok(assets) => Some(assets),
        Err(error) => {
            // Meshes that are there must be readable.
            assert!(matches!(error, AssetError::Missing { .. }), "{error}");
            println!("skipped: {error}");
            None
        }
    }
}

fn assert_well_placed(room: &Room) {
    for (index, placed) in room.placed.iter().enumerate() {
        let name = &placed.piece.class;
        assert!(
            room.holds(&placed.bounds, 0.02),
            "{name} sticks out of {:?}: {placed:?}",
            room.size
        );
        for (other_index, other) in room.placed.iter().enumerate().skip(index + 1) {
            // What carries a thing, and what carries that.
            let carries = |below: usize, above: usize| {
                let mut at = above;
                while let Carrier::Piece(next) = room.placed[at].support {
                    if next == below {
                        return true;
                    }
                    at = next;
                }
                false
            };
            // A chair may stand under the edge of its table or desk, and all stand on rugs.
            let pair = [name.as_str(), other.piece.class.as_str()];
            let may = carries(index, other_index)
                || carries(other_index, index)
                || pair == ["shoe", "shoe"]
                || pair.contains(&"rug")
                || pair.iter().any(|class| class.ends_with("chair"))
                    && pair.iter().any(|class| ["table", "desk"].contains(class));
            assert!(
                may || !overlaps(&placed.bounds, &other.bounds, 0.006),
                "{name} stands in {}",
                other.piece.class
            );
        }
        if let Carrier::Piece(carrier) = placed.support {
            let below = &room.placed[carrier];
            let gap = placed.base.z - below.bounds.max.z;
            assert!(
                carrier != index && gap < 0.01,
                "{name} floats {gap} m over {}",
                below.piece.class
            );
            assert!(placed.base.z > below.bounds.min.z + 0.005);
        }
    }
}

#[test]
fn nothing_stands_in_anything_else() {
    let assets = Assets::shapes_only();
    let mut classes = BTreeSet::new();
    for (number, purpose) in Purpose::ALL.into_iter().enumerate() {
        for manner in [Manner::Tidy, Manner::LivedIn, Manner::Odd] {
            let mut rng = Rng::from_numbers([5, number as u64, manner as u64, 0]);
            let room = furnish_as(&assets, Split::Train, purpose, manner, &mut rng).unwrap();
            assert!((5..=60).contains(&room.placed.len()));
            assert_well_placed(&room);
            classes.extend(room.placed.iter().map(|placed| placed.piece.class.clone()));
        }
    }
    assert!(classes.len() > 20, "{classes:?}");
}

#[test]
fn rooms_are_full_of_small_things_on_small_things() {
    let assets = Assets::shapes_only();
    let (mut counts, mut chains, mut in_shelves) = (Vec::new(), 0, 0);
    for seed in 0..60 {
        let mut rng = Rng::from_numbers([9, seed, 0, 0]);
        let room = furnish(&assets, Split::Train, &mut rng).unwrap();
        counts.push(room.placed.len());
        for placed in &room.placed {
            let Carrier::Piece(below) = placed.support else { continue };
            chains += usize::from(matches!(room.placed[below].support, Carrier::Piece(_)));
            in_shelves += usize::from(placed.base.z < room.placed[below].bounds.max.z - 0.2);
        }
    }
    counts.sort_unstable();
    println!("pieces a room: {counts:?}; {chains} on things on things, {in_shelves} in shelves");
    assert!((15..=30).contains(&counts[30]), "{counts:?}");
    assert!(counts[57] >= 35, "{counts:?}");
    assert!(chains >= 30 && in_shelves >= 30, "{chains} {in_shelves}");
}

#[test]
fn meshes_stand_as_well_as_shapes() {
    let Some(assets) = meshes() else { return };
    for (number, purpose) in Purpose::ALL.into_iter().enumerate() {
        let mut rng = Rng::from_numbers([6, number as u64, 0, 0]);
        let room = furnish_as(&assets, Split::Test, purpose, Manner::LivedIn, &mut rng).unwrap();
        assert_well_placed(&room);
    }
}

#[test]
fn each_class_has_meshes_to_learn_from_and_others_to_test_on() {
    let assets = meshes().unwrap_or_else(Assets::shapes_only);
    let count = |class: &str, split| assets.of(class, split).count();
    let table: BTreeMap<&str, [usize; 3]> = assets
        .classes()
        .map(|class| {
            (class, [Split::Train, Split::Val, Split::Test].map(|split| count(class, split)))
        })
        .collect();
    println!("class: train, val, test meshes and shapes: {table:#?}");
    if assets.of("fridge", Split::Train).next().is_some() {
        assert!((80..=100).contains(&table.len()), "{} classes", table.len());
    }
    let thin: Vec<_> = table.iter().filter(|(_, splits)| splits.contains(&0)).collect();
    assert!(thin.is_empty(), "{thin:?}");
}

#[test]
fn the_truth_agrees_with_the_scan() {
    let assets = Assets::shapes_only();
    let order =
        Order { seed: 3, split: Split::Train, worded: None, preset: Preset::named("phone") };
    let (made, _) = make_room(&assets, &order, 1).unwrap();
    let points = made.cloud.len();
    let most = (510_000 * made.home.spaces.len()).min(1_050_000);
    assert!((60_000..=most).contains(&points), "{points} points");
    let instance = made.cloud.column("instance").unwrap();
    let label = made.cloud.column("label").unwrap();
    let scene_from_file = DMat4::from_cols_array_2d(&made.truth.room.scene_from_file).transpose();
    let ids: Vec<InstanceId> = made.truth.objects.iter().map(|object| object.id).collect();
    assert!(ids.is_sorted() && !ids.is_empty());
    for object in &made.truth.objects {
        let own: Vec<usize> =
            (0..points).filter(|&p| instance[p] == f64::from(object.id.0)).collect();
        assert_eq!(own.len(), object.points as usize);
        let class = made.truth.classes.iter().position(|class| *class == object.label).unwrap();
        assert!(own.iter().all(|&p| label[p] == class as f64 + 1.0));
        let mut touched = [false; 6];
        for &p in &own {
            let local = in_box(&object.scanned_box, Vec3::from(made.cloud.positions[p]).as_dvec3());
            for axis in 0..3 {
                let over = local[axis].abs() - object.scanned_box.size[axis] / 2.0;
                assert!(over < 1e-3, "{} leaves its box by {over}", object.label);
                touched[2 * axis + usize::from(local[axis] > 0.0)] |= over > -1e-3;
            }
        }
        assert_eq!(touched, [true; 6], "the box of {} is not tight", object.label);
        // Boxes run along the walls, which the given frame makes x and y.
        let axes = object.scanned_box.axes.unwrap();
        let first = scene_from_file.transform_vector3(DVec3::from(axes[0]));
        assert!((first - DVec3::X).length() < 1e-6);
        assert!((0.0..=1.0).contains(&object.visible_fraction));
        if let Support::Object(carrier) = object.support {
            assert!(ids.contains(&carrier) && carrier != object.id);
        }
    }
    assert!(!made.questions.is_empty());
}

fn in_box(bounds: &OrientedBox, point: DVec3) -> DVec3 {
    let offset = point - DVec3::from(bounds.center);
    let axes = bounds.axes.unwrap_or([[1., 0., 0.], [0., 1., 0.], [0., 0., 1.]]);
    DVec3::from(axes.map(|axis| DVec3::from(axis).dot(offset)))
}

/// The files of a room.
fn read_files(folder: &Path, order: &Order, index: usize) -> [Vec<u8>; 3] {
    ["scan.ply", "scene.json", "questions.jsonl"]
        .map(|file| std::fs::read(folder.join(room_name(order, index)).join(file)).unwrap())
}

#[test]
fn a_seed_is_a_room_whatever_the_threads() {
    let folder = std::env::temp_dir().join(format!("roomgen-test-{}", std::process::id()));
    let order = Order { seed: 8, split: Split::Val, worded: None, preset: Preset::named("kinect") };
    let write = |threads: usize, indices: &[usize]| {
        // Meshes are loaded on demand, so each run has its own.
        let assets = Assets::shapes_only();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            indices.par_iter().for_each(|&index| {
                assert!(write_room(&assets, &order, index, &folder).unwrap());
            });
        });
        let files: Vec<[Vec<u8>; 3]> =
            (0..3).map(|index| read_files(&folder, &order, index)).collect();
        std::fs::remove_dir_all(&folder).unwrap();
        files
    };
    let alone = write(1, &[0, 1, 2]);
    let together = write(3, &[2, 1, 0]);
    assert!(alone == together, "the same order made another room");
    assert!(alone[0] != alone[1]);
}

#[test]
fn the_suite_kept_is_what_the_generator_makes() {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/suites/small");
    let folder = std::env::temp_dir().join(format!("roomgen-kept-{}", std::process::id()));
    let order =
        Order { seed: 42, split: Split::Test, worded: None, preset: Preset::named("kinect") };
    assert!(write_room(&Assets::shapes_only(), &order, 15, &folder).unwrap());
    let [made, kept] = [&folder, &kept].map(|folder| read_files(folder, &order, 15));
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(made == kept, "another machine, or another generator, makes another room");
}

#[test]
fn step_by_step_the_same_room_is_made() {
    let assets = Assets::shapes_only();
    let order = Order { seed: 6, split: Split::Val, worded: None, preset: Preset::named("laser") };
    let mut making = Making::start(&assets, &order, 0).unwrap();
    let mut reached = 0;
    let (stepped, facts) = loop {
        match making.step().unwrap() {
            Step::Working { done, total } => {
                assert!(done == reached + 1 && done < total, "{done} after {reached} of {total}");
                reached = done;
            }
            Step::Done(made) => break *made,
        }
    };
    let (whole, twin) = make_room(&assets, &order, 0).unwrap();
    assert!(twin.is_none(), "a twin links questions to it; take another seed");
    assert_eq!(stepped.shots.len() + 1, reached, "a step a frame, and one for the truth");
    assert!(stepped.cloud.positions == whole.cloud.positions, "other points");
    assert!(stepped.cloud.colours == whole.cloud.colours, "other colours");
    assert!(stepped.cloud.columns == whole.cloud.columns, "other objects");
    assert_eq!(stepped.truth, whole.truth);
    assert_eq!(stepped.questions, whole.questions);
    assert_eq!(facts.objects.len(), whole.truth.objects.len());

    let mut one = Making::start_with_one_room(&assets, &order, 0).unwrap();
    while let Step::Working { .. } = one.step().unwrap() {}
}

#[test]
fn only_a_complete_room_is_kept() {
    let assets = Assets::shapes_only();
    let folder = std::env::temp_dir().join(format!("roomgen-part-{}", std::process::id()));
    let order = Order { seed: 8, split: Split::Val, worded: None, preset: Preset::named("phone") };
    // What a killed run leaves: files half written, where nobody takes them for a room.
    let part = folder.join(".partial").join(room_name(&order, 0));
    std::fs::create_dir_all(&part).unwrap();
    for file in ["scan.ply", "scene.json", "questions.jsonl"] {
        std::fs::write(part.join(file), "half").unwrap();
    }
    assert!(tasks::suite::open(&folder).is_err());
    assert!(write_room(&assets, &order, 0, &folder).unwrap());
    let rooms = tasks::suite::open(&folder).unwrap();
    assert_eq!(rooms.len(), 1);
    tasks::suite::read_scene(&rooms[0]).unwrap();
    let first = read_files(&folder, &order, 0);
    assert!(!write_room(&assets, &order, 0, &folder).unwrap(), "a complete room was made again");
    // A folder without its questions, as an older version could leave it.
    std::fs::remove_file(rooms[0].questions()).unwrap();
    assert!(write_room(&assets, &order, 0, &folder).unwrap());
    assert!(first == read_files(&folder, &order, 0));
    roomgen::suite::tidy_up(&folder);
    assert!(!folder.join(".partial").exists());
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn twins_answer_otherwise() {
    let assets = Assets::shapes_only();
    let order =
        Order { seed: 5, split: Split::Test, worded: None, preset: Preset::named("kinect") };
    let pair = (0..24).find_map(|index| {
        let (made, twin) = make_room(&assets, &order, index).unwrap();
        twin.map(|twin| (made, twin, index))
    });
    let (made, twin, index) = pair.expect("a quarter of the rooms should have a twin");
    let facts = Facts::new(&twin.truth, &twin.cloud).unwrap();
    assert!(twin.questions.len() >= 3);
    for other in &twin.questions {
        let link = other.twin.as_deref().unwrap();
        let (room, id) = link.split_once('/').unwrap();
        assert_eq!(room, room_name(&order, index));
        let question = made.questions.iter().find(|question| question.id == id).unwrap();
        assert_eq!(question.twin, Some(format!("{}/{}", twin_name(&order, index), other.id)));
        assert_eq!((&question.text, &question.program), (&other.text, &other.program));
        assert!(
            question.answers[0] != other.answers[0]
                || question.objects.len() != other.objects.len()
        );
        assert_eq!(other.program.run(&facts).unwrap().answers, other.answers);
    }
    let pieces = [&made, &twin].map(|room| room.home.placed.len());
    assert!(pieces[0] - pieces[1] <= 1, "one piece at most is gone");
}
