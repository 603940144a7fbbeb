//! Rows of a scene that are narrower than the language model.

use crate::common::{
    Random, SMALL, config_json, decoder, feeds, forced, largest_difference, packed, prefix,
    random_tensors, safetensors_bytes, tokenizer_json,
};
use lm::convert::{Trained, pack};
use lm::{Decoder, Error, Processor};
use scene::ScenePrefix;
use serde_json::Value;

const NARROW: usize = 32;

fn config(rows: usize) -> Vec<u8> {
    let mut config: Value = serde_json::from_slice(&config_json(&SMALL)).unwrap();
    config["encode"]["rows"] = rows.into();
    config.to_string().into_bytes()
}

fn trained(matrix: Option<&[f32]>) -> Trained {
    let mut tensors = random_tensors(&SMALL, 5);
    if let Some(matrix) = matrix {
        let shape = vec![SMALL.width, NARROW];
        tensors.insert("lm.rows.weight".into(), (shape, matrix.to_vec()));
    }
    Trained::parse(&config(NARROW), &safetensors_bytes(&tensors), &tokenizer_json()).unwrap()
}

fn by_matrix(rows: &[f32], matrix: &[f32]) -> Vec<f32> {
    let row_by = |row: &[f32]| -> Vec<f32> {
        let dot = |weights: &[f32]| weights.iter().zip(row).map(|(w, x)| w * x).sum();
        matrix.chunks(NARROW).map(dot).collect()
    };
    rows.chunks(NARROW).flat_map(row_by).collect()
}

#[test]
fn every_row_and_mention_goes_through_one_matrix() {
    let matrix = Random(3).vec(SMALL.width * NARROW, 0.3);
    let narrow = prefix(NARROW, 3, 7);
    let mut wide = ScenePrefix { width: SMALL.width, ..narrow.clone() };
    wide.rows = by_matrix(&narrow.rows, &matrix);
    for object in &mut wide.objects {
        object.mention = by_matrix(&object.mention, &matrix);
    }
    let of_wide = crate::common::trained(&SMALL, 5).weights().unwrap();
    let mut expected = decoder(&of_wide, Processor::CpuPlain, &wide);
    let of_narrow = trained(Some(&matrix)).weights().unwrap();
    let mut found = decoder(&of_narrow, Processor::CpuPlain, &narrow);
    assert_eq!(found.row_width(), NARROW);
    let feeds = feeds(30, 3, 2);
    for (a, b) in forced(&mut expected, &feeds).iter().zip(&forced(&mut found, &feeds)) {
        assert!(largest_difference(&a.logits, &b.logits) < 1e-3);
        assert!(largest_difference(&a.objects, &b.objects) < 1e-3);
    }
    assert!(matches!(found.set_prefix(&wide), Err(Error::Prefix(_))));
}

#[test]
fn a_model_without_the_matrix_it_needs_is_refused() {
    let weights = trained(None).weights().unwrap();
    let made = pollster::block_on(Decoder::new(&weights, Processor::CpuPlain));
    assert!(matches!(made, Err(Error::Tensor { name, .. }) if name == "lm.rows.weight"));
    for rows in [0, usize::MAX] {
        let weights = safetensors_bytes(&random_tensors(&SMALL, 5));
        let trained = Trained::parse(&config(rows), &weights, &tokenizer_json()).unwrap();
        assert!(matches!(trained.weights(), Err(Error::Manifest(_))));
    }
}

#[test]
fn models_of_the_same_encoders_share_their_files() {
    let of = |seed: u64| {
        let mut tensors = random_tensors(&SMALL, seed);
        let encoders = [("encode.isr.out.weight", 3), ("encode.mcmf.in3d.weight", 4)];
        for (name, seed) in encoders {
            tensors.insert(name.into(), (vec![64, 64], Random(seed).vec(64 * 64, 1.0)));
        }
        tensors.insert("adapters.spatial.first".into(), (vec![64], Random(seed).vec(64, 1.0)));
        let weights = safetensors_bytes(&tensors);
        pack(&Trained::parse(&config_json(&SMALL), &weights, &tokenizer_json()).unwrap()).unwrap()
    };
    let (one, other) = (of(1), of(2));
    let of_encoders = |folder: &lm::convert::Folder| {
        let shard = folder.manifest.tensors["encode.isr.out.weight"].shard.clone();
        folder.manifest.shards.iter().find(|file| file.file == shard).unwrap().sha256.clone()
    };
    assert_eq!(of_encoders(&one), of_encoders(&other));
    let names = |folder: &lm::convert::Folder| folder.manifest.shards.len();
    assert_eq!((names(&one), names(&other)), (3, 3));
    assert_eq!(packed(&SMALL, 1).manifest().shards.len(), 1);
}
