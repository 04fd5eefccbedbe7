//! What holds of any working hours.

use super::*;

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
