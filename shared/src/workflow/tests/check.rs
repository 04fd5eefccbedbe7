//! What a draft needs to be published, and what one should know of it.

use super::*;

/// The codes, places and sentences of what should be known of a draft that can be published.
fn warnings(workflow: Value, known: &Known) -> Vec<(String, Option<String>, String)> {
    let (_, warnings) = draft(workflow).publish(1, known).unwrap();
    let told = warnings.into_iter().map(|problem| {
        assert_eq!(problem.severity, Severity::Warning);
        let at = problem.detail.at;
        (problem.detail.code, at.field, problem.detail.message)
    });
    told.collect()
}

#[test]
fn an_action_that_a_ticket_type_does_not_offer_is_told() {
    let mut known = known();
    assert_eq!(warnings(example(), &known), []);
    known
        .ticket_types
        .insert(1, ticket_type("Incident", &["accept", "Give back", "Note"]));
    let told = warnings(example(), &known);
    let [(code, field, sentence)] = told.as_slice() else {
        panic!("{told:?}");
    };
    assert_eq!(
        (code.as_str(), field.as_deref()),
        ("not_allowed_by_type", Some("actions[1].action"))
    );
    assert_eq!(
        sentence,
        "The action \"Resolve\" of `Work` is not offered on all of its tickets: the ticket type Incident does not allow it: allow it under Settings > Ticket types."
    );
    // The action itself may be for other types. Of several rows for it, it is told once.
    known.ticket_types.insert(1, ticket_type("Incident", &[]));
    let accept = known.actions.get_mut("Accept").unwrap();
    accept.ticket_types = vec!["Request".to_owned()];
    let told = warnings(example(), &known);
    let codes: Vec<_> = told.iter().map(|(code, ..)| code.as_str()).collect();
    assert_eq!(codes, ["other_ticket_types"]);
}

#[test]
fn a_workflow_that_no_ticket_enters_says_so() {
    let mut workflow = example();
    workflow["ticket_types"] = json!([]);
    let told = warnings(workflow, &known());
    let [(code, field, _)] = told.as_slice() else {
        panic!("{told:?}");
    };
    assert_eq!(
        (code.as_str(), field.as_deref()),
        ("no_ticket_types", Some("ticket_types"))
    );
}

#[test]
fn ticket_types_and_steps_are_called_by_their_names() {
    let mut workflow = example();
    workflow["ticket_types"] = json!([3]);
    workflow["steps"][1]["actions"][1]["to"] = json!("step-7");
    workflow["steps"][0]["triggers"][0]["runbook"] = json!("asleep");
    let problems = draft(workflow).publish(1, &known()).unwrap_err();
    let sentences: Vec<_> = problems
        .iter()
        .map(|problem| problem.detail.message.as_str())
        .collect();
    for expected in [
        "New tickets of the type “Request” enter",
        "The action \"Resolve\" of `Work` leads to a step that is gone",
        "The runbook “Asleep” is not published",
    ] {
        let is_said = sentences.iter().any(|said| said.starts_with(expected));
        assert!(is_said, "{expected}: {sentences:?}");
    }
}

/// Publishing fails with an error of that code at that place.
fn assert_refused(workflow: Value, step: Option<&str>, field: Option<&str>, code: &str) {
    let problems = draft(workflow).publish(1, &known()).unwrap_err();
    let found = problems.iter().any(|problem| {
        let at = &problem.detail.at;
        problem.severity == Severity::Error
            && problem.detail.code == code
            && at.step.as_ref().map(StepId::as_str) == step
            && at.field.as_deref() == field
    });
    assert!(found, "{code}: {problems:?}");
}

type Edit = fn(&mut Value);

/// Each edit keeps the example from being published, with that code at that place.
fn refuse_all(cases: &[(Edit, Option<&str>, Option<&str>, &str)]) {
    for (edit, step, field, code) in cases {
        let mut workflow = example();
        edit(&mut workflow);
        assert_refused(workflow, *step, *field, code);
    }
}

#[test]
fn what_keeps_a_draft_from_being_published_is_said_with_its_place() {
    refuse_all(&[
        (|w| w["name"] = json!(" "), None, Some("name"), "no_name"),
        (
            |w| w["ticket_types"] = json!([1, 5]),
            None,
            Some("ticket_types[1]"),
            "no_such_ticket_type",
        ),
        (|w| w["steps"] = json!([]), None, Some("steps"), "no_steps"),
        (
            |w| w["first_step"] = json!(null),
            None,
            Some("first_step"),
            "no_first_step",
        ),
        (
            |w| w["first_step"] = json!("nowhere"),
            None,
            Some("first_step"),
            "no_first_step",
        ),
        (
            |w| w["steps"][2]["id"] = json!("work"),
            Some("work"),
            Some("id"),
            "duplicate_step",
        ),
        (
            |w| w["steps"][2]["name"] = json!(""),
            Some("done"),
            Some("name"),
            "no_name",
        ),
        (
            |w| w["first_step"] = json!("done"),
            Some("triage"),
            None,
            "unreachable_step",
        ),
        (
            |w| w["steps"][2]["actions"] = json!([{"action": "Note", "to": "work"}]),
            Some("triage"),
            Some("actions"),
            "no_way_out",
        ),
        (
            |w| w["steps"][1]["actions"][1]["to"] = json!("nowhere"),
            Some("work"),
            Some("actions[1].to"),
            "no_such_step",
        ),
        (
            |w| w["steps"][1]["actions"][0]["action"] = json!("Dance"),
            Some("work"),
            Some("actions[0].action"),
            "no_such_action",
        ),
        (
            |w| w["steps"][1]["status_id"] = json!(77),
            Some("work"),
            Some("status_id"),
            "no_such_status",
        ),
    ]);
}

#[test]
fn what_a_trigger_or_a_condition_lacks_is_said_with_its_place() {
    refuse_all(&[
        (
            |w| w["steps"][0]["triggers"][0]["runbook"] = json!("none"),
            Some("triage"),
            Some("triggers[0].runbook"),
            "no_such_runbook",
        ),
        (
            |w| w["steps"][0]["triggers"][0]["runbook"] = json!("asleep"),
            Some("triage"),
            Some("triggers[0].runbook"),
            "runbook_not_published",
        ),
        (
            |w| w["ticket_types"] = json!([3]),
            None,
            Some("ticket_types[0]"),
            "ticket_type_taken",
        ),
        (
            |w| w["steps"][0]["triggers"][0]["variables"] = json!([]),
            Some("triage"),
            Some("triggers[0].variables"),
            "input_missing",
        ),
        (
            |w| w["steps"][0]["triggers"][0]["variables"][0]["value"] = json!("<<action^note>>"),
            Some("triage"),
            Some("triggers[0].variables[0].value"),
            "unknown_variable",
        ),
        (
            |w| w["steps"][0]["actions"][0]["when"]["all"][0]["left"] = json!("<<before^id>>"),
            Some("triage"),
            Some("actions[0].when.all[0].left"),
            "unknown_variable",
        ),
        (
            |w| w["steps"][0]["triggers"][1]["on"]["minutes"] = json!(0),
            Some("triage"),
            Some("triggers[1].on.minutes"),
            "trigger_minutes",
        ),
        (
            |w| w["steps"][0]["actions"][0]["when"]["all"][0]["left"] = json!(""),
            Some("triage"),
            Some("actions[0].when.all[0].left"),
            "no_left_side",
        ),
        (
            |w| w["steps"][0]["triggers"][1]["when"]["all"][0]["left"] = json!(""),
            Some("triage"),
            Some("triggers[1].when.all[0].left"),
            "no_left_side",
        ),
    ]);
}

#[test]
fn a_row_that_is_never_used_is_told_and_published() {
    let mut workflow = example();
    workflow["steps"][0]["actions"][0]["when"] = json!({"all": []});
    let (_, warnings) = draft(workflow).publish(1, &known()).unwrap();
    let told: Vec<_> = warnings
        .iter()
        .map(|problem| {
            (
                problem.severity,
                problem.detail.code.as_str(),
                problem.detail.at.field.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [(Severity::Warning, "never_used", Some("actions[1].action"))]
    );
}

#[test]
fn a_step_that_only_leads_to_itself_is_an_end() {
    let mut workflow = example();
    workflow["steps"][2]["actions"] = json!([{"action": "Note", "to": "done"}]);
    let flow = flow(1, workflow);
    let workflow = &flow.version().workflow;
    let runbooks: Vec<_> = workflow.runbooks().into_iter().collect();
    assert_eq!(
        runbooks
            .into_iter()
            .map(RunbookId::as_str)
            .collect::<Vec<_>>(),
        ["greet", "remind", "thank"]
    );
}
