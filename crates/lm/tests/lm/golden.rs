//! The decoder and its pointer against PyTorch: `training/goldens/lm_small.safetensors`, made by
//! `training/scanwise/goldens.py`.

use crate::common::{config_json, largest_difference, prefill, tokenizer_json};
use lm::convert::Trained;
use lm::{
    Allowed, Constraint, Decoder, Emitted, Feed, Piece, Processor, Result, Scores, Tokenizer, View,
    Weights,
};
use safetensors::SafeTensors;
use scene::{BINS, BOX_NUMBERS, InstanceId, ObjectRows, RowBoxes, ScenePrefix, System};
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

    /// With so many of the places in `copy` for what was spoken of.
    fn weights(&self, places: usize) -> Vec<u8> {
        use safetensors::tensor::TensorView;
        let ours =
            |name: &str| ["lm.", "pointer.", "adapters."].iter().any(|part| name.starts_with(part));
        let cut = |name: &String, view: &TensorView<'_>| {
            let mut shape = view.shape().to_vec();
            let bytes = view.data().len();
            let Some(rows) = shape.first_mut().filter(|_| name.starts_with("pointer.copy.")) else {
                return (shape, view.data().to_vec());
            };
            let row = bytes / *rows;
            let uses = *rows / SPOKEN;
            *rows = uses * places;
            let of_use = view.data().chunks(SPOKEN * row);
            (shape, of_use.flat_map(|of_use| &of_use[..places * row]).copied().collect())
        };
        let kept: Vec<_> = self
            .0
            .tensors()
            .into_iter()
            .filter(|(name, _)| ours(name))
            .map(|(name, view)| (cut(&name, &view), view.dtype(), name))
            .collect();
        let views = kept.iter().map(|((shape, bytes), dtype, name)| {
            (name, TensorView::new(*dtype, shape.clone(), bytes).unwrap())
        });
        safetensors::serialize(views, None).unwrap()
    }
}

/// Objects that the golden tells apart by when they were spoken of: four of the question, two of
/// the answer before it.
const SPOKEN: usize = 6;

/// Those of the question alone: what a model has numbers for that was taught no talk.
const ASKED: usize = 4;

fn decoder_of(weights: &Weights, system: System, processor: Processor<'_>) -> Decoder {
    let decoder = Decoder::with_tokenizer(weights, system, processor, Box::new(NoText));
    pollster::block_on(decoder).unwrap()
}

/// A merged weight may be rounded the other way here. Without its adapter a system is off by a
/// hundred times as much.
const MERGED: f32 = 0.02;

/// The first question, of every system with an adapter.
fn each_system_is_pytorchs(
    golden: &Golden<'_>,
    ids: &Value,
    weights: &Weights,
    prefix: &ScenePrefix,
    feed: impl Fn(usize) -> Feed,
) {
    let vocab = weights.manifest().lm.vocab;
    let feeds: Vec<Feed> = (0..9).map(feed).collect();
    let own = |system| ScenePrefix { system, ..prefix.clone() };
    for system in [System::Inst3d, System::Llm3d, System::Spatial] {
        let logits = golden.f32(&format!("output.{}.logits", system.key()));
        let error_of = |decoder: &mut Decoder| {
            let scores = crate::common::forced(decoder, &feeds);
            let expected = logits.chunks(vocab);
            scores
                .iter()
                .zip(expected)
                .map(|(scores, expected)| largest_difference(&scores.logits, expected))
                .fold(0.0, f32::max)
        };
        let mut decoder = decoder_of(weights, system, Processor::CpuPlain);
        assert!(decoder.set_prefix(prefix).is_err(), "rows of another system");
        prefill(&mut decoder, &own(system));
        let error = error_of(&mut decoder);
        println!("{system:?}: {error}");
        assert!(error < MERGED, "{system:?} is off by {error}");
        let mut unified = decoder_of(weights, System::Unified, Processor::CpuPlain);
        prefill(&mut unified, prefix);
        let unadapted = error_of(&mut unified);
        assert!(unadapted > 100.0 * MERGED, "{system:?} without its adapter is off by {unadapted}");
        assert_eq!(decoder.refined(), [0.0; BOX_NUMBERS], "no box is open");
        if system.writes_boxes() {
            boxes_are_pytorchs(golden, ids, &mut decoder, &own(system));
        }
    }
}

/// An answer that is a box, taken for object 1's, and no more.
struct OneBox<'a> {
    ids: &'a Value,
    next: usize,
    excluded: Vec<usize>,
}

impl Constraint for OneBox<'_> {
    fn allowed(&self) -> Allowed {
        let id = |name: &str| self.ids[name].as_u64().unwrap() as u32;
        let first = id("loc0");
        let marks = match self.next {
            0 => vec![id("box")],
            1..=BOX_NUMBERS => (first..first + BINS as u32).collect(),
            _ => vec![id("box_end")],
        };
        Allowed { marks, excluded: self.excluded.clone(), ..Allowed::default() }
    }

    fn accept(&mut self, _emitted: &Emitted) {
        self.next += 1;
    }

    fn boxed(&self) -> Option<usize> {
        (self.next == BOX_NUMBERS + 2).then_some(1)
    }
}

/// Of which row a box is, its numbers, and what is said after it.
fn boxes_are_pytorchs(
    golden: &Golden<'_>,
    ids: &Value,
    decoder: &mut Decoder,
    prefix: &ScenePrefix,
) {
    let key = prefix.system.key();
    let row_boxes = RowBoxes {
        numbers: golden.f32("input.said"),
        refined: golden.f32("input.refined"),
        // Every row of an object of its own, but for the last.
        objects: [0, 1, 2, 2].map(|index: usize| Some(prefix.objects[index].id)).to_vec(),
    };
    let misfit = RowBoxes { objects: vec![None; 3], ..row_boxes.clone() };
    let with = |row_boxes| ScenePrefix { row_boxes, ..prefix.clone() };
    assert!(decoder.set_prefix(&with(misfit)).is_err());
    prefill(decoder, &with(row_boxes));
    let first = ids["loc0"].as_u64().unwrap() as i32;
    let expected = golden.i32(&format!("output.{key}.told"));
    let refined = golden.f32(&format!("output.{key}.told_refined"));
    let row = golden.f32("input.refined").chunks(BOX_NUMBERS).position(|row| row == refined);
    let object = [0, 1, 2, 2][row.unwrap()];
    // Rows of objects that may not be named are not chosen while there are others.
    for (excluded, is_told) in [(vec![], true), (vec![object], false), (vec![0, 1, 2], true)] {
        pollster::block_on(decoder.ask(&[Piece::Object(2)])).unwrap();
        let mut answer = OneBox { ids, next: 0, excluded };
        let mut told = Vec::new();
        for at in 0..BOX_NUMBERS + 2 {
            match pollster::block_on(decoder.next(&mut answer)).unwrap() {
                Emitted::Mark(id) => told.push(id),
                other => panic!("{other:?}"),
            }
            if at == BOX_NUMBERS {
                assert_eq!(decoder.refined().as_slice() == refined, is_told);
            }
        }
        let numbers: Vec<i32> = told[1..=BOX_NUMBERS].iter().map(|id| *id as i32 - first).collect();
        assert_eq!(numbers == expected, is_told);
        // What is fed after it is known to be object 1's.
        assert_eq!(decoder.owed(), Some(Feed::Boxed(1)));
    }
    let mut feeds = vec![Feed::Token(2), Feed::Object(2), Feed::Token(3)];
    feeds.push(Feed::Token(ids["box"].as_u64().unwrap() as u32));
    feeds.extend(expected.iter().map(|number| Feed::Token((first + number) as u32)));
    feeds.push(Feed::Boxed(1));
    let scores = crate::common::forced(decoder, &feeds);
    let expected = golden.f32(&format!("output.{key}.after_box"));
    let error = largest_difference(&scores[feeds.len() - 1].logits, &expected);
    assert!(error < MERGED, "after the box {key} is off by {error}");
}

#[test]
fn the_decoder_is_pytorchs() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../training/goldens/lm_small.safetensors");
    let file = std::fs::read(path).unwrap();
    let (_, metadata) = SafeTensors::read_metadata(&file).unwrap();
    let told = &metadata.metadata().as_ref().unwrap()["config"];
    let told: Value = serde_json::from_str(told).unwrap();
    let mut config: Value = serde_json::from_slice(&config_json(&crate::common::SMALL)).unwrap();
    config["lm"] = told["lm"].clone();
    config["systems"] = told["systems"].clone();
    config["special_tokens"] = json!({"<|bos|>": told["bos"], "<|user|>": 2, "<|assistant|>": 3, "<|end|>": 4, "<obj>": told["obj"]});
    for (name, id) in [("<box>", "box"), ("</box>", "box_end"), ("<loc0>", "loc0")] {
        config["special_tokens"][name] = told[id].clone();
    }
    let last = told["loc0"].as_u64().unwrap() + BINS as u64 - 1;
    config["special_tokens"][format!("<loc{}>", BINS - 1)] = json!(last);

    let golden = Golden(SafeTensors::deserialize(&file).unwrap());
    let weights = |places| {
        let tensors = golden.weights(places);
        Trained::parse(config.to_string().as_bytes(), &tensors, &tokenizer_json())
            .and_then(|trained| trained.weights())
            .unwrap()
    };
    let (weights, untalkative) = (weights(SPOKEN), weights(ASKED));
    let width = weights.manifest().lm.width;
    let mentions = golden.f32("input.mention");
    let prefix = ScenePrefix {
        width,
        rows: golden.f32("input.rows"),
        objects: mentions
            .chunks(width)
            .zip(1..)
            .map(|(mention, id)| ObjectRows {
                id: InstanceId(id),
                slot: 0,
                mention: mention.to_vec(),
            })
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
    let attended = golden.f32("output.attended");
    let (vocab, objects) = (weights.manifest().lm.vocab, prefix.objects.len());

    each_system_is_pytorchs(&golden, &told, &weights, &prefix, |t| {
        match usize::try_from(mentioned[t]) {
            Ok(index) if named_before[SPOKEN * t] == mentioned[t] => Feed::Object(index),
            Ok(index) => Feed::Named { index, view: view(t) },
            Err(_) => Feed::Token(tokens[t] as u32),
        }
    });

    for processor in [Processor::CpuPlain, Processor::Cpu] {
        let mut decoder = decoder_of(&weights, System::Unified, processor);
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
            let recalled = &named_before[SPOKEN * places[0] + ASKED..SPOKEN * (places[0] + 1)];
            let recalled: Vec<usize> =
                recalled.iter().filter_map(|index| usize::try_from(*index).ok()).collect();
            assert_eq!(recalled.len(), 2 * asked as usize);
            let scores = pollster::block_on(decoder.forced_after(&recalled, &feeds)).unwrap();
            let last = places[places.len() - 1];
            let rows = prefix.row_count() + 1;
            let expected = &attended[last * rows + 1..(last + 1) * rows];
            let found = pollster::block_on(decoder.attended()).unwrap();
            let error = largest_difference(&found, expected);
            assert!(error < 1e-4, "attention at {last}: {error} on {processor:?}");
            assert!(expected.iter().any(|share| *share > 0.05));
            let alone = crate::common::forced(&mut decoder, &feeds);
            let objects_of = |all: &[Scores]| -> Vec<Vec<f32>> {
                all.iter().map(|scores| scores.objects.clone()).collect()
            };
            // What was recalled is heard, but by a model without numbers for it.
            assert_eq!(objects_of(&scores) == objects_of(&alone), recalled.is_empty());
            let mut of_untalkative = decoder_of(&untalkative, System::Unified, processor);
            prefill(&mut of_untalkative, &prefix);
            let unheard = of_untalkative.forced_after(&recalled, &feeds);
            assert_eq!(pollster::block_on(unheard).unwrap(), alone, "on {processor:?}");
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
