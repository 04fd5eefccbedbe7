//! Publishing: a draft and what it uses become a version that runs keep to.

use std::collections::HashMap;

use serde::Deserialize;
use shared::api::{List, Publication, PublishReport, PublishedBy, VersionSummary};
use shared::desk::Renamed;
use shared::engine::PlanDocument;
use shared::engine::plan;
use shared::model::{Integration, Runbook, Timestamp};

use super::protocol::Kind;
use super::save::Change;
use super::{delivery, document, problems, record, switched_off};
use crate::audit::{self, Act};
use crate::bind;
use crate::config::Config;
use crate::error::Failure;
use crate::store::{Store, read_body, write_body};

/// What of a runbook is published.
pub(super) struct Current {
    pub(super) document: PlanDocument,
    version: u64,
    published_at: Timestamp,
}

#[derive(Deserialize)]
struct Row {
    version: u64,
    published_at: Timestamp,
}

/// Publishes a draft, unless a problem forbids it. What is published already is not published again.
pub(super) fn publish(change: &Change<'_>, id: &str) -> Result<PublishReport, Failure> {
    let store = change.store;
    let draft: Runbook = document::read(store, Kind::Runbook, id)?.value()?;
    let integrations = record::integrations(store)?;
    let problems = problems::of(store, change.config, &draft, &integrations)?;
    let is_due = match current(store, id)? {
        Some(current) => is_changed(&current, &draft, &integrations),
        None => true,
    };
    if is_due && plan::is_publishable(&problems) {
        let version = next_version(store, id)?;
        let plan = PlanDocument::gather(&draft, &integrations, Some(version));
        keep(change, id, version, &plan)?;
    }
    Ok(PublishReport {
        publication: publication(store, &draft, &integrations)?,
        problems,
    })
}

/// Makes a plan the version that counts from now on.
fn keep(change: &Change<'_>, id: &str, version: u64, plan: &PlanDocument) -> Result<(), Failure> {
    let Change { store, by, now, .. } = *change;
    let body = serde_json::to_vec(plan).map_err(|error| Failure::internal("publish", &error))?;
    write_body(store, &owner(id, version), &body)?;
    store.run(
        "INSERT INTO versions (runbook, version, published_at) VALUES (?, ?, ?)",
        bind![id, version, now],
    )?;
    store.run(
        "INSERT INTO publications (runbook, version) VALUES (?, ?)
         ON CONFLICT (runbook) DO UPDATE SET version = excluded.version",
        bind![id, version],
    )?;
    delivery::mark(store, id)?;
    audit::note(store, by, Act::Publish, Kind::Runbook.as_str(), id, now)
}

/// Has what is published compare with a record's new name. That is a version of its own, which differs in nothing else:
/// runs that are under way keep to theirs.
pub(super) fn follow(change: &Change<'_>, renamed: &Renamed) -> Result<(), Failure> {
    for document in all_current(change.store)? {
        if let Some(mut plan) = renamed.in_plan(&document) {
            let id = plan.runbook.id.to_string();
            let version = next_version(change.store, &id)?;
            plan.version = Some(version);
            keep(change, &id, version, &plan)?;
        }
    }
    Ok(())
}

/// What publishing a draft would say.
pub(super) fn check(
    store: &Store,
    config: &Config,
    id: &str,
    draft: Option<Runbook>,
) -> Result<PublishReport, Failure> {
    let stored: Runbook = document::read(store, Kind::Runbook, id)?.value()?;
    let draft = draft.unwrap_or(stored);
    let integrations = record::integrations(store)?;
    Ok(PublishReport {
        publication: publication(store, &draft, &integrations)?,
        problems: problems::of(store, config, &draft, &integrations)?,
    })
}

/// Ends the publication; the versions stay.
pub(super) fn unpublish(change: &Change<'_>, id: &str) -> Result<(), Failure> {
    document::read(change.store, Kind::Runbook, id)?;
    withdraw(change.store, id)?;
    audit::note(
        change.store,
        change.by,
        Act::Unpublish,
        Kind::Runbook.as_str(),
        id,
        change.now,
    )
}

/// Lets no version count.
pub(super) fn withdraw(store: &Store, id: &str) -> Result<(), Failure> {
    store.run("DELETE FROM publications WHERE runbook = ?", bind![id])?;
    delivery::mark(store, id)
}

/// Removes all versions for good.
pub(super) fn forget(store: &Store, id: &str) -> Result<(), Failure> {
    #[derive(Deserialize)]
    struct Gone {
        version: u64,
    }
    withdraw(store, id)?;
    let gone: Vec<Gone> = store.rows(
        "DELETE FROM versions WHERE runbook = ? RETURNING version",
        bind![id],
    )?;
    for row in gone {
        write_body(store, &owner(id, row.version), &[])?;
    }
    Ok(())
}

/// All versions, the latest first.
pub(super) fn versions(store: &Store, id: &str) -> Result<List<VersionSummary>, Failure> {
    document::read(store, Kind::Runbook, id)?;
    let current = current_row(store, id)?.map(|row| row.version);
    let by = publishers(store, id)?;
    let rows: Vec<Row> = store.rows(
        "SELECT version, published_at FROM versions WHERE runbook = ? ORDER BY version DESC",
        bind![id],
    )?;
    Ok(List {
        items: rows
            .into_iter()
            .map(|row| VersionSummary {
                version: row.version,
                published_at: row.published_at,
                current: current == Some(row.version),
                by: by.get(&row.published_at).copied(),
            })
            .collect(),
        next: None,
    })
}

/// Who published when: a version and the audit log's note of it are one commit, so they have the same time.
fn publishers(store: &Store, id: &str) -> Result<HashMap<Timestamp, PublishedBy>, Failure> {
    #[derive(Deserialize)]
    struct Noted {
        at: Timestamp,
        by: PublishedBy,
    }
    let noted: Vec<Noted> = store.rows(
        "SELECT at, by FROM audit WHERE act = 'publish' AND kind = 'runbook' AND id = ?",
        bind![id],
    )?;
    Ok(noted.into_iter().map(|note| (note.at, note.by)).collect())
}

/// What was published as that version.
pub(super) fn version(store: &Store, id: &str, version: u64) -> Result<PlanDocument, Failure> {
    document::read(store, Kind::Runbook, id)?;
    let row: Option<Row> = store.first(
        "SELECT version, published_at FROM versions WHERE runbook = ? AND version = ?",
        bind![id, version],
    )?;
    if row.is_none() {
        return Err(Failure::not_found("The version"));
    }
    stored(store, id, version)
}

/// What of a draft is published, and whether the draft or what it uses has changed since.
pub(super) fn publication(
    store: &Store,
    draft: &Runbook,
    integrations: &[Integration],
) -> Result<Publication, Failure> {
    let switched_off = switched_off::reason(store, draft)?;
    Ok(match current(store, draft.id.as_str())? {
        None => Publication {
            switched_off,
            ..Publication::default()
        },
        Some(current) => Publication {
            version: Some(current.version),
            published_at: Some(current.published_at),
            changed: is_changed(&current, draft, integrations),
            switched_off,
        },
    })
}

/// The published version.
pub(super) fn current(store: &Store, id: &str) -> Result<Option<Current>, Failure> {
    let Some(row) = current_row(store, id)? else {
        return Ok(None);
    };
    Ok(Some(Current {
        document: stored(store, id, row.version)?,
        version: row.version,
        published_at: row.published_at,
    }))
}

/// The plan of a version that there is.
fn stored(store: &Store, id: &str, version: u64) -> Result<PlanDocument, Failure> {
    let body = read_body(store, &owner(id, version))?;
    serde_json::from_slice(&body)
        .map_err(|error| Failure::internal("publication", &format_args!("{id}: {error}")))
}

/// Whether a version of the runbook counts.
pub(super) fn is_published(store: &Store, id: &str) -> Result<bool, Failure> {
    Ok(current_row(store, id)?.is_some())
}

/// The plans of everything that is published.
pub(super) fn all_current(store: &Store) -> Result<Vec<PlanDocument>, Failure> {
    #[derive(Deserialize)]
    struct Published {
        runbook: String,
    }
    let rows: Vec<Published> =
        store.rows("SELECT runbook FROM publications ORDER BY runbook", bind![])?;
    let mut documents = Vec::with_capacity(rows.len());
    for row in rows {
        documents.extend(current(store, &row.runbook)?.map(|current| current.document));
    }
    Ok(documents)
}

fn current_row(store: &Store, id: &str) -> Result<Option<Row>, Failure> {
    store.first(
        "SELECT versions.version, published_at FROM publications
         JOIN versions USING (runbook, version) WHERE runbook = ?",
        bind![id],
    )
}

fn next_version(store: &Store, id: &str) -> Result<u64, Failure> {
    #[derive(Deserialize)]
    struct Next {
        version: u64,
    }
    let next: Option<Next> = store.first(
        "SELECT COALESCE(MAX(version), 0) + 1 AS version FROM versions WHERE runbook = ?",
        bind![id],
    )?;
    Ok(next.map_or(1, |next| next.version))
}

/// Whether publishing would change what runs. Being switched on counts at once, so it is no difference.
fn is_changed(current: &Current, draft: &Runbook, integrations: &[Integration]) -> bool {
    let mut now = PlanDocument::gather(draft, integrations, Some(current.version));
    now.runbook.enabled = current.document.runbook.enabled;
    now != current.document
}

/// Names a plan among all bodies.
fn owner(id: &str, version: u64) -> String {
    format!("version/{id}/{version}")
}
