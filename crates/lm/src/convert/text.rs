use super::pack::{
    Entry, HEADER_BYTES, TOKENIZER, entry_of, file_name, packed_entries, plain_entry,
};
use crate::manifest::SHARD_BYTES;
use crate::tensors::Tensor;
use crate::text_folder::FORMAT;
use crate::{Dtype, Error, PartsEntry, Result, RowsEntry, TextLoader, TextManifest, TextWeights};
use kernels::Packed;
use std::collections::BTreeMap;

/// A text model's folder in memory.
pub struct TextFolder {
    /// Goes to `model.json`.
    pub manifest: TextManifest,
    /// Every other file: name and content.
    pub files: Vec<(String, Vec<u8>)>,
}

/// Bytes of weights in a shard.
const ROOM: usize = SHARD_BYTES as usize - HEADER_BYTES;

/// Writes a text model's weights as they are packed into shards; what is larger than one is cut by rows.
///
/// # Errors
/// [`Error::Tensor`] where a tensor cannot be stored.
pub fn pack_text(name: &str, weights: &TextWeights) -> Result<TextFolder> {
    let mut shards: Vec<Vec<Entry>> = Vec::new();
    let mut room = 0;
    let mut tensors = BTreeMap::new();
    let sorted: BTreeMap<_, _> = weights.tensors.iter().collect();
    for (tensor_name, tensor) in sorted {
        let mut parts = Vec::new();
        let (dtype, shape) = stored(tensor_name, tensor)?;
        for (index, (rows, entries)) in cut(tensor_name, tensor)?.into_iter().enumerate() {
            debug_assert_eq!(index, parts.len());
            let bytes: usize = entries.iter().map(Entry::len).sum();
            if bytes > room {
                shards.push(Vec::new());
                room = ROOM;
            }
            room = room.saturating_sub(bytes);
            parts.push(RowsEntry { rows, shard: file_name(shards.len() - 1) });
            shards
                .iter_mut()
                .last()
                .into_iter()
                .for_each(|shard| shard.extend_from_slice(&entries));
        }
        tensors.insert(tensor_name.clone(), PartsEntry { dtype, shape, parts });
    }
    let mut files = vec![(TOKENIZER.to_owned(), weights.tokenizer.json()?)];
    for (index, entries) in shards.into_iter().enumerate() {
        let file = file_name(index);
        let entries = entries.into_iter().map(|entry| (entry.name.clone(), entry));
        let bytes = safetensors::serialize(entries, None)
            .map_err(|error| Error::File { file: file.clone(), what: error.to_string() })?;
        files.push((file, bytes));
    }
    let manifest = TextManifest {
        format: FORMAT.to_owned(),
        version: 1,
        name: name.to_owned(),
        lm: weights.config,
        tokenizer: entry_of(&files[0].0, &files[0].1),
        begin: weights.begin,
        end: weights.end,
        marks: weights.chat.marks.clone(),
        chat_template: weights.chat.text.clone(),
        tensors,
        shards: files.iter().skip(1).map(|(name, bytes)| entry_of(name, bytes)).collect(),
    };
    Ok(TextFolder { manifest, files })
}

impl TextFolder {
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
    /// As [`TextManifest::parse`] and [`TextLoader`].
    pub fn load(&self) -> Result<TextWeights> {
        let mut loader = TextLoader::new(TextManifest::parse(&self.json()?)?);
        for (name, bytes) in &self.files {
            loader.add(name, bytes)?;
        }
        loader.finish()
    }
}

fn stored(name: &str, tensor: &Tensor) -> Result<(Dtype, Vec<usize>)> {
    let dtype = match tensor {
        Tensor::Plain { .. } => Dtype::F32,
        Tensor::Packed(packed) => match packed.as_ref() {
            Packed::Q4(q4) if q4.mins().is_empty() => Dtype::Q4,
            Packed::Q4(_) => Dtype::Q4Min,
            Packed::Q8(_) => Dtype::Q8,
            Packed::F32(_) => {
                let what = "is plain, and is not stored so".to_owned();
                return Err(Error::Tensor { name: name.to_owned(), what });
            }
        },
    };
    Ok((dtype, tensor.shape()))
}

/// Rows of a tensor that fit a shard together, with their number.
fn cut(name: &str, tensor: &Tensor) -> Result<Vec<(usize, Vec<Entry>)>> {
    let packed = match tensor {
        Tensor::Plain { shape, values } => {
            let rows = shape.first().copied().unwrap_or_default();
            return Ok(vec![(rows, vec![plain_entry(&format!("{name}.0"), shape, values)])]);
        }
        Tensor::Packed(packed) => packed,
    };
    let each = (ROOM / (packed.bytes() / packed.rows()).max(1)).max(1);
    let firsts = (0..packed.rows()).step_by(each);
    let part = |(index, first): (usize, usize)| {
        let rows = each.min(packed.rows() - first);
        Ok((rows, packed_entries(&format!("{name}.{index}"), &packed.some_rows(first, rows)?)))
    };
    firsts.enumerate().map(part).collect()
}
