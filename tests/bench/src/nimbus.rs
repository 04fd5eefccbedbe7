//! A worker to be measured, with a data folder of its own.

use std::{
    fs,
    path::{Path, PathBuf},
};

use rusqlite::Connection;
use serde_json::Value;
use tempfile::TempDir;
use xtask::{
    layout::Layout,
    networks::Networks,
    runtime::{self, Runtime},
    secrets::Secrets,
};

use crate::Outcome;

pub(crate) const ADMIN_TOKEN: &str = "the-admin-token-of-the-benchmark";
/// The base64 of 32 bytes.
const MASTER_KEY: &str = "bWFzdGVyLWtleS1tYXN0ZXIta2V5LW1hc3Rlci1rZXk=";

/// A running worker. Dropping it ends it; the data folder is removed with its own handle.
#[derive(Debug)]
pub(crate) struct Nimbus(Runtime);

/// A data folder that goes away with the measurement.
pub(crate) fn data() -> Outcome<TempDir> {
    Ok(tempfile::Builder::new().prefix("nimbus-bench-").tempdir()?)
}

impl Nimbus {
    /// Starts it on that data, which is seeded when it is new.
    pub(crate) fn start(data: &Path, port: u16) -> Outcome<Self> {
        Self::start_under(data, port, &[])
    }

    /// As [`Nimbus::start`], run by another program: its name and arguments.
    pub(crate) fn start_under(data: &Path, port: u16, program: &[String]) -> Outcome<Self> {
        let options = runtime::Options {
            port,
            data: data.to_owned(),
            networks: "public,local".parse::<Networks>()?,
            public_url: runtime::local_url(port),
            seed: true,
            movable_clock: false,
            secrets: Secrets::new(MASTER_KEY.to_owned(), ADMIN_TOKEN.to_owned()),
        };
        let layout = Layout::of_repository();
        let mut runtime = Runtime::start_under(&layout, options, None, program)?;
        runtime.wait_until_healthy()?;
        Ok(Self(runtime))
    }

    pub(crate) fn process(&self) -> u32 {
        self.0.process_id()
    }

    pub(crate) fn port(&self) -> u16 {
        self.0.options().port
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.0.local_url())
    }

    /// Takes a bundle in; all of it must be published by that.
    pub(crate) fn import(&self, bundle: &Value) -> Outcome<()> {
        let mut answer = ureq::post(self.url("/console/import"))
            .header("authorization", &format!("Bearer {ADMIN_TOKEN}"))
            .header("content-type", "application/json")
            .send(bundle.to_string())?;
        let report: Value = serde_json::from_reader(answer.body_mut().as_reader())?;
        match report["drafts"].as_array() {
            Some(drafts) if drafts.is_empty() => Ok(()),
            _ => Err(format!("the example is not published: {report}").into()),
        }
    }

    /// Ends it at once; nothing of its data is lost by that.
    pub(crate) fn stop(mut self) -> Outcome<()> {
        Ok(self.0.kill()?)
    }
}

/// What all files of a folder take up.
pub(crate) fn size(folder: &Path) -> Outcome<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        bytes += if entry.file_type()?.is_dir() {
            size(&entry.path())?
        } else {
            entry.metadata()?.len()
        };
    }
    Ok(bytes)
}

/// The database, among those of all objects, in which a query finds something.
pub(crate) fn database(data: &Path, query: &str) -> Outcome<PathBuf> {
    let mut folders = vec![data.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "sqlite")
                && finds(&path, query)
            {
                return Ok(path);
            }
        }
    }
    Err(format!("no database in the data folder has an answer to `{query}`").into())
}

/// Most databases do not even have the tables.
fn finds(path: &Path, query: &str) -> bool {
    Connection::open(path)
        .and_then(|connection| connection.query_row(query, [], |_| Ok(())))
        .is_ok()
}
