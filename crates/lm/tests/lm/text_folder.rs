//! A GGUF file as a folder of our own and back, and folders that are not what they should be.

use lm::convert::pack_text;
use lm::{GgufLoader, Processor, TextLoader, TextManifest, TextModel, TextWeights};
use pollster::block_on;

const FILES: [&str; 2] = ["gguf_llama.gguf", "gguf_qwen2.gguf"];

fn of_gguf(name: &str) -> TextWeights {
    let path = format!("{}/../../training/goldens/{name}", env!("CARGO_MANIFEST_DIR"));
    let mut loader = GgufLoader::new(64);
    loader.push(&std::fs::read(path).unwrap()).unwrap();
    loader.finish().unwrap()
}

fn logits(weights: &TextWeights) -> Vec<f32> {
    let mut model = block_on(TextModel::new(weights, Processor::CpuPlain)).unwrap();
    block_on(model.read(&[1, 2, 3])).unwrap()
}

/// Weights are the same bits afterwards.
#[test]
fn a_folder_says_what_the_file_says() {
    for name in FILES {
        let weights = of_gguf(name);
        let folder = pack_text("tiny", &weights).unwrap();
        assert!(folder.files.iter().all(|(_, bytes)| bytes.len() <= 8 << 20));
        let again = folder.load().unwrap();
        assert_eq!(logits(&weights), logits(&again), "{name}");
        assert_eq!((weights.begin, weights.end), (again.begin, again.end));
    }
}

/// What is larger than a shard is cut by rows, and put together again.
#[test]
fn a_large_matrix_is_spread_over_shards() {
    let config = lm::LmConfig {
        layers: 1,
        width: 32,
        heads: 1,
        kv_heads: 1,
        head_dim: 32,
        ff: 32,
        vocab: 600_000,
        rope_base: 1e4,
        norm_eps: 1e-5,
        context: 8,
    };
    let weights = TextWeights::random(config, 3).unwrap();
    let folder = pack_text("wide", &weights).unwrap();
    assert_eq!(folder.manifest.tensors["lm.embed.weight"].parts.len(), 3);
    assert!(folder.files.iter().all(|(_, bytes)| bytes.len() <= 8 << 20));
    let again = folder.load().unwrap();
    assert_eq!(logits(&weights), logits(&again));
}

#[test]
fn folders_that_are_damaged_are_refused() {
    let folder = pack_text("tiny", &of_gguf(FILES[0])).unwrap();
    let refused = |manifest: TextManifest| {
        let json = serde_json::to_vec(&manifest).unwrap();
        assert!(TextManifest::parse(&json).is_err(), "{json:?}");
    };
    let good = || folder.manifest.clone();
    refused(TextManifest { version: 2, ..good() });
    refused(TextManifest { format: "scanwise-model".into(), ..good() });
    refused(TextManifest { end: Some(1 << 30), ..good() });
    let mut manifest = good();
    manifest.tensors.values_mut().next().unwrap().parts[0].rows += 1;
    refused(manifest);
    let mut manifest = good();
    manifest.tensors.values_mut().next().unwrap().parts[0].shard = "../x".into();
    refused(manifest);

    for (name, bytes) in &folder.files {
        let mut loader = TextLoader::new(good());
        for at in [0, bytes.len() / 2, bytes.len() - 1] {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert!(loader.add(name, &damaged).is_err(), "{name} at {at}");
        }
        assert!(loader.add(name, &bytes[1..]).is_err());
        assert!(loader.add("another", bytes).is_err());
        assert!(loader.finish().is_err(), "files are missing");
    }
}
