//! The browser tests, which Playwright runs.

use std::{env, ffi::OsString, fs};

use serde::Deserialize;
use xtask::{failure::Failure, layout::Layout, process, setup};

use super::Tally;

pub(super) fn run(layout: &Layout, arguments: &[OsString]) -> Result<Tally, Failure> {
    let chromium = setup::browser::chromium(layout)?;
    let this = env::current_exe().map_err(Failure::io("find this program"))?;
    let report = layout.own().join("browser.json");
    if report.exists() {
        fs::remove_file(&report).map_err(Failure::path("remove", &report))?;
    }
    let mut command = layout.command(layout.node_program("node"))?;
    command
        .arg(layout.node_program("playwright"))
        .args([
            "test",
            "--config",
            "tests/browser/playwright.config.mjs",
            "--reporter=list,json",
        ])
        .args(arguments)
        .env("NIMBUS_XTASK", this)
        .env("NIMBUS_CHROMIUM", chromium)
        .env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report);
    let status = process::aloud(command, |_| ())?;
    let mut tally = fs::read(&report)
        .ok()
        .and_then(|report| counted(&report))
        .unwrap_or_default();
    if !status.success() && tally.failed == 0 {
        tally.failed = 1;
    }
    Ok(tally)
}

/// Reads the totals of Playwright's report. A test that passed only when tried again has not passed.
fn counted(report: &[u8]) -> Option<Tally> {
    #[derive(Deserialize)]
    struct Report {
        stats: Stats,
    }
    #[derive(Deserialize)]
    struct Stats {
        expected: u64,
        unexpected: u64,
        flaky: u64,
    }
    let Report { stats } = serde_json::from_slice(report).ok()?;
    Some(Tally {
        passed: stats.expected,
        failed: stats.unexpected + stats.flaky,
        ..Tally::default()
    })
}

#[cfg(test)]
mod tests {
    use super::{Tally, counted};

    #[test]
    fn reports_are_counted() {
        let report = r#"{"suites": [], "stats": {"expected": 4, "skipped": 1, "unexpected": 2, "flaky": 1}}"#;
        assert_eq!(
            counted(report.as_bytes()),
            Some(Tally {
                passed: 4,
                failed: 3,
                ..Tally::default()
            })
        );
    }
}
