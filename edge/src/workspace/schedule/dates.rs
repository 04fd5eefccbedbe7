//! What came due since a schedule was looked at last.

use serde_json::Value;
use shared::desk::DeskEvent;
use shared::model::{RecordChange, Schedule, Timestamp};
use shared::schedule::{Found, Occasion, TicketDate, Timing};

use super::live;
use super::marks::{self, Mark};
use super::no_date;
use crate::clock;
use crate::desk;
use crate::desk::protocol::DatesQuery;
use crate::error::{Failure, log};
use crate::store::Store;
use crate::workspace::Room;

/// So many tickets are asked for at once.
const PAGE: u32 = 1_000;

/// Dates are looked at so far ahead. Who has a later one, or gets one meanwhile, is noticed by then.
const AHEAD_MS: Timestamp = 24 * 60 * 60 * 1000;

/// How long to wait where the desk could not be asked.
const PAUSE_MS: Timestamp = 30_000;

/// Keeps what came due, and when it does next.
pub(super) async fn look(room: &Room, schedule: &Schedule, mark: &Mark) -> Result<(), Failure> {
    let now = clock::now();
    let occasion = |due_at, missed, ticket| Occasion {
        schedule: schedule.id.clone(),
        due_at,
        missed,
        ticket,
    };
    match schedule.compile() {
        // What is saved can be read; a time zone may have gone since.
        Err(problems) => {
            log(&format!("schedule {}: {problems:?}", schedule.id));
            marks::forget(&room.store, &mark.schedule)
        }
        Ok(Timing::Clock(timetable)) => {
            let due = timetable.due(mark.looked_at, now);
            let found: Vec<_> = due
                .map(|due| occasion(due.at, due.missed, None))
                .into_iter()
                .collect();
            marks::keep(&room.store, mark, &found, now, timetable.next(now))
        }
        Ok(Timing::Dates(date)) => match find(room, &date, mark.looked_at, now).await {
            Ok(found) => {
                let next = found
                    .next
                    .map_or(now + AHEAD_MS, |next| next.min(now + AHEAD_MS));
                let due = found.due.iter();
                let due: Vec<_> = due
                    .map(|(ticket, at)| occasion(*at, 0, Some(*ticket)))
                    .collect();
                marks::keep(&room.store, mark, &due, now, Some(next))?;
                // Where the desk cannot be asked, the next look does it; why is in the log.
                let _ = no_date::look(room, schedule, &date).await;
                Ok(())
            }
            // Why is in the log.
            Err(_) => marks::put_off(&room.store, &mark.schedule, now + PAUSE_MS),
        },
    }
}

/// The tickets for which it came due after the last look, and when it does next.
async fn find(
    room: &Room,
    date: &TicketDate,
    looked_at: Timestamp,
    now: Timestamp,
) -> Result<Found, Failure> {
    let mut found = Found::default();
    let mut query = query(date, looked_at, now + AHEAD_MS, PAGE);
    loop {
        let page = desk::client::dates(&room.env, query.clone()).await?;
        for row in &page {
            date.sort_in(&mut found, (row.ticket, &row.date), looked_at, now);
        }
        let is_last = page.len() < PAGE as usize;
        query.after = page.into_iter().next_back();
        if is_last {
            return Ok(found);
        }
    }
}

/// Asks for the tickets for which it comes due between two moments.
pub(super) fn query(
    date: &TicketDate,
    from: Timestamp,
    until: Timestamp,
    limit: u32,
) -> DatesQuery {
    let (from, until) = date.texts_between(from, until);
    DatesQuery {
        field: date.field().to_owned(),
        from,
        until,
        after: None,
        limit,
    }
}

/// Takes note of changes of tickets: a schedule may come due earlier by them. To be called when they are delivered;
/// twice does no harm. Gives whether the log says something new.
pub(in crate::workspace) fn take_note(
    store: &Store,
    events: &[DeskEvent],
) -> Result<bool, Failure> {
    let changed: Vec<Change<'_>> = events.iter().filter_map(Change::of).collect();
    let mut has_told = false;
    if changed.is_empty() {
        return Ok(has_told);
    }
    for mark in marks::by_dates(store)? {
        let Some(schedule) = live(store, &mark.schedule)? else {
            continue;
        };
        let Ok(Timing::Dates(date)) = schedule.compile() else {
            continue;
        };
        let moments = changed.iter().filter_map(|ticket| match ticket {
            Change::Told(ticket) => date
                .moment(ticket)
                .filter(|moment| *moment > mark.looked_at),
            Change::Untold => Some(clock::now()),
        });
        if let Some(earliest) = moments.min() {
            marks::look_by(store, &mark.schedule, earliest)?;
        }
        for change in &changed {
            if let Change::Told(ticket) = change {
                has_told |= no_date::take_note(store, &schedule, &date, ticket)?;
            }
        }
    }
    Ok(has_told)
}

/// A ticket that was changed.
enum Change<'e> {
    /// As it is now.
    Told(&'e Value),
    Untold,
}

impl<'e> Change<'e> {
    /// Nothing where no ticket was, or where it is gone.
    fn of(event: &'e DeskEvent) -> Option<Self> {
        match event {
            DeskEvent::ActionAdded { ticket, .. } => Some(Self::Told(ticket)),
            DeskEvent::TicketChanged {
                change: RecordChange::Created | RecordChange::Updated,
                states,
                ..
            } => {
                let after = states.as_ref().and_then(|states| states.after.as_ref());
                Some(after.map_or(Self::Untold, Self::Told))
            }
            // Whatever a step or a milestone changes of the ticket is told as its change, too.
            DeskEvent::TicketChanged { .. }
            | DeskEvent::WorkflowStep { .. }
            | DeskEvent::MilestonePassed { .. }
            | DeskEvent::RecordsChanged { .. }
            | DeskEvent::RecordChanged { .. }
            | DeskEvent::RecordRenamed { .. } => None,
        }
    }
}
