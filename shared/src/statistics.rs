//! What a runbook's runs add up to, day by day.

use serde::{Deserialize, Serialize};
use time::Date;

use crate::model::Timestamp;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
/// Of 1970-01-01.
const JULIAN_EPOCH: i64 = 2_440_588;

/// How many days there are where none are asked for, and at most.
pub const DAYS: u32 = 30;
pub const MOST_DAYS: u32 = 90;

/// How far any clock on land is ahead of UTC or behind it, in minutes.
pub const FARTHEST_OFFSET: i64 = 14 * 60;

/// Answer of `GET /console/runbooks/{id}/statistics?days=&offset=`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statistics {
    /// One for each day, today's last, those without runs too.
    pub days: Vec<DayStatistics>,
}

/// The runs that started on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayStatistics {
    /// `2026-01-31`, where the viewer is.
    pub date: String,
    pub runs: u64,
    pub failed: u64,
    /// How long half of those that ended by themselves took at most, in milliseconds.
    pub p50_ms: Option<u64>,
    /// The same for 95 of 100.
    pub p95_ms: Option<u64>,
}

/// How many runs there were on a day, by the number of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct DayCount {
    pub day: i64,
    pub runs: u64,
    pub failed: u64,
    /// Those that have a duration: they succeeded or failed.
    pub ended: u64,
}

/// A day's run by its place among those of the day in the order of their durations; the shortest has place 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Ranked {
    pub day: i64,
    pub place: u64,
    pub took: u64,
}

/// A row of days that ends with today, where the viewer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    first: i64,
    count: u32,
    offset_ms: i64,
}

impl Days {
    /// `offset` is how far the viewer's clock is ahead of UTC, in minutes. All days are taken to
    /// have the offset of today.
    pub fn until_today(now: Timestamp, count: u32, offset: i64) -> Self {
        let offset_ms = offset.clamp(-FARTHEST_OFFSET, FARTHEST_OFFSET) * MINUTE_MS;
        let now = i64::try_from(now).unwrap_or(i64::MAX / 2);
        let count = count.clamp(1, MOST_DAYS);
        let today = (now + offset_ms).div_euclid(DAY_MS);
        Self {
            first: today + 1 - i64::from(count),
            count,
            offset_ms,
        }
    }

    /// What is added to a time before its day is counted from the epoch, in milliseconds.
    pub fn offset_ms(self) -> i64 {
        self.offset_ms
    }

    /// The first moment of the first day.
    pub fn from(self) -> Timestamp {
        let from = self.first * DAY_MS - self.offset_ms;
        Timestamp::try_from(from).unwrap_or(0)
    }

    /// The first moment after the last day.
    pub fn to(self) -> Timestamp {
        let to = (self.first + i64::from(self.count)) * DAY_MS - self.offset_ms;
        Timestamp::try_from(to).unwrap_or(0)
    }

    /// Puts together what was counted; `ranked` holds at least the runs at [`places`].
    pub fn statistics(self, counts: &[DayCount], ranked: &[Ranked]) -> Statistics {
        let days = (self.first..self.first + i64::from(self.count)).map(|day| {
            let count = counts.iter().find(|count| count.day == day);
            let took = |percent| {
                let place = place(count?.ended, percent)?;
                let mut ranked = ranked.iter();
                let run = ranked.find(|run| run.day == day && run.place == place)?;
                Some(run.took)
            };
            DayStatistics {
                date: date(day),
                runs: count.map_or(0, |count| count.runs),
                failed: count.map_or(0, |count| count.failed),
                p50_ms: took(50),
                p95_ms: took(95),
            }
        });
        Statistics {
            days: days.collect(),
        }
    }
}

/// The places of the runs whose durations are wanted: day and place.
pub fn places(counts: &[DayCount]) -> Vec<(i64, u64)> {
    let mut places: Vec<_> = counts
        .iter()
        .flat_map(|count| {
            [50, 95]
                .into_iter()
                .filter_map(|percent| Some((count.day, place(count.ended, percent)?)))
        })
        .collect();
    places.dedup();
    places
}

/// Which of so many, in ascending order, is the percentile: the first that is not exceeded by more than the
/// rest of a hundred ("nearest rank"). It is always one of the values themselves.
fn place(of: u64, percent: u64) -> Option<u64> {
    let place = (u128::from(of) * u128::from(percent)).div_ceil(100);
    u64::try_from(place).ok().filter(|place| *place > 0)
}

fn date(day: i64) -> String {
    i32::try_from(day + JULIAN_EPOCH)
        .ok()
        .and_then(|day| Date::from_julian_day(day).ok())
        .map(|date| {
            let (year, month, day) = date.to_calendar_date();
            format!("{year:04}-{:02}-{day:02}", u8::from(month))
        })
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// 2026-11-26 23:30 in UTC.
    const NOW: Timestamp = 1_795_735_800_000;

    #[test]
    fn today_is_what_it_is_where_the_viewer_is() {
        for (offset, today, first) in [
            (0, "2026-11-26", "2026-10-28"),
            (60, "2026-11-27", "2026-10-29"),
            (29, "2026-11-26", "2026-10-28"),
            (30, "2026-11-27", "2026-10-29"),
            (-1_410, "2026-11-26", "2026-10-28"),
            (i64::MIN, "2026-11-26", "2026-10-28"),
        ] {
            let days = Days::until_today(NOW, 30, offset).statistics(&[], &[]).days;
            assert_eq!(days.len(), 30);
            assert_eq!(days[29].date, today, "{offset}");
            assert_eq!(days[0].date, first, "{offset}");
        }
        let day = Days::until_today(NOW, 0, 60);
        assert_eq!(day.to() - day.from(), 86_400_000);
        // Midnight of the 27th in Zurich.
        assert_eq!(day.from(), NOW - 30 * 60_000);
    }

    #[test]
    fn days_without_runs_are_there_and_percentiles_are_values() {
        let day = Days::until_today(NOW, 2, 0).first;
        let counts = [DayCount {
            day: day + 1,
            runs: 22,
            failed: 3,
            ended: 20,
        }];
        assert_eq!(places(&counts), [(day + 1, 10), (day + 1, 19)]);
        let ranked = [(day + 1, 10, 100), (day + 1, 19, 900), (day, 10, 5)];
        let ranked = ranked.map(|(day, place, took)| Ranked { day, place, took });
        let statistics = Days::until_today(NOW, 2, 0).statistics(&counts, &ranked);
        assert_eq!(
            statistics.days,
            [
                DayStatistics {
                    date: "2026-11-25".to_owned(),
                    runs: 0,
                    failed: 0,
                    p50_ms: None,
                    p95_ms: None,
                },
                DayStatistics {
                    date: "2026-11-26".to_owned(),
                    runs: 22,
                    failed: 3,
                    p50_ms: Some(100),
                    p95_ms: Some(900),
                },
            ]
        );
    }

    #[test]
    fn places_are_asked_for_once_and_only_where_something_ended() {
        let counts = [(1, 0), (2, 1), (3, 2)].map(|(day, ended)| DayCount {
            day,
            runs: 5,
            failed: 0,
            ended,
        });
        assert_eq!(places(&counts), [(2, 1), (3, 1), (3, 2)]);
    }

    proptest! {
        #[test]
        fn a_percentile_is_not_exceeded_by_more_than_the_rest(of in 1_u64..10_000, percent in 1_u64..=100) {
            let place = place(of, percent).unwrap();
            prop_assert!((1..=of).contains(&place));
            prop_assert!((of - place) * 100 <= of * (100 - percent));
            prop_assert!((of - place + 1) * 100 > of * (100 - percent));
        }
    }
}
