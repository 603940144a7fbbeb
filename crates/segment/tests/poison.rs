//! Whatever a file holds, there is a scene or a typed error, never a panic or a hang.

mod common;

use common::Room;
use glam::DVec3;
use scene::{PointCloud, UpAxis};
use segment::{Options, SegmentError, segment, with_instances};

fn cloud(positions: Vec<[f32; 3]>) -> PointCloud {
    PointCloud { positions, ..PointCloud::default() }
}

#[test]
fn odd_clouds_end_in_a_scene_or_an_error() {
    let nan = f32::NAN;
    let line = |scale: f32| (0..500).map(|i| [i as f32 * scale, 0.0, 0.0]).collect::<Vec<_>>();
    let sheet = |scale: f32| {
        (0..2500).map(|i| [(i % 50) as f32 * scale, (i / 50) as f32 * scale, 0.0]).collect()
    };
    let refused = [vec![], vec![[1.0; 3]], vec![[5.0; 3]; 400], vec![[nan; 3]; 9]];
    for positions in refused {
        assert!(segment(cloud(positions), &Options::default()).is_err());
    }
    let accepted: Vec<Vec<[f32; 3]>> = vec![
        vec![[0.0; 3], [1.0, 2.0, 3.0]],
        vec![[0.0; 3], [0.0, 0.0, 1e-30]],
        vec![[-1e18; 3], [1e18; 3]],
        vec![[1e-40, 0.0, 0.0], [0.0; 3], [nan, 0.0, 0.0]],
        line(0.01),
        line(1e15),
        line(1e-12),
        sheet(0.02),
        sheet(1e12),
        sheet(1e-9),
        (0..64).map(|i| [(i % 4) as f32, (i / 4 % 4) as f32, (i / 16) as f32]).collect(),
    ];
    for positions in accepted {
        let count = positions.len();
        let scene = segment(cloud(positions), &Options::default()).unwrap();
        assert_eq!(scene.cloud.len(), count);
        assert!(!scene.warnings.is_empty(), "nothing to say about {count} odd points");
        assert!(scene.instances.iter().all(|i| !i.bounds.is_empty()));
    }
}

#[test]
fn stray_rows_change_nothing_for_the_others() {
    let room = Room::furnished();
    let plain = segment(room.cloud(), &Options::default()).unwrap();
    let mut cloud = room.cloud();
    let strays = [[f32::NAN, 0.0, 0.0], [1e9, 0.0, 0.0], [f32::INFINITY; 3], [3e38; 3]];
    cloud.positions.extend(strays);
    if let Some(colours) = &mut cloud.colours {
        colours.extend([[0; 3]; 4]);
    }
    let scene = segment(cloud, &Options::default()).unwrap();
    assert_eq!(scene.cloud.len(), room.points.len() + 4);
    assert_eq!(scene.instances.len(), plain.instances.len());
    for (a, b) in scene.instances.iter().zip(&plain.instances) {
        assert_eq!((&a.points, a.bounds), (&b.points, b.bounds));
    }
    let codes: Vec<&str> = scene.warnings.iter().map(|warning| warning.code.as_str()).collect();
    assert_eq!(codes, ["non-finite-points", "points-far-away"]);
}

#[test]
fn what_the_reader_has_told_is_not_told_again() {
    let mut cloud = Room::furnished().cloud();
    cloud.positions[0] = [f32::NAN; 3];
    cloud.warnings = vec![scene::Warning::new(scene::Warning::NON_FINITE_POINTS, "One point.")];
    let scene = segment(cloud, &Options::default()).unwrap();
    assert_eq!(scene.warnings.len(), 1, "{:?}", scene.warnings);
}

#[test]
fn columns_of_the_wrong_length_and_bad_vectors_are_refused() {
    let room = Room::furnished();
    let mut short = room.cloud();
    short.colours = Some(vec![[0; 3]; 5]);
    let found = segment(short, &Options::default()).unwrap_err();
    assert!(matches!(found, SegmentError::ColumnLength { found: 5, .. }), "{found}");
    let found = with_instances(room.cloud(), &[1, 2], &Options::default()).unwrap_err();
    assert!(matches!(found, SegmentError::ColumnLength { found: 2, .. }), "{found}");
    for up in [DVec3::ZERO, DVec3::NAN, DVec3::INFINITY] {
        let options = Options { up: Some(UpAxis(up)), ..Options::default() };
        let found = segment(room.cloud(), &options).unwrap_err();
        assert!(matches!(found, SegmentError::BadVector { .. }), "{found}");
    }
    let mut nowhere = room.cloud();
    nowhere.origin = [f64::NAN, 0.0, 0.0];
    assert!(segment(nowhere, &Options::default()).is_err());
}

#[test]
fn more_than_two_hundred_objects_are_cut_to_the_largest() {
    let room = Room::furnished();
    let ids: Vec<u32> = (0..room.points.len() as u32).map(|i| i % 300 + 1).collect();
    let scene = with_instances(room.cloud(), &ids, &Options::default()).unwrap();
    assert_eq!(scene.instances.len(), 200);
    assert!(scene.warnings.iter().any(|warning| warning.code == "too-many-objects"));
}
