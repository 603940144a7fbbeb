//! `cargo xtask package`: what others take: a folder for a static host, and one to publish as an npm package.

use crate::tools::{Mode, Purpose, Tools};
use crate::{Failure, declare, page, root};
use serde_json::json;
use std::fs;
use std::path::Path;

/// Of the built page, what only the page itself needs.
const OF_THE_PAGE: [&str; 19] = [
    ".inputs",
    "article.css",
    "article.html",
    "article.js",
    "bench-worker.js",
    "bench.css",
    "bench.html",
    "bench.js",
    "boot.js",
    "embed.html",
    "icon-192.png",
    "icon-512.png",
    "icon.svg",
    "index.html",
    "manifest.webmanifest",
    "page.css",
    "sw.js",
    "text_engine.js",
    "text_engine_bg.wasm",
];
/// The medium model is a host's choice: it is twice as large.
const ONLY_ON_A_SITE: [&str; 1] = ["scanwise-m"];

pub(crate) fn run() -> Result<(), Failure> {
    let tools = Tools::prepare(Purpose::Page, Mode::Install)?;
    let dist = page::build(&tools)?;
    let (site, npm) = make(&dist, &root().join("target/package"))?;
    println!("\n{site}: any static host; no headers are needed");
    println!("{npm}: `npm publish`, or `npm install` the folder");
    Ok(())
}

/// Makes both folders anew; their names.
pub(crate) fn make(dist: &Path, out: &Path) -> Result<(String, String), Failure> {
    if out.exists() {
        fs::remove_dir_all(out)?;
    }
    let (site, npm) = (out.join("site"), out.join("npm"));
    copy(dist, &site, &|name| name != ".inputs")?;
    copy(dist, &npm, &|name| !OF_THE_PAGE.contains(&name) && !ONLY_ON_A_SITE.contains(&name))?;
    let manifest = fs::read_to_string(root().join("web/custom-elements.json"))?;
    fs::write(npm.join("scan-wise.d.ts"), declare::types(&manifest)?)?;
    fs::write(npm.join("package.json"), description())?;
    fs::copy(root().join("web/README.md"), npm.join("README.md"))?;
    for licence in ["LICENSE-MIT", "LICENSE-APACHE", "LICENSE"] {
        let from = root().join(licence);
        if from.exists() {
            fs::copy(&from, npm.join(licence))?;
            fs::copy(&from, site.join(licence))?;
        }
    }
    Ok((site.display().to_string(), npm.display().to_string()))
}

/// What npm reads. No dependency, and nothing runs when it is installed.
fn description() -> String {
    let package = json!({
        "name": "scan-wise",
        "version": env!("CARGO_PKG_VERSION"),
        "description": "<scan-wise>: ask a 3D scan of a room, in the reader's own browser.",
        "type": "module",
        "main": "scan-wise.js",
        "module": "scan-wise.js",
        "types": "scan-wise.d.ts",
        "customElements": "custom-elements.json",
        "sideEffects": ["scan-wise.js"],
        "license": env!("CARGO_PKG_LICENSE"),
        "keywords": ["3d", "point-cloud", "ply", "webgpu", "web-component"],
    });
    format!("{package:#}\n")
}

/// Everything that `keeps` by its own name, at any depth.
fn copy(from: &Path, to: &Path, keeps: &dyn Fn(&str) -> bool) -> Result<(), Failure> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        match (keeps(name), path.is_dir()) {
            (false, _) => {}
            (true, true) => copy(&path, &to.join(name), keeps)?,
            (true, false) => drop(fs::copy(&path, to.join(name))?),
        }
    }
    Ok(())
}
