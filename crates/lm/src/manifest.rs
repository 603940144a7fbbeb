use crate::weights::sha256_hex;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `model.json` of a model folder, checked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Always `scanwise-model`.
    pub format: String,
    /// Always 1.
    pub version: u32,
    /// The model's name, such as `scanwise-s`.
    pub name: String,
    /// The language model's dimensions.
    pub lm: LmConfig,
    /// The encoders' dimensions.
    pub encode: EncodeConfig,
    /// The tokenizer's file.
    pub tokenizer: FileEntry,
    /// Special tokens by name.
    pub special_tokens: BTreeMap<String, u32>,
    /// What it was taught beside the answers that every model knows: `path`, `place`, `talk`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<String>,
    /// The systems that it can be by themselves, beside the unified one, by their keys.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub systems: Vec<String>,
    /// Class names, in the order of the class head.
    pub classes: Vec<String>,
    /// Colour words, in the order of the colour head.
    pub colours: Vec<String>,
    /// Where each tensor lies.
    pub tensors: BTreeMap<String, TensorEntry>,
    /// The weight files.
    pub shards: Vec<FileEntry>,
}

/// Dimensions of the language model.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LmConfig {
    /// Blocks.
    pub layers: usize,
    /// `d`.
    pub width: usize,
    /// Query heads.
    pub heads: usize,
    /// Key-value heads.
    pub kv_heads: usize,
    /// Width of a head.
    pub head_dim: usize,
    /// Width of the SwiGLU layer.
    pub ff: usize,
    /// Rows of the embedding, special tokens included.
    pub vocab: usize,
    /// Base of the rotary angles.
    pub rope_base: f64,
    /// Of every RMSNorm.
    pub norm_eps: f32,
    /// Positions the model was trained for.
    pub context: usize,
}

/// Dimensions of the scene encoders.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct EncodeConfig {
    /// `d_e`.
    pub width: usize,
    /// Views per instance.
    pub views: usize,
    /// Crops per view.
    pub crops: usize,
    /// Edge of a crop, pixels.
    pub crop_px: usize,
    /// Point patches per instance.
    pub patches: usize,
    /// Points per patch.
    pub patch_points: usize,
    /// Width of the rows made of a scene, where that is not the language model's own: `lm.rows`
    /// then maps them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<usize>,
}

/// A file of the folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Its plain name, without any path.
    pub file: String,
    /// Its size.
    pub bytes: u64,
    /// Of its content, lower-case hexadecimal.
    pub sha256: String,
}

/// How a tensor is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dtype {
    /// Groups of 32 with an f16 scale, 4 bits each.
    Q4,
    /// As [`Dtype::Q4`], with an f16 smallest value of each group.
    #[serde(rename = "q4-min")]
    Q4Min,
    /// Groups of 32 with an f16 scale, 8 bits each.
    Q8,
    /// Plain.
    F32,
}

/// Where a tensor lies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TensorEntry {
    /// How it is stored.
    pub dtype: Dtype,
    /// Its shape when unpacked.
    pub shape: Vec<usize>,
    /// The shard's file name.
    pub shard: String,
}

/// Ids of the special tokens that decoding itself needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Specials {
    /// `<|bos|>`
    pub bos: u32,
    /// `<|user|>`
    pub user: u32,
    /// `<|assistant|>`
    pub assistant: u32,
    /// `<|end|>`
    pub end: u32,
    /// `<obj>`, the gate to the pointer.
    pub object: u32,
}

/// Of `format`.
const FORMAT: &str = "scanwise-model";
/// Larger than any model we mean; keeps products of dimensions far from overflow.
const LARGEST: usize = 1 << 20;
/// No file of a folder is larger.
pub(crate) const SHARD_BYTES: u64 = 8 << 20;

impl Manifest {
    /// Reads `model.json`.
    ///
    /// # Errors
    /// [`Error::Manifest`] where it is not JSON of this form, of another version, or says what
    /// cannot be: dimensions that do not fit each other, file names that lead elsewhere, special
    /// tokens outside the vocabulary.
    pub fn parse(json: &[u8]) -> Result<Self> {
        let manifest: Self =
            serde_json::from_slice(json).map_err(|error| Error::Manifest(error.to_string()))?;
        manifest.checked()
    }

    pub(crate) fn checked(self) -> Result<Self> {
        self.check().map_err(Error::Manifest)?;
        Ok(self)
    }

    /// Every file to fetch: the tokenizer, then the shards.
    pub fn files(&self) -> impl Iterator<Item = &FileEntry> {
        std::iter::once(&self.tokenizer).chain(&self.shards)
    }

    /// Bytes of all files.
    pub fn bytes(&self) -> u64 {
        self.files().map(|file| file.bytes).fold(0, u64::saturating_add)
    }

    /// The id of a special token.
    pub fn special(&self, name: &str) -> Option<u32> {
        self.special_tokens.get(name).copied()
    }

    /// The special tokens that decoding needs.
    ///
    /// # Errors
    /// [`Error::Manifest`] where one is missing.
    pub fn specials(&self) -> Result<Specials> {
        let id = |name: &str| {
            self.special(name).ok_or_else(|| Error::Manifest(format!("no special token {name}")))
        };
        Ok(Specials {
            bos: id("<|bos|>")?,
            user: id("<|user|>")?,
            assistant: id("<|assistant|>")?,
            end: id("<|end|>")?,
            object: id("<obj>")?,
        })
    }

    /// Width of the rows made of a scene.
    pub fn row_width(&self) -> usize {
        self.encode.rows.unwrap_or(self.lm.width)
    }

    /// Whether it was taught such answers.
    pub fn knows(&self, answers: &str) -> bool {
        self.answers.iter().any(|known| known == answers)
    }

    /// Ids below this one are the tokenizer's; the special tokens follow.
    pub fn text_vocab(&self) -> u32 {
        self.special_tokens.values().copied().min().unwrap_or(0)
    }

    fn check(&self) -> std::result::Result<(), String> {
        if self.format != FORMAT || self.version != 1 {
            return Err(format!("{} version {} is not known here", self.format, self.version));
        }
        self.lm.check()?;
        if !(1..=LARGEST).contains(&self.row_width()) {
            return Err(format!("rows of {}", self.row_width()));
        }
        let ids: std::collections::BTreeSet<u32> = self.special_tokens.values().copied().collect();
        if ids.len() != self.special_tokens.len() {
            return Err("two special tokens share an id".into());
        }
        if ids.last().is_none_or(|&id| id as usize >= self.lm.vocab) {
            return Err(format!("special tokens outside the vocabulary of {}", self.lm.vocab));
        }
        for file in self.files() {
            file.check()?;
        }
        for (name, tensor) in &self.tensors {
            if !self.shards.iter().any(|shard| shard.file == tensor.shard) {
                return Err(format!("tensor {name} lies in {}, which is no shard", tensor.shard));
            }
            if tensor.shape.iter().any(|&dim| dim == 0 || dim > LARGEST) || tensor.shape.len() > 5 {
                return Err(format!("tensor {name} has the shape {:?}", tensor.shape));
            }
        }
        self.specials().map(|_| ()).map_err(|error| error.to_string())
    }
}

impl LmConfig {
    /// Of the keys and values of every position, f32.
    pub(crate) fn cache_bytes(&self) -> u64 {
        let values = [2, self.layers, self.context, self.kv_heads, self.head_dim];
        values.into_iter().fold(4, |bytes, size| bytes.saturating_mul(size as u64))
    }

    /// What is wrong with them.
    pub(crate) fn check(&self) -> std::result::Result<(), String> {
        let sizes = [self.layers, self.width, self.heads, self.kv_heads, self.head_dim, self.ff];
        let in_range = |size: &usize| (1..=LARGEST).contains(size);
        if !sizes.iter().chain([&self.vocab, &self.context]).all(in_range) || self.layers > 256 {
            return Err("a dimension of lm is zero or beyond reason".into());
        }
        if !self.heads.is_multiple_of(self.kv_heads) {
            return Err(format!("{} heads share {} key-value heads", self.heads, self.kv_heads));
        }
        if !self.head_dim.is_multiple_of(4) || self.head_dim > 128 {
            return Err(format!("heads of {}", self.head_dim));
        }
        let inputs = [self.width, self.ff, self.heads * self.head_dim];
        if !inputs.iter().all(|cols| cols.is_multiple_of(kernels::GROUP)) {
            return Err(format!("{inputs:?} are not all multiples of {}", kernels::GROUP));
        }
        let numbers_fit = self.rope_base.is_finite()
            && self.rope_base > 1.0
            && self.norm_eps > 0.0
            && self.norm_eps < 1.0;
        if numbers_fit { Ok(()) } else { Err("rope_base or norm_eps is out of range".into()) }
    }
}

impl FileEntry {
    /// Whether these bytes are the file.
    pub fn is(&self, bytes: &[u8]) -> bool {
        self.bytes == bytes.len() as u64 && self.sha256 == sha256_hex(bytes)
    }

    /// Says how these bytes are not the file.
    pub(crate) fn expect(&self, bytes: &[u8]) -> Result<()> {
        let fail = |what: String| Err(Error::File { file: self.file.clone(), what });
        if self.bytes != bytes.len() as u64 {
            return fail(format!("has {} bytes, should have {}", bytes.len(), self.bytes));
        }
        if self.sha256 != sha256_hex(bytes) {
            return fail("does not have the sha256 that model.json gives".into());
        }
        Ok(())
    }

    pub(crate) fn check(&self) -> std::result::Result<(), String> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if self.file.is_empty() || self.file.starts_with('.') || !self.file.chars().all(plain) {
            return Err(format!("{:?} is not a plain file name", self.file));
        }
        if self.bytes > SHARD_BYTES {
            return Err(format!("{} says it has {} bytes", self.file, self.bytes));
        }
        let hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
        if self.sha256.len() != 64 || !self.sha256.chars().all(hex) {
            return Err(format!("{} has no sha256", self.file));
        }
        Ok(())
    }
}
