//! The built worker on workerd.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    thread,
};

use tempfile::TempDir;
use xtask::{
    failure::Failure,
    layout::Layout,
    networks::Networks,
    runtime::{self, Runtime},
    secrets::Secrets,
};

use crate::client::Call;

/// Every server's admin token.
pub const ADMIN_TOKEN: &str = "the-admin-token-of-the-edge-tests";
/// The base64 of 32 bytes.
const MASTER_KEY: &str = "bWFzdGVyLWtleS1tYXN0ZXIta2V5LW1hc3Rlci1rZXk=";
/// Between finding a free port and taking it, another server may have taken it.
const TRIES: usize = 3;

/// What the log says when Rust or the runtime gave up, which no test may bring about.
const TRAPS: [&str; 4] = [
    "panicked at",
    "RuntimeError",
    "Uncaught",
    "exceeded its memory",
];

/// How a server is started.
#[derive(Debug, Clone)]
pub struct Options {
    /// What its outbound requests may reach; stubs are local.
    pub networks: Networks,
    /// Whether it begins with the worked example.
    pub seed: bool,
    /// Whether [`Server::move_clock`] works.
    pub movable_clock: bool,
    /// What its links begin with, if not where it listens.
    pub public_url: Option<String>,
}

impl Default for Options {
    /// Empty, and able to reach this machine only.
    fn default() -> Self {
        Self {
            networks: "local".parse().unwrap(),
            seed: false,
            movable_clock: false,
            public_url: None,
        }
    }
}

/// A running worker with data of its own; dropping it removes both. When the test failed, its log is printed;
/// a test whose worker broke off fails for that.
#[derive(Debug)]
pub struct Server {
    // None only while it is down. It stands before the data, so that it ends before they are removed.
    runtime: Option<Runtime>,
    options: runtime::Options,
    data: TempDir,
}

impl Server {
    /// Starts a server and waits until it answers.
    pub fn start(options: &Options) -> Self {
        let mut failures = Vec::new();
        for _ in 0..TRIES {
            let data = tempfile::Builder::new()
                .prefix("nimbus-edge-")
                .tempdir()
                .unwrap();
            let port = free_port();
            let options = runtime::Options {
                port,
                data: data.path().to_owned(),
                networks: options.networks.clone(),
                public_url: options
                    .public_url
                    .clone()
                    .unwrap_or_else(|| runtime::local_url(port)),
                seed: options.seed,
                movable_clock: options.movable_clock,
                secrets: Secrets::new(MASTER_KEY.to_owned(), ADMIN_TOKEN.to_owned()),
            };
            let mut server = Self {
                runtime: None,
                options,
                data,
            };
            match server.run() {
                Ok(()) => return server,
                Err(failure) => failures.push(format!("{failure}\n{}", server.log())),
            }
        }
        panic!("{}", failures.join("\n"));
    }

    /// Kills the server at once, as a crash would.
    pub fn kill(&mut self) {
        if let Some(mut runtime) = self.runtime.take() {
            runtime.kill().unwrap();
        }
    }

    /// Starts the server again on the same port and data, after killing it if it still ran.
    pub fn restart(&mut self) {
        self.kill();
        if let Err(failure) = self.run() {
            panic!("{failure}");
        }
    }

    fn run(&mut self) -> Result<(), Failure> {
        let path = self.data.path().join("workerd.log");
        let log = File::options()
            .create(true)
            .append(true)
            .open(&path)
            .map_err(Failure::path("write", &path))?;
        let mut runtime =
            Runtime::start(&Layout::of_repository(), self.options.clone(), Some(log))?;
        runtime.wait_until_healthy()?;
        self.runtime = Some(runtime);
        Ok(())
    }

    /// Where it listens, without a slash at the end.
    pub fn url(&self) -> String {
        runtime::local_url(self.options.port)
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.options.port
    }

    /// What the runtime has written so far, over all restarts.
    pub fn log(&self) -> String {
        fs::read(self.data.path().join("workerd.log"))
            .map(|log| String::from_utf8_lossy(&log).into_owned())
            .unwrap_or_default()
    }

    /// All files of its data, by their paths in the data folder; those that vanish meanwhile are left out.
    pub fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        gather(self.data.path(), &mut |path| {
            if let Ok(content) = fs::read(path) {
                let name = path.strip_prefix(self.data.path()).unwrap_or(path);
                files.insert(name.to_owned(), content);
            }
        });
        files
    }

    /// Its data folder.
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// A request to be filled in and sent; `path` begins with a slash and may have a query.
    pub fn call(&self, method: &str, path: &str) -> Call {
        Call::new(method, format!("{}{path}", self.url()))
    }

    /// Has its clock show so much more than the system's, and whatever is due by then be dealt with. After a restart
    /// it shows the system's time again.
    pub fn move_clock(&self, ahead_ms: u64) {
        let place = serde_json::json!({ "ahead_ms": ahead_ms });
        let call = self.post("/console/clock").admin().json(&place);
        let _ = call.send().expect(204);
    }

    /// A GET request.
    pub fn get(&self, path: &str) -> Call {
        self.call("GET", path)
    }

    /// A POST request.
    pub fn post(&self, path: &str) -> Call {
        self.call("POST", path)
    }

    /// A PUT request.
    pub fn put(&self, path: &str) -> Call {
        self.call("PUT", path)
    }

    /// A DELETE request.
    pub fn delete(&self, path: &str) -> Call {
        self.call("DELETE", path)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let log = self.log();
        if thread::panicking() {
            eprintln!("The log of the server at {}:\n{log}", self.url());
        } else {
            let trap = TRAPS.into_iter().find(|words| log.contains(words));
            assert_eq!(trap, None, "the worker broke off:\n{log}");
        }
    }
}

/// Every file below a folder.
fn gather(folder: &Path, found: &mut impl FnMut(&Path)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, found);
        } else {
            found(&path);
        }
    }
}

fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}
