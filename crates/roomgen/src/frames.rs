//! Some of a scan's frames as pictures: colour, depth, and where the scanner believes they were
//! taken from.
//!
//! `000.png` is colour, `000.depth.png` is depth along the optical axis in whole millimetres, 0 for
//! none. `transforms.json` follows nerfstudio: one pinhole without distortion, the middle of the
//! upper left pixel at (0.5, 0.5); `transform_matrix` leads from the camera (x right, y up, z
//! backwards, as in OpenGL) to the coordinates of `scan.ply`.

use crate::home::Home;
use crate::rng::Rng;
use crate::scan::{Camera, FrameFault, Preset, exposed, render};
use crate::suite::RoomgenError;
use glam::{DMat3, DVec3};
use image::{ImageBuffer, Luma, Rgb};
use scene::Similarity;
use serde_json::{Value, json};
use std::path::Path;

/// Pixels across and down, whatever the scanner's own depth frames have.
const SIZE_PX: (usize, usize) = (640, 480);

/// Writes `count` frames, evenly chosen from the walk, into `folder`, which must be there.
///
/// # Errors
/// A file cannot be written.
pub fn write_frames(
    folder: &Path,
    home: &Home,
    shots: &[(Camera, FrameFault)],
    preset: &Preset,
    file_from_home: &Similarity,
    count: usize,
    rng: &mut Rng,
) -> Result<(), RoomgenError> {
    let preset = Preset { width: SIZE_PX.0, height: SIZE_PX.1, ..preset.clone() };
    let count = count.min(shots.len());
    let mut frames: Vec<Value> = Vec::new();
    let mut focal_px = 0.0;
    for number in 0..count {
        let (small, fault) = &shots[number * shots.len() / count];
        let camera = small.resized(&preset);
        focal_px = camera.focal_px;
        let frame = render(home, &camera);
        let (colours, depths_m) = exposed(&frame, &preset, fault, rng);
        let millimetres = |depth_m: f32| (1000.0 * depth_m).round().clamp(0.0, 65535.0) as u16;
        let (w, h) = (SIZE_PX.0 as u32, SIZE_PX.1 as u32);
        let (file, depth_file) = (format!("{number:03}.png"), format!("{number:03}.depth.png"));
        let pixel = |x: u32, y: u32| (y * w + x) as usize;
        save(ImageBuffer::from_fn(w, h, |x, y| Rgb(colours[pixel(x, y)])), &folder.join(&file))?;
        save(
            ImageBuffer::from_fn(w, h, |x, y| Luma([millimetres(depths_m[pixel(x, y)])])),
            &folder.join(&depth_file),
        )?;
        frames.push(json!({
            "file_path": file,
            "depth_file_path": depth_file,
            "transform_matrix": file_from_opengl(&fault.believed(&camera), file_from_home),
        }));
    }
    let transforms = json!({
        "camera_model": "PINHOLE",
        "w": SIZE_PX.0,
        "h": SIZE_PX.1,
        "fl_x": focal_px,
        "fl_y": focal_px,
        "cx": SIZE_PX.0 as f64 / 2.0,
        "cy": SIZE_PX.1 as f64 / 2.0,
        "depth_unit_scale_factor": 0.001,
        "frames": frames,
    });
    let path = folder.join("transforms.json");
    std::fs::write(&path, format!("{transforms:#}\n"))
        .map_err(|source| RoomgenError::Write { path, source })
}

fn save<P>(picture: ImageBuffer<P, Vec<P::Subpixel>>, path: &Path) -> Result<(), RoomgenError>
where
    P: image::PixelWithColorType,
    [P::Subpixel]: image::EncodableLayout,
{
    picture.save(path).map_err(|source| RoomgenError::Picture { path: path.to_owned(), source })
}

/// 4 × 4, row by row.
fn file_from_opengl(camera: &Camera, file_from_home: &Similarity) -> [[f64; 4]; 4] {
    let position = file_from_home.apply(camera.position.as_dvec3());
    let flip = DMat3::from_diagonal(DVec3::new(1.0, -1.0, -1.0));
    let turn = file_from_home.rotation * camera.home_from_camera.as_dmat3() * flip;
    let row = |axis: usize| {
        let [x, y, z] = [turn.x_axis, turn.y_axis, turn.z_axis].map(|column| column[axis]);
        [x, y, z, position[axis]]
    };
    [row(0), row(1), row(2), [0.0, 0.0, 0.0, 1.0]]
}
