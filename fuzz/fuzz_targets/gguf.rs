//! A GGUF file in pieces: any bytes are a model or an error.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    // The first byte says how large pieces are.
    let Some((size, file)) = bytes.split_first() else { return };
    let mut loader = lm::GgufLoader::new(64);
    for piece in file.chunks(usize::from(*size) + 1) {
        if loader.push(piece).is_err() {
            return;
        }
    }
    let _ = loader.finish();
});
