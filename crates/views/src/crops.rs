use crate::camera::View;
use crate::close::closed;
use crate::input::{CROP_CHANNELS, CROP_LEVELS, CROP_PX, InstanceInput};
use crate::own::Own;
use crate::photo::Photo;
use crate::raster::{Camera, NONE, Shot};
use crate::space::Room;

/// Edge of the picture that the three crops of a view are cut from.
const PICTURE_PX: usize = 112;
/// The box is widened on each side by this part of its edge per level (OpenMask3D's crops, which
/// Inst3D-LMM takes over).
const EXPAND: f32 = 0.1;
/// Where nothing is seen, and the colour of what has none.
pub(crate) const GREY: u8 = 127;
/// Each pixel of a crop is the mean of 3 × 3 samples of the picture.
const SAMPLES: usize = 3;

/// What is closed in the object's mask is at most this many of its voxels across, and this part of
/// the picture.
const CLOSE_VOXELS: f32 = 2.0;
const CLOSE_PX: usize = PICTURE_PX / 8;

/// How far behind an object's middle its surroundings are still drawn, metres.
const BEHIND_M: f32 = 6.0;

/// The crops of one view, `(3, 4, 32, 32)`, written to `out`; gives the camera with which `shot` was
/// taken, that they are cut from.
/// Where the view is a photograph, the colours are its own; what the object is in it, and what hides
/// it, is known from the points all the same, as its eye is where they are drawn from.
pub(crate) fn crop(
    room: &Room,
    own: &Own,
    view: &View,
    photo: Option<&Photo>,
    shot: &mut Shot,
    out: &mut [u8],
) -> Camera {
    let widest = (1.0 + 2.0 * EXPAND * (CROP_LEVELS - 1) as f32) * view.edge;
    let corner = view.middle.map(|middle| middle - widest / 2.0);
    let camera = view.camera.with_window(corner, widest);
    shot.own.clear();
    shot.others.clear();
    for (index, splat) in own.fine.splats.iter().enumerate() {
        shot.own.draw(&camera, splat, index as u32);
    }
    room.draw_others(&camera, camera.focus_m + BEHIND_M, own.id, &mut shot.others);
    let voxel_px = own.fine.voxel_m * camera.px_per_m(PICTURE_PX, camera.focus_m);
    let own_seen = closed(shot, ((CLOSE_VOXELS * voxel_px) as usize).min(CLOSE_PX));
    let mut picture: Vec<[u8; CROP_CHANNELS]> = own_seen
        .iter()
        .zip(&shot.others.splat)
        .map(|(&index, &other)| seen(room, own, index, other))
        .collect();
    if let Some(photo) = photo {
        for (pixel, drawn) in picture.iter_mut().enumerate() {
            if let Some(colour) = photo.along(shot.own.ray(&camera, pixel)) {
                drawn[..3].copy_from_slice(&colour);
            }
        }
    }
    for (level, out) in out.chunks_exact_mut(InstanceInput::CROP_LEN).enumerate() {
        let edge = (1.0 + 2.0 * EXPAND * level as f32) * view.edge / widest * PICTURE_PX as f32;
        let start = (PICTURE_PX as f32 - edge) / 2.0;
        resample(&picture, start, edge, out);
    }
    camera
}

/// The crops of no view.
pub(crate) fn empty_crops() -> Vec<u8> {
    let pixels = CROP_PX * CROP_PX;
    (0..InstanceInput::CROPS_LEN)
        .map(|i| if i / pixels % CROP_CHANNELS == CROP_CHANNELS - 1 { 0 } else { GREY })
        .collect()
}

/// A picture of the size that [`crop`] draws.
pub(crate) fn picture() -> Shot {
    Shot::new(PICTURE_PX)
}

/// The pixel in which the object's splat `index` is seen, or else `other` of the room.
fn seen(room: &Room, own: &Own, index: u32, other: u32) -> [u8; CROP_CHANNELS] {
    let (splat, mask) = match index {
        NONE => (room.splat(other), 0),
        _ => (own.fine.splats.get(index as usize), u8::MAX),
    };
    let [r, g, b] = splat.map_or([GREY; 3], |splat| splat.colour);
    [r, g, b, mask]
}

/// The square of `edge` pixels from `start` in both directions, as 32 × 32 means by channel.
fn resample(picture: &[[u8; CROP_CHANNELS]], start: f32, edge: f32, out: &mut [u8]) {
    let step = edge / (CROP_PX * SAMPLES) as f32;
    let source: Vec<usize> = (0..CROP_PX * SAMPLES)
        .map(|i| ((start + (i as f32 + 0.5) * step).max(0.0) as usize).min(PICTURE_PX - 1))
        .collect();
    for row in 0..CROP_PX {
        for column in 0..CROP_PX {
            let mut sums = [0u32; CROP_CHANNELS];
            for &y in &source[row * SAMPLES..(row + 1) * SAMPLES] {
                for &x in &source[column * SAMPLES..(column + 1) * SAMPLES] {
                    for (sum, &value) in sums.iter_mut().zip(&picture[y * PICTURE_PX + x]) {
                        *sum += u32::from(value);
                    }
                }
            }
            let count = (SAMPLES * SAMPLES) as u32;
            for (channel, sum) in sums.into_iter().enumerate() {
                out[(channel * CROP_PX + row) * CROP_PX + column] = (sum / count) as u8;
            }
        }
    }
}
