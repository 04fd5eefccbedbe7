//! What Nimbus is compared with: a program that runs the worked example on a port of its own.

use std::{
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::{Outcome, example::SIGNING_KEY};

/// The longest that it may take to answer for the first time.
const PATIENCE: Duration = Duration::from_mins(1);
const PAUSE: Duration = Duration::from_millis(50);

/// A running program; dropping it ends it.
#[derive(Debug)]
pub(crate) struct Peer {
    pub(crate) name: &'static str,
    pub(crate) port: u16,
    /// That starts the example there.
    pub(crate) path: &'static str,
    child: Child,
    /// Its files go away with it.
    _folder: TempDir,
}

impl Peer {
    /// Starts it, told by its environment what the key is and where the services lie; waits until it answers.
    pub(crate) fn start(
        name: &'static str,
        (port, path): (u16, &'static str),
        mut command: Command,
        folder: TempDir,
        upstream: &str,
    ) -> Outcome<Self> {
        let child = command
            .env("UPSTREAM", upstream)
            .env("SIGNING_KEY", SIGNING_KEY)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()?;
        let mut peer = Self {
            name,
            port,
            path,
            child,
            _folder: folder,
        };
        peer.wait_until_it_answers()?;
        Ok(peer)
    }

    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    fn wait_until_it_answers(&mut self) -> Outcome<()> {
        let start = Instant::now();
        let url = format!("http://127.0.0.1:{}{}", self.port, self.path);
        // Without a signature it refuses, by which it can be told that it is there.
        while !matches!(
            ureq::post(&url).send_empty(),
            Err(ureq::Error::StatusCode(401))
        ) {
            if let Some(status) = self.child.try_wait()? {
                return Err(format!("{} ended ({status}) before it answered", self.name).into());
            }
            if start.elapsed() > PATIENCE {
                return Err(format!("{} did not answer within a minute", self.name).into());
            }
            thread::sleep(PAUSE);
        }
        Ok(())
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It may have ended already, and there is nobody to tell.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
