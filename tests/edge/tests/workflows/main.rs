//! Tickets that go through workflows, and the runbooks that steps start.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod kept;
mod starts;
mod tickets;

use std::{sync::Mutex, thread};

use edge_tests::{
    Options, Server,
    bundle::chain,
    console::{code, delete, get, items, post, put, runs, text, wait_for, wait_for_end},
};
use serde_json::{Value, json};

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;

/// More than what a test takes.
const SOON: u64 = 5_000;

/// A ticket type of a seeded desk.
const INCIDENT: u64 = 1;

fn server() -> Server {
    Server::start(&Options {
        seed: true,
        movable_clock: true,
        ..Options::default()
    })
}

/// Triage (In Progress) leads to work (3) and back, and work to an end (Closed).
fn triage() -> Value {
    let trigger = |on: Value, runbook: &str| json!({"on": on, "runbook": runbook});
    json!({
        "id": "wf", "name": "Incidents", "enabled": true, "ticket_types": [INCIDENT], "first_step": "triage",
        "steps": [
            {
                "id": "triage", "name": "Triage", "status_id": 2,
                "actions": [{"action": "Accept", "to": "work"}],
                "triggers": [
                    trigger(json!({"type": "entering"}), "greet"),
                    trigger(json!({"type": "staying", "minutes": 30}), "remind"),
                    trigger(json!({"type": "leaving"}), "thank"),
                ],
            },
            {
                "id": "work", "name": "Work", "status_id": 3,
                "actions": [{"action": "Give back", "to": "triage"}, {"action": "Resolve", "to": "done"}],
            },
            {"id": "done", "name": "Done", "status_id": 9},
        ],
    })
}

/// A runbook that does nothing.
fn idle(id: &str) -> Value {
    chain(id, &json!({"access": "desk"}), &[])
}

/// Imports a workflow with the actions and runbooks that it takes; gives the report.
fn import(server: &Server, workflow: &Value, runbooks: &[Value]) -> Value {
    let actions = ["Accept", "Give back", "Resolve", "Escalate"];
    let actions = actions.map(|name| json!({"name": name, "system_use": "none"}));
    let bundle = json!({
        "format": "nimbus.bundle/1", "runbooks": runbooks,
        "desk": {"actions": actions, "workflows": [workflow]},
    });
    post(server, "/console/import", &bundle).expect(200).json()
}

/// The same, which is published by that.
fn publish(server: &Server, workflow: &Value) {
    let report = import(server, workflow, &["greet", "remind", "thank"].map(idle));
    assert_eq!(report["workflows"][0]["problems"], json!([]), "{report}");
}

fn new_ticket(server: &Server) -> Value {
    let ticket = json!([{"summary": "The printer is on fire", "tickettype_id": INCIDENT}]);
    post(server, "/api/Tickets", &ticket).expect(201).json()
}

fn id(ticket: &Value) -> u64 {
    ticket["id"].as_u64().unwrap()
}

fn take(server: &Server, ticket: u64, outcome: &str) {
    let action = json!([{"ticket_id": ticket, "outcome": outcome}]);
    let _ = post(server, "/api/Actions", &action).expect(201);
}

/// The sentence that an action is refused with.
fn refusal(server: &Server, ticket: u64, outcome: &str) -> String {
    let action = json!([{"ticket_id": ticket, "outcome": outcome}]);
    text(&post(server, "/api/Actions", &action).expect(400).json())
}

fn inside(server: &Server, ticket: u64) -> Value {
    get(server, &format!("/console/workflows/of-ticket/{ticket}"))
}

/// So many runs, once they have ended.
fn ended(server: &Server, runbook: &str, count: usize) -> Vec<Value> {
    let found = wait_for(|| {
        let runs = runs(server, runbook);
        let all_ended = runs.iter().all(|run| run["ended_at"].is_u64());
        (all_ended && runs.len() >= count).then_some(runs)
    });
    assert_eq!(found.len(), count, "{found:?}");
    found
}

/// What the log says of workflows, the newest first.
fn log(server: &Server, filter: &str) -> Vec<Value> {
    let path = format!("/console/events?limit=200&cause=workflow&{filter}");
    items(&get(server, &path))
}

fn log_of(server: &Server, filter: &str, count: usize) -> Vec<Value> {
    let found = wait_for(|| Some(log(server, filter)).filter(|found| found.len() >= count));
    assert_eq!(found.len(), count, "{found:?}");
    found
}
