//! Service levels: how soon tickets of a priority are to be answered and solved, counted in working time or by the
//! calendar, and when people are warned.
//!
//! The clock of a ticket stands still while it has a status that stops it. A closed ticket that is opened again has been
//! counted on meanwhile, unless its closed status is one of them.

mod calendar;
mod draft;
mod preview;
mod progress;
mod running;
#[cfg(test)]
mod tests;
mod track;
mod travel;

pub use calendar::Calendar;
pub use draft::{
    Counted, Holiday, Named, Names, PriorityTargets, ServiceLevel, Span, Target, Week, WorkingHours,
};
pub use progress::{Goal, Milestone, Passed, Progress, Standing, TicketTimes};
pub use running::{Counting, Pauses};
pub use track::{Look, ServiceLevels, Told, Track, Tracked};

use std::collections::{BTreeMap, BTreeSet};

use crate::problem::ErrorDetail;

const MS_PER_MINUTE: i64 = 60_000;

/// A service level that can be asked about tickets.
#[derive(Debug, Clone)]
pub struct Agreement {
    calendar: Calendar,
    targets: BTreeMap<u64, PriorityTargets>,
    first_warning: Option<u8>,
    second_warning: Option<u8>,
    /// Statuses that stop the clock.
    stops: BTreeSet<u64>,
}

impl Agreement {
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }
}

fn compiled(level: ServiceLevel) -> Option<(ServiceLevel, Agreement)> {
    let agreement = level.compile().ok()?;
    Some((level, agreement))
}

impl ServiceLevel {
    /// Reads it, or says everything that is wrong with it. The places are its fields, such as
    /// `hours.week.monday[0].until`.
    pub fn compile(&self) -> Result<Agreement, Vec<ErrorDetail>> {
        let mut problems = Vec::new();
        if self.name.trim().is_empty() {
            problems.push(
                ErrorDetail::new("no_name", "Give the service level a name.").at_field("name"),
            );
        }
        let calendar = self
            .hours
            .compile()
            .map_err(|found| {
                problems.extend(found.into_iter().map(|problem| {
                    let field = problem.at.field.clone().unwrap_or_default();
                    problem.at_field(format!("hours.{field}"))
                }));
            })
            .ok();
        self.check_warnings(&mut problems);
        let mut targets = BTreeMap::new();
        for (index, priority) in self.priorities.iter().enumerate() {
            if targets.insert(priority.priority_id, *priority).is_some() {
                let problem = ErrorDetail::new(
                    "priority_twice",
                    format!(
                        "The priority {} has its times twice: keep one of the two rows.",
                        priority.priority_id
                    ),
                );
                problems.push(problem.at_field(format!("priorities[{index}].priority_id")));
            }
            for (name, target) in [
                ("response", priority.response),
                ("resolution", priority.resolution),
            ] {
                let problem = target.and_then(|target| target.problem(calendar.as_ref()));
                problems.extend(problem.map(|problem| {
                    problem.at_field(format!("priorities[{index}].{name}.minutes"))
                }));
            }
        }
        match calendar {
            Some(calendar) if problems.is_empty() => Ok(Agreement {
                calendar,
                targets,
                first_warning: self.first_warning_percent,
                second_warning: self.second_warning_percent,
                stops: self.stopping_statuses.iter().copied().collect(),
            }),
            _ => Err(problems),
        }
    }

    /// Everything that keeps it from being saved. Those that were saved before count on, also where their hours overlap.
    pub fn problems(&self) -> Vec<ErrorDetail> {
        let mut problems = self.compile().err().unwrap_or_default();
        problems.extend(self.hours.overlaps().into_iter().map(|problem| {
            let field = problem.at.field.clone().unwrap_or_default();
            problem.at_field(format!("hours.{field}"))
        }));
        problems
    }

    fn check_warnings(&self, problems: &mut Vec<ErrorDetail>) {
        let (first, second) = (self.first_warning_percent, self.second_warning_percent);
        for (field, percent) in [
            ("first_warning_percent", first),
            ("second_warning_percent", second),
        ] {
            if percent.is_some_and(|percent| !(1..=99).contains(&percent)) {
                let problem = ErrorDetail::new(
                    "warning_percent",
                    "A warning comes when 1 to 99 percent of the time is over.",
                );
                problems.push(problem.at_field(field));
            }
        }
        if first
            .zip(second)
            .is_some_and(|(first, second)| first >= second)
        {
            let problem = ErrorDetail::new(
                "warning_order",
                "The second warning must come after the first one: give it a higher percentage.",
            );
            problems.push(problem.at_field("second_warning_percent"));
        }
    }
}

impl Target {
    /// The most minutes that can be set: a year.
    pub const MOST_MINUTES: u32 = 366 * 24 * 60;

    fn length(self) -> i64 {
        i64::from(self.minutes) * MS_PER_MINUTE
    }

    fn problem(self, calendar: Option<&Calendar>) -> Option<ErrorDetail> {
        if !(1..=Self::MOST_MINUTES).contains(&self.minutes) {
            return Some(ErrorDetail::new(
                "target_minutes",
                format!("Take 1 to {} minutes (366 days).", Self::MOST_MINUTES),
            ));
        }
        // Any moment will do: the working hours of a week are the same each week, and holidays few.
        let counting = Counting::of(self.counted, calendar?);
        let none = Pauses::default();
        counting
            .deadline_ms(0, self.length(), &none)
            .is_none()
            .then(|| {
                ErrorDetail::new(
                    "target_never_over",
                    "The working hours do not come to so many minutes in thirty years: take fewer minutes, or add working hours.",
                )
            })
    }
}
