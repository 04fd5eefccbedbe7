//! `cargo xtask bench`: the benchmarks, which are a program of their own.

use std::{ffi::OsString, process::ExitCode};

use xtask::{
    failure::Failure,
    layout::Layout,
    process,
    setup::{self, Extent},
};

pub(crate) fn run(layout: &Layout, arguments: &[OsString]) -> Result<ExitCode, Failure> {
    setup::run(layout, Extent::Built)?;
    let mut command = layout.cargo()?;
    command
        .args([
            "run",
            "--quiet",
            "--locked",
            "--package",
            "nimbus-bench",
            "--",
        ])
        .args(arguments);
    let status = process::aloud(command, |_| ())?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
