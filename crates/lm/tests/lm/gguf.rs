//! GGUF files against a float decoder on the weights as PyPI's `gguf` decodes them
//! (`training/scanwise/gguf_goldens.py`), and files whose header lies.

use crate::common::{gpu, largest_difference};
use lm::{Error, GgufLoader, Level, Processor, TextModel, TextWeights, Tokenizer};
use pollster::block_on;
use safetensors::SafeTensors;
use std::path::Path;

fn golden(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../training/goldens");
    std::fs::read(folder.join(name)).unwrap()
}

fn load(file: &[u8]) -> lm::Result<TextWeights> {
    load_with(GgufLoader::new(64), file)
}

fn load_with(mut loader: GgufLoader, file: &[u8]) -> lm::Result<TextWeights> {
    for bytes in file.chunks(50_000) {
        loader.push(bytes)?;
    }
    loader.finish()
}

/// Token ids, and the logits after each.
fn expected(name: &str) -> (Vec<u32>, Vec<Vec<f32>>) {
    let file = golden(name);
    let stored = SafeTensors::deserialize(&file).unwrap();
    let ids = stored.tensor("ids").unwrap();
    let ids: Vec<u32> =
        ids.data().as_chunks().0.iter().map(|word| u32::from_le_bytes(*word)).collect();
    let logits = stored.tensor("logits").unwrap();
    let vocab = logits.shape()[1];
    let logits: Vec<f32> =
        logits.data().as_chunks().0.iter().map(|word| f32::from_le_bytes(*word)).collect();
    (ids, logits.chunks(vocab).map(<[f32]>::to_vec).collect())
}

/// How far logits may be off, as a share of the largest: by arithmetic alone, and where K-quants and halves became 8 bits
/// (their blocks here are random bytes, harder to round than a model's weights).
const EXACT: f32 = 2e-5;
const FAST: f32 = 2e-3;
const ROUNDED: f32 = 0.05;

/// One token after the other, then all at once.
fn agrees(name: &str, loader: GgufLoader, processor: Processor<'_>, within: f32) {
    let weights = load_with(loader, &golden(&format!("{name}.gguf"))).unwrap();
    let (ids, logits) = expected(&format!("{name}.safetensors"));
    let mut model = block_on(TextModel::new(&weights, processor)).unwrap();
    let spread = logits.iter().flatten().fold(0.0f32, |most, v| most.max(v.abs()));
    for (id, logits) in ids.iter().zip(&logits) {
        let found = block_on(model.read(&[*id])).unwrap();
        let difference = largest_difference(&found, logits);
        assert!(difference < within * spread, "{name}, {id}: {difference} of {spread}");
    }
    let apart = block_on(model.read(&ids[..1])).unwrap();
    model.forget();
    let together = block_on(model.read(&ids)).unwrap();
    let difference = largest_difference(&together, &logits[ids.len() - 1]);
    assert!(difference < within * spread, "{name}: {difference} of {spread}");
    assert!(largest_difference(&apart, &together) > 0.1 * spread);
}

#[test]
fn a_llama_file_is_run_as_its_numbers_say() {
    agrees("gguf_llama", GgufLoader::exact(64), Processor::CpuPlain, EXACT);
    agrees("gguf_llama", GgufLoader::exact(64), Processor::Cpu, FAST);
    agrees("gguf_llama", GgufLoader::new(64), Processor::Cpu, ROUNDED);
}

#[test]
fn a_qwen2_file_is_run_as_its_numbers_say() {
    agrees("gguf_qwen2", GgufLoader::exact(64), Processor::CpuPlain, EXACT);
    agrees("gguf_qwen2", GgufLoader::exact(64), Processor::Cpu, FAST);
    agrees("gguf_qwen2", GgufLoader::new(64), Processor::Cpu, ROUNDED);
}

#[test]
fn the_gpu_runs_them_too() {
    let Some(gpu) = gpu() else { return };
    agrees("gguf_llama", GgufLoader::new(64), Processor::Gpu(&gpu, Level::of(&gpu)), ROUNDED);
    agrees("gguf_qwen2", GgufLoader::new(64), Processor::Gpu(&gpu, Level::of(&gpu)), ROUNDED);
}

#[test]
fn its_words_come_back_and_no_text_becomes_a_mark() {
    let weights = load(&golden("gguf_llama.gguf")).unwrap();
    let tokenizer = weights.tokenizer();
    let text = "the 12 <|im_end|> é";
    let ids = tokenizer.encode(text).unwrap();
    let bytes: Vec<u8> =
        ids.iter().flat_map(|id| tokenizer.bytes_of(*id).unwrap()).copied().collect();
    assert_eq!(String::from_utf8(bytes).unwrap(), text);
    assert!(!ids.contains(&260), "{ids:?}");
    assert!(ids.contains(&257), "h and e are not merged");
    assert_eq!((weights.end, weights.begin), (Some(260), None));
    assert!(weights.bytes() > 500_000);
}

/// Puts another value of the same width behind a key.
fn patched(key: &str, value: &[u8]) -> Vec<u8> {
    let mut file = golden("gguf_llama.gguf");
    let found = file.windows(key.len()).position(|bytes| bytes == key.as_bytes()).unwrap();
    let at = found + key.len() + 4;
    file[at..at + value.len()].copy_from_slice(value);
    file
}

#[test]
fn a_header_that_lies_is_refused() {
    let number = |value: u32| value.to_le_bytes();
    let cases = [
        ("llama.block_count", number(0), "zero or beyond reason"),
        ("llama.block_count", number(u32::MAX), "zero or beyond reason"),
        ("llama.block_count", number(3), "is missing"),
        ("llama.embedding_length", number(0), "zero or beyond reason"),
        ("llama.embedding_length", number(128), "should have"),
        ("llama.attention.head_count", number(3), "share"),
        ("llama.attention.head_count", number(0), "zero or beyond reason"),
        ("llama.attention.head_count_kv", number(3), "share"),
        ("llama.feed_forward_length", number(100), "multiples"),
        ("llama.context_length", number(0), "zero or beyond reason"),
        ("llama.rope.freq_base", f32::NAN.to_le_bytes(), "out of range"),
        ("llama.attention.layer_norm_rms_epsilon", f32::INFINITY.to_le_bytes(), "out of range"),
    ];
    for (key, value, said) in cases {
        let refused = load(&patched(key, &value))
            .and_then(|weights| block_on(TextModel::new(&weights, Processor::Cpu)).map(drop));
        let refusal = refused.expect_err(key).to_string();
        assert!(refusal.contains(said), "{key}: {refusal}");
    }
    // Positions are made for as many as are asked for, not as many as are claimed.
    let weights = load(&patched("llama.context_length", &number(1 << 31))).unwrap();
    assert_eq!(weights.config().context, 64);
}

#[test]
fn a_scale_that_is_no_number_is_refused() {
    let file = golden("gguf_llama.gguf");
    let header = gguf::Header::read_all(&file, |_, _| ()).unwrap();
    for name in [
        "blk.0.attn_q.weight",
        "blk.0.attn_k.weight",
        "blk.0.attn_v.weight",
        "blk.0.attn_norm.weight",
    ] {
        let info = header.tensors.iter().find(|info| info.name == name).unwrap();
        let mut file = file.clone();
        // The first scale of a block, or the first value.
        let at = (header.data_offset + info.offset) as usize;
        file[at..at + 4].copy_from_slice(&[0, 0x7e, 0xc0, 0x7f]);
        let refusal = load(&file).err().unwrap().to_string();
        assert!(refusal.contains("not finite"), "{name}: {refusal}");
    }
}

#[test]
fn reading_is_refused_where_it_cannot_be_done() {
    let weights = load(&golden("gguf_llama.gguf")).unwrap();
    let mut model = block_on(TextModel::new(&weights, Processor::Cpu)).unwrap();
    assert!(matches!(block_on(model.read(&[262])), Err(Error::NoToken { id: 262, vocab: 262 })));
    assert!(matches!(block_on(model.read(&[])), Err(Error::Order(_))));
    assert!(matches!(block_on(model.read(&[1; 65])), Err(Error::ContextFull { needed: 65, .. })));
    assert!(block_on(model.read(&[1; 64])).is_ok());
    assert!(matches!(block_on(model.read(&[1])), Err(Error::ContextFull { .. })));
}
