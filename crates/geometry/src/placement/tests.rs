use super::*;
use crate::relation::next_to;
use crate::testing::{block, boxed, ell, rect};
use crate::{Aabb2, Polygon};
use glam::{Vec2, Vec3};

const NONE: &[InstanceId] = &[];

fn solid(id: u32, bounds: Aabb) -> Solid {
    Solid { id: InstanceId(id), bounds, surface: None }
}

/// With a surface of the given points.
fn scanned(id: u32, points: Vec<Vec3>) -> Solid {
    let surface = Surface::new(points.iter().copied(), 0.02);
    Solid { id: InstanceId(id), bounds: Aabb::of_points(points), surface }
}

/// A table of 1.6 m × 0.8 m at (1, 1): a top at 0.74 m, two legs.
fn table(id: u32) -> Solid {
    let mut points = block(Vec3::new(1.0, 1.0, 0.70), Vec3::new(1.6, 0.8, 0.04));
    points.extend(block(Vec3::new(1.0, 1.0, 0.0), Vec3::new(0.05, 0.8, 0.7)));
    points.extend(block(Vec3::new(2.55, 1.0, 0.0), Vec3::new(0.05, 0.8, 0.7)));
    scanned(id, points)
}

/// A room of 4 m × 3 m, 2.5 m high.
fn floor() -> Floor {
    Floor {
        rooms: vec![Polygon::rectangle(rect(0.0, 0.0, 4.0, 3.0)).unwrap()],
        doorways: Vec::new(),
    }
}

fn layout<'a>(floor: &'a Floor, objects: &'a [Solid]) -> Layout<'a> {
    Layout { floor, ceiling_m: Some(2.5), objects }
}

#[test]
fn a_chair_goes_under_a_table_and_a_chest_does_not() {
    let (floor, objects) = (floor(), [table(7)]);
    let layout = layout(&floor, &objects);
    let stool = boxed([1.5, 0.7, 0.0], [1.9, 1.1, 0.5]);
    assert!(fits(&layout, &stool, NONE).ok());
    // As high as the table's top, and through a leg.
    let chest = boxed([1.5, 0.7, 0.0], [1.9, 1.1, 0.72]);
    assert_eq!(fits(&layout, &chest, NONE).collides_with, [InstanceId(7)]);
    let at_leg = boxed([0.8, 1.2, 0.0], [1.2, 1.6, 0.5]);
    assert_eq!(fits(&layout, &at_leg, NONE).collides_with, [InstanceId(7)]);
    assert!(fits(&layout, &chest, &[InstanceId(7)]).ok(), "once the table is gone");
    let boxes = [solid(7, objects[0].bounds)];
    let layout = Layout { objects: &boxes, ..layout };
    assert_eq!(fits(&layout, &stool, NONE).collides_with, [InstanceId(7)], "no points known");
}

#[test]
fn a_vase_stands_on_the_table_if_most_of_it_does() {
    let (floor, objects) = (floor(), [table(7)]);
    let layout = layout(&floor, &objects);
    let support = |min, max| fits(&layout, &boxed(min, max), NONE).support;
    let on_table = Some(Support::Object(InstanceId(7)));
    assert!(fits(&layout, &boxed([1.5, 1.2, 0.74], [1.7, 1.4, 1.0]), NONE).ok());
    assert_eq!(support([1.5, 1.2, 0.76], [1.7, 1.4, 1.0]), on_table);
    assert_eq!(support([1.5, 1.2, 0.79], [1.7, 1.4, 1.0]), None, "5 cm in the air");
    assert_eq!(support([1.5, 0.95, 0.74], [1.7, 1.15, 1.0]), on_table, "three quarters on it");
    assert_eq!(support([1.5, 0.9, 0.74], [1.7, 1.1, 1.0]), None, "half on it");
    assert_eq!(support([1.5, 1.2, 0.3], [1.7, 1.4, 0.5]), None, "in the air below it");
    let twins = [7, 8].map(|id| solid(id, objects[0].bounds));
    let between_twins = Layout { objects: &twins, ..layout };
    let vase = boxed([1.5, 1.2, 0.74], [1.7, 1.4, 1.0]);
    assert_eq!(fits(&between_twins, &vase, NONE).support, on_table, "the first of equal ones");
    let sunk = fits(&layout, &boxed([1.5, 1.2, 0.6], [1.7, 1.4, 0.9]), NONE);
    assert_eq!(sunk.collides_with, [InstanceId(7)]);
}

#[test]
fn a_headboard_does_not_carry() {
    // A bed with its mattress at 0.5 m and a headboard of 1.1 m.
    let mut points = block(Vec3::new(1.0, 0.0, 0.0), Vec3::new(1.6, 2.0, 0.5));
    points.extend(block(Vec3::new(1.0, 0.0, 0.5), Vec3::new(1.6, 0.05, 0.6)));
    let (floor, objects) = (floor(), [scanned(3, points)]);
    let layout = layout(&floor, &objects);
    let on_mattress = boxed([1.5, 1.0, 0.5], [1.9, 1.3, 0.7]);
    assert_eq!(fits(&layout, &on_mattress, NONE).support, Some(Support::Object(InstanceId(3))));
    let search = Search { near: Vec2::new(1.8, 1.0), radius_m: 1.0 };
    let found = find_place(&layout, Vec3::new(0.4, 0.3, 0.2), NONE, search, |_, support| {
        support != Support::Floor
    });
    assert_eq!(found.unwrap().bounds.min.z, 0.5);
}

#[test]
fn nothing_is_hidden_within_a_closed_shell() {
    // A sofa against the wall at y = 0, its inside and back unseen: front, top and two sides.
    let mut points = block(Vec3::new(1.0, 0.8, 0.0), Vec3::new(1.8, 0.0, 0.8));
    points.extend(block(Vec3::new(1.0, 0.0, 0.8), Vec3::new(1.8, 0.8, 0.0)));
    points.extend(block(Vec3::new(1.0, 0.0, 0.0), Vec3::new(0.0, 0.8, 0.8)));
    points.extend(block(Vec3::new(2.8, 0.0, 0.0), Vec3::new(0.0, 0.8, 0.8)));
    let (floor, objects) = (floor(), [scanned(4, points)]);
    let hidden = boxed([1.5, 0.2, 0.0], [1.9, 0.6, 0.4]);
    let found = fits(&layout(&floor, &objects), &hidden, NONE);
    assert_eq!(found.collides_with, [InstanceId(4)]);
}

#[test]
fn walls_ceiling_and_floor_hold() {
    let floor = floor();
    let layout = layout(&floor, &[]);
    let inside = |min, max| fits(&layout, &boxed(min, max), NONE).inside;
    assert!(inside([0.0, 0.0, 0.0], [1.0, 1.0, 2.5]));
    assert!(!inside([-0.1, 0.0, 0.0], [0.9, 1.0, 1.0]) && !inside([0.0; 3], [1.0, 1.0, 2.6]));
    assert!(!inside([0.0, 0.0, -0.5], [1.0, 1.0, 1.0]));
    let ell = Floor { rooms: vec![ell()], doorways: Vec::new() };
    let layout = Layout { floor: &ell, ..layout };
    assert!(!fits(&layout, &boxed([1.5, 0.5, 0.0], [2.5, 1.5, 1.0]), NONE).inside);
}

#[test]
fn neighbours_may_touch_and_rugs_are_stood_on() {
    let floor = floor();
    let objects = [
        solid(1, boxed([1.0, 1.0, 0.0], [2.0, 2.0, 1.0])),
        solid(2, boxed([2.0, 0.0, 0.0], [4.0, 3.0, 0.02])),
    ];
    let layout = layout(&floor, &objects);
    assert!(fits(&layout, &boxed([2.0, 1.0, 0.0], [3.0, 2.0, 1.0]), NONE).ok());
    let found = fits(&layout, &boxed([1.9, 1.0, 0.0], [2.9, 2.0, 1.0]), NONE);
    assert_eq!(found.collides_with, [InstanceId(1)]);
}

#[test]
fn the_nearest_free_place_next_to_the_cupboard() {
    let floor = floor();
    let cupboard = boxed([1.0, 0.0, 0.0], [2.0, 0.5, 1.0]);
    let objects = [solid(1, cupboard)];
    let layout = layout(&floor, &objects);
    let size = Vec3::new(0.4, 0.6, 0.8);
    // Wished for in the cupboard's middle at x = 1.6: out to its right is nearest.
    let search = Search { near: Vec2::new(1.6, 0.3), radius_m: 2.0 };
    let beside = |bounds: &Aabb, _| next_to(bounds, &cupboard) && bounds.min.x >= cupboard.max.x;
    let spot = find_place(&layout, size, NONE, search, beside).unwrap();
    assert!((spot.bounds.min - Vec3::new(2.0, 0.0, 0.0)).length() < 1e-4, "{spot:?}");
    assert_eq!((spot.quarter_turns, spot.support), (0, Support::Floor));
    // In a strip of 0.5 m there is room only when it is turned.
    let strip = |bounds: &Aabb, _| bounds.max.y <= 0.5 && bounds.min.x >= 2.0;
    let spot = find_place(&layout, size, NONE, search, strip).unwrap();
    assert_eq!(spot.quarter_turns, 1);
    assert!((spot.bounds.size() - Vec3::new(0.6, 0.4, 0.8)).length() < 1e-5);
    // On top, where that is asked for.
    let on_top = find_place(&layout, Vec3::splat(0.3), NONE, search, |_, support| {
        support == Support::Object(InstanceId(1))
    });
    assert_eq!(on_top.unwrap().bounds.min.z, 1.0);
    assert_eq!(find_place(&layout, size, NONE, search, |_, _| false), None);
}

#[test]
fn bad_numbers_find_nothing_and_fit_nowhere() {
    let floor = floor();
    let objects = [solid(1, Aabb::EMPTY), solid(2, boxed([f32::NAN; 3], [1.0; 3]))];
    let layout = layout(&floor, &objects);
    let nan = Vec3::splat(f32::NAN);
    for bounds in [
        Aabb::EMPTY,
        Aabb { min: nan, max: nan },
        Aabb { min: Vec3::NEG_INFINITY, max: Vec3::INFINITY },
    ] {
        assert!(!fits(&layout, &bounds, NONE).ok() && !fits(&layout, &bounds, NONE).inside);
    }
    assert!(fits(&layout, &boxed([0.5, 0.5, 0.0], [1.0, 1.0, 1.0]), NONE).ok());
    let find = |size, near, radius_m| {
        find_place(&layout, size, NONE, Search { near, radius_m }, |_, _| true).is_some()
    };
    let (one, middle) = (Vec3::splat(0.3), Vec2::new(2.0, 1.5));
    assert!(find(one, middle, 0.0) && find(one, middle, f32::INFINITY));
    assert!(!find(nan, middle, 1.0) && !find(Vec3::ZERO, middle, 1.0));
    assert!(!find(one, Vec2::NAN, 1.0) && !find(one, middle, f32::NAN) && !find(one, middle, -1.0));
    let nowhere = Floor::default();
    let empty = Layout { floor: &nowhere, ceiling_m: None, objects: &[] };
    assert!(Aabb2::is_empty(&nowhere.bounds()));
    assert!(!fits(&empty, &boxed([0.0; 3], [1.0; 3]), NONE).inside);
}
