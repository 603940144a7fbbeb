//! Model folders from strangers: what is not as `model.json` says is refused, by name.

use crate::common::{SMALL, tokenizer_json, trained};
use lm::convert::{Folder, pack};
use lm::{Error, Loader, Manifest};
use serde_json::{Value, json};

/// Something done to `model.json`.
type Change<'a> = &'a dyn Fn(&mut Value);

fn folder() -> Folder {
    pack(&trained(&SMALL, 1)).unwrap()
}

fn manifest_with(change: impl FnOnce(&mut Value)) -> Result<Manifest, Error> {
    let mut json: Value = serde_json::from_slice(&folder().json().unwrap()).unwrap();
    change(&mut json);
    Manifest::parse(json.to_string().as_bytes())
}

#[test]
fn a_folder_is_read_back() {
    let folder = folder();
    let weights = folder.load().unwrap();
    assert_eq!(weights.manifest(), &folder.manifest);
    assert_eq!(weights.tokenizer_json(), tokenizer_json());
    let (shape, values) = weights.tensor_f32("pointer.phi.0.weight").unwrap();
    assert_eq!((shape.as_slice(), values.len()), ([32, 11].as_slice(), 352));
    assert!(matches!(weights.tensor_f32("lm.nothing"), Err(Error::Tensor { .. })));
    assert!(matches!(weights.tensor_of("lm.norm.weight", &[65]), Err(Error::Tensor { .. })));
}

#[test]
fn manifests_that_cannot_be() {
    assert!(manifest_with(|_| ()).is_ok());
    let refused: [(&str, Change<'_>); 17] = [
        ("format", &|json| json["format"] = json!("other")),
        ("version", &|json| json["version"] = json!(2)),
        ("no layers", &|json| json["lm"]["layers"] = json!(0)),
        ("layers beyond reason", &|json| json["lm"]["layers"] = json!(1u64 << 60)),
        ("width", &|json| json["lm"]["width"] = json!(65)),
        ("heads", &|json| json["lm"]["kv_heads"] = json!(4)),
        ("head_dim", &|json| json["lm"]["head_dim"] = json!(3)),
        ("eps", &|json| json["lm"]["norm_eps"] = json!(-1.0)),
        ("rope", &|json| json["lm"]["rope_base"] = json!(0.0)),
        ("vocab", &|json| json["lm"]["vocab"] = json!(260)),
        ("shared id", &|json| json["special_tokens"]["<|user|>"] = json!(259)),
        ("no end", &|json| {
            json["special_tokens"].as_object_mut().unwrap().remove("<|end|>");
        }),
        ("path", &|json| json["shards"][0]["file"] = json!("../weights.safetensors")),
        ("hidden", &|json| json["tokenizer"]["file"] = json!(".ssh")),
        ("huge shard", &|json| json["shards"][0]["bytes"] = json!(1u64 << 40)),
        ("no hash", &|json| json["shards"][0]["sha256"] = json!("")),
        ("tensor elsewhere", &|json| json["tensors"]["lm.norm.weight"]["shard"] = json!("other")),
    ];
    for (name, change) in refused {
        assert!(matches!(manifest_with(change), Err(Error::Manifest(_))), "{name}");
    }
    assert!(matches!(Manifest::parse(b"{"), Err(Error::Manifest(_))));
    assert!(matches!(Manifest::parse(b"\xff\xfe"), Err(Error::Manifest(_))));
}

#[test]
fn files_that_are_not_the_ones_described() {
    let folder = folder();
    let load = |change: &dyn Fn(&str, &mut Vec<u8>)| -> Result<(), Error> {
        let mut loader = Loader::new(folder.manifest.clone());
        for (name, bytes) in &folder.files {
            let mut bytes = bytes.clone();
            change(name, &mut bytes);
            loader.add(name, &bytes)?;
        }
        loader.finish().map(|_| ())
    };
    assert!(load(&|_, _| ()).is_ok());
    assert!(matches!(load(&|_, bytes| bytes[9] ^= 1), Err(Error::File { .. })));
    assert!(matches!(load(&|_, bytes| bytes.truncate(100)), Err(Error::File { .. })));
    assert!(matches!(load(&|_, bytes| bytes.clear()), Err(Error::File { .. })));
    let mut loader = Loader::new(folder.manifest.clone());
    assert!(matches!(loader.add("other.safetensors", &[]), Err(Error::File { .. })));
    assert_eq!(loader.missing().count(), folder.files.len());
    assert!(matches!(loader.finish(), Err(Error::File { .. })));
}

/// A shard with the right hash that holds something else than `model.json` says.
#[test]
fn tensors_that_are_not_as_described() {
    let folder = folder();
    let refused: [Change<'_>; 5] = [
        &|tensors| tensors["lm.norm.weight"]["shape"] = json!([63]),
        &|tensors| tensors["lm.norm.weight"]["dtype"] = json!("q8"),
        &|tensors| tensors["lm.embed.weight"]["dtype"] = json!("q4"),
        &|tensors| tensors["lm.layers.0.attn.q.weight"]["shape"] = json!([192, 96]),
        &|tensors| {
            let entry = tensors["lm.norm.weight"].clone();
            tensors["lm.other.weight"] = entry;
        },
    ];
    for (index, change) in refused.into_iter().enumerate() {
        let manifest = manifest_with(|json| change(&mut json["tensors"])).unwrap();
        let mut loader = Loader::new(manifest);
        let mut results = folder.files.iter().map(|(name, bytes)| loader.add(name, bytes));
        let error = results.find_map(Result::err);
        assert!(matches!(error, Some(Error::Tensor { .. })), "{index}: {error:?}");
    }
}
