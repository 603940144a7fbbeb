use crate::camera::View;
use crate::input::{CROP_CHANNELS, CROP_LEVELS, CROP_PX, InstanceInput};
use crate::own::Own;
use crate::raster::{NONE, Shot};
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

/// How far behind an object's middle its surroundings are still drawn, metres.
const BEHIND_M: f32 = 6.0;

/// The crops of one view, `(3, 4, 32, 32)`, written to `out`.
pub(crate) fn crop(room: &Room, own: &Own, view: &View, shot: &mut Shot, out: &mut [u8]) {
    let widest = (1.0 + 2.0 * EXPAND * (CROP_LEVELS - 1) as f32) * view.edge;
    let corner = view.middle.map(|middle| middle - widest / 2.0);
    let camera = view.camera.with_window(corner, widest);
    shot.own.clear();
    shot.others.clear();
    for (index, splat) in own.fine.splats.iter().enumerate() {
        shot.own.draw(&camera, splat, index as u32);
    }
    let far_m = (own.middle - camera.eye).length() + BEHIND_M;
    room.draw_others(&camera, far_m, own.id, &mut shot.others);
    let picture: Vec<[u8; CROP_CHANNELS]> =
        (0..shot.own.splat.len()).map(|pixel| seen(room, own, shot, pixel)).collect();
    for (level, out) in out.chunks_exact_mut(InstanceInput::CROP_LEN).enumerate() {
        let edge = (1.0 + 2.0 * EXPAND * level as f32) * view.edge / widest * PICTURE_PX as f32;
        let start = (PICTURE_PX as f32 - edge) / 2.0;
        resample(&picture, start, edge, out);
    }
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

fn seen(room: &Room, own: &Own, shot: &Shot, pixel: usize) -> [u8; CROP_CHANNELS] {
    if shot.is_own(pixel) {
        let splat = own.fine.splats.get(shot.own.splat[pixel] as usize);
        let [r, g, b] = splat.map_or([GREY; 3], |splat| splat.colour);
        return [r, g, b, u8::MAX];
    }
    let index = shot.others.splat[pixel];
    let splat = if index == NONE { None } else { room.splat(index) };
    let [r, g, b] = splat.map_or([GREY; 3], |splat| splat.colour);
    [r, g, b, 0]
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
