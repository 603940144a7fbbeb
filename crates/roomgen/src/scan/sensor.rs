use super::camera::Camera;
use super::preset::Preset;
use super::raster::{Frame, Pixel};
use crate::rng::Rng;
use glam::{Mat3, Vec3};

/// Scanners' own software removes what flies farther than this from a surface, metres.
const FLIGHT_M: f32 = 0.25;

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
    let step = 1.0 / (count.max(1) as f32).sqrt();
    let (mut shift, mut yaw, mut tilt) = (Vec3::ZERO, 0.0, 0.0);
    let tint = Vec3::new(1.0 + 0.02 * rng.normal(), 1.0, 1.0 + 0.03 * rng.normal());
    let overall = 1.0 + 0.05 * rng.normal();
    (0..count)
        .map(|_| {
            let kick = Vec3::new(rng.normal(), rng.normal(), 0.5 * rng.normal());
            shift += kick * (preset.drift.0 * step);
            yaw += rng.normal() * preset.drift.1.to_radians() * step;
            tilt += 0.5 * rng.normal() * preset.drift.1.to_radians() * step;
            FrameFault {
                gain: tint * (overall + preset.exposure.0 * rng.normal()).clamp(0.7, 1.25),
                shift,
                turn: Mat3::from_rotation_z(yaw) * Mat3::from_rotation_x(tilt),
            }
        })
        .collect()
}

/// What the sensor makes of a pixel; `None` where it gets nothing.
pub(crate) fn measure(
    frame: &Frame,
    index: usize,
    preset: &Preset,
    fault: &FrameFault,
    rng: &mut Rng,
) -> Option<Reading> {
    let pixel = &frame.pixels[index];
    let mut depth = pixel.depth_m;
    let next = index + if rng.chance(0.5) { 1 } else { frame.width };
    if let Some(other) = frame.pixels.get(next) {
        let is_edge = (other.depth_m - depth).abs() > 0.04 * depth.min(other.depth_m);
        if is_edge && rng.chance(preset.flying) {
            depth += ((other.depth_m - depth) * rng.unit()).clamp(-FLIGHT_M, FLIGHT_M);
        }
    }
    if depth < preset.range_m.0 || depth > preset.range_m.1 || rng.chance(loss(pixel, preset)) {
        return None;
    }
    depth += rng.normal() * (preset.noise_m.0 + preset.noise_m.1 * depth * depth);
    // Even grain of the same deviation, from one draw: there are a million pixels.
    let bits = rng.bits();
    let even = |shift: u32| ((bits >> shift) & 0xffff) as f32 / 32768.0 - 1.0;
    let grain = Vec3::new(even(0), even(16), even(32)) * (3.0_f32.sqrt() * preset.exposure.1);
    let colour = pixel.albedo * pixel.light * fault.gain + grain;
    Some(Reading { depth_m: depth, colour: colour.clamp(Vec3::ZERO, Vec3::splat(255.0)) })
}

/// Dark, grazing, clear and mirroring surfaces send little back.
fn loss(pixel: &Pixel, preset: &Preset) -> f32 {
    let dark = (1.0 - pixel.albedo.max_element() / 40.0).clamp(0.0, 1.0);
    let grazing = (1.0 - pixel.cosine / 0.2).clamp(0.0, 1.0);
    let surface = 1.0 - (1.0 - 0.6 * dark) * (1.0 - 0.9 * grazing);
    (preset.drop_out * surface).max(pixel.loss)
}
