//! Rust's standard library for wasm32.

use std::{path::Path, process::Command};

use crate::{failure::Failure, layout::Layout, process, stage};

const STAGE: &str = "rust";
/// What both the app and the worker are compiled for.
pub(super) const TARGET: &str = "wasm32-unknown-unknown";

pub(super) fn run(layout: &Layout) -> Result<(), Failure> {
    let mut question = Command::new("rustc");
    question
        .current_dir(layout.root())
        .args(["--print", "target-libdir", "--target", TARGET]);
    if process::output(question).is_some_and(|folder| Path::new(&folder).exists()) {
        stage::say(STAGE, format_args!("target {TARGET} is there"));
        return Ok(());
    }
    if crate::layout::on_path("rustup").is_none() {
        return Err(Failure::Missing {
            program: "rustup",
            advice: "It adds the target wasm32-unknown-unknown to Rust. Install it as https://rustup.rs says, or add the target with what installed your Rust.",
        });
    }
    stage::run(STAGE, format_args!("adding the target {TARGET}"), || {
        let mut command = layout.command("rustup")?;
        command.args(["target", "add", TARGET]);
        process::quietly(
            layout,
            STAGE,
            "add the wasm32 target",
            command,
            Some("It is downloaded: is there a network?"),
        )
    })
}
