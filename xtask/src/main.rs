//! The house's own commands: `cargo xtask serve`, `cargo xtask test`, `cargo xtask setup`.
//!
//! Each finds what is missing, says what it found or installed, and does its one job. What this
//! program is *not*: a build system. Cargo builds the crates, Trunk the page.

mod counts;
mod declare;
mod dress;
mod headers;
mod package;
mod page;
mod serve;
mod shell;
mod test;
mod tidy;
mod tools;

use std::path::PathBuf;
use std::process::ExitCode;
use tools::{Mode, Purpose, Tools};

const USAGE: &str = "\
usage: cargo xtask <command>

  serve [--port 8080] [--host 127.0.0.1]   set up, build, serve the page
  test [--quick]                           set up, run everything CI runs
  package                                  build, then make target/package/: site/ for a static
                                           host, npm/ to publish
  setup [--check] [--training]             only set up; --check installs nothing, --training
                                           finds what training needs instead
";

/// What went wrong, and how the program ends.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Something was tried and failed. Exit 1.
    Failed(String),
    /// A person must do something first. Exit 2.
    Blocked(String),
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["serve", options @ ..] => serve::run(options),
        ["test"] => test::run(false),
        ["test", "--quick"] => test::run(true),
        ["package"] => package::run(),
        ["setup", options @ ..] => set_up(options),
        _ => Err(Failure::Blocked(USAGE.to_owned())),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Failed(message)) => {
            // The tests' closing line of counts stays the last one.
            if !message.is_empty() {
                eprintln!("{message}");
            }
            ExitCode::FAILURE
        }
        Err(Failure::Blocked(message)) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

fn set_up(options: &[&str]) -> Result<(), Failure> {
    let (mut purpose, mut mode) = (Purpose::Test, Mode::Install);
    for option in options {
        match *option {
            "--check" => mode = Mode::Check,
            "--training" => purpose = Purpose::Training,
            _ => return Err(Failure::Blocked(USAGE.to_owned())),
        }
    }
    Tools::prepare(purpose, mode).map(drop)
}

/// The workspace's folder.
pub(crate) fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map_or(here.clone(), PathBuf::from)
}
