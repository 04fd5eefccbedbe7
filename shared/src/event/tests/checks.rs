//! What keeps a trigger from being saved, or its runbook from being started.

use super::*;

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
