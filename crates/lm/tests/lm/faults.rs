//! What goes wrong while a model runs: numbers that are none, a device that is lost, a snapshot that is not ours.

use crate::common::{
    Random, SMALL, config_json, decoder, gpu, packed, prefill, prefix, random_tensors,
    safetensors_bytes, tokenizer_json,
};
use lm::convert::Trained;
use lm::{Anything, Decoder, Emitted, Error, Level, Piece, Processor, Weights};
use pollster::block_on;

const QUESTION: &str = "where is the table?";

/// A model in which this tensor is `value` everywhere.
fn poisoned(name: &str, value: f32) -> Weights {
    let mut tensors = random_tensors(&SMALL, 1);
    tensors.get_mut(name).unwrap().1.fill(value);
    let bytes = safetensors_bytes(&tensors);
    let trained = Trained::parse(&config_json(&SMALL), &bytes, &tokenizer_json()).unwrap();
    lm::convert::pack(&trained).unwrap().load().unwrap()
}

async fn said(decoder: &mut Decoder, most: usize) -> lm::Result<Vec<Emitted>> {
    let mut said = Vec::new();
    while said.len() < most && said.last() != Some(&Emitted::End) {
        said.push(decoder.next(&mut Anything).await?);
    }
    Ok(said)
}

/// F27: weights that are finite and make numbers that are not.
#[test]
fn numbers_that_are_none_end_the_answer() {
    let weights = poisoned("lm.norm.weight", 3e38);
    let prefix = prefix(SMALL.width, 5, 1);
    let gpu = gpu();
    let on_gpu = gpu.as_ref().map(|gpu| Processor::Gpu(gpu, Level::of(gpu)));
    for processor in [Processor::Cpu, Processor::CpuPlain].into_iter().chain(on_gpu) {
        let mut decoder = decoder(&weights, processor, &prefix);
        let asked = block_on(async {
            decoder.ask(&[Piece::Text(QUESTION)]).await?;
            said(&mut decoder, 40).await
        });
        assert!(matches!(asked, Err(Error::NotFinite(_))), "{}: {asked:?}", decoder.backend());
    }
}

/// F5: another device goes on with the answer where the first was lost, and the CPU can too.
#[test]
fn an_answer_goes_on_elsewhere() {
    let Some(first) = gpu() else { return };
    let Some(second) = gpu() else { return };
    let weights = packed(&SMALL, 3);
    let prefix = prefix(SMALL.width, 5, 3);
    let question = [Piece::Text(QUESTION), Piece::Object(2)];
    let mut whole = decoder(&weights, Processor::Cpu, &prefix);
    block_on(whole.ask(&question)).unwrap();
    let expected = block_on(said(&mut whole, 24)).unwrap();
    assert_eq!(expected.len(), 24);

    let mut lost = decoder(&weights, Processor::Gpu(&first, Level::of(&first)), &prefix);
    block_on(lost.ask(&question)).unwrap();
    let mut found = block_on(said(&mut lost, 9)).unwrap();
    first.device.destroy();
    // What was on its way may still arrive.
    let error = loop {
        match block_on(lost.next(&mut Anything)) {
            Ok(emitted) => found.push(emitted),
            Err(error) => break error,
        }
        assert!(found.len() < 24, "the loss was not noticed");
    };
    assert!(error.is_lost(), "{error:?}");

    let mut other = decoder(&weights, Processor::Gpu(&second, Level::of(&second)), &prefix);
    block_on(other.go_on(lost.interrupted())).unwrap();
    let more = 18 - found.len();
    found.extend(block_on(said(&mut other, more)).unwrap());
    assert_eq!(found, expected[..18]);
    // And once more, on the CPU.
    let mut on_cpu = decoder(&weights, Processor::Cpu, &prefix);
    block_on(other.next(&mut Anything)).unwrap();
    block_on(on_cpu.go_on(other.interrupted())).unwrap();
    assert_eq!(block_on(said(&mut on_cpu, 6)).unwrap()[..1], expected[18..19]);
}

/// What was read comes back, on every processor, and nothing else does.
#[test]
fn what_was_read_is_put_back() {
    let weights = packed(&SMALL, 4);
    let (scene, other_scene) = (prefix(SMALL.width, 5, 4), prefix(SMALL.width, 5, 5));
    let gpu = gpu();
    let on_gpu = gpu.as_ref().map(|gpu| Processor::Gpu(gpu, Level::of(gpu)));
    for processor in [Processor::Cpu].into_iter().chain(on_gpu) {
        let mut first = decoder(&weights, processor, &scene);
        let snapshot = block_on(first.snapshot()).unwrap();
        block_on(first.ask(&[Piece::Text(QUESTION)])).unwrap();
        let expected = first.scores().unwrap().clone();

        let mut second = block_on(Decoder::new(&weights, processor)).unwrap();
        assert!(second.restore(&snapshot).is_err(), "there is no scene yet");
        second.set_prefix(&other_scene).unwrap();
        assert_eq!(second.restore(&snapshot).ok(), Some(false), "of another scene");
        second.set_prefix(&scene).unwrap();
        assert!(!second.is_ready() && block_on(second.snapshot()).is_err());
        let mut damaged = snapshot.clone();
        let last = damaged.len() - 1;
        damaged[last] ^= 64;
        assert_eq!(second.restore(&damaged).ok(), Some(false));
        assert_eq!(second.restore(&snapshot[..40]).ok(), Some(false));
        assert_eq!(second.restore(&snapshot).ok(), Some(true));
        assert!(second.is_ready());
        block_on(second.ask(&[Piece::Text(QUESTION)])).unwrap();
        assert_eq!(second.scores().unwrap(), &expected);
        assert_eq!(second.snapshot_name().unwrap(), first.snapshot_name().unwrap());
        prefill(&mut second, &other_scene);
        assert_ne!(block_on(second.snapshot()).unwrap(), snapshot);
    }
}

/// B34 to B40 of our own container: any damage to a file of a folder is an error, never a panic.
#[test]
fn damaged_files_are_refused() {
    let packed = lm::convert::pack(&crate::common::trained(&SMALL, 1)).unwrap();
    let manifest = packed.json().unwrap();
    let mut random = Random(7);
    for _ in 0..400 {
        let mut json = manifest.clone();
        for _ in 0..=(random.next().abs() * 4.0) as usize {
            let at = (random.next().abs() * json.len() as f32) as usize % json.len();
            match (random.next() * 4.0) as i32 {
                0 => json.truncate(at.max(1)),
                1 => json[at] = b'9',
                2 => json[at] ^= 1 << (at % 7),
                _ => json.insert(at, b'0'),
            }
        }
        // What still parses must load or be refused in words.
        if let Ok(manifest) = lm::Manifest::parse(&json) {
            let mut loader = lm::Loader::new(manifest);
            for (name, bytes) in &packed.files {
                if let Err(error) = loader.add(name, bytes) {
                    assert!(!error.to_string().is_empty());
                }
            }
            let _ = loader.finish();
        }
    }
}
