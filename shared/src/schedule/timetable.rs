//! When an expression comes due in a time zone.

use std::fmt;

use jiff::civil::Date;

use super::expression::{Expression, HORIZON_DAYS};
use super::signed;
use crate::lateness::lateness;
use crate::model::Timestamp;
use crate::time_zone::Zone;

/// How many times that went by are counted; there may be more.
const MOST_MISSED: u32 = 10_000;

/// A cron expression in its time zone.
#[derive(Debug, Clone)]
pub struct Timetable {
    pub(super) expression: Expression,
    zone: Zone,
}

/// Something came due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The last time that it should have started.
    pub at: Timestamp,
    /// How many times before that went by without a start, counted up to 10,000.
    pub missed: u32,
}

impl Timetable {
    pub(super) fn new(expression: Expression, zone: Zone) -> Self {
        Self { expression, zone }
    }

    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// The first time after a moment; nothing where the calendar ends.
    pub fn next(&self, after: Timestamp) -> Option<Timestamp> {
        let after = signed(after);
        // A time that is left out at the end of a day comes at the start of the next one.
        let start = self.zone.date_at(after)?.yesterday().ok()?;
        let moment = self
            .days(start, Date::tomorrow)
            .flat_map(|date| self.moments(date))
            .find(|moment| *moment > after)?;
        u64::try_from(moment).ok()
    }

    /// The next times after a moment, at most so many.
    pub fn coming(&self, after: Timestamp, count: usize) -> Vec<Timestamp> {
        std::iter::successors(self.next(after), |last| self.next(*last))
            .take(count)
            .collect()
    }

    /// What came due after the last look, up to now: however much it is, it starts once.
    pub fn due(&self, last_checked: Timestamp, now: Timestamp) -> Option<Due> {
        let (last_checked, now) = (signed(last_checked), signed(now));
        let start = self.zone.date_at(now)?.tomorrow().ok()?;
        let mut passed = self
            .days(start, Date::yesterday)
            .flat_map(|date| {
                let mut moments = self.moments(date);
                moments.reverse();
                moments
            })
            .skip_while(|moment| *moment > now)
            .take_while(|moment| *moment > last_checked);
        let at = u64::try_from(passed.next()?).ok()?;
        // Of two days that meet in a gap of the clocks both name its end.
        let mut last = signed(at);
        let missed = passed.filter(|moment| std::mem::replace(&mut last, *moment) != *moment);
        let missed = missed.take(MOST_MISSED as usize).count();
        Some(Due {
            at,
            missed: u32::try_from(missed).unwrap_or(MOST_MISSED),
        })
    }

    /// The dates from one on, as far as it is worth looking, on which it comes due.
    fn days(
        &self,
        start: Date,
        step: fn(Date) -> Result<Date, jiff::Error>,
    ) -> impl Iterator<Item = Date> {
        std::iter::successors(Some(start), move |date| step(*date).ok())
            .take(HORIZON_DAYS)
            .filter(|date| self.expression.is_on(*date))
    }

    /// The moments of a date, in order.
    fn moments(&self, date: Date) -> Vec<i64> {
        let Some(day) = self.zone.day(date) else {
            return Vec::new();
        };
        if self.expression.is_rhythm() {
            day.each(&self.expression.times)
        } else {
            day.once(&self.expression.times)
        }
    }
}

impl Due {
    /// What is said of a start that is late, or that stands for several; nothing where it is on time. A minute is none.
    pub fn lateness(&self, zone: &Zone, now: Timestamp) -> Option<String> {
        const ON_TIME_MS: u64 = 60_000;
        let is_late = now.saturating_sub(self.at) > ON_TIME_MS;
        let late = is_late.then(|| lateness(self.at, now)).flatten();
        let due = format!("{} ({})", zone.write(self.at), zone.name());
        let missed = match self.missed {
            MOST_MISSED.. => format!("at least {MOST_MISSED} earlier times were"),
            1 => "an earlier time was".to_owned(),
            missed => format!("{missed} earlier times were"),
        };
        match (late, self.missed) {
            (None, 0) => None,
            (Some(late), 0) => Some(format!("It was due at {due}, and came {late}.")),
            (_, _) => Some(format!(
                "It was due at {due}; {missed} missed, and this start stands for all of them."
            )),
        }
    }
}

impl fmt::Display for Timetable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&super::words::words(&self.expression))
    }
}

#[cfg(test)]
mod tests;
