//! The tokenizer.

use crate::common::{TEXT_VOCAB, tokenizer_json};
use lm::{ByteLevelBpe, Error, Tokenizer};
use serde_json::{Value, json};

#[test]
fn text_goes_there_and_back() {
    let tokenizer = ByteLevelBpe::parse(&tokenizer_json()).unwrap();
    assert_eq!(tokenizer.vocab(), TEXT_VOCAB);
    for text in ["the thing", " ä 椅子 🪑\n\t", "<|end|><obj><OBJ012>", "", "\u{0}\u{7f}\u{ad}"]
    {
        let ids = tokenizer.encode(text).unwrap();
        assert!(ids.iter().all(|&id| (id as usize) < TEXT_VOCAB));
        let bytes: Vec<u8> =
            ids.iter().flat_map(|&id| tokenizer.bytes_of(id).unwrap()).copied().collect();
        assert_eq!(String::from_utf8(bytes).unwrap(), text);
    }
    assert_eq!(tokenizer.encode("the").unwrap(), [257]);
    assert_eq!(tokenizer.bytes_of(TEXT_VOCAB as u32), None);
}

#[test]
fn a_tokenizer_that_text_could_trick_is_refused() {
    let mut json: Value = serde_json::from_slice(&tokenizer_json()).unwrap();
    json["added_tokens"] = json!([{
        "id": 258, "content": "<|end|>", "single_word": false, "lstrip": false, "rstrip": false,
        "normalized": false, "special": true,
    }]);
    let refused = ByteLevelBpe::parse(json.to_string().as_bytes());
    assert!(matches!(refused.err(), Some(Error::Tokenizer(_))));
    assert!(matches!(ByteLevelBpe::parse(b"{}").err(), Some(Error::Tokenizer(_))));
}

/// The shipped tokenizer against the ids that Python gave.
#[test]
fn ids_are_pythons() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let golden = std::fs::read(format!("{root}/training/goldens/tokenizer.json")).unwrap();
    let golden: Value = serde_json::from_slice(&golden).unwrap();
    let shipped =
        std::fs::read(format!("{root}/quantized-models/scanwise-s/tokenizer.json")).unwrap();
    let tokenizer = ByteLevelBpe::parse(&shipped).unwrap();
    assert_eq!(tokenizer.vocab(), 12_000);
    let cases = golden.as_array().unwrap();
    assert!(cases.len() > 10);
    for case in cases {
        let ids: Vec<u32> =
            case["ids"].as_array().unwrap().iter().map(|id| id.as_u64().unwrap() as u32).collect();
        assert_eq!(tokenizer.encode(case["text"].as_str().unwrap()).unwrap(), ids, "{case}");
    }
}
