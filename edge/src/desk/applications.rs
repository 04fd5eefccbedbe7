//! API applications: what is kept of them. Of a secret that is its hash alone.

use serde::Deserialize;
use shared::api::{ApplicationRecord, ImportReport, List, Record};
use shared::desk::Scopes;
use shared::desk::token::{Client, secret_hash};
use shared::model::application::ADMIN_CLIENT;
use shared::model::{Application, GrantType, Secret, Timestamp};

use super::tokens;
use crate::bind;
use crate::config::Config;
use crate::error::Failure;
use crate::random;
use crate::store::Store;
use crate::workspace::protocol::Expected;

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

/// Makes an application; the answer is the only one that ever holds its secret.
pub(super) fn create(
    store: &Store,
    mut application: Application,
    now: Timestamp,
) -> Result<ApplicationRecord, Failure> {
    application.client_id = random::uuid()?;
    check(&application)?;
    let secret = (!application.public).then(random::token).transpose()?;
    let client_id = application.client_id.clone();
    let hash = secret.as_deref().map(secret_hash);
    put(store, &application, hash.as_deref(), now)?;
    told(store, &client_id, secret)
}

/// A record with the secret that was just made.
fn told(
    store: &Store,
    client_id: &str,
    secret: Option<String>,
) -> Result<ApplicationRecord, Failure> {
    let mut record = read(store, client_id)?;
    record.record.value.client_secret = Secret { secret };
    Ok(record)
}

pub(super) fn replace(
    store: &Store,
    application: &Application,
    expected: Expected,
    now: Timestamp,
) -> Result<ApplicationRecord, Failure> {
    check(application)?;
    let row = found(store, &application.client_id)?;
    expect(&row, expected)?;
    let hash = if application.public {
        None
    } else {
        row.secret_hash
    };
    put(store, application, hash.as_deref(), now)?;
    read(store, &application.client_id)
}

/// Deletes an application with everything that it was given.
pub(super) fn delete(store: &Store, client_id: &str, expected: Expected) -> Result<(), Failure> {
    expect(&found(store, client_id)?, expected)?;
    tokens::revoke_all(store, client_id)?;
    store.run(
        "DELETE FROM applications WHERE client_id = ?",
        bind![client_id],
    )?;
    Ok(())
}

/// Makes another secret; the earlier one is good no longer.
pub(super) fn renew_secret(
    store: &Store,
    client_id: &str,
    now: Timestamp,
) -> Result<ApplicationRecord, Failure> {
    let application = found(store, client_id)?.application()?;
    if application.public {
        return Err(Failure::conflict(
            "public_client",
            "A public application has no secret. Make it confidential first.",
        ));
    }
    let secret = random::token()?;
    put(store, &application, Some(&secret_hash(&secret)), now)?;
    told(store, client_id, Some(secret))
}

/// Makes every token of an application worthless.
pub(super) fn revoke(store: &Store, client_id: &str) -> Result<(), Failure> {
    found(store, client_id)?;
    tokens::revoke_all(store, client_id)
}

/// Puts the applications of a bundle in place. A secret that it does not bring stays as it is.
pub(super) fn import(
    store: &Store,
    applications: Vec<Application>,
    now: Timestamp,
) -> Result<ImportReport, Failure> {
    let mut report = ImportReport::default();
    for mut application in applications {
        let before = row(store, &application.client_id)?;
        let what = format!("application {}", application.name);
        let list = if before.is_some() {
            &mut report.replaced
        } else {
            &mut report.created
        };
        list.push(what.clone());
        let given = std::mem::take(&mut application.client_secret).secret;
        let hash = match given {
            Some(secret) => Some(secret_hash(&secret)),
            None if application.public => None,
            None => before.and_then(|row| row.secret_hash),
        };
        if hash.is_none() && !application.public {
            report.missing_secrets.push((what, SECRET.to_owned()));
        }
        put(store, &application, hash.as_deref(), now)?;
    }
    Ok(report)
}

/// All applications, without their secrets.
pub(super) fn export(store: &Store) -> Result<Vec<Application>, Failure> {
    rows(store)?.iter().map(Row::application).collect()
}

fn check(application: &Application) -> Result<(), Failure> {
    application
        .check()
        .map_err(|detail| Failure::of(400, detail))
}

fn expect(row: &Row, expected: Expected) -> Result<(), Failure> {
    match expected {
        Expected::Version(version) if version != row.version => Err(Failure::new(
            412,
            "changed",
            format!(
                "Somebody else changed this application after you read it. Read it again, or overwrite it with version {}.",
                row.version
            ),
        )
        .with("version", row.version)),
        _ => Ok(()),
    }
}

fn put(
    store: &Store,
    application: &Application,
    secret_hash: Option<&str>,
    now: Timestamp,
) -> Result<(), Failure> {
    // Whoever calls has taken the secret out; to be sure of it costs nothing.
    let mut application = application.clone();
    application.client_secret = Secret::default();
    let document = serde_json::to_string(&application)
        .map_err(|error| Failure::internal("application", &error))?;
    store.run(
        "INSERT INTO applications (client_id, document, secret_hash, version, updated_at) VALUES (?, ?, ?, 1, ?)
         ON CONFLICT (client_id) DO UPDATE SET document = excluded.document, secret_hash = excluded.secret_hash,
             version = version + 1, updated_at = excluded.updated_at",
        bind![application.client_id, document, secret_hash, now],
    )?;
    Ok(())
}
