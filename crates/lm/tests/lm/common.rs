//! A small random model and scene, made the way training makes them: files in, files out.
#![allow(dead_code, unreachable_pub, reason = "shared with an example, which uses a part of it")]
#![allow(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

use lm::convert::Trained;
use lm::{Decoder, Feed, Processor, Scores, View, Weights};
use scene::{Aabb, InstanceId, ObjectRows, ScenePrefix, pair_features};
use serde_json::json;
use std::collections::BTreeMap;

/// Dimensions that differ wherever they could be confused.
pub struct Size {
    pub layers: usize,
    pub width: usize,
    pub heads: usize,
    pub kv_heads: usize,
    pub head_dim: usize,
    pub ff: usize,
    pub context: usize,
    pub vocab: usize,
}

pub const SMALL: Size = Size {
    layers: 2,
    width: 64,
    heads: 6,
    kv_heads: 3,
    head_dim: 32,
    ff: 96,
    context: 200,
    vocab: VOCAB,
};

/// The bytes, then two merges; then the special tokens.
pub const TEXT_VOCAB: usize = 258;
pub const BOS: u32 = 259;
pub const USER: u32 = 260;
pub const ASSISTANT: u32 = 261;
pub const END: u32 = 262;
pub const OBJECT: u32 = 263;
pub const COUNT: u32 = 264;
pub const VOCAB: usize = 266;

/// Uniform in −1..1, the same for the same seed everywhere.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> f32 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 40) as f32 / (1 << 23) as f32) - 1.0
    }

    pub fn vec(&mut self, len: usize, scale: f32) -> Vec<f32> {
        (0..len).map(|_| self.next() * scale).collect()
    }
}

pub fn config_json(size: &Size) -> Vec<u8> {
    let special_tokens: BTreeMap<&str, u32> = [
        ("<|pad|>", 258),
        ("<|bos|>", BOS),
        ("<|user|>", USER),
        ("<|assistant|>", ASSISTANT),
        ("<|end|>", END),
        ("<obj>", OBJECT),
        ("<count>", COUNT),
        ("</count>", 265),
    ]
    .into();
    let lm = json!({
        "layers": size.layers, "width": size.width, "heads": size.heads, "kv_heads": size.kv_heads,
        "head_dim": size.head_dim, "ff": size.ff, "vocab": size.vocab, "rope_base": 10000.0,
        "norm_eps": 1e-5, "context": size.context,
    });
    let encode = json!({
        "width": 128, "views": 5, "crops": 3, "crop_px": 32, "patches": 32, "patch_points": 16,
    });
    let config = json!({
        "format": "scanwise-model", "version": 1, "name": "random", "lm": lm, "encode": encode,
        "tokenizer": "tokenizer.json", "special_tokens": special_tokens,
        "classes": ["chair"], "colours": ["red"],
    });
    config.to_string().into_bytes()
}

/// Byte-level BPE with `th` and `the`.
pub fn tokenizer_json() -> Vec<u8> {
    let mut hidden = 256u32..;
    let mut vocab: BTreeMap<String, u32> = (0..=255u8)
        .map(|byte| {
            let shown = matches!(byte, 33..=126 | 161..=172 | 174..=255);
            let code = if shown { u32::from(byte) } else { hidden.next().unwrap() };
            (char::from_u32(code).unwrap().to_string(), u32::from(byte))
        })
        .collect();
    vocab.insert("th".into(), 256);
    vocab.insert("the".into(), 257);
    json!({
        "version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
        "normalizer": null, "post_processor": null,
        "pre_tokenizer":
            {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true},
        "decoder":
            {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true},
        "model": {
            "type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null,
            "end_of_word_suffix": null, "fuse_unk": false, "byte_fallback": false,
            "ignore_merges": false, "vocab": vocab, "merges": [["t", "h"], ["th", "e"]],
        },
    })
    .to_string()
    .into_bytes()
}

/// Every tensor of decoder and pointer, random.
pub fn random_tensors(size: &Size, seed: u64) -> BTreeMap<String, (Vec<usize>, Vec<f32>)> {
    let mut random = Random(seed);
    let mut tensors = BTreeMap::new();
    let mut add = |name: &str, shape: &[usize], scale: f32, offset: f32| {
        let values = random.vec(shape.iter().product(), scale);
        let values = values.into_iter().map(|value| value + offset).collect();
        tensors.insert(name.to_owned(), (shape.to_vec(), values));
    };
    let (d, queries, keys) =
        (size.width, size.heads * size.head_dim, size.kv_heads * size.head_dim);
    let fan = |inputs: usize| 1.7 / (inputs as f32).sqrt();
    add("lm.embed.weight", &[size.vocab, d], 0.6, 0.0);
    add("lm.norm.weight", &[d], 0.3, 1.0);
    for layer in 0..size.layers {
        let mut part = |part: &str, shape: &[usize], scale, offset| {
            add(&format!("lm.layers.{layer}.{part}.weight"), shape, scale, offset);
        };
        part("attn_norm", &[d], 0.3, 1.0);
        part("ffn_norm", &[d], 0.3, 1.0);
        part("attn.q", &[queries, d], fan(d), 0.0);
        part("attn.k", &[keys, d], fan(d), 0.0);
        part("attn.v", &[keys, d], fan(d), 0.0);
        part("attn.o", &[d, queries], fan(queries), 0.0);
        part("ffn.gate", &[size.ff, d], fan(d), 0.0);
        part("ffn.up", &[size.ff, d], fan(d), 0.0);
        part("ffn.down", &[d, size.ff], fan(size.ff), 0.0);
    }
    for name in ["norm.weight", "norm.bias"] {
        add(&format!("pointer.{name}"), &[d], 0.3, if name == "norm.weight" { 1.0 } else { 0.0 });
    }
    let linears = [
        ("key", 128, d),
        ("query", 128, d),
        ("anchor_key", 128, d),
        ("anchor_query", 2 * 128, d),
        ("anchor_none", 2, d),
        ("spatial", 64, d),
        ("copy", 3 * 4, d),
        ("turn", 4, d),
        ("side", 4, d),
        ("side_told", d, 4),
        ("phi.0", 32, scene::PAIR_FEATURES),
        ("phi.1", 32, 32),
        ("standing.0", 64, 3 * 32),
        ("standing.1", d, 64),
    ];
    for (name, outputs, inputs) in linears {
        add(&format!("pointer.{name}.weight"), &[outputs, inputs], fan(inputs), 0.0);
        add(&format!("pointer.{name}.bias"), &[outputs], 0.2, 0.0);
    }
    tensors
}

pub fn safetensors_bytes(tensors: &BTreeMap<String, (Vec<usize>, Vec<f32>)>) -> Vec<u8> {
    use safetensors::tensor::{Dtype, TensorView};
    let bytes: BTreeMap<&String, Vec<u8>> = tensors
        .iter()
        .map(|(name, (_, values))| (name, values.iter().flat_map(|v| v.to_le_bytes()).collect()))
        .collect();
    let views = tensors.iter().map(|(name, (shape, _))| {
        (name, TensorView::new(Dtype::F32, shape.clone(), &bytes[name]).unwrap())
    });
    safetensors::serialize(views, None).unwrap()
}

pub fn trained(size: &Size, seed: u64) -> Trained {
    let weights = safetensors_bytes(&random_tensors(size, seed));
    Trained::parse(&config_json(size), &weights, &tokenizer_json()).unwrap()
}

pub fn packed(size: &Size, seed: u64) -> Weights {
    lm::convert::pack(&trained(size, seed)).unwrap().load().unwrap()
}

/// `objects` objects at random places, four rows each, and two layout rows.
pub fn prefix(width: usize, objects: usize, seed: u64) -> ScenePrefix {
    let mut random = Random(seed);
    let boxes: Vec<Aabb> = (0..objects)
        .map(|_| {
            let place = random.vec(6, 2.0);
            let centre = [place[0], place[1], place[2]].into();
            Aabb::from_centre_size(centre, [1.0, 0.5, 0.25].into())
        })
        .collect();
    ScenePrefix {
        width,
        rows: random.vec((4 * objects + 2) * width, 1.0),
        objects: (0..objects)
            .map(|index| ObjectRows {
                id: InstanceId(index as u32 + 1),
                slot: index as u32,
                mention: random.vec(width, 1.0),
            })
            .collect(),
        pairs: pair_features(&boxes),
        ..ScenePrefix::default()
    }
}

pub fn prefill(decoder: &mut Decoder, prefix: &ScenePrefix) {
    let mut progress = decoder.set_prefix(prefix).unwrap();
    while !progress.is_complete() {
        progress = pollster::block_on(decoder.prefill_step()).unwrap();
    }
}

pub fn decoder(weights: &Weights, processor: Processor<'_>, prefix: &ScenePrefix) -> Decoder {
    let mut decoder = pollster::block_on(Decoder::new(weights, processor)).unwrap();
    prefill(&mut decoder, prefix);
    decoder
}

/// Tokens and mentions as a question with its answer might have them, seen from none, one or two.
pub fn feeds(count: usize, objects: usize, seed: u64) -> Vec<Feed> {
    let mut random = Random(seed);
    (0..count)
        .map(|index| {
            let draw = random.next().abs().min(0.999);
            let object = (draw * objects as f32) as usize;
            match index % 5 {
                3 if objects > 0 && index % 2 == 0 => Feed::Object(object),
                3 if objects > 0 => {
                    let anchor = |step| (index % 4 >= step).then_some((object + step) % objects);
                    let view = View { anchors: [anchor(0), anchor(3)], turn: index % 3 };
                    Feed::Named { index: object, view }
                }
                _ => Feed::Token((draw * VOCAB as f32) as u32),
            }
        })
        .collect()
}

pub fn forced(decoder: &mut Decoder, feeds: &[Feed]) -> Vec<Scores> {
    pollster::block_on(decoder.forced(feeds)).unwrap()
}

pub fn largest_difference(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

/// The software adapter; without one nothing is compared, and with `SCANWISE_REQUIRE_GPU=1` the test fails.
pub fn gpu() -> Option<gpu::Gpu> {
    match pollster::block_on(gpu::Gpu::request(gpu::Prefer::Software)) {
        Ok(gpu) => Some(gpu),
        Err(error) if std::env::var("SCANWISE_REQUIRE_GPU").as_deref() == Ok("1") => {
            panic!("{error}")
        }
        Err(error) => {
            println!("SKIPPED, nothing was compared: {error}");
            None
        }
    }
}
