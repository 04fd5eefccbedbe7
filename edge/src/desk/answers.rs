//! Answers to writes that may be sent again: a repeat gets the first one's answer.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use shared::desk::{Access, Caller, DeskError, DeskRequest};
use shared::model::Timestamp;

use crate::bind;
use crate::error::Failure;
use crate::store::{Store, add_body, read_body, write_body};

pub(super) const TABLES: &str = "
    CREATE TABLE answers (
        key TEXT PRIMARY KEY,
        request TEXT NOT NULL,
        kept_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX answers_by_age ON answers (kept_at);";

/// A run that was interrupted goes on as soon as the worker runs again; so long may that be
/// down.
const KEPT_FOR_MS: u64 = 30 * 24 * 3600 * 1000;

/// What tells a repeat from another write.
pub(super) struct Key {
    key: String,
    /// A digest of what was asked: a repeat asks the same.
    request: String,
}

impl Key {
    /// Keys of runs and of Nimbus itself are unique by themselves; those of other callers belong to whoever sent them. The names of
    /// applications are not unique, so theirs belong to their client ids.
    pub(super) fn of(request: &DeskRequest, access: &Access) -> Option<Self> {
        let key = request.key.as_ref()?;
        let mut digest = Sha256::new();
        for part in [
            &request.method,
            &request.path,
            &request.query,
            &request.body,
        ] {
            digest.update(part.len().to_le_bytes());
            digest.update(part);
        }
        Some(Self {
            key: match (&request.caller, &access.client_id) {
                (Caller::Runbook { .. } | Caller::Nimbus {}, _) => format!("run/{key}"),
                (_, Some(client_id)) => format!("application/{client_id}/{key}"),
                (_, None) => format!("caller/{}/{key}", access.who),
            },
            request: URL_SAFE_NO_PAD.encode(digest.finalize()),
        })
    }

    /// Names the answer's body among all bodies.
    fn owner(&self) -> String {
        owner(&self.key)
    }
}

fn owner(key: &str) -> String {
    format!("answer/{key}")
}

/// The body that this write was answered with. Refused where the key was sent with another write.
pub(super) fn kept(store: &Store, key: &Key) -> Result<Option<String>, DeskError> {
    #[derive(Deserialize)]
    struct Row {
        request: String,
    }
    let row: Option<Row> =
        store.first("SELECT request FROM answers WHERE key = ?", bind![key.key])?;
    let Some(row) = row else {
        return Ok(None);
    };
    if row.request != key.request {
        return Err(DeskError::OtherRequest);
    }
    let body = String::from_utf8(read_body(store, &key.owner())?);
    Ok(Some(body.map_err(|error| {
        Failure::internal("kept answer", &error)
    })?))
}

/// Keeps the answer to a write that has none, and lets go of some that are too old.
pub(super) fn keep(store: &Store, key: &Key, body: &str, now: Timestamp) -> Result<(), Failure> {
    #[derive(Deserialize)]
    struct Row {
        key: String,
    }
    let old: Vec<Row> = store.rows(
        "SELECT key FROM answers WHERE kept_at < ? ORDER BY kept_at LIMIT 10",
        bind![now.saturating_sub(KEPT_FOR_MS)],
    )?;
    for Row { key } in old {
        store.run("DELETE FROM answers WHERE key = ?", bind![key])?;
        write_body(store, &owner(&key), b"")?;
    }
    store.run(
        "INSERT INTO answers (key, request, kept_at) VALUES (?, ?, ?)",
        bind![key.key, key.request, now],
    )?;
    add_body(store, &key.owner(), body.as_bytes())
}
