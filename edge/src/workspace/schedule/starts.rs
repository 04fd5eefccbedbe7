//! The starts that come of what is due.

use futures_util::StreamExt as _;
use futures_util::stream;
use serde_json::Value;
use shared::api::{EntryCause, EntryRecord, EventOutcome, LiveEvent, StartAnswer};
use shared::engine::StartedBy;
use shared::model::{RecordKind, Schedule, Timestamp};
use shared::schedule::{Occasion, TicketDate, Timing};
use shared::start::{DeskStart, desk_variables};

use super::{live, marks};
use crate::clock;
use crate::error::Failure;
use crate::workspace::desk_start::{self, Brings};
use crate::workspace::event_log::{self, Entry, Starter};
use crate::workspace::protocol::Kind;
use crate::workspace::{Room, document, failed_delivery, live as pages, offered};

/// How many are dealt with at once: most of the time goes by while Runners write down their starts.
const AT_ONCE: usize = 8;

/// As many are read in a row.
const BATCH: u32 = 100;

/// How long one waits that could not be dealt with.
const PAUSE_MS: Timestamp = 30_000;

/// Starts what has come due. What was half-way when the process died is one start by its key.
pub(super) async fn make(room: &Room) -> Result<(), Failure> {
    loop {
        let occasions = marks::occasions(&room.store, clock::now(), BATCH)?;
        if occasions.is_empty() {
            return Ok(());
        }
        let mut work = stream::iter(&occasions)
            .map(|occasion| async move { (occasion, deal_with(room, occasion).await) })
            .buffered(AT_ONCE);
        while let Some((occasion, outcome)) = work.next().await {
            // Why is in the log.
            if outcome.is_err() {
                marks::try_again(&room.store, occasion, clock::now() + PAUSE_MS)?;
            }
        }
        pages::tell(&room.state, &LiveEvent::Events);
    }
}

/// What became of an occasion.
enum Became {
    Started(StartAnswer, Told),
    NotMet(Told),
    /// The ticket is gone, or has another date by now.
    Over,
}

/// What the log says of it.
struct Told {
    record: Option<EntryRecord>,
    explanation: String,
}

async fn deal_with(room: &Room, occasion: &Occasion) -> Result<(), Failure> {
    let schedule = live(&room.store, occasion.schedule.as_str())?;
    let Some(schedule) = schedule.filter(|schedule| schedule.enabled) else {
        return marks::done(&room.store, occasion);
    };
    let became = start(room, &schedule, occasion).await;
    let (outcome, answer, told) = match became {
        Ok(Became::Over) => return marks::done(&room.store, occasion),
        Ok(Became::Started(answer, told)) => (EventOutcome::Started, Some(answer), told),
        Ok(Became::NotMet(told)) => (EventOutcome::NotMatched, None, told),
        Err(failure) if failure.status >= 500 => return Err(failure),
        Err(failure) => {
            failed_delivery::keep_occasion(&room.store, &schedule, occasion, &failure.detail)?;
            pages::tell(&room.state, &LiveEvent::FailedDeliveries);
            let reason = failure.detail.message;
            let explanation = match late(&schedule, occasion) {
                Some(late) => format!("{late} The runbook was not started: {reason}"),
                None => reason,
            };
            let told = Told {
                record: record(room, occasion).await,
                explanation,
            };
            (EventOutcome::Failed, None, told)
        }
    };
    let entry = Entry::of(
        starter(&schedule),
        outcome,
        answer.map(|answer| answer.run_id),
        &told.explanation,
    );
    room.store.atomically(|| {
        event_log::add(&room.store, &occasion.key(), told.record.as_ref(), &[entry])?;
        marks::done(&room.store, occasion)
    })
}

/// What is said of one that is late, whatever became of it.
fn late(schedule: &Schedule, occasion: &Occasion) -> Option<String> {
    let timing = schedule.compile().ok()?;
    occasion.due().lateness(timing.zone(), clock::now())
}

/// A schedule as a cause.
pub(super) fn starter(schedule: &Schedule) -> Starter {
    Starter {
        cause: EntryCause::Schedule {
            schedule: schedule.id.clone(),
            name: schedule.name.clone(),
        },
        runbook: schedule.runbook.clone(),
    }
}

/// Somebody has a start tried again that failed.
pub(in crate::workspace) async fn retry(
    room: &Room,
    occasion: &Occasion,
) -> Result<StartAnswer, Failure> {
    let row = document::live(&room.store, Kind::Schedule, occasion.schedule.as_str())?;
    let gone = |what: &str| {
        Failure::conflict(
            "schedule_gone",
            format!("{what} Dismiss this start, and start the runbook by hand."),
        )
    };
    let schedule: Schedule = row
        .ok_or_else(|| gone("The schedule does not exist any more."))?
        .value()?;
    let (answer, told) = match start(room, &schedule, occasion).await? {
        Became::Started(answer, told) => (answer, told),
        Became::NotMet(told) => {
            return Err(gone(&format!(
                "The ticket does not meet the schedule's condition any more: {}.",
                told.explanation
            )));
        }
        Became::Over => return Err(gone("The ticket is gone, or has another date by now.")),
    };
    let entry = Entry::of(
        starter(&schedule),
        EventOutcome::Started,
        Some(answer.run_id.clone()),
        "It was started when somebody tried again.",
    );
    event_log::add(&room.store, &occasion.key(), told.record.as_ref(), &[entry])?;
    Ok(answer)
}

/// Somebody has a schedule that goes by the clock start now.
pub(super) async fn by_hand(
    room: &Room,
    id: &str,
    key: Option<String>,
) -> Result<StartAnswer, Failure> {
    let schedule: Schedule = document::read(&room.store, Kind::Schedule, id)?.value()?;
    if !matches!(schedule.compile(), Ok(Timing::Clock(_))) {
        return Err(Failure::conflict(
            "no_ticket",
            "This schedule goes by a date of tickets, so there is no ticket to start it for now. Change the ticket's date, or start the runbook by hand.",
        ));
    }
    let occasion = Occasion {
        schedule: schedule.id.clone(),
        due_at: clock::now(),
        missed: 0,
        ticket: None,
    };
    let runbook = desk_start::published(room, &schedule.runbook, AGAIN)?;
    let brings = Brings {
        variables: &schedule.variables,
        documents: vec![("schedule", occasion.document(&schedule, None))],
        key: key.map(|key| format!("schedule-{id}-by-hand-{key}")),
        started_by: started_by(&schedule, &occasion, None),
    };
    desk_start::begin(room, &runbook, brings).await
}

const AGAIN: &str = "try this start again";

fn started_by(schedule: &Schedule, occasion: &Occasion, late: Option<String>) -> StartedBy {
    StartedBy::Schedule {
        schedule: schedule.id.clone(),
        name: schedule.name.clone(),
        due_at: occasion.due_at,
        ticket_id: occasion.ticket,
        late,
    }
}

/// Starts the runbook. The same occasion starts it once.
async fn start(room: &Room, schedule: &Schedule, occasion: &Occasion) -> Result<Became, Failure> {
    let timing = schedule.compile().map_err(|problems| {
        let first = problems.into_iter().next();
        let first = first.map_or_else(String::new, |problem| problem.message);
        Failure::conflict("invalid_schedule", first)
    })?;
    let late = occasion.due().lateness(timing.zone(), clock::now());
    let mut documents = vec![("schedule", occasion.document(schedule, late.as_deref()))];
    let mut told = Told {
        record: None,
        explanation: late.clone().unwrap_or_else(|| {
            let zone = timing.zone();
            format!(
                "It was due at {} ({}).",
                zone.write(occasion.due_at),
                zone.name()
            )
        }),
    };
    if let Some(id) = occasion.ticket {
        let ticket = offered::read(&room.env, &format!("/api/Tickets/{id}")).await?;
        let (Some(ticket), Timing::Dates(date)) = (ticket, &timing) else {
            return Ok(Became::Over);
        };
        if date.moment(&ticket) != Some(occasion.due_at) {
            return Ok(Became::Over);
        }
        told.record = Some(record_of(id, &ticket));
        documents.push(("ticket", ticket.to_string()));
        if let Some(verdict) = condition(room, date, &documents)? {
            if !verdict.met {
                told.explanation = match late {
                    Some(late) => format!("{late} {}", verdict.explanation),
                    None => verdict.explanation,
                };
                return Ok(Became::NotMet(told));
            }
            told.explanation = format!("{} {}", told.explanation, verdict.explanation);
        }
    }
    let runbook = desk_start::published(room, &schedule.runbook, AGAIN)?;
    let brings = Brings {
        variables: &schedule.variables,
        documents,
        key: Some(occasion.key()),
        started_by: started_by(schedule, occasion, late),
    };
    let answer = desk_start::begin(room, &runbook, brings).await?;
    Ok(Became::Started(answer, told))
}

/// Whether the ticket meets the condition; nothing where there is none.
pub(super) fn condition(
    room: &Room,
    date: &TicketDate,
    documents: &[(&'static str, String)],
) -> Result<Option<shared::condition::Verdict>, Failure> {
    if !date.has_condition() {
        return Ok(None);
    }
    let variables = desk_variables(&DeskStart {
        overrides: &[],
        documents,
        halo_url: &room.config.public_url,
    });
    let verdict = variables.and_then(|variables| date.check(&variables));
    verdict.map(Some).map_err(|error| Failure::of(400, error))
}

/// The ticket that a start failed for, as far as it can be read.
async fn record(room: &Room, occasion: &Occasion) -> Option<EntryRecord> {
    let id = occasion.ticket?;
    let ticket = offered::read(&room.env, &format!("/api/Tickets/{id}")).await;
    Some(record_of(id, &ticket.ok().flatten().unwrap_or_default()))
}

pub(super) fn record_of(id: u64, ticket: &Value) -> EntryRecord {
    EntryRecord {
        kind: RecordKind::Ticket,
        id,
        title: summary(ticket),
    }
}

/// What people call a ticket.
pub(super) fn summary(ticket: &Value) -> String {
    let summary = ticket.get("summary").and_then(Value::as_str);
    summary.unwrap_or_default().to_owned()
}
