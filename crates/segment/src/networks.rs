//! What was learned: the contour network, and perceptrons that judge pairs of regions, whole
//! regions, and what class an object is of. Their weights lie in `quantized-models/segment`; `training/segment` makes them.

mod perceptron;

use crate::agglomerate::Judge;
use crate::contour_net::ContourNet;
use crate::naming::CLASS_FEATURES;
use crate::object::OBJECT_FEATURES;
use crate::pair::PAIR_FEATURES;
pub(crate) use perceptron::Perceptron;
use safetensors::{Dtype, SafeTensors};
use std::sync::OnceLock;

const WEIGHTS: &[u8] = include_bytes!("../../../quantized-models/segment/weights.safetensors");

/// All networks of this crate.
#[derive(Clone, Debug)]
pub(crate) struct Networks {
    pub(crate) contour: ContourNet,
    /// Pair features to: are these parts of one object?
    pub(crate) affinity: Perceptron,
    /// Object features to: does this overlap a true object by half?
    pub(crate) objectness: Perceptron,
    /// Class features to one of `classes`.
    pub(crate) class: Perceptron,
    pub(crate) classes: Vec<String>,
}

impl Networks {
    /// Those that this program was built with; `None` where they do not fit it, and objects are
    /// found by hand-made features.
    pub(crate) fn shipped() -> Option<&'static Self> {
        static SHIPPED: OnceLock<Option<Networks>> = OnceLock::new();
        SHIPPED.get_or_init(|| Self::read(WEIGHTS)).as_ref()
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let file = SafeTensors::deserialize(bytes).ok()?;
        let tensor = |name: &str| {
            let view = file.tensor(name).ok()?;
            (view.dtype() == Dtype::F32).then(|| {
                let number = |b: &[u8]| f32::from_le_bytes([b[0], b[1], b[2], b[3]]);
                view.data().chunks_exact(4).map(number).collect::<Vec<f32>>()
            })
        };
        let (_, header) = SafeTensors::read_metadata(bytes).ok()?;
        let names = header.metadata().as_ref()?.get("classes")?;
        let classes: Vec<String> = names.split(',').map(str::to_owned).collect();
        let of = |part: &'static str| move |name: &str| tensor(&format!("{part}.{name}"));
        Some(Self {
            contour: ContourNet::new(&of("contour"))?,
            affinity: Perceptron::new(PAIR_FEATURES, 1, &of("affinity"))?,
            objectness: Perceptron::new(OBJECT_FEATURES, 1, &of("objectness"))?,
            class: Perceptron::new(CLASS_FEATURES, classes.len(), &of("class"))?,
            classes,
        })
    }
}

/// The affinity as learned from generated rooms.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Affinity(pub(crate) &'static Perceptron);

impl Judge for Affinity {
    fn affinity(&mut self, features: &[f32; PAIR_FEATURES], _: u32, _: u32) -> f32 {
        self.0.probability(features)
    }

    fn merged(&mut self, _: u32, _: u32) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_in_the_repository_fit() {
        assert!(Networks::shipped().is_some());
    }

    #[test]
    fn damaged_weights_are_none() {
        assert!(Networks::read(&WEIGHTS[..WEIGHTS.len() - 4]).is_none());
        assert!(Networks::read(b"").is_none());
    }
}
