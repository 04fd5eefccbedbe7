//! Runbooks that actions on tickets start, and what the live connection says of it.

use edge_tests::{ADMIN_TOKEN, Server, Socket};
use serde_json::{Value, json};

use super::*;

const ACTION: &str = "Ask ChatGPT a Question";

fn actions(server: &Server, ticket: u64) -> Vec<Value> {
    let list = get(
        server,
        &format!("/api/Actions?ticket_id={ticket}&count=100"),
    );
    list["actions"].as_array().unwrap().clone()
}

fn take_action(server: &Server, ticket: u64, outcome: &str, note: &str) {
    let action = json!([{"ticket_id": ticket, "outcome": outcome, "note": note}]);
    let _ = post(server, "/api/Actions", &action).expect(201);
}

fn a_ticket(server: &Server) -> u64 {
    get(server, "/api/Tickets")["tickets"][0]["id"]
        .as_u64()
        .unwrap()
}

fn outcome_is(outcome: &str) -> impl Fn(&&Value) -> bool {
    move |action| action["outcome"] == outcome
}

#[test]
fn an_action_on_a_ticket_starts_the_worked_example() {
    let server = seeded();
    let ticket = a_ticket(&server);
    let bearer = format!("Bearer {ADMIN_TOKEN}");
    let mut live = Socket::open(&server, "/console/live", &[("authorization", &bearer)]).unwrap();
    take_action(
        &server,
        ticket,
        &ACTION.to_uppercase(),
        "Why is the printer on fire?",
    );

    let ended = live.wait_for(|event| event["type"] == "run" && event["run"]["ended_at"].is_u64());
    let run = &ended["run"];
    assert_eq!(
        (&run["status"], &run["error"]),
        (&json!("succeeded"), &Value::Null)
    );
    assert_eq!(
        run["started_by"],
        json!({"type": "action", "name": ACTION, "ticket_id": ticket})
    );
    let answer = wait_for(|| {
        actions(&server, ticket)
            .into_iter()
            .find(|action| action["outcome"] == "ChatGPT")
    });
    let text = answer["note_html"].as_str().unwrap();
    assert!(text.contains("printer on fire"), "{text}");
    let listed = get(&server, &format!("/console/runs?ticket={ticket}"));
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert_eq!(listed["items"][0]["run_id"], run["run_id"]);
    assert_eq!(
        get(&server, "/console/runs?ticket=999"),
        json!({"items": []})
    );
}

#[test]
fn other_actions_start_nothing_but_are_told() {
    let server = seeded();
    let ticket = a_ticket(&server);
    let bearer = format!("Bearer {ADMIN_TOKEN}");
    let mut live = Socket::open(&server, "/console/live", &[("authorization", &bearer)]).unwrap();
    take_action(&server, ticket, "Note", "Nothing to do with a runbook.");
    let told = live.wait_for(|event| event["type"] == "ticket");
    assert_eq!(told["ticket_id"], ticket);
    assert_eq!(get(&server, "/console/runs"), json!({"items": []}));
}

#[test]
fn changes_of_other_records_are_told() {
    let server = seeded();
    let bearer = format!("Bearer {ADMIN_TOKEN}");
    let mut live = Socket::open(&server, "/console/live", &[("authorization", &bearer)]).unwrap();
    let mut told = |resource: &str| {
        let event =
            live.wait_for(|event| event["type"] == "records" && event["resource"] == resource);
        event["ids"].clone()
    };
    let client = json!([{"name": "Told at once"}]);
    let client = post(&server, "/api/Client", &client).expect(201).json();
    assert_eq!(told("Client"), json!([client["id"]]));
    let site = get(&server, &format!("/api/Site?client_id={}", client["id"]));
    assert_eq!(told("Site"), json!([site["sites"][0]["id"]]));
    let _ = delete(&server, &format!("/api/Client/{}", client["id"])).expect(200);
    assert_eq!(told("Client"), json!([client["id"]]));
}

#[test]
fn a_start_that_fails_is_told_on_the_ticket() {
    let server = seeded();
    let ticket = a_ticket(&server);
    let told = |part: &str| {
        wait_for(|| {
            actions(&server, ticket)
                .iter()
                .filter(outcome_is("Runbook not started"))
                .find(|action| {
                    action["note"]
                        .as_str()
                        .is_some_and(|note| note.contains(part))
                })
                .cloned()
        })
    };
    let path = format!("/console/runbooks/{ASK}");
    let mut runbook = get(&server, &path);
    runbook["enabled"] = json!(false);
    let version = runbook["version"].as_u64().unwrap();
    let _ = put(&server, &path, version, &runbook).expect(200);
    take_action(&server, ticket, ACTION, "Is anybody there?");
    assert_eq!(told("off")["hiddenfromuser"], true);

    let _ = post(&server, &format!("{path}/unpublish"), &json!({})).expect(204);
    take_action(&server, ticket, ACTION, "And now?");
    told("not published");
    assert_eq!(get(&server, "/console/runs"), json!({"items": []}));
}
