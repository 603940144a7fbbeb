use super::*;
use crate::{Change, Options, segment};
use scene::{Column, Edit};

/// A floor of 4 × 3 m with a block on it, and every kind of column.
fn scene() -> Scene {
    let mut positions = Vec::new();
    for x in 0..100 {
        positions.extend((0..75).map(|y| [x as f32 * 0.04, y as f32 * 0.04, 0.0]));
    }
    let block = surface(&Aabb { min: Vec3::new(1.0, 1.0, 0.0), max: Vec3::new(1.8, 1.6, 0.7) });
    positions.extend(block.iter().map(|(position, _)| *position));
    let count = positions.len();
    let cloud = PointCloud {
        positions,
        colours: Some(vec![[9; 3]; count]),
        normals: Some(vec![[0.0, 0.0, 1.0]; count]),
        columns: vec![Column { name: "quality".into(), values: vec![0.5; count] }],
        ..PointCloud::default()
    };
    segment(cloud, &Options::default()).unwrap()
}

fn cup() -> Edit {
    let bounds = Aabb { min: Vec3::new(0.1, 0.1, 0.7), max: Vec3::new(0.2, 0.3, 0.8) };
    Edit::Place { name: " my \u{7}cup ".into(), bounds }
}

fn lengths(cloud: &PointCloud) -> [usize; 4] {
    let colours = cloud.colours.as_ref().unwrap().len();
    [cloud.len(), colours, cloud.normals.as_ref().unwrap().len(), cloud.columns[0].values.len()]
}

#[test]
fn a_thing_is_put_in_and_taken_out_again() {
    let mut scene = scene();
    let (count, objects) = (scene.cloud.len(), scene.instances.len());
    let before = scene.cloud.positions.clone();
    let first = Change::make(&mut scene, &cup()).unwrap();
    let second = Change::make(&mut scene, &cup()).unwrap();
    assert_eq!(lengths(&scene.cloud), [count + first.placed() + second.placed(); 4]);
    assert_eq!(scene.cloud.positions[..count], before);
    let [.., one, other] = scene.instances.as_slice() else { panic!("{:?}", scene.instances) };
    assert!(scene.instances.iter().rev().skip(1).all(|old| old.id < other.id));
    assert_eq!((one.name(), first.reshaped()), ("my cup", vec![one.id]));
    assert_eq!(one.points.len(), first.placed());
    assert!(one.points.is_sorted() && *one.points.last().unwrap() < other.points[0]);
    let of_points = Aabb::of_points(scene.points_of(one));
    assert_eq!(of_points, one.bounds);
    // No joint knows them, so there is nothing to take apart, and nothing to grow from.
    let id = other.id;
    let split = Change::make(&mut scene, &Edit::Split { id });
    assert_eq!(split.unwrap_err(), EditError::OnePiece);

    // Moved, and all of it taken back.
    let id = scene.instances[objects].id;
    let moved = Change::make(&mut scene, &Edit::Move { id, by: [1.0, 0.3, 0.1] }).unwrap();
    assert_eq!(moved.moved().count(), first.placed());
    let after = scene.cloud.positions.clone();
    [&moved, &second, &first].iter().for_each(|change| change.undo(&mut scene));
    assert_eq!((lengths(&scene.cloud), scene.instances.len()), ([count; 4], objects));
    assert_eq!(scene.cloud.positions, before);
    [&first, &second, &moved].iter().for_each(|change| change.redo(&mut scene));
    assert_eq!(scene.cloud.positions, after);
    // What is deleted is no object, but its points stay until all is taken back.
    let gone = Change::make(&mut scene, &Edit::Delete { id }).unwrap();
    assert_eq!((scene.cloud.positions == after, gone.placed()), (true, 0));
}

#[test]
fn points_lie_on_the_sides_and_look_out() {
    for size in [[0.5, 0.3, 0.2], [0.001, 0.001, 0.001], [20.0, 0.001, 7.0], [9.0, 9.0, 9.0]] {
        let bounds = Aabb::from_centre_size(Vec3::new(1.3, -2.7, 0.9), size.into());
        let points = surface(&bounds);
        assert_eq!(points.len() as u64, points_of(steps(bounds.size())), "{size:?}");
        assert!((8..=MOST_POINTS as usize).contains(&points.len()), "{size:?} {}", points.len());
        assert_eq!(Aabb::of_points(points.iter().map(|(at, _)| Vec3::from(*at))), bounds);
        for (position, normal) in &points {
            assert!((Vec3::from(*normal).length() - 1.0).abs() < 1e-5);
            let is_side = |axis: usize| {
                position[axis] == bounds.min[axis] || position[axis] == bounds.max[axis]
            };
            assert!((0..3).any(is_side), "{position:?}");
        }
    }
    let fine = surface(&Aabb::from_centre_size(Vec3::ZERO, Vec3::new(0.4, 0.4, 0.02)));
    assert_eq!(fine.len(), 2 * 21 * 21, "2 cm apart");
}

#[test]
fn what_fits_nowhere_is_refused() {
    let mut scene = scene();
    let (count, objects) = (scene.cloud.len(), scene.instances.len());
    let at = |min: [f32; 3], max: [f32; 3]| Aabb { min: min.into(), max: max.into() };
    let far = FARTHEST_M + 10.0;
    for (bounds, expected) in [
        (at([f32::NAN, 0.0, 0.0], [1.0; 3]), EditError::FarAway),
        (at([0.0; 3], [1.0, f32::INFINITY, 1.0]), EditError::FarAway),
        (at([f32::NEG_INFINITY; 3], [f32::INFINITY; 3]), EditError::FarAway),
        (at([1e38; 3], [-1e38; 3]), EditError::NoSize),
        (at([far; 3], [far + 1.0; 3]), EditError::FarAway),
        (at([0.0; 3], [1.0, 0.000_5, 1.0]), EditError::NoSize),
        (at([1.0; 3], [0.0; 3]), EditError::NoSize),
        (at([0.0; 3], [9.0, 1.0, 1.0]), EditError::NoSize),
        (Aabb::EMPTY, EditError::NoSize),
    ] {
        let edit = Edit::Place { name: String::new(), bounds };
        assert_eq!(Change::make(&mut scene, &edit).unwrap_err(), expected, "{bounds:?}");
        assert_eq!((scene.cloud.len(), scene.instances.len()), (count, objects));
    }
    assert!(EditError::NoSize.to_string().contains("at least 1 mm long"), "{}", EditError::NoSize);
    let near = at([10.0; 3], [11.0; 3]);
    Change::make(&mut scene, &Edit::Place { name: String::new(), bounds: near }).unwrap();
    assert_eq!(scene.instances.last().unwrap().told, None);
}
