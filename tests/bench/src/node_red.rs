//! Node-RED with the worked example as a flow.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;
use xtask::{layout::Layout, process};

use crate::{Outcome, example::SIGNING_KEY};

const VERSION: &str = "4.1.15";
const FLOWS: &str = include_str!("../node-red/flows.json");
const SETTINGS: &str = include_str!("../node-red/settings.js");
/// The longest that it may take to answer for the first time.
const PATIENCE: Duration = Duration::from_mins(1);
const PAUSE: Duration = Duration::from_millis(50);

/// A running Node-RED; dropping it ends it.
#[derive(Debug)]
pub(crate) struct NodeRed {
    child: Child,
    port: u16,
    _folder: TempDir,
}

impl NodeRed {
    pub(crate) const PATH: &str = "/start";

    /// Starts the flow with services that lie there.
    pub(crate) fn start(layout: &Layout, port: u16, upstream: &str) -> Outcome<Self> {
        let program = install(layout)?;
        let folder = tempfile::Builder::new()
            .prefix("nimbus-bench-node-red-")
            .tempdir()?;
        let settings = folder.path().join("settings.js");
        fs::write(folder.path().join("flows.json"), FLOWS)?;
        fs::write(&settings, SETTINGS)?;
        let child = layout
            .command(layout.node_program("node"))?
            .arg(program)
            .arg("--userDir")
            .arg(folder.path())
            .arg("--settings")
            .arg(settings)
            .env("PORT", port.to_string())
            .env("UPSTREAM", upstream)
            .env("SIGNING_KEY", SIGNING_KEY)
            .env("NODE_ENV", "production")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()?;
        let mut node_red = Self {
            child,
            port,
            _folder: folder,
        };
        node_red.wait_until_it_answers()?;
        Ok(node_red)
    }

    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    fn wait_until_it_answers(&mut self) -> Outcome<()> {
        let start = Instant::now();
        let url = format!("http://127.0.0.1:{}{}", self.port, Self::PATH);
        // Without a signature the flow refuses, by which it can be told that it is there.
        while !matches!(
            ureq::post(&url).send_empty(),
            Err(ureq::Error::StatusCode(401))
        ) {
            if let Some(status) = self.child.try_wait()? {
                return Err(format!("Node-RED ended ({status}) before it answered").into());
            }
            if start.elapsed() > PATIENCE {
                return Err("Node-RED did not answer within a minute".into());
            }
            thread::sleep(PAUSE);
        }
        Ok(())
    }
}

impl Drop for NodeRed {
    fn drop(&mut self) {
        // It may have ended already, and there is nobody to tell.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
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
