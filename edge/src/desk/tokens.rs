//! Access tokens: only their hashes are stored.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use shared::desk::token::{LIFETIME_S, granted};
use shared::desk::{Grant, Scopes};
use shared::model::Timestamp;

use crate::bind;
use crate::error::Failure;
use crate::random;
use crate::store::Store;

pub(super) const TABLES: &str = "
    CREATE TABLE access_tokens (
        hash TEXT PRIMARY KEY,
        application TEXT NOT NULL,
        scopes TEXT NOT NULL,
        expires_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX access_tokens_by_end ON access_tokens (expires_at);";

/// Makes an access token, and gives the body of the answer that carries it.
pub(super) fn issue(store: &Store, grant: &Grant, now: Timestamp) -> Result<String, Failure> {
    let token = random::token()?;
    store.run(
        "DELETE FROM access_tokens WHERE expires_at <= ?",
        bind![now],
    )?;
    store.run(
        "INSERT INTO access_tokens (hash, application, scopes, expires_at) VALUES (?, ?, ?, ?)",
        bind![
            hash(&token),
            grant.application,
            grant.scopes.to_string(),
            now + LIFETIME_S * 1000
        ],
    )?;
    Ok(granted(&token, grant.scopes))
}

/// What a token stands for; `None` where it was never given, or is not good any more.
pub(super) fn find(store: &Store, token: &str, now: Timestamp) -> Result<Option<Grant>, Failure> {
    #[derive(Deserialize)]
    struct Row {
        application: String,
        scopes: String,
    }
    let row: Option<Row> = store.first(
        "SELECT application, scopes FROM access_tokens WHERE hash = ? AND expires_at > ?",
        bind![hash(token), now],
    )?;
    row.map(|row| {
        let scopes = Scopes::parse(&row.scopes)
            .map_err(|error| Failure::internal("scopes of an access token", &error))?;
        Ok(Grant {
            application: row.application,
            scopes,
        })
    })
    .transpose()
}

fn hash(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(token))
}
