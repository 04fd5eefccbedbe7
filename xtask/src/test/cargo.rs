//! The checks that cargo makes.

use std::ffi::OsString;

use xtask::{failure::Failure, layout::Layout, process};

use super::Tally;

/// The tests of the built worker; all others need nothing but Rust.
const EDGE_TESTS: &str = "nimbus-edge-tests";

pub(super) fn format(layout: &Layout) -> Result<Tally, Failure> {
    once(layout, &["fmt", "--all", "--check"])
}

/// The worker and the app are for wasm32, where other code is compiled than natively; everything else is native.
pub(super) fn lint(layout: &Layout) -> Result<Tally, Failure> {
    let mut tally = once(
        layout,
        &[
            "clippy",
            "--locked",
            "--workspace",
            "--all-targets",
            "--",
            "--deny",
            "warnings",
        ],
    )?;
    let wasm = ["clippy", "--locked", "--target", "wasm32-unknown-unknown"];
    let packages = [
        "--package",
        "nimbus-shared",
        "--package",
        "nimbus-edge",
        "--package",
        "nimbus-app",
    ];
    tally += once(
        layout,
        &[&wasm[..], &packages, &["--", "--deny", "warnings"]].concat(),
    )?;
    Ok(tally)
}

pub(super) fn unit(layout: &Layout, arguments: &[OsString]) -> Result<Tally, Failure> {
    tests(layout, &["--workspace", "--exclude", EDGE_TESTS], arguments)
}

pub(super) fn edge(layout: &Layout, arguments: &[OsString]) -> Result<Tally, Failure> {
    tests(layout, &["--package", EDGE_TESTS], arguments)
}

fn once(layout: &Layout, arguments: &[&str]) -> Result<Tally, Failure> {
    let mut command = layout.cargo()?;
    command.args(arguments);
    process::aloud(command, |_| ()).map(|status| Tally::one(status.success()))
}

fn tests(layout: &Layout, packages: &[&str], arguments: &[OsString]) -> Result<Tally, Failure> {
    let mut command = layout.cargo()?;
    command
        .args(["test", "--locked", "--no-fail-fast"])
        .args(packages)
        .arg("--")
        .args(arguments);
    let mut tally = Tally::default();
    let status = process::aloud(command, |line| {
        if let Some(result) = counted(line) {
            tally += result;
        }
    })?;
    // It did not compile, a test program died, or the tests were lost.
    let none = tally == Tally::default() && arguments.is_empty();
    if (!status.success() || none) && tally.failed == 0 {
        tally.failed = 1;
    }
    Ok(tally)
}

/// Reads `test result: ok. 12 passed; 0 failed; …`.
fn counted(line: &str) -> Option<Tally> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let mut tally = Tally::default();
    for count in counts.split("; ") {
        match count.split_once(' ') {
            Some((number, "passed")) => tally.passed = number.parse().ok()?,
            Some((number, "failed")) => tally.failed = number.parse().ok()?,
            _ => {}
        }
    }
    Some(tally)
}

#[cfg(test)]
mod tests {
    use super::{Tally, counted};

    #[test]
    fn result_lines_are_counted() {
        let result = "test result: FAILED. 12 passed; 3 failed; 0 ignored; 0 measured; 1 filtered out; finished in 0.01s";
        assert_eq!(
            counted(result),
            Some(Tally {
                passed: 12,
                failed: 3,
                ..Tally::default()
            })
        );
        assert_eq!(counted("test result::tests::one ... ok"), None);
        assert_eq!(counted("running 3 tests"), None);
    }
}
