//! What a draft of a schedule means: in words, when it comes next, and what is wrong with it.

use shared::api::{ComingTicket, ComingTickets, ScheduleReport};
use shared::model::{Schedule, Timestamp};
use shared::problem::ErrorDetail;
use shared::schedule::{self, Occasion, TicketDate, Timing};

use super::{coming, dates, problems, starts};
use crate::clock;
use crate::desk;
use crate::error::Failure;
use crate::workspace::Room;
use crate::workspace::offered;

/// How many times are shown.
const TIMES: usize = 5;

/// How far one looks ahead for tickets.
const DAYS: u32 = 7;
const DAY_MS: Timestamp = 24 * 60 * 60 * 1000;

/// How many dates are read, and how many of their tickets are looked at.
const READ: u32 = 1_000;
const LOOKED_AT: usize = 50;

/// `has_runbook` is false while none is chosen.
pub(super) async fn of(
    room: &Room,
    schedule: &Schedule,
    has_runbook: bool,
) -> Result<ScheduleReport, Failure> {
    let mut report = ScheduleReport::default();
    if has_runbook {
        report.problems = problems(&room.store, schedule, "")?;
    } else {
        report.problems = schedule::problems(schedule);
        let detail = ErrorDetail::new("no_runbook", "Choose the runbook that it starts.");
        report.problems.push(detail.at_field("runbook"));
    }
    // What is wrong elsewhere says nothing about when it comes.
    let named = Schedule {
        name: "-".to_owned(),
        ..schedule.clone()
    };
    let Ok(timing) = named.compile() else {
        return Ok(report);
    };
    report.words = Some(timing.to_string());
    match &timing {
        Timing::Clock(timetable) => {
            let times = timetable.coming(clock::now(), TIMES).into_iter();
            report.times = times.map(|at| coming(timetable.zone(), at)).collect();
        }
        Timing::Dates(date) => report.tickets = Some(tickets(room, schedule, date).await?),
    }
    Ok(report)
}

async fn tickets(
    room: &Room,
    schedule: &Schedule,
    date: &TicketDate,
) -> Result<ComingTickets, Failure> {
    let now = clock::now();
    let until = now + Timestamp::from(DAYS) * DAY_MS;
    let query = dates::query(date, now, until, READ);
    let page = desk::client::dates(&room.env, query).await?;
    let is_last = page.len() < READ as usize;
    let mut found: Vec<(Timestamp, u64)> = page
        .iter()
        .filter_map(|row| Some((date.moment_of(&row.date)?, row.ticket)))
        .filter(|(at, _)| (now + 1..=until).contains(at))
        .collect();
    found.sort_unstable();
    let has_more = !is_last || found.len() > LOOKED_AT;
    found.truncate(LOOKED_AT);
    let mut tickets = ComingTickets {
        days: DAYS,
        looked_at: u32::try_from(found.len()).unwrap_or(u32::MAX),
        has_more,
        count: 0,
        first: Vec::new(),
    };
    for (at, id) in found {
        let is_shown = tickets.first.len() < TIMES;
        if !is_shown && !date.has_condition() {
            tickets.count += 1;
            continue;
        }
        let ticket = offered::read(&room.env, &format!("/api/Tickets/{id}")).await?;
        let Some(ticket) = ticket else { continue };
        let occasion = Occasion {
            schedule: schedule.id.clone(),
            due_at: at,
            missed: 0,
            ticket: Some(id),
        };
        let documents = [
            ("schedule", occasion.document(schedule, None)),
            ("ticket", ticket.to_string()),
        ];
        let is_met = match starts::condition(room, date, &documents) {
            Ok(verdict) => verdict.is_none_or(|verdict| verdict.met),
            // It would not start; the problem is told where it does not.
            Err(_) => false,
        };
        if !is_met {
            continue;
        }
        tickets.count += 1;
        if is_shown {
            tickets.first.push(ComingTicket {
                id,
                summary: starts::summary(&ticket),
                time: coming(date.zone(), at),
            });
        }
    }
    Ok(tickets)
}
