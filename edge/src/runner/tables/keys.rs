//! Idempotency keys. They outlive their runs.

use serde::Deserialize;
use shared::engine::RunStatus;
use shared::model::{RunId, Timestamp};

use super::{Tables, digest};
use crate::bind;
use crate::error::Failure;

/// What an idempotency key was used for.
#[derive(Debug, Clone, Deserialize)]
pub(in crate::runner) struct KeyRow {
    pub(in crate::runner) run: RunId,
    /// The digest of the body that it came with.
    pub(in crate::runner) body: String,
}

impl Tables {
    /// How a run ended that its key has outlived.
    pub(in crate::runner) fn outcome(&self, run: &RunId) -> Result<Option<RunStatus>, Failure> {
        #[derive(Deserialize)]
        struct Row {
            status: RunStatus,
        }
        let row: Option<Row> = self.store.first(
            "SELECT status FROM keys WHERE run = ? AND status IS NOT NULL",
            bind![run.to_string()],
        )?;
        Ok(row.map(|row| row.status))
    }

    /// What a key was used for, unless that was before `since`.
    pub(in crate::runner) fn key(
        &self,
        key: &str,
        since: Timestamp,
    ) -> Result<Option<KeyRow>, Failure> {
        self.store.first(
            "SELECT run, body FROM keys WHERE key = ? AND used_at >= ?",
            bind![digest(key.as_bytes()), since],
        )
    }

    /// Notes what a key was used for, and forgets those from before `since`.
    pub(in crate::runner) fn put_key(
        &self,
        key: &str,
        row: &KeyRow,
        now: Timestamp,
        since: Timestamp,
    ) -> Result<(), Failure> {
        self.store
            .run("DELETE FROM keys WHERE used_at < ?", bind![since])?;
        self.store.run(
            "INSERT OR REPLACE INTO keys (key, run, body, used_at) VALUES (?, ?, ?, ?)",
            bind![digest(key.as_bytes()), row.run.to_string(), row.body, now],
        )?;
        Ok(())
    }
}
