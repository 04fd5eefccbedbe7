//! What happens at the desk, and the runbooks that it starts.

use std::borrow::Cow;
use std::cell::Cell;

use futures_util::StreamExt as _;
use futures_util::stream;
use serde_json::Value;
use shared::api::{CauseKind, EventOutcome, LiveEvent};
use shared::desk::{DeskEvent, EventSource, Renamed};
use shared::event::{MOST_DEPTH, Subject, Watch, kinds};
use shared::model::{ActsOn, DeskAction, RecordKind, RunId, Timestamp};
use shared::problem::quoted;
use shared::start::{DeskStart, desk_variables};
use shared::workflow::StepStart;

use super::desk_start::{self, Cause, start};
use super::event_log::{self, Entry};
use super::protocol::{By, Kind};
use super::{
    Room, desk_action, document, event_trigger, failed_delivery, live, offered, runbook, schedule,
    workflow,
};
use crate::error::Failure;
use crate::store::Store;
use crate::{bind, clock};

/// Events come again for minutes at most; they are remembered for longer.
const REMEMBERED_MS: Timestamp = 7 * 24 * 60 * 60 * 1000;

/// How many events are dealt with at once: most of the time goes by while Runners write down their starts.
const AT_ONCE: usize = 8;

/// A ticket is told once in so long that a trigger was stopped, or could not start its runbook.
const TOLD_AGAIN_MS: Timestamp = 60 * 60 * 1000;

/// Deals with events; gives the ids of those that could not be dealt with yet. They may come again: what was dealt with
/// is not dealt with twice, and a start that was half-way is one start by its key.
pub(super) async fn take(room: &Room, events: &[DeskEvent]) -> Result<Vec<String>, Failure> {
    // Before anything that may name what was renamed.
    let mut has_renamed = false;
    for event in events {
        if let DeskEvent::RecordRenamed {
            event_id, renamed, ..
        } = event
        {
            follow(room, event_id, renamed)?;
            has_renamed = true;
        }
    }
    if has_renamed {
        // Runners are told, too, before they are asked to start anything.
        room.deliver().await?;
    }
    let waiting = Waiting {
        actions: actions(&room.store)?,
        watches: event_trigger::watches(&room.store)?,
        has_logged: Cell::new(false),
    };
    let waiting = &waiting;
    let mut work = stream::iter(events)
        .map(|event| async move { (event, deal_with(room, waiting, event).await) })
        .buffered(AT_ONCE);
    let mut left = Vec::new();
    while let Some((event, outcome)) = work.next().await {
        // Why is in the log.
        if outcome.is_err() {
            left.push(event.event_id().to_owned());
        }
    }
    if waiting.has_logged.get() {
        live::tell(&room.state, &LiveEvent::Events);
    }
    Ok(left)
}

/// Has the documents that name a record of the desk follow its other name, once.
fn follow(room: &Room, event_id: &str, renamed: &Renamed) -> Result<(), Failure> {
    room.atomically(By::Nimbus, |change| {
        if is_known(change.store, event_id)? {
            return Ok(());
        }
        desk_action::follow(change, renamed)?;
        event_trigger::follow(change, renamed)?;
        schedule::follow(change, renamed)?;
        workflow::follow(change, renamed)?;
        runbook::follow(change, renamed)?;
        remember(change.store, event_id)
    })
}

/// What waits for events.
struct Waiting {
    /// Those on tickets that queue a runbook.
    actions: Vec<DeskAction>,
    watches: Vec<Watch>,
    has_logged: Cell<bool>,
}

async fn deal_with(room: &Room, waiting: &Waiting, event: &DeskEvent) -> Result<(), Failure> {
    if let DeskEvent::RecordsChanged { resource, ids, .. } = event {
        let (resource, ids) = (resource.clone(), ids.clone());
        // It starts nothing, and telling it twice does no harm: it need not be remembered.
        live::tell(&room.state, &LiveEvent::Records { resource, ids });
        return Ok(());
    }
    if let DeskEvent::WorkflowStep { start, .. } = event {
        return workflow_step(room, waiting, event, start).await;
    }
    let queued = waiting.queued_by(event);
    let watches = waiting.watches_for(event);
    // The same goes for what nothing waits for.
    let is_waited_for = !queued.is_empty() || !watches.is_empty();
    if is_waited_for {
        if is_known(&room.store, event.event_id())? {
            return Ok(());
        }
        for cause in &queued {
            start_for_action(room, cause, event).await?;
        }
        if let Some(subject) = Subject::of(event) {
            let entries = watch(room, &watches, event, &subject).await?;
            waiting
                .has_logged
                .set(!entries.is_empty() || waiting.has_logged.get());
            let record = event_log::record_of(&subject);
            event_log::add(&room.store, event.event_id(), Some(&record), &entries)?;
        }
        remember(&room.store, event.event_id())?;
    }
    if let Some(ticket_id) = event.ticket_id() {
        live::tell(&room.state, &LiveEvent::Ticket { ticket_id });
    }
    Ok(())
}

/// Starts what a step of a workflow starts, or says why it does not.
async fn workflow_step(
    room: &Room,
    waiting: &Waiting,
    event: &DeskEvent,
    start: &StepStart,
) -> Result<(), Failure> {
    if is_known(&room.store, event.event_id())? {
        return Ok(());
    }
    if let Some(event) = &with_ticket(room, event).await?
        && let Some(subject) = Subject::of(event)
    {
        let entry = step_entry(room, event, start).await?;
        let entries = [entry];
        tell_of_missing(room, event, &subject, &entries).await?;
        let record = event_log::record_of(&subject);
        event_log::add(&room.store, event.event_id(), Some(&record), &entries)?;
        waiting.has_logged.set(true);
    }
    remember(&room.store, event.event_id())?;
    if let Some(ticket_id) = event.ticket_id() {
        live::tell(&room.state, &LiveEvent::Ticket { ticket_id });
    }
    Ok(())
}

async fn step_entry(room: &Room, event: &DeskEvent, start: &StepStart) -> Result<Entry, Failure> {
    let entry = |outcome, run_id: Option<RunId>, explanation: &str| {
        let late = start.late.as_deref().unwrap_or_default();
        let words = joined(" ", [late, explanation]);
        let starter = event_log::by_step(start);
        Entry::of(
            starter,
            outcome,
            run_id,
            &joined(": ", [&start.reason, &words]),
        )
    };
    if !start.met {
        return Ok(entry(EventOutcome::NotMatched, None, &start.explanation));
    }
    if event.depth() > MOST_DEPTH {
        return Ok(entry(EventOutcome::TooDeep, None, &too_deep()));
    }
    let cause = Cause::Step(Box::new(start.clone()));
    match desk_start::start(room, &cause, event).await {
        Ok(answer) => {
            let run_id = Some(answer.run_id);
            Ok(entry(EventOutcome::Started, run_id, &start.explanation))
        }
        Err(failure) if failure.status >= 500 => Err(failure),
        Err(failure) => {
            failed_delivery::keep(&room.store, &cause, event, &failure.detail)?;
            live::tell(&room.state, &LiveEvent::FailedDeliveries);
            let mut why = failure.detail.message;
            if start.late.is_some() {
                why = format!("The runbook was not started: {why}");
            }
            Ok(entry(EventOutcome::Failed, None, &why))
        }
    }
}

/// The event with its ticket; nothing where the ticket is gone. One that was left out is read as it is now.
async fn with_ticket<'e>(
    room: &Room,
    event: &'e DeskEvent,
) -> Result<Option<Cow<'e, DeskEvent>>, Failure> {
    let DeskEvent::WorkflowStep {
        ticket_id,
        ticket: None,
        ..
    } = event
    else {
        return Ok(Some(Cow::Borrowed(event)));
    };
    let path = format!("/api/Tickets/{ticket_id}");
    let Some(read) = offered::read(&room.env, &path).await? else {
        return Ok(None);
    };
    let mut whole = event.clone();
    if let DeskEvent::WorkflowStep { ticket, .. } = &mut whole {
        *ticket = Some(read);
    }
    Ok(Some(Cow::Owned(whole)))
}

impl Waiting {
    /// The desk actions that the event is, where they queue a runbook.
    fn queued_by(&self, event: &DeskEvent) -> Vec<Cause> {
        let DeskEvent::ActionAdded { action, source, .. } = event else {
            return Vec::new();
        };
        // What a run posts is no button that somebody pressed: it might be itself that it starts.
        let is_by_run = matches!(source, EventSource::Runbook | EventSource::Nimbus);
        if is_by_run || event.depth() > 0 {
            return Vec::new();
        }
        let outcome = action.get("outcome").and_then(Value::as_str);
        let outcome = outcome.unwrap_or_default().to_lowercase();
        self.actions
            .iter()
            .filter(|action| action.outcome().to_lowercase() == outcome)
            .filter_map(|action| {
                Some(Cause::Action {
                    runbook: action.queues()?.clone(),
                    action: Box::new(action.clone()),
                })
            })
            .collect()
    }

    fn watches_for(&self, event: &DeskEvent) -> Vec<&Watch> {
        // Its own notes set off nothing, or telling of a loop would be one.
        if self.watches.is_empty() || event.source() == EventSource::Nimbus {
            return Vec::new();
        }
        let kinds = kinds(event);
        let waits = |watch: &&Watch| watch.waits_for(&kinds);
        self.watches.iter().filter(waits).collect()
    }
}

fn actions(store: &Store) -> Result<Vec<DeskAction>, Failure> {
    let mut actions = Vec::new();
    for row in document::list(store, Kind::DeskAction)? {
        let action: DeskAction = row.value()?;
        if action.records == ActsOn::Ticket && action.queues().is_some() {
            actions.push(action);
        }
    }
    Ok(actions)
}

/// Whoever pressed the button learns on the ticket why nothing happened.
async fn start_for_action(room: &Room, cause: &Cause, event: &DeskEvent) -> Result<(), Failure> {
    let failure = match start(room, cause, event).await {
        Ok(_) => return Ok(()),
        // Asking again may help.
        Err(failure) if failure.status >= 500 => return Err(failure),
        Err(failure) => failure,
    };
    failed_delivery::keep(&room.store, cause, event, &failure.detail)?;
    live::tell(&room.state, &LiveEvent::FailedDeliveries);
    let (Cause::Action { action, runbook }, Some(ticket_id)) = (cause, event.ticket_id()) else {
        return Ok(());
    };
    let note = format!(
        "The runbook of “{}” was not started: {}",
        action.name,
        quoted(&failure.detail.message)
    );
    let key = format!("not-started/{}/{runbook}", event.event_id());
    desk_start::note(room, ticket_id, "Runbook not started", &note, key).await
}

/// Has the triggers look at an event, one after the other.
async fn watch(
    room: &Room,
    watches: &[&Watch],
    event: &DeskEvent,
    subject: &Subject<'_>,
) -> Result<Vec<Entry>, Failure> {
    if watches.is_empty() {
        return Ok(Vec::new());
    }
    let documents = subject.documents();
    let variables = desk_variables(&DeskStart {
        overrides: &[],
        documents: &documents,
        halo_url: &room.config.public_url,
    });
    let variables = match variables {
        Ok(variables) => variables,
        // It would be the same the next time.
        Err(error) => {
            let failed = |watch: &&Watch| {
                let starter = event_log::by_trigger(&watch.trigger);
                Entry::of(starter, EventOutcome::Failed, None, &error.message)
            };
            return Ok(watches.iter().map(failed).collect());
        }
    };
    let mut entries = Vec::with_capacity(watches.len());
    let goal = goal(event);
    for watch in watches {
        let entry = |outcome, run_id: Option<RunId>, explanation: &str| {
            let starter = event_log::by_trigger(&watch.trigger);
            let words = joined(": ", [&goal, explanation]);
            Entry::of(starter, outcome, run_id, &words)
        };
        if !subject.is_told() {
            entries.push(entry(EventOutcome::NotTold, None, NOT_TOLD));
            continue;
        }
        let verdict = watch.look(&variables);
        entries.push(if !verdict.starts {
            entry(EventOutcome::NotMatched, None, &verdict.explanation)
        } else if event.depth() > MOST_DEPTH {
            entry(EventOutcome::TooDeep, None, &too_deep())
        } else {
            let cause = Cause::Event(Box::new(watch.trigger.clone()));
            match start(room, &cause, event).await {
                Ok(answer) => entry(
                    EventOutcome::Started,
                    Some(answer.run_id),
                    &verdict.explanation,
                ),
                Err(failure) if failure.status >= 500 => return Err(failure),
                Err(failure) => {
                    failed_delivery::keep(&room.store, &cause, event, &failure.detail)?;
                    live::tell(&room.state, &LiveEvent::FailedDeliveries);
                    entry(EventOutcome::Failed, None, &failure.detail.message)
                }
            }
        });
    }
    tell_of_missing(room, event, subject, &entries).await?;
    Ok(entries)
}

/// Says what a warning or a deadline is about, and how late it is told; nothing of other events.
fn goal(event: &DeskEvent) -> String {
    match event {
        DeskEvent::MilestonePassed { told, .. } => told.to_string(),
        _ => String::new(),
    }
}

/// Two texts, as far as there is something in them: a start without a condition has none to explain.
fn joined(between: &str, texts: [&str; 2]) -> String {
    let texts: Vec<&str> = texts.into_iter().filter(|text| !text.is_empty()).collect();
    texts.join(between)
}

/// Says on the ticket which triggers should have started a runbook and did not, once for each in a while.
async fn tell_of_missing(
    room: &Room,
    event: &DeskEvent,
    subject: &Subject<'_>,
    entries: &[Entry],
) -> Result<(), Failure> {
    if subject.record != RecordKind::Ticket {
        return Ok(());
    }
    let now = clock::now();
    for entry in entries {
        let name = entry.cause.name();
        let what = match entry.cause.kind() {
            CauseKind::Event => "event trigger",
            CauseKind::Schedule => "schedule",
            CauseKind::Workflow => "workflow",
        };
        let (key, title, note) = match entry.outcome {
            EventOutcome::TooDeep => (
                "too-deep",
                "Loop of runbooks stopped",
                format!("“{name}” was not started: {}", too_deep()),
            ),
            EventOutcome::Failed => (
                "not-started",
                "Runbook not started",
                format!(
                    "The runbook of the {what} “{name}” was not started: {}",
                    quoted(&entry.explanation)
                ),
            ),
            _ => continue,
        };
        let since = now.saturating_sub(TOLD_AGAIN_MS);
        let (store, id) = (&room.store, event.event_id());
        if event_log::was_so_before(store, &entry.cause, entry.outcome, id, subject.id, since)? {
            continue;
        }
        // Events that are dealt with at once do not see one another in the log, but have this in common.
        let period = now / TOLD_AGAIN_MS;
        let key = format!("{key}/{}/{}/{period}", entry.cause.id(), subject.id);
        desk_start::note(room, subject.id, title, &note, key).await?;
    }
    Ok(())
}

const NOT_TOLD: &str = "One request changed so many records that their fields were not told, so no condition could look at them. Change fewer at once.";

fn too_deep() -> String {
    format!(
        "runs have started one another by what they changed {MOST_DEPTH} times in a row, and the next one was not started. Check whether they go in circles, and add a condition that ends it."
    )
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_said_of_conditions_where_there_are_none() {
        for (texts, expected) in [
            (["entering Triage", ""], "entering Triage"),
            (
                ["", "ticket^id is 7, which equals 7"],
                "ticket^id is 7, which equals 7",
            ),
            (
                ["being in Triage for 1 minute", "late"],
                "being in Triage for 1 minute: late",
            ),
            (["", ""], ""),
        ] {
            assert_eq!(joined(": ", texts), expected);
        }
    }
}
