//! Files written by hand, so that each can be wrong in one way.

use std::path::Path;

pub(crate) fn golden(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../training/goldens");
    std::fs::read(folder.join(name)).unwrap()
}

/// A tensor as a header describes it.
#[derive(Clone)]
pub(crate) struct Described {
    pub(crate) name: &'static str,
    pub(crate) dims: Vec<u64>,
    pub(crate) kind: u32,
    pub(crate) offset: u64,
}

/// A header with what follows it.
#[derive(Clone)]
pub(crate) struct File {
    pub(crate) magic: [u8; 4],
    pub(crate) version: u32,
    pub(crate) tensor_count: Option<u64>,
    pub(crate) key_count: Option<u64>,
    /// Key, type, bytes of the value.
    pub(crate) facts: Vec<(&'static str, u32, Vec<u8>)>,
    pub(crate) tensors: Vec<Described>,
    pub(crate) data: usize,
}

impl Default for File {
    fn default() -> Self {
        let described = |name, dims: &[u64], kind, offset| Described {
            name,
            dims: dims.to_vec(),
            kind,
            offset,
        };
        Self {
            magic: *b"GGUF",
            version: 3,
            tensor_count: None,
            key_count: None,
            facts: vec![("general.architecture", 8, text("llama"))],
            tensors: vec![
                described("a", &[32, 2], 2, 0),
                described("b", &[3], 0, 64),
                described("c", &[64], 8, 96),
            ],
            data: 96 + 68,
        }
    }
}

pub(crate) fn text(text: &str) -> Vec<u8> {
    [&(text.len() as u64).to_le_bytes()[..], text.as_bytes()].concat()
}

/// A list of so many entries of a type.
pub(crate) fn list(kind: u32, count: u64, entries: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &count.to_le_bytes(), entries].concat()
}

impl File {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.magic.to_vec();
        bytes.extend(self.version.to_le_bytes());
        bytes.extend(self.tensor_count.unwrap_or(self.tensors.len() as u64).to_le_bytes());
        bytes.extend(self.key_count.unwrap_or(self.facts.len() as u64).to_le_bytes());
        for (key, kind, value) in &self.facts {
            bytes.extend(text(key));
            bytes.extend(kind.to_le_bytes());
            bytes.extend(value);
        }
        for tensor in &self.tensors {
            bytes.extend(text(tensor.name));
            bytes.extend((tensor.dims.len() as u32).to_le_bytes());
            tensor.dims.iter().for_each(|dim| bytes.extend(dim.to_le_bytes()));
            bytes.extend(tensor.kind.to_le_bytes());
            bytes.extend(tensor.offset.to_le_bytes());
        }
        bytes.resize(bytes.len().next_multiple_of(32), 0);
        bytes.resize(bytes.len() + self.data, 7);
        bytes
    }
}
