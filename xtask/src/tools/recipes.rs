//! How each tool is recognised and how it is installed.

use super::Purpose;
use crate::shell;
use std::path::{Path, PathBuf};

const TRUNK: &str = "0.21.14";
const BINARYEN: &str = "132";
const PLAYWRIGHT: &str = "1.65";
const AXE: &str = "4.14";
/// The last that Debian's node runs.
const VITE: &str = "6.4";

/// What training imports.
const PYTHON_PACKAGES: [&str; 5] = ["torch", "numpy", "safetensors", "tokenizers", "gguf"];

/// One tool.
pub(super) struct Recipe {
    pub name: &'static str,
    pub purpose: Purpose,
    /// What its answer must contain.
    pub wanted: String,
    /// The least first number in its answer.
    at_least: u32,
    /// Whether its installation writes to the system.
    pub needs_root: bool,
    find: Box<dyn Fn() -> Option<String>>,
    install: Vec<Line>,
}

/// A command, word by word, so that a folder's name may hold spaces.
pub(super) type Line = Vec<String>;

impl Recipe {
    /// Its version, if it is there and the right one.
    pub(super) fn found(&self) -> Option<String> {
        (self.find)()
            .filter(|answer| answer.contains(&self.wanted) && first_number(answer) >= self.at_least)
    }

    pub(super) fn commands(&self) -> &[Line] {
        &self.install
    }

    /// What a person types.
    pub(super) fn by_hand(&self) -> Vec<String> {
        let sudo = if self.needs_root { "sudo " } else { "" };
        self.install.iter().map(|line| format!("{sudo}{}", typed(line))).collect()
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
            at_least: 18,
            needs_root: true,
            find: Box::new(|| shell::first_line("node", &["--version"])),
            install: apt("nodejs npm"),
        },
        Recipe {
            // Debian's is too old, so only ours will do.
            find: {
                let ours = npm.join("node_modules/.bin/wasm-opt").display().to_string();
                Box::new(move || shell::first_line(&ours, &["--version"]))
            },
            wanted: format!("version {BINARYEN} "),
            ..npm_tool(&npm, "wasm-opt", Purpose::Page, "binaryen", BINARYEN)
        },
        npm_tool(&npm, "playwright-core", Purpose::Test, "playwright-core", PLAYWRIGHT),
        // Looks for what people with disabilities would stumble over. For tests alone.
        npm_tool(&npm, "axe-core", Purpose::Test, "axe-core", AXE),
        // Stands for whatever an author builds pages with. For tests alone.
        npm_tool(&npm, "vite", Purpose::Test, "vite", VITE),
        Recipe {
            name: "chromium",
            purpose: Purpose::Test,
            wanted: "Chromium".into(),
            at_least: 128,
            needs_root: true,
            find: Box::new(|| shell::first_line("chromium", &["--version"])),
            install: apt("chromium"),
        },
        Recipe {
            name: "lavapipe",
            purpose: Purpose::Test,
            wanted: "lvp_icd".into(),
            at_least: 0,
            needs_root: true,
            find: Box::new(|| lavapipe_icd().map(|path| path.display().to_string())),
            install: apt("mesa-vulkan-drivers"),
        },
        Recipe {
            name: "python",
            purpose: Purpose::Training,
            wanted: "found".into(),
            at_least: 0,
            needs_root: false,
            find: {
                let python = folder.join("venv/bin/python").display().to_string();
                let look = format!("import {}; print('found', torch.__version__)", imports());
                Box::new(move || shell::first_line(&python, &["-c", &look]))
            },
            install: vec![
                line("python3 -m venv", &folder.join("venv"), ""),
                line(
                    "",
                    &folder.join("venv/bin/python"),
                    &format!("-m pip install {}", PYTHON_PACKAGES.join(" ")),
                ),
            ],
        },
        Recipe {
            name: "meshes",
            purpose: Purpose::Training,
            wanted: "install ok".into(),
            at_least: 0,
            needs_root: true,
            find: Box::new(|| {
                let look = ["-W", "-f=${Status} ${Version}\\n", "sweethome3d-furniture"];
                shell::first_line("dpkg-query", &look)
            }),
            install: apt("sweethome3d-furniture sweethome3d"),
        },
    ]
}

/// The command as typed into a shell.
pub(super) fn typed(line: &Line) -> String {
    let words = line.iter().map(|word| match word.contains(' ') {
        true => format!("'{word}'"),
        false => word.clone(),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// A command from words, a folder and more words.
fn line(before: &str, folder: &Path, after: &str) -> Line {
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let mut line = words(before);
    line.push(folder.display().to_string());
    line.extend(words(after));
    line
}

fn imports() -> String {
    PYTHON_PACKAGES.join(", ")
}

/// `Chromium 156.0.1` → 156, `v20.20.2` → 20.
fn first_number(answer: &str) -> u32 {
    let digits = answer.trim_start_matches(|c: char| !c.is_ascii_digit());
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().unwrap_or(0)
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
        at_least: 0,
        needs_root: false,
        find: Box::new(move || {
            [ours.as_str(), program]
                .iter()
                .filter_map(|candidate| shell::first_line(candidate, &["--version"]))
                .find(|line| line.contains(&right))
        }),
        install: vec![line(
            &format!("cargo install {package} --version {version} {locked}--root"),
            &folder.join("tools"),
            "",
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
        wanted: format!("{version}."),
        at_least: 0,
        needs_root: false,
        find: Box::new(move || {
            let text = std::fs::read_to_string(&manifest).ok()?;
            let version =
                text.lines().find_map(|line| line.trim().strip_prefix("\"version\": "))?;
            Some(version.trim_matches(['"', ',']).to_owned())
        }),
        install: vec![line(
            "npm install --silent --no-fund --no-audit --prefix",
            npm,
            &format!("{package}@{version}"),
        )],
    }
}

fn apt(packages: &str) -> Vec<Line> {
    let line = |text: &str| text.split(' ').map(str::to_owned).collect();
    vec![line("apt-get update -q"), line(&format!("apt-get install -y -q {packages}"))]
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
    fn versions_are_compared_as_numbers() {
        assert_eq!(first_number("Chromium 156.0.8078.79 built on Debian"), 156);
        assert_eq!(first_number("v20.20.2"), 20);
        assert_eq!(first_number("none"), 0);
    }

    #[test]
    fn a_tool_of_another_version_is_not_found() {
        let folder = std::env::temp_dir().join("scanwise-no-tools");
        let recipe = npm_tool(&folder, "wasm-opt", Purpose::Page, "binaryen", "132");
        assert_eq!(recipe.found(), None);
        assert!(recipe.by_hand()[0].starts_with("npm install"));
    }
}
