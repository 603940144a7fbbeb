//! Up, unit and yaw are found again whatever way a room was written.

mod common;

use common::{Room, up_in_file};
use glam::{DMat3, DVec3};
use scene::{Scene, Unit, UpAxis};
use segment::{Options, segment};
use std::f64::consts::FRAC_PI_2;

/// Rotations that turn the room's z to the file's z, y, -y, and a camera's tilted y-down.
fn ways_up() -> [(&'static str, DMat3); 4] {
    [
        ("z", DMat3::IDENTITY),
        ("y", DMat3::from_rotation_x(-FRAC_PI_2)),
        ("-y", DMat3::from_rotation_x(FRAC_PI_2)),
        ("-y", DMat3::from_rotation_x(FRAC_PI_2 + 0.3)),
    ]
}

/// The room's own axes as the scene has them.
fn scene_from_room(scene: &Scene, rotation: DMat3) -> DMat3 {
    scene.scene_from_file.rotation * rotation
}

#[test]
fn up_unit_and_yaw_of_a_turned_room() {
    let room = Room::furnished();
    for (name, to_up) in ways_up() {
        for (unit, degrees) in
            [(Unit::Metre, 33.0), (Unit::Centimetre, -17.0), (Unit::Millimetre, 8.0)]
        {
            let rotation = to_up * DMat3::from_rotation_z(f64::to_radians(degrees));
            let cloud = room.in_file(rotation, 1.0 / unit.metres(), [0.0; 3]);
            let scene = segment(cloud, &Options::default()).unwrap();
            let case = format!("{name} {unit:?} {degrees}: {:?}", scene.warnings);
            assert_eq!(scene.reading.up.name(), name, "{case}");
            assert!(scene.reading.up.0.dot(up_in_file(rotation)) > 0.9999, "{case}");
            assert_eq!(scene.reading.unit, unit, "{case}");
            let turned = scene_from_room(&scene, rotation);
            let off = turned.x_axis.abs().max_element();
            assert!(off > 0.9999, "walls not along the axes: {turned}, {case}");
            let size = scene.bounds.size();
            let (long, short) = (size.x.max(size.y), size.x.min(size.y));
            assert!((long - 5.0).abs() < 0.1 && (short - 4.0).abs() < 0.1, "{size} {case}");
            assert!(scene.bounds.min.z.abs() < 0.05 && (size.z - 2.6).abs() < 0.1, "{case}");
            assert!(scene.bounds.centre().truncate().length() < 0.05, "{case}");
        }
    }
}

#[test]
fn what_the_caller_says_is_taken() {
    let cloud = Room::furnished().cloud();
    let up = UpAxis(DVec3::new(0.0, -3.0, 0.0));
    let options = Options { up: Some(up), unit: Some(Unit::Centimetre), ..Options::default() };
    let scene = segment(cloud, &options).unwrap();
    assert_eq!((scene.reading.up.name(), scene.reading.unit), ("-y", Unit::Centimetre));
    assert!((scene.bounds.size().z - 0.04).abs() < 0.01);
}

#[test]
fn every_point_is_where_scene_from_file_says() {
    let room = Room::furnished();
    let rotation = DMat3::from_rotation_y(0.0) * DMat3::from_rotation_z(0.4);
    // Map coordinates: an f32 alone would lose the millimetres.
    let origin = [431_234.567, 5_412_345.678, 312.25];
    let cloud = room.in_file(rotation, 1.0, origin);
    let in_file: Vec<DVec3> = cloud
        .positions
        .iter()
        .map(|p| DVec3::from(origin) + DVec3::from(p.map(f64::from)))
        .collect();
    let scene = segment(cloud, &Options::default()).unwrap();
    assert_eq!(scene.cloud.len(), room.points.len());
    for (index, point) in in_file.iter().enumerate() {
        let here = DVec3::from(scene.cloud.positions[index].map(f64::from));
        assert!((scene.scene_from_file.apply(*point) - here).length() < 1e-5);
        assert!((scene.scene_from_file.inverse().apply(here) - *point).length() < 1e-5);
    }
}

#[test]
fn an_upright_file_is_left_as_it_is() {
    let scene = segment(Room::furnished().cloud(), &Options::default()).unwrap();
    assert_eq!(scene.scene_from_file.rotation, DMat3::IDENTITY);
    assert_eq!(scene.scene_from_file.scale, 1.0);
    assert!(scene.warnings.is_empty(), "{:?}", scene.warnings);
}
