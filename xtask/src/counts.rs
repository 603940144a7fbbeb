//! How many checks ended how, read off what the tools print.

use crate::Failure;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

/// How many checks ended how, and which of them failed.
#[derive(Clone, Default, Debug, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
    pub(crate) skipped: u32,
    /// Names of what failed, as far as they are known.
    pub(crate) failures: Vec<String>,
}

impl Counts {
    /// Of one check.
    pub(crate) fn of(ok: bool) -> Self {
        Self { passed: ok.into(), failed: (!ok).into(), ..Self::default() }
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
        self.failures.extend(other.failures);
    }

    fn fail(&mut self, name: &str) {
        self.failed += 1;
        self.failures.push(name.to_owned());
    }
}

/// One check: a command that ends well or does not.
pub(crate) fn ends_well(command: &mut Command) -> Counts {
    Counts::of(command.stdin(Stdio::null()).status().is_ok_and(|status| status.success()))
}

/// What `cargo test -- --show-output` printed. A test that prints `skipped: why` did not run and so
/// did not pass; a run that fails without a failed test still counts as one.
pub(crate) fn cargo_tests(command: &mut Command) -> Result<Counts, Failure> {
    let mut reader = CargoTests::default();
    let ended_well = watched(command, |line| reader.read(line))?;
    Ok(reader.counts(ended_well))
}

/// What the browser tests printed: one line a test, `ok`, `not ok` or `skip`.
pub(crate) fn line_tests(command: &mut Command) -> Result<Counts, Failure> {
    let mut counts = Counts::default();
    let ended_well = watched(command, |line| {
        counts.passed += u32::from(line.starts_with("ok "));
        counts.skipped += u32::from(line.starts_with("skip "));
        if let Some(name) = line.strip_prefix("not ok ") {
            counts.fail(name);
        }
        true
    })?;
    if (!ended_well || counts.passed == 0) && counts.failed == 0 {
        counts.failed = 1;
    }
    Ok(counts)
}

/// Runs a command, lets `read` see every line of its output, and shows those it says are of
/// interest.
fn watched(command: &mut Command, mut read: impl FnMut(&str) -> bool) -> Result<bool, Failure> {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).lines() {
            let line = line?;
            if read(&line) {
                println!("{line}");
            }
        }
    }
    Ok(child.wait()?.success())
}

#[derive(Default)]
struct CargoTests {
    counts: Counts,
    /// Tests that said so; Cargo's summaries, which come after, count them as passed.
    said_skipped: u32,
    /// Within the output of tests that passed, of which only why some were skipped is shown.
    in_successes: bool,
}

impl CargoTests {
    /// Says whether the line is to be shown.
    fn read(&mut self, line: &str) -> bool {
        if line.starts_with("skipped: ") {
            self.said_skipped += 1;
            return true;
        }
        if let Some(summary) = line.strip_prefix("test result: ") {
            self.in_successes = false;
            self.counts.add(summed(summary));
            return true;
        }
        match line {
            "successes:" => self.in_successes = true,
            "failures:" => self.in_successes = false,
            _ => {}
        }
        if let Some(name) = line.strip_prefix("test ").and_then(|l| l.strip_suffix(" ... FAILED")) {
            self.counts.failures.push(name.to_owned());
        }
        !self.in_successes && !line.is_empty() && !line.ends_with(" ... ok")
    }

    fn counts(self, ended_well: bool) -> Counts {
        let mut counts = self.counts;
        counts.skipped += self.said_skipped;
        counts.passed = counts.passed.saturating_sub(self.said_skipped);
        if !ended_well && counts.failed == 0 {
            counts.fail("cargo test (see above)");
        }
        counts
    }
}

/// Cargo's own summary: `ok. 5 passed; 0 failed; 1 ignored; …`
fn summed(summary: &str) -> Counts {
    let number_before = |word: &str| {
        summary
            .split([';', '.'])
            .find_map(|part| part.trim().strip_suffix(word)?.trim().parse().ok())
            .unwrap_or(0)
    };
    Counts {
        passed: number_before("passed"),
        failed: number_before("failed"),
        skipped: number_before("ignored"),
        failures: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "\
running 4 tests
test a::works ... ok
test a::breaks ... FAILED

successes:

---- a::needs_a_gpu stdout ----
skipped: no adapter
something long
failures:

---- a::breaks stdout ----
why
test result: FAILED. 2 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out";

    #[test]
    fn counts_failures_and_what_is_worth_showing() {
        let mut reader = CargoTests::default();
        let shown: Vec<&str> = OUTPUT.lines().filter(|line| reader.read(line)).collect();
        let counts = reader.counts(false);
        assert_eq!((counts.passed, counts.failed, counts.skipped), (1, 1, 2));
        assert_eq!(counts.failures, ["a::breaks"]);
        assert!(shown.contains(&"why") && shown.contains(&"skipped: no adapter"));
        assert!(!shown.contains(&"something long") && !shown.contains(&"test a::works ... ok"));
    }

    #[test]
    fn a_run_that_breaks_without_a_failed_test_has_failed() {
        assert_eq!(CargoTests::default().counts(false).failed, 1);
        assert_eq!(CargoTests::default().counts(true), Counts::default());
    }
}
