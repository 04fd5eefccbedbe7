//! The worker: `edge` as WebAssembly with its JavaScript, which both workerd and wrangler take.

use crate::{
    failure::Failure,
    layout::{self, Layout},
    process,
    setup::tools,
    stage,
    stamp::{Inputs, Stamp},
};

const STAGE: &str = "worker";
/// What the app and the worker have in common.
pub(super) const COMMON_INPUTS: [&str; 6] = [
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
    ".cargo/config.toml",
    "package-lock.json",
    "shared/Cargo.toml",
];

pub(super) fn run(layout: &Layout) -> Result<(), Failure> {
    let inputs = Inputs::default()
        .text(&tools::versions())
        .paths(layout.root(), &COMMON_INPUTS)?
        .paths(
            layout.root(),
            &["shared/src", "edge/Cargo.toml", "edge/src"],
        )?;
    let stamp = Stamp::new(layout, STAGE, inputs);
    if stamp.is_current(&[
        layout.worker().join("index.js"),
        layout.worker().join("index_bg.wasm"),
    ]) {
        stage::say(STAGE, "up to date");
        return Ok(());
    }
    stage::run(STAGE, "building (a minute or two the first time)", || {
        let mut command = layout.command(layout::tools()?.join("bin/worker-build"))?;
        // With all three named, worker-build downloads nothing.
        command
            .env(
                "WASM_BINDGEN_BIN",
                layout::tools()?.join("bin/wasm-bindgen"),
            )
            .env("WASM_OPT_BIN", layout.node_program("wasm-opt"))
            .env("ESBUILD_BIN", layout.node_program("esbuild"))
            .args(["--release", "--out-dir", "../build", "edge"]);
        process::quietly(layout, STAGE, "build the worker", command, None)
    })?;
    stamp.set()
}
