//! Node-RED with the worked example as a flow.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use xtask::{layout::Layout, process};

use crate::{Outcome, peer::Peer};

const VERSION: &str = "4.1.15";
const FLOWS: &str = include_str!("../node-red/flows.json");
const SETTINGS: &str = include_str!("../node-red/settings.js");

/// Starts the flow with services that lie there.
pub(crate) fn start(layout: &Layout, port: u16, upstream: &str) -> Outcome<Peer> {
    let program = install(layout)?;
    let folder = tempfile::Builder::new()
        .prefix("nimbus-bench-node-red-")
        .tempdir()?;
    let settings = folder.path().join("settings.js");
    fs::write(folder.path().join("flows.json"), FLOWS)?;
    fs::write(&settings, SETTINGS)?;
    let mut command = layout.command(layout.node_program("node"))?;
    command
        .arg(program)
        .arg("--userDir")
        .arg(folder.path())
        .arg("--settings")
        .arg(settings)
        .env("PORT", port.to_string())
        .env("NODE_ENV", "production");
    Peer::start("Node-RED", (port, "/start"), command, folder, upstream)
}

/// Where its program lies, once it is installed: beside what is built, for no other command needs it.
fn install(layout: &Layout) -> Outcome<PathBuf> {
    let folder = layout.own().join("node-red").join(VERSION);
    let program = folder.join("node_modules/node-red/red.js");
    if !program.exists() {
        println!("node-red   installing version {VERSION}");
        fs::create_dir_all(&folder)?;
        process::quietly(
            layout,
            "node-red",
            "install Node-RED",
            npm(&folder),
            Some("It is downloaded: is there a network?"),
        )?;
    }
    Ok(program)
}

fn npm(folder: &Path) -> Command {
    let mut command = Command::new("npm");
    command
        .args(["install", "--no-audit", "--no-fund", "--loglevel=error"])
        // None of its packages needs to be compiled for this.
        .args(["--ignore-scripts", "--prefix"])
        .arg(folder)
        .arg(format!("node-red@{VERSION}"));
    command
}
