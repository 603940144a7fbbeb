//! What a built page still lacks: its policy within, for hosts that send no headers, and the name of its build in
//! the service worker.

use crate::{Failure, headers};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;

/// Where the service worker is told of the build.
const UNBUILT: &str = "const BUILD = null;";

/// All of them.
const PAGES: [&str; 4] = ["index.html", "embed.html", "article.html", "bench.html"];

/// Writes both into the files of `dist`, which were just built.
pub(crate) fn dress(dist: &Path) -> Result<(), Failure> {
    for page in PAGES {
        let path = dist.join(page);
        fs::write(&path, bound(&fs::read_to_string(&path)?))?;
    }
    let worker = dist.join("sw.js");
    let text = fs::read_to_string(&worker)?;
    if !text.contains(UNBUILT) {
        return Err(Failure::Failed("web/sw.js has no place for the name of the build".to_owned()));
    }
    fs::write(&worker, text.replace(UNBUILT, &build(dist)?))?;
    Ok(())
}

/// The policy as far as it does not say who may frame a page.
fn without_framing() -> &'static str {
    headers::POLICY.split("; frame-ancestors").next().unwrap_or(headers::POLICY)
}

/// A page with the policy in its head. What a page may be framed by only a header can say.
fn bound(page: &str) -> String {
    let policy = without_framing();
    let meta = format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">");
    match page.split_once("<meta charset=\"utf-8\">") {
        Some((before, after)) => format!("{before}<meta charset=\"utf-8\">\n{meta}{after}"),
        None => page.to_owned(),
    }
}

/// The line that names the build: a hash over all files that a service worker keeps.
fn build(dist: &Path) -> Result<String, Failure> {
    let mut hash = Sha256::new();
    let mut names: Vec<_> =
        fs::read_dir(dist)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    names.sort();
    for path in names.iter().filter(|path| path.is_file() && !path.ends_with(".inputs")) {
        hash.update(path.file_name().unwrap_or_default().as_encoded_bytes());
        hash.update(fs::read(path)?);
    }
    let name: String = hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    // What a page is framed by is for its own answer to say, not for the one of the worker.
    let policy = without_framing();
    Ok(format!("const BUILD = {{ name: '{name}', policy: \"{policy}\" }};"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_bound_before_anything_is_loaded() {
        let page = "<head>\n<meta charset=\"utf-8\">\n<script src=\"boot.js\"></script></head>";
        let bound = bound(page);
        let (policy, script) = (bound.find("connect-src 'self'"), bound.find("<script"));
        assert!(policy.is_some() && policy < script, "{bound}");
        assert!(!bound.contains("frame-ancestors"));
    }

    #[test]
    fn another_file_makes_another_build() {
        let folder = std::env::temp_dir().join(format!("scanwise-dress-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        for page in PAGES {
            fs::write(folder.join(page), "<meta charset=\"utf-8\">").unwrap();
        }
        let worker = fs::read_to_string(crate::root().join("web/sw.js")).unwrap();
        let mut builds = Vec::new();
        for content in ["one", "two"] {
            fs::write(folder.join("sw.js"), &worker).unwrap();
            fs::write(folder.join("page.js"), content).unwrap();
            dress(&folder).unwrap();
            builds.push(fs::read_to_string(folder.join("sw.js")).unwrap());
        }
        assert_ne!(builds[0], builds[1]);
        assert!(builds[0].contains("connect-src 'self'") && !builds[0].contains(UNBUILT));
        fs::remove_dir_all(folder).unwrap();
    }
}
