//! A compiler for wasm32: rustup's target, or Debian's compiler with its library's sources.

use super::{Mode, may_install_packages, say};
use crate::{Failure, shell};
use std::path::{Path, PathBuf};
use std::process::Command;

const TARGET: &str = "wasm32-unknown-unknown";
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
    /// What must come before everything else on `PATH`.
    pub(crate) fn path_first(self) -> Option<PathBuf> {
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

/// Finds or installs it. `SCANWISE_WASM_TOOLCHAIN=rustup|debian` decides; else rustup is tried
/// first.
pub(super) fn prepare(mode: Mode) -> Result<WasmToolchain, Failure> {
    let asked = std::env::var("SCANWISE_WASM_TOOLCHAIN").unwrap_or_default();
    if asked != "debian" {
        if rustup_has_target() {
            say("found", TARGET, "rustup");
            return Ok(WasmToolchain::Rustup);
        }
        if mode == Mode::Install {
            say("installing", TARGET, &format!("rustup target add {TARGET}"));
            let mut add = Command::new("rustup");
            if shell::run(add.args(["target", "add", TARGET])).is_ok() && rustup_has_target() {
                say("installed", TARGET, "rustup");
                return Ok(WasmToolchain::Rustup);
            }
        }
        if asked == "rustup" {
            return Err(by_hand());
        }
    }
    if debian_has_compiler() {
        say("found", TARGET, "Debian's rustc with its library's sources");
        return Ok(WasmToolchain::Debian);
    }
    if mode == Mode::Check || !may_install_packages() {
        return Err(by_hand());
    }
    say("installing", TARGET, DEBIAN_PACKAGES);
    shell::run(Command::new("apt-get").args(["update", "-q"]))?;
    shell::run(
        Command::new("apt-get").args(["install", "-y", "-q"]).args(DEBIAN_PACKAGES.split(' ')),
    )?;
    if debian_has_compiler() { Ok(WasmToolchain::Debian) } else { Err(by_hand()) }
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
