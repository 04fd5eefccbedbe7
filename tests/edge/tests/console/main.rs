//! The console's API, on a real worker.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod bundles;
mod desk_actions;
mod desk_starts;
mod documents;
mod event_log;
mod event_triggers;
mod publishing;
mod run_index;
mod runs;
mod secrets;
mod ticket_rules;
mod trials;

use edge_tests::{
    Options, Reply, Server,
    bundle::{Bundle, chain},
    console::{code, delete, get, items, post, put, runs, text, wait_for, wait_for_end},
};
use serde_json::{Value, json};

const EXAMPLE: &str = include_str!("../../../examples/ask-a-question.json");
const COMPLETIONS: &str = "0b8f5a52-5a0e-4a1b-9a53-1f1d6a3e0001";
const POST_COMPLETIONS: &str = "0b8f5a52-5a0e-4a1b-9a53-1f1d6a3e0011";
const ASK: &str = "0b8f5a52-5a0e-4a1b-9a53-1f1d6a3e0100";

fn example() -> Value {
    serde_json::from_str(EXAMPLE).unwrap()
}

fn seeded() -> Server {
    Server::start(&Options {
        seed: true,
        ..Options::default()
    })
}

/// An integration with one method, both made in the console; their ids.
fn integration(server: &Server, base_url: &str) -> (String, String) {
    let integration = json!({
        "name": "Weather", "base_url": base_url,
        "auth": {"type": "bearer", "token": {"secret": "sk-very-secret"}},
    });
    let made = post(server, "/console/integrations", &integration)
        .expect(201)
        .json();
    let id = made["id"].as_str().unwrap().to_owned();
    let method = json!({
        "name": "Forecast", "http_method": "POST", "path": "/forecast/<<City>>",
        "body": {"type": "json", "text": "{\"city\": <<City>>}"},
        "outputs": [{"name": "Sky", "value": "response^sky!"}],
    });
    let path = format!("/console/integrations/{id}/methods");
    let made = post(server, &path, &method).expect(201).json();
    assert_eq!(made["integration"], id.as_str());
    (id, made["id"].as_str().unwrap().to_owned())
}

/// A runbook that sends a method once.
fn runbook(method: &str) -> Value {
    json!({
        "name": "Ask the sky",
        "start": {"access": "desk", "inputs": [{"name": "City", "type": "string"}]},
        "from_desk": [{"name": "City", "value": "<<ticket^site_name>>"}],
        "first_step": "ask",
        "steps": [
            {"id": "ask", "name": "Ask", "type": "method", "method": method, "at": [0, 0], "next": {"success": "done", "failure": "failed"}},
            {"id": "done", "name": "Done", "type": "end", "outcome": "success", "at": [0, 0]},
            {"id": "failed", "name": "Failed", "type": "end", "outcome": "failed", "at": [0, 0]},
        ],
    })
}

/// The address of a new draft that asks for the sky.
fn drafted(server: &Server, method: &str) -> String {
    let made = post(server, "/console/runbooks", &runbook(method)).expect(201);
    format!("/console/runbooks/{}", text(&made.json()["id"]))
}

fn grey(status: u16) -> Reply {
    Reply::json(status, &json!({"sky": "grey"}))
}
