//! What conditions of triggers look at, and how they are chosen.

use super::*;

fn changed(from: &str, to: &str) -> Test {
    Test::Changed {
        from: from.to_owned(),
        to: to.to_owned(),
    }
}

#[test]
fn conditions_look_at_a_record_before_and_after() {
    let new = ticket(&json!({}));
    let closing = of_ticket(RecordChange::Updated, Some(states(new.clone(), closed())));
    let assigned = ticket(&json!({"agent_id": 3, "agent": {"id": 3, "name": "Priya"}}));
    let assigning = of_ticket(RecordChange::Updated, Some(states(new.clone(), assigned)));
    let making = of_ticket(
        RecordChange::Created,
        Some(states(Value::Null, new.clone())),
    );
    let deleting = of_ticket(RecordChange::Deleted, Some(states(new, Value::Null)));
    let status = "ticket^status^name";
    let agent = "ticket^agent^name";
    let is = |value: &str| Test::Is {
        op: Operator::Equals,
        value: value.to_owned(),
    };
    let was = |value: &str| Test::Was {
        op: Operator::Equals,
        value: value.to_owned(),
    };
    for (event, path, test, expected, explained) in [
        (
            &closing,
            status,
            changed("", ""),
            true,
            "“New”, which does not equal “Closed”",
        ),
        (&closing, status, changed("New", "Closed"), true, ""),
        (&closing, status, changed("new", ""), true, ""),
        (&closing, status, changed("", "Closed"), true, ""),
        (
            &closing,
            status,
            changed("Open", "Closed"),
            false,
            "Status before is “New”",
        ),
        (
            &closing,
            status,
            changed("New", "Open"),
            false,
            "Status is “Closed”",
        ),
        (&closing, status, changed("New", "New"), false, ""),
        (&closing, agent, changed("", ""), false, "which equals"),
        (&closing, status, is("Closed"), true, ""),
        (
            &closing,
            status,
            was("Closed"),
            false,
            "Status before is “New”",
        ),
        (&assigning, agent, changed("", ""), true, "Priya"),
        (&assigning, agent, changed("", "Priya"), true, ""),
        (
            &assigning,
            status,
            changed("", ""),
            false,
            "which equals “New”",
        ),
        (
            &assigning,
            agent,
            was("Priya"),
            false,
            "Agent before has no value",
        ),
        (&making, status, is("New"), true, ""),
        (&making, status, was("New"), false, "has no value"),
        (&deleting, status, is("New"), true, ""),
        (&deleting, status, was("New"), true, ""),
    ] {
        let watched = look(event, &asked(path, test.clone()));
        assert_eq!(watched.starts, expected, "{path} {test:?} {watched:?}");
        assert!(watched.explanation.contains(explained), "{watched:?}");
    }
    assert!(look(&making, &When::default()).starts);
}

#[test]
fn fields_are_called_what_pages_call_them() {
    for (token, name) in [
        ("ticket^agent_id", Some("Agent")),
        ("ticket^agent^name", Some("Agent")),
        ("ticket^agent_name", Some("Agent")),
        ("ticket^client^name", Some("Customer")),
        ("ticket^team", Some("Team")),
        ("ticket^id", Some("Number")),
        ("ticket^fixbydate", Some("Solve by")),
        ("before^status^name", Some("Status before")),
        ("before^title", Some("Job title before")),
        ("client^name", Some("Name")),
        ("action^outcome", Some("Action: Outcome")),
        ("sla^goal", Some("Goal")),
        ("sla^minuteslate", Some("Minutes late")),
        // Nobody named these.
        ("ticket^status", None),
        ("ticket^customfields[name=CFRegion]^value", None),
        ("client^agent_id", None),
        ("Priority", None),
        ("request^agent_id", None),
    ] {
        assert_eq!(name_of(token).as_deref(), name, "{token}");
    }
}

#[test]
fn a_pattern_that_cannot_be_is_told_and_starts_nothing() {
    let event = of_action(&json!({"id": 1, "note": "["}));
    let when = When::All(vec![Term::Row(Row {
        left: "<<ticket^summary>>".to_owned(),
        op: Operator::Matches,
        right: "<<action^note>>".to_owned(),
        match_case: false,
    })]);
    let watched = look(&event, &when);
    assert!(!watched.starts);
    assert!(watched.explanation.starts_with("`all[0]`: "), "{watched:?}");
}

#[test]
fn what_is_asked_of_a_field_is_read_as_it_was_chosen() {
    let tests = [
        changed("", ""),
        changed("New", ""),
        changed("", "Closed"),
        changed("New", "Closed"),
        Test::Is {
            op: Operator::Contains,
            value: "x".to_owned(),
        },
        Test::Was {
            op: Operator::HasValue,
            value: String::new(),
        },
    ];
    for test in tests {
        let asked = FieldTest {
            path: "client^name".to_owned(),
            test,
        };
        let term = asked.term().unwrap();
        assert_eq!(
            FieldTest::of(&term, RecordKind::Client),
            Some(asked.clone())
        );
        // What stands there would be another record's.
        let of_site = FieldTest::of(&term, RecordKind::Site);
        assert!(
            of_site.is_none_or(|other| other.term() == Some(term)),
            "{asked:?}"
        );
    }
    let written = |left: &str, right: &str, match_case| {
        Term::Row(Row {
            left: left.to_owned(),
            op: Operator::Equals,
            right: right.to_owned(),
            match_case,
        })
    };
    for term in [
        written("<<ticket^customfields[name=X]^value>>", "1", false),
        written("No. <<ticket^id>>", "No. 1", false),
        written("<<ticket^id>>", "1", true),
        written("<<client^id>>", "1", false),
        Term::Group(When::Any(vec![written("<<ticket^id>>", "1", false)])),
        Term::Group(When::All(Vec::new())),
    ] {
        assert_eq!(FieldTest::of(&term, RecordKind::Ticket), None, "{term:?}");
    }
    let action = FieldTest {
        path: "action^outcome".to_owned(),
        test: changed("", ""),
    };
    assert_eq!(action.term(), None);
}

#[test]
fn every_field_that_is_offered_can_be_looked_at() {
    for event in EventKind::all() {
        let fields = fields(event);
        assert!(!fields.is_empty(), "{event:?}");
        for field in fields {
            let is = Test::Is {
                op: Operator::HasValue,
                value: String::new(),
            };
            let when = asked(&field.path, is);
            assert_eq!(problems(&trigger(event, &when)), [], "{field:?}");
            let is_of_record = field.path.starts_with(event.record().as_str());
            if event.is_change() && is_of_record {
                let when = asked(&field.path, changed("a", "b"));
                assert_eq!(problems(&trigger(event, &when)), [], "{field:?}");
            }
        }
    }
}

#[test]
fn of_fields_that_hold_a_name_it_is_known_whose() {
    for (path, expected) in [
        ("ticket^status^name", Some("Status")),
        ("ticket^status_name", Some("Status")),
        ("before^tickettype^name", Some("TicketType")),
        ("ticket^priority^name", Some("Priority")),
        ("ticket^agent^name", Some("Agent")),
        ("ticket^team", Some("Team")),
        ("ticket^category_1", Some("Category")),
        ("asset^client^name", Some("Client")),
        ("action^outcome", Some("Outcome")),
        ("ticket^outcome", None),
        ("ticket^summary", None),
        ("ticket^status^colour", None),
        ("client^status^name", None),
        ("elsewhere^status^name", None),
        ("status", None),
    ] {
        let found = names_in(path).map(|resource| resource.name);
        assert_eq!(found, expected, "{path}");
    }
    // What is offered as a field is understood here, too.
    for field in fields(EventKind::TicketStatusChanged) {
        if field.path.ends_with("^name") {
            assert!(names_in(&field.path).is_some(), "{}", field.path);
        }
    }
}
