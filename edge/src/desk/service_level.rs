//! Service levels: what is kept of them and of the tickets that they count for.

mod change;

use serde::Deserialize;
use shared::api::{List, Record, ServiceLevelRecord};
use shared::desk::service_level::{Look, ServiceLevel, Track, Tracked};
use shared::desk::{Access, Desk, DeskError, DeskEvent};
use shared::model::Timestamp;

use super::html::Sanitizer;
use super::tables::Tables;
use super::timers::{self, Kind, Timer};
use crate::error::Failure;
use crate::store::Store;
use crate::{bind, random};

pub(super) use change::{Change, answer};

/// Of a ticket, `track` is a [`Track`], and `next_at` when its timer is due.
pub(super) const TABLES: &str = "
    CREATE TABLE service_levels (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        document TEXT NOT NULL,
        version INTEGER NOT NULL,
        updated_at INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE ticket_tracks (
        ticket_id INTEGER PRIMARY KEY,
        track TEXT NOT NULL,
        next_at INTEGER
    ) STRICT;
    CREATE TRIGGER ticket_gone AFTER DELETE ON ticket BEGIN
        DELETE FROM ticket_tracks WHERE ticket_id = old.id;
        DELETE FROM timers WHERE ticket_id = old.id AND kind = 'service_level';
    END;
    ALTER TABLE ticket ADD COLUMN sla_id INTEGER;
    ALTER TABLE ticket ADD COLUMN sla_name TEXT;
    ALTER TABLE ticket ADD COLUMN respondbydate TEXT;
    ALTER TABLE ticket ADD COLUMN responsedate TEXT;
    ALTER TABLE ticket ADD COLUMN slaresponsestate TEXT;
    ALTER TABLE ticket ADD COLUMN slaresponsestanding TEXT;
    ALTER TABLE ticket ADD COLUMN fixbydate TEXT;
    ALTER TABLE ticket ADD COLUMN slastate TEXT;
    ALTER TABLE ticket ADD COLUMN slastanding TEXT;
    ALTER TABLE ticket ADD COLUMN onhold INTEGER;
    ALTER TABLE ticket ADD COLUMN slaactiondate TEXT;
    CREATE INDEX ticket_by_due ON ticket (slaactiondate IS NULL, slaactiondate, id);";

/// After service levels were changed, so many open tickets are looked at in one commit.
const BATCH: u32 = 100;

/// No ticket has this number: its timer is that of the tickets which are still to be looked at.
const ALL_OPEN: u64 = 0;

const OPEN: &str = "status_id IN (SELECT id FROM status WHERE isclosed = 0)";

/// A row of the table.
#[derive(Deserialize)]
struct Row {
    id: u64,
    document: String,
    version: u64,
    updated_at: Timestamp,
}

impl Row {
    fn level(&self) -> Result<ServiceLevel, Failure> {
        let mut level: ServiceLevel = serde_json::from_str(&self.document)
            .map_err(|error| Failure::internal("stored service level", &error))?;
        level.id = self.id;
        Ok(level)
    }

    fn record(&self, store: &Store) -> Result<ServiceLevelRecord, Failure> {
        Ok(ServiceLevelRecord {
            record: Record {
                value: self.level()?,
                version: self.version,
                updated_at: self.updated_at,
                missing_secrets: Vec::new(),
            },
            open_tickets: open_tickets(store, Some(self.id), 0)?,
            still_to_look_at: still_to_look_at(store)?,
        })
    }
}

fn rows(store: &Store) -> Result<Vec<Row>, Failure> {
    store.rows("SELECT * FROM service_levels ORDER BY id", bind![])
}

fn found(store: &Store, id: u64) -> Result<Row, Failure> {
    let row = store.first("SELECT * FROM service_levels WHERE id = ?", bind![id])?;
    row.ok_or_else(|| Failure::not_found("The service level"))
}

/// All of them.
pub(super) fn all(store: &Store) -> Result<Vec<ServiceLevel>, Failure> {
    rows(store)?.iter().map(Row::level).collect()
}

fn list(store: &Store) -> Result<List<ServiceLevelRecord>, Failure> {
    let mut items = rows(store)?
        .iter()
        .map(|row| row.record(store))
        .collect::<Result<Vec<_>, _>>()?;
    items.sort_by_cached_key(|item| item.record.value.name.to_lowercase());
    Ok(List { items, next: None })
}

/// How many open tickets there are after one: those of a service level, or all.
fn open_tickets(store: &Store, level: Option<u64>, after: u64) -> Result<u64, Failure> {
    #[derive(Deserialize)]
    struct Count {
        count: u64,
    }
    let row: Option<Count> = store.first(
        &format!("SELECT COUNT(*) AS count FROM ticket WHERE {OPEN} AND id > ?1 AND (?2 IS NULL OR sla_id = ?2)"),
        bind![after, level],
    )?;
    Ok(row.map_or(0, |row| row.count))
}

/// What is kept beside a ticket.
pub(super) fn track(store: &Store, ticket: u64) -> Result<Option<Track>, Failure> {
    #[derive(Deserialize)]
    struct Kept {
        track: String,
    }
    let row: Option<Kept> = store.first(
        "SELECT track FROM ticket_tracks WHERE ticket_id = ?",
        bind![ticket],
    )?;
    row.map(|row| {
        serde_json::from_str(&row.track).map_err(|error| Failure::internal("track", &error))
    })
    .transpose()
}

/// Keeps it, and has the ticket looked at again when its time comes.
pub(super) fn keep_track(store: &Store, ticket: u64, tracked: &Tracked) -> Result<(), Failure> {
    let track = serde_json::to_string(&tracked.track)
        .map_err(|error| Failure::internal("track", &error))?;
    let written = store.run(
        "INSERT INTO ticket_tracks (ticket_id, track, next_at) VALUES (?, ?, ?)
         ON CONFLICT (ticket_id) DO UPDATE SET track = excluded.track, next_at = excluded.next_at
         WHERE track IS NOT excluded.track OR next_at IS NOT excluded.next_at",
        bind![ticket, track, tracked.next],
    )?;
    if written == 0 {
        return Ok(());
    }
    let next = tracked.next.map(|at| ("next".to_owned(), at));
    timers::replace(store, Kind::ServiceLevel, ticket, next.as_slice())
}

/// Looks at the ticket whose timer is due, or at the next of all open ones.
pub(super) fn due(
    store: &Store,
    timer: &Timer,
    now: Timestamp,
) -> Result<Vec<DeskEvent>, DeskError> {
    let tables = Tables::new(store);
    let unique = random::uuid()?;
    let desk = Desk {
        records: &tables,
        html: &Sanitizer,
        access: &Access::clock(),
        now,
        unique: &unique,
    };
    if timer.ticket_id == ALL_OPEN {
        let last = look_at_open(store, &desk, timer.after())?;
        if let Some(last) = last {
            set_after(store, last, now)?;
        }
        return Ok(Vec::new());
    }
    desk.look_at(timer.ticket_id, Look::Told)
}

/// Looks at some open tickets after one; gives the last of them where there are more.
fn look_at_open(store: &Store, desk: &Desk<'_>, after: u64) -> Result<Option<u64>, DeskError> {
    #[derive(Deserialize)]
    struct Open {
        id: u64,
    }
    let tickets: Vec<Open> = store.rows(
        &format!("SELECT id FROM ticket WHERE {OPEN} AND id > ? ORDER BY id LIMIT ?"),
        bind![after, BATCH],
    )?;
    for ticket in &tickets {
        desk.look_at(ticket.id, Look::Silent)?;
    }
    let is_full = tickets.len() == usize::try_from(BATCH).unwrap_or(usize::MAX);
    Ok(tickets.last().map(|last| last.id).filter(|_| is_full))
}

fn set_after(store: &Store, after: u64, now: Timestamp) -> Result<(), Failure> {
    let timer = (format!("after {after}"), now);
    timers::replace(store, Kind::ServiceLevel, ALL_OPEN, &[timer])
}

/// How many open tickets are still to be looked at.
fn still_to_look_at(store: &Store) -> Result<u64, Failure> {
    match timers::of(store, Kind::ServiceLevel, ALL_OPEN)? {
        Some(timer) => open_tickets(store, None, timer.after()),
        None => Ok(0),
    }
}

impl Timer {
    /// The ticket up to which all were looked at.
    fn after(&self) -> u64 {
        let number = self.name.strip_prefix("after ");
        number.and_then(|number| number.parse().ok()).unwrap_or(0)
    }
}
