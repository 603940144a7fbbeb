//! The decoder and its pointer against PyTorch: `training/goldens/lm_small.safetensors`, made by
//! `training/scanwise/goldens.py`.

use crate::common::{config_json, largest_difference, prefill, tokenizer_json};
use lm::convert::Trained;
use lm::{Decoder, Feed, Processor, Result, Tokenizer, View};
use safetensors::SafeTensors;
use scene::{InstanceId, ObjectRows, ScenePrefix};
use serde_json::{Value, json};

/// The golden speaks in token ids alone.
struct NoText;

impl Tokenizer for NoText {
    fn encode(&self, _text: &str) -> Result<Vec<u32>> {
        Ok(Vec::new())
    }

    fn bytes_of(&self, _id: u32) -> Option<&[u8]> {
        None
    }

    fn vocab(&self) -> usize {
        0
    }
}

struct Golden<'a>(SafeTensors<'a>);

impl Golden<'_> {
    fn f32(&self, name: &str) -> Vec<f32> {
        let view = self.0.tensor(name).unwrap();
        view.data().as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
    }

    fn i32(&self, name: &str) -> Vec<i32> {
        let view = self.0.tensor(name).unwrap();
        view.data().as_chunks().0.iter().map(|bytes| i32::from_le_bytes(*bytes)).collect()
    }

    fn weights(&self) -> Vec<u8> {
        let weights = self.0.tensors().into_iter();
        let ours = |name: &str| name.starts_with("lm.") || name.starts_with("pointer.");
        safetensors::serialize(weights.filter(|(name, _)| ours(name)), None).unwrap()
    }
}

/// Objects that the golden tells apart by when they were spoken of: four of the question, two of
/// the answer before it.
const SPOKEN: usize = 6;

#[test]
fn the_decoder_is_pytorchs() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../training/goldens/lm_small.safetensors");
    let file = std::fs::read(path).unwrap();
    let (_, metadata) = SafeTensors::read_metadata(&file).unwrap();
    let told = &metadata.metadata().as_ref().unwrap()["config"];
    let told: Value = serde_json::from_str(told).unwrap();
    let mut config: Value = serde_json::from_slice(&config_json(&crate::common::SMALL)).unwrap();
    config["lm"] = told["lm"].clone();
    config["special_tokens"] = json!({"<|bos|>": told["bos"], "<|user|>": 2, "<|assistant|>": 3, "<|end|>": 4, "<obj>": told["obj"]});

    let golden = Golden(SafeTensors::deserialize(&file).unwrap());
    let trained =
        Trained::parse(config.to_string().as_bytes(), &golden.weights(), &tokenizer_json())
            .unwrap();
    let weights = trained.weights().unwrap();
    let width = weights.manifest().lm.width;
    let mentions = golden.f32("input.mention");
    let prefix = ScenePrefix {
        width,
        rows: golden.f32("input.rows"),
        objects: mentions
            .chunks(width)
            .map(|mention| ObjectRows { id: InstanceId(1), slot: 0, mention: mention.to_vec() })
            .collect(),
        pairs: golden.f32("input.pairs"),
        ..ScenePrefix::default()
    };
    let (tokens, mentioned) = (golden.i32("input.tokens"), golden.i32("input.mention_index"));
    let (question, seen_from) = (golden.i32("input.question"), golden.i32("input.seen_from"));
    let named_before = golden.i32("input.asked");
    let anchor = |t: usize, k: usize| usize::try_from(seen_from[2 * t + k]).ok();
    let (turned, turns) = (golden.i32("input.turn"), golden.i32("output.turn"));
    let view = |t: usize| View { anchors: [anchor(t, 0), anchor(t, 1)], turn: turned[t] as usize };
    let logits = golden.f32("output.logits");
    let object_scores = golden.f32("output.object_scores");
    let anchors = golden.i32("output.anchors");
    let (vocab, objects) = (weights.manifest().lm.vocab, prefix.objects.len());

    for processor in [Processor::CpuPlain, Processor::Cpu] {
        let decoder = Decoder::with_tokenizer(&weights, processor, Box::new(NoText));
        let mut decoder = pollster::block_on(decoder).unwrap();
        prefill(&mut decoder, &prefix);
        for asked in 0..=1 {
            let places: Vec<usize> = (0..tokens.len()).filter(|&t| question[t] == asked).collect();
            assert!(places.len() > 5);
            let feeds: Vec<Feed> = places
                .iter()
                .map(|&t| match usize::try_from(mentioned[t]) {
                    // Among what the question has named: a mention in the question.
                    Ok(index) if named_before[SPOKEN * t] == mentioned[t] => Feed::Object(index),
                    Ok(index) => Feed::Named { index, view: view(t) },
                    Err(_) => Feed::Token(tokens[t] as u32),
                })
                .collect();
            let scores = crate::common::forced(&mut decoder, &feeds);
            for (&place, scores) in places.iter().zip(scores) {
                let expected = &logits[place * vocab..][..vocab];
                let error = largest_difference(&scores.logits, expected);
                assert!(error < 2e-4, "logits at {place}: {error} on {processor:?}");
                let expected = &object_scores[place * objects..][..objects];
                let error = largest_difference(&scores.objects, expected);
                assert!(error < 1e-4, "pointer at {place}: {error} on {processor:?}");
                let expected = &anchors[2 * place..][..2];
                let found =
                    scores.view.anchors.map(|anchor| anchor.map_or(-1, |index| index as i32));
                assert_eq!(found, *expected, "anchors at {place} on {processor:?}");
                assert_eq!(scores.view.turn, turns[place] as usize, "at {place} on {processor:?}");
            }
        }
    }
}
