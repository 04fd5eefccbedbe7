//! Which changes are which events, and what triggers make of them.

use serde_json::{Value, json};

use super::*;
use crate::condition::{Operator, Row, Term, When};
use crate::desk::service_level::{Goal, Milestone, Told};
use crate::desk::{DeskEvent, EventSource, States};
use crate::engine::PlanDocument;
use crate::model::{EventKind, EventTrigger, NamedTemplate, RecordChange, RecordKind, Runbook};
use crate::start::{DeskStart, desk_variables};

fn states(before: Value, after: Value) -> States {
    let state = |value: Value| (!value.is_null()).then_some(value);
    States {
        before: state(before),
        after: state(after),
        left_out: false,
    }
}

fn of_ticket(change: RecordChange, states: Option<States>) -> DeskEvent {
    DeskEvent::TicketChanged {
        event_id: "u-0".to_owned(),
        ticket_id: 7,
        change,
        states,
        source: EventSource::Person,
        depth: 0,
    }
}

fn ticket(more: &Value) -> Value {
    let mut ticket = json!({
        "id": 7, "summary": "Printer", "status_id": 1, "status": {"id": 1, "name": "New"}, "agent_id": null,
        "agent": null, "team": null, "dateclosed": null, "last_update": "2026-01-01T00:00:00.000Z",
    });
    for (name, value) in more.as_object().unwrap() {
        ticket[name] = value.clone();
    }
    ticket
}

fn closed() -> Value {
    ticket(&json!({
        "status_id": 9, "status": {"id": 9, "name": "Closed"}, "dateclosed": "2026-01-02T00:00:00.000Z",
        "last_update": "2026-01-02T00:00:00.000Z",
    }))
}

#[test]
fn a_change_of_a_ticket_is_every_kind_of_event_that_it_fits() {
    use EventKind as K;
    use RecordChange as C;
    let new = || ticket(&json!({}));
    let with = |more: Value| Some(states(new(), ticket(&more)));
    let left_out = States {
        left_out: true,
        ..States::default()
    };
    let cases: Vec<(DeskEvent, &[EventKind])> = vec![
        (
            of_ticket(C::Created, Some(states(Value::Null, new()))),
            &[K::NewTicketLogged],
        ),
        (
            of_ticket(C::Deleted, Some(states(new(), Value::Null))),
            &[K::TicketDeleted],
        ),
        (of_ticket(C::Updated, None), &[]),
        (
            of_ticket(
                C::Updated,
                with(json!({"last_update": "2027-01-01T00:00:00.000Z"})),
            ),
            &[],
        ),
        (
            of_ticket(C::Updated, with(json!({"summary": "Other"}))),
            &[K::TicketUpdated],
        ),
        (
            of_ticket(C::Updated, with(json!({"status_id": 2}))),
            &[K::TicketUpdated, K::TicketStatusChanged],
        ),
        (
            of_ticket(C::Updated, Some(states(new(), closed()))),
            &[K::TicketUpdated, K::TicketStatusChanged, K::TicketClosed],
        ),
        (
            of_ticket(C::Updated, Some(states(closed(), new()))),
            &[K::TicketUpdated, K::TicketStatusChanged],
        ),
        (
            of_ticket(C::Updated, with(json!({"agent_id": 3}))),
            &[K::TicketUpdated, K::TicketReassigned],
        ),
        (
            of_ticket(C::Updated, with(json!({"team": "Second line"}))),
            &[K::TicketUpdated, K::TicketReassigned],
        ),
        (
            of_ticket(C::Updated, Some(left_out)),
            &[
                K::TicketUpdated,
                K::TicketStatusChanged,
                K::TicketClosed,
                K::TicketReassigned,
            ],
        ),
    ];
    for (event, expected) in cases {
        assert_eq!(kinds(&event), expected, "{event:?}");
    }
}

#[test]
fn changes_of_other_records_are_events_too() {
    use EventKind as K;
    use RecordChange as C;
    let left_out = States {
        left_out: true,
        ..States::default()
    };
    let cases: Vec<(DeskEvent, &[EventKind])> = vec![
        (
            of_action(&json!({"id": 1, "who_type": 1})),
            &[K::ActionAdded],
        ),
        (
            of_action(&json!({"id": 1, "who_type": 0})),
            &[K::ActionAdded, K::TicketUpdatedByUser],
        ),
        (
            of_record(
                RecordKind::Client,
                C::Created,
                states(Value::Null, json!({"id": 3})),
            ),
            &[K::ClientCreated],
        ),
        (
            of_record(
                RecordKind::User,
                C::Updated,
                states(json!({"id": 3, "name": "A"}), json!({"id": 3, "name": "B"})),
            ),
            &[K::UserUpdated],
        ),
        (
            of_record(
                RecordKind::Site,
                C::Updated,
                states(json!({"id": 3}), json!({"id": 3})),
            ),
            &[],
        ),
        (
            of_record(RecordKind::Asset, C::Updated, left_out),
            &[K::AssetUpdated],
        ),
        (
            of_record(
                RecordKind::Article,
                C::Deleted,
                states(json!({"id": 3}), Value::Null),
            ),
            &[K::ArticleDeleted],
        ),
        (
            DeskEvent::RecordsChanged {
                event_id: "u-0".to_owned(),
                resource: "Client".to_owned(),
                ids: vec![3],
                source: EventSource::Person,
            },
            &[],
        ),
    ];
    for (event, expected) in cases {
        assert_eq!(kinds(&event), expected, "{event:?}");
    }
}

fn of_action(action: &Value) -> DeskEvent {
    DeskEvent::ActionAdded {
        event_id: "u-0".to_owned(),
        ticket: ticket(&json!({})),
        action: action.clone(),
        source: EventSource::Person,
        depth: 0,
    }
}

fn of_record(kind: RecordKind, change: RecordChange, states: States) -> DeskEvent {
    DeskEvent::RecordChanged {
        event_id: "u-0".to_owned(),
        kind,
        id: 3,
        change,
        states,
        source: EventSource::Application,
        depth: 0,
    }
}

fn trigger(event: EventKind, when: &When) -> EventTrigger {
    let trigger = json!({"id": "tr", "event": event, "runbook": "rb", "when": when});
    serde_json::from_value(trigger).unwrap()
}

fn look(event: &DeskEvent, when: &When) -> Watched {
    let documents = Subject::of(event).unwrap().documents();
    let variables = desk_variables(&DeskStart {
        overrides: &[],
        documents: &documents,
        halo_url: "https://desk.test",
    })
    .unwrap();
    Watch::new(trigger(EventKind::TicketUpdated, when)).look(&variables)
}

fn asked(path: &str, test: Test) -> When {
    let test = FieldTest {
        path: path.to_owned(),
        test,
    };
    When::All(vec![test.term().unwrap()])
}

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
fn what_is_wrong_with_a_trigger_is_named_with_its_place() {
    let row = |left: &str| json!({"all": [{"left": left, "op": "has_value"}]});
    for (event, when, value, code, field, offset) in [
        (
            "ticket_closed",
            row("<<ticket^id"),
            "",
            "syntax",
            "when.all[0].left",
            Some(0),
        ),
        (
            "ticket_closed",
            row("a <<clent^id>>"),
            "",
            "unknown_variable",
            "when.all[0].left",
            Some(2),
        ),
        (
            "new_ticket_logged",
            row("<<before^id>>"),
            "",
            "unknown_variable",
            "when.all[0].left",
            Some(0),
        ),
        (
            "client_created",
            row("<<ticket^id>>"),
            "",
            "unknown_variable",
            "when.all[0].left",
            Some(0),
        ),
        (
            "ticket_closed",
            row("<<action^note>>"),
            "",
            "unknown_variable",
            "when.all[0].left",
            Some(0),
        ),
        (
            "ticket_closed",
            json!({"all": []}),
            "x<<ticket",
            "syntax",
            "variables[0].value",
            Some(1),
        ),
        (
            "ticket_closed",
            json!({"all": []}),
            "<<action^note>>",
            "unknown_variable",
            "variables[0].value",
            Some(0),
        ),
    ] {
        let trigger = json!({
            "id": "tr", "event": event, "runbook": "rb", "when": when,
            "variables": [{"name": "X", "value": value}],
        });
        let trigger: EventTrigger = serde_json::from_value(trigger).unwrap();
        let problems = problems(&trigger);
        let found: Vec<_> = problems
            .iter()
            .map(|problem| {
                (
                    problem.code.as_str(),
                    problem.at.field.as_deref(),
                    problem.at.offset,
                )
            })
            .collect();
        assert_eq!(found, [(code, Some(field), offset)], "{problems:?}");
    }
    for (event, left) in [
        ("action_added", "<<action^note>>"),
        ("ticket_updated_by_user", "<<action^note>>"),
        ("client_updated", "<<before^name>>"),
        ("user_deleted", "<<user^name>><<before^name>><<halo_url>>"),
        ("ticket_closed", "<<action^note ?? \"\">>"),
    ] {
        let event = EventKind::parse(event).unwrap();
        let when: When = serde_json::from_value(row(left)).unwrap();
        assert_eq!(problems(&trigger(event, &when)), [], "{event:?} {left}");
    }
}

#[test]
fn steps_that_use_a_record_of_another_event_are_named() {
    let runbook: Runbook = serde_json::from_value(json!({
        "id": "rb", "name": "Ask", "start": {"inputs": []}, "first_step": "wait",
        "steps": [{"id": "wait", "name": "Wait", "type": "sleep", "until": "<<ticket^deadline>>", "next": {}}],
    }))
    .unwrap();
    let document = PlanDocument::gather(&runbook, &[], None);
    for (event, expected) in [
        (EventKind::TicketClosed, None),
        (EventKind::ClientUpdated, Some("no_such_record")),
    ] {
        let found = unfilled(&trigger(event, &When::default()), &document);
        assert_eq!(found.first().map(|problem| problem.code.as_str()), expected);
    }
}

#[test]
fn what_the_runbook_needs_and_does_not_get_is_named() {
    let runbook = |from_desk: &str| -> Runbook {
        let from_desk: Value = if from_desk.is_empty() {
            json!([])
        } else {
            json!([{"name": "Prompt", "value": from_desk}])
        };
        serde_json::from_value(json!({
            "id": "rb", "name": "Ask", "from_desk": from_desk, "start": {"inputs": [
                {"name": "Prompt", "type": "string"},
                {"name": "Site", "type": "string", "required": false},
                {"name": "Number", "type": "integer", "default": 1},
            ]},
        }))
        .unwrap()
    };
    let filled = |name: &str| NamedTemplate {
        name: name.to_owned(),
        value: "<<ticket^summary>>".to_owned(),
    };
    for (from_desk, rows, expected) in [
        ("", vec![], Some(("input_missing", "nothing fills it"))),
        (
            "<<action^note>>",
            vec![],
            Some((
                "input_missing",
                "<<action^note>>, which the event Ticket Closed",
            )),
        ),
        ("<<action^note ?? \"\">>", vec![], None),
        ("<<ticket^summary>>", vec![], None),
        ("", vec![filled("Prompt")], None),
        ("<<action^note>>", vec![filled("Prompt")], None),
        (
            "<<ticket^summary>>",
            vec![filled("Promt")],
            Some((
                "unknown_input",
                "no input variable `Promt` (did you mean `Prompt`?)",
            )),
        ),
    ] {
        let mut trigger = trigger(EventKind::TicketClosed, &When::default());
        trigger.variables = rows;
        let document = PlanDocument::gather(&runbook(from_desk), &[], None);
        let found = unfilled(&trigger, &document);
        let Some((code, part)) = expected else {
            assert_eq!(found, [], "{from_desk}");
            continue;
        };
        assert_eq!(found[0].code, code);
        assert!(found[0].message.contains(part), "{found:?}");
    }
}

#[test]
fn an_event_brings_its_documents_along() {
    let names = |event: &DeskEvent| -> Vec<&str> {
        let subject = Subject::of(event).unwrap();
        let documents = subject.documents();
        documents.into_iter().map(|(name, _)| name).collect()
    };
    let closing = of_ticket(
        RecordChange::Updated,
        Some(states(ticket(&json!({})), closed())),
    );
    assert_eq!(names(&closing), ["ticket", "before"]);
    assert_eq!(names(&of_action(&json!({"id": 1}))), ["ticket", "action"]);
    let made = states(Value::Null, json!({"id": 3, "name": "Acme"}));
    let made = of_record(RecordKind::Client, RecordChange::Created, made);
    assert_eq!(names(&made), ["client"]);
    assert_eq!(Subject::of(&made).unwrap().title(), "Acme");
    let left_out = States {
        left_out: true,
        ..States::default()
    };
    let left_out = of_record(RecordKind::Asset, RecordChange::Updated, left_out);
    let subject = Subject::of(&left_out).unwrap();
    assert!(!subject.is_told() && subject.title().is_empty());
    assert_eq!(subject.id, 3);
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

#[test]
fn warnings_and_deadlines_bring_their_goal_along() {
    let told = |milestone| Told {
        goal: Goal::Response,
        milestone,
        at: 1_767_225_600_000,
        due: Some(1_767_229_200_000),
        told_at: 1_767_225_600_000 + 5 * 60_000,
    };
    for (milestone, kind) in [
        (Milestone::FirstWarning, EventKind::FirstSlaWarning),
        (Milestone::SecondWarning, EventKind::SecondSlaWarning),
        (Milestone::Breach, EventKind::TicketDeadline),
    ] {
        let event = DeskEvent::MilestonePassed {
            event_id: "u-0".to_owned(),
            ticket_id: 7,
            told: told(milestone),
            states: states(
                ticket(&json!({})),
                ticket(&json!({"slastanding": "breached"})),
            ),
            source: EventSource::Clock,
            depth: 0,
        };
        assert_eq!(kinds(&event), [kind]);
        let subject = Subject::of(&event).unwrap();
        assert_eq!((subject.id, subject.title()), (7, "Printer"));
        let documents = subject.documents();
        let (_, sla) = documents.iter().find(|(name, _)| *name == "sla").unwrap();
        assert_eq!(
            serde_json::from_str::<Value>(sla).unwrap(),
            json!({
                "goal": "response", "milestone": milestone.as_str(), "duedate": "2026-01-01T01:00:00.000Z",
                "date": "2026-01-01T00:00:00.000Z", "minuteslate": 5,
            })
        );
        let names = ["ticket", "before", "sla"];
        assert_eq!(
            documents.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
            names
        );
        let variables = desk_variables(&DeskStart {
            overrides: &[],
            documents: &documents,
            halo_url: "https://desk.example",
        })
        .unwrap();
        let is = |value: &str| Test::Is {
            op: Operator::Equals,
            value: value.to_owned(),
        };
        let starts = |value| {
            let when = asked("sla^goal", is(value));
            assert_eq!(problems(&trigger(kind, &when)), []);
            Watch::new(trigger(kind, &when)).look(&variables).starts
        };
        assert_eq!((starts("response"), starts("resolution")), (true, false));
    }
    let when = asked(
        "sla^goal",
        Test::Is {
            op: Operator::HasValue,
            value: String::new(),
        },
    );
    assert_eq!(problems(&trigger(EventKind::TicketClosed, &when)).len(), 1);
}
