//! `POST /api/automation/{id}`: each case of its contract, and the order in which they are told apart.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod answers;
mod bodies;
mod conditions;
mod example;
mod idempotency;
mod limits;
mod odd;
mod order;
mod parallel;
mod polling;
mod refusals;
mod replies;
mod secrets;
mod signatures;
mod signing;
mod twilio;

use edge_tests::{
    Answer, Call, Options, Server,
    bundle::{Bundle, chain, with},
    console::{get, items, put, text, wait_for},
};
use serde_json::{Value, json};

const PASSWORD: &str = "open sesame";
const SECRET: &str = "example-signing-key";
/// The most that a body may have.
const LIMIT_BYTES: usize = 1024 * 1024;

/// A start that anyone who knows the address may make; `more` holds other settings of it.
fn open(more: &Value) -> Value {
    let start = json!({
        "access": "desk_and_public",
        "auth": {"type": "none"},
        "inputs": [{"name": "City", "value": "request^city", "type": "string"}],
    });
    with(&start, more)
}

fn with_basic(more: &Value) -> Value {
    let auth = json!({"type": "basic", "username": "Aladdin", "password": {"secret": PASSWORD}});
    with(&open(&json!({ "auth": auth })), more)
}

/// A start that must be signed; `settings` says how, where it is not with SHA-256 over the body in hexadecimal digits.
fn signed(settings: &Value) -> Value {
    let auth = json!({
        "type": "signature", "scheme": "hmac", "header": "X-Signature", "secrets": [{"secret": SECRET}],
    });
    open(&json!({ "auth": with(&auth, settings) }))
}

/// A start whose caller waits for the end of the run, and is told these variables.
fn waited_for(outputs: &Value) -> Value {
    json!({"answer": {"when": "finished", "within_ms": 30_000, "outputs": outputs}})
}

/// A server with one runbook of each of these starts, by its id; they end at once.
fn serving(starts: &[(&str, Value)]) -> Server {
    let server = Server::start(&Options::default());
    let bundle = starts.iter().fold(Bundle::new(), |bundle, (id, start)| {
        bundle.runbook(chain(id, start, &[]))
    });
    bundle.import(&server);
    server
}

fn address(id: &str) -> String {
    format!("/api/automation/{id}")
}

/// A start of that runbook, to be signed and sent.
fn start(server: &Server, id: &str) -> Call {
    server.post(&address(id))
}

/// A body that all runbooks here can be started with.
fn bern() -> Value {
    json!({"city": "Bern"})
}

/// `Authorization` with a user name and a password.
fn basic(call: Call, username: &str, password: &str) -> Call {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let pair = STANDARD.encode(format!("{username}:{password}"));
    call.header("authorization", &format!("Basic {pair}"))
}

fn run_id(answer: &Answer) -> String {
    text(&answer.json()["run_id"])
}

/// The runs, once so many have ended; there must be no more. The workspace is told of a run a moment
/// after its start is answered, so what must start nothing is to be followed by a start.
fn ended(server: &Server, number: usize) -> Vec<Value> {
    let runs = wait_for(|| {
        let runs = items(&get(server, "/console/runs?limit=200"));
        let have_ended = runs.iter().all(|run| run["ended_at"].is_u64());
        (have_ended && runs.len() >= number).then_some(runs)
    });
    assert_eq!(runs.len(), number, "{runs:?}");
    runs
}

/// Switches a runbook on or off.
fn switch(server: &Server, id: &str, enabled: bool) {
    let path = format!("/console/runbooks/{id}");
    let mut runbook = get(server, &path);
    runbook["enabled"] = json!(enabled);
    let version = runbook["version"].as_u64().unwrap();
    let _ = put(server, &path, version, &runbook).expect(200);
}
