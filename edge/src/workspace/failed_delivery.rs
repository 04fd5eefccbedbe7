//! Starts from the desk that came to nothing: they stay listed until somebody dismisses them, or has them tried
//! again.

use serde::Deserialize;
use serde_json::Value;
use shared::api::{FailedDelivery, List, StartAnswer};
use shared::model::{DeskAction, Runbook, RunbookId};
use shared::problem::ErrorDetail;

use super::desk_event::{self, Queued, Taken};
use super::protocol::Kind;
use super::{Room, document};
use crate::error::Failure;
use crate::store::Store;
use crate::{bind, clock};

/// How many are listed.
const LISTED: u32 = 200;

#[derive(Deserialize)]
struct Row {
    id: u64,
    at: u64,
    event_id: String,
    action: String,
    runbook: String,
    error: String,
    ticket: String,
    taken: String,
}

/// Keeps a start that came to nothing. It may be told again.
pub(super) fn keep(
    store: &Store,
    queued: &Queued,
    taken: &Taken<'_>,
    error: &ErrorDetail,
) -> Result<(), Failure> {
    store.run(
        "INSERT INTO failed_deliveries (at, event_id, action, runbook, error, ticket, taken)
         VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (event_id, runbook) DO UPDATE SET error = excluded.error",
        bind![
            clock::now(),
            taken.event_id,
            queued.action.name.as_str(),
            queued.runbook.as_str(),
            json(error)?,
            json(taken.ticket)?,
            json(taken.action)?,
        ],
    )?;
    Ok(())
}

/// The latest first.
pub(super) fn list(store: &Store) -> Result<List<FailedDelivery>, Failure> {
    let rows: Vec<Row> = store.rows(
        "SELECT * FROM failed_deliveries ORDER BY id DESC LIMIT ?",
        bind![LISTED],
    )?;
    let items = rows.into_iter().map(|row| {
        let runbook = document::live(store, Kind::Runbook, &row.runbook)?;
        let runbook: Option<Runbook> = runbook.map(|row| row.value()).transpose()?;
        Ok(FailedDelivery {
            id: row.id,
            at: row.at,
            ticket_id: desk_event::ticket_id(&value(&row.ticket)?),
            action: row.action,
            runbook: runbook_id(&row.runbook)?,
            runbook_name: runbook.map(|runbook| runbook.name),
            error: value(&row.error)?,
        })
    });
    Ok(List {
        items: items.collect::<Result<_, Failure>>()?,
        next: None,
    })
}

/// Takes one off the list.
pub(super) fn dismiss(store: &Store, id: u64) -> Result<(), Failure> {
    row(store, id)?;
    remove(store, id)
}

/// Starts the runbook after all; what comes of it is told, and an error stands on the list from then on.
pub(super) async fn retry(room: &Room, id: u64) -> Result<StartAnswer, Failure> {
    let row = row(&room.store, id)?;
    let action = document::live(&room.store, Kind::DeskAction, &row.action)?.ok_or_else(|| {
        Failure::conflict(
            "action_gone",
            format!(
                "The action “{}” does not exist any more. Dismiss this start, and start the runbook by hand.",
                row.action
            ),
        )
    })?;
    let action: DeskAction = action.value()?;
    let queued = Queued {
        action,
        runbook: runbook_id(&row.runbook)?,
    };
    let (ticket, action): (Value, Value) = (value(&row.ticket)?, value(&row.taken)?);
    let taken = Taken {
        event_id: &row.event_id,
        ticket: &ticket,
        action: &action,
    };
    let started = desk_event::start(room, &queued, &taken).await;
    match &started {
        Ok(_) => remove(&room.store, id)?,
        Err(failure) => keep(&room.store, &queued, &taken, &failure.detail)?,
    }
    started
}

fn row(store: &Store, id: u64) -> Result<Row, Failure> {
    let row = store.first("SELECT * FROM failed_deliveries WHERE id = ?", bind![id])?;
    row.ok_or_else(|| Failure::not_found("This start"))
}

fn remove(store: &Store, id: u64) -> Result<(), Failure> {
    store.run("DELETE FROM failed_deliveries WHERE id = ?", bind![id])?;
    Ok(())
}

fn runbook_id(text: &str) -> Result<RunbookId, Failure> {
    RunbookId::parse(text).map_err(|error| Failure::internal("failed delivery", &error))
}

fn json<T: serde::Serialize>(document: &T) -> Result<String, Failure> {
    serde_json::to_string(document).map_err(|error| Failure::internal("failed delivery", &error))
}

fn value<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Failure> {
    serde_json::from_str(text).map_err(|error| Failure::internal("failed delivery", &error))
}
