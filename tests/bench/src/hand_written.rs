//! The worked example as a worker that was written by hand for the same runtime: what that costs without Nimbus.

use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;
use xtask::layout::Layout;

use crate::{Outcome, example::SIGNING_KEY};

const WORKER: &str = include_str!("../hand-written/worker.js");
const CONFIGURATION: &str = include_str!("../hand-written/config.capnp");
/// The longest that it may take to answer for the first time.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(50);

/// A running worker; dropping it ends it.
#[derive(Debug)]
pub(crate) struct HandWritten {
    child: Child,
    port: u16,
    _folder: TempDir,
}

impl HandWritten {
    pub(crate) const PATH: &str = "/";

    /// Starts it with services that lie there.
    pub(crate) fn start(layout: &Layout, port: u16, upstream: &str) -> Outcome<Self> {
        let folder = tempfile::Builder::new()
            .prefix("nimbus-bench-hand-written-")
            .tempdir()?;
        write(folder.path())?;
        let child = Command::new(layout.workerd())
            .args(["serve", "config.capnp"])
            .args(["--socket-addr", &format!("http=127.0.0.1:{port}")])
            .current_dir(folder.path())
            .env("UPSTREAM", upstream)
            .env("SIGNING_KEY", SIGNING_KEY)
            .stdin(Stdio::null())
            .spawn()?;
        let mut worker = Self {
            child,
            port,
            _folder: folder,
        };
        worker.wait_until_it_answers()?;
        Ok(worker)
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
        while !matches!(
            ureq::post(&url).send_empty(),
            Err(ureq::Error::StatusCode(401))
        ) {
            if let Some(status) = self.child.try_wait()? {
                return Err(format!("the hand-written worker ended ({status})").into());
            }
            if start.elapsed() > PATIENCE {
                return Err("the hand-written worker did not answer".into());
            }
            thread::sleep(PAUSE);
        }
        Ok(())
    }
}

impl Drop for HandWritten {
    fn drop(&mut self) {
        // It may have ended already, and there is nobody to tell.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn write(folder: &Path) -> Outcome<()> {
    fs::create_dir(folder.join("objects"))?;
    fs::write(folder.join("worker.js"), WORKER)?;
    fs::write(folder.join("config.capnp"), CONFIGURATION)?;
    Ok(())
}
