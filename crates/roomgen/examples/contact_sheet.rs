//! `contact_sheet OUT.png CLASS…`: one row of pictures a class, every mesh from its front, a
//! little from the right and above, with the split as the bar below (train green, val orange, test
//! red). For reviewing `data/classes.csv`.

use glam::{Vec2, Vec3};
use roomgen::assets::{Assets, Mesh};
use roomgen::home::Home;
use roomgen::paint::Paint;
use roomgen::room::{Carrier, Finish, FloorKind, Piece, Placed, Purpose, Room};
use roomgen::scan::{Camera, Preset, render};
use std::sync::Arc;
use tasks::suite::Split;

const CELL: usize = 120;
const COLUMNS: usize = 16;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let out = arguments.next().ok_or("contact_sheet OUT.png CLASS…")?;
    let assets = Assets::open()?;
    let mut rows: Vec<Vec<(Arc<Mesh>, Split)>> = Vec::new();
    for class in arguments {
        let mut cells = Vec::new();
        for split in [Split::Train, Split::Val, Split::Test] {
            for (number, listing) in assets.of(&class, split) {
                if listing.is_mesh() {
                    cells.push((assets.mesh(number)?, split));
                }
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
            for (x, y, rgb) in picture(mesh, split) {
                sheet.put_pixel(
                    (column * CELL + x) as u32,
                    (row * CELL + y) as u32,
                    image::Rgb(rgb),
                );
            }
        }
    }
    sheet.save(out)?;
    Ok(())
}

fn picture(mesh: Arc<Mesh>, split: Split) -> Vec<(usize, usize, [u8; 3])> {
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
        let (x, y) = (index % CELL, index / CELL);
        let shown = (pixel.albedo * pixel.light).to_array().map(|c| c as u8);
        (x, y, if y >= CELL - 5 { bar } else { shown })
    });
    pixels.collect()
}
