//! What a Runner keeps: plans, credentials, runs with their journals, and idempotency keys.
//!
//! Journals hold true values, because runs go on from them; so they are sealed, each entry
//! for its own place.

mod credentials;
mod keys;
mod notices;
mod plans;
mod queue;
mod retention;
mod runs;
mod starts;
mod summaries;

use std::rc::Rc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use worker::State;

use crate::config::Config;
use crate::error::Failure;
use crate::seal;
use crate::store::{BODIES, Store, add_body, read_body};

pub(super) use keys::KeyRow;
pub(super) use notices::Notice;
pub(super) use retention::Light;
pub(super) use runs::{Line, NewRun, RunRow};

const MIGRATIONS: &[&str] = &[
    BODIES,
    "CREATE TABLE installed (
        only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
        plan INTEGER NOT NULL,
        enabled INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE plans (id INTEGER PRIMARY KEY AUTOINCREMENT) STRICT;
    CREATE TABLE credentials (
        owner TEXT NOT NULL,
        place TEXT NOT NULL,
        destination TEXT NOT NULL,
        sealed TEXT NOT NULL,
        PRIMARY KEY (owner, place, destination)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE spent_credentials (
        owner TEXT NOT NULL,
        place TEXT NOT NULL,
        destination TEXT NOT NULL,
        sealed TEXT NOT NULL
    ) STRICT;
    CREATE TABLE tokens (digest TEXT PRIMARY KEY, sealed TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE runs (
        id TEXT PRIMARY KEY,
        plan INTEGER NOT NULL,
        started_at INTEGER NOT NULL,
        has_ended INTEGER NOT NULL,
        entries INTEGER NOT NULL,
        summary TEXT NOT NULL,
        sequence INTEGER NOT NULL,
        acknowledged INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX unfinished_runs ON runs (started_at) WHERE has_ended = 0;
    CREATE INDEX unacknowledged_runs ON runs (id) WHERE sequence > acknowledged;
    CREATE TABLE keys (
        key TEXT PRIMARY KEY,
        run TEXT NOT NULL,
        body TEXT NOT NULL,
        used_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX keys_by_age ON keys (used_at);",
    "ALTER TABLE runs ADD COLUMN wakes_at INTEGER;
    DROP INDEX unfinished_runs;
    CREATE INDEX unfinished_runs ON runs (wakes_at, started_at) WHERE has_ended = 0;",
    // A run that waits for its turn `is_queued`, and one that came out of the queue `begins_at` some time; of one
    // that `is_light` only a view is left; `start_key` is the digest of the key that it was started with.
    "ALTER TABLE runs ADD COLUMN is_queued INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE runs ADD COLUMN begins_at INTEGER;
    ALTER TABLE runs ADD COLUMN running_key TEXT;
    ALTER TABLE runs ADD COLUMN is_light INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE runs ADD COLUMN start_key TEXT;
    DROP INDEX unfinished_runs;
    CREATE INDEX unfinished_runs ON runs (is_queued, wakes_at, started_at) WHERE has_ended = 0;
    CREATE INDEX taken_keys ON runs (running_key) WHERE has_ended = 0 AND running_key IS NOT NULL;
    CREATE INDEX ended_runs ON runs (started_at) WHERE has_ended = 1;
    ALTER TABLE installed ADD COLUMN shard INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE installed ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE keys ADD COLUMN status TEXT;
    CREATE INDEX keys_of_forgotten_runs ON keys (run) WHERE status IS NOT NULL;
    CREATE TABLE notices (number INTEGER PRIMARY KEY AUTOINCREMENT, notice TEXT NOT NULL) STRICT;",
    "ALTER TABLE credentials ADD COLUMN used_at INTEGER;
    CREATE TABLE ignored_starts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL,
        explanation TEXT NOT NULL
    ) STRICT;",
    // What a run is found by, until the workspace has it.
    "ALTER TABLE runs ADD COLUMN searched TEXT;",
];

/// The database of one Runner.
#[derive(Debug)]
pub(super) struct Tables {
    store: Store,
    config: Rc<Config>,
}

impl Tables {
    pub(super) fn open(state: &State, config: Rc<Config>) -> Result<Self, Failure> {
        Ok(Self {
            store: Store::open(state, MIGRATIONS)?,
            config,
        })
    }

    /// All or nothing.
    pub(super) fn atomically<T>(
        &self,
        work: impl FnOnce() -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        self.store.atomically(work)
    }

    /// Stores a document, sealed for its place, where nothing stands yet.
    fn add<T: Serialize>(&self, place: &str, document: &T) -> Result<(), Failure> {
        self.add_bytes(place, &to_json(document)?)
    }

    fn add_bytes(&self, place: &str, plain: &[u8]) -> Result<(), Failure> {
        let sealed = seal::seal(&self.config, place, plain)?;
        add_body(&self.store, place, &sealed)
    }

    fn read<T: DeserializeOwned>(&self, place: &str) -> Result<T, Failure> {
        let sealed = read_body(&self.store, place)?;
        from_json(&seal::open(&self.config, place, &sealed)?)
    }
}

/// SHA-256, as hexadecimal digits.
pub(super) fn digest(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

fn to_json<T: Serialize>(document: &T) -> Result<Vec<u8>, Failure> {
    serde_json::to_vec(document).map_err(|error| Failure::internal("tables", &error))
}

fn from_json<T: DeserializeOwned>(text: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(text).map_err(|error| Failure::internal("tables", &error))
}
