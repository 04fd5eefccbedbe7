//! Time zones: what the clocks of a place show, and when. Their data comes along with the program.

mod day;

use std::fmt;

use jiff::tz::{AmbiguousOffset, TimeZone, db};
use jiff::{Timestamp as Instant, civil::Date};

pub(crate) use day::{Day, MS_PER_DAY};

use crate::model::Timestamp;

/// A time zone of the IANA's list, such as `Europe/Berlin`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

/// A name that no time zone has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownZone {
    pub name: String,
    /// The name that is nearest to it.
    pub suggestion: Option<String>,
}

/// What keeps a name from being that of a time zone. Windows has names of its own, such as `GMT Standard Time`; records
/// that come from there keep them, though no clock is read by them here.
pub fn name_problem(name: &str) -> Option<UnknownZone> {
    if name.trim().ends_with(" Standard Time") {
        return None;
    }
    Zone::parse(name).err()
}

impl Zone {
    /// The zone of that name; case does not count.
    pub fn parse(name: &str) -> Result<Self, UnknownZone> {
        let name = name.trim();
        db().get(name).map(Self).map_err(|_| UnknownZone {
            name: name.to_owned(),
            suggestion: nearest(name),
        })
    }

    /// The names of all zones, in the order of the alphabet.
    pub fn names() -> Vec<String> {
        db().available().map(|name| name.to_string()).collect()
    }

    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// What the calendar on the wall shows at a moment; nothing where no calendar holds it.
    pub(crate) fn date_at(&self, moment: i64) -> Option<Date> {
        let instant = Instant::from_millisecond(moment).ok()?;
        Some(self.0.to_datetime(instant).date())
    }

    /// The day of that date, as long as the clocks make it.
    pub(crate) fn day(&self, date: Date) -> Option<Day> {
        let start = self.first_instant(date)?;
        let end = self.first_instant(date.tomorrow().ok()?)?;
        let midnight = utc_ms(date)?;
        let clock = |instant: Instant| {
            let offset = i64::from(self.0.to_offset(instant).seconds()) * 1000;
            instant.as_millisecond() + offset - midnight
        };
        let changes = self.0.following(start).map(|change| change.timestamp());
        let changes = changes.take_while(|change| *change < end);
        let starts = std::iter::once(start).chain(changes);
        Some(Day::new(
            starts.map(|at| (at.as_millisecond(), clock(at))).collect(),
            end.as_millisecond(),
        ))
    }

    /// A moment as the clock shows it: `2026-03-29 09:00`.
    pub fn write(&self, moment: Timestamp) -> String {
        let instant = i64::try_from(moment)
            .ok()
            .and_then(|moment| Instant::from_millisecond(moment).ok());
        instant.map_or_else(String::new, |instant| {
            let shown = self.0.to_datetime(instant);
            let (date, hour, minute) = (shown.date(), shown.hour(), shown.minute());
            format!("{date} {hour:02}:{minute:02}")
        })
    }

    /// A moment for people: `Sun 29 Mar 2026, 09:00`.
    pub fn say(&self, moment: Timestamp) -> String {
        let instant = i64::try_from(moment)
            .ok()
            .and_then(|moment| Instant::from_millisecond(moment).ok());
        instant.map_or_else(String::new, |instant| {
            let shown = self.0.to_datetime(instant);
            shown.strftime("%a %-d %b %Y, %H:%M").to_string()
        })
    }

    /// The first moment at which the calendar shows that date, or a later one where the date is left out.
    fn first_instant(&self, date: Date) -> Option<Instant> {
        let midnight = date.at(0, 0, 0, 0);
        let found = self.0.to_ambiguous_timestamp(midnight);
        match found.offset() {
            AmbiguousOffset::Gap { after, .. } => {
                let before = after.to_timestamp(midnight).ok()?;
                let change = self.0.following(before).next()?;
                Some(change.timestamp())
            }
            _ => found.earlier().ok(),
        }
    }
}

/// The middle of the night of a date, as UTC has it.
fn utc_ms(date: Date) -> Option<i64> {
    let instant = TimeZone::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok()?;
    Some(instant.as_millisecond())
}

/// The zone that somebody may have meant: by its city, or by a slip of the pen.
fn nearest(name: &str) -> Option<String> {
    /// Longer texts are no slip of the pen.
    const LONGEST: usize = 50;
    const MOST_SLIPS: usize = 3;
    if name.is_empty() || name.len() > LONGEST {
        return None;
    }
    let wanted = name.to_lowercase().replace(' ', "_");
    let distance = |known: &String| {
        let known = known.to_lowercase();
        let city = known.rsplit('/').next().unwrap_or(&known);
        strsim::osa_distance(&known, &wanted).min(strsim::osa_distance(city, &wanted))
    };
    Zone::names()
        .into_iter()
        .map(|known| (distance(&known), known))
        .filter(|(distance, _)| *distance <= MOST_SLIPS.min(wanted.len() / 2))
        .min()
        .map(|(_, known)| known)
}

impl fmt::Display for UnknownZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.name.is_empty() {
            return f.write_str("Choose a time zone, such as Europe/Berlin.");
        }
        write!(f, "There is no time zone {:?}: ", self.name)?;
        match &self.suggestion {
            Some(suggestion) => write!(f, "did you mean {suggestion}?"),
            None => f.write_str("take a name of the IANA's list, such as Europe/Berlin."),
        }
    }
}

impl std::error::Error for UnknownZone {}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const HOUR: i64 = 3_600_000;

    fn zone(name: &str) -> Zone {
        Zone::parse(name).unwrap()
    }

    #[test]
    fn names_of_windows_are_names() {
        for (name, is_good) in [
            ("Europe/Berlin", true),
            ("GMT Standard Time", true),
            ("W. Europe Standard Time ", true),
            ("Europe/Nowhere", false),
            ("Standard Time", false),
        ] {
            assert_eq!(name_problem(name).is_none(), is_good, "{name}");
        }
    }

    #[test]
    fn zones_are_found_by_name_or_somebody_is_helped() {
        for (name, expected) in [
            ("Europe/Berlin", "Europe/Berlin"),
            (" europe/berlin ", "Europe/Berlin"),
            ("UTC", "UTC"),
        ] {
            assert_eq!(zone(name).name(), expected, "{name}");
        }
        for (name, suggestion) in [
            ("Europe/Berlni", "did you mean Europe/Berlin?"),
            ("New York", "did you mean America/New_York?"),
            ("Middle Earth", "such as Europe/Berlin."),
            ("", "Choose a time zone"),
        ] {
            let error = Zone::parse(name).unwrap_err().to_string();
            assert!(error.contains(suggestion), "{name}: {error}");
        }
        assert!(Zone::parse(&"x".repeat(100_000)).is_err());
        assert!(Zone::names().contains(&"Australia/Lord_Howe".to_owned()));
    }

    #[test]
    fn moments_are_said_as_the_clock_shows_them() {
        // An hour after the clocks were moved in Berlin.
        let moment = 1_774_749_600_000;
        for (name, written, said) in [
            ("UTC", "2026-03-29 02:00", "Sun 29 Mar 2026, 02:00"),
            (
                "Europe/Berlin",
                "2026-03-29 04:00",
                "Sun 29 Mar 2026, 04:00",
            ),
            (
                "America/New_York",
                "2026-03-28 22:00",
                "Sat 28 Mar 2026, 22:00",
            ),
        ] {
            assert_eq!(zone(name).write(moment), written);
            assert_eq!(zone(name).say(moment), said);
        }
        assert_eq!(zone("UTC").say(u64::MAX), "");
    }

    #[test]
    fn days_are_as_long_as_the_clocks_make_them() {
        for (name, day, hours) in [
            ("Europe/Berlin", date(2026, 3, 28), 24.0),
            ("Europe/Berlin", date(2026, 3, 29), 23.0),
            ("Europe/Berlin", date(2026, 10, 25), 25.0),
            ("America/New_York", date(2026, 3, 8), 23.0),
            ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
            ("Australia/Lord_Howe", date(2026, 10, 4), 23.5),
            // At midnight: the first hour of the day is left out, or the last one of the day before comes twice.
            ("Asia/Beirut", date(2026, 3, 29), 23.0),
            ("Asia/Beirut", date(2026, 10, 24), 25.0),
            // The day that Samoa left out.
            ("Pacific/Apia", date(2011, 12, 30), 0.0),
            ("UTC", date(2026, 1, 1), 24.0),
        ] {
            let day = zone(name).day(day).unwrap();
            #[expect(clippy::cast_precision_loss, reason = "hours of a day are few")]
            let length = (day.end() - day.start()) as f64 / HOUR as f64;
            assert!((length - hours).abs() < 1e-9, "{name}: {length}");
        }
    }

    #[test]
    fn days_follow_one_another_without_a_gap() {
        for name in [
            "Europe/Berlin",
            "America/New_York",
            "Australia/Lord_Howe",
            "Asia/Beirut",
        ] {
            let zone = zone(name);
            let mut date = date(2026, 1, 1);
            let mut end = zone.day(date).unwrap().start();
            for _ in 0..800 {
                let day = zone.day(date).unwrap();
                assert_eq!(day.start(), end, "{name} {date}");
                assert_eq!(zone.date_at(day.start()), Some(date), "{name} {date}");
                assert_eq!(zone.date_at(day.end() - 1), Some(date), "{name} {date}");
                end = day.end();
                date = date.tomorrow().unwrap();
            }
        }
    }

    #[test]
    fn moments_beyond_every_calendar_are_no_dates() {
        let berlin = zone("Europe/Berlin");
        assert_eq!(berlin.date_at(i64::MAX), None);
        assert_eq!(berlin.date_at(i64::MIN), None);
        assert!(berlin.day(Date::MAX).is_none());
        assert_eq!(berlin.write(u64::MAX), "");
        assert_eq!(berlin.write(1_774_767_600_000), "2026-03-29 09:00");
    }
}
