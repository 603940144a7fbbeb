//! Model files that mean harm (B34–B37 of the project's list of bad inputs): each is refused with the reason, and nothing is
//! allocated on their word.

use crate::written::{File, golden, list, text};
use gguf::{Error, Header, Part, Reader};
use proptest::prelude::*;

fn read(bytes: &[u8]) -> Result<Header, Error> {
    Header::read_all(bytes, |_, _| ())
}

fn refusal(file: &File) -> String {
    read(&file.bytes()).expect_err("it was read").to_string()
}

#[test]
fn what_is_right_is_read() {
    let header = read(&File::default().bytes()).unwrap();
    assert_eq!(header.tensors.len(), 3);
    let names: Vec<&str> = header.tensors.iter().map(|info| info.name.as_str()).collect();
    assert_eq!(names, ["a", "b", "c"]);
    // In the file's order, whatever the header's.
    let mut turned = File::default();
    turned.tensors.reverse();
    assert_eq!(read(&turned.bytes()).unwrap().tensors, header.tensors);
}

/// How a file is spoilt, and what of it must be said.
type Spoil = (fn(&mut File), &'static str);

#[test]
fn each_fault_is_named() {
    let spoils: &[Spoil] = &[
        (|file| file.magic = *b"GGML", "not a GGUF file"),
        (|file| file.version = 1, "version 1"),
        // Big-endian.
        (|file| file.version = 3 << 24, "version 50331648"),
        (|file| file.tensor_count = Some(1 << 63), "tensors"),
        (|file| file.key_count = Some(u64::MAX), "facts"),
        (|file| file.facts.push(("general.architecture", 8, text("llama"))), "twice"),
        (|file| file.facts.push(("x", 8, (1u64 << 62).to_le_bytes().to_vec())), "a string of"),
        (|file| file.facts.push(("x", 9, list(8, 1 << 40, &[]))), "a list of"),
        (|file| file.facts.push(("x", 9, list(9, 1, &[0; 32]))), "no type 9"),
        (|file| file.facts.push(("x", 77, vec![0; 8])), "no type 77"),
        (|file| file.facts.push(("x", 10, vec![255; 8])), "63 bits"),
        (|file| file.facts.push(("general.alignment", 4, vec![0; 4])), "aligns"),
        (|file| file.facts.push(("general.alignment", 4, vec![3, 0, 0, 0])), "aligns"),
        (|file| file.tensors[0].dims.clear(), "0 dimensions"),
        (|file| file.tensors[0].dims = vec![32; 5], "5 dimensions"),
        (|file| file.tensors[0].dims = vec![32, 0], "the shape"),
        (|file| file.tensors[0].dims = vec![1 << 40, 1 << 40], "the shape"),
        (|file| file.tensors[0].dims = vec![1 << 32, 1 << 32, 1 << 32], "the shape"),
        (|file| file.tensors[0].dims = vec![31, 2], "no multiple of 32"),
        (|file| file.tensors[0].kind = 10, "Q2_K"),
        (|file| file.tensors[0].kind = 99, "kind 99"),
        (|file| file.tensors[1].name = "a", "twice"),
        (|file| file.tensors[1].offset = 32, "overlaps"),
        (|file| file.tensors[1].offset = 128, "gap"),
        (|file| file.tensors[0].offset = u64::MAX, "gap"),
        (|file| file.data -= 1, "ends after"),
        (|file| file.tensors[0].dims = vec![1 << 39], "gap"),
    ];
    for (spoil, said) in spoils {
        let mut file = File::default();
        spoil(&mut file);
        let refusal = refusal(&file);
        assert!(refusal.contains(said), "{said}: {refusal}");
    }
    for short in [0, 3, 23, 40] {
        let bytes = &File::default().bytes()[..short];
        assert!(matches!(read(bytes), Err(Error::Truncated { .. })), "{short}");
    }
}

#[test]
fn a_header_that_never_ends_is_given_up() {
    let mut file = File::default();
    file.facts.push(("x", 9, list(8, 4 << 20, &[])));
    let start = file.bytes();
    let mut reader = Reader::new();
    let take = |_: Part<'_>| Ok::<(), Error>(());
    let head = &start[..start.len() - file.data];
    reader.push(head, take).unwrap();
    // Strings of sixteen bytes, again and again.
    let more = [16u64.to_le_bytes().as_slice(), &[b'a'; 16]].concat().repeat(1 << 18);
    let refused = (0..32).find_map(|_| reader.push(&more, take).err());
    assert!(refused.is_some(), "it was read on and on");
}

proptest! {
    /// Whatever is changed in a real file, it is read or refused.
    #[test]
    fn no_change_breaks_the_reader(changes in prop::collection::vec((0usize..3_000, any::<u8>()), 1..6), cut in 0usize..700_000) {
        let mut file = golden("gguf_llama.gguf");
        for (at, byte) in changes {
            file[at] = byte;
        }
        file.truncate(cut.max(1));
        let _ = read(&file);
    }

    #[test]
    fn no_bytes_break_the_reader(tail in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&[b"GGUF\x03\0\0\0".as_slice(), &tail].concat());
    }
}
