use crate::{agglomerate::Judge, pair::PAIR_FEATURES};

/// The affinity as learned from generated rooms.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Learned;

impl Judge for Learned {
    fn affinity(&mut self, f: &[f32; PAIR_FEATURES], _: u32, _: u32) -> f32 {
        let mut z = 1.0 + 1.5 * f[2] + if f[4] > 0.5 { 0.0 } else { -6.0 };
        z -= 6.0 * f[5] + 4.0 * f[6];
        z += 3.0 * (f[10] - 0.6);
        let support = (1.0 - f[15]) * f[17] * f[19];
        z -= 4.0 * support * f[33];
        z -= 0.8 * f[22].max(0.0);
        1.0 / (1.0 + libm::expf(-z))
    }
    fn merged(&mut self, _: u32, _: u32) {}
}
