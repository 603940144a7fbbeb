use super::{Plain, Trained};
use crate::manifest::SHARD_BYTES;
use crate::weights::sha256_hex;
use crate::{Dtype, Error, FileEntry, Loader, Manifest, Result, TensorEntry, Weights};
use half::f16;
use kernels::{GROUP, Packed};
use safetensors::tensor::{Dtype as Stored, View};
use std::borrow::Cow;
use std::collections::BTreeMap;

pub(super) const TOKENIZER: &str = "tokenizer.json";
const ENCODERS: &str = "encode.";
/// Left free in a shard for its header.
pub(super) const HEADER_BYTES: usize = 256 << 10;

/// A model folder in memory.
pub struct Folder {
    /// Goes to `model.json`.
    pub manifest: Manifest,
    /// Every other file: name and content.
    pub files: Vec<(String, Vec<u8>)>,
}

/// One entry of a shard.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) name: String,
    dtype: Stored,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

/// Packs a trained model: matrices of the language model's layers to 4 bits; its embedding, and
/// matrices of encoders and pointer, to 8 bits where their last dimension is a multiple of 32;
/// everything else stays f32. Scene encoders have shards of their own: models that share them
/// share those files, byte for byte, and nobody needs to fetch them twice.
///
/// # Errors
/// [`Error::Tensor`] where a single tensor is larger than a shard may be, [`Error::Manifest`] where
/// the configuration is impossible.
pub fn pack(trained: &Trained) -> Result<Folder> {
    let mut tensors = BTreeMap::new();
    let mut shards: Vec<Vec<Entry>> = Vec::new();
    let (mut room, mut encodes) = (0, false);
    for (name, plain) in &trained.tensors {
        let dtype = dtype_of(name, &plain.shape);
        let entries = entries_of(name, plain, dtype)?;
        let bytes: usize = entries.iter().map(|entry| entry.bytes.len()).sum();
        if bytes > SHARD_BYTES as usize - HEADER_BYTES {
            let what = format!("takes {bytes} bytes, more than a shard of {SHARD_BYTES} holds");
            return Err(Error::Tensor { name: name.clone(), what });
        }
        if bytes > room || name.starts_with(ENCODERS) != encodes {
            encodes = name.starts_with(ENCODERS);
            shards.push(Vec::new());
            room = SHARD_BYTES as usize - HEADER_BYTES;
        }
        room -= bytes;
        let shard = file_name(shards.len() - 1);
        tensors.insert(name.clone(), TensorEntry { dtype, shape: plain.shape.clone(), shard });
        if let Some(shard) = shards.last_mut() {
            shard.extend(entries);
        }
    }
    let mut files = vec![(TOKENIZER.to_owned(), trained.tokenizer.clone())];
    for (index, entries) in shards.into_iter().enumerate() {
        let entries = entries.into_iter().map(|entry| (entry.name.clone(), entry));
        let name = file_name(index);
        let bytes = safetensors::serialize(entries, None)
            .map_err(|error| Error::File { file: name.clone(), what: error.to_string() })?;
        files.push((name, bytes));
    }
    let shards = files.iter().skip(1).map(|(name, bytes)| entry_of(name, bytes)).collect();
    Ok(Folder { manifest: trained.manifest(tensors, shards)?, files })
}

impl Folder {
    /// The content of `model.json`.
    ///
    /// # Errors
    /// [`Error::Manifest`] where it cannot be written.
    pub fn json(&self) -> Result<Vec<u8>> {
        serde_json::to_vec_pretty(&self.manifest)
            .map_err(|error| Error::Manifest(error.to_string()))
    }

    /// Reads the folder back, as the product does.
    ///
    /// # Errors
    /// As [`Manifest::parse`] and [`Loader`].
    pub fn load(&self) -> Result<Weights> {
        let mut loader = Loader::new(Manifest::parse(&self.json()?)?);
        for (name, bytes) in &self.files {
            loader.add(name, bytes)?;
        }
        loader.finish()
    }
}

pub(super) fn entry_of(file: &str, bytes: &[u8]) -> FileEntry {
    FileEntry { file: file.to_owned(), bytes: bytes.len() as u64, sha256: sha256_hex(bytes) }
}

pub(super) fn file_name(index: usize) -> String {
    format!("weights-{index:05}.safetensors")
}

/// How a tensor of this name and shape is stored.
fn dtype_of(name: &str, shape: &[usize]) -> Dtype {
    let packs = matches!(shape, [rows, cols] if *rows > 1 && cols.is_multiple_of(GROUP));
    let eight_bit = ["lm.embed.", "lm.rows.", "encode.", "pointer."];
    match name {
        _ if !packs => Dtype::F32,
        _ if name.starts_with("lm.layers.") => Dtype::Q4,
        _ if eight_bit.iter().any(|part| name.starts_with(part)) => Dtype::Q8,
        _ => Dtype::F32,
    }
}

fn entries_of(name: &str, plain: &Plain, dtype: Dtype) -> Result<Vec<Entry>> {
    let packed = match (dtype, plain.shape.as_slice()) {
        (Dtype::Q4, &[rows, cols]) => Packed::Q4(kernels::pack_q4(rows, cols, &plain.values)?),
        (Dtype::Q8, &[rows, cols]) => Packed::Q8(kernels::pack_q8(rows, cols, &plain.values)?),
        _ => return Ok(vec![plain_entry(name, &plain.shape, &plain.values)]),
    };
    Ok(packed_entries(name, &packed))
}

pub(super) fn plain_entry(name: &str, shape: &[usize], values: &[f32]) -> Entry {
    let (dtype, bytes) = (Stored::F32, f32_bytes(values));
    Entry { name: name.to_owned(), dtype, shape: shape.to_vec(), bytes }
}

/// A packed matrix as it is stored: `.q`, `.scale`, and `.min` where its groups have smallest values.
pub(super) fn packed_entries(name: &str, packed: &Packed) -> Vec<Entry> {
    let (rows, cols) = (packed.rows(), packed.cols());
    let entry = |suffix: &str, dtype, cols: usize, bytes| Entry {
        name: format!("{name}{suffix}"),
        dtype,
        shape: vec![rows, cols],
        bytes,
    };
    let halves = |values: &[f16]| values.iter().flat_map(|value| value.to_le_bytes()).collect();
    let groups = cols / GROUP;
    match packed {
        Packed::Q4(q4) => {
            let bytes = q4.words().iter().flat_map(|word| word.to_le_bytes()).collect();
            let mut entries = vec![
                entry(".q", Stored::U32, cols / 8, bytes),
                entry(".scale", Stored::F16, groups, halves(q4.scales())),
            ];
            if !q4.mins().is_empty() {
                entries.push(entry(".min", Stored::F16, groups, halves(q4.mins())));
            }
            entries
        }
        Packed::Q8(q8) => {
            let bytes = q8.q().iter().flat_map(|q| q.to_le_bytes()).collect();
            vec![
                entry(".q", Stored::I8, cols, bytes),
                entry(".scale", Stored::F16, groups, halves(q8.scales())),
            ]
        }
        Packed::F32(dense) => vec![plain_entry(name, &[rows, cols], dense.values())],
    }
}

fn f32_bytes(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

impl Entry {
    /// Bytes of it.
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }
}

impl View for Entry {
    fn dtype(&self) -> Stored {
        self.dtype
    }

    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn data(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(&self.bytes)
    }

    fn data_len(&self) -> usize {
        self.bytes.len()
    }
}
