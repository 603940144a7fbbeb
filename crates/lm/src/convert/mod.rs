//! From what training exports to a model folder, with a parity check.
//!
//! Training writes `config.json` (a `model.json` without `tensors`, `shards` and the tokenizer's
//! hash), `weights.safetensors` (every tensor in f32 or f16 under its own name) and
//! `tokenizer.json`. No files are opened here; the caller reads and writes them.

mod pack;
mod parity;
mod text;

pub use pack::{Folder, pack};
pub use parity::{Agreement, Case, TensorError, agreement, tensor_errors};
pub use text::{TextFolder, pack_text};

use crate::tensors::Tensor;
use crate::{
    Dtype, EncodeConfig, Error, FileEntry, LmConfig, Manifest, Result, TensorEntry, Weights,
};
use half::f16;
use safetensors::SafeTensors;
use safetensors::tensor::Dtype as Stored;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A trained model in full precision.
pub struct Trained {
    config: Config,
    tokenizer: Vec<u8>,
    tensors: BTreeMap<String, Plain>,
}

/// `config.json`; fields it does not know, such as `format`, may be there.
#[derive(Clone, Debug, Deserialize)]
struct Config {
    name: String,
    lm: LmConfig,
    encode: EncodeConfig,
    special_tokens: BTreeMap<String, u32>,
    #[serde(default)]
    answers: Vec<String>,
    /// As [`Manifest::systems`].
    #[serde(default)]
    systems: Vec<String>,
    classes: Vec<String>,
    colours: Vec<String>,
}

/// A tensor in f32, row-major.
#[derive(Clone)]
struct Plain {
    shape: Vec<usize>,
    values: Vec<f32>,
}

impl Trained {
    /// Reads the three files that training writes.
    ///
    /// # Errors
    /// [`Error::Manifest`], [`Error::File`] or [`Error::Tensor`] where one is not as it should be.
    pub fn parse(config_json: &[u8], weights: &[u8], tokenizer_json: &[u8]) -> Result<Self> {
        let config: Config = serde_json::from_slice(config_json)
            .map_err(|error| Error::Manifest(error.to_string()))?;
        let file = |error: safetensors::SafeTensorError| Error::File {
            file: "weights.safetensors".into(),
            what: error.to_string(),
        };
        let stored = SafeTensors::deserialize(weights).map_err(file)?;
        let mut tensors = BTreeMap::new();
        for (name, view) in stored.tensors() {
            let values: Vec<f32> = match view.dtype() {
                Stored::F32 => {
                    view.data().as_chunks().0.iter().map(|b| f32::from_le_bytes(*b)).collect()
                }
                Stored::F16 => {
                    let halves = view.data().as_chunks().0.iter();
                    halves.map(|bytes| f16::from_le_bytes(*bytes).to_f32()).collect()
                }
                other => {
                    return Err(Error::Tensor { name, what: format!("is stored as {other:?}") });
                }
            };
            if !values.iter().all(|value| value.is_finite()) {
                return Err(Error::Tensor {
                    name,
                    what: "holds values that are not finite".into(),
                });
            }
            tensors.insert(name, Plain { shape: view.shape().to_vec(), values });
        }
        Ok(Self { config, tokenizer: tokenizer_json.to_vec(), tensors })
    }

    /// The model in full precision, as if loaded: the reference of the parity check.
    ///
    /// # Errors
    /// [`Error::Manifest`] where the configuration is impossible.
    pub fn weights(&self) -> Result<Weights> {
        let entry = |plain: &Plain| TensorEntry {
            dtype: Dtype::F32,
            shape: plain.shape.clone(),
            shard: String::new(),
        };
        let entries = self.tensors.iter().map(|(name, plain)| (name.clone(), entry(plain)));
        let mut manifest = self.manifest(BTreeMap::new(), Vec::new())?;
        manifest.tensors = entries.collect();
        let stored = |plain: &Plain| Tensor::Plain {
            shape: plain.shape.clone(),
            values: plain.values.clone().into(),
        };
        let tensors = self.tensors.iter().map(|(name, plain)| (name.clone(), stored(plain)));
        Ok(Weights::from_parts(manifest, tensors.collect(), self.tokenizer.clone()))
    }

    /// A checked manifest of this model with these tensors in these shards.
    fn manifest(
        &self,
        tensors: BTreeMap<String, TensorEntry>,
        shards: Vec<FileEntry>,
    ) -> Result<Manifest> {
        let Config { name, lm, encode, special_tokens, answers, systems, classes, colours } =
            self.config.clone();
        let manifest = Manifest {
            format: "scanwise-model".into(),
            version: 1,
            name,
            lm,
            encode,
            tokenizer: pack::entry_of(pack::TOKENIZER, &self.tokenizer),
            special_tokens,
            answers,
            systems,
            classes,
            colours,
            tensors,
            shards,
        };
        manifest.checked()
    }
}
