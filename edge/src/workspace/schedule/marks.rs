//! Up to when each schedule was looked at, and the times that came due and are yet to start something. Both are written
//! in one commit, so that no time is passed over, and none comes twice.

use serde::Deserialize;
use shared::model::{Schedule, ScheduleId, Timestamp};
use shared::schedule::{Occasion, Timing};

use crate::bind;
use crate::error::Failure;
use crate::store::Store;

pub(in crate::workspace) const TABLES: &str = "
    CREATE TABLE schedule_marks (
        schedule TEXT PRIMARY KEY,
        -- When it comes due. One that is changed to something else begins anew.
        goes_by TEXT NOT NULL,
        by_dates INTEGER NOT NULL,
        looked_at INTEGER NOT NULL,
        -- When it is worth looking again; where it never is, there is nothing.
        look_at INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE schedule_occasions (
        schedule TEXT NOT NULL,
        due_at INTEGER NOT NULL,
        -- 0 at times of the clock.
        ticket INTEGER NOT NULL,
        missed INTEGER NOT NULL,
        try_at INTEGER NOT NULL,
        PRIMARY KEY (schedule, due_at, ticket)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX schedule_occasions_by_try ON schedule_occasions (try_at, due_at);";

/// Up to when a schedule was looked at.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Mark {
    pub(super) schedule: String,
    pub(super) looked_at: Timestamp,
}

/// Takes note of a schedule that was saved; to be called in its commit. One that was off, or went by something else,
/// begins now: it does not make up for what was before.
pub(in crate::workspace) fn renew(
    store: &Store,
    schedule: &Schedule,
    now: Timestamp,
) -> Result<(), Failure> {
    #[derive(Deserialize)]
    struct Known {
        goes_by: String,
    }
    let id = schedule.id.as_str();
    let timing = schedule.compile().ok().filter(|_| schedule.enabled);
    let Some(timing) = timing else {
        return forget(store, id);
    };
    let known: Option<Known> = store.first(
        "SELECT goes_by FROM schedule_marks WHERE schedule = ?",
        bind![id],
    )?;
    let goes_by = schedule.goes_by();
    if known.is_some_and(|known| known.goes_by == goes_by) {
        return Ok(());
    }
    forget(store, id)?;
    let (by_dates, look_at) = match &timing {
        Timing::Clock(timetable) => (false, timetable.next(now)),
        Timing::Dates(_) => (true, Some(now)),
    };
    store.run(
        "INSERT INTO schedule_marks (schedule, goes_by, by_dates, looked_at, look_at) VALUES (?, ?, ?, ?, ?)",
        bind![id, goes_by, by_dates, now, look_at],
    )?;
    Ok(())
}

/// Takes note that a schedule is off or gone.
pub(in crate::workspace) fn forget(store: &Store, id: &str) -> Result<(), Failure> {
    for table in ["schedule_marks", "schedule_occasions"] {
        store.run(
            &format!("DELETE FROM {table} WHERE schedule = ?"),
            bind![id],
        )?;
    }
    Ok(())
}

/// Those that it is worth looking at.
pub(super) fn waiting(store: &Store, now: Timestamp) -> Result<Vec<Mark>, Failure> {
    store.rows(
        "SELECT schedule, looked_at FROM schedule_marks WHERE look_at <= ? ORDER BY look_at",
        bind![now],
    )
}

/// Those that go by dates of tickets.
pub(super) fn by_dates(store: &Store) -> Result<Vec<Mark>, Failure> {
    store.rows(
        "SELECT schedule, looked_at FROM schedule_marks WHERE by_dates = 1",
        bind![],
    )
}

/// Keeps what a look found, and when the next one is worth it: all or nothing, and nothing where somebody else looked
/// meanwhile.
pub(super) fn keep(
    store: &Store,
    mark: &Mark,
    found: &[Occasion],
    now: Timestamp,
    look_at: Option<Timestamp>,
) -> Result<(), Failure> {
    store.atomically(|| {
        let moved = store.run(
            "UPDATE schedule_marks SET looked_at = ?, look_at = ? WHERE schedule = ? AND looked_at = ?",
            bind![now, look_at, mark.schedule, mark.looked_at],
        )?;
        if moved == 0 {
            return Ok(());
        }
        for occasion in found {
            store.run(
                "INSERT OR IGNORE INTO schedule_occasions (schedule, due_at, ticket, missed, try_at) VALUES (?, ?, ?, ?, ?)",
                bind![
                    occasion.schedule.as_str(),
                    occasion.due_at,
                    occasion.ticket.unwrap_or(0),
                    occasion.missed,
                    now,
                ],
            )?;
        }
        Ok(())
    })
}

/// Has a schedule looked at by then, where that is earlier than it would be.
pub(super) fn look_by(store: &Store, schedule: &str, at: Timestamp) -> Result<(), Failure> {
    store.run(
        "UPDATE schedule_marks SET look_at = ?1 WHERE schedule = ?2 AND coalesce(look_at > ?1, 1)",
        bind![at, schedule],
    )?;
    Ok(())
}

/// Puts a look off that came to nothing.
pub(super) fn put_off(store: &Store, schedule: &str, at: Timestamp) -> Result<(), Failure> {
    store.run(
        "UPDATE schedule_marks SET look_at = ? WHERE schedule = ?",
        bind![at, schedule],
    )?;
    Ok(())
}

/// What is yet to be started and may be tried now, the earliest first.
pub(super) fn occasions(
    store: &Store,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<Occasion>, Failure> {
    #[derive(Deserialize)]
    struct Row {
        schedule: ScheduleId,
        due_at: Timestamp,
        ticket: u64,
        missed: u32,
    }
    let rows: Vec<Row> = store.rows(
        "SELECT schedule, due_at, ticket, missed FROM schedule_occasions WHERE try_at <= ? ORDER BY try_at, due_at LIMIT ?",
        bind![now, limit],
    )?;
    Ok(rows
        .into_iter()
        .map(|row| Occasion {
            schedule: row.schedule,
            due_at: row.due_at,
            missed: row.missed,
            ticket: (row.ticket > 0).then_some(row.ticket),
        })
        .collect())
}

/// It was dealt with.
pub(super) fn done(store: &Store, occasion: &Occasion) -> Result<(), Failure> {
    store.run(
        "DELETE FROM schedule_occasions WHERE schedule = ? AND due_at = ? AND ticket = ?",
        bind![
            occasion.schedule.as_str(),
            occasion.due_at,
            occasion.ticket.unwrap_or(0)
        ],
    )?;
    Ok(())
}

/// It is to be tried again.
pub(super) fn try_again(store: &Store, occasion: &Occasion, at: Timestamp) -> Result<(), Failure> {
    store.run(
        "UPDATE schedule_occasions SET try_at = ? WHERE schedule = ? AND due_at = ? AND ticket = ?",
        bind![
            at,
            occasion.schedule.as_str(),
            occasion.due_at,
            occasion.ticket.unwrap_or(0)
        ],
    )?;
    Ok(())
}

/// When it is worth looking again.
pub(in crate::workspace) fn next_look(store: &Store) -> Result<Option<Timestamp>, Failure> {
    #[derive(Deserialize)]
    struct Next {
        at: Option<Timestamp>,
    }
    let next: Option<Next> = store.first(
        "SELECT min(at) AS at FROM (
            SELECT min(look_at) AS at FROM schedule_marks
            UNION ALL SELECT min(try_at) AS at FROM schedule_occasions)",
        bind![],
    )?;
    Ok(next.and_then(|next| next.at))
}
