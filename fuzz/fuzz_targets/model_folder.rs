//! A model folder: a length, then so many bytes of `model.json`, then a file of it.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((len, rest)) = bytes.split_first_chunk() else { return };
    let Some((json, file)) = rest.split_at_checked(usize::from(u16::from_le_bytes(*len))) else { return };
    if let Ok(manifest) = lm::Manifest::parse(json) {
        let names: Vec<String> = manifest.files().map(|file| file.file.clone()).collect();
        let mut loader = lm::Loader::new(manifest);
        let _ = names.iter().try_for_each(|name| loader.add(name, file));
        let _ = loader.finish();
    }
    if let Ok(manifest) = lm::TextManifest::parse(json) {
        let names: Vec<String> = manifest.files().map(|file| file.file.clone()).collect();
        let mut loader = lm::TextLoader::new(manifest);
        let _ = names.iter().try_for_each(|name| loader.add(name, file));
        let _ = loader.finish();
    }
});
