//! `cargo xtask test`: every check, one after the other, and their counts added up.

mod browser;
mod cargo;
mod clients;
mod size;

use std::{ffi::OsString, fmt, ops::AddAssign, process::ExitCode, str::FromStr, time::Instant};

use xtask::{
    failure::Failure,
    layout::Layout,
    setup::{self, Extent},
    stage,
};

use crate::wrangler;

/// A group of tests that can be run alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Check {
    /// rustfmt would change nothing.
    Format,
    /// Clippy finds nothing, natively and for wasm32.
    Lint,
    /// Unit and integration tests that need nothing but Rust.
    Unit,
    /// What a first visit loads is small.
    Size,
    /// Wrangler would deploy it.
    Wrangler,
    /// The built worker on a real runtime, from outside.
    Edge,
    /// The desk, by clients that were not written for it.
    Clients,
    /// The built app in a real browser.
    Browser,
}

/// In the order they are run: what is quick and fails often first.
const ALL: [Check; 8] = [
    Check::Format,
    Check::Lint,
    Check::Unit,
    Check::Size,
    Check::Wrangler,
    Check::Edge,
    Check::Clients,
    Check::Browser,
];

/// How many tests passed and failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Tally {
    passed: u64,
    failed: u64,
    /// Checks for which this machine lacks something that they alone need.
    skipped: u64,
}

impl Tally {
    /// A check that is one test.
    fn one(passed: bool) -> Self {
        Self {
            passed: passed.into(),
            failed: (!passed).into(),
            skipped: 0,
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// Runs the checks named, or all. A failure of one does not keep the others from being run.
pub(crate) fn run(layout: &Layout, checks: &[Check], arguments: &[OsString]) -> ExitCode {
    let mut total = Tally::default();
    let mut prepared = Prepared::default();
    let mut summary = Vec::new();
    for check in ALL
        .into_iter()
        .filter(|check| checks.is_empty() || checks.contains(check))
    {
        println!("\n── {check} ──");
        let start = Instant::now();
        let result = prepared
            .reach(layout, check.needs())
            .and_then(|()| check.run(layout, arguments));
        let tally = result.unwrap_or_else(|failure| {
            eprintln!("\n{failure}");
            Tally::one(false)
        });
        total += tally;
        let skipped = if tally.skipped == 0 {
            ""
        } else {
            ", 1 skipped"
        };
        summary.push(format!(
            "{:<10} {tally}{skipped} in {}",
            check.to_string(),
            stage::seconds(start.elapsed())
        ));
    }
    println!("\n{}\n\n{total}", summary.join("\n"));
    if total.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// What has been set up so far; what failed is not tried again.
#[derive(Debug, Default)]
struct Prepared {
    reached: Option<Extent>,
    failed: Option<Extent>,
}

impl Prepared {
    fn reach(&mut self, layout: &Layout, needed: Option<Extent>) -> Result<(), Failure> {
        if needed <= self.reached {
            return Ok(());
        }
        let Some(extent) = needed else { return Ok(()) };
        if self.failed.is_some_and(|failed| failed <= extent) {
            return Err(Failure::Unexpected {
                what: "This could not be checked, because the set-up failed".to_owned(),
                advice: "See above.",
            });
        }
        setup::run(layout, extent).inspect_err(|_| self.failed = needed)?;
        self.reached = needed;
        Ok(())
    }
}

impl Check {
    fn needs(self) -> Option<Extent> {
        match self {
            Self::Format | Self::Unit => None,
            Self::Lint => Some(Extent::WasmTarget),
            Self::Size | Self::Wrangler | Self::Edge | Self::Clients | Self::Browser => {
                Some(Extent::Built)
            }
        }
    }

    fn run(self, layout: &Layout, arguments: &[OsString]) -> Result<Tally, Failure> {
        match self {
            Self::Format => cargo::format(layout),
            Self::Lint => cargo::lint(layout),
            Self::Unit => cargo::unit(layout, arguments),
            Self::Size => size::first_load(layout),
            Self::Wrangler => wrangler::dry_run(layout).map(|status| Tally::one(status.success())),
            Self::Edge => cargo::edge(layout, arguments),
            Self::Clients => Ok(clients::run(layout)?.unwrap_or(Tally {
                skipped: 1,
                ..Tally::default()
            })),
            Self::Browser => browser::run(layout, arguments),
        }
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Format => "format",
            Self::Lint => "lint",
            Self::Unit => "unit",
            Self::Size => "size",
            Self::Wrangler => "wrangler",
            Self::Edge => "edge",
            Self::Clients => "clients",
            Self::Browser => "browser",
        })
    }
}

impl FromStr for Check {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        ALL.into_iter()
            .find(|check| check.to_string() == name)
            .ok_or_else(|| format!("There is no check `{name}`"))
    }
}
