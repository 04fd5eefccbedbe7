//! Documents as rows: versions, deletion and restoring, the same for all kinds.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use shared::api::{DELETED, DeletedDocument, KEPT_DELETED_MS, List, MOST_DELETED};
use shared::model::{EventKind, IntegrationId, Timestamp};

use super::protocol::{Expected, Kind};
use crate::bind;
use crate::error::Failure;
use crate::store::Store;

/// The most that a document may hold, in bytes: a row takes 2 MB.
const LIMIT_BYTES: usize = 1024 * 1024;

/// A stored document.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Row {
    pub(super) id: String,
    pub(super) parent: Option<String>,
    pub(super) version: u64,
    pub(super) updated_at: Timestamp,
    pub(super) deleted_at: Option<Timestamp>,
    body: String,
}

const COLUMNS: &str = "id, parent, version, updated_at, deleted_at, body";

impl Row {
    pub(super) fn value<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        serde_json::from_str(&self.body)
            .map_err(|error| Failure::internal("document", &format_args!("{}: {error}", self.id)))
    }
}

/// A document, deleted or not.
pub(super) fn find(store: &Store, kind: Kind, id: &str) -> Result<Option<Row>, Failure> {
    store.first(
        &format!("SELECT {COLUMNS} FROM documents WHERE kind = ? AND id = ?"),
        bind![kind.as_str(), id],
    )
}

/// A document that is there.
pub(super) fn live(store: &Store, kind: Kind, id: &str) -> Result<Option<Row>, Failure> {
    Ok(find(store, kind, id)?.filter(|row| row.deleted_at.is_none()))
}

/// A document that must be there.
pub(super) fn read(store: &Store, kind: Kind, id: &str) -> Result<Row, Failure> {
    match find(store, kind, id)? {
        Some(row) if row.deleted_at.is_none() => Ok(row),
        Some(_) => Err(is_deleted(kind)),
        None => Err(missing(kind)),
    }
}

/// All that are there, in the order in which they were made.
pub(super) fn list(store: &Store, kind: Kind) -> Result<Vec<Row>, Failure> {
    store.rows(
        &format!(
            "SELECT {COLUMNS} FROM documents WHERE kind = ? AND deleted_at IS NULL ORDER BY position"
        ),
        bind![kind.as_str()],
    )
}

/// The methods of an integration, in the order in which they were made.
pub(super) fn children(store: &Store, parent: &str) -> Result<Vec<Row>, Failure> {
    store.rows(
        &format!(
            "SELECT {COLUMNS} FROM documents
             WHERE kind = ? AND parent = ? AND deleted_at IS NULL ORDER BY position"
        ),
        bind![Kind::Method.as_str(), parent],
    )
}

/// Writes a document, new or not; its version grows, also beyond a deletion.
pub(super) fn write(
    store: &Store,
    kind: Kind,
    id: &str,
    parent: Option<&str>,
    body: &impl serde::Serialize,
    now: Timestamp,
) -> Result<(), Failure> {
    let body =
        serde_json::to_string(body).map_err(|error| Failure::internal("document", &error))?;
    if body.len() > LIMIT_BYTES {
        return Err(Failure::new(
            413,
            "too_large",
            format!("The {} is larger than 1 MiB. Split it.", kind.words()),
        ));
    }
    store.run(
        "INSERT INTO documents (kind, id, parent, position, version, updated_at, body)
         VALUES (?, ?, ?, (SELECT COALESCE(MAX(position), 0) + 1 FROM documents), 1, ?, ?)
         ON CONFLICT (kind, id) DO UPDATE SET
             parent = excluded.parent,
             version = version + 1,
             updated_at = excluded.updated_at,
             position = CASE WHEN deleted_at IS NULL THEN position ELSE excluded.position END,
             deleted_at = NULL,
             body = excluded.body",
        bind![kind.as_str(), id, parent, now, body],
    )?;
    Ok(())
}

/// Puts a document before another one, or last.
pub(super) fn move_before(
    store: &Store,
    kind: Kind,
    id: &str,
    before: Option<&str>,
) -> Result<(), Failure> {
    #[derive(Deserialize)]
    struct Place {
        id: String,
        position: u64,
    }
    let places: Vec<Place> = store.rows(
        "SELECT id, position FROM documents WHERE kind = ? AND deleted_at IS NULL ORDER BY position",
        bind![kind.as_str()],
    )?;
    let others = places.iter().map(|place| place.id.as_str());
    let mut order: Vec<&str> = others.filter(|other| *other != id).collect();
    let at = order.iter().position(|other| Some(*other) == before);
    order.insert(at.unwrap_or(order.len()), id);
    for (place, id) in places.iter().zip(order) {
        if place.id != id {
            store.run(
                "UPDATE documents SET position = ? WHERE kind = ? AND id = ?",
                bind![place.position, kind.as_str(), id],
            )?;
        }
    }
    Ok(())
}

/// Marks a document as deleted.
pub(super) fn delete(store: &Store, kind: Kind, id: &str, now: Timestamp) -> Result<(), Failure> {
    store.run(
        "UPDATE documents SET deleted_at = ?, version = version + 1 WHERE kind = ? AND id = ?",
        bind![now, kind.as_str(), id],
    )?;
    Ok(())
}

/// Removes a document for good.
pub(super) fn remove(store: &Store, kind: Kind, id: &str) -> Result<(), Failure> {
    store.run(
        "DELETE FROM documents WHERE kind = ? AND id = ?",
        bind![kind.as_str(), id],
    )?;
    Ok(())
}

/// Takes a deletion back.
pub(super) fn restore(store: &Store, kind: Kind, id: &str, now: Timestamp) -> Result<(), Failure> {
    store.run(
        "UPDATE documents SET deleted_at = NULL, version = version + 1, updated_at = ?
         WHERE kind = ? AND id = ?",
        bind![now, kind.as_str(), id],
    )?;
    Ok(())
}

/// What was deleted and can be brought back, the newest first. Methods that went with their integration come with it.
pub(super) fn deleted(store: &Store, now: Timestamp) -> Result<List<DeletedDocument>, Failure> {
    #[derive(Deserialize)]
    struct Found {
        kind: Kind,
        id: String,
        parent: Option<IntegrationId>,
        name: Option<String>,
        /// Of an event trigger, which may have no name of its own.
        event: Option<EventKind>,
        deleted_at: Timestamp,
    }
    let found: Vec<Found> = store.rows(
        "SELECT kind, id, parent, json_extract(body, '$.name') AS name, deleted_at,
             CASE kind WHEN ? THEN json_extract(body, '$.event') END AS event
         FROM documents AS document
         WHERE deleted_at >= ? AND NOT EXISTS (
             SELECT 1 FROM documents AS integration
             WHERE integration.kind = ? AND integration.id = document.parent
                 AND integration.deleted_at = document.deleted_at)
         ORDER BY deleted_at DESC, position DESC LIMIT ?",
        bind![
            Kind::EventTrigger.as_str(),
            now.saturating_sub(KEPT_DELETED_MS),
            Kind::Integration.as_str(),
            MOST_DELETED
        ],
    )?;
    let found = found.into_iter().map(|row| {
        let name = row.name.filter(|name| !name.trim().is_empty());
        let event = row.event.map(|event| event.title().to_owned());
        DeletedDocument {
            kind: row.kind,
            name: name.or(event).unwrap_or_else(|| row.id.clone()),
            id: row.id,
            integration: row.parent,
            deleted_at: row.deleted_at,
            until: row.deleted_at.saturating_add(KEPT_DELETED_MS),
        }
    });
    Ok(List {
        items: found.collect(),
        next: None,
    })
}

/// Removes for good what was deleted too long ago; gives what went.
pub(super) fn purge(store: &Store, now: Timestamp) -> Result<Vec<(Kind, String)>, Failure> {
    #[derive(Deserialize)]
    struct Gone {
        kind: Kind,
        id: String,
    }
    let gone: Vec<Gone> = store.rows(
        "DELETE FROM documents WHERE deleted_at < ? RETURNING kind, id",
        bind![now.saturating_sub(KEPT_DELETED_MS)],
    )?;
    Ok(gone.into_iter().map(|row| (row.kind, row.id)).collect())
}

/// Refuses a change to another version than the one that was read.
pub(super) fn expect(kind: Kind, row: &Row, expected: Expected) -> Result<(), Failure> {
    match expected {
        Expected::Version(version) if version != row.version => Err(Failure::new(
            412,
            "changed",
            format!(
                "Somebody else changed this {} after you read it. Read it again, or overwrite it with version {}.",
                kind.words(),
                row.version
            ),
        )
        .with("version", row.version)),
        _ => Ok(()),
    }
}

pub(super) fn missing(kind: Kind) -> Failure {
    Failure::not_found(&format!("The {}", kind.words()))
}

/// Refuses to work with a document that was deleted, and says what brings it back.
fn is_deleted(kind: Kind) -> Failure {
    let also = match kind {
        Kind::Method => ", alone or with its integration",
        _ => "",
    };
    let words = kind.words();
    let message = format!(
        "The {words} was deleted{also}. Bring it back under Settings > Deleted, within 30 days, then try again."
    );
    Failure::new(404, DELETED, message)
}
