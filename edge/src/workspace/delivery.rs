//! Telling the Runners what they execute.
//!
//! A change marks the runbooks that it concerns in its own commit. What is delivered is always the
//! whole of how a runbook stands, so a delivery can be repeated, and only the last one counts.

use serde::Deserialize;
use shared::engine::{PlanDocument, plan, spread};
use shared::model::{Integration, Method, Runbook, RunbookId};
use worker::Env;

use super::protocol::Kind;
use super::{document, publication, secret, spread_failures};
use crate::bind;
use crate::clock;
use crate::error::{Failure, log};
use crate::runner::client as runners;
use crate::runner::protocol::{Credential, Installation, Owner};
use crate::store::Store;

/// How a Runner must stand.
enum Target {
    Installed(Box<Installation>),
    Removed,
}

#[derive(Deserialize)]
struct Row {
    runbook: String,
    revision: u64,
    /// How many of its objects were ever told anything.
    shards: u16,
}

/// Notes that a runbook's Runner must be told something. One that was never published has none.
pub(super) fn mark(store: &Store, runbook: &str) -> Result<(), Failure> {
    store.run(
        "INSERT INTO installations (runbook, revision, delivered)
         SELECT ?1, 1, 0 WHERE EXISTS (SELECT 1 FROM versions WHERE runbook = ?1)
         ON CONFLICT (runbook) DO UPDATE SET revision = revision + 1",
        bind![runbook],
    )?;
    Ok(())
}

/// Delivers what is marked. What does not arrive stays marked, and is in the log.
pub(super) async fn deliver(store: &Store, env: &Env) -> Result<(), Failure> {
    for row in pending(store)? {
        if let Err(failure) = deliver_one(store, env, &row).await {
            log(&format!(
                "The Runner of {} was not told: {}",
                row.runbook, failure.detail
            ));
        }
    }
    Ok(())
}

/// Whether something is yet to be delivered.
pub(super) fn is_pending(store: &Store) -> Result<bool, Failure> {
    Ok(!pending(store)?.is_empty())
}

/// How many objects of a runbook were ever told anything.
pub(super) fn told(store: &Store, runbook: &str) -> Result<u16, Failure> {
    #[derive(Deserialize)]
    struct Told {
        shards: u16,
    }
    let row: Option<Told> = store.first(
        "SELECT shards FROM installations WHERE runbook = ?",
        bind![runbook],
    )?;
    Ok(row.map_or(0, |row| row.shards))
}

fn pending(store: &Store) -> Result<Vec<Row>, Failure> {
    store.rows(
        "SELECT runbook, revision, shards FROM installations WHERE delivered < revision ORDER BY runbook",
        bind![],
    )
}

async fn deliver_one(store: &Store, env: &Env, row: &Row) -> Result<(), Failure> {
    let runbook = row.runbook.as_str();
    let (mut revision, mut shards) = (row.revision, row.shards);
    let id = runbook_id(runbook)?;
    loop {
        match target(store, &id)? {
            Target::Installed(installation) => {
                if installation.enabled {
                    spread_failures::begin(store, &installation.document.runbook, clock::now())?;
                } else {
                    spread_failures::end(store, runbook)?;
                }
                // A start may still be on its way to one of those that were in use before.
                shards = shards.max(spread::shards(&installation.document.runbook));
                store.run(
                    "UPDATE installations SET shards = ? WHERE runbook = ?",
                    bind![shards, runbook],
                )?;
                runners::install(env, *installation, shards).await?;
            }
            Target::Removed => {
                spread_failures::end(store, runbook)?;
                runners::remove(env, &id, shards).await?;
            }
        }
        store.run(
            "UPDATE installations SET delivered = MAX(delivered, ?) WHERE runbook = ?",
            bind![revision, runbook],
        )?;
        // What has changed meanwhile may have overtaken this delivery.
        let now: Option<Row> = store.first(
            "SELECT runbook, revision, shards FROM installations WHERE runbook = ?",
            bind![runbook],
        )?;
        match now {
            Some(now) if now.revision > revision => revision = now.revision,
            _ => return Ok(()),
        }
    }
}

fn target(store: &Store, id: &RunbookId) -> Result<Target, Failure> {
    let draft = document::live(store, Kind::Runbook, id.as_str())?;
    let current = publication::current(store, id.as_str())?;
    let (Some(draft), Some(current)) = (draft, current) else {
        return Ok(Target::Removed);
    };
    let draft: Runbook = draft.value()?;
    let mut document = current.document;
    // A key that has got out must not be good until somebody publishes.
    document.runbook.start.take_ends_from(&draft.start);
    Ok(Target::Installed(Box::new(installation(
        store,
        document,
        draft.enabled,
    )?)))
}

/// A plan with the secrets that it needs.
pub(super) fn installation(
    store: &Store,
    document: PlanDocument,
    enabled: bool,
) -> Result<Installation, Failure> {
    let credentials = credentials(store, &document)?;
    Ok(Installation {
        document,
        enabled,
        shard: 0,
        credentials,
    })
}

/// The secrets as they are now, each with where it may go now: a plan that was published for another address
/// or login does not get them.
fn credentials(store: &Store, plan: &PlanDocument) -> Result<Vec<Credential>, Failure> {
    let runbook = Owner::Runbook(plan.runbook.id.clone());
    let mut credentials = secret::credentials(store, &runbook, "")?;
    for used in &plan.integrations {
        let Some(row) = document::live(store, Kind::Integration, used.id.as_str())? else {
            continue;
        };
        let now: Integration = row.value()?;
        credentials.extend(secret::credentials(
            store,
            &Owner::Integration(used.id.clone()),
            &plan::destination(&now, &now.auth),
        )?);
        for method in &used.methods {
            let Some(row) = document::live(store, Kind::Method, method.id.as_str())? else {
                continue;
            };
            let method: Method = row.value()?;
            if let Some(auth) = &method.auth {
                credentials.extend(secret::credentials(
                    store,
                    &Owner::Method(method.id.clone()),
                    &plan::destination(&now, auth),
                )?);
            }
        }
    }
    Ok(credentials)
}

fn runbook_id(text: &str) -> Result<RunbookId, Failure> {
    RunbookId::parse(text).map_err(|error| Failure::internal("installations", &error))
}
