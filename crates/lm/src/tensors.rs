use crate::{Error, Result};
use kernels::Packed;
use std::collections::HashMap;
use std::sync::Arc;

/// A tensor as it is stored.
#[derive(Clone)]
pub(crate) enum Tensor {
    /// A matrix `(out, in)`.
    Packed(Arc<Packed>),
    /// Row-major.
    Plain {
        /// Its sizes.
        shape: Vec<usize>,
        /// As many as they say.
        values: Arc<[f32]>,
    },
}

/// The tensors of a model, by our names.
#[derive(Clone, Default)]
pub(crate) struct Tensors(HashMap<String, Tensor>);

impl Tensor {
    pub(crate) fn shape(&self) -> Vec<usize> {
        match self {
            Self::Packed(packed) => vec![packed.rows(), packed.cols()],
            Self::Plain { shape, .. } => shape.clone(),
        }
    }

    /// As it is stored.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Packed(packed) => packed.bytes(),
            Self::Plain { values, .. } => size_of_val::<[f32]>(values),
        }
    }
}

impl Tensors {
    pub(crate) fn put(&mut self, name: String, tensor: Tensor) {
        self.0.insert(name, tensor);
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Of this tensor as it is stored; 0 where there is none.
    pub(crate) fn bytes_of(&self, name: &str) -> u64 {
        self.0.get(name).map_or(0, |tensor| tensor.bytes() as u64)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&String, &Tensor)> {
        self.0.iter()
    }

    /// In f32, however it is stored: its shape and its values, row-major.
    pub(crate) fn tensor_f32(&self, name: &str) -> Result<(Vec<usize>, Vec<f32>)> {
        let missing = || Error::Tensor { name: name.to_owned(), what: "is missing".into() };
        let tensor = self.0.get(name).ok_or_else(missing)?;
        let values = match tensor {
            Tensor::Packed(packed) => packed.to_f32(),
            Tensor::Plain { values, .. } => values.to_vec(),
        };
        Ok((tensor.shape(), values))
    }

    /// In f32; it must have this shape.
    pub(crate) fn tensor_of(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        let (found, values) = self.tensor_f32(name)?;
        if found == shape {
            return Ok(values);
        }
        Err(Error::Tensor {
            name: name.to_owned(),
            what: format!("has the shape {found:?}, should have {shape:?}"),
        })
    }

    /// A weight matrix as it is stored; a plain one becomes [`Packed::F32`].
    pub(crate) fn matrix(&self, name: &str, rows: usize, cols: usize) -> Result<Arc<Packed>> {
        if let Some(Tensor::Packed(packed)) = self.0.get(name)
            && (packed.rows(), packed.cols()) == (rows, cols)
        {
            return Ok(Arc::clone(packed));
        }
        let values = self.tensor_of(name, &[rows, cols])?;
        Ok(Arc::new(Packed::F32(kernels::Dense::new(rows, cols, values)?)))
    }
}

impl FromIterator<(String, Tensor)> for Tensors {
    fn from_iter<I: IntoIterator<Item = (String, Tensor)>>(tensors: I) -> Self {
        Self(tensors.into_iter().collect())
    }
}
