use super::*;
use crate::testing::{boxed, ell, rect, two_rooms};
use crate::{Aabb2, Floor, Obstacle};

/// Half of a person's width.
const PERSON_M: f32 = 0.25;

fn in_two_rooms(boxes: &[scene::Aabb]) -> FreeSpace {
    FreeSpace::of_floor(&two_rooms(), boxes.iter().copied().map(Obstacle::Box)).unwrap()
}

fn at(x: f32, y: f32) -> Vec2 {
    Vec2::new(x, y)
}

#[test]
fn straight_across_an_empty_room() {
    let space = in_two_rooms(&[]);
    let path = shortest_path(&space, at(0.5, 0.5), at(3.5, 2.5), PERSON_M).unwrap();
    assert_eq!(path.waypoints, [at(0.5, 0.5), at(3.5, 2.5)]);
    assert!((path.length_m - 3.0_f32.hypot(2.0)).abs() < 1e-5);
}

#[test]
fn through_the_doorway_and_no_other_way() {
    let space = in_two_rooms(&[]);
    let (from, to) = (at(1.0, 0.5), at(6.1, 0.5));
    let path = shortest_path(&space, from, to, PERSON_M).unwrap();
    // Pulled round the doorway's lower jamb at 0.25 m: past (4, 1.75 ..) both ways at y ≈ 2.25.
    let least = from.distance(at(4.0, 2.25)) + 0.1 + at(4.1, 2.25).distance(to);
    assert!(path.length_m > least - 0.1 && path.length_m < least * 1.03, "{path:?} {least}");
    assert!(check(&space, &path.waypoints, PERSON_M).ok);
    assert!(path.waypoints.len() <= 5, "{path:?}");
    // Nobody 1 m wide comes through 0.9 m.
    assert_eq!(shortest_path(&space, from, to, 0.5), None);
    let shut = in_two_rooms(&[boxed([3.9, 1.9, 0.0], [4.2, 3.0, 2.0])]);
    assert_eq!(shortest_path(&shut, from, to, PERSON_M), None);
}

#[test]
fn round_the_corner_of_an_l() {
    let floor = Floor { rooms: vec![ell()], doorways: Vec::new() };
    let space = FreeSpace::of_floor(&floor, []).unwrap();
    let (from, to) = (at(1.5, 2.7), at(3.7, 0.5));
    let path = shortest_path(&space, from, to, 0.0).unwrap();
    // Without clearance the corner itself is the turn.
    let least = from.distance(at(2.0, 1.0)) + at(2.0, 1.0).distance(to);
    assert!(path.length_m >= least - 1e-3 && path.length_m < least + 0.08, "{path:?} {least}");
}

#[test]
fn nobody_squeezes_between_two_touching_corners() {
    let quarter = |x: f32, y: f32| boxed([x, y, 0.0], [x + 2.0, y + 1.5, 1.0]);
    let rising = [quarter(0.0, 0.0), quarter(2.0, 1.5)];
    let falling = [quarter(2.0, 0.0), quarter(0.0, 1.5)];
    let (left, right) = (1.975, 2.025);
    let (below, above) = (1.475, 1.525);
    for (boxes, a, b) in
        [(rising, at(left, above), at(right, below)), (falling, at(left, below), at(right, above))]
    {
        // The doorway leads nowhere, so there is no way round either.
        let space = in_two_rooms(&boxes);
        assert_eq!(shortest_path(&space, a, b, 0.0), None);
        assert_eq!(shortest_path(&space, b, a, 0.0), None);
    }
}

#[test]
fn people_walk_up_to_the_bed_not_onto_it() {
    let bed = boxed([1.0, 1.0, 0.0], [3.0, 3.0, 0.5]);
    let space = in_two_rooms(&[bed]);
    let path = shortest_path(&space, at(0.5, 0.3), Aabb2::from(bed), PERSON_M).unwrap();
    // Near enough already: the bed is 0.5 m in x and 0.7 m in y away; 0.6 m are reached on the way.
    let end = *path.waypoints.last().unwrap();
    let gap = Aabb2::from(bed).nearest(end).distance(end);
    assert!(gap <= 0.6 && gap > 0.5, "{path:?}");
    assert!(path.length_m < 0.4, "{path:?}");
    // To its middle as a point there is no way: it lies 1 m within.
    assert_eq!(shortest_path(&space, at(0.5, 0.3), at(2.0, 2.0), PERSON_M), None);
    // A point on its edge is replaced by the nearest place to stand, 0.25 m before it.
    let path = shortest_path(&space, at(0.5, 0.3), at(2.0, 1.02), PERSON_M).unwrap();
    let end = *path.waypoints.last().unwrap();
    assert!((end.x - 2.0).abs() < 0.06 && (end.y - 0.75).abs() < 0.06, "{path:?}");
}

#[test]
fn a_bed_is_not_reached_through_the_wall() {
    let bed = boxed([2.0, 0.0, 0.0], [4.0, 1.6, 0.5]);
    let space = in_two_rooms(&[bed]);
    let target = Target::from(Aabb2::from(bed));
    assert!(target.is_reached_from(&space, at(3.0, 2.0)));
    assert!(!target.is_reached_from(&space, at(4.4, 1.0)), "0.4 m, but in the next room");
    let path = shortest_path(&space, at(4.5, 0.5), target, PERSON_M).unwrap();
    assert!(path.waypoints.last().unwrap().x < 4.2, "{path:?}");
    // A picture on the wall is reached from its own side.
    let picture = Target::from(rect(3.98, 0.5, 4.02, 1.0));
    assert!(picture.is_reached_from(&in_two_rooms(&[]), at(3.7, 0.7)));
}

#[test]
fn who_is_there_need_not_walk() {
    let space = in_two_rooms(&[]);
    let path = shortest_path(&space, at(1.0, 1.0), at(1.0, 1.0), PERSON_M).unwrap();
    assert_eq!((path.waypoints.len(), path.length_m), (1, 0.0));
    let path = shortest_path(&space, at(1.001, 1.001), at(1.011, 1.001), PERSON_M).unwrap();
    assert!((path.length_m - 0.01).abs() < 1e-5, "both in one cell: {path:?}");
}

#[test]
fn a_way_is_judged_by_its_first_blocked_segment() {
    let space = in_two_rooms(&[boxed([1.0, 1.0, 0.0], [2.0, 2.0, 1.0])]);
    let way = [at(0.5, 0.5), at(2.5, 0.5), at(0.5, 2.5)];
    let found = check(&space, &way, PERSON_M);
    assert_eq!((found.ok, found.blocked), (false, Some(1)));
    assert!((found.length_m - (2.0 + 8.0_f32.sqrt())).abs() < 1e-5);
    assert!(check(&space, &way[..2], PERSON_M).ok);
    assert!(!check(&space, &way[..2], 0.6).ok, "0.5 m from the box");
    assert!(check(&space, &way[..1], PERSON_M).ok);
    assert_eq!(check(&space, &[at(1.5, 1.5)], PERSON_M).blocked, Some(0));
    assert!(!check(&space, &[], PERSON_M).ok);
    for bad in [at(f32::NAN, 1.0), at(f32::INFINITY, 1.0), at(-1e30, 1.0)] {
        assert_eq!(check(&space, &[at(0.5, 0.5), bad], PERSON_M).blocked, Some(0));
        assert_eq!(shortest_path(&space, at(0.5, 0.5), bad, PERSON_M), None);
        assert_eq!(shortest_path(&space, bad, at(0.5, 0.5), PERSON_M), None);
    }
    assert_eq!(shortest_path(&space, Aabb2::EMPTY, at(0.5, 0.5), PERSON_M), None);
    assert_eq!(shortest_path(&space, at(0.5, 0.5), at(1.5, 0.5), f32::NAN), None);
}

#[test]
fn a_detour_counts_for_less() {
    let space = in_two_rooms(&[]);
    let (from, to) = (at(0.5, 0.5), at(3.5, 0.5));
    // 2.5 m there and 2.5 m back on a way of 3 m.
    let detour = [from, at(2.0, 2.5), to];
    let found = attempt(&space, &detour, from, to, PERSON_M).unwrap();
    assert!(found.success && (found.spl() - 3.0 / 5.0).abs() < 1e-4, "{found:?}");
    let straight = attempt(&space, &[from, to], from, to, PERSON_M).unwrap();
    assert!((straight.spl() - 1.0).abs() < 1e-5);
    let short = attempt(&space, &[from, at(2.5, 0.5)], from, to, PERSON_M).unwrap();
    assert!(!short.success && short.spl() == 0.0, "a metre before the end");
    assert_eq!(attempt(&space, &[from], from, at(50.0, 0.5), PERSON_M), None);
    let through =
        attempt(&space, &[at(3.5, 0.5), at(4.6, 0.5)], at(3.5, 0.5), at(4.6, 0.5), PERSON_M);
    assert!(!through.unwrap().success, "through the wall");
    let stay = attempt(&space, &[from], from, from, PERSON_M).unwrap();
    assert_eq!(stay.spl(), 1.0);
}
