//! How the runs of a runbook go beside one another, what their ends set off, and how long they are kept.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod failures;
mod history;
mod replay;
mod shards;
mod turns;

use edge_tests::{
    Answer, Options, Reply, Server, Stub,
    bundle::{Bundle, chain, method, sends, with},
    console::wait_for,
};
use serde_json::{Value, json};

/// A server with one runbook, `rb`, that anyone may start; it asks the stub for `/send/<<City>>`, and answers with
/// what it said. `more` are settings of the runbook.
fn one(stub: &Stub, more: &Value) -> Server {
    let server = Server::start(&Options::default());
    let outputs = json!({"outputs": [{"name": "Said", "value": "response^said"}]});
    let start = json!({"access": "desk_and_public", "auth": {"type": "none"}, "answer": {"outputs": ["Said"]},
        "inputs": [{"name": "City", "value": "request^city", "type": "string"}]});
    Bundle::new()
        .integration(
            "api",
            &stub.url(""),
            &json!({"type": "none"}),
            [method("send", "POST", "/send/<<City>>", &outputs)],
        )
        .runbook(with(&chain("rb", &start, &[sends("send")]), more))
        .import(&server);
    server
}

fn said(text: &str) -> Reply {
    Reply::json(200, &json!({ "said": text }))
}

fn start(server: &Server, city: &str) -> Answer {
    server
        .post("/api/automation/rb")
        .json(&json!({ "city": city }))
        .send()
}

/// Starts it and gives the run's id.
fn started(server: &Server, city: &str) -> String {
    let answer = start(server, city).expect(202).json();
    answer["run_id"].as_str().unwrap().to_owned()
}

/// A run, once it stands like that.
fn in_status(server: &Server, id: &str, status: &str) -> Value {
    wait_for(|| {
        let run = edge_tests::console::get(server, &format!("/console/runs/{id}"));
        (run["status"] == status).then_some(run)
    })
}
