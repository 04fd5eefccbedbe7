//! Starts from the desk that came to nothing: they stay listed until somebody dismisses them, or has them tried
//! again.

use serde::Deserialize;
use shared::api::{DeliveryOrigin, EventOutcome, FailedDelivery, List, StartAnswer};
use shared::desk::DeskEvent;
use shared::event::Subject;
use shared::model::{DeskAction, EventKind, EventTrigger, Runbook, RunbookId, Schedule};
use shared::problem::ErrorDetail;
use shared::schedule::Occasion;
use shared::workflow::StepStart;

use super::desk_start::{self, Cause};
use super::event_log::{self, Entry};
use super::protocol::Kind;
use super::{Room, document, schedule};
use crate::error::Failure;
use crate::store::{Store, read_body, write_body};
use crate::{bind, clock};

/// How many are listed.
const LISTED: u32 = 200;

/// How many are kept.
const MOST_KEPT: u64 = 1_000;

/// What was to start it: an action, an event, whose trigger's id stands beside it, or a schedule or a step of a workflow, whose
/// id stands there.
pub(super) const CAUSES: &str = "
    ALTER TABLE failed_deliveries ADD COLUMN cause TEXT NOT NULL DEFAULT '';
    UPDATE failed_deliveries SET cause = CASE trigger_id WHEN '' THEN 'action' ELSE 'event' END;";

const ACTION: &str = "action";
const EVENT: &str = "event";
const SCHEDULE: &str = "schedule";
const WORKFLOW: &str = "workflow";

#[derive(Deserialize)]
struct Row {
    id: u64,
    at: u64,
    cause: String,
    action: String,
    trigger_id: String,
    event: String,
    record: u64,
    runbook: String,
    error: String,
}

const COLUMNS: &str = "id, at, cause, action, trigger_id, event, record, runbook, error";

/// Keeps the start of an action, an event or a step of a workflow that came to nothing. It may be told again.
pub(super) fn keep(
    store: &Store,
    cause: &Cause,
    event: &DeskEvent,
    error: &ErrorDetail,
) -> Result<(), Failure> {
    let (kind, action, trigger, event_kind) = match cause {
        Cause::Action { action, .. } => (ACTION, action.name.as_str(), "", ""),
        Cause::Event(trigger) => (EVENT, "", trigger.id.as_str(), trigger.event.as_str()),
        Cause::Step(start) => (WORKFLOW, "", start.workflow.as_str(), ""),
    };
    let failed = Failed {
        occasion: event.event_id(),
        cause: kind,
        action,
        trigger,
        event: event_kind,
        record: Subject::of(event).map_or(0, |subject| subject.id),
        runbook: cause.runbook(),
    };
    write(store, &failed, &json(event)?, error)
}

/// Keeps the start of a schedule that came to nothing. It may be told again.
pub(super) fn keep_occasion(
    store: &Store,
    schedule: &Schedule,
    occasion: &Occasion,
    error: &ErrorDetail,
) -> Result<(), Failure> {
    let failed = Failed {
        occasion: &occasion.key(),
        cause: SCHEDULE,
        action: "",
        trigger: schedule.id.as_str(),
        event: "",
        record: occasion.ticket.unwrap_or(0),
        runbook: &schedule.runbook,
    };
    write(store, &failed, &json(occasion)?, error)
}

/// A row as it is written.
struct Failed<'f> {
    /// The event's id, or the key of another occasion.
    occasion: &'f str,
    cause: &'static str,
    action: &'f str,
    trigger: &'f str,
    event: &'f str,
    record: u64,
    runbook: &'f RunbookId,
}

/// `body` is what is needed to try it again.
fn write(
    store: &Store,
    failed: &Failed<'_>,
    body: &str,
    error: &ErrorDetail,
) -> Result<(), Failure> {
    #[derive(Deserialize)]
    struct Kept {
        id: u64,
    }
    let kept: Option<Kept> = store.first(
        "INSERT INTO failed_deliveries (at, event_id, cause, action, trigger_id, event, record, runbook, error)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (event_id, runbook, trigger_id) DO UPDATE SET error = excluded.error
         RETURNING id",
        bind![
            clock::now(),
            failed.occasion,
            failed.cause,
            failed.action,
            failed.trigger,
            failed.event,
            failed.record,
            failed.runbook.as_str(),
            json(error)?,
        ],
    )?;
    let kept = kept.ok_or_else(|| Failure::internal("failed delivery", &"it has no id"))?;
    write_body(store, &owner(kept.id), body.as_bytes())?;
    let outdated: Vec<Kept> = store.rows(
        "SELECT id FROM failed_deliveries WHERE id <= (SELECT MAX(id) FROM failed_deliveries) - ?",
        bind![MOST_KEPT],
    )?;
    outdated
        .into_iter()
        .try_for_each(|outdated| remove(store, outdated.id))
}

/// The latest first.
pub(super) fn list(store: &Store) -> Result<List<FailedDelivery>, Failure> {
    let rows: Vec<Row> = store.rows(
        &format!("SELECT {COLUMNS} FROM failed_deliveries ORDER BY id DESC LIMIT ?"),
        bind![LISTED],
    )?;
    let items = rows.into_iter().map(|row| {
        let runbook = document::live(store, Kind::Runbook, &row.runbook)?;
        let runbook: Option<Runbook> = runbook.map(|row| row.value()).transpose()?;
        Ok(FailedDelivery {
            id: row.id,
            at: row.at,
            origin: origin(store, &row)?,
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

/// What was to start the runbook; a trigger or schedule is called as it is now.
fn origin(store: &Store, row: &Row) -> Result<DeliveryOrigin, Failure> {
    if row.cause == ACTION {
        return Ok(DeliveryOrigin::Action {
            action: row.action.clone(),
            ticket_id: row.record,
        });
    }
    if row.cause == WORKFLOW {
        let start = step(store, row.id)?;
        return Ok(DeliveryOrigin::Workflow {
            workflow: start.workflow_name,
            reason: start.reason,
            ticket_id: row.record,
        });
    }
    if row.cause == SCHEDULE {
        let occasion: Occasion = body(store, row.id)?;
        let schedule = document::find(store, Kind::Schedule, &row.trigger_id)?;
        let schedule: Option<Schedule> = schedule.map(|row| row.value()).transpose()?;
        let name = schedule.map(|schedule| schedule.name);
        return Ok(DeliveryOrigin::Schedule {
            schedule: name.unwrap_or_else(|| row.trigger_id.clone()),
            due_at: occasion.due_at,
            ticket_id: occasion.ticket,
        });
    }
    let event = EventKind::parse(&row.event)
        .ok_or_else(|| Failure::internal("failed delivery", &row.event))?;
    let trigger = document::find(store, Kind::EventTrigger, &row.trigger_id)?;
    let trigger: Option<EventTrigger> = trigger.map(|row| row.value()).transpose()?;
    let title = trigger.map(|trigger| trigger.title().to_owned());
    Ok(DeliveryOrigin::Event {
        trigger: title.unwrap_or_else(|| event.title().to_owned()),
        event,
        record_id: row.record,
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
    if row.cause == SCHEDULE {
        let occasion: Occasion = body(&room.store, id)?;
        let started = schedule::retry(room, &occasion).await;
        match &started {
            Ok(_) => remove(&room.store, id)?,
            Err(failure) => {
                let error = json(&failure.detail)?;
                room.store.run(
                    "UPDATE failed_deliveries SET error = ? WHERE id = ?",
                    bind![error, id],
                )?;
            }
        }
        return started;
    }
    let cause = cause(&room.store, &row)?;
    let event: DeskEvent = body(&room.store, id)?;
    let started = desk_start::start(room, &cause, &event).await;
    match &started {
        Ok(answer) => {
            remove(&room.store, id)?;
            let started_by = match &cause {
                Cause::Action { .. } => None,
                Cause::Event(trigger) => Some(event_log::by_trigger(trigger)),
                Cause::Step(start) => Some(event_log::by_step(start)),
            };
            if let (Some(starter), Some(subject)) = (started_by, Subject::of(&event)) {
                let run_id = Some(answer.run_id.clone());
                let explanation = "It was started when somebody tried again.";
                let entry = Entry::of(starter, EventOutcome::Started, run_id, explanation);
                let record = event_log::record_of(&subject);
                event_log::add(&room.store, event.event_id(), Some(&record), &[entry])?;
            }
        }
        Err(failure) => keep(&room.store, &cause, &event, &failure.detail)?,
    }
    started
}

fn cause(store: &Store, row: &Row) -> Result<Cause, Failure> {
    let gone = |code: &str, what: String| {
        Failure::conflict(
            code,
            format!(
                "{what} does not exist any more. Dismiss this start, and start the runbook by hand."
            ),
        )
    };
    if row.cause == WORKFLOW {
        return Ok(Cause::Step(Box::new(step(store, row.id)?)));
    }
    if row.cause == EVENT {
        let trigger = document::live(store, Kind::EventTrigger, &row.trigger_id)?
            .ok_or_else(|| gone("trigger_gone", "The event trigger".to_owned()))?;
        return Ok(Cause::Event(Box::new(trigger.value()?)));
    }
    let action = document::live(store, Kind::DeskAction, &row.action)?
        .ok_or_else(|| gone("action_gone", format!("The action “{}”", row.action)))?;
    let action: DeskAction = action.value()?;
    Ok(Cause::Action {
        action: Box::new(action),
        runbook: runbook_id(&row.runbook)?,
    })
}

fn row(store: &Store, id: u64) -> Result<Row, Failure> {
    let row = store.first(
        &format!("SELECT {COLUMNS} FROM failed_deliveries WHERE id = ?"),
        bind![id],
    )?;
    row.ok_or_else(|| Failure::not_found("This start"))
}

/// What is needed to try it again.
fn body<T: serde::de::DeserializeOwned>(store: &Store, id: u64) -> Result<T, Failure> {
    serde_json::from_slice(&read_body(store, &owner(id))?)
        .map_err(|error| Failure::internal("failed delivery", &error))
}

/// What the step of a workflow was to start.
fn step(store: &Store, id: u64) -> Result<StepStart, Failure> {
    match body(store, id)? {
        DeskEvent::WorkflowStep { start, .. } => Ok(*start),
        _ => Err(Failure::internal("failed delivery", &"it is of no step")),
    }
}

fn remove(store: &Store, id: u64) -> Result<(), Failure> {
    write_body(store, &owner(id), b"")?;
    store.run("DELETE FROM failed_deliveries WHERE id = ?", bind![id])?;
    Ok(())
}

/// Names its body among all bodies.
fn owner(id: u64) -> String {
    format!("failed-delivery/{id}")
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
