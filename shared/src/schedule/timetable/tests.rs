use proptest::prelude::*;

use super::*;
use crate::desk::instant;

fn timetable(expression: &str, zone: &str) -> Timetable {
    Timetable::new(
        Expression::parse(expression).unwrap(),
        Zone::parse(zone).unwrap(),
    )
}

fn at(text: &str) -> Timestamp {
    instant::moment(text).unwrap()
}

/// The next times as UTC writes them, down to the minute.
fn next(expression: &str, zone: &str, after: &str, count: usize) -> Vec<String> {
    timetable(expression, zone)
        .coming(at(after), count)
        .into_iter()
        .map(|moment| instant::write(moment).replace(":00.000Z", "Z"))
        .collect()
}

#[test]
fn the_next_times_are_the_clocks_of_its_zone() {
    for (expression, zone, after, expected) in [
        (
            "0 9 * * 1-5",
            "Europe/Berlin",
            "2026-03-26T08:00:00Z",
            // Summer time begins on Sunday, the 29th.
            vec![
                "2026-03-27T08:00Z",
                "2026-03-30T07:00Z",
                "2026-03-31T07:00Z",
                "2026-04-01T07:00Z",
                "2026-04-02T07:00Z",
            ],
        ),
        (
            "0 9 * * 1-5",
            "America/New_York",
            "2026-03-06T13:59:59Z",
            vec!["2026-03-06T14:00Z", "2026-03-09T13:00Z"],
        ),
        (
            "0 0 29 2 *",
            "UTC",
            "2096-03-01T00:00:00Z",
            vec!["2104-02-29T00:00Z", "2108-02-29T00:00Z"],
        ),
        (
            "0 0 29 2 +1",
            "UTC",
            "2026-01-01T00:00:00Z",
            vec!["2044-02-29T00:00Z", "2072-02-29T00:00Z"],
        ),
        (
            "0 0 L * *",
            "UTC",
            "2028-02-01T00:00:00Z",
            vec!["2028-02-29T00:00Z", "2028-03-31T00:00Z"],
        ),
        (
            "0 9 * * 5L",
            "UTC",
            "2026-01-01T00:00:00Z",
            vec!["2026-01-30T09:00Z", "2026-02-27T09:00Z"],
        ),
        (
            "*/20 23 31 12 *",
            "UTC",
            "2026-12-31T23:20:00Z",
            vec!["2026-12-31T23:40Z", "2027-12-31T23:00Z"],
        ),
        // The calendar ends.
        (
            "0 0 * * *",
            "UTC",
            "9999-12-28T00:00:00Z",
            vec!["9999-12-29T00:00Z"],
        ),
    ] {
        assert_eq!(
            next(expression, zone, after, expected.len().max(2)),
            expected,
            "{expression} {zone} {after}"
        );
    }
    assert_eq!(timetable("* * * * *", "UTC").next(u64::MAX), None);
    assert_eq!(timetable("* * * * *", "UTC").due(0, u64::MAX), None);
}

#[test]
fn a_time_that_the_clocks_leave_out_comes_once_right_after() {
    for (expression, zone, after, expected) in [
        // 02:00 becomes 03:00 at 01:00 UTC.
        (
            "30 2 * * *",
            "Europe/Berlin",
            "2026-03-28T12:00:00Z",
            vec!["2026-03-29T01:00Z", "2026-03-30T00:30Z"],
        ),
        (
            "0,20,40 2 * * *",
            "Europe/Berlin",
            "2026-03-28T12:00:00Z",
            vec!["2026-03-29T01:00Z", "2026-03-30T00:00Z"],
        ),
        (
            "0 2,3 * * *",
            "Europe/Berlin",
            "2026-03-28T12:00:00Z",
            vec!["2026-03-29T01:00Z", "2026-03-30T00:00Z"],
        ),
        (
            "30 2,3 * * *",
            "Europe/Berlin",
            "2026-03-28T12:00:00Z",
            vec!["2026-03-29T01:00Z", "2026-03-29T01:30Z"],
        ),
        (
            "30 1 * * *",
            "Europe/Berlin",
            "2026-03-28T12:00:00Z",
            vec!["2026-03-29T00:30Z", "2026-03-29T23:30Z"],
        ),
        // 02:00 becomes 02:30 at 15:30 UTC of the day before.
        (
            "15 2 * * *",
            "Australia/Lord_Howe",
            "2026-10-03T00:00:00Z",
            vec!["2026-10-03T15:30Z", "2026-10-04T15:15Z"],
        ),
        // Midnight becomes one o'clock.
        (
            "0 0 * * *",
            "Asia/Beirut",
            "2026-03-28T12:00:00Z",
            vec!["2026-03-28T22:00Z", "2026-03-29T21:00Z"],
        ),
        // Saturday is left out.
        (
            "0 9 * * 5-6",
            "Pacific/Apia",
            "2011-12-28T22:00:00Z",
            vec!["2011-12-30T10:00Z", "2011-12-30T19:00Z"],
        ),
    ] {
        assert_eq!(
            next(expression, zone, after, expected.len()),
            expected,
            "{expression} {zone}"
        );
    }
}

#[test]
fn a_time_that_the_clocks_show_twice_comes_once() {
    for (expression, zone, after, expected) in [
        // 03:00 becomes 02:00 at 01:00 UTC.
        (
            "30 2 * * *",
            "Europe/Berlin",
            "2026-10-24T12:00:00Z",
            vec!["2026-10-25T00:30Z", "2026-10-26T01:30Z"],
        ),
        (
            "0 2,3 * * *",
            "Europe/Berlin",
            "2026-10-24T12:00:00Z",
            vec!["2026-10-25T00:00Z", "2026-10-25T02:00Z"],
        ),
        (
            "30 1 * * *",
            "America/New_York",
            "2026-10-31T12:00:00Z",
            vec!["2026-11-01T05:30Z", "2026-11-02T06:30Z"],
        ),
        // 02:00 becomes 01:30 at 15:00 UTC of the day before.
        (
            "45 1 * * *",
            "Australia/Lord_Howe",
            "2026-04-04T00:00:00Z",
            vec!["2026-04-04T14:45Z", "2026-04-05T15:15Z"],
        ),
    ] {
        assert_eq!(
            next(expression, zone, after, expected.len()),
            expected,
            "{expression} {zone}"
        );
    }
}

#[test]
fn a_rhythm_goes_on_while_the_clocks_are_moved() {
    for (expression, after, expected) in [
        (
            "30 * * * *",
            "2026-03-29T00:00:00Z",
            vec!["2026-03-29T00:30Z", "2026-03-29T01:30Z"],
        ),
        (
            "30 * * * *",
            "2026-10-25T00:00:00Z",
            vec![
                "2026-10-25T00:30Z",
                "2026-10-25T01:30Z",
                "2026-10-25T02:30Z",
            ],
        ),
        (
            "*/30 * * * *",
            "2026-10-25T00:30:00Z",
            vec![
                "2026-10-25T01:00Z",
                "2026-10-25T01:30Z",
                "2026-10-25T02:00Z",
            ],
        ),
    ] {
        assert_eq!(
            next(expression, "Europe/Berlin", after, expected.len()),
            expected,
            "{expression}"
        );
    }
}

#[test]
fn what_came_due_meanwhile_starts_once() {
    let table = timetable("0 9 * * *", "Europe/Berlin");
    let due = |last: &str, now: &str| {
        let due = table.due(at(last), at(now));
        due.map(|due| (instant::write(due.at), due.missed))
    };
    let nine = |day: &str| format!("2026-03-{day}:00:00.000Z");
    for (last, now, expected) in [
        ("2026-03-02T07:59:00Z", "2026-03-02T07:59:59Z", None),
        (
            "2026-03-02T07:59:00Z",
            "2026-03-02T08:00:00Z",
            Some((nine("02T08"), 0)),
        ),
        // The moment of the last look was looked at.
        ("2026-03-02T08:00:00Z", "2026-03-02T09:00:00Z", None),
        (
            "2026-03-02T08:00:00Z",
            "2026-03-05T12:00:00Z",
            Some((nine("05T08"), 2)),
        ),
        (
            "2026-03-28T00:00:00Z",
            "2026-03-30T07:00:00Z",
            Some((nine("30T07"), 2)),
        ),
        ("2026-03-05T12:00:00Z", "2026-03-02T08:00:00Z", None),
    ] {
        assert_eq!(due(last, now), expected, "{last} {now}");
    }
    let long = timetable("* * * * *", "UTC")
        .due(0, at("2026-01-01T00:00:30Z"))
        .unwrap();
    assert_eq!(
        (long.at, long.missed),
        (at("2026-01-01T00:00:00Z"), MOST_MISSED)
    );
}

#[test]
fn a_late_start_says_so() {
    let zone = Zone::parse("Europe/Berlin").unwrap();
    let said = |missed, late_s: u64| {
        let due = Due {
            at: at("2026-03-30T07:00:00Z"),
            missed,
        };
        due.lateness(&zone, due.at + late_s * 1000)
    };
    assert_eq!(said(0, 60), None);
    assert_eq!(
        said(0, 61).unwrap(),
        "It was due at 2026-03-30 09:00 (Europe/Berlin), and came 1 minute late."
    );
    assert_eq!(
        said(1, 0).unwrap(),
        "It was due at 2026-03-30 09:00 (Europe/Berlin); an earlier time was missed, and this start stands for all of them."
    );
    assert!(
        said(MOST_MISSED, 0)
            .unwrap()
            .contains("at least 10000 earlier times were missed")
    );
}

fn expressions() -> impl Strategy<Value = String> {
    let field = |most: u32| {
        prop_oneof![
            Just("*".to_owned()),
            (0..=most).prop_map(|value| value.to_string()),
            (1..=10u32).prop_map(|step| format!("*/{step}")),
        ]
    };
    (
        field(59),
        field(23),
        prop_oneof![
            Just("*".to_owned()),
            (1..=28u32).prop_map(|day| day.to_string())
        ],
    )
        .prop_map(|(minute, hour, day)| format!("{minute} {hour} {day} * *"))
}

fn zones() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Beirut",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Looking again and again finds the same times as asking for the next ones, each once.
    #[test]
    fn each_time_comes_due_once(
        expression in expressions(), zone in zones(), start in 1_770_000_000u64..1_800_000_000,
        pauses in prop::collection::vec(1u64..30_000, 1..10),
    ) {
        let table = timetable(&expression, zone);
        let start = start * 1000;
        let mut last = start;
        let mut seen = 0u32;
        for pause in pauses {
            let now = last + pause * 1000;
            if let Some(due) = table.due(last, now) {
                prop_assert!(last < due.at && due.at <= now);
                seen += due.missed + 1;
                prop_assert!(table.next(due.at).is_none_or(|next| next > now));
            }
            last = now;
        }
        let coming = table.coming(start, seen as usize + 1);
        prop_assert!(coming.windows(2).all(|pair| pair[0] < pair[1]));
        let passed = coming.iter().filter(|moment| **moment <= last).count();
        prop_assert_eq!(passed, seen as usize);
    }

    /// On a day that is like others, it is what the clock shows.
    #[test]
    fn times_of_ordinary_days_are_the_clocks(minute in 0u64..60, hour in 0u64..24, day in 0u64..20_000) {
        let midnight = day * 86_400_000;
        let table = timetable(&format!("{minute} {hour} * * *"), "UTC");
        let expected = midnight + (hour * 60 + minute) * 60_000;
        prop_assert_eq!(table.next(expected.saturating_sub(1)).unwrap_or_default(), if expected == 0 { 86_400_000 } else { expected });
    }
}
