//! What happened at the desk, until the workspace has taken note of it.
//!
//! An event is written in the commit of its change, and so is an alarm. It is delivered at once;
//! the alarm is there for when that fails, or the process dies in between.

use std::cell::Cell;
use std::rc::Rc;

use serde::Deserialize;
use shared::desk::DeskEvent;
use shared::model::Timestamp;
use worker::{Env, Storage};

use crate::error::{Failure, log};
use crate::store::{Store, read_body, write_body};
use crate::{bind, clock, workspace};

pub(super) const TABLES: &str = "
    CREATE TABLE outbox (
        place INTEGER PRIMARY KEY AUTOINCREMENT,
        event_id TEXT NOT NULL,
        tries INTEGER NOT NULL DEFAULT 0,
        due_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX outbox_by_due ON outbox (due_at, place);";

/// How long after a change the alarm rings: a delivery takes far less.
const FIRST_PAUSE_MS: u64 = 5_000;

/// The longest pause between two tries.
const LONGEST_PAUSE_MS: u64 = 300_000;

/// The events that wait.
pub(super) struct Outbox {
    store: Rc<Store>,
    storage: Storage,
    /// When the alarm rings, as far as this instance knows.
    alarm_at: Cell<Option<Timestamp>>,
    delivering: Rc<Cell<bool>>,
}

#[derive(Deserialize)]
struct Row {
    place: u64,
    event_id: String,
    tries: u32,
}

impl Outbox {
    pub(super) fn new(store: Rc<Store>, storage: Storage) -> Self {
        Self {
            store,
            storage,
            alarm_at: Cell::new(None),
            delivering: Rc::default(),
        }
    }

    /// Adds an event; to be called in the transaction of its change.
    pub(super) fn add(&self, event: &DeskEvent, now: Timestamp) -> Result<(), Failure> {
        let body = serde_json::to_vec(event).map_err(|e| Failure::internal("event", &e))?;
        write_body(&self.store, &owner(event.event_id()), &body)?;
        self.store.run(
            "INSERT INTO outbox (event_id, due_at) VALUES (?, ?)",
            bind![event.event_id(), now],
        )?;
        Ok(())
    }

    /// Sets the alarm, where none rings soon.
    pub(super) async fn set_alarm(&self, now: Timestamp) -> Result<(), Failure> {
        self.set_alarm_at(now, now + FIRST_PAUSE_MS).await
    }

    async fn set_alarm_at(&self, now: Timestamp, at: Timestamp) -> Result<(), Failure> {
        if let Some(set) = self.alarm_at.get()
            && (now..=at).contains(&set)
        {
            return Ok(());
        }
        let pause = i64::try_from(at.saturating_sub(now)).unwrap_or(i64::MAX);
        self.storage.set_alarm(pause).await?;
        self.alarm_at.set(Some(at));
        Ok(())
    }

    /// Delivers what is due, and sets the alarm for what is left.
    pub(super) async fn alarm_has_rung(&self, env: &Env) {
        self.alarm_at.set(None);
        self.deliver(env).await;
        if let Err(failure) = self.look_after_the_rest().await {
            log(&format!("outbox of the desk: {}", failure.detail));
        }
    }

    async fn look_after_the_rest(&self) -> Result<(), Failure> {
        #[derive(Deserialize)]
        struct Next {
            due_at: Option<Timestamp>,
        }
        let next: Option<Next> = self
            .store
            .first("SELECT MIN(due_at) AS due_at FROM outbox", bind![])?;
        let Some(due_at) = next.and_then(|next| next.due_at) else {
            return Ok(());
        };
        let now = clock::now();
        self.set_alarm_at(now, due_at.max(now + FIRST_PAUSE_MS))
            .await
    }

    /// Delivers what is due, in its order. Where that is under way already, it takes the new
    /// events along.
    pub(super) async fn deliver(&self, env: &Env) {
        if self.delivering.replace(true) {
            return;
        }
        let _guard = Reset(Rc::clone(&self.delivering));
        // An outbox that cannot be read is in the log; the alarm tries again.
        while let Ok(Some(row)) = self.next() {
            if self.deliver_one(env, &row).await.is_err() {
                break;
            }
        }
    }

    fn next(&self) -> Result<Option<Row>, Failure> {
        self.store.first(
            "SELECT place, event_id, tries FROM outbox WHERE due_at <= ? ORDER BY due_at, place LIMIT 1",
            bind![clock::now()],
        )
    }

    /// Fails only where the outbox itself cannot be read or written.
    async fn deliver_one(&self, env: &Env, row: &Row) -> Result<(), Failure> {
        let owner = owner(&row.event_id);
        let body = read_body(&self.store, &owner)?;
        let event: DeskEvent =
            serde_json::from_slice(&body).map_err(|e| Failure::internal("event", &e))?;
        if workspace::client::desk_event(env, &event).await.is_err() {
            // The workspace has logged why.
            let pause = pause_ms(row.tries);
            self.store.run(
                "UPDATE outbox SET tries = tries + 1, due_at = ? WHERE place = ?",
                bind![clock::now() + pause, row.place],
            )?;
            return Ok(());
        }
        self.store.atomically(|| {
            write_body(&self.store, &owner, b"")?;
            self.store
                .run("DELETE FROM outbox WHERE place = ?", bind![row.place])
        })?;
        Ok(())
    }
}

/// How long to wait after so many tries that failed before.
fn pause_ms(tries: u32) -> u64 {
    FIRST_PAUSE_MS
        .saturating_mul(1 << tries.min(16))
        .min(LONGEST_PAUSE_MS)
}

/// Names an event's body among all bodies.
fn owner(event_id: &str) -> String {
    format!("event/{event_id}")
}

/// A delivery that is given up half-way must not keep the next one from beginning.
struct Reset(Rc<Cell<bool>>);

impl Drop for Reset {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_a_limit() {
        let pauses: Vec<_> = [0, 1, 2, 6, 40, u32::MAX].map(pause_ms).into();
        assert_eq!(pauses, [5_000, 10_000, 20_000, 300_000, 300_000, 300_000]);
    }
}
