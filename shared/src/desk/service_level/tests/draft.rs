//! What is wrong with a service level, and the shape in which it is kept.

use super::*;

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
