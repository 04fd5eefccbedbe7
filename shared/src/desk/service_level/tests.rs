mod track;

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::json;

use super::Standing::{Breached, FirstWarning, Met, MetLate, OnTrack, SecondWarning};
use super::draft::{Counted, Holiday, PriorityTargets, Span, Target, Week, WorkingHours};
use super::*;
use crate::desk::instant;
use crate::model::{Timestamp, strict};

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;
const WEEKDAYS: [usize; 5] = [1, 2, 3, 4, 5];
const ALL_DAYS: [usize; 7] = [0, 1, 2, 3, 4, 5, 6];

fn at(text: &str) -> Timestamp {
    instant::moment(text).unwrap()
}

fn hours(zone: &str, days: &[usize], spans: &[(&str, &str)]) -> WorkingHours {
    WorkingHours {
        time_zone: zone.to_owned(),
        week: Week::on(days, spans),
        holidays: Vec::new(),
    }
}

fn holiday(date: &str, every_year: bool) -> Holiday {
    Holiday {
        name: "Holiday".to_owned(),
        date: date.to_owned(),
        every_year,
    }
}

/// What counts between two moments, in minutes.
fn minutes(hours: &WorkingHours, from: &str, until: &str) -> u64 {
    let calendar = hours.compile().unwrap();
    let none = Pauses::default();
    Counting::Working(&calendar).between(at(from), at(until), &none) / MINUTE
}

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

#[test]
fn deadlines_fall_into_working_time() {
    let office = |zone| hours(zone, &WEEKDAYS, &[("09:00", "17:00")]);
    for (hours, from, length, expected) in [
        (
            office("UTC"),
            "2026-03-02T10:00:00Z",
            2 * HOUR,
            "2026-03-02T12:00:00Z",
        ),
        // It ends with the day, not at the beginning of the next one.
        (
            office("UTC"),
            "2026-03-02T10:00:00Z",
            7 * HOUR,
            "2026-03-02T17:00:00Z",
        ),
        (
            office("UTC"),
            "2026-03-02T10:00:00Z",
            7 * HOUR + 1,
            "2026-03-03T09:00:00.001Z",
        ),
        (
            office("UTC"),
            "2026-03-06T20:00:00Z",
            HOUR,
            "2026-03-09T10:00:00Z",
        ),
        (
            office("UTC"),
            "2026-03-06T20:00:00Z",
            0,
            "2026-03-06T20:00:00Z",
        ),
        (
            office("Europe/Berlin"),
            "2026-03-27T15:00:00Z",
            2 * HOUR,
            "2026-03-30T08:00:00Z",
        ),
        (
            office("America/New_York"),
            "2026-10-30T20:00:00Z",
            2 * HOUR,
            "2026-11-02T15:00:00Z",
        ),
        (
            hours("Australia/Lord_Howe", &ALL_DAYS, &[("00:00", "24:00")]),
            "2026-04-04T13:00:00Z",
            24 * HOUR,
            "2026-04-05T13:00:00Z",
        ),
        (
            hours("Australia/Lord_Howe", &ALL_DAYS, &[("01:00", "03:00")]),
            "2026-04-04T13:00:00Z",
            150 * MINUTE,
            "2026-04-04T16:30:00Z",
        ),
    ] {
        let calendar = hours.compile().unwrap();
        let none = Pauses::default();
        let deadline = Counting::Working(&calendar).deadline(at(from), length, &none);
        assert_eq!(deadline, Some(at(expected)), "{hours:?} {from} {length}");
    }
}

#[test]
fn a_clock_that_stands_still_has_no_deadline() {
    let stops = BTreeSet::from([4, 5]);
    let none = Pauses::default();
    let always = Counting::Calendar;
    let start = at("2026-03-02T10:00:00Z");
    let hour = |hours: u64| start + hours * HOUR;
    // With the user from the second to the fourth hour, then with the supplier until the fifth.
    let back = Pauses::of(
        &[(start, 1), (hour(2), 4), (hour(4), 5), (hour(5), 2)],
        &stops,
    );
    let away = Pauses::of(&[(start, 1), (hour(2), 4)], &stops);
    assert_eq!(always.deadline(start, 3 * HOUR, &none), Some(hour(3)));
    assert_eq!(always.deadline(start, 3 * HOUR, &back), Some(hour(6)));
    assert_eq!(always.deadline(start, 2 * HOUR, &back), Some(hour(2)));
    assert_eq!(always.deadline(start, 3 * HOUR, &away), None);
    assert_eq!(always.deadline(start, 2 * HOUR, &away), Some(hour(2)));
    assert_eq!(always.between(start, hour(10), &back), 7 * HOUR);
    assert_eq!(always.between(start, hour(10), &away), 2 * HOUR);
    assert!(back.is_paused(hour(3)) && !back.is_paused(hour(5)) && away.is_paused(hour(100)));
    assert_eq!(always.deadline(u64::MAX, u64::MAX, &none), None);
}

fn level() -> ServiceLevel {
    let target = |minutes, counted| Some(Target { minutes, counted });
    ServiceLevel {
        id: 1,
        name: "Gold".to_owned(),
        default: true,
        ticket_types: Vec::new(),
        names: Names::default(),
        hours: hours("Europe/Berlin", &WEEKDAYS, &[("09:00", "17:00")]),
        priorities: vec![PriorityTargets {
            priority_id: 1,
            response: target(60, Counted::Calendar),
            resolution: target(480, Counted::Working),
        }],
        first_warning_percent: Some(50),
        second_warning_percent: Some(75),
        stopping_statuses: vec![4],
    }
}

#[test]
fn a_ticket_is_on_track_then_warned_then_too_late() {
    let agreement = level().compile().unwrap();
    // Friday at three in Berlin, before the clocks go forward.
    let opened = at("2026-03-27T14:00:00Z");
    let mut ticket = TicketTimes {
        priority_id: 1,
        opened,
        statuses: vec![(opened, 1)],
        ..TicketTimes::default()
    };
    let standing = |ticket: &TicketTimes, now: &str| -> Vec<Standing> {
        let progress = agreement.progress(ticket, at(now));
        progress.iter().map(|progress| progress.standing).collect()
    };
    for (now, expected) in [
        ("2026-03-27T14:29:00Z", [OnTrack, OnTrack]),
        ("2026-03-27T14:30:00Z", [FirstWarning, OnTrack]),
        ("2026-03-27T14:45:00Z", [SecondWarning, OnTrack]),
        ("2026-03-27T15:00:00Z", [Breached, OnTrack]),
        ("2026-03-30T09:00:00Z", [Breached, FirstWarning]),
        ("2026-03-30T11:00:00Z", [Breached, SecondWarning]),
        ("2026-03-30T13:00:00Z", [Breached, Breached]),
    ] {
        assert_eq!(standing(&ticket, now), expected, "{now}");
    }
    let next = agreement.next(&ticket, at("2026-03-27T16:00:00Z")).unwrap();
    assert_eq!(
        (next.at, next.goal, next.milestone),
        (
            at("2026-03-30T09:00:00Z"),
            Goal::Resolution,
            Milestone::FirstWarning
        )
    );
    // Nobody looked from Friday to Monday: everything that came is told, once.
    let passed = agreement.passed(
        &ticket,
        at("2026-03-27T14:30:00Z"),
        at("2026-03-30T09:00:00Z"),
    );
    let told: Vec<_> = passed
        .iter()
        .map(|passed| (passed.goal, passed.milestone))
        .collect();
    assert_eq!(
        told,
        [
            (Goal::Response, Milestone::SecondWarning),
            (Goal::Response, Milestone::Breach),
            (Goal::Resolution, Milestone::FirstWarning),
        ]
    );
    assert_eq!(
        agreement.passed(
            &ticket,
            at("2026-03-30T09:00:00Z"),
            at("2026-03-30T10:00:00Z")
        ),
        []
    );

    // Answered in time, and closed too late.
    ticket.responded = Some(at("2026-03-27T15:00:00Z"));
    ticket.closed = Some(at("2026-03-30T13:00:01Z"));
    assert_eq!(standing(&ticket, "2026-03-31T00:00:00Z"), [Met, MetLate]);
    assert_eq!(agreement.next(&ticket, at("2026-03-31T00:00:00Z")), None);
    let passed = agreement.passed(&ticket, 0, at("2026-03-31T00:00:00Z"));
    assert_eq!(passed.len(), 5, "{passed:?}");

    // Closed before anybody answered: that is an answer.
    ticket.responded = None;
    ticket.closed = Some(at("2026-03-27T14:10:00Z"));
    assert_eq!(standing(&ticket, "2026-03-31T00:00:00Z"), [Met, Met]);
    assert_eq!(agreement.passed(&ticket, 0, at("2026-03-31T00:00:00Z")), []);

    ticket.priority_id = 2;
    assert_eq!(agreement.progress(&ticket, opened), []);
}

#[test]
fn a_status_that_stops_the_clock_moves_what_comes() {
    let agreement = level().compile().unwrap();
    let opened = at("2026-03-02T08:00:00Z");
    let away = at("2026-03-02T10:00:00Z");
    let mut ticket = TicketTimes {
        priority_id: 1,
        opened,
        responded: Some(opened),
        statuses: vec![(opened, 1), (away, 4)],
        ..TicketTimes::default()
    };
    let progress = agreement.progress(&ticket, at("2026-03-09T10:00:00Z"))[1];
    assert!(progress.paused);
    assert_eq!(
        (progress.standing, progress.breach),
        (Standing::OnTrack, None)
    );
    assert_eq!(agreement.next(&ticket, away), None);
    ticket.statuses.push((at("2026-03-03T10:00:00Z"), 2));
    let progress = agreement.progress(&ticket, at("2026-03-03T10:00:00Z"))[1];
    assert!(!progress.paused);
    // Two of eight hours are over: the others last until the office closes.
    assert_eq!(progress.breach, Some(at("2026-03-03T16:00:00Z")));
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let mut level = level();
    level.name = " ".to_owned();
    level.first_warning_percent = Some(80);
    level.priorities.push(level.priorities[0]);
    level.priorities[0].response = Some(Target {
        minutes: 0,
        counted: Counted::Working,
    });
    level.hours.time_zone = "Berlin".to_owned();
    level.hours.week.monday.push(Span {
        from: "24:00".to_owned(),
        until: "25:00".to_owned(),
    });
    level.hours.week.tuesday.push(Span {
        from: "09:00".to_owned(),
        until: "9:60".to_owned(),
    });
    level.hours.week.sunday.push(Span {
        from: "09:00".to_owned(),
        until: "09:00".to_owned(),
    });
    level.hours.holidays = vec![holiday("25.12.2026", false), holiday("2026-02-30", true)];
    let problems = level.compile().unwrap_err();
    let places: Vec<_> = problems
        .iter()
        .map(|problem| (problem.code.as_str(), problem.at.field.as_deref().unwrap()))
        .collect();
    assert_eq!(
        places,
        [
            ("no_name", "name"),
            ("no_such_time_zone", "hours.time_zone"),
            ("empty_span", "hours.week.sunday[0].until"),
            ("not_a_time", "hours.week.monday[1].from"),
            ("not_a_time", "hours.week.tuesday[1].until"),
            ("not_a_date", "hours.holidays[0].date"),
            ("not_a_date", "hours.holidays[1].date"),
            ("warning_order", "second_warning_percent"),
            ("target_minutes", "priorities[0].response.minutes"),
            ("priority_twice", "priorities[1].priority_id"),
        ]
    );
}

#[test]
fn hours_that_overlap_are_not_saved() {
    let problems = |spans: &[(&str, &str)]| -> Vec<(String, String)> {
        let mut level = level();
        level.hours = hours("UTC", &[1, 2], spans);
        let problems = level.problems().into_iter();
        problems
            .map(|problem| (problem.at.field.unwrap_or_default(), problem.message))
            .collect()
    };
    let said = |place: &str, other: &str| {
        let sentence =
            format!("These hours overlap with {other}: change one of them, or delete one.");
        (place.to_owned(), sentence)
    };
    assert_eq!(problems(&[("09:00", "12:00"), ("12:00", "17:00")]), []);
    assert_eq!(problems(&[("22:00", "06:00"), ("06:00", "08:00")]), []);
    assert_eq!(
        problems(&[("09:00", "12:00"), ("11:59", "17:00")]),
        [
            said("hours.week.monday[1].from", "09:00 to 12:00 of Monday"),
            said("hours.week.tuesday[1].from", "09:00 to 12:00 of Tuesday"),
        ]
    );
    // The night of Monday goes on into Tuesday.
    assert_eq!(
        problems(&[("09:00", "10:00"), ("22:00", "09:30")]),
        [said(
            "hours.week.tuesday[0].from",
            "22:00 to 09:30 of Monday"
        )]
    );
    // One that was saved before counts on.
    let mut saved = level();
    saved.hours = hours("UTC", &[1], &[("09:00", "12:00"), ("11:00", "17:00")]);
    assert!(saved.compile().is_ok());
}

#[test]
fn a_span_says_whether_it_goes_on_into_the_next_day() {
    for (from, until, expected) in [
        ("09:00", "08:00", true),
        ("09:00", "17:00", false),
        ("18:00", "24:00", false),
        ("18:00", "00:00", false),
        ("18:00", "", false),
    ] {
        let span = Span {
            from: from.to_owned(),
            until: until.to_owned(),
        };
        assert_eq!(span.ends_on_the_next_day(), expected, "{from} {until}");
    }
}

#[test]
fn working_hours_in_which_nothing_would_ever_be_due_are_refused() {
    let empty = hours("UTC", &[], &[]);
    let problem = empty.compile().unwrap_err().remove(0);
    assert_eq!(
        (problem.code.as_str(), problem.at.field.as_deref()),
        ("no_working_time", Some("week"))
    );
    let mut never = hours("UTC", &ALL_DAYS, &[("00:00", "24:00")]);
    let year = jiff::civil::date(2028, 1, 1)
        .series(jiff::Span::new().days(1))
        .take(366);
    never.holidays = year.map(|date| holiday(&date.to_string(), true)).collect();
    let problem = never.compile().unwrap_err().remove(0);
    assert_eq!(
        (problem.code.as_str(), problem.at.field.as_deref()),
        ("no_working_time", Some("holidays"))
    );
    // A minute a week does not come to a year.
    let mut slow = level();
    slow.hours = hours("UTC", &[1], &[("09:00", "09:01")]);
    slow.priorities[0].resolution = Some(Target {
        minutes: Target::MOST_MINUTES,
        counted: Counted::Working,
    });
    assert_eq!(slow.compile().unwrap_err()[0].code, "target_never_over");
}

/// It is kept, and bundles carry it.
#[test]
fn a_service_level_keeps_its_shape() {
    let written = json!({
        "name": "Gold",
        "hours": {
            "time_zone": "Europe/Berlin",
            "week": {"monday": [{"from": "09:00", "until": "17:30"}], "saturday": [{"from": "22:00", "until": "06:00"}]},
            "holidays": [{"name": "Christmas", "date": "2026-12-25", "every_year": true}],
        },
        "priorities": [
            {"priority_id": 1, "response": {"minutes": 30, "counted": "calendar"}, "resolution": {"minutes": 480, "counted": "working"}},
        ],
        "first_warning_percent": 50,
        "second_warning_percent": 75,
        "stopping_statuses": [4],
    });
    let level: ServiceLevel = strict::from_value(written.clone()).unwrap();
    assert_eq!(serde_json::to_value(&level).unwrap(), written);
    assert!(level.compile().is_ok());
}

fn working_hours() -> impl Strategy<Value = WorkingHours> {
    let time = || (0u32..24, 0u32..60).prop_map(|(hour, minute)| format!("{hour:02}:{minute:02}"));
    let spans = prop::collection::vec((time(), time()), 1..4);
    let days = prop::sample::subsequence(ALL_DAYS.to_vec(), 1..=7);
    let zone = prop::sample::select(vec![
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Beirut",
    ]);
    let holidays = prop::collection::vec((1u32..13, 1u32..29), 0..4);
    (spans, days, zone, holidays).prop_map(|(spans, days, zone, holidays)| {
        let spans: Vec<(&str, &str)> = spans
            .iter()
            .filter(|(from, until)| from != until)
            .map(|(from, until)| (from.as_str(), until.as_str()))
            .chain([("10:00", "11:00")])
            .collect();
        WorkingHours {
            holidays: holidays
                .iter()
                .map(|(month, day)| holiday(&format!("2026-{month:02}-{day:02}"), true))
                .collect(),
            ..hours(zone, &days, &spans)
        }
    })
}

fn statuses(start: Timestamp, lengths: &[u64]) -> Vec<(Timestamp, u64)> {
    let mut at = start;
    lengths
        .iter()
        .enumerate()
        .map(|(index, length)| {
            at += length;
            (at, u64::from(index % 2 == 0))
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_deadline_is_when_its_time_has_been_worked(
        hours in working_hours(), start in 1_767_000_000u64..1_800_000_000, length in 0u64..200 * HOUR,
        more in 0u64..40 * HOUR, pauses in prop::collection::vec(1u64..30 * HOUR, 0..6),
    ) {
        let start = start * 1000;
        let calendar = hours.compile().unwrap();
        // The last one is over.
        let mut history = statuses(start, &pauses);
        history.push((history.last().map_or(start, |(at, _)| at + HOUR), 0));
        let pauses = Pauses::of(&history, &BTreeSet::from([1]));
        for counting in [Counting::Working(&calendar), Counting::Calendar] {
            let deadline = counting.deadline(start, length, &pauses).unwrap();
            prop_assert!(deadline >= start + length);
            prop_assert_eq!(counting.between(start, deadline, &pauses), length);
            // It is the first such moment.
            if length > 0 {
                prop_assert_eq!(counting.between(start, deadline - 1, &pauses), length - 1);
            }
            // More time takes at least as long, and so does a later start.
            prop_assert!(counting.deadline(start, length + more, &pauses).unwrap() >= deadline);
            prop_assert!(counting.deadline(start + more, length, &pauses).unwrap() >= deadline);
            // Time adds up.
            let middle = start + more;
            if middle <= deadline {
                let parts = counting.between(start, middle, &pauses) + counting.between(middle, deadline, &pauses);
                prop_assert_eq!(parts, length);
            }
        }
    }

    /// Looking again and again tells each milestone once.
    #[test]
    fn each_milestone_comes_once(looks in prop::collection::vec(1u64..20 * HOUR, 1..12)) {
        let agreement = level().compile().unwrap();
        let opened = at("2026-03-27T14:00:00Z");
        let ticket = TicketTimes { priority_id: 1, opened, statuses: vec![(opened, 1)], ..TicketTimes::default() };
        let mut last = opened;
        let mut told = Vec::new();
        for look in looks {
            let now = last + look;
            let next = agreement.next(&ticket, last).filter(|next| next.at <= now);
            let passed = agreement.passed(&ticket, last, now);
            prop_assert_eq!(passed.first().copied(), next);
            told.extend(passed);
            last = now;
        }
        prop_assert_eq!(told, agreement.passed(&ticket, opened, last));
    }
}
