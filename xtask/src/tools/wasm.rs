//! A compiler for wasm32: rustup's target, or Debian's compiler with its library's sources.

use super::{Mode, may_install_packages, say};
use crate::{Failure, shell};
use std::path::{Path, PathBuf};
use std::process::Command;

pub(super) const TARGET: &str = "wasm32-unknown-unknown";
const DEBIAN_PACKAGES: &str = "rustc-web cargo-web rust-web-src lld-19";

/// Which compiler builds the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WasmToolchain {
    /// rustup's, with the ready-made standard library.
    Rustup,
    /// Debian's, which builds the standard library along.
    Debian,
}

impl WasmToolchain {
    /// Where the compiler lies, if it must be put in front on `PATH`.
    pub(crate) fn folder(self) -> Option<PathBuf> {
        (self == Self::Debian).then(|| PathBuf::from("/usr/bin"))
    }

    /// The environment that makes plain `cargo`, called by Trunk, build for wasm32.
    pub(crate) fn environment(self) -> Vec<(&'static str, &'static str)> {
        match self {
            Self::Rustup => Vec::new(),
            Self::Debian => vec![
                ("RUSTC", "/usr/bin/rustc"),
                ("CARGO", "/usr/bin/cargo"),
                ("RUSTC_BOOTSTRAP", "1"),
                ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld-19"),
                ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort"),
            ],
        }
    }
}

/// Finds or installs it; `None` where it is missing and may only be looked for.
/// `SCANWISE_WASM_TOOLCHAIN=rustup|debian` decides which; else rustup is tried first.
pub(super) fn prepare(mode: Mode) -> Result<Option<WasmToolchain>, Failure> {
    let asked = std::env::var("SCANWISE_WASM_TOOLCHAIN").unwrap_or_default();
    if asked != "debian" {
        if rustup_has_target() {
            say("found", TARGET, "rustup");
            return Ok(Some(WasmToolchain::Rustup));
        }
        if mode == Mode::Install {
            say("installing", TARGET, &format!("rustup target add {TARGET}"));
            let mut add = Command::new("rustup");
            if shell::run(add.args(["target", "add", TARGET])).is_ok() && rustup_has_target() {
                say("installed", TARGET, "rustup");
                return Ok(Some(WasmToolchain::Rustup));
            }
        }
        if asked == "rustup" && mode == Mode::Install {
            return Err(by_hand());
        }
    }
    if asked != "rustup" && debian_has_compiler() {
        say("found", TARGET, "Debian's rustc with its library's sources");
        return Ok(Some(WasmToolchain::Debian));
    }
    if mode == Mode::Check {
        let debian = format!("apt-get install -y {DEBIAN_PACKAGES}");
        let commands =
            if asked == "debian" { debian } else { format!("rustup target add {TARGET}") };
        say("missing", TARGET, &commands);
        return Ok(None);
    }
    if !may_install_packages() {
        return Err(by_hand());
    }
    say("installing", TARGET, DEBIAN_PACKAGES);
    shell::run(Command::new("apt-get").args(["update", "-q"]))?;
    shell::run(
        Command::new("apt-get").args(["install", "-y", "-q"]).args(DEBIAN_PACKAGES.split(' ')),
    )?;
    if !debian_has_compiler() {
        return Err(by_hand());
    }
    say("installed", TARGET, "Debian's rustc with its library's sources");
    Ok(Some(WasmToolchain::Debian))
}

fn rustup_has_target() -> bool {
    Command::new("rustup").args(["target", "list", "--installed"]).output().is_ok_and(|output| {
        String::from_utf8_lossy(&output.stdout).lines().any(|line| line == TARGET)
    })
}

fn debian_has_compiler() -> bool {
    let sources = shell::first_line("/usr/bin/rustc", &["--print", "sysroot"])
        .is_some_and(|sysroot| Path::new(&sysroot).join("lib/rustlib/src/rust/library").exists());
    sources && Path::new("/usr/bin/wasm-ld-19").exists() && Path::new("/usr/bin/cargo").exists()
}

fn by_hand() -> Failure {
    Failure::Blocked(format!(
        "The Rust standard library for {TARGET} is missing. Please type one of these, then start \
         again:\n\n  rustup target add {TARGET}\n  sudo apt-get install -y {DEBIAN_PACKAGES}\n"
    ))
}
