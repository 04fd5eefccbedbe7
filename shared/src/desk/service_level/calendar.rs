//! Working hours as moments. A moment is working time when the clock shows a time within a span, on a date that is no
//! holiday: an hour that the clocks show twice is worked twice, one that they leave out is not worked.

use std::collections::BTreeSet;
use std::ops::Range;

use jiff::civil::Date;

use super::draft::{Span, WorkingHours};
use crate::problem::ErrorDetail;
use crate::time_zone::{MS_PER_DAY, Zone};

/// How far it is worth looking: 30 years.
const HORIZON_DAYS: usize = 30 * 366;
const MOST_SPANS: usize = 24;
const MOST_HOLIDAYS: usize = 1000;

/// Working hours that come to some time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    zone: Zone,
    /// Of each weekday from Sunday, in milliseconds from midnight to midnight, in order and apart.
    week: [Vec<Range<i64>>; 7],
    holidays: BTreeSet<Date>,
    /// Month and day.
    yearly: BTreeSet<(i8, i8)>,
}

impl WorkingHours {
    /// Reads them, or says everything that is wrong. The places are such as `week.monday[0].until`.
    pub fn compile(&self) -> Result<Calendar, Vec<ErrorDetail>> {
        let mut problems = Vec::new();
        let zone = Zone::parse(&self.time_zone).map_err(|error| {
            let problem = ErrorDetail::new("no_such_time_zone", error.to_string());
            problems.push(problem.at_field("time_zone"));
        });
        let week = self.read_week(&mut problems);
        let (holidays, yearly) = self.read_holidays(&mut problems);
        // Each date of a common year comes on each day of the week.
        let worked = week.iter().any(|day| !day.is_empty());
        let all_year = yearly.iter().filter(|date| **date != (2, 29)).count() == 365;
        if problems.is_empty() && (!worked || all_year) {
            let sentence = if worked {
                "Every day of the year is a holiday, so that nothing would ever be due: take holidays out."
            } else {
                "There are no working hours, so that nothing would ever be due: add at least one span to a day of the week."
            };
            let field = if worked { "holidays" } else { "week" };
            problems.push(ErrorDetail::new("no_working_time", sentence).at_field(field));
        }
        match zone {
            Ok(zone) if problems.is_empty() => Ok(Calendar {
                zone,
                week,
                holidays,
                yearly,
            }),
            _ => Err(problems),
        }
    }

    /// Says which spans overlap with one that stands before them: what both cover is worked once only, which nobody means
    /// who writes it twice.
    pub(super) fn overlaps(&self) -> Vec<ErrorDetail> {
        let mut read: Vec<(usize, Range<i64>, String)> = Vec::new();
        let mut problems = Vec::new();
        for (weekday, (name, spans)) in self.week.days().into_iter().enumerate() {
            for (index, span) in spans.iter().enumerate() {
                let Ok((own, after_midnight)) = span.read() else {
                    continue;
                };
                let parts = [(weekday, own), ((weekday + 1) % 7, after_midnight)];
                let parts = parts.into_iter().filter(|(_, part)| !part.is_empty());
                let words = format!("{} to {} of {}", span.from, span.until, titled(name));
                let mut before = None;
                let mut own = Vec::new();
                for (day, part) in parts {
                    let other = read.iter().find(|(other_day, other, _)| {
                        *other_day == day && other.start < part.end && part.start < other.end
                    });
                    before = before.or_else(|| other.map(|(_, _, words)| words.clone()));
                    own.push((day, part, words.clone()));
                }
                read.extend(own);
                if let Some(other) = before {
                    let sentence = format!(
                        "These hours overlap with {other}: change one of them, or delete one."
                    );
                    let problem = ErrorDetail::new("spans_overlap", sentence);
                    problems.push(problem.at_field(format!("week.{name}[{index}].from")));
                }
            }
        }
        problems
    }

    fn read_week(&self, problems: &mut Vec<ErrorDetail>) -> [Vec<Range<i64>>; 7] {
        let mut week: [Vec<Range<i64>>; 7] = std::array::from_fn(|_| Vec::new());
        for (weekday, (name, spans)) in self.week.days().into_iter().enumerate() {
            if spans.len() > MOST_SPANS {
                let sentence = format!("A day has at most {MOST_SPANS} spans.");
                let problem = ErrorDetail::new("too_many_spans", sentence);
                problems.push(problem.at_field(format!("week.{name}")));
                continue;
            }
            for (index, span) in spans.iter().enumerate() {
                match span.read() {
                    Ok((own, after_midnight)) => {
                        for (day, part) in [(weekday, own), ((weekday + 1) % 7, after_midnight)] {
                            if let Some(day) = week.get_mut(day)
                                && !part.is_empty()
                            {
                                day.push(part);
                            }
                        }
                    }
                    Err((field, problem)) => {
                        problems.push(problem.at_field(format!("week.{name}[{index}].{field}")));
                    }
                }
            }
        }
        week.map(joined)
    }

    fn read_holidays(
        &self,
        problems: &mut Vec<ErrorDetail>,
    ) -> (BTreeSet<Date>, BTreeSet<(i8, i8)>) {
        let (mut once, mut yearly) = (BTreeSet::new(), BTreeSet::new());
        if self.holidays.len() > MOST_HOLIDAYS {
            let sentence = format!(
                "There can be at most {MOST_HOLIDAYS} holidays: take out those that are over."
            );
            problems.push(ErrorDetail::new("too_many_holidays", sentence).at_field("holidays"));
            return (once, yearly);
        }
        for (index, holiday) in self.holidays.iter().enumerate() {
            let text = holiday.date.trim();
            let read = text
                .parse::<Date>()
                .ok()
                .filter(|_| text.len() == "2026-12-25".len());
            match read {
                Some(date) if holiday.every_year => {
                    yearly.insert((date.month(), date.day()));
                }
                Some(date) => {
                    once.insert(date);
                }
                None if text.is_empty() => {
                    let sentence = "Enter the date of this holiday, such as 2026-12-25.";
                    let problem = ErrorDetail::new("no_date", sentence);
                    problems.push(problem.at_field(format!("holidays[{index}].date")));
                }
                None => {
                    let sentence = format!("{text:?} is not a date: write it as 2026-12-25.");
                    let problem = ErrorDetail::new("not_a_date", sentence);
                    problems.push(problem.at_field(format!("holidays[{index}].date")));
                }
            }
        }
        (once, yearly)
    }
}

impl Calendar {
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// The working time from a moment on, as ranges in order, as far as it is worth looking.
    pub(super) fn from(&self, start: i64) -> impl Iterator<Item = Range<i64>> {
        // Where the clocks are moved at midnight, a moment of the day before may come later.
        let first = self.zone.date_at(start);
        let first = first.map(|date| date.yesterday().unwrap_or(date));
        std::iter::successors(first, |date| date.tomorrow().ok())
            .take(HORIZON_DAYS)
            .flat_map(|date| self.on(date))
            .filter(move |range| range.end > start)
            .map(move |range| range.start.max(start)..range.end)
    }

    fn on(&self, date: Date) -> Vec<Range<i64>> {
        let weekday = date.weekday().to_sunday_zero_offset().unsigned_abs();
        let spans = self.week.get(usize::from(weekday));
        let is_holiday =
            self.holidays.contains(&date) || self.yearly.contains(&(date.month(), date.day()));
        let (Some(spans), false) = (spans.filter(|spans| !spans.is_empty()), is_holiday) else {
            return Vec::new();
        };
        let Some(day) = self.zone.day(date) else {
            return Vec::new();
        };
        let mut ranges: Vec<Range<i64>> = spans
            .iter()
            .flat_map(|span| day.during(span.start, span.end))
            .collect();
        ranges.sort_unstable_by_key(|range| range.start);
        ranges
    }
}

type Read = Result<(Range<i64>, Range<i64>), (&'static str, ErrorDetail)>;

impl Span {
    /// Whether it goes on into the next day.
    pub fn ends_on_the_next_day(&self) -> bool {
        let (from, until) = (clock(&self.from), clock(&self.until));
        from.zip(until)
            .is_some_and(|(from, until)| 0 < until && until < from)
    }

    /// Its part of the day on which it begins, and its part of the next one.
    fn read(&self) -> Read {
        let from = clock(&self.from).filter(|from| *from < MS_PER_DAY);
        let from = from.ok_or_else(|| ("from", not_a_time(&self.from, "09:00")))?;
        let until =
            clock(&self.until).ok_or_else(|| ("until", not_a_time(&self.until, "17:30")))?;
        match from.cmp(&until) {
            std::cmp::Ordering::Less => Ok((from..until, 0..0)),
            std::cmp::Ordering::Greater => Ok((from..MS_PER_DAY, 0..until)),
            std::cmp::Ordering::Equal => Err((
                "until",
                ErrorDetail::new(
                    "empty_span",
                    "This span ends when it begins: choose a later end, or 00:00 to 24:00 for the whole day.",
                ),
            )),
        }
    }
}

/// A day's field, as people write the day.
fn titled(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

fn not_a_time(text: &str, example: &str) -> ErrorDetail {
    let sentence = format!("{text:?} is not a time of the day: write it as {example}.");
    ErrorDetail::new("not_a_time", sentence)
}

/// `17:30` in milliseconds from midnight; `24:00` is the end of the day.
fn clock(text: &str) -> Option<i64> {
    let (hour, minute) = text.trim().split_once(':')?;
    let number = |digits: &str, lengths: Range<usize>| -> Option<i64> {
        let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
        (plain && lengths.contains(&digits.len()))
            .then(|| digits.parse().ok())
            .flatten()
    };
    let (hour, minute) = (number(hour, 1..3)?, number(minute, 2..3)?);
    let time = (hour * 60 + minute) * super::MS_PER_MINUTE;
    (minute < 60 && time <= MS_PER_DAY).then_some(time)
}

/// The spans in order, and those in one that overlap or touch.
fn joined(mut spans: Vec<Range<i64>>) -> Vec<Range<i64>> {
    spans.sort_unstable_by_key(|span| span.start);
    let mut joined: Vec<Range<i64>> = Vec::with_capacity(spans.len());
    for span in spans {
        match joined.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => joined.push(span),
        }
    }
    joined
}
