//! `cargo xtask test`: everything CI runs, step by step, and one closing line of counts.

use crate::counts::{Counts, cargo_tests, ends_well, line_tests};
use crate::tools::{Mode, Purpose, Tools, WasmToolchain, lavapipe_icd};
use crate::{Failure, page, root, tidy};
use std::process::Command;
use std::time::Instant;

/// Crates whose tests take no GPU, no browser and no encoder: what `--quick` runs.
const LIGHT: [&str; 10] = [
    "scene", "protocol", "ply", "geometry", "gguf", "segment", "views", "tasks", "referee", "xtask",
];

/// What runs in the browser, directly or not.
const FOR_THE_BROWSER: [&str; 3] = ["web", "viewer", "bench"];

/// The page's wasm, all files together, must stay below this (MiB).
const WASM_LIMIT_MIB: f64 = 16.0;

pub(crate) fn run(quick: bool) -> Result<(), Failure> {
    let tools = Tools::prepare(Purpose::Test, Mode::Install)?;
    let mut all = Counts::default();
    let mut step = |name: &str, work: &mut dyn FnMut() -> Result<Counts, Failure>| {
        println!("\n── {name}");
        let start = Instant::now();
        let mut counts = work().unwrap_or_else(|failure| {
            let (Failure::Failed(reason) | Failure::Blocked(reason)) = failure;
            eprintln!("{reason}");
            Counts::of(false)
        });
        println!(
            "   {name}: {} passed, {} failed, {} skipped in {:.0} s",
            counts.passed,
            counts.failed,
            counts.skipped,
            start.elapsed().as_secs_f64()
        );
        if counts.failed > 0 && counts.failures.is_empty() {
            counts.failures.push(name.to_owned());
        }
        all.add(counts);
    };

    step("tidy", &mut || Ok(findings(&tidy::findings()?)));
    step("format", &mut || {
        // Only the names of files that `cargo fmt --all` would change.
        Ok(ends_well(cargo().args(["fmt", "--all", "--check", "--", "--files-with-diff"])))
    });
    if quick {
        let packages = LIGHT.iter().flat_map(|name| ["--package", name]);
        step("lints", &mut || {
            Ok(ends_well(cargo().arg("clippy").args(packages.clone()).args(LINTS)))
        });
        step("tests", &mut || {
            cargo_tests(cargo().args(["test", "--no-fail-fast"]).args(packages.clone()).args(SHOWN))
        });
    } else {
        step("lints", &mut || Ok(ends_well(cargo().args(["clippy", "--workspace"]).args(LINTS))));
        step("tests", &mut || {
            cargo_tests(cargo().args(["test", "--workspace", "--no-fail-fast"]).args(SHOWN))
        });
        step("lints for wasm32", &mut || wasm_lints(&tools));
        step("page", &mut || built_page(&tools));
        step("browser", &mut || browser(&tools));
    }
    println!();
    for failure in &all.failures {
        println!("failed: {failure}");
    }
    println!("{} passed, {} failed, {} skipped", all.passed, all.failed, all.skipped);
    if all.failed == 0 { Ok(()) } else { Err(Failure::Failed(String::new())) }
}

const LINTS: [&str; 4] = ["--all-targets", "--", "-D", "warnings"];

/// What tests print is shown, for the lines that begin with `skipped:`.
const SHOWN: [&str; 2] = ["--", "--show-output"];

fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    if std::env::var_os("VK_DRIVER_FILES").is_none()
        && let Some(icd) = lavapipe_icd()
    {
        command.env("VK_DRIVER_FILES", icd);
    }
    with_scans(&mut command);
    command
}

/// Tells a command where real scans are, if they are there and nobody has told it.
fn with_scans(command: &mut Command) {
    let scans = root().join("../shared/scans");
    if std::env::var_os("SCANWISE_SCANS").is_none() && scans.is_dir() {
        command.env("SCANWISE_SCANS", scans);
    }
}

fn findings(findings: &[String]) -> Counts {
    for finding in findings {
        eprintln!("   {finding}");
    }
    Counts::of(findings.is_empty())
}

fn wasm_lints(tools: &Tools) -> Result<Counts, Failure> {
    // Debian's compiler brings no clippy; there the build itself is the check.
    let (verb, mut command) = match tools.wasm() {
        WasmToolchain::Rustup => ("clippy", cargo()),
        WasmToolchain::Debian => ("check", Command::new("/usr/bin/cargo")),
    };
    command.current_dir(root()).arg(verb).args(["--target", "wasm32-unknown-unknown"]);
    command.args(FOR_THE_BROWSER.iter().flat_map(|name| ["--package", name]));
    command.env("PATH", tools.path()).envs(tools.wasm().environment());
    if verb == "clippy" {
        command.args(["--", "-D", "warnings"]);
    }
    Ok(ends_well(&mut command))
}

fn built_page(tools: &Tools) -> Result<Counts, Failure> {
    let dist = page::build(tools)?;
    let mut total_mib = 0.0;
    for wasm in page::wasm_files(&dist)? {
        let mib = std::fs::metadata(&wasm)?.len() as f64 / f64::from(1 << 20);
        println!("   {:>7.2} MiB  {}", mib, wasm.file_name().unwrap_or_default().display());
        total_mib += mib;
    }
    let mut wrong = Vec::new();
    if total_mib == 0.0 || total_mib > WASM_LIMIT_MIB {
        wrong.push(format!("{total_mib:.1} MiB of wasm; the limit is {WASM_LIMIT_MIB}"));
    }
    for text in page::text_files(&dist)? {
        let content = std::fs::read_to_string(&text)?;
        if content.contains("__TRUNK_") || content.contains("__trunk_") {
            wrong.push(format!("{} holds a script of Trunk's own", text.display()));
        }
    }
    Ok(findings(&wrong))
}

/// The end-to-end tests.
fn browser(tools: &Tools) -> Result<Counts, Failure> {
    let mut node = Command::new("node");
    node.arg("tests/e2e/run.mjs").current_dir(root());
    with_scans(&mut node);
    line_tests(node.env("SCANWISE_NODE_MODULES", tools.node_modules()))
}
