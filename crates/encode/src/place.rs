use crate::Error;
use crate::code::{CODE, Codes};
use crate::layers::Linear;
use crate::weights::Weights;
use burn::tensor::{Device, Tensor, TensorData};
use scene::{Aabb, Locations};

/// Numbers of a box.
const BOX: usize = 6;

/// `encode.place`: where an object is and how large, in the code of the location tokens.
pub(crate) struct Place {
    linear: Linear,
    codes: Codes,
}

impl Place {
    pub(crate) fn load(at: &Weights, d: usize) -> Result<Self, Error> {
        Ok(Self { linear: Linear::load_without_bias(at, BOX * CODE, d)?, codes: Codes::new() })
    }

    /// boxes (n) → (n, d)
    pub(crate) fn forward(
        &self,
        boxes: &[Aabb],
        locations: &Locations,
        device: &Device,
    ) -> Tensor<2> {
        let mut codes = Vec::with_capacity(boxes.len() * BOX * CODE);
        for bounds in boxes {
            self.codes.extend(&mut codes, &locations.of_box(bounds));
        }
        let codes = TensorData::new(codes, [boxes.len(), BOX * CODE]);
        self.linear.forward(Tensor::from_data(codes, device))
    }
}
