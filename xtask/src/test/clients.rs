//! The desk, tried by programs that were not written for it; they are Python's.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use xtask::{failure::Failure, layout, layout::Layout, process, stage};

use super::Tally;

const STAGE: &str = "python";
const REQUIREMENTS: &str = "tests/clients/requirements.txt";
/// What the packages need, and whether environments can be made.
const IS_GOOD: &str = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))";

/// `None` where there is no Python to run them.
pub(super) fn run(layout: &Layout) -> Result<Option<Tally>, Failure> {
    let Some(python) = python() else {
        stage::say(
            STAGE,
            "skipped: these tests need Python 3.10 or newer with its module venv (`apt-get install python3-venv`)",
        );
        return Ok(None);
    };
    let environment = environment(layout, &python)?;
    let this = env::current_exe().map_err(Failure::io("find this program"))?;
    let mut command = layout.command(environment.join("bin/python"))?;
    command
        .arg("tests/clients/run.py")
        .env("NIMBUS_XTASK", this)
        .env("PYTHONDONTWRITEBYTECODE", "1");
    let mut tally = Tally::default();
    let status = process::aloud(command, |line| {
        if let Some(counted) = counted(line) {
            tally = counted;
        }
    })?;
    if !status.success() && tally.failed == 0 {
        tally.failed = 1;
    }
    Ok(Some(tally))
}

fn python() -> Option<PathBuf> {
    let python = layout::on_path("python3")?;
    let mut command = Command::new(&python);
    command.args(["-c", IS_GOOD]);
    process::output(command).map(|_| python)
}

/// The environment with the packages, which all clones share; made where these versions are not there yet.
fn environment(layout: &Layout, python: &Path) -> Result<PathBuf, Failure> {
    let wanted = layout.root().join(REQUIREMENTS);
    let wanted = fs::read_to_string(&wanted).map_err(Failure::path("read", &wanted))?;
    let folder = layout::tools()?.join("python");
    let held = folder.join("requirements.txt");
    if fs::read_to_string(&held).is_ok_and(|held| held == wanted) {
        return Ok(folder);
    }
    stage::run(STAGE, "installing the packages of requirements.txt", || {
        let mut make = layout.command(python)?;
        make.args(["-m", "venv", "--clear"]).arg(&folder);
        process::quietly(layout, STAGE, "make a Python environment", make, None)?;
        let mut install = layout.command(folder.join("bin/python"))?;
        install
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--requirement",
            ])
            .arg(layout.root().join(REQUIREMENTS));
        process::quietly(
            layout,
            STAGE,
            "install the Python packages",
            install,
            Some("They come from PyPI: see whether it can be reached."),
        )
    })?;
    fs::write(&held, wanted).map_err(Failure::path("write", &held))?;
    Ok(folder)
}

/// Reads `N passed, N failed`.
fn counted(line: &str) -> Option<Tally> {
    let (passed, failed) = line.trim().split_once(" passed, ")?;
    Some(Tally {
        passed: passed.parse().ok()?,
        failed: failed.strip_suffix(" failed")?.parse().ok()?,
        ..Tally::default()
    })
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn the_last_line_is_counted() {
        let tally = counted("5 passed, 2 failed").unwrap();
        assert_eq!((tally.passed, tally.failed), (5, 2));
        for line in ["", "5 passed", "x passed, 2 failed", "Ran 5 tests"] {
            assert!(counted(line).is_none(), "{line}");
        }
    }
}
