//! The tools the two commands need: found by version, else installed, else explained.

mod recipes;
mod wasm;

pub(crate) use recipes::lavapipe_icd;
pub(crate) use wasm::WasmToolchain;

use crate::{Failure, root, shell};
use recipes::Recipe;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the tools are for; the page needs fewer than the tests.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Purpose {
    Page,
    Test,
}

/// Whether a missing tool may be installed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Install,
    Check,
}

/// Every tool, found.
pub(crate) struct Tools {
    folder: PathBuf,
    pub(crate) wasm: WasmToolchain,
}

impl Tools {
    /// Finds or installs what `purpose` needs, telling tool by tool.
    pub(crate) fn prepare(purpose: Purpose, mode: Mode) -> Result<Self, Failure> {
        let folder = folder()?;
        let lock = std::fs::read_to_string(root().join("Cargo.lock")).unwrap_or_default();
        println!("tools (in {} or on PATH)", shorten(&folder));
        let wasm = wasm::prepare(mode)?;
        let mut missing = Vec::new();
        for recipe in recipes::all(&folder, &lock).iter().filter(|recipe| recipe.purpose <= purpose)
        {
            match recipe.found() {
                Some(version) => say("found", recipe.name, &version),
                None if mode == Mode::Check => {
                    say("missing", recipe.name, &recipe.commands().join(" && "));
                    missing.push(recipe.name);
                }
                None => install(recipe)?,
            }
        }
        if missing.is_empty() {
            Ok(Self { folder, wasm })
        } else {
            Err(Failure::Blocked(format!("missing: {}", missing.join(", "))))
        }
    }

    /// `PATH` with our own tools in front.
    pub(crate) fn path(&self) -> OsString {
        let ours = [self.folder.join("tools/bin"), self.folder.join("npm/node_modules/.bin")];
        let theirs = std::env::var_os("PATH").unwrap_or_default();
        let all =
            self.wasm.path_first().into_iter().chain(ours).chain(std::env::split_paths(&theirs));
        std::env::join_paths(all).unwrap_or(theirs)
    }

    /// Where `node` finds the test packages.
    pub(crate) fn node_modules(&self) -> PathBuf {
        self.folder.join("npm/node_modules")
    }
}

fn install(recipe: &Recipe) -> Result<(), Failure> {
    let commands = recipe.commands();
    if recipe.needs_root && !may_install_packages() {
        return Err(Failure::Blocked(format!(
            "{} is missing. Please type this, then start again:\n\n  {}\n",
            recipe.name,
            recipe.by_hand().join("\n  ")
        )));
    }
    for line in &commands {
        say("installing", recipe.name, line);
        let mut words = line.split(' ');
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words);
        shell::run(&mut command).map_err(|failure| explain(recipe, failure))?;
    }
    match recipe.found() {
        Some(version) => {
            say("installed", recipe.name, &version);
            Ok(())
        }
        None => Err(Failure::Failed(format!(
            "{} was installed but does not answer as {}",
            recipe.name, recipe.wanted
        ))),
    }
}

fn explain(recipe: &Recipe, failure: Failure) -> Failure {
    let Failure::Failed(reason) = failure else { return failure };
    Failure::Blocked(format!(
        "{} could not be installed ({reason}). Please type this, then start again:\n\n  {}\n",
        recipe.name,
        recipe.by_hand().join("\n  ")
    ))
}

/// Debian's packages can be installed by root on a Debian system.
pub(crate) fn may_install_packages() -> bool {
    shell::first_line("id", &["-u"]).as_deref() == Some("0")
        && Path::new("/usr/bin/apt-get").exists()
}

/// One line on one tool.
pub(crate) fn say(what: &str, name: &str, detail: &str) {
    println!("  {what:>10}  {name:<16} {detail}");
}

/// Where tools are kept between checkouts.
fn folder() -> Result<PathBuf, Failure> {
    let set =
        |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("SCANWISE_TOOLS")
        .or_else(|| set("XDG_CACHE_HOME").map(|cache| cache.join("scanwise")))
        .or_else(|| set("HOME").map(|home| home.join(".cache/scanwise")))
        .ok_or_else(|| Failure::Blocked("please set SCANWISE_TOOLS to a folder for tools".into()))
}

fn shorten(path: &Path) -> String {
    let shown = path.display().to_string();
    match std::env::var("HOME") {
        Ok(home) if !home.is_empty() => shown.replacen(&home, "~", 1),
        _ => shown,
    }
}
