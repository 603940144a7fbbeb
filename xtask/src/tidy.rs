//! What holds for the repository as a whole.

use crate::{Failure, root};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const WEIGHTS_LIMIT: u64 = 80 << 20;

/// Everything that is wrong, a line each.
pub(crate) fn findings() -> Result<Vec<String>, Failure> {
    let files = tracked()?;
    let mut wrong = Vec::new();
    unnamed_crates(&mut wrong)?;
    machine_paths(&files, &mut wrong);
    other_registries(&files, &mut wrong);
    heavy_weights(&files, &mut wrong);
    broken_links(&files, &mut wrong);
    Ok(wrong)
}

fn tracked() -> Result<Vec<PathBuf>, Failure> {
    let output = Command::new("git").args(["ls-files", "-z"]).current_dir(root()).output()?;
    if !output.status.success() {
        return Err(Failure::Failed("git does not list the project's files".into()));
    }
    let names = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(names.split('\0').filter(|name| !name.is_empty()).map(PathBuf::from).collect())
}

/// ARCHITECTURE.md has a line for every crate.
fn unnamed_crates(wrong: &mut Vec<String>) -> Result<(), Failure> {
    let architecture = fs::read_to_string(root().join("ARCHITECTURE.md"))?;
    for entry in fs::read_dir(root().join("crates"))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if !architecture.contains(&format!("| `{name}` |")) {
            wrong.push(format!("ARCHITECTURE.md does not name the crate `{name}`"));
        }
    }
    Ok(())
}

/// Nothing names the machine it was written on.
fn machine_paths(files: &[PathBuf], wrong: &mut Vec<String>) {
    // Put together here, so that this file does not find itself.
    let marks = ["root", "work", "home"].map(|folder| format!("/{folder}/"));
    for file in files {
        let Ok(text) = fs::read_to_string(root().join(file)) else { continue };
        for (index, line) in text.lines().enumerate() {
            let absolute = marks.iter().any(|mark| {
                line.match_indices(mark.as_str()).any(|(at, _)| {
                    !line[..at].ends_with(|c: char| c.is_alphanumeric() || "._-/~}*".contains(c))
                })
            });
            if absolute {
                wrong.push(format!("{}:{}: a path of some machine", file.display(), index + 1));
            }
        }
    }
}

/// Packages come from the public registries, whatever mirror a machine may use.
fn other_registries(files: &[PathBuf], wrong: &mut Vec<String>) {
    for file in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let is_elsewhere: fn(&str) -> bool = match name.as_ref() {
            "Cargo.lock" => |line| {
                line.strip_prefix("source = ").is_some_and(|from| {
                    from != "\"registry+https://github.com/rust-lang/crates.io-index\""
                })
            },
            "package-lock.json" => |line| {
                line.trim()
                    .strip_prefix("\"resolved\": ")
                    .is_some_and(|from| !from.starts_with("\"https://registry.npmjs.org/"))
            },
            "config.toml" => |line| line.starts_with("[source") || line.starts_with("[registr"),
            ".npmrc" | "pip.conf" => |line| line.contains("registry") || line.contains("index"),
            _ if name.starts_with("requirements") => |line| line.starts_with("--"),
            _ => continue,
        };
        let Ok(text) = fs::read_to_string(root().join(file)) else { continue };
        for (index, _) in text.lines().enumerate().filter(|(_, line)| is_elsewhere(line)) {
            wrong.push(format!("{}:{}: another package registry", file.display(), index + 1));
        }
    }
}

fn heavy_weights(files: &[PathBuf], wrong: &mut Vec<String>) {
    let bytes: u64 = files
        .iter()
        .filter(|file| file.starts_with("quantized-models"))
        .filter_map(|file| fs::metadata(root().join(file)).ok())
        .map(|meta| meta.len())
        .sum();
    if bytes > WEIGHTS_LIMIT {
        wrong.push(format!("{} MiB under quantized-models; the limit is 80", bytes >> 20));
    }
}

/// Links between our own documents lead somewhere.
fn broken_links(files: &[PathBuf], wrong: &mut Vec<String>) {
    for file in files.iter().filter(|file| file.extension().is_some_and(|ext| ext == "md")) {
        let Ok(text) = fs::read_to_string(root().join(file)) else { continue };
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = target.split('#').next().unwrap_or_default();
            let elsewhere = target.is_empty() || target.contains(':');
            let folder = file.parent().unwrap_or(Path::new(""));
            if !elsewhere && !root().join(folder).join(target).exists() {
                wrong.push(format!("{}: the link to {target} leads nowhere", file.display()));
            }
        }
    }
}
