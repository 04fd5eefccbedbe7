//! What happens at the desk happens once.

use std::{collections::BTreeMap, thread};

use edge_tests::{
    Options, Server,
    bundle::{Bundle, chain},
    console::{get, items, post, start, wait_for, wait_for_end},
};
use serde_json::{Value, json};

use super::open;

/// One of the tickets of a seeded workspace.
const TICKET: u64 = 1001;
const CRASHES: usize = 3;
const RUNS: usize = 12;

fn seeded() -> Server {
    Server::start(&Options {
        seed: true,
        ..Options::default()
    })
}

/// A runbook that writes down its mark on the ticket.
fn noting(id: &str) -> Value {
    let body = format!(
        "[{{\"ticket_id\": {TICKET}, \"outcome\": \"Noted\", \"note\": \"Noted <<Mark>>\", \"hiddenfromuser\": true}}]"
    );
    let step = json!({"type": "desk_action", "action": "add_action", "body": body});
    let inputs = json!([{"name": "Mark", "value": "request^mark", "type": "string"}]);
    let mut runbook = chain(
        id,
        &edge_tests::bundle::with(&open(), &json!({ "inputs": inputs })),
        &[step],
    );
    runbook["from_desk"] = json!([{"name": "Mark", "value": "<<action^note>>"}]);
    runbook
}

/// How often each mark was noted.
fn noted(server: &Server) -> BTreeMap<String, usize> {
    let list = get(
        server,
        &format!("/api/Actions?ticket_id={TICKET}&count=1000"),
    );
    let mut counts = BTreeMap::new();
    for action in list["actions"].as_array().unwrap() {
        let note = action["note"].as_str().unwrap_or_default();
        if let Some(mark) = note.strip_prefix("Noted ") {
            *counts.entry(mark.to_owned()).or_default() += 1;
        }
    }
    counts
}

fn once(marks: impl IntoIterator<Item = String>) -> BTreeMap<String, usize> {
    marks.into_iter().map(|mark| (mark, 1)).collect()
}

#[test]
fn a_desk_action_is_done_once() {
    let mut server = seeded();
    Bundle::new().runbook(noting("noting")).import(&server);
    let mut marks = Vec::new();
    for crash in 0..CRASHES {
        let before = noted(&server).len();
        let started: Vec<String> = thread::scope(|scope| {
            let calls: Vec<_> = (0..RUNS)
                .map(|number| {
                    let mark = format!("{crash}.{number}");
                    marks.push(mark.clone());
                    let server = &server;
                    scope.spawn(move || start(server, "noting", &json!({ "Mark": mark })))
                })
                .collect();
            calls.into_iter().map(|call| call.join().unwrap()).collect()
        });
        // In the midst of it.
        wait_for(|| (noted(&server).len() > before).then_some(()));
        server.restart();
        for id in started {
            let run = wait_for_end(&server, &id);
            assert_eq!(run["status"], "succeeded", "{run}");
        }
    }
    assert_eq!(noted(&server), once(marks));
}

#[test]
fn an_action_on_a_ticket_starts_its_runbook_once() {
    let mut server = seeded();
    Bundle::new()
        .runbook(noting("noting"))
        .action("Take note", "noting")
        .import(&server);
    let mut marks = Vec::new();
    for crash in 0..CRASHES {
        for number in 0..RUNS {
            let mark = format!("{crash}.{number}");
            let action = json!([{"ticket_id": TICKET, "outcome": "Take note", "note": mark}]);
            let _ = post(&server, "/api/Actions", &action).expect(200);
            marks.push(mark);
        }
        server.restart();
        wait_for(|| (noted(&server).len() == marks.len()).then_some(()));
    }
    let runs = wait_for(|| {
        let runs = items(&get(&server, "/console/runs?runbook=noting&limit=200"));
        runs.iter()
            .all(|run| run["ended_at"].is_u64())
            .then_some(runs)
    });
    assert_eq!(runs.len(), marks.len());
    assert!(
        runs.iter().all(|run| run["status"] == "succeeded"),
        "{runs:?}"
    );
    assert_eq!(noted(&server), once(marks));
}
