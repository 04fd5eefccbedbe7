//! Documents as rows: versions, deletion and restoring, the same for all kinds.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use shared::model::Timestamp;

use super::protocol::{Expected, Kind};
use crate::bind;
use crate::error::Failure;
use crate::store::Store;

/// How long what was deleted can be restored.
pub(super) const KEPT_DELETED_MS: Timestamp = 30 * 24 * 60 * 60 * 1000;

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
    live(store, kind, id)?.ok_or_else(|| missing(kind))
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

/// Takes a deletion back.
pub(super) fn restore(store: &Store, kind: Kind, id: &str, now: Timestamp) -> Result<(), Failure> {
    store.run(
        "UPDATE documents SET deleted_at = NULL, version = version + 1, updated_at = ?
         WHERE kind = ? AND id = ?",
        bind![now, kind.as_str(), id],
    )?;
    Ok(())
}

/// Removes for good what was deleted too long ago; gives what went.
pub(super) fn purge(store: &Store, now: Timestamp) -> Result<Vec<(String, String)>, Failure> {
    #[derive(Deserialize)]
    struct Gone {
        kind: String,
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
