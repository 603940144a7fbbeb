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

/// What the tools are for. The tests need what the page needs, training needs its own.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    Page,
    Test,
    Training,
}

impl Purpose {
    fn needs(self, tool: Self) -> bool {
        self == tool || (self == Self::Test && tool == Self::Page)
    }
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
    /// None for training.
    wasm: Option<WasmToolchain>,
}

impl Tools {
    /// Finds or installs what `purpose` needs, telling tool by tool.
    pub(crate) fn prepare(purpose: Purpose, mode: Mode) -> Result<Self, Failure> {
        let folder = folder()?;
        let lock = std::fs::read_to_string(root().join("Cargo.lock")).unwrap_or_default();
        println!("tools (in {} or on PATH)", shorten(&folder));
        let mut missing = Vec::new();
        let wasm = match purpose {
            Purpose::Training => None,
            Purpose::Page | Purpose::Test => wasm::prepare(mode)?,
        };
        if wasm.is_none() && purpose != Purpose::Training {
            missing.push(wasm::TARGET);
        }
        let mut wanting = Vec::new();
        for recipe in recipes::all(&folder, &lock) {
            match recipe.found() {
                _ if !purpose.needs(recipe.purpose) => {}
                Some(version) => say("found", recipe.name, &version),
                None => wanting.push(recipe),
            }
        }
        if mode == Mode::Check {
            for recipe in &wanting {
                say("missing", recipe.name, &recipe.by_hand().join(" && "));
                missing.push(recipe.name);
            }
        } else {
            refuse_what_needs_root(&wanting)?;
            wanting.iter().try_for_each(install)?;
        }
        if missing.is_empty() {
            Ok(Self { folder, wasm })
        } else {
            Err(Failure::Blocked(format!("missing: {}", missing.join(", "))))
        }
    }

    /// Which compiler builds the page.
    pub(crate) fn wasm(&self) -> WasmToolchain {
        self.wasm.unwrap_or(WasmToolchain::Rustup)
    }

    /// `PATH` with our own tools in front, then the page's compiler.
    pub(crate) fn path(&self) -> OsString {
        let ours = [self.folder.join("tools/bin"), self.folder.join("npm/node_modules/.bin")];
        let compiler = self.wasm().folder();
        let theirs = std::env::var_os("PATH").unwrap_or_default();
        let all = ours.into_iter().chain(compiler).chain(std::env::split_paths(&theirs));
        std::env::join_paths(all).unwrap_or(theirs)
    }

    /// Where `node` finds the test packages.
    pub(crate) fn node_modules(&self) -> PathBuf {
        self.folder.join("npm/node_modules")
    }
}

/// Names everything a person must install first, in one go, before anything else is begun.
fn refuse_what_needs_root(wanting: &[Recipe]) -> Result<(), Failure> {
    let by_root: Vec<&Recipe> = wanting.iter().filter(|recipe| recipe.needs_root).collect();
    if by_root.is_empty() || may_install_packages() {
        return Ok(());
    }
    let mut commands: Vec<String> = Vec::new();
    for line in by_root.iter().flat_map(|recipe| recipe.by_hand()) {
        if !commands.contains(&line) {
            commands.push(line);
        }
    }
    let names: Vec<&str> = by_root.iter().map(|recipe| recipe.name).collect();
    Err(Failure::Blocked(format!(
        "Missing, and only to be installed by an administrator: {}. On Debian and its relatives \
         type this, elsewhere install the same programs; then start again:\n\n  {}\n",
        names.join(", "),
        commands.join("\n  ")
    )))
}

fn install(recipe: &Recipe) -> Result<(), Failure> {
    for line in recipe.commands() {
        say("installing", recipe.name, &recipes::typed(line));
        let Some((program, arguments)) = line.split_first() else { continue };
        shell::run(Command::new(program).args(arguments))
            .map_err(|failure| explain(recipe, failure))?;
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
