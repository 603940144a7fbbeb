use crate::{Error, Result};
use serde_json::{Value, json};
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

/// How a text is cut before its pieces are merged, by the names that GGUF files use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PreTokenizer {
    /// As GPT-2.
    Gpt2,
    /// As SmolLM: each digit by itself, then as GPT-2.
    SmolLm,
    /// As Qwen2: each digit by itself.
    Qwen2,
    /// As Llama 3: up to three digits together.
    Llama3,
}

impl PreTokenizer {
    pub(crate) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "default" | "gpt-2" => Self::Gpt2,
            "smollm" => Self::SmolLm,
            "qwen2" => Self::Qwen2,
            "llama-bpe" => Self::Llama3,
            _ => return None,
        })
    }

    /// As `tokenizer.json` has it.
    fn json(self) -> Value {
        let bytes = |by_words: bool| json!({ "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": by_words });
        let words = |digits: &str| {
            let pattern = format!(
                r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}{digits}| ?[^\s\p{{L}}\p{{N}}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
            );
            json!({ "type": "Split", "pattern": { "Regex": pattern }, "behavior": "Isolated", "invert": false })
        };
        let both = |first: Value, then: Value| json!({ "type": "Sequence", "pretokenizers": [first, then] });
        match self {
            Self::Gpt2 => bytes(true),
            Self::SmolLm => {
                both(json!({ "type": "Digits", "individual_digits": true }), bytes(true))
            }
            Self::Qwen2 => both(words(""), bytes(false)),
            Self::Llama3 => both(words("{1,3}"), bytes(false)),
        }
    }
}

/// Byte-level BPE from a `tokenizer.json`, by Hugging Face's `tokenizers`.
pub struct ByteLevelBpe {
    inner: tokenizers::Tokenizer,
    bytes: Vec<Vec<u8>>,
}

impl ByteLevelBpe {
    /// From a vocabulary in the order of its ids and merges (`a b`) in the order of their ranks. Marks that control a
    /// model are tokens like any other, and no text is merged into one.
    ///
    /// # Errors
    /// As [`ByteLevelBpe::parse`].
    pub(crate) fn from_vocabulary(
        tokens: &[String],
        merges: &[String],
        pre: PreTokenizer,
    ) -> Result<Self> {
        let vocab: serde_json::Map<String, Value> =
            tokens.iter().cloned().zip((0u64..).map(Value::from)).collect();
        if vocab.len() != tokens.len() {
            return Err(Error::Tokenizer("two of its tokens are the same".into()));
        }
        let file = json!({
            "version": "1.0",
            "truncation": null,
            "padding": null,
            "added_tokens": [],
            "normalizer": null,
            "pre_tokenizer": pre.json(),
            "post_processor": null,
            "decoder": null,
            "model": {
                "type": "BPE",
                "dropout": null,
                "unk_token": null,
                "continuing_subword_prefix": null,
                "end_of_word_suffix": null,
                "fuse_unk": false,
                "byte_fallback": false,
                "ignore_merges": pre == PreTokenizer::Llama3,
                "vocab": vocab,
                "merges": merges,
            },
        });
        let bytes =
            serde_json::to_vec(&file).map_err(|error| Error::Tokenizer(error.to_string()))?;
        Self::parse(&bytes)
    }

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
        let byte_of: HashMap<char, u8> = byte_alphabet().collect();
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

impl ByteLevelBpe {
    /// As a `tokenizer.json`, which [`ByteLevelBpe::parse`] reads.
    ///
    /// # Errors
    /// [`Error::Tokenizer`] where it cannot be written.
    pub fn json(&self) -> Result<Vec<u8>> {
        let json = self.inner.to_string(false);
        json.map(String::into_bytes).map_err(|error| Error::Tokenizer(error.to_string()))
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

/// GPT-2's printable stand-ins of the bytes 0 to 255: bytes that print as themselves in Latin-1 stay, the others follow from
/// U+0100 on, in order.
fn byte_alphabet() -> impl Iterator<Item = (char, u8)> {
    let mut stand_in = 0x100u32;
    (0..=255u8).filter_map(move |byte| {
        let printable = matches!(byte, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff);
        let code = if printable {
            u32::from(byte)
        } else {
            stand_in += 1;
            stand_in - 1
        };
        char::from_u32(code).map(|c| (c, byte))
    })
}

/// A vocabulary of the bytes alone.
pub(crate) fn byte_names() -> Vec<String> {
    byte_alphabet().map(|(name, _)| name.to_string()).collect()
}
