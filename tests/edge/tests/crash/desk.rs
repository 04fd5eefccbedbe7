//! What happens at the desk happens once.

use std::{collections::BTreeMap, sync::Mutex, thread};

use edge_tests::{
    Options, Server,
    bundle::{Bundle, chain, with},
    console::{get, runs, text, wait_for, wait_for_end},
};
use serde_json::{Value, json};

use super::open;

/// One of the tickets of a seeded workspace.
const TICKET: u64 = 1001;
const CRASHES: usize = 3;
const CALLERS: usize = 8;
/// How often a run notes something: so one is in flight at nearly any time.
const TIMES: usize = 10;

fn seeded() -> Server {
    Server::start(&Options {
        seed: true,
        ..Options::default()
    })
}

/// A runbook that writes its mark down on the ticket so many times, each with its number.
fn noting(id: &str, times: usize) -> Value {
    let steps: Vec<Value> = (0..times)
        .map(|time| {
            let note = format!("Noted <<Mark>>/{time}");
            let body = format!(
                "[{{\"ticket_id\": {TICKET}, \"outcome\": \"Noted\", \"note\": \"{note}\"}}]"
            );
            json!({"type": "desk_action", "action": "add_action", "body": body})
        })
        .collect();
    let inputs = json!([{"name": "Mark", "value": "request^mark", "type": "string"}]);
    let mut runbook = chain(id, &with(&open(), &json!({ "inputs": inputs })), &steps);
    runbook["from_desk"] = json!([{"name": "Mark", "value": "<<action^note>>"}]);
    runbook
}

/// The notes of all actions of that outcome.
fn notes(server: &Server, outcome: &str) -> Vec<String> {
    let list = get(
        server,
        &format!("/api/Actions?ticket_id={TICKET}&count=10000"),
    );
    let actions = list["actions"].as_array().unwrap();
    assert_eq!(list["record_count"], actions.len());
    let meant = actions.iter().filter(|action| action["outcome"] == outcome);
    meant.map(|action| text(&action["note"])).collect()
}

/// How often each mark was noted.
fn noted(server: &Server) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for note in notes(server, "Noted") {
        let mark = note.strip_prefix("Noted ").unwrap();
        *counts.entry(mark.to_owned()).or_default() += 1;
    }
    counts
}

/// The worker is killed in the midst of it.
#[test]
fn a_desk_action_is_done_once() {
    let mut server = seeded();
    Bundle::new()
        .runbook(noting("noting", TIMES))
        .import(&server);
    let accepted = Mutex::new(BTreeMap::new());
    for crash in 0..CRASHES {
        let before = noted(&server).len();
        thread::scope(|scope| {
            for caller in 0..CALLERS {
                let (call, accepted) = (server.post("/api/automation/noting"), &accepted);
                scope.spawn(move || {
                    for number in 0.. {
                        let mark = format!("{crash}.{caller}.{number}");
                        let call = call.clone().json(&json!({ "mark": mark }));
                        let Ok(answer) = call.try_send() else { break };
                        let id = text(&answer.expect(202).json()["run_id"]);
                        accepted.lock().unwrap().insert(mark, id);
                    }
                });
            }
            wait_for(|| (noted(&server).len() > before + 5 * TIMES).then_some(()));
            server.kill();
        });
        server.restart();
    }
    let accepted = accepted.into_inner().unwrap();
    for id in accepted.values() {
        let run = wait_for_end(&server, id);
        assert_eq!(run["status"], "succeeded", "{run}");
    }
    // A start that was not answered may have been accepted too.
    let noted = noted(&server);
    assert!(noted.values().all(|count| *count == 1), "{noted:?}");
    for mark in accepted.keys() {
        for time in 0..TIMES {
            assert!(
                noted.contains_key(&format!("{mark}/{time}")),
                "{mark}/{time} is missing"
            );
        }
    }
}

#[test]
fn an_action_on_a_ticket_starts_its_runbook_once() {
    let mut server = seeded();
    Bundle::new()
        .runbook(noting("noting", 1))
        .action("Take note", "noting")
        .import(&server);
    let taken = Mutex::new(Vec::new());
    for crash in 0..CRASHES {
        let before = noted(&server).len();
        thread::scope(|scope| {
            for caller in 0..CALLERS {
                let (call, taken) = (server.post("/api/Actions").admin(), &taken);
                scope.spawn(move || {
                    for number in 0.. {
                        let mark = format!("{crash}.{caller}.{number}");
                        let action =
                            json!([{"ticket_id": TICKET, "outcome": "Take note", "note": mark}]);
                        let Ok(answer) = call.clone().json(&action).try_send() else {
                            break;
                        };
                        let _ = answer.expect(201);
                        taken.lock().unwrap().push(mark);
                    }
                });
            }
            wait_for(|| (noted(&server).len() > before + 2 * CALLERS).then_some(()));
            server.kill();
        });
        server.restart();
    }
    // One that was not answered may have been taken too.
    let (runs, actions) = wait_for(|| {
        let runs = runs(&server, "noting");
        let actions = notes(&server, "Take note");
        let all_ended = runs.iter().all(|run| run["ended_at"].is_u64());
        (all_ended && runs.len() >= actions.len()).then_some((runs, actions))
    });
    assert_eq!(runs.len(), actions.len());
    assert!(
        runs.iter().all(|run| run["status"] == "succeeded"),
        "{runs:?}"
    );
    assert!(
        taken
            .into_inner()
            .unwrap()
            .iter()
            .all(|mark| actions.contains(mark))
    );
    let expected = actions
        .into_iter()
        .map(|mark| (format!("{mark}/0"), 1))
        .collect();
    assert_eq!(noted(&server), expected);
}

/// The summaries of the tickets that tests made.
fn made(server: &Server) -> Vec<String> {
    let list = get(server, "/api/Tickets?count=10000");
    let tickets = list["tickets"].as_array().unwrap();
    assert_eq!(list["record_count"], tickets.len());
    let summaries = tickets.iter().map(|ticket| text(&ticket["summary"]));
    summaries
        .filter(|summary| summary.starts_with("Made "))
        .collect()
}

/// The desk has committed the change when its event is on the way, or is acknowledged: the worker is killed in either
/// place, also right after the answer.
#[test]
fn an_event_starts_its_runbook_once() {
    let mut server = seeded();
    let fills = json!({"variables": [{"name": "Mark", "value": "<<ticket^summary>>"}],
        "when": {"all": [{"left": "<<ticket^summary>>", "op": "starts_with", "right": "Made "}]}});
    Bundle::new()
        .runbook(noting("noting", 1))
        .event("new_ticket_logged", "noting", &fills)
        .import(&server);
    let taken = Mutex::new(Vec::new());
    let titled = |mark: &str| json!([{"summary": format!("Made {mark}"), "tickettype_id": 1}]);
    for crash in 0..CRASHES {
        let before = noted(&server).len();
        thread::scope(|scope| {
            for caller in 0..CALLERS {
                let (call, taken) = (server.post("/api/Tickets").admin(), &taken);
                scope.spawn(move || {
                    for number in 0.. {
                        let mark = format!("{crash}.{caller}.{number}");
                        let Ok(answer) = call.clone().json(&titled(&mark)).try_send() else {
                            break;
                        };
                        let _ = answer.expect(201);
                        taken.lock().unwrap().push(format!("Made {mark}"));
                    }
                });
            }
            wait_for(|| (noted(&server).len() > before + 2 * CALLERS).then_some(()));
            server.kill();
        });
        server.restart();
        let mark = format!("{crash}.last");
        let _ = server
            .post("/api/Tickets")
            .admin()
            .json(&titled(&mark))
            .send()
            .expect(201);
        taken.lock().unwrap().push(format!("Made {mark}"));
        server.restart();
    }
    // One that was not answered may have been made too.
    let (runs, made) = wait_for(|| {
        let runs = runs(&server, "noting");
        let made = made(&server);
        let all_ended = runs.iter().all(|run| run["ended_at"].is_u64());
        (all_ended && runs.len() >= made.len()).then_some((runs, made))
    });
    assert_eq!(runs.len(), made.len());
    assert!(
        runs.iter().all(|run| run["status"] == "succeeded"),
        "{runs:?}"
    );
    let taken = taken.into_inner().unwrap();
    assert!(taken.iter().all(|summary| made.contains(summary)));
    let expected = made
        .into_iter()
        .map(|summary| (format!("{summary}/0"), 1))
        .collect();
    assert_eq!(noted(&server), expected);
}
