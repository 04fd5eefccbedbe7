//! What happened at the desk, until the workspace has taken note of it.
//!
//! An event is written in the commit of its change, and so is an alarm. It is delivered at once;
//! the alarm is there for when that fails, or the process dies in between.
//!
//! A delivery costs both objects a commit, so it takes along what waits, and the events of one request are kept
//! together. Each is there until it was dealt with. Where a delivery fails, each of those in it is delivered alone: what
//! cannot be delivered keeps nothing else waiting.

use std::cell::Cell;
use std::rc::Rc;

use serde::Deserialize;
use shared::desk::DeskEvent;
use shared::model::Timestamp;
use worker::Env;

use crate::error::Failure;
use crate::store::{Store, add_body, read_body, write_body};
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

/// The events of a request that are kept together take at most so much; one alone may take more.
const PARCEL_BYTES: usize = 256 * 1024;
const PARCEL_EVENTS: usize = 100;

/// A delivery takes along at most so much; one parcel alone may take more.
const DELIVERY_BYTES: usize = 1024 * 1024;
const DELIVERY_PARCELS: u32 = 50;

/// After so many failures in a row, the workspace takes nothing at the moment.
const MOST_FAILURES: usize = 3;

/// The events that wait.
pub(super) struct Outbox {
    store: Rc<Store>,
    delivering: Rc<Cell<bool>>,
}

/// Events that are kept together.
#[derive(Deserialize)]
struct Row {
    place: u64,
    /// Of the first of them.
    event_id: String,
    tries: u32,
}

impl Outbox {
    pub(super) fn new(store: Rc<Store>) -> Self {
        Self {
            store,
            delivering: Rc::default(),
        }
    }

    /// Adds the events of a request; to be called in the transaction of its changes.
    pub(super) fn add(&self, events: &[DeskEvent], now: Timestamp) -> Result<(), Failure> {
        for (event_id, body) in parcels(events)? {
            add_body(&self.store, &owner(&event_id), body.as_bytes())?;
            self.store.run(
                "INSERT INTO outbox (event_id, due_at) VALUES (?, ?)",
                bind![event_id, now],
            )?;
        }
        Ok(())
    }

    /// When the alarm must ring for what waits; nothing where nothing waits.
    pub(super) fn next(&self, now: Timestamp) -> Result<Option<Timestamp>, Failure> {
        #[derive(Deserialize)]
        struct Next {
            due_at: Option<Timestamp>,
        }
        let next: Option<Next> = self
            .store
            .first("SELECT MIN(due_at) AS due_at FROM outbox", bind![])?;
        let due_at = next.and_then(|next| next.due_at);
        Ok(due_at.map(|due_at| due_at.max(now + FIRST_PAUSE_MS)))
    }

    /// Delivers what is due, in its order. Where that is under way already, it takes the new
    /// events along.
    pub(super) async fn deliver(&self, env: &Env) {
        if self.delivering.replace(true) {
            return;
        }
        let _guard = Reset(Rc::clone(&self.delivering));
        // An outbox that cannot be read is in the log; the alarm tries again.
        while let Ok(waiting) = self.waiting() {
            if waiting.is_empty() || self.deliver_together(env, waiting).await.is_err() {
                break;
            }
        }
    }

    /// What is due next, as much as one delivery takes along. What cannot be read is put off.
    fn waiting(&self) -> Result<Vec<(Row, Vec<DeskEvent>)>, Failure> {
        loop {
            let rows: Vec<Row> = self.store.rows(
                "SELECT place, event_id, tries FROM outbox WHERE due_at <= ? ORDER BY due_at, place LIMIT ?",
                bind![clock::now(), DELIVERY_PARCELS],
            )?;
            if rows.is_empty() {
                return Ok(Vec::new());
            }
            let (mut waiting, mut bytes) = (Vec::with_capacity(rows.len()), 0);
            for row in rows {
                let body = read_body(&self.store, &owner(&row.event_id))?;
                bytes += body.len();
                if bytes > DELIVERY_BYTES && !waiting.is_empty() {
                    break;
                }
                match read(&body) {
                    Ok(events) => waiting.push((row, events)),
                    Err(_) => self.put_off(&row)?,
                }
            }
            // Where none of them could be read, others may be due behind them.
            if !waiting.is_empty() {
                return Ok(waiting);
            }
        }
    }

    /// Fails only where the outbox itself cannot be read or written.
    async fn deliver_together(
        &self,
        env: &Env,
        waiting: Vec<(Row, Vec<DeskEvent>)>,
    ) -> Result<(), Failure> {
        let (rows, events): (Vec<Row>, Vec<Vec<DeskEvent>>) = waiting.into_iter().unzip();
        let ids: Vec<Vec<String>> = events
            .iter()
            .map(|events| {
                let ids = events.iter().map(|event| event.event_id().to_owned());
                ids.collect()
            })
            .collect();
        let events = events.into_iter().flatten().collect();
        let Ok(left) = workspace::client::desk_events(env, events).await else {
            // Why is in the log.
            if let ([row], [ids]) = (rows.as_slice(), ids.as_slice())
                && ids.len() == 1
            {
                return self.put_off(row);
            }
            // It may be for one of them alone.
            for row in rows {
                self.deliver_alone(env, &row).await?;
            }
            return Ok(());
        };
        let is_left = |ids: &Vec<String>| ids.iter().any(|id| left.contains(id));
        let (left, done): (Vec<_>, Vec<_>) =
            rows.iter().zip(&ids).partition(|(_, ids)| is_left(ids));
        let done: Vec<&Row> = done.into_iter().map(|(row, _)| row).collect();
        self.store.atomically(|| {
            for (row, _) in left {
                self.put_off(row)?;
            }
            self.drop_rows(&done)
        })
    }

    /// Delivers what is kept together in one row. What of it cannot be delivered stays, and is put off.
    async fn deliver_alone(&self, env: &Env, row: &Row) -> Result<(), Failure> {
        let key = owner(&row.event_id);
        let events = read(&read_body(&self.store, &key)?)?;
        let count = events.len();
        let send = async |events| workspace::client::desk_events(env, events).await.ok();
        let left = in_parts(events, send).await;
        self.store.atomically(|| {
            if left.is_empty() {
                return self.drop_rows(&[row]);
            }
            if left.len() < count {
                let body = serde_json::to_vec(&left).map_err(|e| Failure::internal("event", &e))?;
                write_body(&self.store, &key, &body)?;
            }
            self.put_off(row)
        })
    }

    fn drop_rows(&self, rows: &[&Row]) -> Result<(), Failure> {
        let owners: Vec<_> = rows.iter().map(|row| owner(&row.event_id)).collect();
        let places: Vec<_> = rows.iter().map(|row| row.place).collect();
        self.store.run(
            "DELETE FROM bodies WHERE owner IN (SELECT value FROM json_each(?))",
            bind![serde_json::Value::from(owners).to_string()],
        )?;
        self.store.run(
            "DELETE FROM outbox WHERE place IN (SELECT value FROM json_each(?))",
            bind![serde_json::Value::from(places).to_string()],
        )?;
        Ok(())
    }

    fn put_off(&self, row: &Row) -> Result<(), Failure> {
        self.store.run(
            "UPDATE outbox SET tries = tries + 1, due_at = ? WHERE place = ?",
            bind![clock::now() + pause_ms(row.tries), row.place],
        )?;
        Ok(())
    }
}

/// Delivers events together, and where that fails one by one. `send` gives the ids of those that were not dealt with,
/// or nothing where it failed. Gives the events that are left; those that were not tried alone come first.
async fn in_parts(
    events: Vec<DeskEvent>,
    send: impl AsyncFn(Vec<DeskEvent>) -> Option<Vec<String>>,
) -> Vec<DeskEvent> {
    if let Some(left) = send(events.clone()).await {
        let is_left = |event: &DeskEvent| left.iter().any(|id| id == event.event_id());
        return events.into_iter().filter(is_left).collect();
    }
    if events.len() == 1 {
        return events;
    }
    let (mut failed, mut in_a_row) = (Vec::new(), 0);
    let mut waiting = events.into_iter();
    while in_a_row < MOST_FAILURES
        && let Some(event) = waiting.next()
    {
        match send(vec![event.clone()]).await {
            Some(left) if left.is_empty() => in_a_row = 0,
            Some(_) => {
                in_a_row = 0;
                failed.push(event);
            }
            None => {
                in_a_row += 1;
                failed.push(event);
            }
        }
    }
    waiting.chain(failed).collect()
}

/// Packs events; each parcel with the id of its first one.
fn parcels(events: &[DeskEvent]) -> Result<Vec<(String, String)>, Failure> {
    let mut parcels: Vec<(String, Vec<String>, usize)> = Vec::new();
    for event in events {
        let text = serde_json::to_string(event).map_err(|e| Failure::internal("event", &e))?;
        match parcels.last_mut() {
            Some((_, texts, bytes))
                if texts.len() < PARCEL_EVENTS && *bytes + text.len() <= PARCEL_BYTES =>
            {
                *bytes += text.len();
                texts.push(text);
            }
            _ => {
                let bytes = text.len();
                parcels.push((event.event_id().to_owned(), vec![text], bytes));
            }
        }
    }
    let written = parcels
        .into_iter()
        .map(|(id, texts, _)| (id, format!("[{}]", texts.join(","))));
    Ok(written.collect())
}

/// Reads a parcel. There was a time when each held one event, without a list around it.
fn read(body: &[u8]) -> Result<Vec<DeskEvent>, Failure> {
    let events = match body.first() {
        Some(b'[') => serde_json::from_slice(body),
        _ => serde_json::from_slice(body).map(|event| vec![event]),
    };
    events.map_err(|e| Failure::internal("event", &e))
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
    use std::cell::RefCell;

    use futures_util::FutureExt as _;
    use serde_json::json;
    use shared::desk::EventSource;

    use super::*;

    fn event(number: usize, bytes: usize) -> DeskEvent {
        DeskEvent::ActionAdded {
            event_id: format!("u-{number}"),
            ticket: json!({"id": 1}),
            action: json!({"note": "n".repeat(bytes)}),
            source: EventSource::Person,
            depth: 0,
        }
    }

    #[test]
    fn events_are_packed_up_to_a_limit_and_read_again() {
        for (bytes, count, expected) in [
            (10, 0, 0),
            (10, 1, 1),
            (10, 100, 1),
            (10, 250, 3),
            (100_000, 4, 2),
            (2_000_000, 2, 2),
        ] {
            let events: Vec<_> = (0..count).map(|number| event(number, bytes)).collect();
            let parcels = parcels(&events).unwrap();
            assert_eq!(parcels.len(), expected, "{count} of {bytes}");
            let mut again = Vec::new();
            for (id, body) in parcels {
                let events = read(body.as_bytes()).unwrap();
                assert_eq!(events[0].event_id(), id);
                again.extend(events);
            }
            assert_eq!(again, events);
        }
    }

    #[test]
    fn an_event_that_was_kept_alone_is_still_read() {
        let alone = serde_json::to_vec(&event(0, 1)).unwrap();
        assert_eq!(read(&alone).unwrap(), [event(0, 1)]);
        assert!(read(b"").is_err() && read(b"[{}]").is_err());
    }

    #[test]
    fn an_event_that_cannot_be_delivered_keeps_no_other_waiting() {
        // How many events there are, which of them make a delivery fail, which are not dealt with; which are left, and
        // how many deliveries it takes.
        for (count, bad, busy, expected, most_sent) in [
            (1, vec![], vec![], vec![], 1),
            (3, vec![], vec![1], vec![1], 1),
            (3, vec![1], vec![], vec![1], 4),
            (3, vec![1], vec![2], vec![1, 2], 4),
            (1, vec![0], vec![], vec![0], 1),
            // Nothing can be delivered at all, it seems.
            (9, vec![0, 1, 2], vec![], vec![3, 4, 5, 6, 7, 8, 0, 1, 2], 4),
            // The others are tried first the next time.
            (5, vec![2, 3, 4], vec![], vec![2, 3, 4], 6),
        ] {
            let deliveries = RefCell::new(0);
            let is = |event: &DeskEvent, among: &[usize]| {
                among
                    .iter()
                    .any(|number| event.event_id() == format!("u-{number}"))
            };
            let send = async |events: Vec<DeskEvent>| {
                *deliveries.borrow_mut() += 1;
                if events.iter().any(|event| is(event, &bad)) {
                    return None;
                }
                let left = events.iter().filter(|event| is(event, &busy));
                Some(left.map(|event| event.event_id().to_owned()).collect())
            };
            let events = (0..count).map(|number| event(number, 1)).collect();
            let left = in_parts(events, send).now_or_never().unwrap();
            let ids: Vec<_> = left.iter().map(DeskEvent::event_id).collect();
            let expected: Vec<_> = expected
                .iter()
                .map(|number| format!("u-{number}"))
                .collect();
            assert_eq!(ids, expected);
            assert_eq!(
                deliveries.into_inner(),
                most_sent,
                "{expected:?} of {count}"
            );
        }
    }

    #[test]
    fn pauses_grow_up_to_a_limit() {
        let pauses: Vec<_> = [0, 1, 2, 6, 40, u32::MAX].map(pause_ms).into();
        assert_eq!(pauses, [5_000, 10_000, 20_000, 300_000, 300_000, 300_000]);
    }
}
