use serde_json::{Value, json};

use super::*;
use crate::model::{DeskAction, Runbook, TicketTypeActions, strict};
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

/// A runbook with these input variables.
fn runbook(id: &str, inputs: &[&str]) -> Runbook {
    let inputs = inputs
        .iter()
        .map(|name| json!({"name": name, "type": "string"}));
    let inputs: Vec<_> = inputs.collect();
    serde_json::from_value(json!({"id": id, "name": id, "start": {"inputs": inputs}})).unwrap()
}

fn desk_action(name: &str) -> DeskAction {
    DeskAction {
        name: name.to_owned(),
        ..DeskAction::default()
    }
}

/// One that allows these actions; all where there is none.
fn ticket_type(name: &str, allowed: &[&str]) -> TicketTypeActions {
    TicketTypeActions {
        name: name.to_owned(),
        allowed_actions: allowed.iter().map(|name| (*name).to_owned()).collect(),
    }
}

fn known() -> Known {
    let runbooks = [
        runbook("greet", &["Ticket"]),
        runbook("remind", &[]),
        runbook("thank", &[]),
    ];
    Known {
        actions: ["Accept", "Note", "Give back", "Resolve"]
            .map(|name| (name.to_owned(), desk_action(name)))
            .into(),
        runbooks: runbooks.map(|runbook| (runbook.id.clone(), runbook)).into(),
        unpublished: [(RunbookId::parse("asleep").unwrap(), "Asleep".to_owned())].into(),
        statuses: [1, 2, 9].into(),
        ticket_types: [(1, "Incident"), (3, "Request")]
            .map(|(id, name)| (id, ticket_type(name, &[])))
            .into(),
        taken: [(3, "Requests".to_owned())].into(),
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

/// What is started.
fn reasons(moved: &Moved) -> Vec<(&str, &str)> {
    let starts = moved.starts.iter().filter(|start| start.met);
    starts
        .map(|start| (start.runbook.as_str(), start.reason.as_str()))
        .collect()
}

/// The action is done on a ticket that is the same afterwards.
fn act(flow: &Flow, position: &Position, action: &str, now: Timestamp) -> Moved {
    let to = flow.way(position, action, NEW).unwrap().unwrap();
    flow.go(7, position, &to.id, NEW, now).unwrap()
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
    assert_eq!(entered.starts[0].variables[0].value, "<<ticket^id>>");
    assert_eq!(entered.position.visit, 1);
    assert_eq!(entered.timers.len(), 1);
    assert_eq!(entered.timers[0].due_at, NOW + 30 * MINUTE);

    let later = NOW + 5 * MINUTE;
    let moved = act(&flow, &entered.position, "Accept", later);
    assert_eq!(reasons(&moved), [("thank", "leaving Triage")]);
    assert_eq!(moved.position.step.as_str(), "work");
    assert_eq!(
        (moved.position.entered_at, &*moved.timers),
        (later, &[][..])
    );

    // Back again is another visit, with keys of its own.
    let back = act(&flow, &moved.position, "Give back", later);
    assert_eq!(
        (back.position.step.as_str(), back.position.visit),
        ("triage", 3)
    );
    assert_eq!(reasons(&back), [("greet", "entering Triage")]);
    assert_ne!(back.starts[0].key, entered.starts[0].key);
    assert_eq!(flow.enter(7, NEW, NOW).unwrap(), entered);
}

#[test]
fn a_trigger_whose_condition_is_not_met_says_so() {
    let mut workflow = example();
    for (index, left) in [(0, "<<ticket^status^name>>"), (2, "<<ticket^team>>")] {
        workflow["steps"][0]["triggers"][index]["when"] =
            json!({"all": [{"left": left, "op": "equals", "right": "Closed"}]});
    }
    let flow = flow(1, workflow);
    let entered = flow.enter(7, NEW, NOW).unwrap();
    let [start] = entered.starts.as_slice() else {
        panic!("{entered:?}");
    };
    assert!(
        !start.met && start.explanation.contains("Closed"),
        "{start:?}"
    );
    // What the ticket does not have meets nothing.
    let left = flow.leave(7, &entered.position, NEW).unwrap();
    assert!(
        !left[0].met && left[0].reason == "leaving Triage",
        "{left:?}"
    );
    // Nor does what is no ticket, and the ticket goes on all the same.
    assert!(!flow.enter(7, "{", NOW).unwrap().starts[0].met);
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
        let way = flow.way(&position, "Accept", ticket);
        way.map(|step| step.unwrap().id.clone())
    };
    assert_eq!(step(NEW), Ok(id("work")));
    assert_eq!(step(CLOSED), Ok(id("done")));
    for ticket in ["{}", "{"] {
        let step = step(ticket);
        assert!(matches!(step, Err(Refused::NotMet { .. })), "{step:?}");
    }
    // In the words of the pages.
    let refused = flow.way(&position, "Accept", "{}").unwrap_err();
    assert_eq!(
        refused.to_string(),
        "The action \"Accept\" is not offered for this ticket: Status has no value."
    );
    assert_eq!(flow.way(&position, "Note", NEW), Ok(None));
    let refused = flow.way(&position, "Resolve", NEW).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "The step `Triage` does not allow the action \"Resolve\"."
    );
    let other = Position {
        version: 2,
        ..position
    };
    assert_eq!(flow.way(&other, "Accept", NEW), Err(Refused::OtherVersion));
}

#[test]
fn a_timer_starts_its_runbook_once_and_only_while_the_ticket_stays() {
    let flow = flow(1, example());
    let entered = flow.enter(7, NEW, NOW).unwrap();
    let timer = &entered.timers[0];
    let due = timer.due_at;
    let fire =
        |timer: &Timer, position: &Position, ticket: &str| flow.fire(timer, position, ticket, due);
    let started = fire(timer, &entered.position, NEW).unwrap();
    assert_eq!(
        (started.runbook.as_str(), started.reason.as_str()),
        ("remind", "being in Triage for 30 minutes")
    );
    assert!(started.met && started.late.is_none(), "{started:?}");
    // After a crash it is asked for again, under the same key.
    let again = flow
        .fire(timer, &entered.position, NEW, due + 65 * MINUTE)
        .unwrap();
    assert_eq!(again.key, started.key);
    let due = crate::desk::instant::write(due).replace('T', " ");
    assert_eq!(
        again.late.unwrap(),
        format!(
            "It was due at {} (UTC), and came 1 hour and 5 minutes late.",
            &due[..16]
        )
    );
    let skipped = fire(timer, &entered.position, CLOSED).unwrap();
    assert!(
        !skipped.met && skipped.explanation.contains("Closed"),
        "{skipped:?}"
    );
    let away = act(&flow, &entered.position, "Accept", NOW);
    assert_eq!(fire(timer, &away.position, NEW), Err(Refused::Over));
    let back = act(&flow, &away.position, "Give back", NOW);
    assert_eq!(fire(timer, &back.position, NEW), Err(Refused::Over));
    assert!(fire(&back.timers[0], &back.position, NEW).is_ok());
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
        second.way(&entered, "Accept", NEW),
        Err(Refused::OtherVersion)
    );
    // It stays in its step: nothing starts again, and what waits counts from when it came.
    let later = NOW + 45 * MINUTE;
    let moved = second
        .adopt(7, &entered, Some(&first.version().workflow), None, later)
        .unwrap();
    assert_eq!(
        (
            moved.position.version,
            moved.position.visit,
            moved.position.entered_at
        ),
        (2, 1, NOW)
    );
    assert_eq!(moved.starts, []);
    assert_eq!(moved.timers[0].due_at, NOW + 60 * MINUTE);
    assert!(second.way(&moved.position, "Accept", NEW).is_ok());
    // What the other version started or did not is no matter of this one.
    let before = first.enter(7, NEW, NOW).unwrap();
    assert_eq!(
        second.fire(&before.timers[0], &moved.position, NEW, later),
        Err(Refused::Over)
    );
    let fired = second.fire(&moved.timers[0], &moved.position, NEW, later);
    let earlier = first.fire(&before.timers[0], &before.position, NEW, later);
    assert_ne!(fired.unwrap().key, earlier.unwrap().key);
    // What the other version has started is not started again; what it was to start later, and is over here, comes now.
    for (former, expected) in [(&first, vec![]), (&second, vec![NOW + 30 * MINUTE])] {
        let former = Some(&former.version().workflow);
        let moved = first.adopt(7, &entered, former, None, later).unwrap();
        let due: Vec<_> = moved.timers.iter().map(|timer| timer.due_at).collect();
        assert_eq!(due, expected);
    }

    changed["steps"].as_array_mut().unwrap().remove(1);
    changed["steps"][0]["actions"][0]["to"] = json!("done");
    let third = flow(3, changed);
    let working = Position {
        step: id("work"),
        visit: 2,
        ..entered
    };
    let refused = third.adopt(7, &working, None, None, later).unwrap_err();
    let step = "work".to_owned();
    assert_eq!(refused, Refused::NoSuchStep { step });
    // By its name, where that is known.
    let former = Some(&second.version().workflow);
    let refused = third.adopt(7, &working, former, None, later).unwrap_err();
    assert!(
        refused.to_string().contains("has no step “Work”"),
        "{refused}"
    );
    let moved = third
        .adopt(7, &working, None, Some(&id("done")), later)
        .unwrap();
    assert_eq!(
        (moved.position.visit, moved.position.entered_at),
        (3, later)
    );
}

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

#[test]
fn a_version_is_made_ready_again() {
    let published = flow(4, example());
    let opened = Flow::open(published.version().clone()).unwrap();
    assert_eq!(
        opened.enter(7, NEW, NOW).unwrap(),
        published.enter(7, NEW, NOW).unwrap()
    );
    let mut broken = published.version().clone();
    broken.workflow.steps[0].actions[0].when =
        serde_json::from_value(json!({"all": [{"left": "", "op": "equals", "right": "New"}]}))
            .unwrap();
    assert!(Flow::open(broken).is_err());
}

#[test]
fn only_what_a_workflow_does_makes_it_another() {
    let workflow = draft(example());
    let mut moved = workflow.clone();
    moved.steps[0].at = [7, 7];
    moved.enabled = !moved.enabled;
    assert!(moved.does_as(&workflow));
    moved.name = "Others".to_owned();
    assert!(!moved.does_as(&workflow));
}

#[test]
fn a_workflow_follows_an_action_that_is_renamed() {
    let mut workflow = draft(example());
    assert!(workflow.uses_action("Accept"));
    assert!(workflow.rename_action("Accept", "Take"));
    assert!(!workflow.uses_action("Accept") && workflow.uses_action("Take"));
    assert!(!workflow.rename_action("Accept", "Take"));
}
