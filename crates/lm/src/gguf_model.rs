//! Models of others: GGUF files of Llama's kind (SmolLM, Llama 3) and Qwen2's.

use crate::chat::ChatTemplate;
use crate::manifest::LmConfig;
use crate::tensors::{Tensor, Tensors};
use crate::tokenizer::{ByteLevelBpe, PreTokenizer};
use crate::{Error, Result};
use gguf::{Header, Kind, Part, Q4_0Block, Q4_1Block, Q8_0Block, Reader, TensorInfo};
use half::f16;
use kernels::{Dense, GROUP, Packed, Q4, Q8};
use std::sync::Arc;

/// Takes a GGUF file's bytes as they come and packs each tensor as soon as it is there, so that beside the weights no more
/// than one tensor of the file is held.
#[derive(Default)]
pub struct GgufLoader {
    reader: Reader,
    model: Building,
}

/// What is known of the model so far.
#[derive(Default)]
struct Building {
    context: usize,
    /// Whether what `kernels` has no packing for is kept in f32.
    is_exact: bool,
    facts: Option<Facts>,
    tensors: Tensors,
}

/// What the header says.
#[derive(Clone)]
struct Facts {
    config: LmConfig,
    /// Whether heads are turned by pairs of neighbours: their rows are then put in order.
    turns_neighbours: bool,
}

/// A language model without any scene: its weights, packed, and its tokenizer.
pub struct TextWeights {
    pub(crate) config: LmConfig,
    pub(crate) tensors: Tensors,
    pub(crate) tokenizer: ByteLevelBpe,
    pub(crate) chat: ChatTemplate,
    /// Ends an answer.
    pub end: Option<u32>,
    /// Stands before a text, where the model was taught so.
    pub begin: Option<u32>,
}

impl GgufLoader {
    /// For a file from its beginning. The cache of keys and values is made for so many positions at most.
    pub fn new(context: usize) -> Self {
        Self { reader: Reader::new(), model: Building { context, ..Building::default() } }
    }

    /// As [`GgufLoader::new`]; what becomes 8 bits there stays as it is, in f32. For references: it takes much room, no GPU
    /// has it, and it is slow.
    pub fn exact(context: usize) -> Self {
        let mut loader = Self::new(context);
        loader.model.is_exact = true;
        loader
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// [`Error::Gguf`], [`Error::Unknown`], or [`Error::Tensor`] where a tensor holds what is not finite.
    pub fn push(&mut self, bytes: &[u8]) -> Result<()> {
        self.reader.push(bytes, |part| self.model.take(part))
    }

    /// The model, once the file has ended.
    ///
    /// # Errors
    /// As [`GgufLoader::push`], and where a part is missing.
    pub fn finish(mut self) -> Result<TextWeights> {
        let header = self.reader.finish(|part| self.model.take(part))?;
        let Some(Facts { config, .. }) = self.model.facts else {
            return Err(Error::Unknown("it has no header".into()));
        };
        let id = |key: &str| header.integer(key).and_then(|id| u32::try_from(id).ok());
        let begins = header.flag("tokenizer.ggml.add_bos_token").unwrap_or(false);
        Ok(TextWeights {
            config,
            tensors: self.model.tensors,
            tokenizer: tokenizer(&header)?,
            chat: chat(&header),
            end: id("tokenizer.ggml.eos_token_id"),
            begin: id("tokenizer.ggml.bos_token_id").filter(|_| begins),
        })
    }
}

impl Building {
    fn take(&mut self, part: Part<'_>) -> Result<()> {
        match part {
            Part::Header(header) => self.facts = Some(facts(header, self.context)?),
            Part::Tensor(info, bytes) => {
                let Some(facts) = &self.facts else { return Ok(()) };
                let (name, tensor) = taken(facts, info, bytes, self.is_exact)?;
                self.tensors.put(name, tensor);
            }
        }
        Ok(())
    }
}

fn unknown<T>(what: String) -> Result<T> {
    Err(Error::Unknown(what))
}

fn facts(header: &Header, context: usize) -> Result<Facts> {
    let arch = header.string("general.architecture").unwrap_or_default();
    let turns_neighbours = match arch {
        "llama" => true,
        "qwen2" => false,
        other => {
            return unknown(format!("it is of the kind “{other}”; llama and qwen2 can be run"));
        }
    };
    let size = |key: &str| -> Result<usize> {
        let key = format!("{arch}.{key}");
        let size = header.integer(&key).and_then(|size| usize::try_from(size).ok());
        size.ok_or_else(|| Error::Unknown(format!("it does not say {key}")))
    };
    let or = |key: &str, other: usize| match header.integer(&format!("{arch}.{key}")) {
        Some(_) => size(key),
        None => Ok(other),
    };
    let (width, heads) = (size("embedding_length")?, size("attention.head_count")?);
    let head_dim = or("attention.key_length", width / heads.max(1))?;
    if or("rope.dimension_count", head_dim)? != head_dim {
        return unknown("it turns a part of each head alone".into());
    }
    if or("expert_count", 0)? != 0 {
        return unknown("it is a mixture of experts".into());
    }
    let factor = header.string(&format!("{arch}.rope.scaling.type")).unwrap_or("none");
    if factor != "none" {
        return unknown(format!("it stretches positions in the way “{factor}”"));
    }
    let tokens = header.strings("tokenizer.ggml.tokens").map_or(0, <[String]>::len);
    let config = LmConfig {
        layers: size("block_count")?,
        width,
        heads,
        kv_heads: or("attention.head_count_kv", heads)?,
        head_dim,
        ff: size("feed_forward_length")?,
        vocab: tokens,
        rope_base: header.float(&format!("{arch}.rope.freq_base")).unwrap_or(10_000.0),
        norm_eps: header.float(&format!("{arch}.attention.layer_norm_rms_epsilon")).unwrap_or(1e-5)
            as f32,
        context: size("context_length")?.min(context),
    };
    config.check().map_err(Error::Unknown)?;
    Ok(Facts { config, turns_neighbours })
}

/// A tensor under our name, packed.
fn taken(
    facts: &Facts,
    info: &TensorInfo,
    bytes: &[u8],
    is_exact: bool,
) -> Result<(String, Tensor)> {
    let Some(name) = our_name(&info.name) else {
        return unknown(format!("it has a tensor {}, which Llama and Qwen2 have not", info.name));
    };
    let LmConfig { heads, kv_heads, head_dim, .. } = facts.config;
    let turned = [(".attn.q.", heads), (".attn.k.", kv_heads)];
    let of_heads = turned.iter().find(|(part, _)| name.contains(part)).map(|(_, heads)| *heads);
    let reordered = of_heads.filter(|_| facts.turns_neighbours).and_then(|heads| {
        halves(bytes, heads, head_dim)
            .filter(|_| info.dims.last() == Some(&((heads * head_dim) as u64)))
    });
    let bytes = reordered.as_deref().unwrap_or(bytes);
    let fail = |what: &str| Error::Tensor { name: info.name.clone(), what: what.to_owned() };
    let tensor = match info.dims.as_slice() {
        [_] => {
            let values = info.kind.dequantise(bytes);
            if !values.iter().all(|value| value.is_finite()) {
                return Err(fail("holds values that are not finite"));
            }
            Tensor::Plain { shape: vec![values.len()], values: values.into() }
        }
        _ => {
            let (rows, cols) = info.matrix();
            let sizes = usize::try_from(rows).ok().zip(usize::try_from(cols).ok());
            let (rows, cols) = sizes.ok_or_else(|| fail("is too large for this machine"))?;
            let packed = packed(info.kind, rows, cols, bytes, is_exact)?;
            let packed = packed.ok_or_else(|| fail("holds values that are not finite"))?;
            Tensor::Packed(Arc::new(packed))
        }
    };
    Ok((name, tensor))
}

/// `blk.3.attn_q.weight` is `lm.layers.3.attn.q.weight`.
fn our_name(theirs: &str) -> Option<String> {
    let whole = [
        ("token_embd.weight", "lm.embed.weight"),
        ("output.weight", "lm.output.weight"),
        ("output_norm.weight", "lm.norm.weight"),
        ("rope_freqs.weight", "lm.rope.factors"),
    ];
    if let Some((_, ours)) = whole.iter().find(|(known, _)| *known == theirs) {
        return Some((*ours).to_owned());
    }
    let parts = [
        ("attn_norm", "attn_norm"),
        ("attn_q", "attn.q"),
        ("attn_k", "attn.k"),
        ("attn_v", "attn.v"),
        ("attn_output", "attn.o"),
        ("ffn_norm", "ffn_norm"),
        ("ffn_gate", "ffn.gate"),
        ("ffn_up", "ffn.up"),
        ("ffn_down", "ffn.down"),
    ];
    let (layer, rest) = theirs.strip_prefix("blk.")?.split_once('.')?;
    let layer: usize = layer.parse().ok()?;
    let (part, what) = rest.split_once('.')?;
    let (_, ours) = parts.iter().find(|(known, _)| *known == part)?;
    let has_it =
        what == "weight" || what == "bias" && matches!(*ours, "attn.q" | "attn.k" | "attn.v");
    has_it.then(|| format!("lm.layers.{layer}.{ours}.{what}"))
}

/// The rows of each head as for turning its halves against each other, from those for turning neighbours; `None` where
/// the bytes are no such rows.
fn halves(bytes: &[u8], heads: usize, head_dim: usize) -> Option<Vec<u8>> {
    let rows = heads * head_dim;
    if rows == 0 || !bytes.len().is_multiple_of(rows) {
        return None;
    }
    let row = bytes.len() / rows;
    let order = (0..rows).map(|at| {
        let (head, half, pair) =
            (at / head_dim, at % head_dim / (head_dim / 2), at % (head_dim / 2));
        head * head_dim + 2 * pair + half
    });
    Some(order.flat_map(|from| bytes[from * row..][..row].iter().copied()).collect())
}

/// As `kernels` takes it. 4-bit blocks of 32 and 8-bit ones lie otherwise and are the same numbers; all else becomes 8
/// bits, or, where that must be exact, f32. `None` where it holds what is not finite.
fn packed(
    kind: Kind,
    rows: usize,
    cols: usize,
    bytes: &[u8],
    is_exact: bool,
) -> Result<Option<Packed>> {
    let mut scales: Vec<f16> = Vec::with_capacity(bytes.len() / kind.block_bytes());
    let mut mins: Vec<f16> = Vec::new();
    let packed = match kind {
        Kind::Q4_0 => {
            let mut words = Vec::with_capacity(rows * cols / 8);
            for block in Q4_0Block::each(bytes) {
                scales.push(block.scale);
                words.extend(nibble_words(&block.q));
            }
            Packed::Q4(Q4::new(rows, cols, words, scales)?)
        }
        Kind::Q4_1 => {
            let mut words = Vec::with_capacity(rows * cols / 8);
            for block in Q4_1Block::each(bytes) {
                scales.push(block.scale);
                mins.push(block.min);
                words.extend(nibble_words(&block.q));
            }
            Packed::Q4(Q4::with_mins(rows, cols, words, scales, mins)?)
        }
        Kind::Q8_0 => {
            let mut q = Vec::with_capacity(rows * cols);
            for block in Q8_0Block::each(bytes) {
                scales.push(block.scale);
                q.extend(block.q);
            }
            Packed::Q8(Q8::new(rows, cols, q, scales)?)
        }
        Kind::F32 | Kind::F16 | Kind::Q4K | Kind::Q6K => {
            let values = kind.dequantise(bytes);
            if !values.iter().all(|value| value.is_finite()) {
                return Ok(None);
            }
            match is_exact {
                true => Packed::F32(Dense::new(rows, cols, values)?),
                false => Packed::Q8(kernels::round_q8(rows, cols, &values)?),
            }
        }
    };
    let (scales, mins) = match &packed {
        Packed::Q4(q4) => (q4.scales(), q4.mins()),
        Packed::Q8(q8) => (q8.scales(), Default::default()),
        Packed::F32(_) => Default::default(),
    };
    Ok(scales.iter().chain(mins).all(|scale| scale.is_finite()).then_some(packed))
}

/// Nibble `k` of word `w` is weight `8w + k`.
fn nibble_words(q: &[u8; GROUP]) -> [u32; GROUP / 8] {
    std::array::from_fn(|word| {
        (0..8).map(|k| u32::from(q[8 * word + k]) << (4 * k)).fold(0, |all, nibble| all | nibble)
    })
}

/// How it talks.
fn chat(header: &Header) -> ChatTemplate {
    /// Kinds of tokens that no text may spell: those that control, and those that a user of the model has added.
    const MARKS: [i64; 2] = [3, 4];
    let names = header.strings("tokenizer.ggml.tokens").unwrap_or_default();
    let kinds = header.integers("tokenizer.ggml.token_type").unwrap_or_default();
    let marks = (0..).zip(names.iter().zip(kinds)).filter(|(_, (_, kind))| MARKS.contains(kind));
    let name = |key: &str| {
        let id = header.integer(key).and_then(|id| usize::try_from(id).ok());
        id.and_then(|id| names.get(id).cloned()).unwrap_or_default()
    };
    ChatTemplate {
        text: header.string("tokenizer.chat_template").map(str::to_owned),
        marks: marks.map(|(id, (name, _))| (name.clone(), id)).collect(),
        begin: name("tokenizer.ggml.bos_token_id"),
        end: name("tokenizer.ggml.eos_token_id"),
    }
}

/// Byte-level BPE from the header's vocabulary and merges.
fn tokenizer(header: &Header) -> Result<ByteLevelBpe> {
    let kind = header.string("tokenizer.ggml.model").unwrap_or_default();
    if kind != "gpt2" {
        return unknown(format!(
            "it cuts words in the way “{kind}”; byte-level BPE (gpt2) is known"
        ));
    }
    let pre = header.string("tokenizer.ggml.pre").unwrap_or("default");
    let Some(pre) = PreTokenizer::of(pre) else {
        return unknown(format!("it cuts texts in the way “{pre}”"));
    };
    let tokens = header.strings("tokenizer.ggml.tokens").unwrap_or_default();
    let merges = header.strings("tokenizer.ggml.merges").unwrap_or_default();
    ByteLevelBpe::from_vocabulary(tokens, merges, pre)
}
