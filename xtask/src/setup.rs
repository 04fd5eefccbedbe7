//! The stages between a fresh clone and something that runs. Each does nothing when it has been done.

mod app;
pub mod browser;
mod node;
mod tools;
mod wasm_target;
mod worker;

use std::fs::{self, File};

use crate::{failure::Failure, layout::Layout, stage};

/// How far to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Extent {
    /// Rust can compile for the browser and the worker.
    WasmTarget,
    /// Everything is built.
    Built,
}

/// Does what is missing, one clone of the repository at a time.
pub fn run(layout: &Layout, extent: Extent) -> Result<(), Failure> {
    let _lock = lock(layout)?;
    wasm_target::run(layout)?;
    if extent < Extent::Built {
        return Ok(());
    }
    tools::run(layout)?;
    node::run(layout)?;
    worker::run(layout)?;
    app::run(layout)
}

fn lock(layout: &Layout) -> Result<File, Failure> {
    let path = layout.own().join("lock");
    let open = || {
        fs::create_dir_all(layout.own())?;
        File::create(&path)
    };
    let file = open().map_err(Failure::path("write", &path))?;
    if file.try_lock().is_err() {
        stage::say("set-up", "waiting for another `cargo xtask` in this clone");
        file.lock().map_err(Failure::path("lock", &path))?;
    }
    Ok(file)
}
