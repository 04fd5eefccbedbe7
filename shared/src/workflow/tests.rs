use serde_json::{Value, json};

use super::*;
use crate::model::strict;
use crate::problem::Severity;

const NOW: Timestamp = 1_772_443_800_000;
const MINUTE: Timestamp = 60_000;
const NEW: &str = r#"{"id": 7, "status": {"name": "New"}}"#;
const CLOSED: &str = r#"{"id": 7, "status": {"name": "Closed"}}"#;

/// Triage leads to work, work back to triage or to done.
fn example() -> Value {
    json!({
        "id": "wf", "name": "Incidents", "ticket_types": [1], "first_step": "triage",
        "steps": [
            {
                "id": "triage", "name": "Triage", "at": [0, 0], "status_id": 1,
                "actions": [
                    {"action": "Accept", "to": "work", "when": {"all": [{"left": "<<ticket^status^name>>", "op": "equals", "right": "New"}]}},
                    {"action": "Accept", "to": "done", "when": {"all": [{"left": "<<ticket^status^name>>", "op": "equals", "right": "Closed"}]}},
                    {"action": "Note"},
                ],
                "triggers": [
                    {"on": {"type": "entering"}, "runbook": "greet", "variables": [{"name": "Ticket", "value": "<<ticket^id>>"}]},
                    {"on": {"type": "staying", "minutes": 30}, "runbook": "remind", "when": {"all": [{"left": "<<ticket^status^name>>", "op": "equals", "right": "New"}]}},
                    {"on": {"type": "leaving"}, "runbook": "thank"},
                ],
            },
            {
                "id": "work", "name": "Work", "at": [280, 0], "status_id": 2,
                "actions": [{"action": "Give back", "to": "triage"}, {"action": "Resolve", "to": "done"}],
            },
            {"id": "done", "name": "Done", "at": [560, 0], "status_id": 9},
        ],
    })
}

fn known() -> Known {
    let runbooks = ["greet", "remind", "thank"];
    Known {
        actions: ["Accept", "Note", "Give back", "Resolve"]
            .map(str::to_owned)
            .into(),
        runbooks: runbooks
            .iter()
            .map(|id| RunbookId::parse(id).unwrap())
            .collect(),
        statuses: [1, 2, 9].into(),
        ticket_types: [1].into(),
    }
}

fn draft(workflow: Value) -> Workflow {
    strict::from_value(workflow).unwrap()
}

fn flow(number: u32, workflow: Value) -> Flow {
    let (flow, warnings) = draft(workflow).publish(number, &known()).unwrap();
    assert_eq!(warnings, []);
    flow
}

fn id(text: &str) -> StepId {
    StepId::parse(text).unwrap()
}

fn reasons(moved: &Moved) -> Vec<(&str, &str)> {
    let started = moved.started.iter();
    started
        .map(|started| (started.runbook.as_str(), started.reason.as_str()))
        .collect()
}

/// Bundles carry it.
#[test]
fn a_workflow_keeps_its_shape() {
    let mut written = example();
    written["enabled"] = json!(false);
    for step in written["steps"].as_array_mut().unwrap() {
        step["at"] = step["at"].clone();
    }
    assert_eq!(serde_json::to_value(draft(example())).unwrap(), written);
    let wrong = example().to_string().replace("staying", "waiting");
    assert!(strict::from_slice::<Workflow>(wrong.as_bytes()).is_err());
}

#[test]
fn a_ticket_goes_from_step_to_step_and_sets_off_what_waits_there() {
    let flow = flow(1, example());
    let entered = flow.enter(7, NEW, NOW).unwrap();
    assert_eq!(reasons(&entered), [("greet", "entering Triage")]);
    assert_eq!(entered.started[0].variables[0].value, "<<ticket^id>>");
    assert_eq!((entered.status_id, entered.position.visit), (Some(1), 1));
    assert_eq!(entered.timers.len(), 1);
    assert_eq!(entered.timers[0].due_at, NOW + 30 * MINUTE);

    let later = NOW + 5 * MINUTE;
    let moved = flow
        .act(7, &entered.position, "Accept", NEW, later)
        .unwrap()
        .unwrap();
    assert_eq!(reasons(&moved), [("thank", "leaving Triage")]);
    assert_eq!(
        (moved.position.step.as_str(), moved.status_id),
        ("work", Some(2))
    );
    assert_eq!(
        (moved.position.entered_at, &*moved.timers),
        (later, &[][..])
    );

    // Back again is another visit, with keys of its own.
    let back = flow
        .act(7, &moved.position, "Give back", NEW, later)
        .unwrap()
        .unwrap();
    assert_eq!(
        (back.position.step.as_str(), back.position.visit),
        ("triage", 3)
    );
    assert_eq!(reasons(&back), [("greet", "entering Triage")]);
    assert_ne!(back.started[0].key, entered.started[0].key);
    assert_eq!(flow.enter(7, NEW, NOW).unwrap(), entered);
}

#[test]
fn only_what_the_step_allows_is_offered_and_done() {
    let flow = flow(1, example());
    let position = flow.enter(7, NEW, NOW).unwrap().position;
    let offered = |ticket: &str| -> Vec<(String, bool)> {
        let offers = flow.offers(&position, ticket).unwrap().into_iter();
        offers
            .map(|offer| (offer.action, offer.not_because.is_none()))
            .collect()
    };
    let accept = |offered| vec![("Accept".to_owned(), offered), ("Note".to_owned(), true)];
    assert_eq!(offered(NEW), accept(true));
    assert_eq!(offered(CLOSED), accept(true));
    assert_eq!(offered("{}"), accept(false));
    // Each row where it fits.
    let step = |ticket| {
        flow.act(7, &position, "Accept", ticket, NOW)
            .map(|moved| moved.unwrap().position.step)
    };
    assert_eq!(step(NEW), Ok(id("work")));
    assert_eq!(step(CLOSED), Ok(id("done")));
    assert!(
        matches!(step("{}"), Err(Refused::NotMet { .. })),
        "{:?}",
        step("{}")
    );
    assert!(matches!(step("{"), Err(Refused::Condition(_))));
    assert_eq!(flow.act(7, &position, "Note", NEW, NOW), Ok(None));
    let refused = flow.act(7, &position, "Resolve", NEW, NOW).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "The step `Triage` does not allow the action \"Resolve\"."
    );
    let other = Position {
        version: 2,
        ..position
    };
    assert_eq!(
        flow.act(7, &other, "Accept", NEW, NOW),
        Err(Refused::OtherVersion)
    );
}

#[test]
fn a_timer_starts_its_runbook_once_and_only_while_the_ticket_stays() {
    let flow = flow(1, example());
    let entered = flow.enter(7, NEW, NOW).unwrap();
    let timer = &entered.timers[0];
    let started = flow.fire(timer, &entered.position, NEW).unwrap().unwrap();
    assert_eq!(
        (started.runbook.as_str(), started.reason.as_str()),
        ("remind", "being in Triage for 30 minutes")
    );
    // After a crash it is asked for again, under the same key.
    let again = flow.fire(timer, &entered.position, NEW).unwrap().unwrap();
    assert_eq!(again.key, started.key);
    let skipped = flow
        .fire(timer, &entered.position, CLOSED)
        .unwrap()
        .unwrap_err();
    assert!(skipped.why.contains("Closed"), "{skipped:?}");
    let away = flow
        .act(7, &entered.position, "Accept", NEW, NOW)
        .unwrap()
        .unwrap();
    assert_eq!(flow.fire(timer, &away.position, NEW), Err(Refused::Over));
    let back = flow
        .act(7, &away.position, "Give back", NEW, NOW)
        .unwrap()
        .unwrap();
    assert_eq!(flow.fire(timer, &back.position, NEW), Err(Refused::Over));
    assert!(
        flow.fire(&back.timers[0], &back.position, NEW)
            .unwrap()
            .is_ok()
    );
    // They are kept.
    let kept = serde_json::to_value(timer).unwrap();
    assert_eq!(
        kept,
        json!({"workflow": "wf", "version": 1, "ticket_id": 7, "step": "triage", "visit": 1, "trigger": 1, "due_at": NOW + 30 * MINUTE})
    );
    assert_eq!(&serde_json::from_value::<Timer>(kept).unwrap(), timer);
}

#[test]
fn tickets_inside_keep_their_version_until_they_are_moved() {
    let first = flow(1, example());
    let entered = first.enter(7, NEW, NOW).unwrap().position;
    let mut changed = example();
    changed["steps"][0]["triggers"][1]["on"]["minutes"] = json!(60);
    let second = flow(2, changed.clone());
    assert_eq!(
        second.act(7, &entered, "Accept", NEW, NOW),
        Err(Refused::OtherVersion)
    );
    // It stays in its step: nothing starts again, and what waits counts from when it came.
    let later = NOW + 45 * MINUTE;
    let moved = second.adopt(7, &entered, None, later).unwrap();
    assert_eq!(
        (
            moved.position.version,
            moved.position.visit,
            moved.position.entered_at
        ),
        (2, 1, NOW)
    );
    assert_eq!((moved.started.len(), moved.status_id), (0, None));
    assert_eq!(moved.timers[0].due_at, NOW + 60 * MINUTE);
    assert!(second.act(7, &moved.position, "Accept", NEW, later).is_ok());
    // What was due before was the other version's.
    assert_eq!(first.adopt(7, &entered, None, later).unwrap().timers, []);

    changed["steps"].as_array_mut().unwrap().remove(1);
    changed["steps"][0]["actions"][0]["to"] = json!("done");
    let third = flow(3, changed);
    let working = Position {
        step: id("work"),
        visit: 2,
        ..entered
    };
    let refused = third.adopt(7, &working, None, later).unwrap_err();
    assert_eq!(refused, Refused::NoSuchStep { step: id("work") });
    let moved = third.adopt(7, &working, Some(&id("done")), later).unwrap();
    assert_eq!(
        (
            moved.position.visit,
            moved.position.entered_at,
            moved.status_id
        ),
        (3, later, Some(9))
    );
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

#[test]
fn what_keeps_a_draft_from_being_published_is_said_with_its_place() {
    type Edit = fn(&mut Value);
    let cases: [(Edit, Option<&str>, Option<&str>, &str); 16] = [
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
        (
            |w| w["steps"][0]["triggers"][0]["runbook"] = json!("none"),
            Some("triage"),
            Some("triggers[0].runbook"),
            "no_such_runbook",
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
    ];
    for (edit, step, field, code) in cases {
        let mut workflow = example();
        edit(&mut workflow);
        assert_refused(workflow, step, field, code);
    }
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
    assert_eq!(
        flow.runbooks().map(RunbookId::as_str).collect::<Vec<_>>(),
        ["greet", "remind", "thank"]
    );
}
