use super::camera::Camera;
use super::preset::Preset;
use super::raster::{Frame, Pixel};
use crate::rng::Rng;
use glam::{Mat3, Vec3};

/// Scanners' own software removes what flies farther than this from a surface, metres.
const FLIGHT_M: f32 = 0.25;

/// Most that a pixel is off for no reason to be seen, of its depth.
const OUTLIER: f32 = 0.125;

/// Knots of what neighbouring pixels have in common are so far apart, pixels.
const BEND_PX: usize = 20;

/// No pose is off by more, metres.
const MOST_DRIFT_M: f32 = 0.03;

/// A pixel as the sensor reports it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    /// Along the optical axis, metres.
    pub(crate) depth_m: f32,
    /// As recorded, 0..=255.
    pub(crate) colour: Vec3,
}

/// What is wrong with one frame as a whole.
#[derive(Clone, Copy, Debug)]
pub struct FrameFault {
    /// Gain of each colour channel.
    gain: Vec3,
    /// Added to the camera's place, metres.
    shift: Vec3,
    /// Applied to the view directions.
    turn: Mat3,
}

impl FrameFault {
    /// The camera where the scanner believes it to be: the frames are fused by that.
    pub fn believed(&self, camera: &Camera) -> Camera {
        Camera {
            position: camera.position + self.shift,
            home_from_camera: self.turn * camera.home_from_camera,
            ..*camera
        }
    }
}

/// The faults of `count` frames: exposure that wanders, and a pose that drifts as a random walk.
pub fn frame_faults(preset: &Preset, count: usize, rng: &mut Rng) -> Vec<FrameFault> {
    // Most walks are tracked well, some badly.
    let quality = rng.unit().powi(2);
    let step = quality / (count.max(1) as f32).sqrt();
    let (mut shift, mut yaw, mut tilt) = (Vec3::ZERO, 0.0, 0.0);
    let [red, blue, brightness] = preset.cast;
    let tint = Vec3::new(1.0 + red * rng.normal(), 1.0, 1.0 + blue * rng.normal());
    let overall = 1.0 + brightness * rng.normal();
    let (least, most) = preset.light;
    (0..count)
        .map(|_| {
            let kick = Vec3::new(rng.normal(), rng.normal(), 0.5 * rng.normal());
            shift = (shift + kick * (preset.drift.0 * step)).clamp_length_max(MOST_DRIFT_M);
            yaw += rng.normal() * preset.drift.1.to_radians() * step;
            tilt += 0.5 * rng.normal() * preset.drift.1.to_radians() * step;
            FrameFault {
                gain: tint * (overall + preset.exposure.0 * rng.normal()).clamp(least, most),
                shift,
                turn: Mat3::from_rotation_z(yaw) * Mat3::from_rotation_x(tilt),
            }
        })
        .collect()
}

/// A smooth random surface over a frame with deviation about 1: what neighbouring pixels have in
/// common.
#[derive(Clone, Debug)]
pub(crate) struct Bend {
    columns: usize,
    values: Vec<f32>,
}

impl Bend {
    pub(crate) fn new(frame: &Frame, rng: &mut Rng) -> Self {
        let columns = frame.width.div_ceil(BEND_PX) + 2;
        let rows = (frame.pixels.len() / frame.width.max(1)).div_ceil(BEND_PX) + 2;
        Self { columns, values: (0..columns * rows).map(|_| rng.normal()).collect() }
    }

    fn at(&self, column: usize, row: usize) -> f32 {
        let (cell, below) = (column / BEND_PX, row / BEND_PX);
        let s = (column % BEND_PX) as f32 / BEND_PX as f32;
        let t = (row % BEND_PX) as f32 / BEND_PX as f32;
        let corner = below * self.columns + cell;
        let across = |corner: usize| self.values[corner] * (1.0 - s) + self.values[corner + 1] * s;
        // Between the knots means have less deviation; this makes up for it, on average.
        1.5 * (across(corner) * (1.0 - t) + across(corner + self.columns) * t)
    }
}

/// What the sensor makes of a pixel; `None` where it gets nothing.
pub(crate) fn measure(
    frame: &Frame,
    index: usize,
    bend: &Bend,
    preset: &Preset,
    fault: &FrameFault,
    rng: &mut Rng,
) -> Option<Reading> {
    let pixel = &frame.pixels[index];
    let mut depth = pixel.depth_m;
    let next = index + if rng.chance(0.5) { 1 } else { frame.width };
    if let Some(other) = frame.pixels.get(next)
        && is_edge(depth, other.depth_m)
        && rng.chance(preset.flying)
    {
        depth += ((other.depth_m - depth) * rng.unit()).clamp(-FLIGHT_M, FLIGHT_M);
    }
    if depth < preset.range_m.0 || depth > preset.range_m.1 || rng.chance(loss(pixel, preset)) {
        return None;
    }
    if is_thin(frame, index) && rng.chance(preset.thin_loss) {
        return None;
    }
    if rng.chance(preset.outliers) {
        depth *= 1.0 + OUTLIER * rng.range(-1.0, 1.0);
    }
    let square = depth * depth;
    depth += rng.normal() * (preset.noise_m.0 + preset.noise_m.1 * square)
        + bend.at(index % frame.width, index / frame.width) * preset.bend_m * square;
    if preset.step_m > 0.0 {
        // Steps of 1 / z are steps of z² in z.
        depth = 1.0 / (preset.step_m * (1.0 / (depth * preset.step_m)).round());
    }
    Some(Reading { depth_m: depth, colour: colour(pixel, preset, fault, rng) })
}

/// The colours of all pixels as recorded, and their depths along the optical axis in metres, 0
/// where the sensor gets nothing.
pub fn exposed(
    frame: &Frame,
    preset: &Preset,
    fault: &FrameFault,
    rng: &mut Rng,
) -> (Vec<[u8; 3]>, Vec<f32>) {
    let bend = Bend::new(frame, rng);
    let pixels = frame.pixels.iter().enumerate();
    let seen = pixels.map(|(index, pixel)| {
        let rgb = colour(pixel, preset, fault, rng).to_array().map(|c| c.round() as u8);
        let reading = measure(frame, index, &bend, preset, fault, rng);
        (rgb, reading.map_or(0.0, |reading| reading.depth_m))
    });
    seen.unzip()
}

fn colour(pixel: &Pixel, preset: &Preset, fault: &FrameFault, rng: &mut Rng) -> Vec3 {
    // Even grain of the same deviation, from one draw: there are a million pixels.
    let bits = rng.bits();
    let even = |shift: u32| ((bits >> shift) & 0xffff) as f32 / 32768.0 - 1.0;
    let grain = Vec3::new(even(0), even(16), even(32)) * (3.0_f32.sqrt() * preset.exposure.1);
    (pixel.albedo * pixel.light * fault.gain + grain).clamp(Vec3::ZERO, Vec3::splat(255.0))
}

fn is_edge(a: f32, b: f32) -> bool {
    (a - b).abs() > 0.04 * a.min(b)
}

/// Whether it stands before what is seen two pixels to both sides, or above and below.
fn is_thin(frame: &Frame, index: usize) -> bool {
    let own = frame.pixels[index].depth_m;
    let is_behind = |other: Option<usize>| {
        let other = other.and_then(|other| frame.pixels.get(other));
        other.is_some_and(|other| other.depth_m > own && is_edge(own, other.depth_m))
    };
    [2, 2 * frame.width]
        .into_iter()
        .any(|step| is_behind(index.checked_sub(step)) && is_behind(Some(index + step)))
}

/// Dark, grazing, clear and mirroring surfaces send little back.
fn loss(pixel: &Pixel, preset: &Preset) -> f32 {
    let dark = (1.0 - pixel.albedo.max_element() / 40.0).clamp(0.0, 1.0);
    let grazing = (1.0 - pixel.cosine / 0.2).clamp(0.0, 1.0);
    let surface = 1.0 - (1.0 - 0.6 * dark) * (1.0 - 0.9 * grazing);
    (preset.drop_out * surface).max(pixel.loss)
}
