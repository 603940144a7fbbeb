use super::preset::Preset;
use glam::{Mat3, Vec3};

/// A pinhole camera: x right, y down, z forward.
#[derive(Clone, Copy, Debug)]
pub struct Camera {
    /// The optical centre in the home, metres.
    pub position: Vec3,
    /// Columns are the camera's axes in the home.
    pub home_from_camera: Mat3,
    /// Focal length in pixels.
    pub focal_px: f32,
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
}

impl Camera {
    /// A level camera at `position` that looks at `target`.
    pub fn looking_at(position: Vec3, target: Vec3, preset: &Preset) -> Self {
        let forward = (target - position).try_normalize().unwrap_or(Vec3::X);
        let right = forward.cross(Vec3::Z).try_normalize().unwrap_or(Vec3::X);
        let down = forward.cross(right);
        let half = (preset.field_of_view_deg / 2.0).to_radians();
        Self {
            position,
            home_from_camera: Mat3::from_cols(right, down, forward),
            focal_px: preset.width as f32 / 2.0 / half.tan(),
            width: preset.width,
            height: preset.height,
        }
    }

    /// The view direction through a pixel's middle, with length 1 along the optical axis: in the
    /// home.
    pub fn ray(&self, column: usize, row: usize) -> Vec3 {
        let x = (column as f32 + 0.5 - self.width as f32 / 2.0) / self.focal_px;
        let y = (row as f32 + 0.5 - self.height as f32 / 2.0) / self.focal_px;
        self.home_from_camera * Vec3::new(x, y, 1.0)
    }

    /// The same with as many pixels as the preset has.
    pub fn resized(mut self, preset: &Preset) -> Self {
        self.focal_px *= preset.width as f32 / self.width as f32;
        (self.width, self.height) = (preset.width, preset.height);
        self
    }

    /// The same, turned about its optical axis.
    pub fn rolled(mut self, angle: f32) -> Self {
        self.home_from_camera *= Mat3::from_rotation_z(angle);
        self
    }
}
