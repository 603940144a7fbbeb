use crate::keep::{Fingerprint, Hasher};
use crate::tensors::{Tensor, Tensors};
use crate::{Dtype, Error, FileEntry, Manifest, Result, TensorEntry};
use half::f16;
use kernels::{Packed, Q4, Q8};
use safetensors::SafeTensors;
use safetensors::tensor::{Dtype as Stored, TensorView};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Takes the files of a model folder one by one, in any order, so that none need be kept.
pub struct Loader {
    manifest: Manifest,
    tensors: Tensors,
    tokenizer: Option<Vec<u8>>,
    added: Vec<String>,
}

/// A model, checked: every tensor that `model.json` names is there, has its shape and is finite.
pub struct Weights {
    manifest: Manifest,
    tensors: Tensors,
    tokenizer: Vec<u8>,
}

impl Loader {
    /// For the folder of this `model.json`.
    pub fn new(manifest: Manifest) -> Self {
        Self { manifest, tensors: Tensors::default(), tokenizer: None, added: Vec::new() }
    }

    /// Files not yet added.
    pub fn missing(&self) -> impl Iterator<Item = &FileEntry> {
        self.manifest.files().filter(|file| !self.added.contains(&file.file))
    }

    /// Checks and unpacks a file.
    ///
    /// # Errors
    /// [`Error::File`] where it is not a file of this folder or not the one described (size,
    /// sha256), [`Error::Tensor`] where a tensor in it is not as described.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        let fail = |what: String| Error::File { file: name.to_owned(), what };
        let entry = self.manifest.files().find(|file| file.file == name);
        entry.ok_or_else(|| fail("is no file of this model".into()))?.expect(bytes)?;
        if self.added.iter().any(|added| added == name) {
            return Ok(());
        }
        if name == self.manifest.tokenizer.file {
            self.tokenizer = Some(bytes.to_vec());
        } else {
            let shard = SafeTensors::deserialize(bytes).map_err(|error| fail(error.to_string()))?;
            let here = self.manifest.tensors.iter().filter(|(_, tensor)| tensor.shard == name);
            for (tensor_name, tensor) in here {
                let read = read_tensor(&shard, tensor_name, tensor)?;
                self.tensors.put(tensor_name.clone(), read);
            }
        }
        self.added.push(name.to_owned());
        Ok(())
    }

    /// The model, once every file was added.
    ///
    /// # Errors
    /// [`Error::File`] where one is missing.
    pub fn finish(self) -> Result<Weights> {
        if let Some(file) = self.missing().next() {
            return Err(Error::File { file: file.file.clone(), what: "is missing".into() });
        }
        let Some(tokenizer) = self.tokenizer else {
            return Err(Error::Tokenizer("is missing".into()));
        };
        Ok(Weights { manifest: self.manifest, tensors: self.tensors, tokenizer })
    }
}

impl Weights {
    pub(crate) fn from_parts(manifest: Manifest, tensors: Tensors, tokenizer: Vec<u8>) -> Self {
        Self { manifest, tensors, tokenizer }
    }

    /// Without the scene encoders' tensors; the others are shared.
    pub fn decoder_only(&self) -> Self {
        let of_decoder = |name: &str| !name.starts_with("encode.");
        let tensors = self.tensors.iter().filter(|(name, _)| of_decoder(name));
        Self {
            manifest: self.manifest.clone(),
            tensors: tensors.map(|(name, tensor)| (name.clone(), tensor.clone())).collect(),
            tokenizer: self.tokenizer.clone(),
        }
    }

    /// The tensors by themselves.
    pub(crate) fn tensors(&self) -> &Tensors {
        &self.tensors
    }

    /// Of the language model's tensors, as they are stored.
    pub(crate) fn lm_bytes(&self) -> u64 {
        let own = self.tensors.iter().filter(|(name, _)| name.starts_with("lm."));
        own.map(|(_, tensor)| tensor.bytes() as u64).sum()
    }

    pub(crate) fn put(&mut self, name: String, tensor: Tensor) {
        self.tensors.put(name, tensor);
    }

    /// Of which files they come, by their sums.
    pub(crate) fn fingerprint(&self) -> Fingerprint {
        let files = self.manifest.files();
        files.fold(Hasher::default(), |hash, file| hash.bytes(file.sha256.as_bytes())).finish()
    }

    /// What `model.json` says.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The bytes of `tokenizer.json`.
    pub fn tokenizer_json(&self) -> &[u8] {
        &self.tokenizer
    }

    /// Whether there is a tensor of this name.
    pub fn has(&self, name: &str) -> bool {
        self.tensors.has(name)
    }

    /// A tensor in f32, however it is stored: its shape and its values, row-major.
    ///
    /// # Errors
    /// [`Error::Tensor`] where there is none of this name.
    pub fn tensor_f32(&self, name: &str) -> Result<(Vec<usize>, Vec<f32>)> {
        self.tensors.tensor_f32(name)
    }

    /// A tensor in f32 that must have this shape.
    ///
    /// # Errors
    /// [`Error::Tensor`] where there is none of this name and shape.
    pub fn tensor_of(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        self.tensors.tensor_of(name, shape)
    }

    /// A weight matrix as it is stored; a plain one becomes [`Packed::F32`].
    ///
    /// # Errors
    /// [`Error::Tensor`] where there is none of this name and shape `(rows, cols)`.
    pub fn matrix(&self, name: &str, rows: usize, cols: usize) -> Result<Arc<Packed>> {
        self.tensors.matrix(name, rows, cols)
    }
}

pub(crate) fn read_tensor(
    shard: &SafeTensors<'_>,
    name: &str,
    entry: &TensorEntry,
) -> Result<Tensor> {
    let fail = |what: String| Error::Tensor { name: name.to_owned(), what };
    let part = |suffix: &str, stored: Stored, shape: &[usize]| -> Result<TensorView<'_>> {
        let view = shard
            .tensor(&format!("{name}{suffix}"))
            .map_err(|error| fail(format!("in {}: {error}", entry.shard)))?;
        if view.dtype() != stored || view.shape() != shape {
            let found = format!("{:?} {:?}", view.dtype(), view.shape());
            return Err(fail(format!("holds {found}, should hold {stored:?} {shape:?}")));
        }
        Ok(view)
    };
    if entry.dtype == Dtype::F32 {
        let values: Vec<f32> =
            words(part("", Stored::F32, &entry.shape)?.data(), f32::from_le_bytes);
        if !values.iter().all(|value| value.is_finite()) {
            return Err(fail("holds values that are not finite".into()));
        }
        return Ok(Tensor::Plain { shape: entry.shape.clone(), values: values.into() });
    }
    let &[rows, cols] = entry.shape.as_slice() else {
        return Err(fail(format!("is packed but has the shape {:?}", entry.shape)));
    };
    if !cols.is_multiple_of(kernels::GROUP) {
        return Err(fail(format!("is packed but has {cols} columns")));
    }
    let halves = |suffix: &str| -> Result<Vec<f16>> {
        let view = part(suffix, Stored::F16, &[rows, cols / kernels::GROUP])?;
        let halves: Vec<f16> = words(view.data(), f16::from_le_bytes);
        match halves.iter().all(|half| half.is_finite()) {
            true => Ok(halves),
            false => Err(fail("has scales that are not finite".into())),
        }
    };
    let nibbles = || -> Result<Vec<u32>> {
        Ok(words(part(".q", Stored::U32, &[rows, cols / 8])?.data(), u32::from_le_bytes))
    };
    let scales = halves(".scale")?;
    let packed = match entry.dtype {
        Dtype::Q4 => Packed::Q4(Q4::new(rows, cols, nibbles()?, scales)?),
        Dtype::Q4Min => Packed::Q4(Q4::with_mins(rows, cols, nibbles()?, scales, halves(".min")?)?),
        Dtype::Q8 | Dtype::F32 => {
            let bytes = part(".q", Stored::I8, &[rows, cols])?;
            Packed::Q8(Q8::new(rows, cols, words(bytes.data(), i8::from_le_bytes), scales)?)
        }
    };
    Ok(Tensor::Packed(Arc::new(packed)))
}

fn words<T, const N: usize>(bytes: &[u8], read: impl Fn([u8; N]) -> T) -> Vec<T> {
    bytes.as_chunks::<N>().0.iter().map(|word| read(*word)).collect()
}

pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
