//! Tickets in workflows.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::memory::Memory;
use super::{Access, Caller, Desk, DeskEvent, NOW, Wiped, admin, ask, get, post, refusal, seeded};
use crate::api::NotMoved;
use crate::desk::{KnownAction, Placed, Records as _, instant};
use crate::model::{StepId, Workflow};
use crate::workflow::{Flow, StepStart, Timer, Version};

const INCIDENT: u64 = 1;
const OTHER_TYPE: u64 = 2;
const MINUTE: u64 = 60_000;

/// Triage (In Progress) leads to work (On Hold) and back, and work to an end (Closed).
fn triage() -> Value {
    let trigger = |on: Value, runbook: &str| json!({"on": on, "runbook": runbook});
    json!({
        "id": "wf", "name": "Incidents", "ticket_types": [INCIDENT], "first_step": "triage",
        "steps": [
            {
                "id": "triage", "name": "Triage", "status_id": 2,
                "actions": [{"action": "Accept", "to": "work"}, {"action": "Ask"}],
                "triggers": [
                    trigger(json!({"type": "entering"}), "greet"),
                    trigger(json!({"type": "leaving"}), "thank"),
                    trigger(json!({"type": "staying", "minutes": 30}), "remind"),
                ],
            },
            {
                "id": "work", "name": "Work", "status_id": 3,
                "actions": [{"action": "Give back", "to": "triage"}, {"action": "Resolve", "to": "done"}],
                "triggers": [{"on": {"type": "entering"}, "runbook": "tell", "when": {"all": [
                    {"left": "<<ticket^status_id>>", "op": "equals", "right": "3"},
                ]}}],
            },
            {"id": "done", "name": "Done", "status_id": 9},
        ],
    })
}

fn version(number: u32, workflow: Value) -> Version {
    let workflow: Workflow = serde_json::from_value(workflow).unwrap();
    Version { number, workflow }
}

/// A desk with that workflow.
fn desk_with(workflow: Value) -> Memory {
    let memory = seeded();
    let mut workflows = memory.workflows.borrow_mut();
    workflows.versions.push(version(1, workflow));
    workflows.actions = [
        ("Accept", "Accept"),
        ("Ask", "Ask"),
        ("Give back", "Return"),
        ("Resolve", "Resolve"),
        ("Resolve at once", "resolve"),
        ("Escalate", "Escalate"),
    ]
    .map(|(name, outcome)| KnownAction {
        name: name.to_owned(),
        outcome: outcome.to_owned(),
    })
    .into();
    drop(workflows);
    memory
}

/// A new incident; its id, and what steps started.
fn incident(memory: &Memory) -> (u64, Vec<StepStart>) {
    let ticket = json!({"summary": "Printer is broken", "tickettype_id": INCIDENT});
    let (ticket, events) = post(memory, "/api/Tickets", &ticket).unwrap();
    (ticket["id"].as_u64().unwrap(), starts(&events))
}

fn act(memory: &Memory, ticket: u64, outcome: &str) -> Vec<DeskEvent> {
    let action = json!({"ticket_id": ticket, "outcome": outcome});
    post(memory, "/api/Actions", &action).unwrap().1
}

fn starts(events: &[DeskEvent]) -> Vec<StepStart> {
    let starts = events.iter().filter_map(|event| match event {
        DeskEvent::WorkflowStep { start, .. } => Some((**start).clone()),
        _ => None,
    });
    starts.collect()
}

/// What was started and not, in words.
fn words(starts: &[StepStart]) -> Vec<String> {
    let starts = starts.iter().map(|start| {
        let not = if start.met { "" } else { "not " };
        format!("{not}{}: {}", start.runbook, start.reason)
    });
    starts.collect()
}

fn step_of(memory: &Memory, ticket: u64) -> Option<(String, u32, usize)> {
    let workflows = memory.workflows.borrow();
    let (placed, timers) = workflows.placed.get(&ticket)?;
    let position = &placed.position;
    Some((position.step.to_string(), position.version, timers.len()))
}

fn status_of(memory: &Memory, ticket: u64) -> Value {
    get(memory, &format!("/api/Tickets/{ticket}"))["status_id"].clone()
}

/// Has the desk do something by itself.
fn at<T>(memory: &Memory, now: u64, work: impl FnOnce(&Desk<'_>) -> T) -> T {
    let access = Access::of(&Caller::Nimbus {}, None, memory).unwrap();
    work(&Desk {
        records: memory,
        html: &Wiped,
        access: &access,
        now,
        unique: "t",
    })
}

#[test]
fn a_new_ticket_enters_the_workflow_of_its_type() {
    let memory = desk_with(triage());
    let ticket = json!({"summary": "Printer is broken", "tickettype_id": INCIDENT, "status_id": 1});
    let (ticket, events) = post(&memory, "/api/Tickets", &ticket).unwrap();
    assert_eq!(ticket["status_id"], 2, "the step's status");
    let id = ticket["id"].as_u64().unwrap();
    assert_eq!(step_of(&memory, id), Some(("triage".to_owned(), 1, 1)));
    let [
        DeskEvent::TicketChanged { .. },
        DeskEvent::WorkflowStep {
            ticket_id,
            ticket: Some(ticket),
            start,
            depth: 0,
            ..
        },
    ] = events.as_slice()
    else {
        panic!("{events:?}");
    };
    assert_eq!((*ticket_id, &ticket["status"]["id"]), (id, &json!(2)));
    assert_eq!(words(&[(**start).clone()]), ["greet: entering Triage"]);
    // Other types have nothing to do with it.
    let other = json!({"summary": "S", "tickettype_id": OTHER_TYPE});
    let (other, events) = post(&memory, "/api/Tickets", &other).unwrap();
    assert_eq!((starts(&events).len(), &other["status_id"]), (0, &json!(1)));
    assert_eq!(step_of(&memory, other["id"].as_u64().unwrap()), None);
}

#[test]
fn rules_come_first() {
    let memory = desk_with(triage());
    let rule = json!({
        "name": "To incidents", "active": true, "precedence": 1,
        "criteria": [{"fieldname": "summary", "type": "contains", "value_string": "printer"}],
        "outcomes": [{"fieldname": "tickettype_id", "value_int": INCIDENT}],
    });
    let rule = post(&memory, "/api/TicketRules", &rule);
    assert!(rule.is_ok(), "{rule:?}");
    let ticket = json!({"summary": "Printer is broken", "tickettype_id": OTHER_TYPE});
    let (ticket, events) = post(&memory, "/api/Tickets", &ticket).unwrap();
    assert_eq!(ticket["tickettype_id"], INCIDENT, "{ticket}");
    assert_eq!(words(&starts(&events)), ["greet: entering Triage"]);
    assert_eq!(ticket["status_id"], 2);
}

#[test]
fn an_action_leads_to_the_next_step() {
    let memory = desk_with(triage());
    let (id, _) = incident(&memory);
    let events = act(&memory, id, "accept");
    assert!(matches!(events[0], DeskEvent::ActionAdded { .. }));
    // The condition sees the ticket with the status of the step.
    assert_eq!(
        words(&starts(&events)),
        ["thank: leaving Triage", "tell: entering Work"]
    );
    assert_eq!(step_of(&memory, id), Some(("work".to_owned(), 1, 0)));
    assert_eq!(status_of(&memory, id), 3);
    // By its outcome's name, whatever the action is called.
    act(&memory, id, "Return");
    assert_eq!(step_of(&memory, id), Some(("triage".to_owned(), 1, 1)));
    // One that leads nowhere moves nothing.
    assert_eq!(starts(&act(&memory, id, "Ask")), []);
    assert_eq!(step_of(&memory, id), Some(("triage".to_owned(), 1, 1)));
    act(&memory, id, "Accept");
    // Of two actions with one outcome, the one that is allowed counts.
    act(&memory, id, "Resolve");
    assert_eq!(step_of(&memory, id), Some(("done".to_owned(), 1, 0)));
    let ticket = get(&memory, &format!("/api/Tickets/{id}"));
    assert!(ticket["dateclosed"].is_string(), "{ticket}");
}

#[test]
fn an_action_that_the_step_does_not_allow_is_refused() {
    let memory = desk_with(triage());
    let (id, _) = incident(&memory);
    for outcome in ["Resolve", "Escalate", "escalate"] {
        let action = json!({"ticket_id": id, "outcome": outcome});
        let (status, sentence) = refusal(&memory, "/api/Actions", &action);
        assert_eq!(status, 400);
        assert!(
            sentence.starts_with("The step `Triage` does not allow the action"),
            "{sentence}"
        );
    }
    let actions = get(&memory, &format!("/api/Actions?ticket_id={id}"));
    assert_eq!(actions["record_count"], 0);
    // What is no desk action may be written everywhere, and Nimbus writes what it likes.
    assert_eq!(starts(&act(&memory, id, "Private Note")), []);
    let note = json!([{"ticket_id": id, "outcome": "Escalate"}]);
    assert!(ask(&memory, &Caller::Nimbus {}, "POST", "/api/Actions", &note).is_ok());
    // Outside of workflows all goes.
    act(&memory, 1001, "Escalate");
}

#[test]
fn a_condition_that_is_not_met_keeps_an_action_back() {
    let mut workflow = triage();
    workflow["steps"][0]["actions"][0]["when"] =
        json!({"all": [{"left": "<<ticket^team>>", "op": "equals", "right": "Network"}]});
    let memory = desk_with(workflow);
    let (id, _) = incident(&memory);
    let action = json!({"ticket_id": id, "outcome": "Accept"});
    let (_, sentence) = refusal(&memory, "/api/Actions", &action);
    assert!(
        sentence.contains("is not offered for this ticket"),
        "{sentence}"
    );
    let inside = at(&memory, NOW, |desk| desk.workflow_of(id))
        .unwrap()
        .unwrap();
    assert_eq!(
        (inside.name.as_str(), inside.step_name.as_str()),
        ("Incidents", "Triage")
    );
    let offered: Vec<_> = inside
        .offers
        .iter()
        .map(|offer| (offer.action.as_str(), offer.not_because.is_none()))
        .collect();
    assert_eq!(offered, [("Accept", false), ("Ask", true)]);
    post(
        &memory,
        "/api/Tickets",
        &json!({"id": id, "team": "Network"}),
    )
    .unwrap();
    act(&memory, id, "Accept");
    assert_eq!(at(&memory, NOW, |desk| desk.workflow_of(1001)), Ok(None));
    // An action that was deleted is not offered any more.
    memory.workflows.borrow_mut().actions.clear();
    let inside = at(&memory, NOW, |desk| desk.workflow_of(id))
        .unwrap()
        .unwrap();
    assert!(
        inside
            .offers
            .iter()
            .all(|offer| offer.not_because.is_some())
    );
}

#[test]
fn a_ticket_of_another_type_leaves_and_enters() {
    let memory = desk_with(triage());
    let (id, _) = incident(&memory);
    let with_type = |kind: u64| {
        let (_, events) = post(
            &memory,
            "/api/Tickets",
            &json!({"id": id, "tickettype_id": kind}),
        )
        .unwrap();
        words(&starts(&events))
    };
    assert_eq!(with_type(OTHER_TYPE), ["thank: leaving Triage"]);
    assert_eq!(step_of(&memory, id), None);
    assert_eq!(with_type(INCIDENT), ["greet: entering Triage"]);
    let other = json!({
        "id": "other", "name": "Other", "ticket_types": [OTHER_TYPE], "first_step": "one",
        "steps": [{"id": "one", "name": "One", "status_id": 4,
            "triggers": [{"on": {"type": "entering"}, "runbook": "other"}]}],
    });
    let other = version(1, other);
    memory.workflows.borrow_mut().versions.push(other);
    assert_eq!(
        with_type(OTHER_TYPE),
        ["thank: leaving Triage", "other: entering One"]
    );
    assert_eq!(status_of(&memory, id), 4);
    assert_eq!(step_of(&memory, id), Some(("one".to_owned(), 1, 0)));
    // A workflow for both types keeps it.
    memory.workflows.borrow_mut().versions[1]
        .workflow
        .ticket_types = vec![OTHER_TYPE, 3];
    assert_eq!(with_type(3), [""; 0]);
    assert_eq!(step_of(&memory, id), Some(("one".to_owned(), 1, 0)));
}

#[test]
fn a_ticket_shows_its_step_which_conditions_see_as_it_is_afterwards() {
    let mut workflow = triage();
    let when = |step: &str| json!({"all": [{"left": "<<ticket^workflow_step>>", "op": "equals", "right": step}]});
    workflow["steps"][0]["triggers"][0]["when"] = when("Triage");
    workflow["steps"][0]["triggers"][1]["when"] = when("Work");
    workflow["steps"][1]["triggers"][0]["when"] = when("Work");
    let memory = desk_with(workflow);
    let none = get(&memory, "/api/Tickets/1002");
    assert_eq!(
        (&none["workflow_id"], &none["workflow_step"]),
        (&Value::Null, &Value::Null)
    );
    let (id, entered) = incident(&memory);
    assert!(entered.iter().all(|start| start.met), "{entered:?}");
    let path = format!("/api/Tickets/{id}");
    let shown = get(&memory, &path);
    assert_eq!(
        (&shown["workflow_id"], &shown["workflow_step"]),
        (&json!("wf"), &json!("Triage"))
    );
    let moved = starts(&act(&memory, id, "Accept"));
    assert_eq!(moved.len(), 2);
    assert!(moved.iter().all(|start| start.met), "{moved:?}");
    assert_eq!(get(&memory, &path)["workflow_step"], "Work");
    // Whoever sends back what was read changes nothing.
    post(&memory, "/api/Tickets", &shown).unwrap();
    assert_eq!(get(&memory, &path)["workflow_step"], "Work");
    let other = json!({"id": id, "tickettype_id": OTHER_TYPE});
    post(&memory, "/api/Tickets", &other).unwrap();
    assert_eq!(get(&memory, &path)["workflow_step"], Value::Null);
}

#[test]
fn a_timer_counts_while_the_ticket_stays() {
    let memory = desk_with(triage());
    let (id, _) = incident(&memory);
    let timer = |memory: &Memory| -> Timer {
        let workflows = memory.workflows.borrow();
        workflows.placed[&id].1[0].clone()
    };
    let first = timer(&memory);
    assert_eq!(first.due_at, NOW + 30 * MINUTE);
    let fire = |timer: &Timer, now: u64| {
        let events = at(&memory, now, |desk| desk.step_timer(timer)).unwrap();
        starts(&events)
    };
    let fired = fire(&first, first.due_at);
    assert_eq!(words(&fired), ["remind: being in Triage for 30 minutes"]);
    assert_eq!(fired[0].late, None);
    let due = instant::write(first.due_at).replace('T', " ");
    let told = format!("It was due at {} (UTC), and came 3 hours late.", &due[..16]);
    let late = fire(&first, first.due_at + 3 * 60 * MINUTE);
    assert_eq!(late[0].late.as_deref(), Some(told.as_str()));
    act(&memory, id, "Accept");
    act(&memory, id, "Return");
    assert_eq!(fire(&first, first.due_at), [], "another visit");
    assert_eq!(fire(&timer(&memory), first.due_at).len(), 1);
    let path = format!("/api/Tickets/{id}");
    ask(&memory, &admin(), "DELETE", &path, &Value::Null).unwrap();
    assert_eq!(memory.placed(id), Ok(None), "nothing waits any more");
    assert_eq!(fire(&first, first.due_at), []);
}

/// What runs lead to is counted also where a while goes by in between.
#[test]
fn starts_say_how_many_runs_stand_above() {
    let memory = desk_with(triage());
    let access = Access::of(&admin(), None, &memory).unwrap().at_depth(4);
    let desk = Desk {
        records: &memory,
        html: &Wiped,
        access: &access,
        now: NOW,
        unique: "u",
    };
    let body = json!({"summary": "S", "tickettype_id": INCIDENT}).to_string();
    let answer = desk.answer("POST", "/api/Tickets", "", &body).unwrap();
    let depths = |events: &[DeskEvent]| events.iter().map(DeskEvent::depth).collect::<Vec<_>>();
    assert_eq!(depths(&answer.events), [4, 4]);
    let timer = {
        let workflows = memory.workflows.borrow();
        workflows.placed.values().next().unwrap().1[0].clone()
    };
    let events = at(&memory, NOW, |desk| desk.step_timer(&timer)).unwrap();
    assert_eq!(depths(&events), [4]);
}

#[test]
fn what_a_workflow_uses_is_not_deleted() {
    let memory = desk_with(triage());
    let made = json!({"name": "In the workflow", "sequence": 70});
    let (status, _) = post(&memory, "/api/Status", &made).unwrap();
    let (kind, _) = post(&memory, "/api/TicketType", &made).unwrap();
    {
        let mut workflows = memory.workflows.borrow_mut();
        let workflow = &mut workflows.versions[0].workflow;
        workflow.steps[2].status_id = status["id"].as_u64();
        workflow.ticket_types.push(kind["id"].as_u64().unwrap());
    }
    for (path, sentence) in [
        (format!("/api/Status/{}", status["id"]), "status"),
        (format!("/api/TicketType/{}", kind["id"]), "ticket type"),
    ] {
        let delete = || ask(&memory, &admin(), "DELETE", &path, &Value::Null);
        let error = delete().unwrap_err().to_string();
        assert_eq!(
            error,
            format!(
                "This {sentence} cannot be deleted: it is still used by workflow “Incidents”. Take it out there first."
            )
        );
    }
    // What only a former version uses counts as long as tickets are in it.
    let (inside, _) = incident(&memory);
    memory
        .workflows
        .borrow_mut()
        .versions
        .push(version(2, triage()));
    for path in [
        format!("/api/Status/{}", status["id"]),
        format!("/api/TicketType/{}", kind["id"]),
    ] {
        let error = ask(&memory, &admin(), "DELETE", &path, &Value::Null).unwrap_err();
        let error = error.to_string();
        let told = "workflow “Incidents” (tickets are still in its former version 1). Move the tickets to the latest version first.";
        assert!(error.ends_with(told), "{error}");
    }
    memory.workflows.borrow_mut().placed.remove(&inside);
    for path in [
        format!("/api/Status/{}", status["id"]),
        format!("/api/TicketType/{}", kind["id"]),
    ] {
        assert!(ask(&memory, &admin(), "DELETE", &path, &Value::Null).is_ok());
    }
}

#[test]
fn tickets_keep_their_version_until_they_are_moved() {
    let memory = desk_with(triage());
    let (first, _) = incident(&memory);
    let (second, _) = incident(&memory);
    act(&memory, second, "Accept");
    let mut changed = triage();
    changed["steps"][0]["actions"] = json!([{"action": "Escalate", "to": "done"}]);
    changed["steps"].as_array_mut().unwrap().remove(1);
    let changed = version(2, changed);
    memory.workflows.borrow_mut().versions.push(changed.clone());
    let (third, _) = incident(&memory);
    assert_eq!(step_of(&memory, third), Some(("triage".to_owned(), 2, 1)));
    // The others go on as they did.
    act(&memory, second, "Return");
    act(&memory, second, "Accept");
    assert_eq!(step_of(&memory, second), Some(("work".to_owned(), 1, 0)));

    let flow = Flow::open(changed).unwrap();
    let step = |id: &str| StepId::parse(id).unwrap();
    let adopt = |ticket: u64, steps: &[(&str, &str)]| {
        let steps: BTreeMap<_, _> = steps
            .iter()
            .map(|(from, to)| (step(from), step(to)))
            .collect();
        at(&memory, NOW + MINUTE, |desk| {
            desk.adopt(&flow, ticket, &steps)
        })
        .unwrap()
    };
    assert_eq!(adopt(first, &[]), Ok(Vec::new()));
    assert_eq!(step_of(&memory, first), Some(("triage".to_owned(), 2, 1)));
    let left = adopt(second, &[]).unwrap_err();
    let NotMoved {
        ticket_id,
        version,
        why,
        ..
    } = left;
    assert_eq!((ticket_id, version), (second, 1));
    assert!(why.contains("no step “Work”"), "{why}");
    assert_eq!(step_of(&memory, second), Some(("work".to_owned(), 1, 0)));
    // The chosen step gives its status, which is told, and entering it starts nothing.
    let events = adopt(second, &[("work", "triage")]).unwrap();
    let [
        DeskEvent::TicketChanged {
            states: Some(states),
            ..
        },
    ] = events.as_slice()
    else {
        panic!("{events:?}");
    };
    let told = [&states.before, &states.after].map(|state| {
        let ticket = state.as_ref().unwrap();
        (&ticket["workflow_step"], &ticket["status"]["name"])
    });
    assert_eq!(told[0], (&json!("Work"), &json!("Action Required")));
    assert_eq!(told[1], (&json!("Triage"), &json!("In Progress")));
    assert_eq!(status_of(&memory, second), 2);
    let Placed { position, .. } = memory.placed(second).unwrap().unwrap();
    assert_eq!((position.version, position.entered_at), (2, NOW + MINUTE));
}
