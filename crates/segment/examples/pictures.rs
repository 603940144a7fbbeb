//! Draws what `segment` finds: a row for each scan, as it is and with a colour for each object.
//!
//! `cargo run --release -p segment --example pictures -- OUT.jpg [--from=DEGREES] SCAN.ply…`
//!
//! They are looked at from above and from one side: at 0 from where x is greatest, at 90 from where
//! y is; 43 without the option.

use glam::Vec3;
use image::{Rgb, RgbImage};
use scene::Scene;
use segment::{Options, segment};

/// Pixels of one picture.
const WIDTH: u32 = 560;
const HEIGHT: u32 = 400;
/// From where it is looked at: degrees about z, and how steeply down, radians.
const FROM_DEG: f32 = 43.0;
const DOWN: f32 = 0.75;
/// Of the points on each side so many may lie outside the picture.
const TAIL: f32 = 0.004;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let out = arguments.next().ok_or("usage: pictures OUT.jpg [--from=DEGREES] SCAN.ply…")?;
    let (mut rows, mut from_deg) = (Vec::new(), FROM_DEG);
    for path in arguments {
        if let Some(degrees) = path.strip_prefix("--from=") {
            from_deg = degrees.parse()?;
            continue;
        }
        let scene = segment(ply::read(&std::fs::read(&path)?)?, &Options::default())?;
        println!("{path}: {} objects", scene.instances.len());
        rows.push(scene);
    }
    let mut sheet = RgbImage::new(2 * WIDTH, HEIGHT * rows.len() as u32);
    for (row, scene) in rows.iter().enumerate() {
        let (own, top) = (own_colours(scene), row as u32 * HEIGHT);
        draw(&mut sheet, [0, top], from_deg, scene, &own);
        draw(&mut sheet, [WIDTH, top], from_deg, scene, &by_object(scene, &own));
    }
    sheet.save(out)?;
    Ok(())
}

fn own_colours(scene: &Scene) -> Vec<[u8; 3]> {
    let by_height = |position: &[f32; 3]| {
        let share = (position[2] - scene.bounds.min.z) / scene.bounds.size().z.max(1e-3);
        [90.0 + 140.0 * share.clamp(0.0, 1.0); 3].map(|value| value as u8)
    };
    let own = scene.cloud.colours.clone();
    own.unwrap_or_else(|| scene.cloud.positions.iter().map(by_height).collect())
}

/// Hues a golden angle apart; what is no object in dark grey.
fn by_object(scene: &Scene, own: &[[u8; 3]]) -> Vec<[u8; 3]> {
    let grey = |colour: &[u8; 3]| {
        let sum: u32 = colour.iter().map(|value| u32::from(*value)).sum();
        [(sum / 8) as u8 + 20; 3]
    };
    let mut colours: Vec<[u8; 3]> = own.iter().map(grey).collect();
    for instance in &scene.instances {
        let turn = (instance.id.0 as f32 * 0.618_034).fract() * 6.0;
        let channel = |shift: f32| {
            let k = (shift + turn) % 6.0;
            (235.0 * (1.0 - 0.7 * k.min(4.0 - k).clamp(0.0, 1.0))) as u8
        };
        for &point in &instance.points {
            colours[point as usize] = [channel(5.0), channel(3.0), channel(1.0)];
        }
    }
    colours
}

fn draw(
    sheet: &mut RgbImage,
    [left, top]: [u32; 2],
    from_deg: f32,
    scene: &Scene,
    colours: &[[u8; 3]],
) {
    let round = from_deg.to_radians();
    let toward = Vec3::new(round.cos() * DOWN.cos(), round.sin() * DOWN.cos(), DOWN.sin());
    let right = Vec3::Z.cross(toward).normalize();
    let up = toward.cross(right);
    let seen: Vec<[f32; 3]> = scene
        .cloud
        .positions
        .iter()
        .map(|position| Vec3::from(*position))
        .map(|point| [point.dot(right), point.dot(up), point.dot(toward)])
        .collect();
    let [x, y] = [0, 1].map(|axis| inner(&seen, axis));
    let scale = ((WIDTH - 16) as f32 / (x.1 - x.0)).min((HEIGHT - 16) as f32 / (y.1 - y.0));
    let mut depth = vec![f32::NEG_INFINITY; (WIDTH * HEIGHT) as usize];
    for ([at_x, at_y, near], colour) in seen.iter().zip(colours) {
        let column = WIDTH as f32 / 2.0 + (at_x - (x.0 + x.1) / 2.0) * scale;
        let row = HEIGHT as f32 / 2.0 - (at_y - (y.0 + y.1) / 2.0) * scale;
        for (dx, dy) in [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)] {
            let (column, row) = (column + dx, row + dy);
            let inside =
                (0.0..WIDTH as f32).contains(&column) && (0.0..HEIGHT as f32).contains(&row);
            let (column, row) = (column as u32, row as u32);
            if inside && depth[(row * WIDTH + column) as usize] < *near {
                depth[(row * WIDTH + column) as usize] = *near;
                sheet.put_pixel(left + column, top + row, Rgb(*colour));
            }
        }
    }
}

/// Where the picture begins and ends on an axis, a few stray points left out.
fn inner(seen: &[[f32; 3]], axis: usize) -> (f32, f32) {
    let mut values: Vec<f32> = seen.iter().map(|at| at[axis]).filter(|v| v.is_finite()).collect();
    values.sort_unstable_by(f32::total_cmp);
    let tail = (values.len() as f32 * TAIL) as usize;
    match (values.get(tail), values.len().checked_sub(1 + tail).and_then(|at| values.get(at))) {
        (Some(low), Some(high)) if high > low => (*low, *high),
        _ => (0.0, 1.0),
    }
}
