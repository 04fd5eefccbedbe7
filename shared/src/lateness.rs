//! How late something came, in words.

use crate::desk::instant;
use crate::model::Timestamp;

const MS_PER_MINUTE: u64 = 60_000;
const HOUR: u64 = 60;
const DAY: u64 = 24 * HOUR;

/// Such as `2 days and 7 hours late`; nothing for what came within a minute.
pub(crate) fn lateness(due_at: Timestamp, came_at: Timestamp) -> Option<String> {
    let minutes = came_at.saturating_sub(due_at) / MS_PER_MINUTE;
    // Of days, the minutes do not matter.
    let (large, small) = match minutes {
        0 => return None,
        1..HOUR => ((0, "hour"), (minutes, "minute")),
        HOUR..DAY => ((minutes / HOUR, "hour"), (minutes % HOUR, "minute")),
        _ => {
            let hours = (minutes + HOUR / 2) / HOUR;
            ((hours / 24, "day"), (hours % 24, "hour"))
        }
    };
    let said: Vec<String> = [large, small]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, unit)| match count {
            1 => format!("1 {unit}"),
            many => format!("{many} {unit}s"),
        })
        .collect();
    Some(format!("{} late", said.join(" and ")))
}

/// What is said of a start that comes more than a minute after it was due, where no time zone is known.
pub(crate) fn late_start(due_at: Timestamp, came_at: Timestamp) -> Option<String> {
    let late = lateness(due_at, came_at)?;
    let due = instant::write(due_at);
    let (date, time) = due.split_once('T')?;
    let time = time.get(.."09:30".len())?;
    Some(format!(
        "It was due at {date} {time} (UTC), and came {late}."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lateness_is_told_in_the_two_units_that_matter() {
        for (minutes, expected) in [
            (0, None),
            (1, Some("1 minute late")),
            (59, Some("59 minutes late")),
            (60, Some("1 hour late")),
            (61, Some("1 hour and 1 minute late")),
            (150, Some("2 hours and 30 minutes late")),
            (DAY - 1, Some("23 hours and 59 minutes late")),
            (DAY, Some("1 day late")),
            (DAY + 89, Some("1 day and 1 hour late")),
            (3_289, Some("2 days and 7 hours late")),
            (2 * DAY - 1, Some("2 days late")),
        ] {
            let late = lateness(1_000, 1_000 + minutes * MS_PER_MINUTE + 59_999);
            assert_eq!(late.as_deref(), expected, "{minutes}");
        }
        assert_eq!(lateness(70_000, 0), None);
    }

    #[test]
    fn a_late_start_names_when_it_was_due() {
        assert_eq!(late_start(0, 59_999), None);
        assert_eq!(
            late_start(90_000_000, 97_200_000).unwrap(),
            "It was due at 1970-01-02 01:00 (UTC), and came 2 hours late."
        );
    }
}
