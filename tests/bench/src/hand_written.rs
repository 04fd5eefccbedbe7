//! The worked example as a worker that was written by hand for the same runtime: what that costs without Nimbus.

use std::{fs, process::Command};

use xtask::layout::Layout;

use crate::{Outcome, peer::Peer};

const WORKER: &str = include_str!("../hand-written/worker.js");
const CONFIGURATION: &str = include_str!("../hand-written/config.capnp");

/// Starts it with services that lie there.
pub(crate) fn start(layout: &Layout, port: u16, upstream: &str) -> Outcome<Peer> {
    let folder = tempfile::Builder::new()
        .prefix("nimbus-bench-hand-written-")
        .tempdir()?;
    fs::create_dir(folder.path().join("objects"))?;
    fs::write(folder.path().join("worker.js"), WORKER)?;
    fs::write(folder.path().join("config.capnp"), CONFIGURATION)?;
    let mut command = Command::new(layout.workerd());
    command
        .args(["serve", "config.capnp"])
        .args(["--socket-addr", &format!("http=127.0.0.1:{port}")])
        .current_dir(folder.path());
    Peer::start("A worker by hand", (port, "/"), command, folder, upstream)
}
