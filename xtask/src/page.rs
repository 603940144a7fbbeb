//! Building the page: Trunk, then wasm-opt, and neither where nothing has changed.

use crate::dress::dress;
use crate::tools::{Tools, say};
use crate::{Failure, root, serve, shell};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Everything the built page depends on.
const INPUTS: [&str; 10] = [
    ".cargo",
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "crates",
    "quantized-models",
    "samples",
    "shaders",
    "web",
    "xtask",
];

/// What rustc uses of WebAssembly by default, and SIMD. Not `--all-features`: with it wasm-opt
/// writes encodings that no browser reads yet.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-simd",
];

/// Builds the page into `dist/`, unless what is there was made from the same inputs.
pub(crate) fn build(tools: &Tools) -> Result<PathBuf, Failure> {
    let dist = serve::dist();
    let stamp = dist.join(".inputs");
    let inputs = fingerprint()?;
    if fs::read_to_string(&stamp).is_ok_and(|made_from| made_from == inputs) {
        say("found", "page", "nothing has changed since it was built");
        return Ok(dist);
    }
    say("building", "page", "trunk build (the first time takes some ten minutes)");
    let mut trunk = Command::new("trunk");
    trunk
        .args(["build", "--cargo-profile", "wasm-release"])
        .current_dir(root())
        .env("PATH", tools.path())
        .env_remove("NO_COLOR")
        .envs(tools.wasm().environment());
    shell::run(&mut trunk)?;
    for wasm in wasm_files(&dist)? {
        optimise(tools, &wasm)?;
    }
    dress(&dist)?;
    fs::write(stamp, inputs)?;
    Ok(dist)
}

/// The page's wasm files.
pub(crate) fn wasm_files(dist: &Path) -> Result<Vec<PathBuf>, Failure> {
    files_of_kind(dist, &["wasm"])
}

/// The page itself and its scripts.
pub(crate) fn text_files(dist: &Path) -> Result<Vec<PathBuf>, Failure> {
    files_of_kind(dist, &["html", "js"])
}

fn files_of_kind(dist: &Path, kinds: &[&str]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dist)? {
        let path = entry?.path();
        if path.extension().is_some_and(|kind| kinds.iter().any(|of| kind == *of)) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Size first: what is called in loops rustc has inlined by now.
const OPTIONS: [&str; 3] = ["-Oz", "--strip-debug", "--strip-producers"];

/// Runs wasm-opt over a file in place. Its result is kept by the hash of what went in: it takes
/// minutes, and most builds change one of the page's two files only.
fn optimise(tools: &Tools, wasm: &Path) -> Result<(), Failure> {
    let before = fs::read(wasm)?;
    let made_of = Sha256::new().chain_update(OPTIONS.concat()).chain_update(&before);
    let kept = root().join("target/wasm-opt").join(hex(&made_of.finalize()));
    if !kept.exists() {
        if let Some(folder) = kept.parent() {
            fs::create_dir_all(folder)?;
        }
        let name = wasm.file_name().unwrap_or_default().to_string_lossy().into_owned();
        say("optimising", &name, &format!("wasm-opt -Oz over {} MiB", before.len() >> 20));
        let partial = kept.with_extension("part");
        let mut wasm_opt = Command::new("wasm-opt");
        wasm_opt
            .args(OPTIONS)
            .args(FEATURES)
            .arg(wasm)
            .arg("-o")
            .arg(&partial)
            .env("PATH", tools.path());
        shell::run(&mut wasm_opt)?;
        fs::rename(&partial, &kept)?;
    }
    fs::copy(&kept, wasm)?;
    Ok(())
}

/// A hash over the names, sizes and times of all inputs.
fn fingerprint() -> Result<String, Failure> {
    let mut files = Vec::new();
    for input in INPUTS {
        collect(&root().join(input), &mut files)?;
    }
    files.sort();
    let mut hash = Sha256::new();
    for file in files {
        let meta = fs::metadata(&file)?;
        let time = meta
            .modified()?
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(0, |since| since.as_nanos());
        hash.update(format!("{}\0{}\0{time}\n", file.display(), meta.len()));
    }
    Ok(hex(&hash.finalize()))
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            collect(&entry?.path(), files)?;
        }
    } else if path.exists() {
        files.push(path.to_owned());
    }
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
