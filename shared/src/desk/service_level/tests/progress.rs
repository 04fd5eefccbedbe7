//! When tickets are due, and how they stand.

use super::*;

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
