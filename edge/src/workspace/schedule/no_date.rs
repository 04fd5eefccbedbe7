//! Tickets that hold something in a schedule's custom field which is no date: nothing comes due for them, and the log says
//! why.

use serde_json::Value;
use shared::api::{EntryRecord, EventOutcome, LiveEvent};
use shared::model::{Schedule, Timestamp};
use shared::schedule::TicketDate;

use super::starts::{record_of, starter};
use crate::clock;
use crate::desk;
use crate::error::Failure;
use crate::store::Store;
use crate::workspace::event_log::{self, Entry};
use crate::workspace::{Room, live as pages};

/// So many are told of one schedule within a day: whoever imports thousands of tickets has learnt it by then.
const MOST_TOLD: u64 = 50;
const DAY_MS: Timestamp = 24 * 60 * 60 * 1000;

/// A text is told once; it is known by its beginning.
const KNOWN_BY: usize = 200;

/// Tells of the tickets that the desk has.
pub(super) async fn look(
    room: &Room,
    schedule: &Schedule,
    date: &TicketDate,
) -> Result<(), Failure> {
    if !date.is_custom() {
        return Ok(());
    }
    let mut has_told = false;
    for found in desk::client::no_dates(&room.env, date.field().to_owned()).await? {
        if !date.is_unreadable(&found.text) {
            continue;
        }
        let ticket = serde_json::json!({"summary": found.summary});
        let record = record_of(found.ticket, &ticket);
        has_told |= tell(&room.store, schedule, date, &record, &found.text)?;
    }
    if has_told {
        pages::tell(&room.state, &LiveEvent::Events);
    }
    Ok(())
}

/// Tells of a ticket that was changed; says whether anything was new.
pub(super) fn take_note(
    store: &Store,
    schedule: &Schedule,
    date: &TicketDate,
    ticket: &Value,
) -> Result<bool, Failure> {
    let id = ticket.get("id").and_then(Value::as_u64);
    let (Some(id), Some(text)) = (id, date.unreadable(ticket)) else {
        return Ok(false);
    };
    tell(store, schedule, date, &record_of(id, ticket), &text)
}

/// Once for each ticket and text.
fn tell(
    store: &Store,
    schedule: &Schedule,
    date: &TicketDate,
    record: &EntryRecord,
    text: &str,
) -> Result<bool, Failure> {
    let beginning: String = text.chars().take(KNOWN_BY).collect();
    let key = format!("no-date-{}-{beginning}", record.id);
    let starter = starter(schedule);
    if event_log::has(store, &key, &starter.cause)? {
        return Ok(false);
    }
    let since = clock::now().saturating_sub(DAY_MS);
    if event_log::count(store, &starter.cause, EventOutcome::NoDate, since)? >= MOST_TOLD {
        return Ok(false);
    }
    let explanation = date.why_unreadable(text);
    let entry = Entry::of(starter, EventOutcome::NoDate, None, &explanation);
    event_log::add(store, &key, Some(record), &[entry])?;
    Ok(true)
}
