//! How each tool is recognised and how it is installed.

use super::Purpose;
use crate::shell;
use std::path::{Path, PathBuf};

const TRUNK: &str = "0.21.14";
const BINARYEN: &str = "132";
const PLAYWRIGHT: &str = "1.65";

/// One tool.
pub(super) struct Recipe {
    pub name: &'static str,
    pub purpose: Purpose,
    /// The version it must answer with.
    pub wanted: String,
    /// Whether its installation writes to the system.
    pub needs_root: bool,
    find: Box<dyn Fn() -> Option<String>>,
    install: Vec<String>,
}

impl Recipe {
    /// Its version, if it is there and the right one.
    pub(super) fn found(&self) -> Option<String> {
        (self.find)().filter(|version| version.contains(&self.wanted))
    }

    pub(super) fn commands(&self) -> Vec<String> {
        self.install.clone()
    }

    /// What a person types.
    pub(super) fn by_hand(&self) -> Vec<String> {
        let sudo = if self.needs_root { "sudo " } else { "" };
        self.install.iter().map(|line| format!("{sudo}{line}")).collect()
    }
}

/// Every tool but the wasm toolchain, in the order in which they are needed.
pub(super) fn all(folder: &Path, lock: &str) -> Vec<Recipe> {
    let bindgen = locked_version(lock, "wasm-bindgen").unwrap_or_default();
    let npm = folder.join("npm");
    vec![
        cargo_tool(folder, "trunk", TRUNK, "trunk", "--locked "),
        // Its own lock file names a crate that was withdrawn.
        cargo_tool(folder, "wasm-bindgen", &bindgen, "wasm-bindgen-cli", ""),
        Recipe {
            name: "node",
            purpose: Purpose::Page,
            wanted: "v".into(),
            needs_root: true,
            find: Box::new(|| shell::first_line("node", &["--version"])),
            install: apt("nodejs npm"),
        },
        npm_tool(&npm, "wasm-opt", Purpose::Page, "binaryen", BINARYEN),
        npm_tool(&npm, "playwright-core", Purpose::Test, "playwright-core", PLAYWRIGHT),
        Recipe {
            name: "chromium",
            purpose: Purpose::Test,
            wanted: "Chromium".into(),
            needs_root: true,
            find: Box::new(|| shell::first_line("chromium", &["--version"])),
            install: apt("chromium"),
        },
        Recipe {
            name: "lavapipe",
            purpose: Purpose::Test,
            wanted: "lvp_icd".into(),
            needs_root: true,
            find: Box::new(|| lavapipe_icd().map(|path| path.display().to_string())),
            install: apt("mesa-vulkan-drivers"),
        },
    ]
}

/// The description of Mesa's software Vulkan driver.
pub(crate) fn lavapipe_icd() -> Option<PathBuf> {
    std::fs::read_dir("/usr/share/vulkan/icd.d")
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| {
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("lvp_icd"))
        })
}

fn cargo_tool(
    folder: &Path,
    program: &'static str,
    version: &str,
    package: &str,
    locked: &str,
) -> Recipe {
    let ours = folder.join("tools/bin").join(program).display().to_string();
    let wanted = version.to_owned();
    let right = wanted.clone();
    Recipe {
        name: program,
        purpose: Purpose::Page,
        wanted,
        needs_root: false,
        find: Box::new(move || {
            [ours.as_str(), program]
                .iter()
                .filter_map(|candidate| shell::first_line(candidate, &["--version"]))
                .find(|line| line.contains(&right))
        }),
        install: vec![format!(
            "cargo install {package} --version {version} {locked}--root {}",
            folder.join("tools").display()
        )],
    }
}

fn npm_tool(
    npm: &Path,
    name: &'static str,
    purpose: Purpose,
    package: &'static str,
    version: &str,
) -> Recipe {
    let manifest = npm.join("node_modules").join(package).join("package.json");
    Recipe {
        name,
        purpose,
        wanted: format!("\"version\": \"{version}."),
        needs_root: false,
        find: Box::new(move || {
            let text = std::fs::read_to_string(&manifest).ok()?;
            text.lines()
                .find(|line| line.contains("\"version\""))
                .map(|line| line.trim().to_owned())
        }),
        install: vec![format!(
            "npm install --silent --no-fund --no-audit --prefix {} {package}@{version}",
            npm.display()
        )],
    }
}

fn apt(packages: &str) -> Vec<String> {
    vec!["apt-get update -q".into(), format!("apt-get install -y -q {packages}")]
}

/// The version of a package in `Cargo.lock`.
fn locked_version(lock: &str, package: &str) -> Option<String> {
    let mut lines = lock.lines();
    lines.find(|line| *line == format!("name = \"{package}\""))?;
    Some(lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_names_the_version_of_wasm_bindgen() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.9\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(locked_version(lock, "trunk"), None);
    }

    #[test]
    fn a_tool_of_another_version_is_not_found() {
        let folder = std::env::temp_dir().join("scanwise-no-tools");
        let recipe = npm_tool(&folder, "wasm-opt", Purpose::Page, "binaryen", "132");
        assert_eq!(recipe.found(), None);
        assert!(recipe.by_hand()[0].starts_with("npm install"));
    }
}
