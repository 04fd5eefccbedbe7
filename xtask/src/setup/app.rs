//! The app: `app` as WebAssembly, its page and its style, compressed and listed for the worker that serves them.

use crate::{
    assets,
    failure::Failure,
    layout::{self, Layout},
    process,
    setup::{tools, worker::COMMON_INPUTS},
    stage,
    stamp::{Inputs, Stamp},
};

const STAGE: &str = "app";

pub(super) fn run(layout: &Layout) -> Result<(), Failure> {
    let inputs = Inputs::default()
        .text(&tools::versions())
        .paths(layout.root(), &COMMON_INPUTS)?
        .paths(
            layout.root(),
            &["shared/src", "app", "style", "index.html", "Trunk.toml"],
        )?
        .paths(
            layout.root(),
            &["xtask/src/assets.rs", "xtask/compress.mjs"],
        )?;
    let stamp = Stamp::new(layout, STAGE, inputs);
    if stamp.is_current(&[
        layout.dist().join("index.html"),
        layout.dist().join(assets::LIST),
    ]) {
        stage::say(STAGE, "up to date");
        return Ok(());
    }
    stage::run(
        STAGE,
        "building (two or three minutes the first time)",
        || {
            let mut command = layout.command(layout::tools()?.join("bin/trunk"))?;
            // Trunk knows the variable NO_COLOR only as `true` or `false`, others set it to 1.
            command
                .env_remove("NO_COLOR")
                .args(["build", "--release", "--skip-version-check"]);
            process::quietly(layout, STAGE, "build the app", command, None)?;
            assets::compress(layout)?;
            assets::write_list(layout)
        },
    )?;
    stamp.set()
}
