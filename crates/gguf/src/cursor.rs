//! Little-endian numbers and strings from the bytes that have come so far.

use crate::{Error, Result};

/// `None` where more bytes are needed.
pub(crate) type More<T> = Result<Option<T>>;

/// What has not been read yet.
pub(crate) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// Unwraps what is there; where more bytes are needed, so says the function it stands in.
macro_rules! there {
    ($more:expr) => {
        match $more? {
            Some(value) => value,
            None => return Ok(None),
        }
    };
}

pub(crate) use there;

impl<'a> Cursor<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Bytes read.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    pub(crate) fn left(&self) -> usize {
        self.bytes.len() - self.at
    }

    pub(crate) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let taken = self.bytes.get(self.at..self.at.checked_add(count)?)?;
        self.at += count;
        Some(taken)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    pub(crate) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    pub(crate) fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    /// A string with its length before it.
    pub(crate) fn string(&mut self, limit: u64) -> More<String> {
        let Some(length) = self.u64() else { return Ok(None) };
        if length > limit {
            return Err(Error::TooMuch { what: format!("a string of {length} bytes"), limit });
        }
        let bytes = self.take(length as usize);
        // Names and tokens are shown to people: what is no UTF-8 becomes so.
        Ok(bytes.map(|bytes| String::from_utf8_lossy(bytes).into_owned()))
    }
}
