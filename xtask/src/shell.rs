//! Running other programs and telling about it.

use crate::Failure;
use std::process::{Command, Stdio};

/// The first line a program prints, or `None` where it is not there or fails.
pub(crate) fn first_line(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    output.status.success().then(|| text.lines().next().unwrap_or_default().trim().to_owned())
}

/// Runs a program with its output shown.
pub(crate) fn run(command: &mut Command) -> Result<(), Failure> {
    let shown = describe(command);
    let status = command
        .stdin(Stdio::null())
        .status()
        .map_err(|error| Failure::Failed(format!("`{shown}` did not start: {error}")))?;
    if status.success() { Ok(()) } else { Err(Failure::Failed(format!("`{shown}`: {status}"))) }
}

/// A command as a person would type it.
pub(crate) fn describe(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| word.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}
