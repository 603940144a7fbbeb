use crate::Error;
use burn::tensor::{Device, Tensor, TensorData};

/// Where the weights come from: by name, a shape and its numbers in row-major order.
///
/// Any closure `Fn(&str) -> Result<(Vec<usize>, Vec<f32>), E>` is one.
pub trait Tensors {
    /// The tensor of this name.
    ///
    /// # Errors
    /// In words, where there is none or it cannot be read.
    fn tensor(&self, name: &str) -> Result<(Vec<usize>, Vec<f32>), String>;
}

impl<F, E> Tensors for F
where
    F: Fn(&str) -> Result<(Vec<usize>, Vec<f32>), E>,
    E: std::fmt::Display,
{
    fn tensor(&self, name: &str) -> Result<(Vec<usize>, Vec<f32>), String> {
        self(name).map_err(|error| error.to_string())
    }
}

/// A place in the tree of names, on the device that the tensors go to.
#[derive(Clone)]
pub(crate) struct Weights<'a> {
    tensors: &'a dyn Tensors,
    device: &'a Device,
    path: String,
}

impl<'a> Weights<'a> {
    pub(crate) fn new(tensors: &'a dyn Tensors, device: &'a Device) -> Self {
        Self { tensors, device, path: String::new() }
    }

    /// What lies under this name; names may hold dots.
    pub(crate) fn at(&self, name: &str) -> Self {
        let path = if self.path.is_empty() { name.into() } else { format!("{}.{name}", self.path) };
        Self { path, ..self.clone() }
    }

    /// Whether there is a tensor of exactly this place.
    pub(crate) fn exists(&self) -> bool {
        self.tensors.tensor(&self.path).is_ok()
    }

    /// The tensor of exactly this place and shape, on the device.
    pub(crate) fn tensor<const D: usize>(&self, shape: [usize; D]) -> Result<Tensor<D>, Error> {
        Ok(Tensor::from_data(TensorData::new(self.numbers(shape)?, shape), self.device))
    }

    /// The same as plain numbers.
    pub(crate) fn numbers<const D: usize>(&self, shape: [usize; D]) -> Result<Vec<f32>, Error> {
        let name = || self.path.clone();
        let (found, numbers) = self
            .tensors
            .tensor(&self.path)
            .map_err(|reason| Error::Tensor { name: name(), reason })?;
        if found != shape || numbers.len() != shape.iter().product::<usize>() {
            return Err(Error::Shape { name: name(), found, expected: shape.to_vec() });
        }
        Ok(numbers)
    }
}
