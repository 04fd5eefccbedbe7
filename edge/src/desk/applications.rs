//! API applications: what is kept of them. Of a secret that is its hash alone.

mod change;

use serde::Deserialize;
use shared::api::{ApplicationRecord, List, Record};
use shared::desk::Scopes;
use shared::desk::token::{Client, secret_hash};
use shared::model::application::ADMIN_CLIENT;
use shared::model::{Application, GrantType, Secret, Timestamp};

use crate::bind;
use crate::config::Config;
use crate::error::Failure;
use crate::store::Store;

pub(super) use change::Change;

pub(super) const TABLES: &str = "
    CREATE TABLE applications (
        client_id TEXT PRIMARY KEY,
        document TEXT NOT NULL,
        secret_hash TEXT,
        version INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        last_used_at INTEGER
    ) STRICT, WITHOUT ROWID;";

/// Where a secret that is missing is named.
const SECRET: &str = "client_secret";

/// When an application was last used is noted at most so often.
const NOTED_EVERY_MS: u64 = 60 * 1000;

/// A row of the table.
#[derive(Deserialize)]
pub(super) struct Row {
    document: String,
    secret_hash: Option<String>,
    version: u64,
    updated_at: Timestamp,
    pub(super) last_used_at: Option<Timestamp>,
}

impl Row {
    pub(super) fn application(&self) -> Result<Application, Failure> {
        serde_json::from_str(&self.document)
            .map_err(|error| Failure::internal("stored application", &error))
    }

    fn record(&self) -> Result<ApplicationRecord, Failure> {
        let application = self.application()?;
        let is_missing = self.secret_hash.is_none() && !application.public;
        Ok(ApplicationRecord {
            record: Record {
                value: application,
                version: self.version,
                updated_at: self.updated_at,
                missing_secrets: is_missing.then(|| SECRET.to_owned()).into_iter().collect(),
            },
            last_used_at: self.last_used_at,
        })
    }
}

pub(super) fn row(store: &Store, client_id: &str) -> Result<Option<Row>, Failure> {
    store.first(
        "SELECT * FROM applications WHERE client_id = ?",
        bind![client_id],
    )
}

/// What logs in under that id: an application, or whoever holds the admin token and asks for a
/// narrower one with it.
pub(super) fn client(
    store: &Store,
    config: &Config,
    client_id: &str,
) -> Result<Option<Client>, Failure> {
    if client_id == ADMIN_CLIENT {
        return Ok(Some(Client {
            application: admin(),
            secret_hash: Some(secret_hash(&config.admin_token)),
        }));
    }
    let Some(row) = row(store, client_id)? else {
        return Ok(None);
    };
    Ok(Some(Client {
        application: row.application()?,
        secret_hash: row.secret_hash,
    }))
}

pub(super) fn admin() -> Application {
    Application {
        name: ADMIN_CLIENT.to_owned(),
        client_id: ADMIN_CLIENT.to_owned(),
        client_secret: Secret::default(),
        scopes: Scopes::ALL,
        grants: vec![GrantType::ClientCredentials],
        redirect_uris: Vec::new(),
        public: false,
        active: true,
        rate_limit: None,
    }
}

/// Notes that an application got a token or made a request.
pub(super) fn note_use(
    store: &Store,
    client_id: &str,
    last: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), Failure> {
    if last.is_none_or(|last| last.saturating_add(NOTED_EVERY_MS) <= now) {
        store.run(
            "UPDATE applications SET last_used_at = ? WHERE client_id = ?",
            bind![now, client_id],
        )?;
    }
    Ok(())
}

pub(super) fn read(store: &Store, client_id: &str) -> Result<ApplicationRecord, Failure> {
    found(store, client_id)?.record()
}

fn found(store: &Store, client_id: &str) -> Result<Row, Failure> {
    row(store, client_id)?.ok_or_else(|| Failure::not_found("The application"))
}

pub(super) fn list(store: &Store) -> Result<List<ApplicationRecord>, Failure> {
    let mut items = rows(store)?
        .iter()
        .map(Row::record)
        .collect::<Result<Vec<_>, _>>()?;
    items.sort_by_cached_key(|item| item.record.value.name.to_lowercase());
    Ok(List { items, next: None })
}

fn rows(store: &Store) -> Result<Vec<Row>, Failure> {
    store.rows("SELECT * FROM applications ORDER BY client_id", bind![])
}

/// All applications, without their secrets.
pub(super) fn export(store: &Store) -> Result<Vec<Application>, Failure> {
    rows(store)?.iter().map(Row::application).collect()
}
