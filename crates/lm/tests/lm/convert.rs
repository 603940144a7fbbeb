//! Packing trained weights.

use crate::common::{
    SMALL, config_json, feeds, prefix, random_tensors, safetensors_bytes, tokenizer_json, trained,
};
use lm::convert::{Case, Trained, agreement, pack, tensor_errors};
use lm::{Dtype, Error};

#[test]
fn each_tensor_is_packed_as_the_format_says() {
    let folder = pack(&trained(&SMALL, 1)).unwrap();
    let dtype = |name: &str| folder.manifest.tensors[name].dtype;
    assert_eq!(dtype("lm.layers.1.ffn.down.weight"), Dtype::Q4);
    assert_eq!(dtype("lm.layers.1.ffn_norm.weight"), Dtype::F32);
    assert_eq!(dtype("lm.embed.weight"), Dtype::Q8);
    assert_eq!(dtype("pointer.key.weight"), Dtype::Q8);
    assert_eq!(dtype("pointer.key.bias"), Dtype::F32);
    assert_eq!(dtype("pointer.phi.0.weight"), Dtype::F32);
    assert!(folder.manifest.shards.iter().all(|shard| shard.bytes <= 8 << 20));
}

#[test]
fn packing_stays_close_and_says_how_close() {
    let trained = trained(&SMALL, 2);
    let packed = pack(&trained).unwrap().load().unwrap();
    let errors = tensor_errors(&trained, &packed).unwrap();
    for error in &errors {
        let most = match packed.manifest().tensors[&error.name].dtype {
            Dtype::Q4 | Dtype::Q4Min => 0.08,
            Dtype::Q8 => 0.006,
            Dtype::F32 => 0.0,
        };
        assert!(error.relative_rms <= most, "{error:?}");
    }
    assert!(errors[0].relative_rms > 0.01, "four bits cannot be this good: {:?}", errors[0]);
    let case = Case { prefix: prefix(SMALL.width, 5, 2), feeds: feeds(30, 5, 2) };
    let agreement = pollster::block_on(agreement(&trained, &packed, &[case])).unwrap();
    assert_eq!(agreement.positions, 30);
    assert!(agreement.share() > 0.5 && agreement.largest_logit_error > 0.0, "{agreement:?}");
}

#[test]
fn a_large_model_is_spread_over_shards() {
    let mut tensors = random_tensors(&SMALL, 1);
    for index in 0..3 {
        let values = vec![0.5; 1 << 20];
        tensors.insert(format!("encode.big{index}.bias"), (vec![1 << 20], values));
    }
    let weights = safetensors_bytes(&tensors);
    let trained = Trained::parse(&config_json(&SMALL), &weights, &tokenizer_json()).unwrap();
    let folder = pack(&trained).unwrap();
    assert_eq!(folder.manifest.shards.len(), 4);
    folder.load().unwrap();
    tensors.insert("encode.huge.bias".into(), (vec![3 << 20], vec![0.5; 3 << 20]));
    let weights = safetensors_bytes(&tensors);
    let trained = Trained::parse(&config_json(&SMALL), &weights, &tokenizer_json()).unwrap();
    assert!(
        matches!(pack(&trained), Err(Error::Tensor { name, .. }) if name == "encode.huge.bias")
    );
}

#[test]
fn weights_that_are_not_finite_are_refused() {
    let mut tensors = random_tensors(&SMALL, 1);
    tensors.get_mut("lm.norm.weight").unwrap().1[3] = f32::INFINITY;
    let parsed =
        Trained::parse(&config_json(&SMALL), &safetensors_bytes(&tensors), &tokenizer_json());
    assert!(matches!(parsed.err(), Some(Error::Tensor { name, .. }) if name == "lm.norm.weight"));
    assert!(Trained::parse(&config_json(&SMALL), b"not safetensors", b"").is_err());
}
