//! What happens at the desk, and the runbooks that it starts.

use serde_json::{Value, json};
use shared::api::{LiveEvent, StartAnswer};
use shared::desk::{Caller, DeskEvent, DeskRequest, EventSource};
use shared::engine::spread::Spread;
use shared::engine::{PlanDocument, StartedBy};
use shared::model::{ActsOn, DeskAction, RunbookId, Timestamp};
use shared::start::{DeskStart, from_desk};

use super::protocol::Kind;
use super::{Room, document, failed_delivery, live, offered, publication};
use crate::error::Failure;
use crate::runner::client as runners;
use crate::runner::protocol::Start;
use crate::store::Store;
use crate::{bind, clock, desk};

/// Events come again for minutes at most; they are remembered for longer.
const REMEMBERED_MS: Timestamp = 7 * 24 * 60 * 60 * 1000;

/// Deals with an event. It may come again: what was dealt with is not dealt with twice, and a
/// start that was half-way is one start by its key.
pub(super) async fn take(room: &Room, event: &DeskEvent) -> Result<(), Failure> {
    if let DeskEvent::RecordsChanged { resource, ids, .. } = event {
        let (resource, ids) = (resource.clone(), ids.clone());
        // It starts nothing, and telling it twice does no harm: it need not be remembered.
        live::tell(&room.state, &LiveEvent::Records { resource, ids });
        return Ok(());
    }
    if is_known(&room.store, event.event_id())? {
        return Ok(());
    }
    if let DeskEvent::ActionAdded {
        ticket,
        action,
        source,
        ..
    } = event
        // What a run posts starts no runs: it might be itself that it starts.
        && *source != EventSource::Runbook
    {
        let taken = Taken {
            event_id: event.event_id(),
            ticket,
            action,
        };
        for queued in queued_by(&room.store, action)? {
            match start(room, &queued, &taken).await {
                Ok(_) => {}
                // Asking again may help.
                Err(failure) if failure.status >= 500 => return Err(failure),
                Err(failure) => {
                    failed_delivery::keep(&room.store, &queued, &taken, &failure.detail)?;
                    live::tell(&room.state, &LiveEvent::FailedDeliveries);
                    tell_ticket(room, &queued, &taken, &failure.detail.message).await?;
                }
            }
        }
    }
    remember(&room.store, event.event_id())?;
    if let Some(ticket_id) = event.ticket_id() {
        live::tell(&room.state, &LiveEvent::Ticket { ticket_id });
    }
    Ok(())
}

/// A desk action that queues this runbook.
pub(super) struct Queued {
    pub(super) action: DeskAction,
    pub(super) runbook: RunbookId,
}

/// The action that was taken on a ticket, as the desk tells it.
#[derive(Clone, Copy)]
pub(super) struct Taken<'t> {
    pub(super) event_id: &'t str,
    pub(super) ticket: &'t Value,
    pub(super) action: &'t Value,
}

fn queued_by(store: &Store, taken: &Value) -> Result<Vec<Queued>, Failure> {
    let outcome = taken
        .get("outcome")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let mut queued = Vec::new();
    for row in document::list(store, Kind::DeskAction)? {
        let action: DeskAction = row.value()?;
        let is_meant = action.records == ActsOn::Ticket
            && action.outcome().to_lowercase() == outcome.to_lowercase();
        if is_meant && let Some(runbook) = action.queues().cloned() {
            queued.push(Queued { action, runbook });
        }
    }
    Ok(queued)
}

/// Starts a runbook for an action. The same event starts it once.
pub(super) async fn start(
    room: &Room,
    queued: &Queued,
    taken: &Taken<'_>,
) -> Result<StartAnswer, Failure> {
    let published = document::live(&room.store, Kind::Runbook, queued.runbook.as_str())?
        .map(|_| publication::current(&room.store, queued.runbook.as_str()))
        .transpose()?
        .flatten();
    let Some(published) = published else {
        return Err(Failure::conflict(
            "not_published",
            "it is not published. Publish it, then take the action again.",
        ));
    };
    let whole = offered::taken(&room.env, &queued.action, taken.ticket, taken.action).await?;
    let taken = &Taken {
        action: &whole,
        ..*taken
    };
    let start = prepare(room, &published.document, queued, taken)?;
    let spread = Spread::of(&published.document.runbook);
    runners::start(&room.env, &queued.runbook, &spread, start).await
}

fn prepare(
    room: &Room,
    document: &PlanDocument,
    queued: &Queued,
    taken: &Taken<'_>,
) -> Result<Start, Failure> {
    let inputs = from_desk(
        &document.runbook,
        &DeskStart {
            overrides: &queued.action.variables,
            record: (ActsOn::Ticket, &taken.ticket.to_string()),
            action: &taken.action.to_string(),
            halo_url: &room.config.public_url,
        },
    )
    .map_err(|error| Failure::of(400, error))?;
    Ok(Start {
        key: Some(format!("desk-{}", taken.event_id)),
        started_by: StartedBy::Action {
            name: queued.action.name.clone(),
            ticket_id: ticket_id(taken.ticket),
        },
        inputs,
        draft: None,
        wait_ms: None,
    })
}

/// Whoever pressed the button learns on the ticket why nothing happened.
async fn tell_ticket(
    room: &Room,
    queued: &Queued,
    taken: &Taken<'_>,
    why: &str,
) -> Result<(), Failure> {
    let note = format!(
        "The runbook of “{}” was not started: {why}",
        queued.action.name
    );
    let body = json!([{
        "ticket_id": ticket_id(taken.ticket),
        "outcome": "Runbook not started",
        "note": note,
        "hiddenfromuser": true,
    }]);
    let request = DeskRequest {
        caller: Caller::Runbook {
            name: "Nimbus".to_owned(),
            scope: None,
        },
        method: "POST".to_owned(),
        path: "/api/Actions".to_owned(),
        query: String::new(),
        body: body.to_string(),
        key: Some(format!("not-started/{}/{}", taken.event_id, queued.runbook)),
    };
    let answer = desk::client::request(&room.env, request).await?;
    if answer.status >= 500 {
        return Err(Failure::internal("desk event", &answer.body));
    }
    // A ticket that is gone needs to be told nothing.
    Ok(())
}

pub(super) fn ticket_id(ticket: &Value) -> u64 {
    ticket.get("id").and_then(Value::as_u64).unwrap_or_default()
}

fn is_known(store: &Store, event_id: &str) -> Result<bool, Failure> {
    let known: Option<serde::de::IgnoredAny> = store.first(
        "SELECT event_id FROM desk_events WHERE event_id = ?",
        bind![event_id],
    )?;
    Ok(known.is_some())
}

fn remember(store: &Store, event_id: &str) -> Result<(), Failure> {
    let now = clock::now();
    store.run(
        "DELETE FROM desk_events WHERE at < ?",
        bind![now.saturating_sub(REMEMBERED_MS)],
    )?;
    store.run(
        "INSERT OR IGNORE INTO desk_events (event_id, at) VALUES (?, ?)",
        bind![event_id, now],
    )?;
    Ok(())
}
