//! What triggers made of events: so that people see why something started, and why nothing did.

use serde::Deserialize;
use shared::api::{EventEntry, EventOutcome, EventsQuery, List};
use shared::desk::DeskEvent;
use shared::event::Subject;
use shared::model::{EventKind, EventTrigger, EventTriggerId, RunId, Timestamp};
use shared::search;

use crate::error::Failure;
use crate::store::{Store, ToValue as _, Value};
use crate::{bind, clock};

pub(super) const TABLE: &str = "
    CREATE TABLE event_log (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL,
        event_id TEXT NOT NULL,
        event TEXT NOT NULL,
        record INTEGER NOT NULL,
        title TEXT NOT NULL,
        trigger_id TEXT NOT NULL,
        trigger_name TEXT NOT NULL,
        outcome TEXT NOT NULL,
        run TEXT,
        explanation TEXT NOT NULL,
        -- In lower case.
        searched TEXT NOT NULL,
        UNIQUE (event_id, trigger_id)
    ) STRICT;
    CREATE INDEX event_log_by_age ON event_log (at);
    CREATE INDEX event_log_by_event ON event_log (event, id);
    CREATE INDEX event_log_by_outcome ON event_log (outcome, id);
    CREATE INDEX event_log_by_record ON event_log (record, trigger_id, at);";

/// How long entries are kept.
const KEPT_MS: Timestamp = 30 * 24 * 60 * 60 * 1000;

/// How many entries are kept.
const MOST_KEPT: u64 = 20_000;

const DEFAULT_LIMIT: u32 = 50;
const HIGHEST_LIMIT: u32 = 200;

/// An explanation is kept up to so many characters.
const LONGEST_EXPLANATION: usize = 2_000;

/// What one trigger made of an event.
#[derive(Debug)]
pub(super) struct Entry {
    event: EventKind,
    pub(super) trigger: EventTriggerId,
    pub(super) trigger_name: String,
    pub(super) outcome: EventOutcome,
    run_id: Option<RunId>,
    explanation: String,
}

impl Entry {
    pub(super) fn of(
        trigger: &EventTrigger,
        outcome: EventOutcome,
        run_id: Option<RunId>,
        explanation: &str,
    ) -> Self {
        Self {
            event: trigger.event,
            trigger: trigger.id.clone(),
            trigger_name: trigger.title().to_owned(),
            outcome,
            run_id,
            explanation: explanation.chars().take(LONGEST_EXPLANATION).collect(),
        }
    }
}

/// Adds entries, and lets go of those that are too old or too many. Saying it again changes what was said.
pub(super) fn add(
    store: &Store,
    event: &DeskEvent,
    subject: &Subject<'_>,
    entries: &[Entry],
) -> Result<(), Failure> {
    if entries.is_empty() {
        return Ok(());
    }
    let now = clock::now();
    for entry in entries {
        let title = subject.title();
        let searched = format!(
            "{title} {} {} {} {}",
            subject.id,
            entry.trigger_name,
            entry.event.title(),
            entry.explanation
        );
        store.run(
            "INSERT INTO event_log (at, event_id, event, record, title, trigger_id, trigger_name, outcome, run,
                explanation, searched)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (event_id, trigger_id) DO UPDATE SET
                outcome = excluded.outcome, run = excluded.run, explanation = excluded.explanation,
                searched = excluded.searched",
            bind![
                now,
                event.event_id(),
                entry.event.as_str(),
                subject.id,
                title,
                entry.trigger.as_str(),
                entry.trigger_name,
                entry.outcome.as_str(),
                entry.run_id.as_ref().map(ToString::to_string),
                entry.explanation,
                searched.to_lowercase(),
            ],
        )?;
    }
    store.run(
        "DELETE FROM event_log WHERE at < ?",
        bind![now.saturating_sub(KEPT_MS)],
    )?;
    store.run(
        "DELETE FROM event_log WHERE id <= (SELECT MAX(id) FROM event_log) - ?",
        bind![MOST_KEPT],
    )?;
    Ok(())
}

/// Whether the same trigger was stopped on the same record by another event since then.
pub(super) fn was_stopped(
    store: &Store,
    entry: &Entry,
    event: &DeskEvent,
    subject: &Subject<'_>,
    since: Timestamp,
) -> Result<bool, Failure> {
    let known: Option<serde::de::IgnoredAny> = store.first(
        "SELECT id FROM event_log
         WHERE record = ? AND trigger_id = ? AND at >= ? AND outcome = ? AND event_id != ? LIMIT 1",
        bind![
            subject.id,
            entry.trigger.as_str(),
            since,
            EventOutcome::TooDeep.as_str(),
            event.event_id(),
        ],
    )?;
    Ok(known.is_some())
}

/// A page of entries, the newest first.
pub(super) fn list(store: &Store, query: &EventsQuery) -> Result<List<EventEntry>, Failure> {
    #[derive(Deserialize)]
    struct Row {
        id: u64,
        at: Timestamp,
        event: String,
        record: u64,
        title: String,
        trigger_id: String,
        trigger_name: String,
        outcome: String,
        run: Option<String>,
        explanation: String,
    }
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, HIGHEST_LIMIT);
    let (filters, mut values) = filters(query)?;
    // One more than asked for tells whether there is another page.
    values.push((limit + 1).to_value());
    let mut rows: Vec<Row> = store.rows(
        &format!(
            "SELECT id, at, event, record, title, trigger_id, trigger_name, outcome, run, explanation
             FROM event_log WHERE {filters} ORDER BY id DESC LIMIT ?"
        ),
        values,
    )?;
    let has_more = rows.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    if has_more {
        rows.pop();
    }
    let next = rows
        .last()
        .filter(|_| has_more)
        .map(|last| last.id.to_string());
    let unreadable = |what: &str| Failure::internal("events log", &what);
    let items = rows
        .into_iter()
        .map(|row| {
            Ok(EventEntry {
                id: row.id,
                at: row.at,
                event: EventKind::parse(&row.event).ok_or_else(|| unreadable(&row.event))?,
                record_id: row.record,
                record_title: row.title,
                trigger: EventTriggerId::parse(&row.trigger_id)
                    .map_err(|_| unreadable(&row.trigger_id))?,
                trigger_name: row.trigger_name,
                outcome: EventOutcome::parse(&row.outcome)
                    .ok_or_else(|| unreadable(&row.outcome))?,
                run_id: row.run.and_then(|run| RunId::parse(&run).ok()),
                explanation: row.explanation,
            })
        })
        .collect::<Result<_, Failure>>()?;
    Ok(List { items, next })
}

/// What a list holds: conditions, and what is bound to them.
fn filters(query: &EventsQuery) -> Result<(String, Vec<Value>), Failure> {
    let mut filters = vec!["TRUE"];
    let mut values: Vec<Value> = Vec::new();
    let mut filter = |condition, value| {
        filters.push(condition);
        values.push(value);
    };
    if let Some(event) = query.event {
        filter("event = ?", event.as_str().to_value());
    }
    if let Some(outcome) = query.outcome {
        filter("outcome = ?", outcome.as_str().to_value());
    }
    if let Some(trigger) = &query.trigger {
        filter("trigger_id = ?", trigger.as_str().to_value());
    }
    if let Some(from) = query.from {
        filter("at >= ?", from.to_value());
    }
    if let Some(to) = query.to {
        filter("at < ?", to.to_value());
    }
    if let Some(after) = &query.after {
        let after: u64 = after.parse().map_err(|_| {
            Failure::bad_request(
                "invalid_cursor",
                "`after` must be the `next` of the page before.",
            )
            .at_field("after")
        })?;
        filter("id < ?", after.to_value());
    }
    for word in search::words(query.text.as_deref().unwrap_or_default()) {
        filter("instr(searched, ?) > 0", word.to_value());
    }
    Ok((filters.join(" AND "), values))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_binds_as_many_values_as_it_has_conditions_for() {
        let query = EventsQuery {
            event: Some(EventKind::TicketClosed),
            outcome: Some(EventOutcome::NotMatched),
            trigger: EventTriggerId::parse("tr").ok(),
            from: Some(1),
            to: Some(2),
            text: Some("Bern zy".to_owned()),
            after: Some("9".to_owned()),
            limit: Some(3),
        };
        let (conditions, values) = filters(&query).unwrap();
        assert_eq!(conditions.matches('?').count(), values.len());
        assert_eq!(values.len(), 8);
        let refused = EventsQuery {
            after: Some("1 OR 1".to_owned()),
            ..EventsQuery::default()
        };
        assert_eq!(filters(&refused).unwrap_err().detail.code, "invalid_cursor");
    }
}
