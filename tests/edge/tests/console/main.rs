//! The console's API, on a real worker.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod bundles;
mod desk_starts;
mod documents;
mod publishing;
mod runs;
mod secrets;
mod trials;

use edge_tests::{Answer, Options, Reply, Server};
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

fn get(server: &Server, path: &str) -> Value {
    server.get(path).admin().send().expect(200).json()
}

fn post(server: &Server, path: &str, body: &Value) -> Answer {
    server.post(path).admin().json(body).send()
}

fn put(server: &Server, path: &str, version: u64, body: &Value) -> Answer {
    let call = server.put(path).header("if-match", &version.to_string());
    call.admin().json(body).send()
}

fn delete(server: &Server, path: &str) -> Answer {
    server.delete(path).admin().send()
}

fn code(answer: &Answer) -> String {
    answer.json()["error"]["code"].as_str().unwrap().to_owned()
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

fn grey(status: u16) -> Reply {
    Reply::json(status, &json!({"sky": "grey"}))
}

fn wait_for_end(server: &Server, run_id: &str) -> Value {
    wait_for(|| {
        let run = get(server, &format!("/console/runs/{run_id}"));
        Some(run).filter(|run| run["ended_at"].is_u64())
    })
}

/// Asks until there is an answer.
fn wait_for<T>(ask: impl Fn() -> Option<T>) -> T {
    let start = std::time::Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(start.elapsed().as_secs() < 30, "it never came");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}
