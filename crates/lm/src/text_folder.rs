//! A language model without any scene as a folder of our own: what `scanwise convert` makes of a GGUF file.

use crate::chat::ChatTemplate;
use crate::tensors::{Tensor, Tensors};
use crate::weights::read_tensor;
use crate::{ByteLevelBpe, Dtype, Error, FileEntry, LmConfig, Result, TensorEntry, TextWeights};
use kernels::Packed;
use safetensors::SafeTensors;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// `model.json` of such a folder, checked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TextManifest {
    /// Always `scanwise-text`.
    pub format: String,
    /// Always 1.
    pub version: u32,
    /// The model's name.
    pub name: String,
    /// Its dimensions.
    pub lm: LmConfig,
    /// The tokenizer's file.
    pub tokenizer: FileEntry,
    /// Stands before a text, where the model was taught so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begin: Option<u32>,
    /// Ends an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<u32>,
    /// Tokens that no text may spell, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub marks: BTreeMap<String, u32>,
    /// How a conversation is written, in Jinja.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_template: Option<String>,
    /// Where each tensor lies.
    pub tensors: BTreeMap<String, PartsEntry>,
    /// The weight files.
    pub shards: Vec<FileEntry>,
}

/// A tensor in parts, each of which fits a shard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartsEntry {
    /// How it is stored.
    pub dtype: Dtype,
    /// Its shape when unpacked.
    pub shape: Vec<usize>,
    /// Its rows, the first ones first; part `i` of `NAME` is stored as `NAME.i`.
    pub parts: Vec<RowsEntry>,
}

/// Some rows of a tensor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowsEntry {
    /// How many: of a vector all.
    pub rows: usize,
    /// The shard's file name.
    pub shard: String,
}

/// Takes the files of such a folder one by one, in any order.
pub struct TextLoader {
    manifest: TextManifest,
    tokenizer: Option<ByteLevelBpe>,
    /// By name and part.
    parts: BTreeMap<(String, usize), Tensor>,
    added: Vec<String>,
}

pub(crate) const FORMAT: &str = "scanwise-text";

impl TextManifest {
    /// Reads `model.json`.
    ///
    /// # Errors
    /// [`Error::Manifest`] where it is not JSON of this form, of another version, or says what cannot be.
    pub fn parse(json: &[u8]) -> Result<Self> {
        let manifest: Self =
            serde_json::from_slice(json).map_err(|error| Error::Manifest(error.to_string()))?;
        manifest.check().map_err(Error::Manifest)?;
        Ok(manifest)
    }

    /// Every file to fetch: the tokenizer, then the shards.
    pub fn files(&self) -> impl Iterator<Item = &FileEntry> {
        std::iter::once(&self.tokenizer).chain(&self.shards)
    }

    fn check(&self) -> std::result::Result<(), String> {
        if self.format != FORMAT || self.version != 1 {
            return Err(format!("{} version {} is not known here", self.format, self.version));
        }
        self.lm.check()?;
        self.files().try_for_each(FileEntry::check)?;
        let vocab = self.lm.vocab;
        let mut marks = self.marks.values().chain(&self.begin).chain(&self.end);
        if let Some(id) = marks.find(|id| **id as usize >= vocab) {
            return Err(format!("token {id} outside the vocabulary of {vocab}"));
        }
        for (name, tensor) in &self.tensors {
            let rows = tensor.parts.iter().map(|part| part.rows);
            let all = rows.fold(0usize, usize::saturating_add);
            if tensor.shape.first() != Some(&all) || tensor.shape.len() > 2 {
                return Err(format!("tensor {name} of {:?} has parts of {all} rows", tensor.shape));
            }
            let is_shard = |part: &RowsEntry| self.shards.iter().any(|one| one.file == part.shard);
            if !tensor.parts.iter().all(is_shard) {
                return Err(format!("tensor {name} lies in a file that is no shard"));
            }
        }
        Ok(())
    }
}

impl TextLoader {
    /// For the folder of this `model.json`.
    pub fn new(manifest: TextManifest) -> Self {
        Self { manifest, tokenizer: None, parts: BTreeMap::new(), added: Vec::new() }
    }

    /// Checks and unpacks a file.
    ///
    /// # Errors
    /// As [`crate::Loader::add`].
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        let fail = |what: String| Error::File { file: name.to_owned(), what };
        let entry = self.manifest.files().find(|file| file.file == name);
        entry.ok_or_else(|| fail("is no file of this model".into()))?.expect(bytes)?;
        if self.added.iter().any(|added| added == name) {
            return Ok(());
        }
        if name == self.manifest.tokenizer.file {
            self.tokenizer = Some(ByteLevelBpe::parse(bytes)?);
        } else {
            let shard = SafeTensors::deserialize(bytes).map_err(|error| fail(error.to_string()))?;
            for (tensor_name, tensor) in &self.manifest.tensors {
                let here = tensor.parts.iter().enumerate().filter(|(_, part)| part.shard == name);
                for (index, part) in here {
                    let mut shape = tensor.shape.clone();
                    shape[0] = part.rows;
                    let entry = TensorEntry { dtype: tensor.dtype, shape, shard: name.to_owned() };
                    let read = read_tensor(&shard, &format!("{tensor_name}.{index}"), &entry)?;
                    self.parts.insert((tensor_name.clone(), index), read);
                }
            }
        }
        self.added.push(name.to_owned());
        Ok(())
    }

    /// The model, once every file was added.
    ///
    /// # Errors
    /// [`Error::File`] where one is missing, [`Error::Tensor`] where parts do not make a tensor.
    pub fn finish(self) -> Result<TextWeights> {
        let Self { manifest, tokenizer, mut parts, added } = self;
        if let Some(file) = manifest.files().find(|file| !added.contains(&file.file)) {
            return Err(Error::File { file: file.file.clone(), what: "is missing".into() });
        }
        let mut tensors = Tensors::default();
        for (name, entry) in &manifest.tensors {
            let own =
                (0..entry.parts.len()).filter_map(|index| parts.remove(&(name.clone(), index)));
            tensors.put(name.clone(), whole(name, own.collect())?);
        }
        let begin = manifest.begin.and_then(|id| name_of(&manifest.marks, id));
        let end = manifest.end.and_then(|id| name_of(&manifest.marks, id));
        Ok(TextWeights {
            config: manifest.lm,
            tensors,
            tokenizer: tokenizer.ok_or_else(|| Error::Tokenizer("is missing".into()))?,
            chat: ChatTemplate {
                text: manifest.chat_template,
                marks: manifest.marks,
                begin: begin.unwrap_or_default(),
                end: end.unwrap_or_default(),
            },
            begin: manifest.begin,
            end: manifest.end,
        })
    }
}

fn name_of(marks: &BTreeMap<String, u32>, id: u32) -> Option<String> {
    marks.iter().find(|(_, mark)| **mark == id).map(|(name, _)| name.clone())
}

/// One tensor of its parts.
fn whole(name: &str, mut parts: Vec<Tensor>) -> Result<Tensor> {
    let broken = || Error::Tensor { name: name.to_owned(), what: "its parts do not fit".into() };
    if parts.len() == 1 {
        return parts.pop().ok_or_else(broken);
    }
    let packed = |part: Tensor| match part {
        Tensor::Packed(packed) => Some(packed),
        Tensor::Plain { .. } => None,
    };
    let parts: Option<Vec<Arc<Packed>>> = parts.into_iter().map(packed).collect();
    let stacked = parts.and_then(|parts| Packed::stacked(&parts));
    stacked.map(|packed| Tensor::Packed(Arc::new(packed))).ok_or_else(broken)
}
