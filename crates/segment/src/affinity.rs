use crate::{agglomerate::Judge, pair::PAIR_FEATURES, weights::AFFINITY};

/// The affinity as learned from generated rooms.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Learned;

impl Judge for Learned {
    fn affinity(&mut self, features: &[f32; PAIR_FEATURES], _: u32, _: u32) -> f32 {
        AFFINITY.probability(features)
    }

    fn merged(&mut self, _: u32, _: u32) {}
}
