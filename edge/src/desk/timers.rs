//! What becomes due at tickets: kept in the commit of the change that it comes of, so that what was due while nobody
//! looked comes late, and comes once.

use serde::Deserialize;
use shared::desk::{DeskError, DeskEvent};
use shared::model::Timestamp;

use super::{Opened, service_level, workflow};
use crate::bind;
use crate::error::{Failure, log};
use crate::store::Store;

pub(super) const TABLE: &str = "
    CREATE TABLE timers (
        ticket_id INTEGER NOT NULL,
        kind TEXT NOT NULL,
        -- Which of the ticket's of that kind.
        name TEXT NOT NULL,
        due_at INTEGER NOT NULL,
        PRIMARY KEY (ticket_id, kind, name)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX timers_by_due ON timers (due_at);";

/// As many are looked at in a row; requests are answered in between.
const BATCH: u32 = 100;

/// How long one waits that could not be dealt with.
const PAUSE_MS: u64 = 60_000;

/// What a timer is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    Workflow,
    ServiceLevel,
}

impl Kind {
    /// As in the table.
    fn as_str(self) -> &'static str {
        match self {
            Self::Workflow => "workflow",
            Self::ServiceLevel => "service_level",
        }
    }
}

/// A timer that is due.
#[derive(Debug, Deserialize)]
pub(super) struct Timer {
    pub(super) ticket_id: u64,
    pub(super) kind: Kind,
    pub(super) name: String,
    pub(super) due_at: Timestamp,
}

/// Sets those of a ticket, in place of all that it had of the kind; none clears them. To be called in the transaction
/// of the change.
pub(super) fn replace(
    store: &Store,
    kind: Kind,
    ticket_id: u64,
    timers: &[(String, Timestamp)],
) -> Result<(), Failure> {
    store.run(
        "DELETE FROM timers WHERE ticket_id = ? AND kind = ?",
        bind![ticket_id, kind.as_str()],
    )?;
    for (name, due_at) in timers {
        store.run(
            "INSERT INTO timers (ticket_id, kind, name, due_at) VALUES (?, ?, ?, ?)",
            bind![ticket_id, kind.as_str(), name, *due_at],
        )?;
    }
    Ok(())
}

/// One of a ticket's.
pub(super) fn of(store: &Store, kind: Kind, ticket_id: u64) -> Result<Option<Timer>, Failure> {
    store.first(
        "SELECT ticket_id, kind, name, due_at FROM timers WHERE ticket_id = ? AND kind = ?",
        bind![ticket_id, kind.as_str()],
    )
}

/// When the next one is due.
pub(super) fn next(store: &Store) -> Result<Option<Timestamp>, Failure> {
    #[derive(Deserialize)]
    struct Next {
        due_at: Option<Timestamp>,
    }
    let next: Option<Next> = store.first("SELECT MIN(due_at) AS due_at FROM timers", bind![])?;
    Ok(next.and_then(|next| next.due_at))
}

/// Deals with what is due, one commit for each. Those after a batch are due still.
pub(super) fn look(opened: &Opened, now: Timestamp) -> Result<(), Failure> {
    let Opened { store, outbox, .. } = opened;
    let timers: Vec<Timer> = store.rows(
        "SELECT ticket_id, kind, name, due_at FROM timers WHERE due_at <= ? ORDER BY due_at LIMIT ?",
        bind![now, BATCH],
    )?;
    for timer in timers {
        let done = store.atomically(|| {
            // First, because what is done may set it anew.
            store.run(
                "DELETE FROM timers WHERE ticket_id = ? AND kind = ? AND name = ?",
                bind![timer.ticket_id, timer.kind.as_str(), timer.name],
            )?;
            let events = due(opened, &timer, now)?;
            Ok::<_, DeskError>(outbox.add(&events, now)?)
        });
        if let Err(error) = done {
            log(&format!(
                "timer of ticket {}, due at {}: {error}",
                timer.ticket_id, timer.due_at
            ));
            store.run(
                "UPDATE timers SET due_at = ? WHERE ticket_id = ? AND kind = ? AND name = ?",
                bind![
                    now + PAUSE_MS,
                    timer.ticket_id,
                    timer.kind.as_str(),
                    timer.name
                ],
            )?;
        }
    }
    Ok(())
}

/// What comes of it. What it writes is in the commit that takes the timer away.
fn due(opened: &Opened, timer: &Timer, now: Timestamp) -> Result<Vec<DeskEvent>, DeskError> {
    match timer.kind {
        Kind::Workflow => workflow::due(&opened.store, timer, now),
        Kind::ServiceLevel => service_level::due(&opened.store, timer, now),
    }
}
