//! Times the questions on a home of 60 m² with 60 objects: three rooms, doorways between them.
//! `cargo run --release -p geometry --example home`

use geometry::{
    Aabb2, Floor, FreeSpace, FreeSpaceError, Layout, Obstacle, Polygon, Search, Solid, Surface,
    find_place, fits, shortest_path,
};
use glam::{Vec2, Vec3};
use scene::{Aabb, InstanceId};
use std::hint::black_box;
use std::time::Instant;

/// Half of a person's width.
const PERSON_M: f32 = 0.25;
const REPEATS: u32 = 50;

fn main() -> Result<(), FreeSpaceError> {
    let floor = home();
    let boxes = furniture(&floor);
    let surfaces: Vec<Vec<Vec3>> = boxes.iter().map(shell).collect();
    let points = surfaces.iter().map(Vec::len).sum::<usize>();
    println!("{} objects, {points} surface points", boxes.len());

    let from_boxes = || FreeSpace::of_floor(&floor, boxes.iter().copied().map(Obstacle::Box));
    let from_points =
        || FreeSpace::of_floor(&floor, surfaces.iter().map(|points| Obstacle::Points(points)));
    time("free space from boxes", from_boxes);
    time("free space from surfaces", from_points);
    let seen: Vec<Vec3> = (0..1_000_000).map(scanned_floor).collect();
    let bounds = floor.bounds();
    let scan =
        || FreeSpace::of_scan(bounds, seen.iter().chain(surfaces.iter().flatten()).copied(), []);
    time("free space from a million floor points and the surfaces", scan);

    let space = from_boxes()?;
    println!("{:.1} m² free", space.free_area_m2());
    let (from, to) = (Vec2::new(0.8, 5.0), Vec2::new(9.2, 5.0));
    let path = shortest_path(&space, from, to, PERSON_M);
    println!("{:?}", path.map(|path| (path.length_m, path.waypoints.len())));
    time("path across the home", || shortest_path(&space, from, to, PERSON_M));
    time("path to an object", || shortest_path(&space, from, Aabb2::from(boxes[59]), PERSON_M));

    let objects: Vec<Solid> = boxes
        .iter()
        .zip(&surfaces)
        .zip(1..)
        .map(|((bounds, points), id)| Solid {
            id: InstanceId(id),
            bounds: *bounds,
            surface: Surface::new(points.iter().copied(), 0.02),
        })
        .collect();
    let layout = Layout { floor: &floor, ceiling_m: Some(2.5), objects: &objects };
    time("fits", || fits(&layout, &boxes[30], &[InstanceId(31)]));
    let search = Search { near: Vec2::new(3.0, 3.0), radius_m: 3.0 };
    let size = Vec3::new(0.5, 0.4, 0.6);
    time("find a place", || find_place(&layout, size, &[], search, |_, _| true));
    time("find none within 3 m", || {
        find_place(&layout, Vec3::new(2.0, 1.9, 0.6), &[], search, |_, _| true)
    });
    Ok(())
}

fn time<T>(name: &str, question: impl Fn() -> T) {
    let start = Instant::now();
    for _ in 0..REPEATS {
        black_box(question());
    }
    println!("{name}: {:.4} ms", start.elapsed().as_secs_f64() * 1e3 / f64::from(REPEATS));
}

fn home() -> Floor {
    let rect = |x0, y0, x1, y1| Aabb2 { min: Vec2::new(x0, y0), max: Vec2::new(x1, y1) };
    let rooms = [rect(0.0, 0.0, 4.0, 6.0), rect(4.1, 0.0, 10.0, 2.9), rect(4.1, 3.0, 10.0, 6.0)];
    Floor {
        rooms: rooms.into_iter().filter_map(Polygon::rectangle).collect(),
        doorways: vec![rect(4.0, 1.0, 4.1, 1.9), rect(8.0, 2.9, 8.9, 3.0)],
    }
}

/// Along the long walls of the three rooms and some in the middle, placed by a low-discrepancy
/// sequence, so that every run sees the same home; none before a doorway.
fn furniture(floor: &Floor) -> Vec<Aabb> {
    let before_doorway = |bounds: &Aabb| {
        let footprint = Aabb2::from(*bounds);
        floor.doorways.iter().any(|door| !door.grown(0.7).intersection(&footprint).is_empty())
    };
    (1..1000_u32)
        .map(|number| {
            let i = number as f32;
            let u = |step: f32| (i * step).fract();
            let size = Vec3::new(0.2 + 0.5 * u(0.4142), 0.2 + 0.3 * u(0.7321), 0.2 + u(0.2361));
            let x = u(0.6180) * (10.0 - size.x);
            let y = match number % 5 {
                0 => 0.0,
                1 if x > 4.1 => 2.9 - size.y,
                2 if x > 4.1 => 3.0,
                3 => 6.0 - size.y,
                _ => u(0.7549) * (6.0 - size.y),
            };
            let min = Vec3::new(x, y, 0.0);
            Aabb { min, max: min + size }
        })
        .filter(|bounds| !before_doorway(bounds))
        .take(60)
        .collect()
}

/// A box's faces, a point every 2 cm.
fn shell(bounds: &Aabb) -> Vec<Vec3> {
    let size = bounds.size();
    let [nx, ny, nz] = (size / 0.02).ceil().to_array().map(|count| count as u32);
    let step = size / Vec3::new(nx as f32, ny as f32, nz as f32);
    (0..=nx)
        .flat_map(|x| (0..=ny).flat_map(move |y| (0..=nz).map(move |z| (x, y, z))))
        .filter(|(x, y, z)| x % nx == 0 || y % ny == 0 || z % nz == 0)
        .map(|(x, y, z)| bounds.min + Vec3::new(x as f32, y as f32, z as f32) * step)
        .collect()
}

fn scanned_floor(i: u32) -> Vec3 {
    let (column, row) = (i % 1250, i / 1250);
    Vec3::new(column as f32 * 0.008, row as f32 * 0.0075, 0.0)
}
