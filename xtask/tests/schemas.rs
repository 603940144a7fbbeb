//! The schemas in `tests/schemas` accept what they should, refuse what they should, and hold for
//! every file of the repository that they describe.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests may stop at the first surprise")]

use jsonschema::Validator;
use serde_json::Value;
use std::path::{Path, PathBuf};

const NAMES: [&str; 7] = ["ask", "bench", "eval", "model", "question", "scene", "segment"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn json(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn schema(name: &str) -> Validator {
    let schema = json(&root().join(format!("tests/schemas/{name}.schema.json")));
    assert!(jsonschema::meta::is_valid(&schema), "{name} is no JSON Schema");
    jsonschema::validator_for(&schema).unwrap()
}

/// The faults, each with its place.
fn faults(schema: &Validator, value: &Value) -> Vec<(String, String)> {
    let errors = schema.iter_errors(value);
    errors.map(|error| (error.instance_path().to_string(), error.to_string())).collect()
}

/// The example with one place changed, or taken away.
fn changed(good: &Value, bad: &Value) -> Value {
    let (parent, key) = bad["at"].as_str().unwrap().rsplit_once('/').unwrap();
    let mut value = good.clone();
    let place = value.pointer_mut(parent).unwrap();
    match (place, bad.get("put")) {
        (Value::Object(fields), Some(put)) => drop(fields.insert(key.to_owned(), put.clone())),
        (Value::Object(fields), None) => drop(fields.remove(key).unwrap()),
        (Value::Array(items), Some(put)) => items[key.parse::<usize>().unwrap()] = put.clone(),
        (other, _) => panic!("{bad}: cannot change {other}"),
    }
    value
}

#[test]
fn every_schema_is_listed_here() {
    let mut found: Vec<String> = std::fs::read_dir(root().join("tests/schemas"))
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(".schema.json").map(str::to_owned))
        .collect();
    found.sort();
    assert_eq!(found, NAMES);
}

#[test]
fn good_examples_pass_and_bad_ones_fail_where_they_are_bad() {
    for name in NAMES {
        let schema = schema(name);
        let examples = json(&root().join(format!("tests/schemas/examples/{name}.json")));
        let good = examples["good"].as_array().unwrap();
        for (index, value) in good.iter().enumerate() {
            assert_eq!(faults(&schema, value), [], "{name}, good example {index}");
        }
        for bad in examples["bad"].as_array().unwrap() {
            let (why, at) = (&bad["why"], bad["at"].as_str().unwrap());
            let faults = faults(&schema, &changed(&good[0], bad));
            assert!(!faults.is_empty(), "{name}: {why} passes");
            for (place, fault) in &faults {
                let near = at.starts_with(place.as_str()) || place.starts_with(at);
                assert!(near, "{name}: {why}: {place}: {fault}");
            }
        }
    }
}

/// Files of this name under the folder.
fn files(folder: &Path, name: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path, name));
        } else if path.file_name().is_some_and(|file| file == name) {
            found.push(path);
        }
    }
    found
}

#[test]
fn the_page_says_how_large_its_models_are() {
    let page = std::fs::read_to_string(root().join("web/scanwise.html")).unwrap();
    for path in files(&root().join("quantized-models"), "model.json") {
        let model = json(&path);
        let bytes = |file: &Value| file["bytes"].as_u64().unwrap();
        let shards = model["shards"].as_array().unwrap();
        let all: u64 = shards.iter().map(bytes).sum::<u64>() + bytes(&model["tokenizer"]);
        let megabytes = (all as f64 / 1e6).round();
        let name = model["name"].as_str().unwrap();
        let option = page.lines().find(|line| line.contains(&format!("value=\"{name}\"")));
        let option = option.unwrap_or_else(|| panic!("the page offers no {name}"));
        assert!(option.contains(&format!(", {megabytes} MB")), "{megabytes} MB: {option}");
    }
}

#[test]
fn shipped_files_follow_their_schemas() {
    let check = |schema: &Validator, value: &Value, path: &Path| {
        assert_eq!(faults(schema, value), [], "{}", path.display());
    };
    let (model, scene, question) = (schema("model"), schema("scene"), schema("question"));
    for path in files(&root().join("quantized-models"), "model.json") {
        check(&model, &json(&path), &path);
    }
    for folder in ["samples", "tests"] {
        for path in files(&root().join(folder), "scene.json") {
            if !path.starts_with(root().join("tests/schemas")) {
                check(&scene, &json(&path), &path);
            }
        }
        for path in files(&root().join(folder), "questions.jsonl") {
            for line in std::fs::read_to_string(&path).unwrap().lines() {
                check(&question, &serde_json::from_str(line).unwrap(), &path);
            }
        }
    }
}
