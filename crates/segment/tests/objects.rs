//! Objects of a made room come out whole, alone, and the same every time.

mod common;

use common::Room;
use glam::Vec3;
use scene::{InstanceId, Scene};
use segment::{Objects, Options, SegmentError, Segmentation, Step, segment, with_instances};

fn iou(scene: &Scene, ids: &[u32], id: u32) -> f32 {
    let size = ids.iter().filter(|other| **other == id).count();
    scene
        .instances
        .iter()
        .map(|instance| {
            let shared = instance.points.iter().filter(|p| ids[**p as usize] == id).count();
            shared as f32 / (size + instance.points.len() - shared) as f32
        })
        .fold(0.0, f32::max)
}

#[test]
fn furniture_is_found_and_the_shell_is_not_furniture() {
    let room = Room::furnished();
    let scene = segment(room.cloud(), &Options::default()).unwrap();
    for id in 1..=5 {
        let iou = iou(&scene, &room.ids, id);
        assert!(iou > 0.6, "object {id}: IoU {iou}");
    }
    assert!(scene.instances.len() <= 7, "{} objects", scene.instances.len());
    assert!(scene.instances.iter().all(|i| (0.0..=1.0).contains(&i.score)));
    let structure = &scene.structure;
    assert!(structure.floor.is_some() && structure.ceiling.is_some());
    assert_eq!(structure.walls.len(), 4);
    for wall in &structure.walls {
        let inwards = -wall.bounds.centre().dot(wall.normal);
        assert!(inwards > 1.5, "a wall's normal points out of the room");
        let stray = wall.points.iter().filter(|p| room.ids[**p as usize] != 0).count();
        assert!(stray * 20 < wall.points.len());
    }
}

#[test]
fn where_there_are_no_networks_objects_are_found_by_hand() {
    let room = Room::furnished();
    let by_hand = Options { by_hand: true, ..Options::default() };
    let scene = segment(room.cloud(), &by_hand).unwrap();
    let found = (1..=5).filter(|id| iou(&scene, &room.ids, *id) > 0.5).count();
    // Colours and normals alone take a corner for a border.
    assert!(found >= 2, "{found} of 5");
    assert!(scene.instances.iter().all(|instance| instance.label.is_none()));
}

#[test]
fn what_is_found_is_named_with_five_guesses() {
    let scene = segment(Room::furnished().cloud(), &Options::default()).unwrap();
    for instance in &scene.instances {
        let label = instance.label.as_ref().unwrap();
        let scores: Vec<f32> =
            std::iter::once(label.score).chain(label.others.iter().map(|other| other.1)).collect();
        assert_eq!(scores.len(), 5);
        assert!(scores.is_sorted_by(|a, b| a >= b) && scores.iter().sum::<f32>() <= 1.0 + 1e-5);
    }
}

#[test]
fn a_bare_room_has_no_objects_and_says_so() {
    let scene = segment(Room::bare().cloud(), &Options::default()).unwrap();
    assert!(scene.instances.is_empty(), "{:?}", scene.instances.len());
    assert!(scene.warnings.iter().any(|warning| warning.code == "no-objects"));
}

#[test]
fn a_doorway_is_an_opening_and_a_wall_without_one_has_none() {
    let mut room = Room::bare();
    let grey = [205, 205, 195];
    room.block(9, Vec3::new(2.4, 0.0, 0.0), Vec3::new(0.12, 1.5, 2.6), grey);
    room.block(9, Vec3::new(2.4, 2.5, 0.0), Vec3::new(0.12, 1.5, 2.6), grey);
    let scene = segment(room.cloud(), &Options::default()).unwrap();
    let [opening] = scene.structure.openings[..] else { panic!("{:?}", scene.structure.openings) };
    let size = opening.bounds.size();
    assert!((0.7..1.3).contains(&size.x.max(size.y)) && size.z > 1.8, "{size}");
    assert!(scene.structure.walls[opening.wall].bounds.distance(&opening.bounds) < 0.1);
    let closed = segment(Room::bare().cloud(), &Options::default()).unwrap();
    assert!(closed.structure.openings.is_empty());
}

#[test]
fn a_wall_between_two_rooms_is_no_object_and_a_cupboard_is() {
    let mut room = Room::bare();
    // Twelve centimetres thick, with a way past its end; the cupboard stands free beside it.
    room.block(9, Vec3::new(2.4, 1.0, 0.0), Vec3::new(0.12, 3.0, 2.6), [205, 205, 195]);
    room.block(1, Vec3::new(3.6, 1.5, 0.0), Vec3::new(0.6, 1.2, 1.9), [120, 70, 30]);
    let scene = segment(room.cloud(), &Options::default()).unwrap();
    let cupboard = iou(&scene, &room.ids, 1);
    assert!(cupboard > 0.6, "IoU {cupboard}");
    assert_eq!(scene.instances.len(), 1);
    assert_eq!(scene.structure.walls.len(), 6);
}

#[test]
fn the_floor_of_the_next_room_is_no_rug() {
    let mut room = Room::bare();
    room.block(9, Vec3::new(2.4, 1.0, 0.0), Vec3::new(0.12, 3.0, 2.6), [205, 205, 195]);
    for (point, colour) in room.points.iter().zip(&mut room.colours) {
        if point.z < 0.02 && point.x > 2.52 {
            *colour = [60, 90, 140];
        }
    }
    let scene = segment(room.cloud(), &Options::default()).unwrap();
    assert!(scene.instances.is_empty(), "{} objects", scene.instances.len());
    let floor = scene.structure.floor.unwrap();
    assert!(floor.bounds.size().x > 4.9, "{}", floor.bounds.size());
}

#[test]
fn given_objects_keep_their_ids_points_and_boxes() {
    let room = Room::furnished();
    let ids: Vec<u32> = room.ids.iter().map(|id| id * 7).collect();
    let scene = with_instances(room.cloud(), &ids, &Options::default()).unwrap();
    assert_eq!(scene.instances.len(), 5);
    let table = scene.instance(InstanceId(7)).unwrap();
    assert!(table.points.iter().all(|p| ids[*p as usize] == 7));
    assert_eq!(table.points.len(), ids.iter().filter(|id| **id == 7).count());
    assert!((table.bounds.size() - glam::Vec3::new(1.4, 0.8, 0.75)).length() < 0.05);
    assert!(table.points.is_sorted());
    assert_eq!(scene.structure.walls.len(), 4);
}

#[test]
fn the_same_cloud_gives_the_same_scene_step_by_step() {
    let room = Room::furnished();
    let all_at_once = segment(room.cloud(), &Options::default()).unwrap();
    let mut work = Segmentation::new(room.cloud(), Objects::Found, &Options::default()).unwrap();
    let mut steps = 0;
    let stepped = loop {
        match work.step().unwrap() {
            Step::Working { done, total, what } => {
                assert!(done <= total && !what.is_empty());
                steps += 1;
            }
            Step::Done(scene) => break *scene,
        }
    };
    assert!(steps > 20, "{steps} steps");
    assert_eq!(work.step().unwrap_err(), SegmentError::Ended);
    assert_eq!(stepped.instances.len(), all_at_once.instances.len());
    for (a, b) in stepped.instances.iter().zip(&all_at_once.instances) {
        assert_eq!((a.id, &a.points, a.bounds, a.score), (b.id, &b.points, b.bounds, b.score));
    }
}

#[test]
fn without_colour_furniture_is_still_found() {
    let room = Room::furnished();
    let mut cloud = room.cloud();
    cloud.colours = None;
    let scene = segment(cloud, &Options::default()).unwrap();
    for id in [3, 4, 5] {
        let iou = iou(&scene, &room.ids, id);
        assert!(iou > 0.6, "object {id}: IoU {iou}");
    }
}
