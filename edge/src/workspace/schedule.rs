//! Schedules: which there are, what keeps one from being saved, and what starts their runbooks.

mod dates;
pub(super) mod marks;
mod no_date;
mod report;
mod starts;

use shared::api::{ComingTime, Record, ScheduleChoices, ScheduleRecord};
use shared::desk::Renamed;
use shared::engine::PlanDocument;
use shared::model::{Schedule, Timestamp};
use shared::problem::{ErrorDetail, Problem, Severity};
use shared::schedule::{self, Timing};
use shared::time_zone::Zone;

use super::document::{self, Row};
use super::protocol::{Kind, SchedulesCall};
use super::save::Change;
use super::{Room, event_trigger};
use crate::error::Failure;
use crate::object::{Reply, reply};
use crate::store::Store;
use crate::{clock, desk};

pub(super) use starts::retry;

/// Answers a call about schedules.
pub(super) async fn answer(room: &Room, call: SchedulesCall) -> Result<Reply, Failure> {
    match call {
        SchedulesCall::Check {
            schedule,
            has_runbook,
        } => reply(&report::of(room, &schedule, has_runbook).await?),
        SchedulesCall::Choices {} => reply(&ScheduleChoices {
            time_zones: Zone::names(),
            custom_fields: desk::client::date_fields(&room.env).await?,
        }),
        SchedulesCall::Start { id, key } => reply(&starts::by_hand(room, &id, key).await?),
    }
}

/// Deals with what has come due: first what is told by the clock and by dates, then the starts that come of it.
pub(super) async fn look(room: &Room) -> Result<(), Failure> {
    for mark in marks::waiting(&room.store, clock::now())? {
        match live(&room.store, &mark.schedule)? {
            Some(schedule) if schedule.enabled => dates::look(room, &schedule, &mark).await?,
            _ => marks::forget(&room.store, &mark.schedule)?,
        }
    }
    starts::make(room).await
}

/// Takes note of changes of tickets: a schedule may come due earlier by them.
pub(super) use dates::take_note;

/// When it is worth looking again.
pub(super) use marks::next_look;

/// All schedules, in the order in which they were made.
pub(super) fn all(store: &Store) -> Result<Vec<Schedule>, Failure> {
    let rows = document::list(store, Kind::Schedule)?;
    rows.iter().map(Row::value).collect()
}

/// Has conditions compare with the new name of a status and the like.
pub(super) fn follow(change: &Change<'_>, renamed: &Renamed) -> Result<(), Failure> {
    for schedule in all(change.store)? {
        if let Some(schedule) = renamed.in_schedule(&schedule) {
            let id = schedule.id.to_string();
            // It comes due as before: its marks stay.
            change.put(Kind::Schedule, &id, None, None, schedule)?;
        }
    }
    Ok(())
}

fn live(store: &Store, id: &str) -> Result<Option<Schedule>, Failure> {
    let row = document::live(store, Kind::Schedule, id)?;
    row.map(|row| row.value()).transpose()
}

/// Those that start a runbook.
pub(super) fn of_runbook(store: &Store, runbook: &str) -> Result<Vec<Schedule>, Failure> {
    let schedules = all(store)?.into_iter();
    Ok(schedules
        .filter(|schedule| schedule.runbook.as_str() == runbook)
        .collect())
}

/// A schedule as the console gives it.
pub(super) fn kept(row: &Row) -> Result<ScheduleRecord, Failure> {
    let value: Schedule = row.value()?;
    let timing = value.compile().ok();
    let next = match &timing {
        Some(Timing::Clock(timetable)) if value.enabled => timetable
            .next(clock::now())
            .map(|at| coming(timetable.zone(), at)),
        _ => None,
    };
    Ok(ScheduleRecord {
        words: timing.map_or_else(String::new, |timing| timing.to_string()),
        next_time: next,
        record: Record {
            value,
            version: row.version,
            updated_at: row.updated_at,
            missing_secrets: Vec::new(),
        },
    })
}

fn coming(zone: &Zone, at: Timestamp) -> ComingTime {
    ComingTime {
        at,
        shown: zone.say(at),
    }
}

/// Refuses a schedule that is wrong, or that does not fill what its runbook needs. `place` is where it stands in a
/// bundle, whose runbooks count as they are in it; else those that are published count.
pub(super) fn check(store: &Store, schedule: &Schedule, place: &str) -> Result<(), Failure> {
    match problems(store, schedule, place)?.into_iter().next() {
        Some(first) => Err(event_trigger::refused(first, place)),
        None => Ok(()),
    }
}

/// Everything that is wrong with a schedule.
fn problems(store: &Store, schedule: &Schedule, place: &str) -> Result<Vec<ErrorDetail>, Failure> {
    let mut problems = schedule::problems(schedule);
    match event_trigger::started(store, &schedule.runbook, !place.is_empty())? {
        Some(document) => problems.extend(schedule::unfilled(schedule, &document)),
        None => problems.push(event_trigger::unknown_runbook(schedule.runbook.as_str())),
    }
    Ok(problems)
}

/// What the schedules of a runbook do not fill of what a draft of it needs.
pub(super) fn unfilled(store: &Store, draft: &PlanDocument) -> Result<Vec<Problem>, Failure> {
    let mut problems = Vec::new();
    for schedule in of_runbook(store, draft.runbook.id.as_str())? {
        for mut detail in schedule::unfilled(&schedule, draft) {
            detail.message = format!("schedule “{}”: {}", schedule.name, detail.message);
            problems.push(Problem {
                severity: Severity::Warning,
                detail: detail.at_field("from_desk"),
            });
        }
    }
    Ok(problems)
}
