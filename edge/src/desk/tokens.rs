//! Access tokens, refresh tokens and authorization codes: only their hashes are stored.
//!
//! What came of one consent is a family: when a code or refresh token is used a second time, somebody else may hold
//! what it gave, and the whole family is made worthless.

use serde::Deserialize;
use shared::desk::token::{
    CODE_LIFETIME_MS, Given, LIFETIME_S, REFRESH_LIFETIME_MS, StoredCode, StoredRefresh,
    secret_hash,
};
use shared::desk::{Grant, Scopes};
use shared::model::application::ADMIN_CLIENT;
use shared::model::{RateLimit, Timestamp};

use super::applications;
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

/// `application` is a client id everywhere.
pub(super) const MORE_TABLES: &str = "
    ALTER TABLE access_tokens ADD COLUMN agent INTEGER;
    ALTER TABLE access_tokens ADD COLUMN family TEXT;
    CREATE INDEX access_tokens_by_application ON access_tokens (application);
    CREATE INDEX access_tokens_by_family ON access_tokens (family);
    CREATE TABLE refresh_tokens (
        hash TEXT PRIMARY KEY,
        application TEXT NOT NULL,
        scopes TEXT NOT NULL,
        agent INTEGER,
        family TEXT NOT NULL,
        expires_at INTEGER NOT NULL,
        used INTEGER NOT NULL DEFAULT 0
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX refresh_tokens_by_end ON refresh_tokens (expires_at);
    CREATE INDEX refresh_tokens_by_application ON refresh_tokens (application);
    CREATE INDEX refresh_tokens_by_family ON refresh_tokens (family);
    CREATE TABLE codes (
        hash TEXT PRIMARY KEY,
        application TEXT NOT NULL,
        scopes TEXT NOT NULL,
        agent INTEGER,
        family TEXT NOT NULL,
        redirect_uri TEXT,
        challenge TEXT,
        expires_at INTEGER NOT NULL,
        used INTEGER NOT NULL DEFAULT 0
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX codes_by_end ON codes (expires_at);
    CREATE INDEX codes_by_application ON codes (application);";

/// What an access token stands for, and what is known of its application.
pub(super) struct Bearer {
    pub(super) grant: Grant,
    pub(super) rate_limit: Option<RateLimit>,
    pub(super) last_used_at: Option<Timestamp>,
}

/// What is stored, and the family that it belongs to.
pub(super) struct Kept<T> {
    pub(super) value: T,
    pub(super) family: String,
}

/// Makes an access token.
pub(super) fn issue(
    store: &Store,
    client_id: &str,
    given: &Given,
    family: Option<&str>,
    now: Timestamp,
) -> Result<String, Failure> {
    let token = random::token()?;
    store.run(
        "DELETE FROM access_tokens WHERE expires_at <= ?",
        bind![now],
    )?;
    store.run(
        "INSERT INTO access_tokens (hash, application, scopes, agent, family, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
        bind![
            secret_hash(&token),
            client_id,
            given.scopes.to_string(),
            given.agent,
            family,
            now + LIFETIME_S * 1000
        ],
    )?;
    Ok(token)
}

/// Makes a refresh token.
pub(super) fn issue_refresh(
    store: &Store,
    client_id: &str,
    given: &Given,
    family: &str,
    now: Timestamp,
) -> Result<String, Failure> {
    let token = random::token()?;
    store.run(
        "DELETE FROM refresh_tokens WHERE expires_at <= ?",
        bind![now],
    )?;
    store.run(
        "INSERT INTO refresh_tokens (hash, application, scopes, agent, family, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
        bind![
            secret_hash(&token),
            client_id,
            given.scopes.to_string(),
            given.agent,
            family,
            now + REFRESH_LIFETIME_MS
        ],
    )?;
    Ok(token)
}

/// Makes a code for what a person allowed. One that was used is remembered as long as what it gave may live.
pub(super) fn issue_code(
    store: &Store,
    client_id: &str,
    given: &Given,
    redirect_uri: Option<&str>,
    challenge: Option<&str>,
    now: Timestamp,
) -> Result<String, Failure> {
    let code = random::token()?;
    store.run(
        "DELETE FROM codes WHERE expires_at <= ?",
        bind![now.saturating_sub(REFRESH_LIFETIME_MS)],
    )?;
    store.run(
        "INSERT INTO codes (hash, application, scopes, agent, family, redirect_uri, challenge, expires_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        bind![
            secret_hash(&code),
            client_id,
            given.scopes.to_string(),
            given.agent,
            random::uuid()?,
            redirect_uri,
            challenge,
            now + CODE_LIFETIME_MS
        ],
    )?;
    Ok(code)
}

/// What an access token stands for; `None` where it was never given, or is not good any more.
/// It may do no more than its application may have by now.
pub(super) fn find(store: &Store, token: &str, now: Timestamp) -> Result<Option<Bearer>, Failure> {
    let row: Option<TokenRow> = store.first(
        "SELECT application, scopes, agent, expires_at, family FROM access_tokens WHERE hash = ? AND expires_at > ?",
        bind![secret_hash(token), now],
    )?;
    let Some(row) = row else {
        return Ok(None);
    };
    let given = row.given()?;
    let (application, last_used_at) = if row.application == ADMIN_CLIENT {
        (applications::admin(), Some(now))
    } else {
        match applications::row(store, &row.application)? {
            Some(stored) => (stored.application()?, stored.last_used_at),
            None => return Ok(None),
        }
    };
    Ok(application.active.then(|| Bearer {
        grant: Grant {
            scopes: given.scopes.and(application.scopes),
            agent: given.agent,
            application: application.name,
            client_id: application.client_id,
        },
        rate_limit: application.rate_limit,
        last_used_at,
    }))
}

/// A row of any of the tables; what only one has is missing in the others.
#[derive(Deserialize)]
struct TokenRow {
    application: String,
    scopes: String,
    agent: Option<u64>,
    family: Option<String>,
    expires_at: Timestamp,
    #[serde(default)]
    used: u8,
    #[serde(default)]
    redirect_uri: Option<String>,
    #[serde(default)]
    challenge: Option<String>,
}

impl TokenRow {
    fn given(&self) -> Result<Given, Failure> {
        let scopes = Scopes::parse(&self.scopes)
            .map_err(|error| Failure::internal("scopes of a token", &error))?;
        Ok(Given {
            scopes,
            agent: self.agent,
        })
    }
}

pub(super) fn code(store: &Store, code: &str) -> Result<Option<Kept<StoredCode>>, Failure> {
    kept(store, "codes", code, |given, row| StoredCode {
        given,
        client_id: row.application,
        redirect_uri: row.redirect_uri,
        challenge: row.challenge,
        expires_at: row.expires_at,
        used: row.used != 0,
    })
}

pub(super) fn refresh(store: &Store, token: &str) -> Result<Option<Kept<StoredRefresh>>, Failure> {
    kept(store, "refresh_tokens", token, |given, row| StoredRefresh {
        given,
        client_id: row.application,
        expires_at: row.expires_at,
        used: row.used != 0,
    })
}

/// What a table keeps of a secret, with the family that it belongs to.
fn kept<T>(
    store: &Store,
    table: &'static str,
    secret: &str,
    value: impl FnOnce(Given, TokenRow) -> T,
) -> Result<Option<Kept<T>>, Failure> {
    let query = format!("SELECT * FROM {table} WHERE hash = ?");
    let row: Option<TokenRow> = store.first(&query, bind![secret_hash(secret)])?;
    row.map(|mut row| {
        let family = row.family.take().unwrap_or_default();
        Ok(Kept {
            value: value(row.given()?, row),
            family,
        })
    })
    .transpose()
}

/// Uses a code or a refresh token up; it is remembered as used.
pub(super) fn use_up(store: &Store, secret: &str) -> Result<(), Failure> {
    for table in ["codes", "refresh_tokens"] {
        store.run(
            &format!("UPDATE {table} SET used = 1 WHERE hash = ?"),
            bind![secret_hash(secret)],
        )?;
    }
    Ok(())
}

/// Whose access token it is.
pub(super) fn owner(store: &Store, token: &str) -> Result<Option<String>, Failure> {
    let row: Option<TokenRow> = store.first(
        "SELECT application, scopes, agent, expires_at, family FROM access_tokens WHERE hash = ?",
        bind![secret_hash(token)],
    )?;
    Ok(row.map(|row| row.application))
}

/// Makes one access token worthless.
pub(super) fn revoke(store: &Store, token: &str) -> Result<(), Failure> {
    store.run(
        "DELETE FROM access_tokens WHERE hash = ?",
        bind![secret_hash(token)],
    )?;
    Ok(())
}

/// Makes worthless what came of one consent. Refresh tokens stay as used ones.
pub(super) fn revoke_family(store: &Store, family: &str) -> Result<(), Failure> {
    store.run("DELETE FROM access_tokens WHERE family = ?", bind![family])?;
    store.run(
        "UPDATE refresh_tokens SET used = 1 WHERE family = ?",
        bind![family],
    )?;
    Ok(())
}

/// Makes worthless all that an application was given.
pub(super) fn revoke_all(store: &Store, client_id: &str) -> Result<(), Failure> {
    for table in ["access_tokens", "refresh_tokens", "codes"] {
        store.run(
            &format!("DELETE FROM {table} WHERE application = ?"),
            bind![client_id],
        )?;
    }
    Ok(())
}
