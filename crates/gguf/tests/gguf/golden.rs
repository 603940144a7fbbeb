//! Blocks that PyPI's `gguf` made and decoded: `training/scanwise/gguf_goldens.py`.

use crate::written::golden;
use gguf::{Error, Header, Kind, Part, Reader, Value};
use safetensors::SafeTensors;

fn f32s(bytes: &[u8]) -> Vec<f32> {
    bytes.as_chunks().0.iter().map(|word| f32::from_le_bytes(*word)).collect()
}

#[test]
fn every_packing_is_decoded_as_its_authors_do() {
    let file = golden("gguf_blocks.safetensors");
    let stored = SafeTensors::deserialize(&file).unwrap();
    let kinds = [
        ("f16", Kind::F16),
        ("q4_0", Kind::Q4_0),
        ("q4_1", Kind::Q4_1),
        ("q8_0", Kind::Q8_0),
        ("q4_k", Kind::Q4K),
        ("q6_k", Kind::Q6K),
    ];
    for (name, kind) in kinds {
        let bytes = stored.tensor(&format!("{name}.bytes")).unwrap();
        let values = f32s(stored.tensor(&format!("{name}.values")).unwrap().data());
        assert_eq!(bytes.data().len() / kind.block_bytes() * kind.block(), values.len());
        let read = kind.dequantise(bytes.data());
        assert_eq!(read.len(), values.len(), "{name}");
        for (index, (ours, theirs)) in read.iter().zip(&values).enumerate() {
            let step = 2.0 * f32::EPSILON * theirs.abs().max(0.1);
            assert!((ours - theirs).abs() <= step, "{name} {index}: {ours} {theirs}");
        }
        assert!(values.iter().any(|value| *value != 0.0));
    }
}

#[test]
fn a_file_is_read_the_same_in_any_pieces() {
    let file = golden("gguf_llama.gguf");
    let whole = in_pieces(&file, file.len());
    assert_eq!(whole.1.len(), 20);
    for piece in [1_000, 4_099, 100_000] {
        assert!(in_pieces(&file, piece) == whole, "{piece}");
    }
    let header = whole.0;
    assert_eq!(header.string("general.architecture"), Some("llama"));
    assert_eq!(header.integer("llama.block_count"), Some(2));
    assert_eq!(header.float("llama.rope.freq_base"), Some(10_000.0));
    assert_eq!(header.strings("tokenizer.ggml.tokens").map(<[String]>::len), Some(262));
    assert_eq!(header.integers("tokenizer.ggml.token_type").map(<[i64]>::len), Some(262));
    assert_eq!(header.integer("llama.nothing"), None);
    assert_eq!(header.flag("llama.block_count"), None);
    assert!(matches!(header.metadata["llama.block_count"], Value::Integer(2)));
    let embed = header.tensors.iter().find(|info| info.name == "token_embd.weight").unwrap();
    assert_eq!((embed.matrix(), embed.kind), ((262, 256), Kind::Q8_0));
}

type Read = (Header, Vec<(String, Vec<u8>)>);

fn in_pieces(file: &[u8], piece: usize) -> Read {
    let mut tensors = Vec::new();
    let mut take = |part: Part<'_>| {
        if let Part::Tensor(info, bytes) = part {
            tensors.push((info.name.clone(), bytes.to_vec()));
        }
        Ok::<(), Error>(())
    };
    let mut reader = Reader::new();
    for bytes in file.chunks(piece) {
        reader.push(bytes, &mut take).unwrap();
    }
    (reader.finish(&mut take).unwrap(), tensors)
}

/// No more is held than one tensor and what came with its end.
#[test]
fn what_has_been_handed_on_is_let_go() {
    let file = golden("gguf_llama.gguf");
    let mut reader = Reader::new();
    let mut handed = 0;
    for bytes in file.chunks(10_000) {
        reader
            .push(bytes, |part| {
                if let Part::Tensor(..) = part {
                    handed += 1;
                }
                Ok::<(), Error>(())
            })
            .unwrap();
    }
    // The last tensor is handed on when its bytes are there, not when the file ends.
    assert_eq!(handed, 20);
}
