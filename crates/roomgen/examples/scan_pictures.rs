//! `scan_pictures OUT.png SUITE…`: one row of pictures a scan: from above without the ceiling, and
//! from two corners. Red outlines in the first are doors between rooms, blue are unseen boxes. For
//! looking at what the generator makes.

use glam::{DMat4, DVec3, Mat3, Vec3};
use image::{Rgb, RgbImage};
use std::path::PathBuf;
use tasks::suite::{SceneTruth, open, read_scene};

const CELL: u32 = 420;

/// What hangs higher is left out, metres.
const TOP_M: f32 = 2.15;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1).map(PathBuf::from);
    let out = arguments.next().ok_or("scan_pictures OUT.png SUITE…")?;
    let mut rows = Vec::new();
    for suite in arguments {
        for files in open(&suite)? {
            let truth = read_scene(&files)?;
            println!("{}: {}, {} objects", files.name, truth.preset, truth.objects.len());
            rows.push((truth, ply::read(&std::fs::read(files.scan())?)?));
        }
    }
    let mut sheet = RgbImage::from_pixel(3 * CELL, rows.len() as u32 * CELL, Rgb([255; 3]));
    for (row, (truth, cloud)) in rows.iter().enumerate() {
        let scene_from_file = DMat4::from_cols_array_2d(&truth.room.scene_from_file).transpose();
        let in_scene = |p: DVec3| scene_from_file.transform_point3(p).as_vec3();
        let colours = cloud.colours.as_deref().unwrap_or_default();
        let points: Vec<(Vec3, [u8; 3])> = cloud
            .positions
            .iter()
            .map(|p| in_scene(Vec3::from(*p).as_dvec3()))
            .zip(colours.iter().copied())
            .filter(|(at, _)| at.z < TOP_M)
            .collect();
        let views = [
            Mat3::IDENTITY,
            Mat3::from_rotation_x(-0.9) * Mat3::from_rotation_z(0.6),
            Mat3::from_rotation_x(-0.9) * Mat3::from_rotation_z(0.6 + std::f32::consts::PI),
        ];
        for (column, view) in views.iter().enumerate() {
            let corner = (column as u32 * CELL, row as u32 * CELL);
            let marks = if column == 0 { marks(truth, &in_scene) } else { Vec::new() };
            draw(&mut sheet, corner, &points, &marks, *view);
        }
    }
    sheet.save(out)?;
    Ok(())
}

/// Outlines on the floor.
fn marks(truth: &SceneTruth, in_scene: &impl Fn(DVec3) -> Vec3) -> Vec<(Vec3, [u8; 3])> {
    let mut marks = Vec::new();
    let mut line = |a: Vec3, b: Vec3, rgb| {
        marks.extend((0..200).map(|step| (a.lerp(b, step as f32 / 200.0).with_z(9.0), rgb)));
    };
    for opening in &truth.room.openings {
        let feet = [opening.a, opening.b].map(|p| in_scene(p.into()));
        line(feet[0], feet[1], [230, 20, 20]);
    }
    for unseen in &truth.unseen {
        let axes = unseen.axes.unwrap_or([[1., 0., 0.], [0., 1., 0.], [0., 0., 1.]]);
        let corner = |a: f64, b: f64| {
            let along = DVec3::from(axes[0]) * (a * unseen.size[0] / 2.0);
            in_scene(
                DVec3::from(unseen.center)
                    + along
                    + DVec3::from(axes[1]) * (b * unseen.size[1] / 2.0),
            )
        };
        let corners = [corner(-1., -1.), corner(1., -1.), corner(1., 1.), corner(-1., 1.)];
        for side in 0..4 {
            line(corners[side], corners[(side + 1) % 4], [30, 60, 230]);
        }
    }
    marks
}

fn draw(
    sheet: &mut RgbImage,
    corner: (u32, u32),
    points: &[(Vec3, [u8; 3])],
    marks: &[(Vec3, [u8; 3])],
    view: Mat3,
) {
    let (mut low, mut high) = (Vec3::INFINITY, Vec3::NEG_INFINITY);
    for (at, _) in points {
        (low, high) = (low.min(view * *at), high.max(view * *at));
    }
    let size = (high - low).truncate().max_element().max(0.1);
    let scale = (CELL - 8) as f32 / size;
    let mut depth = vec![f32::NEG_INFINITY; (CELL * CELL) as usize];
    for (at, rgb) in points.iter().chain(marks) {
        let seen = (view * *at - low) * scale;
        for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
            let (x, y) = (seen.x as i64 + 4 + dx, CELL as i64 - 6 - seen.y as i64 + dy);
            if !(0..i64::from(CELL)).contains(&x) || !(0..i64::from(CELL)).contains(&y) {
                continue;
            }
            let slot = &mut depth[(y * i64::from(CELL) + x) as usize];
            if seen.z > *slot {
                *slot = seen.z;
                sheet.put_pixel(corner.0 + x as u32, corner.1 + y as u32, Rgb(*rgb));
            }
        }
    }
}
