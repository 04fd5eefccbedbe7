//! Working hours and holidays as moments.

use super::*;

#[test]
fn working_time_is_what_the_clock_shows() {
    let office = |zone| hours(zone, &WEEKDAYS, &[("09:00", "12:00"), ("13:00", "17:00")]);
    for (hours, from, until, expected) in [
        // A day, a lunch break, a night, a week-end.
        (
            office("UTC"),
            "2026-03-02T00:00:00Z",
            "2026-03-03T00:00:00Z",
            7 * 60,
        ),
        (
            office("UTC"),
            "2026-03-02T11:30:00Z",
            "2026-03-02T13:30:00Z",
            60,
        ),
        (
            office("UTC"),
            "2026-03-02T16:30:00Z",
            "2026-03-03T09:30:00Z",
            60,
        ),
        (
            office("UTC"),
            "2026-03-06T16:30:00Z",
            "2026-03-09T09:30:00Z",
            60,
        ),
        (
            office("UTC"),
            "2026-03-07T00:00:00Z",
            "2026-03-09T00:00:00Z",
            0,
        ),
        (
            office("UTC"),
            "2026-03-03T12:00:00Z",
            "2026-03-02T12:00:00Z",
            0,
        ),
    ] {
        assert_eq!(
            minutes(&hours, from, until),
            expected,
            "{hours:?} {from} {until}"
        );
    }
}

#[test]
fn working_time_is_as_long_as_the_clocks_make_it() {
    let office = |zone| hours(zone, &WEEKDAYS, &[("09:00", "12:00"), ("13:00", "17:00")]);
    let nights = |zone| hours(zone, &ALL_DAYS, &[("22:00", "06:00")]);
    let always = |zone| hours(zone, &ALL_DAYS, &[("00:00", "24:00")]);
    for (hours, from, until, expected) in [
        // Summer time begins and ends between two office days.
        (
            office("Europe/Berlin"),
            "2026-03-27T15:30:00Z",
            "2026-03-30T07:30:00Z",
            60,
        ),
        (
            office("Europe/Berlin"),
            "2026-10-23T14:30:00Z",
            "2026-10-26T08:30:00Z",
            60,
        ),
        (
            office("America/New_York"),
            "2026-03-06T21:30:00Z",
            "2026-03-09T13:30:00Z",
            60,
        ),
        (
            office("Australia/Lord_Howe"),
            "2026-04-03T05:30:00Z",
            "2026-04-05T23:00:00Z",
            60,
        ),
        // Nights over the change are as long as they are.
        (
            nights("Europe/Berlin"),
            "2026-03-28T12:00:00Z",
            "2026-03-29T12:00:00Z",
            7 * 60,
        ),
        (
            nights("Europe/Berlin"),
            "2026-10-24T12:00:00Z",
            "2026-10-25T12:00:00Z",
            9 * 60,
        ),
        (
            nights("America/New_York"),
            "2026-11-01T00:00:00Z",
            "2026-11-01T18:00:00Z",
            9 * 60,
        ),
        (
            nights("Australia/Lord_Howe"),
            "2026-10-03T02:00:00Z",
            "2026-10-04T02:00:00Z",
            7 * 60 + 30,
        ),
        (
            nights("Australia/Lord_Howe"),
            "2026-04-04T02:00:00Z",
            "2026-04-05T02:00:00Z",
            8 * 60 + 30,
        ),
        // Around the clock.
        (
            always("Europe/Berlin"),
            "2026-03-28T12:00:00Z",
            "2026-03-29T12:00:00Z",
            24 * 60,
        ),
        (
            always("Australia/Lord_Howe"),
            "2026-04-04T12:00:00Z",
            "2026-04-05T12:00:00Z",
            24 * 60,
        ),
        // An hour that comes twice is worked twice; what the clocks leave out is not worked.
        (
            hours("Europe/Berlin", &ALL_DAYS, &[("02:15", "02:45")]),
            "2026-10-25T00:00:00Z",
            "2026-10-25T12:00:00Z",
            60,
        ),
        (
            hours("Europe/Berlin", &ALL_DAYS, &[("02:15", "02:45")]),
            "2026-03-29T00:00:00Z",
            "2026-03-29T12:00:00Z",
            0,
        ),
    ] {
        assert_eq!(
            minutes(&hours, from, until),
            expected,
            "{hours:?} {from} {until}"
        );
    }
}

#[test]
fn holidays_are_not_worked_from_midnight_to_midnight() {
    let mut office = hours("Europe/Berlin", &WEEKDAYS, &[("09:00", "17:00")]);
    let whole = ("2026-12-21T00:00:00Z", "2026-12-28T00:00:00Z");
    assert_eq!(minutes(&office, whole.0, whole.1), 40 * 60);
    office.holidays = vec![holiday("2026-12-24", false), holiday("2020-12-25", true)];
    assert_eq!(minutes(&office, whole.0, whole.1), 24 * 60);
    // The one counts in its year alone.
    assert_eq!(
        minutes(&office, "2025-12-22T00:00:00Z", "2025-12-27T00:00:00Z"),
        32 * 60
    );

    // A night is cut at midnight, whichever of its days is the holiday.
    let mut nights = hours("UTC", &ALL_DAYS, &[("22:00", "06:00")]);
    nights.holidays = vec![holiday("2026-05-01", false)];
    for (from, until, expected) in [
        ("2026-04-30T12:00:00Z", "2026-05-01T12:00:00Z", 2 * 60),
        ("2026-05-01T12:00:00Z", "2026-05-02T12:00:00Z", 6 * 60),
    ] {
        assert_eq!(minutes(&nights, from, until), expected, "{from}");
    }
}
