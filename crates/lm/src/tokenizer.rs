use crate::{Error, Result};
use std::collections::HashMap;

/// Text to tokens and back. Special tokens are not its business: they are known by id alone, so no
/// text can become one.
pub trait Tokenizer {
    /// The tokens of a text.
    ///
    /// # Errors
    /// [`Error::Tokenizer`].
    fn encode(&self, text: &str) -> Result<Vec<u32>>;

    /// The bytes of a token, which need not be whole characters; `None` where there is no such
    /// token.
    fn bytes_of(&self, id: u32) -> Option<&[u8]>;

    /// How many tokens there are; ids are below this.
    fn vocab(&self) -> usize;
}

/// Byte-level BPE from a `tokenizer.json`, by Hugging Face's `tokenizers`.
pub struct ByteLevelBpe {
    inner: tokenizers::Tokenizer,
    bytes: Vec<Vec<u8>>,
}

impl ByteLevelBpe {
    /// Reads a `tokenizer.json`.
    ///
    /// # Errors
    /// [`Error::Tokenizer`] where it cannot be read, has added tokens (which text could spell), a
    /// token that is not byte-level, or gaps in its ids.
    pub fn parse(json: &[u8]) -> Result<Self> {
        let inner = tokenizers::Tokenizer::from_bytes(json)
            .map_err(|error| Error::Tokenizer(error.to_string()))?;
        if !inner.get_added_tokens_decoder().is_empty() {
            return Err(Error::Tokenizer("it has added tokens, which text could spell".into()));
        }
        let byte_of = byte_alphabet();
        let size = inner.get_vocab_size(true);
        let bytes = (0..size)
            .map(|id| {
                let id = u32::try_from(id).map_err(|error| error.to_string())?;
                let token =
                    inner.id_to_token(id).ok_or_else(|| format!("there is no token {id}"))?;
                token
                    .chars()
                    .map(|c| byte_of.get(&c).copied())
                    .collect::<Option<Vec<u8>>>()
                    .ok_or_else(|| format!("token {id} is not byte-level: {token:?}"))
            })
            .collect::<std::result::Result<Vec<_>, String>>()
            .map_err(Error::Tokenizer)?;
        Ok(Self { inner, bytes })
    }
}

impl Tokenizer for ByteLevelBpe {
    fn encode(&self, text: &str) -> Result<Vec<u32>> {
        let encoding =
            self.inner.encode(text, false).map_err(|error| Error::Tokenizer(error.to_string()))?;
        Ok(encoding.get_ids().to_vec())
    }

    fn bytes_of(&self, id: u32) -> Option<&[u8]> {
        self.bytes.get(id as usize).map(Vec::as_slice)
    }

    fn vocab(&self) -> usize {
        self.bytes.len()
    }
}

/// GPT-2's printable stand-ins: bytes that print as themselves in Latin-1 stay, the others follow
/// from U+0100 on, in order.
fn byte_alphabet() -> HashMap<char, u8> {
    let mut stand_in = 0x100u32;
    (0..=255u8)
        .filter_map(|byte| {
            let printable = matches!(byte, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff);
            let code = if printable {
                u32::from(byte)
            } else {
                stand_in += 1;
                stand_in - 1
            };
            char::from_u32(code).map(|c| (c, byte))
        })
        .collect()
}
