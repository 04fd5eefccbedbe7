//! Schedules: when a runbook starts by the clock, or by the dates of tickets.
//!
//! **Where the clocks are moved.** An expression that names hours (`30 2 * * *`) means times of the clock, and each
//! comes once: one that the clocks leave out comes right after the gap, together with all others in it, and one that
//! they show twice comes the first time. An expression that takes every hour (`*/15 * * * *`) means a rhythm, which goes
//! on through both passes of an hour and has nothing to make up for one that is left out.

mod check;
mod date;
mod expression;
mod occasion;
mod timetable;
mod words;

use std::fmt;

pub use check::{problems, unfilled};
pub use date::{Found, TicketDate};
pub use expression::ExpressionError;
pub use occasion::Occasion;
pub use timetable::{Due, Timetable};

use crate::model::{Schedule, ScheduleWhen, Timestamp};
use crate::problem::ErrorDetail;
use crate::time_zone::Zone;
use date::Side;
use expression::Expression;

/// A schedule that can be asked when it comes due.
#[derive(Debug, Clone)]
pub enum Timing {
    /// At times of the clock.
    Clock(Box<Timetable>),
    /// By a date of each ticket.
    Dates(Box<TicketDate>),
}

impl Schedule {
    /// Reads the schedule, or says everything that is wrong with it. The places are its fields, such as
    /// `when.expression`.
    pub fn compile(&self) -> Result<Timing, Vec<ErrorDetail>> {
        let mut problems = Vec::new();
        if self.name.trim().is_empty() {
            let problem = ErrorDetail::new("no_name", "Give the schedule a name.");
            problems.push(problem.at_field("name"));
        }
        let zone = Zone::parse(&self.time_zone).map_err(|error| {
            let problem = ErrorDetail::new("no_such_time_zone", error.to_string());
            problems.push(problem.at_field("time_zone"));
        });
        let zone = zone.ok();
        let timing = match &self.when {
            ScheduleWhen::Cron { expression } => {
                let expression = Expression::parse(expression)
                    .map_err(|error| problems.push(error.detail("when.expression")));
                let parts = expression.ok().zip(zone);
                parts.map(|(expression, zone)| {
                    Timing::Clock(Timetable::new(expression, zone).into())
                })
            }
            ScheduleWhen::Before {
                minutes,
                field,
                condition,
            } => TicketDate::compile(
                (Side::Before, *minutes),
                field,
                condition,
                zone,
                &mut problems,
            )
            .map(|date| Timing::Dates(date.into())),
            ScheduleWhen::After {
                minutes,
                field,
                condition,
            } => TicketDate::compile(
                (Side::After, *minutes),
                field,
                condition,
                zone,
                &mut problems,
            )
            .map(|date| Timing::Dates(date.into())),
        };
        match timing {
            Some(timing) if problems.is_empty() => Ok(timing),
            _ => Err(problems),
        }
    }
}

/// In words: `Every weekday at 09:00`.
impl fmt::Display for Timing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Clock(timetable) => timetable.fmt(f),
            Self::Dates(date) => date.fmt(f),
        }
    }
}

impl Timing {
    pub fn zone(&self) -> &Zone {
        match self {
            Self::Clock(timetable) => timetable.zone(),
            Self::Dates(date) => date.zone(),
        }
    }
}

/// A moment as signed milliseconds; those beyond them are later than every date.
fn signed(moment: Timestamp) -> i64 {
    i64::try_from(moment).unwrap_or(i64::MAX)
}
