use crate::cursor::{Cursor, More, there};
use crate::{Error, Kind, Result};
use std::collections::{BTreeMap, HashSet};

/// Headers hold vocabularies of a few megabytes; none is longer than this.
pub const MAX_HEADER_BYTES: usize = 64 << 20;
/// No model has more.
pub const MAX_TENSORS: u64 = 1 << 16;

const MAX_KEYS: u64 = 1 << 16;
const MAX_NAME_BYTES: u64 = 1 << 10;
const MAX_STRING_BYTES: u64 = 16 << 20;
/// Weights of one tensor: keeps sizes in bytes far from overflow.
const MAX_WEIGHTS: u64 = 1 << 40;
const MAX_DIMS: u32 = 4;
/// Entries of a list: vocabularies have some hundred thousand.
const MAX_LIST: u64 = 1 << 22;

/// What stands before the weights.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// Facts about the model, by their keys (`llama.block_count`).
    pub metadata: BTreeMap<String, Value>,
    /// In the order in which they lie in the file.
    pub tensors: Vec<TensorInfo>,
    /// Where the first tensor begins, bytes from the start of the file.
    pub data_offset: u64,
}

/// A fact of the header. Whole numbers of every width are one kind, and so are fractions.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A whole number; the largest of 64 bits do not occur and are refused.
    Integer(i64),
    /// A fraction.
    Float(f64),
    /// Yes or no.
    Bool(bool),
    /// Text.
    String(String),
    /// Whole numbers, or yes and no as 1 and 0.
    Integers(Vec<i64>),
    /// Fractions.
    Floats(Vec<f64>),
    /// Texts: a vocabulary, its merges.
    Strings(Vec<String>),
}

/// Where a tensor lies and how it is packed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TensorInfo {
    /// As the file calls it (`blk.0.attn_q.weight`).
    pub name: String,
    /// Sizes, the fastest first, as the file has them: of a matrix `(in, out)`.
    pub dims: Vec<u64>,
    /// How it is packed.
    pub kind: Kind,
    /// Bytes from [`Header::data_offset`].
    pub offset: u64,
    /// Its size in the file.
    pub bytes: u64,
}

impl TensorInfo {
    /// Weights in it.
    pub fn weights(&self) -> u64 {
        self.dims.iter().product()
    }

    /// Outputs and inputs of a matrix `(out, in)`; a vector is one row.
    pub fn matrix(&self) -> (u64, u64) {
        let cols = self.dims.first().copied().unwrap_or(1);
        (self.weights() / cols.max(1), cols)
    }
}

impl Header {
    /// A whole number by its key.
    pub fn integer(&self, key: &str) -> Option<i64> {
        match self.metadata.get(key)? {
            Value::Integer(value) => Some(*value),
            _ => None,
        }
    }

    /// A number by its key.
    pub fn float(&self, key: &str) -> Option<f64> {
        match self.metadata.get(key)? {
            Value::Float(value) => Some(*value),
            Value::Integer(value) => Some(*value as f64),
            _ => None,
        }
    }

    /// A text by its key.
    pub fn string(&self, key: &str) -> Option<&str> {
        match self.metadata.get(key)? {
            Value::String(value) => Some(value),
            _ => None,
        }
    }

    /// Yes or no by its key.
    pub fn flag(&self, key: &str) -> Option<bool> {
        match self.metadata.get(key)? {
            Value::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// A list of texts by its key.
    pub fn strings(&self, key: &str) -> Option<&[String]> {
        match self.metadata.get(key)? {
            Value::Strings(values) => Some(values),
            _ => None,
        }
    }

    /// A list of whole numbers by its key.
    pub fn integers(&self, key: &str) -> Option<&[i64]> {
        match self.metadata.get(key)? {
            Value::Integers(values) => Some(values),
            _ => None,
        }
    }

    /// Reads the header from the start of a file; `None` where more bytes are needed.
    pub(crate) fn parse(bytes: &[u8]) -> More<Self> {
        let mut cursor = Cursor::new(bytes);
        let Some(magic) = cursor.array::<4>() else { return Ok(None) };
        if magic != *b"GGUF" {
            return Err(Error::NotGguf);
        }
        let Some(version) = cursor.u32() else { return Ok(None) };
        if !(2..=3).contains(&version) {
            return Err(Error::Version(version));
        }
        let (Some(tensors), Some(keys)) = (cursor.u64(), cursor.u64()) else { return Ok(None) };
        if tensors > MAX_TENSORS {
            return Err(Error::too_many_tensors(tensors));
        }
        if keys > MAX_KEYS {
            return Err(Error::TooMuch { what: format!("{keys} facts"), limit: MAX_KEYS });
        }
        let mut metadata = BTreeMap::new();
        for _ in 0..keys {
            let key = there!(cursor.string(MAX_NAME_BYTES));
            let Some(kind) = cursor.u32() else { return Ok(None) };
            let value = there!(value(&mut cursor, kind));
            if metadata.insert(key.clone(), value).is_some() {
                return Err(Error::Header(format!("it says {key} twice")));
            }
        }
        let mut infos = Vec::new();
        for _ in 0..tensors {
            infos.push(there!(info(&mut cursor)));
        }
        let alignment = match metadata.get("general.alignment") {
            None => 32,
            Some(Value::Integer(alignment @ 1..=65_536)) if alignment.count_ones() == 1 => {
                *alignment as u64
            }
            Some(other) => return Err(Error::Header(format!("it aligns to {other:?}"))),
        };
        let data_offset = (cursor.at() as u64).next_multiple_of(alignment);
        infos.sort_by_key(|info| info.offset);
        check_places(&infos, alignment)?;
        Ok(Some(Self { metadata, tensors: infos, data_offset }))
    }
}

/// A fact of this type.
fn value(cursor: &mut Cursor<'_>, kind: u32) -> More<Value> {
    if kind == 8 {
        return Ok(cursor.string(MAX_STRING_BYTES)?.map(Value::String));
    }
    if kind == 9 {
        return array(cursor);
    }
    Ok(match number(cursor, kind)? {
        None => None,
        Some(Number::Integer(value)) if kind == 7 => Some(Value::Bool(value != 0)),
        Some(Number::Integer(value)) => Some(Value::Integer(value)),
        Some(Number::Float(value)) => Some(Value::Float(value)),
    })
}

fn array(cursor: &mut Cursor<'_>) -> More<Value> {
    let (Some(kind), Some(length)) = (cursor.u32(), cursor.u64()) else { return Ok(None) };
    if length > MAX_LIST {
        return Err(Error::TooMuch {
            what: format!("a list of {length} entries"),
            limit: MAX_LIST,
        });
    }
    // An entry takes a byte at least: a length is never taken on trust.
    if length > cursor.left() as u64 {
        return Ok(None);
    }
    if kind == 8 {
        let mut strings = Vec::new();
        for _ in 0..length {
            strings.push(there!(cursor.string(MAX_STRING_BYTES)));
        }
        return Ok(Some(Value::Strings(strings)));
    }
    let (mut integers, mut floats) = (Vec::new(), Vec::new());
    for _ in 0..length {
        match there!(number(cursor, kind)) {
            Number::Integer(value) => integers.push(value),
            Number::Float(value) => floats.push(value),
        }
    }
    Ok(Some(if floats.is_empty() { Value::Integers(integers) } else { Value::Floats(floats) }))
}

enum Number {
    Integer(i64),
    Float(f64),
}

/// A number of one of the header's types.
fn number(cursor: &mut Cursor<'_>, kind: u32) -> More<Number> {
    let integer = |value: i64| Some(Number::Integer(value));
    let float = |value: f64| Some(Number::Float(value));
    let read = match kind {
        0 | 7 => cursor.array::<1>().map(|[byte]| i64::from(byte)).and_then(integer),
        1 => cursor.array().map(i8::from_le_bytes).and_then(|v| integer(v.into())),
        2 => cursor.array().map(u16::from_le_bytes).and_then(|v| integer(v.into())),
        3 => cursor.array().map(i16::from_le_bytes).and_then(|v| integer(v.into())),
        4 => cursor.u32().and_then(|v| integer(v.into())),
        5 => cursor.array().map(i32::from_le_bytes).and_then(|v| integer(v.into())),
        6 => cursor.array().map(f32::from_le_bytes).and_then(|v| float(v.into())),
        10 => match cursor.u64().map(i64::try_from) {
            None => None,
            Some(Ok(value)) => integer(value),
            Some(Err(_)) => return Err(Error::Header("a number is beyond 63 bits".into())),
        },
        11 => cursor.array().map(i64::from_le_bytes).and_then(integer),
        12 => cursor.array().map(f64::from_le_bytes).and_then(float),
        other => return Err(Error::Header(format!("there is no type {other}"))),
    };
    Ok(read)
}

fn info(cursor: &mut Cursor<'_>) -> More<TensorInfo> {
    let name = there!(cursor.string(MAX_NAME_BYTES));
    let fail = |what: String| Error::Tensor { name: name.clone(), what };
    let Some(count) = cursor.u32() else { return Ok(None) };
    if !(1..=MAX_DIMS).contains(&count) {
        return Err(fail(format!("has {count} dimensions")));
    }
    let mut dims = Vec::new();
    for _ in 0..count {
        let Some(dim) = cursor.u64() else { return Ok(None) };
        dims.push(dim);
    }
    let (Some(kind), Some(offset)) = (cursor.u32(), cursor.u64()) else { return Ok(None) };
    let kind = Kind::from_number(kind).map_err(|kind| Error::Kind { name: name.clone(), kind })?;
    let weights = dims.iter().try_fold(1u64, |all, dim| all.checked_mul(*dim));
    let weights = weights.filter(|weights| (1..=MAX_WEIGHTS).contains(weights));
    let weights = weights.ok_or_else(|| fail(format!("has the shape {dims:?}")))?;
    let block = kind.block() as u64;
    if !dims.first().is_some_and(|row| row.is_multiple_of(block)) {
        return Err(fail(format!("has rows of {:?}, no multiple of {block}", dims.first())));
    }
    let bytes = weights / block * kind.block_bytes() as u64;
    Ok(Some(TensorInfo { name, dims, kind, offset, bytes }))
}

/// Each tensor begins where the one before it ends, but for the padding; `infos` lie in order.
fn check_places(infos: &[TensorInfo], alignment: u64) -> Result<()> {
    let mut names = HashSet::new();
    let mut free = 0u64;
    for info in infos {
        let fail = |what: &str| Error::Tensor { name: info.name.clone(), what: what.to_owned() };
        if !names.insert(info.name.as_str()) {
            return Err(fail("is there twice"));
        }
        if info.offset != free {
            return Err(fail("overlaps another one, or leaves a gap behind it"));
        }
        let end = info.offset.checked_add(info.bytes);
        let next = end.and_then(|end| end.checked_next_multiple_of(alignment));
        free = next.filter(|next| *next <= i64::MAX as u64).ok_or_else(|| fail("is too large"))?;
    }
    Ok(())
}
