//! Everything that starts runbooks by itself: so that people see why something started, and why nothing did.

use serde::Deserialize;
use shared::api::{
    CauseKind, EntryCause, EntryRecord, EventEntry, EventOutcome, EventsQuery, List,
};
use shared::event::Subject;
use shared::model::{
    EventKind, EventTrigger, EventTriggerId, RecordKind, RunId, RunbookId, ScheduleId, StepId,
    Timestamp, WorkflowId,
};
use shared::search;
use shared::workflow::StepStart;

use super::page::Limit;
use super::protocol::Kind;
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

/// What starts it is not always a trigger: `trigger_id` and `trigger_name` are those of a schedule or workflow, too.
/// `event` is a trigger's, `record` is 0 for times of the clock.
pub(super) const CAUSES: &str = "
    ALTER TABLE event_log ADD COLUMN cause TEXT NOT NULL DEFAULT 'event';
    -- The id and the name of a workflow's step.
    ALTER TABLE event_log ADD COLUMN step TEXT NOT NULL DEFAULT '';
    ALTER TABLE event_log ADD COLUMN step_name TEXT NOT NULL DEFAULT '';
    CREATE INDEX event_log_by_cause ON event_log (cause, trigger_id, id);";

/// The runbook, as it was called then.
pub(super) const RUNBOOKS: &str =
    "ALTER TABLE event_log ADD COLUMN runbook_name TEXT NOT NULL DEFAULT ''";

/// How long entries are kept.
const KEPT_MS: Timestamp = 30 * 24 * 60 * 60 * 1000;

/// How many entries are kept.
const MOST_KEPT: u64 = 20_000;

/// An explanation is kept up to so many characters.
const LONGEST_EXPLANATION: usize = 2_000;

/// What starts a runbook by itself, and which.
#[derive(Debug)]
pub(super) struct Starter {
    pub(super) cause: EntryCause,
    pub(super) runbook: RunbookId,
}

/// What became of one start.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) cause: EntryCause,
    runbook: RunbookId,
    pub(super) outcome: EventOutcome,
    run_id: Option<RunId>,
    pub(super) explanation: String,
}

impl Entry {
    pub(super) fn of(
        starter: Starter,
        outcome: EventOutcome,
        run_id: Option<RunId>,
        explanation: &str,
    ) -> Self {
        Self {
            cause: starter.cause,
            runbook: starter.runbook,
            outcome,
            run_id,
            explanation: explanation.chars().take(LONGEST_EXPLANATION).collect(),
        }
    }
}

/// A trigger as a cause.
pub(super) fn by_trigger(trigger: &EventTrigger) -> Starter {
    Starter {
        cause: EntryCause::Event {
            event: trigger.event,
            trigger: trigger.id.clone(),
            name: trigger.title().to_owned(),
        },
        runbook: trigger.runbook.clone(),
    }
}

/// A step of a workflow as a cause.
pub(super) fn by_step(start: &StepStart) -> Starter {
    Starter {
        cause: EntryCause::Workflow {
            workflow: start.workflow.clone(),
            name: start.workflow_name.clone(),
            step: start.step.clone(),
            step_name: start.step_name.clone(),
        },
        runbook: start.runbook.clone(),
    }
}

/// What a runbook is called now, also where it was deleted; empty where it is not known at all.
fn runbook_name(store: &Store, runbook: &RunbookId) -> Result<String, Failure> {
    #[derive(Deserialize)]
    struct Name {
        name: Option<String>,
    }
    let row: Option<Name> = store.first(
        "SELECT json_extract(body, '$.name') AS name FROM documents WHERE kind = ? AND id = ?",
        bind![Kind::Runbook.as_str(), runbook.as_str()],
    )?;
    Ok(row.and_then(|row| row.name).unwrap_or_default())
}

/// What an event happened to.
pub(super) fn record_of(subject: &Subject<'_>) -> EntryRecord {
    EntryRecord {
        kind: subject.record,
        id: subject.id,
        title: subject.title().to_owned(),
    }
}

/// Adds entries of one event, or of another occasion that has a key of its own, and lets go of those that are too old or
/// too many. Saying it again changes what was said.
pub(super) fn add(
    store: &Store,
    occasion: &str,
    record: Option<&EntryRecord>,
    entries: &[Entry],
) -> Result<(), Failure> {
    if entries.is_empty() {
        return Ok(());
    }
    let now = clock::now();
    let title = record.map_or("", |record| record.title.as_str());
    for entry in entries {
        let event = match &entry.cause {
            EntryCause::Event { event, .. } => Some(*event),
            EntryCause::Schedule { .. } | EntryCause::Workflow { .. } => None,
        };
        let (step, step_name) = match &entry.cause {
            EntryCause::Workflow {
                step, step_name, ..
            } => (step.as_str(), step_name.as_str()),
            EntryCause::Event { .. } | EntryCause::Schedule { .. } => ("", ""),
        };
        let number = record.map_or_else(String::new, |record| record.id.to_string());
        let runbook = runbook_name(store, &entry.runbook)?;
        let searched = [
            title,
            &number,
            entry.cause.name(),
            &runbook,
            step_name,
            event.map_or("", EventKind::title),
            &entry.explanation,
        ]
        .join(" ");
        store.run(
            "INSERT INTO event_log (at, event_id, cause, event, record, title, trigger_id, trigger_name, step, step_name,
                outcome, runbook_name, run, explanation, searched)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (event_id, trigger_id) DO UPDATE SET
                outcome = excluded.outcome, runbook_name = excluded.runbook_name, run = excluded.run,
                explanation = excluded.explanation, searched = excluded.searched",
            bind![
                now,
                occasion,
                entry.cause.kind().as_str(),
                event.map_or("", EventKind::as_str),
                record.map_or(0, |record| record.id),
                title,
                entry.cause.id(),
                entry.cause.name(),
                step,
                step_name,
                entry.outcome.as_str(),
                runbook,
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

/// Whether there is an entry of that occasion and cause.
pub(super) fn has(store: &Store, occasion: &str, cause: &EntryCause) -> Result<bool, Failure> {
    let known: Option<serde::de::IgnoredAny> = store.first(
        "SELECT id FROM event_log WHERE event_id = ? AND trigger_id = ? AND cause = ?",
        bind![occasion, cause.id(), cause.kind().as_str()],
    )?;
    Ok(known.is_some())
}

/// How often that became of a cause since then.
pub(super) fn count(
    store: &Store,
    cause: &EntryCause,
    outcome: EventOutcome,
    since: Timestamp,
) -> Result<u64, Failure> {
    #[derive(Deserialize)]
    struct Count {
        count: u64,
    }
    let row: Option<Count> = store.first(
        "SELECT COUNT(*) AS count FROM event_log WHERE cause = ? AND trigger_id = ? AND outcome = ? AND at >= ?",
        bind![
            cause.kind().as_str(),
            cause.id(),
            outcome.as_str(),
            since,
        ],
    )?;
    Ok(row.map_or(0, |row| row.count))
}

/// Whether the same became of the same cause on the same record by another event since then.
pub(super) fn was_so_before(
    store: &Store,
    cause: &EntryCause,
    outcome: EventOutcome,
    event_id: &str,
    record: u64,
    since: Timestamp,
) -> Result<bool, Failure> {
    let known: Option<serde::de::IgnoredAny> = store.first(
        "SELECT id FROM event_log
         WHERE record = ? AND trigger_id = ? AND at >= ? AND cause = ? AND outcome = ? AND event_id != ? LIMIT 1",
        bind![
            record,
            cause.id(),
            since,
            cause.kind().as_str(),
            outcome.as_str(),
            event_id,
        ],
    )?;
    Ok(known.is_some())
}

#[derive(Deserialize)]
struct Row {
    id: u64,
    at: Timestamp,
    cause: String,
    event: String,
    record: u64,
    title: String,
    trigger_id: String,
    trigger_name: String,
    step: String,
    step_name: String,
    outcome: String,
    runbook_name: String,
    run: Option<String>,
    explanation: String,
}

impl Row {
    fn entry(self) -> Result<EventEntry, Failure> {
        let id = self.id;
        let unreadable = || Failure::internal("events log", &format!("entry {id}"));
        let outcome = EventOutcome::parse(&self.outcome).ok_or_else(unreadable)?;
        let (name, trigger) = (self.trigger_name, self.trigger_id.as_str());
        let kind = CauseKind::parse(&self.cause).ok_or_else(unreadable)?;
        let cause = match kind {
            CauseKind::Event => EntryCause::Event {
                event: EventKind::parse(&self.event).ok_or_else(unreadable)?,
                trigger: EventTriggerId::parse(trigger).map_err(|_| unreadable())?,
                name,
            },
            CauseKind::Schedule => EntryCause::Schedule {
                schedule: ScheduleId::parse(trigger).map_err(|_| unreadable())?,
                name,
            },
            CauseKind::Workflow => EntryCause::Workflow {
                workflow: WorkflowId::parse(trigger).map_err(|_| unreadable())?,
                name,
                step: StepId::parse(&self.step).map_err(|_| unreadable())?,
                step_name: self.step_name,
            },
        };
        let record = match &cause {
            EntryCause::Event { event, .. } => Some(event.record()),
            EntryCause::Schedule { .. } | EntryCause::Workflow { .. } => {
                (self.record > 0).then_some(RecordKind::Ticket)
            }
        };
        Ok(EventEntry {
            id,
            at: self.at,
            cause,
            record: record.map(|kind| EntryRecord {
                kind,
                id: self.record,
                title: self.title,
            }),
            outcome,
            runbook_name: Some(self.runbook_name).filter(|name| !name.is_empty()),
            run_id: self.run.and_then(|run| RunId::parse(&run).ok()),
            explanation: self.explanation,
        })
    }
}

/// A page of entries, the newest first.
pub(super) fn list(store: &Store, query: &EventsQuery) -> Result<List<EventEntry>, Failure> {
    let limit = Limit::of(query.limit);
    let (filters, mut values) = filters(query)?;
    values.push(limit.rows().to_value());
    let mut rows: Vec<Row> = store.rows(
        &format!(
            "SELECT id, at, cause, event, record, title, trigger_id, trigger_name, step, step_name, outcome,
                runbook_name, run, explanation
             FROM event_log WHERE {filters} ORDER BY id DESC LIMIT ?"
        ),
        values,
    )?;
    let next = limit.cut(&mut rows, |row| row.id);
    let items = rows.into_iter().map(Row::entry);
    Ok(List {
        items: items.collect::<Result<_, _>>()?,
        next,
    })
}

/// What a list holds: conditions, and what is bound to them.
fn filters(query: &EventsQuery) -> Result<(String, Vec<Value>), Failure> {
    let mut filters = vec!["TRUE"];
    let mut values: Vec<Value> = Vec::new();
    let mut filter = |condition, value| {
        filters.push(condition);
        values.push(value);
    };
    if let Some(cause) = query.cause {
        filter("cause = ?", cause.as_str().to_value());
    }
    if let Some(event) = query.event {
        filter("event = ?", event.as_str().to_value());
    }
    if let Some(outcome) = query.outcome {
        filter("outcome = ?", outcome.as_str().to_value());
    }
    if let Some(trigger) = &query.trigger {
        filter(
            "cause = 'event' AND trigger_id = ?",
            trigger.as_str().to_value(),
        );
    }
    if let Some(schedule) = &query.schedule {
        filter(
            "cause = 'schedule' AND trigger_id = ?",
            schedule.as_str().to_value(),
        );
    }
    if let Some(workflow) = &query.workflow {
        filter(
            "cause = 'workflow' AND trigger_id = ?",
            workflow.as_str().to_value(),
        );
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
            cause: Some(CauseKind::Event),
            event: Some(EventKind::TicketClosed),
            outcome: Some(EventOutcome::NotMatched),
            trigger: EventTriggerId::parse("tr").ok(),
            schedule: ScheduleId::parse("morning").ok(),
            workflow: WorkflowId::parse("wf").ok(),
            from: Some(1),
            to: Some(2),
            text: Some("Bern zy".to_owned()),
            after: Some("9".to_owned()),
            limit: Some(3),
        };
        let (conditions, values) = filters(&query).unwrap();
        assert_eq!(conditions.matches('?').count(), values.len());
        assert_eq!(values.len(), 11);
        let refused = EventsQuery {
            after: Some("1 OR 1".to_owned()),
            ..EventsQuery::default()
        };
        assert_eq!(filters(&refused).unwrap_err().detail.code, "invalid_cursor");
    }
}
