use crate::{Unit, UpAxis};
use glam::DVec3;

/// How a file's numbers were taken, and how sure that is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// The direction of the file's coordinates that is up.
    pub up: UpAxis,
    /// Their unit.
    pub unit: Unit,
    /// Whether left and right were swapped, at the person's wish: no geometry tells.
    pub mirrored: bool,
    /// Whether the objects are the file's own.
    pub objects_of_file: bool,
    /// How sure `up` is, 0..=1; under [`Reading::ASK`] a person should be asked.
    pub up_confidence: f32,
    /// How sure `unit` is, 0..=1; under [`Reading::ASK`] a person should be asked.
    pub unit_confidence: f32,
    /// The share of upright surface that runs along the scene's x and y, 0..=1; about 0.1 by chance.
    pub yaw_confidence: f32,
}

impl Reading {
    /// A confidence below which a guess is not to be trusted silently.
    pub const ASK: f32 = 0.5;
}

impl Default for Reading {
    /// The scene's own conventions.
    fn default() -> Self {
        Self {
            up: UpAxis(DVec3::Z),
            unit: Unit::Metre,
            mirrored: false,
            objects_of_file: false,
            up_confidence: 1.0,
            unit_confidence: 1.0,
            yaw_confidence: 1.0,
        }
    }
}
