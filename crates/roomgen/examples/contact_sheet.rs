//! Pictures for people to judge by eye.
//!
//! `contact_sheet OUT.png CLASS…`: one row of pictures a class, every mesh and shape from its
//! front, a little from the right and above, with the split as the bar below (train green, val
//! orange, test red). For reviewing `data/classes.csv`.
//!
//! `contact_sheet OUT.png --rooms SEED`: twenty rooms from above, and how often each class and
//! material occurs in two hundred.

use glam::{Vec2, Vec3};
use roomgen::assets::{Assets, Mesh};
use roomgen::home::Home;
use roomgen::layout::furnish;
use roomgen::paint::Paint;
use roomgen::rng::Rng;
use roomgen::room::{Carrier, Finish, FloorKind, Piece, Placed, Purpose, Room};
use roomgen::scan::{Camera, Preset, render};
use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;
use tasks::suite::Split;

const CELL: usize = 120;
const COLUMNS: usize = 16;

/// Of a room's picture, pixels.
const VIEW: (usize, usize) = (480, 380);

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let out = arguments.next().ok_or("contact_sheet OUT.png CLASS… | --rooms SEED")?;
    let assets = Assets::open()?;
    let rest: Vec<String> = arguments.collect();
    match rest.as_slice() {
        [flag, seed] if flag == "--rooms" => rooms(&assets, &out, seed.parse()?),
        classes => pieces(&assets, &out, classes),
    }
}

fn pieces(assets: &Assets, out: &str, classes: &[String]) -> Result<(), Box<dyn Error>> {
    let mut rows: Vec<Vec<(Arc<Mesh>, Split)>> = Vec::new();
    for class in classes {
        let mut cells = Vec::new();
        for split in [Split::Train, Split::Val, Split::Test] {
            for (number, _) in assets.of(class, split) {
                cells.push((assets.mesh(number)?, split));
            }
        }
        for row in cells.chunks(COLUMNS) {
            println!("{class}:");
            for (mesh, _) in row {
                println!("    {} {:.2}", mesh.name, mesh.size);
            }
            rows.push(row.to_vec());
        }
    }
    let mut sheet = image::RgbImage::new((COLUMNS * CELL) as u32, (rows.len() * CELL) as u32);
    for (row, cells) in rows.into_iter().enumerate() {
        for (column, (mesh, split)) in cells.into_iter().enumerate() {
            paste(&mut sheet, column * CELL, row * CELL, CELL, picture(mesh, split));
        }
    }
    sheet.save(out)?;
    Ok(())
}

fn rooms(assets: &Assets, out: &str, seed: u64) -> Result<(), Box<dyn Error>> {
    let mut sheet = image::RgbImage::new((5 * VIEW.0) as u32, (4 * VIEW.1) as u32);
    let mut classes: BTreeMap<String, usize> = BTreeMap::new();
    let mut sizes = Vec::new();
    for index in 0..200 {
        let mut rng = Rng::from_numbers([seed, index, 77, 0]);
        let room = furnish(assets, Split::Train, &mut rng)?;
        sizes.push(room.placed.len());
        for placed in &room.placed {
            *classes.entry(placed.piece.class.clone()).or_default() += 1;
        }
        if index < 20 {
            let cell = index as usize;
            println!("{index}: {:?}, {} pieces", room.purpose, room.placed.len());
            paste(&mut sheet, cell % 5 * VIEW.0, cell / 5 * VIEW.1, VIEW.0, from_above(room));
        }
    }
    sheet.save(out)?;
    sizes.sort_unstable();
    let total: usize = sizes.iter().sum();
    let at = |share: usize| sizes[(sizes.len() - 1) * share / 100];
    println!(
        "pieces a room: least {}, p10 {}, p50 {}, p90 {}, most {}",
        at(0),
        at(10),
        at(50),
        at(90),
        at(100)
    );
    let mut shares: Vec<_> = classes.into_iter().collect();
    shares.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    for (class, count) in &shares {
        println!("{class}: {count} ({:.2} %)", 100.0 * *count as f32 / total as f32);
    }
    let absent: Vec<&str> =
        assets.classes().filter(|class| !shares.iter().any(|(known, _)| known == class)).collect();
    println!("{} classes occur, never: {absent:?}", shares.len());
    Ok(())
}

/// Through the roof, from a corner.
fn from_above(mut room: Room) -> Vec<[u8; 3]> {
    let middle = room.size / 2.0;
    let width = room.size.truncate().length();
    // The ceiling goes up, out of the way.
    room.size.z = 3.0 * width.max(3.0);
    let mut preset = Preset::ALL[0].clone();
    (preset.width, preset.height, preset.field_of_view_deg) = (VIEW.0, VIEW.1, 46.0);
    let target = middle.truncate().extend(0.5);
    let eye = Vec3::new(middle.x * 0.72, middle.y * 0.2, 1.38 * width + 0.6);
    let frame = render(&Home::of(room), &Camera::looking_at(eye, target, &preset));
    frame.pixels.iter().map(|p| (p.albedo * p.light).to_array().map(|c| c as u8)).collect()
}

fn paste(sheet: &mut image::RgbImage, x: usize, y: usize, width: usize, pixels: Vec<[u8; 3]>) {
    for (index, rgb) in pixels.into_iter().enumerate() {
        let (column, row) = (x + index % width, y + index / width);
        sheet.put_pixel(column as u32, row as u32, image::Rgb(rgb));
    }
}

fn picture(mesh: Arc<Mesh>, split: Split) -> Vec<[u8; 3]> {
    let white = Vec3::splat(255.0);
    let finish = Finish {
        floor: FloorKind::Carpet,
        floor_colour: white * 0.8,
        wall_colour: white,
        accent: None,
        ceiling_colour: white,
    };
    let radius = mesh.size.length() / 2.0;
    let piece = Piece { class: String::new(), mesh, scale: Vec3::ONE, paint: Paint::default() };
    let base = Vec2::splat(20.0).extend(0.0);
    let bounds = piece.bounds_at(base, 0.0);
    let placed = Placed { piece, base, yaw: 0.0, bounds, support: Carrier::Floor };
    let size = Vec3::new(40.0, 40.0, 20.0);
    let room = Room { purpose: Purpose::Living, size, notch: None, finish, placed: vec![placed] };
    let mut preset = Preset::ALL[0].clone();
    (preset.width, preset.height, preset.field_of_view_deg) = (CELL, CELL, 40.0);
    let eye = bounds.centre() + Vec3::new(0.9, -2.2, 1.1).normalize() * (radius * 3.0);
    let frame = render(&Home::of(room), &Camera::looking_at(eye, bounds.centre(), &preset));
    let bar = match split {
        Split::Train => [60, 160, 60],
        Split::Val => [230, 150, 40],
        Split::Test => [210, 50, 50],
    };
    let pixels = frame.pixels.iter().enumerate().map(|(index, pixel)| {
        let shown = (pixel.albedo * pixel.light).to_array().map(|c| c as u8);
        if index / CELL >= CELL - 5 { bar } else { shown }
    });
    pixels.collect()
}
