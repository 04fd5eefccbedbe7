//! What nearly every test asks of the console, as the admin.

use std::{
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{Answer, Server};

/// The longest that [`wait_for`] waits.
const PATIENCE: Duration = Duration::from_mins(1);
/// The pause between two looks.
const PAUSE: Duration = Duration::from_millis(20);

/// What the admin reads there.
pub fn get(server: &Server, path: &str) -> Value {
    server.get(path).admin().send().expect(200).json()
}

/// What the admin gets for sending that.
pub fn post(server: &Server, path: &str, body: &Value) -> Answer {
    server.post(path).admin().json(body).send()
}

/// What the admin gets for replacing the version that was read with that.
pub fn put(server: &Server, path: &str, version: u64, body: &Value) -> Answer {
    let call = server.put(path).header("if-match", &version.to_string());
    call.admin().json(body).send()
}

/// What the admin gets for deleting that.
pub fn delete(server: &Server, path: &str) -> Answer {
    server.delete(path).admin().send()
}

/// The code of an answer that is an error.
pub fn code(answer: &Answer) -> String {
    text(&answer.json()["error"]["code"])
}

/// A value that is a text.
pub fn text(value: &Value) -> String {
    let Some(text) = value.as_str() else {
        panic!("{value} is not a text");
    };
    text.to_owned()
}

/// A list's items.
pub fn items(list: &Value) -> Vec<Value> {
    let Some(items) = list["items"].as_array() else {
        panic!("{list} is not a list");
    };
    items.clone()
}

/// All runs of a runbook, page by page.
pub fn runs(server: &Server, runbook: &str) -> Vec<Value> {
    let first = format!("/console/runs?runbook={runbook}&limit=200");
    let mut page = get(server, &first);
    let mut runs = items(&page);
    while let Some(next) = page["next"].as_str() {
        page = get(server, &format!("{first}&after={next}"));
        runs.extend(items(&page));
    }
    runs
}

/// Starts what is published in the console; gives the id of the run.
pub fn start(server: &Server, runbook: &str, variables: &Value) -> String {
    let path = format!("/console/runbooks/{runbook}/start");
    let body = serde_json::json!({ "variables": variables });
    text(&post(server, &path, &body).expect(202).json()["run_id"])
}

/// Starts what is published, and gives the run once it has ended.
pub fn run(server: &Server, runbook: &str, variables: &Value) -> Value {
    wait_for_end(server, &start(server, runbook, variables))
}

/// The run, once it has ended.
pub fn wait_for_end(server: &Server, run_id: &str) -> Value {
    wait_for(|| {
        let run = get(server, &format!("/console/runs/{run_id}"));
        Some(run).filter(|run| run["ended_at"].is_u64())
    })
}

/// Asks until there is an answer.
pub fn wait_for<T>(ask: impl Fn() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(start.elapsed() < PATIENCE, "it never came");
        thread::sleep(PAUSE);
    }
}
