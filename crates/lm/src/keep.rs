//! What a model has read, as bytes that outlive it.

use crate::{Error, Result};
use sha2::{Digest, Sha256};

/// Of what something was made: a model's weights, what runs it, and what it read.
pub(crate) type Fingerprint = [u8; 32];

/// Hashes what it is given.
#[derive(Clone, Default)]
pub(crate) struct Hasher(Sha256);

impl Hasher {
    pub(crate) fn bytes(mut self, bytes: &[u8]) -> Self {
        // Each with its length, so that no two lists of parts are the same.
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
        self
    }

    pub(crate) fn values(self, values: &[f32]) -> Self {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.bytes(&bytes)
    }

    pub(crate) fn finish(self) -> Fingerprint {
        self.0.finalize().into()
    }
}

/// Changes whenever the same bytes would mean something else.
const MAGIC: &[u8; 8] = b"swread01";
const HEAD: usize = MAGIC.len() + 2 * size_of::<Fingerprint>();

/// `values` with what they were made of, and a sum of theirs.
pub(crate) fn packed(made_of: Fingerprint, values: &[f32]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEAD + size_of_val(values));
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&made_of);
    bytes.extend_from_slice(&Hasher::default().values(values).finish());
    bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    bytes
}

/// The values again, where these are bytes of just that and undamaged.
pub(crate) fn unpacked(made_of: Fingerprint, bytes: &[u8]) -> Result<Vec<f32>> {
    let other = || Error::Order("what was kept is of another scene, another model, or damaged");
    let rest = bytes.strip_prefix(MAGIC).ok_or_else(other)?;
    let rest = rest.strip_prefix(&made_of).ok_or_else(other)?;
    let (sum, values) = rest.split_at_checked(size_of::<Fingerprint>()).ok_or_else(other)?;
    let (values, odd) = values.as_chunks();
    let values: Vec<f32> = values.iter().map(|four| f32::from_le_bytes(*four)).collect();
    match odd.is_empty() && Hasher::default().values(&values).finish() == sum {
        true => Ok(values),
        false => Err(other()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_comes_back_or_not_at_all() {
        let made_of = Hasher::default().bytes(b"a scene").finish();
        let values = [0.0, -1.5, f32::MIN_POSITIVE];
        let bytes = packed(made_of, &values);
        assert_eq!(unpacked(made_of, &bytes).unwrap(), values);
        for index in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[index] ^= 4;
            assert!(unpacked(made_of, &damaged).is_err(), "byte {index}");
            assert!(unpacked(made_of, &bytes[..index]).is_err(), "{index} bytes");
        }
        let other = Hasher::default().bytes(b"a scene").bytes(b"").finish();
        assert!(unpacked(other, &bytes).is_err());
    }
}
