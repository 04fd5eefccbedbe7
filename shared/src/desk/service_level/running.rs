//! A clock that runs during working time, or always, and stands still meanwhile.

use std::collections::BTreeSet;
use std::ops::Range;

use super::calendar::Calendar;
use super::draft::Counted;
use crate::model::Timestamp;

/// Which time a clock counts.
#[derive(Debug, Clone, Copy)]
pub enum Counting<'a> {
    Working(&'a Calendar),
    Calendar,
}

/// When a clock stood still: in order, and apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pauses(Vec<Range<i64>>);

impl Pauses {
    /// From the statuses that a ticket had, each with when it got it, in order. The last one is the one that it has.
    pub fn of(statuses: &[(Timestamp, u64)], stops: &BTreeSet<u64>) -> Self {
        let mut pauses: Vec<Range<i64>> = Vec::new();
        for (index, (start, status)) in statuses.iter().enumerate() {
            let end = statuses
                .get(index + 1)
                .map_or(i64::MAX, |(next, _)| signed(*next));
            let start = signed(*start);
            if !stops.contains(status) || start >= end {
                continue;
            }
            match pauses.last_mut() {
                Some(last) if start <= last.end => last.end = last.end.max(end),
                _ => pauses.push(start..end),
            }
        }
        Self(pauses)
    }

    /// Whether the clock stands still at a moment.
    pub fn is_paused(&self, now: Timestamp) -> bool {
        let now = signed(now);
        self.0.iter().any(|pause| pause.contains(&now))
    }

    /// Since when it stands still for good, as far as is known.
    fn stands_since(&self) -> i64 {
        let last = self.0.last().filter(|last| last.end == i64::MAX);
        last.map_or(i64::MAX, |last| last.start)
    }

    /// What is left of a range.
    fn cut(&self, range: Range<i64>) -> Vec<Range<i64>> {
        let mut left = Vec::new();
        let mut start = range.start;
        let first = self.0.partition_point(|pause| pause.end <= range.start);
        for pause in self.0.iter().skip(first) {
            if pause.start >= range.end {
                break;
            }
            if start < pause.start {
                left.push(start..pause.start);
            }
            start = start.max(pause.end);
        }
        if start < range.end {
            left.push(start..range.end);
        }
        left
    }
}

impl<'a> Counting<'a> {
    pub(super) fn of(counted: Counted, calendar: &'a Calendar) -> Self {
        match counted {
            Counted::Working => Self::Working(calendar),
            Counted::Calendar => Self::Calendar,
        }
    }

    /// How much time counts from one moment until another, in milliseconds; none where the second is the earlier one.
    pub fn between(self, from: Timestamp, until: Timestamp, pauses: &Pauses) -> u64 {
        let until = signed(until);
        let counted: i64 = self
            .running(signed(from), pauses)
            .take_while(|range| range.start < until)
            .map(|range| range.end.min(until) - range.start)
            .sum();
        counted.unsigned_abs()
    }

    /// The first moment at which so many milliseconds have counted from a start on. Nothing while the clock stands
    /// still, and where it would take more than thirty years.
    pub fn deadline(self, from: Timestamp, length_ms: u64, pauses: &Pauses) -> Option<Timestamp> {
        let length = i64::try_from(length_ms).ok()?;
        let moment = self.deadline_ms(signed(from), length, pauses)?;
        u64::try_from(moment).ok()
    }

    pub(super) fn deadline_ms(self, from: i64, length: i64, pauses: &Pauses) -> Option<i64> {
        if length == 0 {
            return Some(from);
        }
        let mut left = length;
        for range in self.running(from, pauses) {
            let own = range.end.checked_sub(range.start)?;
            if left <= own {
                return range.start.checked_add(left);
            }
            left -= own;
        }
        None
    }

    /// When the clock runs from a moment on.
    fn running(self, from: i64, pauses: &Pauses) -> impl Iterator<Item = Range<i64>> {
        let (working, always) = match self {
            Self::Working(calendar) => (Some(calendar.from(from)), None),
            Self::Calendar => (None, Some(from..i64::MAX)),
        };
        let end = pauses.stands_since();
        let open = working.into_iter().flatten().chain(always);
        open.take_while(move |range| range.start < end)
            .flat_map(|range| pauses.cut(range))
    }
}

pub(super) fn signed(moment: Timestamp) -> i64 {
    i64::try_from(moment).unwrap_or(i64::MAX)
}
