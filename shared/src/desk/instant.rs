//! Dates and times as Halo's clients send them, and as they are kept: RFC 3339 in UTC with
//! milliseconds, so that the order of the texts is the order of the instants.

use time::format_description::BorrowedFormatItem;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{OffsetDateTime, UtcOffset};

use crate::model::Timestamp;

const KEPT: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");

/// Reads a date, or a date and time, and writes it as it is kept.
pub(crate) fn read(text: &str) -> Option<String> {
    parse(text)?
        .checked_to_offset(UtcOffset::UTC)
        .filter(|instant| (0..=9999).contains(&instant.year()))
        .and_then(|instant| instant.format(KEPT).ok())
}

/// The moment that such a text means; nothing before 1970.
pub(crate) fn moment(text: &str) -> Option<Timestamp> {
    let nanoseconds = parse(text)?.unix_timestamp_nanos();
    Timestamp::try_from(nanoseconds.div_euclid(1_000_000)).ok()
}

/// Reads a date, or a date and time. Without a zone it is taken as UTC, as Halo does.
pub(crate) fn parse(text: &str) -> Option<OffsetDateTime> {
    let text = text.trim();
    let with_zone = format!("{text}Z");
    let with_seconds = format!("{text}:00Z");
    let with_time = format!("{text}T00:00:00Z");
    [text, &with_zone, &with_seconds, &with_time]
        .into_iter()
        .find_map(|candidate| OffsetDateTime::parse(candidate, &Rfc3339).ok())
}

/// The text of a moment; the empty text for one that no calendar holds.
pub(crate) fn write(moment: Timestamp) -> String {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(moment) * 1_000_000)
        .ok()
        .and_then(|instant| instant.format(KEPT).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_read_as_clients_write_them() {
        for (text, expected) in [
            ("2026-03-02T09:30:00Z", Some("2026-03-02T09:30:00.000Z")),
            (
                "2026-03-02T09:30:00.1239Z",
                Some("2026-03-02T09:30:00.123Z"),
            ),
            (
                "2026-03-02T09:30:00+02:00",
                Some("2026-03-02T07:30:00.000Z"),
            ),
            ("2026-03-02T09:30:00", Some("2026-03-02T09:30:00.000Z")),
            ("2026-03-02T09:30", Some("2026-03-02T09:30:00.000Z")),
            (" 2026-03-02 ", Some("2026-03-02T00:00:00.000Z")),
            ("0000-01-01T00:00:00+02:00", None),
            ("2026-02-30", None),
            ("yesterday", None),
            ("", None),
        ] {
            assert_eq!(read(text).as_deref(), expected, "{text}");
        }
        assert_eq!(write(1_772_443_800_123), "2026-03-02T09:30:00.123Z");
        assert_eq!(moment("2026-03-02T09:30:00.1239Z"), Some(1_772_443_800_123));
        assert_eq!(moment("1969-12-31"), None);
        assert_eq!(write(u64::MAX), "");
    }
}
