//! A scan: any bytes are points or an error.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = ply::read(bytes);
});
