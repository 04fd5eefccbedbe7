//! Tickets that go through workflows, and the runbooks that steps start.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

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

#[test]
fn entering_staying_and_leaving_start_runbooks() {
    let server = server();
    publish(&server, &triage());
    let ticket = new_ticket(&server);
    assert_eq!(ticket["status_id"], 2, "{ticket}");
    let ticket = id(&ticket);
    let run = &ended(&server, "greet", 1)[0];
    assert_eq!(
        run["started_by"],
        json!({
            "type": "workflow", "workflow": "wf", "name": "Incidents", "step": "triage", "step_name": "Triage",
            "reason": "entering Triage", "ticket_id": ticket, "depth": 0,
        })
    );
    let found = inside(&server, ticket);
    assert_eq!(
        (&found["step"], &found["version"], &found["newest_version"]),
        (&json!("triage"), &json!(1), &json!(1))
    );
    assert_eq!(found["offers"], json!([{"action": "Accept"}]));

    server.move_clock(29 * MINUTE);
    assert_eq!(runs(&server, "remind").len(), 0);
    server.move_clock(30 * MINUTE + SOON);
    let reminded = &ended(&server, "remind", 1)[0];
    assert_eq!(
        reminded["started_by"]["reason"],
        "being in Triage for 30 minutes"
    );
    assert_eq!(reminded["started_by"].get("late"), None, "{reminded}");

    take(&server, ticket, "accept");
    ended(&server, "thank", 1);
    assert_eq!(inside(&server, ticket)["step_name"], "Work");
    assert_eq!(
        get(&server, &format!("/api/Tickets/{ticket}"))["status_id"],
        3
    );
    // Back again is another visit, which greets and waits anew.
    take(&server, ticket, "Give back");
    ended(&server, "greet", 2);
    server.move_clock(61 * MINUTE);
    ended(&server, "remind", 2);
    take(&server, ticket, "Accept");
    ended(&server, "thank", 2);
    take(&server, ticket, "Resolve");
    server.move_clock(5 * HOUR);
    let started = log_of(&server, "outcome=started", 6);
    assert_eq!(started[0]["record"]["id"], ticket);
    // Where there is no condition, nothing is said of one.
    assert_eq!(started[5]["explanation"], "entering Triage");
    let of_ticket = get(&server, &format!("/console/runs?ticket={ticket}"));
    assert_eq!(items(&of_ticket).len(), 6);
}

#[test]
fn what_the_step_does_not_allow_is_refused() {
    let server = server();
    let mut workflow = triage();
    workflow["steps"][0]["triggers"][0]["when"] =
        json!({"all": [{"left": "<<ticket^status^name>>", "op": "equals", "right": "Closed"}]});
    publish(&server, &workflow);
    let ticket = id(&new_ticket(&server));
    for outcome in ["Resolve", "Escalate"] {
        let sentence = refusal(&server, ticket, outcome);
        assert!(
            sentence.contains("The step `Triage` does not allow the action"),
            "{sentence}"
        );
    }
    // What is no desk action may be noted everywhere.
    take(&server, ticket, "Private Note");
    assert_eq!(inside(&server, ticket)["step"], "triage");
    let skipped = &log_of(&server, "", 1)[0];
    assert_eq!(skipped["outcome"], "not_matched");
    assert!(
        text(&skipped["explanation"]).contains("does not equal “Closed”"),
        "{skipped}"
    );
    assert_eq!(
        skipped["cause"],
        json!({"type": "workflow", "workflow": "wf", "name": "Incidents", "step": "triage", "step_name": "Triage"})
    );
    assert_eq!(runs(&server, "greet").len(), 0);
    // Another type leads out of it.
    let moved = json!([{"id": ticket, "tickettype_id": 2}]);
    let _ = post(&server, "/api/Tickets", &moved).expect(201);
    assert_eq!(inside(&server, ticket), Value::Null);
    ended(&server, "thank", 1);
    take(&server, ticket, "Escalate");
    let deleted = id(&new_ticket(&server));
    let _ = delete(&server, &format!("/api/Tickets/{deleted}")).expect(200);
    server.move_clock(HOUR);
    assert_eq!(runs(&server, "remind").len(), 0, "nothing waits any more");
}

#[test]
fn tickets_keep_their_version_until_they_are_moved() {
    let server = server();
    publish(&server, &triage());
    let (first, second) = (id(&new_ticket(&server)), id(&new_ticket(&server)));
    take(&server, second, "Accept");
    let path = "/console/workflows/wf";
    let read = get(&server, path);
    assert_eq!(read["publication"]["version"], 1, "{read}");
    assert_eq!(
        (&read["enabled"], &read["publication"]["changed"]),
        (&json!(true), &json!(false))
    );
    let mut changed = read.clone();
    changed["steps"].as_array_mut().unwrap().remove(1);
    changed["steps"][0]["actions"] = json!([{"action": "Escalate", "to": "done"}]);
    let saved = put(&server, path, read["version"].as_u64().unwrap(), &changed)
        .expect(200)
        .json();
    assert_eq!(saved["publication"]["changed"], true);
    // The same twice is one version.
    for _ in 0..2 {
        let report = post(&server, &format!("{path}/publish"), &json!({}))
            .expect(200)
            .json();
        assert_eq!(report["publication"]["version"], 2, "{report}");
    }
    let third = id(&new_ticket(&server));
    assert_eq!(inside(&server, third)["version"], 2);
    let found = inside(&server, first);
    assert_eq!(
        (&found["version"], &found["newest_version"]),
        (&json!(1), &json!(2))
    );
    assert!(refusal(&server, first, "Escalate").contains("does not allow"));

    let tickets = get(&server, &format!("{path}/tickets"));
    assert_eq!(tickets["newest_version"], 2);
    let counts: Vec<_> = tickets["counts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|count| {
            (
                count["version"].as_u64(),
                text(&count["step_name"]),
                count["count"].as_u64(),
            )
        })
        .collect();
    let count = |version: u64, step: &str| (Some(version), step.to_owned(), Some(1));
    assert_eq!(
        counts,
        [count(1, "Triage"), count(1, "Work"), count(2, "Triage")]
    );
    assert_eq!(tickets["tickets"].as_array().unwrap().len(), 3);

    let moving = format!("{path}/move");
    let moved = post(&server, &moving, &json!({})).expect(200).json();
    assert_eq!((&moved["moved"], &moved["left"]), (&json!(1), &json!(1)));
    let left = &moved["not_moved"][0];
    assert_eq!(
        (&left["ticket_id"], &left["step"]),
        (&json!(second), &json!("work"))
    );
    assert!(text(&left["why"]).contains("no step “Work”"), "{left}");
    assert_eq!(inside(&server, first)["version"], 2);
    take(&server, second, "Give back");
    take(&server, second, "Accept");
    let chosen = json!({"from_version": 1, "steps": {"work": "done"}});
    let moved = post(&server, &moving, &chosen).expect(200).json();
    assert_eq!((&moved["moved"], &moved["left"]), (&json!(1), &json!(0)));
    assert_eq!(inside(&server, second)["step"], "done");
    assert_eq!(
        get(&server, &format!("/api/Tickets/{second}"))["status_id"],
        9
    );
    // The status was told like any other change; being moved started nothing.
    // Three new tickets, and one that was given back.
    log_of(&server, "text=entering", 4);
}

#[test]
fn what_workflows_use_is_kept_and_followed() {
    let server = server();
    publish(&server, &triage());
    let ticket = id(&new_ticket(&server));
    for path in ["desk-actions/Accept", "runbooks/greet"] {
        let refused = delete(&server, &format!("/console/{path}"));
        assert_eq!(code(&refused), "in_use", "{path}");
        assert_eq!(
            refused.expect(409).json()["used_by"],
            json!(["workflow “Incidents”"])
        );
    }
    let summary = items(&get(&server, "/console/runbooks"));
    let greet = summary.iter().find(|runbook| runbook["id"] == "greet");
    assert_eq!(greet.unwrap()["workflows"], json!(["Incidents"]));
    let status = delete(&server, "/api/Status/3").expect(400).json();
    assert!(text(&status).contains("workflow"), "{status}");
    let draft = get(&server, "/console/runbooks/greet");
    let mut needing = draft.clone();
    needing["start"]["inputs"] = json!([{"name": "Who", "type": "string"}]);
    let report = post(&server, "/console/runbooks/greet/check", &needing)
        .expect(200)
        .json();
    let problems = report["problems"].as_array().unwrap().iter();
    let mut messages = problems.map(|problem| text(&problem["message"]));
    assert!(
        messages
            .any(|message| message.contains("workflow “Incidents”") && message.contains("`Who`")),
        "{report}"
    );

    // An action that gets another name is followed, also inside.
    let action = get(&server, "/console/desk-actions/Accept");
    let renamed = json!({"name": "Take", "system_use": "none"});
    let path = "/console/desk-actions/Accept";
    let _ = put(&server, path, action["version"].as_u64().unwrap(), &renamed).expect(200);
    let draft = get(&server, "/console/workflows/wf");
    assert_eq!(draft["steps"][0]["actions"][0]["action"], "Take");
    assert_eq!(draft["publication"]["changed"], false, "{draft}");
    assert_eq!(
        inside(&server, ticket)["offers"],
        json!([{"action": "Take"}])
    );
    take(&server, ticket, "Take");
    assert_eq!(inside(&server, ticket)["step"], "work");

    // New tickets enter no more, and those inside go on.
    let _ = post(&server, "/console/workflows/wf/unpublish", &json!({})).expect(204);
    assert_eq!(inside(&server, id(&new_ticket(&server))), Value::Null);
    take(&server, ticket, "Give back");
    assert_eq!(inside(&server, ticket)["step"], "triage");
    // Whatever is deleted holds nobody, and may come back.
    let _ = delete(&server, "/console/workflows/wf").expect(204);
    assert_eq!(inside(&server, ticket), Value::Null);
    take(&server, ticket, "Escalate");
    let _ = post(&server, "/console/workflows/wf/restore", &json!({})).expect(200);
    assert_eq!(inside(&server, ticket)["step"], "triage");
}

/// What only a former version uses, with tickets inside.
#[test]
fn what_tickets_still_need_is_kept_until_they_are_moved() {
    let server = server();
    publish(&server, &triage());
    let ticket = id(&new_ticket(&server));
    let path = "/console/workflows/wf";
    let read = get(&server, path);
    let mut changed = read.clone();
    changed["steps"].as_array_mut().unwrap().remove(1);
    changed["steps"][0] = json!({
        "id": "triage", "name": "Triage", "actions": [{"action": "Escalate", "to": "done"}],
    });
    let version = read["version"].as_u64().unwrap();
    let _ = put(&server, path, version, &changed).expect(200);
    let _ = post(&server, &format!("{path}/publish"), &json!({})).expect(200);
    let uses = ["desk-actions/Accept", "runbooks/greet"].map(|path| format!("/console/{path}"));
    let told = "workflow “Incidents” (tickets are still in its former version 1)";
    for path in &uses {
        let refused = delete(&server, path);
        assert_eq!(code(&refused), "in_use", "{path}");
        let refused = refused.expect(409).json();
        assert_eq!(refused["used_by"], json!([told]));
        let message = text(&refused["error"]["message"]);
        assert!(
            message.contains("Move the tickets to the latest version first."),
            "{message}"
        );
    }
    let status = text(&delete(&server, "/api/Status/3").expect(400).json());
    assert!(status.contains(told), "{status}");
    take(&server, ticket, "Accept");

    let moving = json!({"steps": {"work": "done"}});
    let moved = post(&server, &format!("{path}/move"), &moving).expect(200);
    assert_eq!(moved.json()["moved"], 1);
    for path in &uses {
        let _ = delete(&server, path).expect(204);
    }
    let refused = delete(&server, "/console/runbooks/remind");
    let _ = refused.expect(204);
}

#[test]
fn a_workflow_that_comes_back_says_what_it_lacks_by_then() {
    let server = server();
    publish(&server, &triage());
    let ticket = id(&new_ticket(&server));
    let path = "/console/workflows/wf";
    let _ = delete(&server, path).expect(204);
    for lacking in ["desk-actions/Accept", "runbooks/greet", "runbooks/remind"] {
        let _ = delete(&server, &format!("/console/{lacking}")).expect(204);
    }
    let restored = post(&server, &format!("{path}/restore"), &json!({}));
    let restored = restored.expect(200).json();
    assert_eq!(
        restored["publication"]["version"],
        Value::Null,
        "{restored}"
    );
    let checked = post(&server, &format!("{path}/check"), &json!({}));
    let checked = checked.expect(200).json();
    let problems = checked["problems"].as_array().unwrap().iter();
    let codes: Vec<_> = problems.map(|problem| text(&problem["code"])).collect();
    let lacking = ["no_such_action", "no_such_runbook", "no_such_runbook"];
    assert_eq!(codes, lacking, "{checked}");
    // New tickets do not enter what they could not go through. Those inside go on, and are told what does not.
    assert_eq!(inside(&server, id(&new_ticket(&server))), Value::Null);
    assert_eq!(inside(&server, ticket)["step"], "triage");
    server.move_clock(30 * MINUTE + SOON);
    let failed = &log_of(&server, "outcome=failed", 1)[0];
    let why = text(&failed["explanation"]);
    assert!(
        why.contains("it was deleted. Have another one started"),
        "{why}"
    );
}

#[test]
fn a_workflow_is_published_when_nothing_is_wrong_with_it() {
    let server = server();
    let report = import(&server, &triage(), &["greet", "remind"].map(idle));
    let problems = &report["workflows"][0]["problems"];
    assert_eq!(problems[0]["code"], "no_such_runbook", "{report}");
    let path = "/console/workflows/wf";
    let refused = post(&server, &format!("{path}/publish"), &json!({}));
    let refused = refused.expect(422).json();
    assert_eq!(refused["problems"][0]["at"]["step"], "triage", "{refused}");
    assert_eq!(inside(&server, id(&new_ticket(&server))), Value::Null);
    let mut draft = get(&server, path);
    assert_eq!(draft["enabled"], false);
    draft["steps"][0]["triggers"].as_array_mut().unwrap().pop();
    let checked = post(&server, &format!("{path}/check"), &draft);
    assert_eq!(checked.expect(200).json()["problems"], json!([]));
    // What a ticket type does not let be offered is told, and forbids nothing.
    let allow = |names: &Value| {
        let change = json!([{"id": INCIDENT, "allowed_actions": names}]);
        let _ = post(&server, "/api/TicketType", &change).expect(201);
    };
    allow(&json!([{"name": "Accept"}, {"name": "Give back"}]));
    let checked = post(&server, &format!("{path}/check"), &draft);
    let told = checked.expect(200).json()["problems"].clone();
    assert_eq!(told[0]["code"], "not_allowed_by_type", "{told}");
    assert_eq!(told[0]["severity"], "warning", "{told}");
    allow(&json!([]));
    let stored = post(&server, &format!("{path}/check"), &json!({}));
    assert_eq!(
        stored.expect(200).json()["problems"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let version = draft["version"].as_u64().unwrap();
    let _ = put(&server, path, version, &draft).expect(200);
    let _ = post(&server, &format!("{path}/publish"), &json!({})).expect(200);
    assert_eq!(inside(&server, id(&new_ticket(&server)))["version"], 1);
    // Another one for the same tickets is refused.
    let mut other = triage();
    other["id"] = json!("other");
    other["steps"][0]["triggers"] = json!([]);
    let report = import(&server, &other, &[]);
    let problem = &report["workflows"][0]["problems"][0];
    assert_eq!(problem["code"], "ticket_type_taken", "{report}");
    // Bundles say what is published.
    let bundle = get(&server, "/console/export");
    let exported: Vec<_> = bundle["desk"]["workflows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|workflow| (text(&workflow["id"]), workflow["enabled"] == true))
        .collect();
    assert_eq!(
        exported,
        [("wf".to_owned(), true), ("other".to_owned(), false)]
    );
    let list = items(&get(&server, "/console/workflows"));
    assert_eq!(list[0]["runbooks"], json!(["greet", "remind"]));
    assert_eq!(list[1]["publication"]["version"], Value::Null);
}

/// A start that comes to nothing stays listed, and may be tried again.
#[test]
fn a_step_whose_runbook_does_not_start_says_so() {
    let server = server();
    publish(&server, &triage());
    let _ = post(&server, "/console/runbooks/greet/unpublish", &json!({})).expect(204);
    let ticket = id(&new_ticket(&server));
    log_of(&server, "outcome=failed", 1);
    let failed = items(&get(&server, "/console/failed-deliveries"));
    assert_eq!(
        (
            &failed[0]["workflow"],
            &failed[0]["reason"],
            &failed[0]["ticket_id"]
        ),
        (
            &json!("Incidents"),
            &json!("entering Triage"),
            &json!(ticket)
        )
    );
    let _ = post(&server, "/console/runbooks/greet/publish", &json!({})).expect(200);
    let path = format!("/console/failed-deliveries/{}/retry", failed[0]["id"]);
    let started = post(&server, &path, &json!({})).expect(202).json();
    let run = wait_for_end(&server, &text(&started["run_id"]));
    assert_eq!(run["started_by"]["reason"], "entering Triage");
    log_of(&server, "outcome=started", 1);
}

/// A runbook whose action leads back to where it was started.
#[test]
fn a_loop_through_a_workflow_is_cut_and_told() {
    let server = server();
    let body = "[{\"ticket_id\": <<ticket^id>>, \"outcome\": \"Escalate\"}]";
    let step = json!({"type": "desk_action", "action": "add_action", "body": body});
    let escalating = chain("escalating", &json!({"access": "desk"}), &[step]);
    let mut workflow = triage();
    workflow["steps"][0]["actions"] =
        json!([{"action": "Escalate", "to": "triage"}, {"action": "Accept", "to": "work"}]);
    workflow["steps"][0]["triggers"] =
        json!([{"on": {"type": "entering"}, "runbook": "escalating"}]);
    let report = import(&server, &workflow, &[escalating]);
    assert_eq!(report["workflows"][0]["problems"], json!([]), "{report}");
    let ticket = id(&new_ticket(&server));
    log_of(&server, "outcome=too_deep", 1);
    let started = log(&server, "outcome=started").len();
    ended(&server, "escalating", started);
    let notes = wait_for(|| {
        let list = get(
            &server,
            &format!("/api/Actions?ticket_id={ticket}&count=1000"),
        );
        let actions = list["actions"].as_array().unwrap().clone();
        let told = |action: &Value| action["outcome"] == "Loop of runbooks stopped";
        let notes: Vec<_> = actions.into_iter().filter(told).collect();
        (!notes.is_empty()).then_some(notes)
    });
    assert_eq!(notes.len(), 1);
    assert!(text(&notes[0]["note"]).contains("“Incidents”"), "{notes:?}");
}

#[test]
fn what_came_due_while_the_server_was_down_starts_once_and_late() {
    let mut server = server();
    publish(&server, &triage());
    let (stays, goes) = (id(&new_ticket(&server)), id(&new_ticket(&server)));
    take(&server, goes, "Accept");
    server.restart();
    server.move_clock(3 * HOUR);
    let run = &ended(&server, "remind", 1)[0];
    assert_eq!(run["started_by"]["ticket_id"], stays);
    let late = text(&run["started_by"]["late"]);
    assert!(late.contains("(UTC), and came 2 hours and 3"), "{late}");
    let entry = &log_of(&server, "text=being+in+Triage", 1)[0];
    assert!(text(&entry["explanation"]).contains(&late), "{entry}");
    server.restart();
    server.move_clock(6 * HOUR);
    ended(&server, "remind", 1);
    log_of(&server, "text=being+in+Triage", 1);
}

#[test]
fn a_late_start_that_comes_to_nothing_says_both() {
    let mut server = server();
    publish(&server, &triage());
    let _ = post(&server, "/console/runbooks/remind/unpublish", &json!({})).expect(204);
    new_ticket(&server);
    server.restart();
    server.move_clock(3 * HOUR);
    let entry = &log_of(&server, "outcome=failed", 1)[0];
    let why = text(&entry["explanation"]);
    let said = " minutes late. The runbook was not started: it is not published";
    let begins = "being in Triage for 30 minutes: It was due at ";
    assert!(why.starts_with(begins) && why.contains(said), "{why}");
}

/// The desk has committed the ticket and its place when what that starts is on the way, or is acknowledged: the worker is
/// killed in either place, also right after the answer.
#[test]
fn a_step_starts_its_runbook_once() {
    const CRASHES: usize = 3;
    const CALLERS: usize = 6;
    let mut server = server();
    publish(&server, &triage());
    let taken = Mutex::new(Vec::new());
    let titled =
        |mark: &str| json!([{"summary": format!("Made {mark}"), "tickettype_id": INCIDENT}]);
    for crash in 0..CRASHES {
        let before = runs(&server, "greet").len();
        thread::scope(|scope| {
            for caller in 0..CALLERS {
                let (call, taken) = (server.post("/api/Tickets").admin(), &taken);
                scope.spawn(move || {
                    for number in 0.. {
                        let mark = format!("{crash}.{caller}.{number}");
                        let Ok(answer) = call.clone().json(&titled(&mark)).try_send() else {
                            break;
                        };
                        taken.lock().unwrap().push(id(&answer.expect(201).json()));
                    }
                });
            }
            wait_for(|| (runs(&server, "greet").len() > before + 2 * CALLERS).then_some(()));
            server.kill();
        });
        server.restart();
        let last = post(&server, "/api/Tickets", &titled(&format!("{crash}.last")));
        taken.lock().unwrap().push(id(&last.expect(201).json()));
        server.restart();
    }
    // One that was not answered may have been made too.
    let (started, made) = wait_for(|| {
        let started = runs(&server, "greet");
        let list = get(&server, "/api/Tickets?count=10000");
        let tickets = list["tickets"].as_array().unwrap().iter();
        let made = tickets.filter(|ticket| text(&ticket["summary"]).starts_with("Made "));
        let made: Vec<u64> = made.map(id).collect();
        let all_ended = started.iter().all(|run| run["ended_at"].is_u64());
        (all_ended && started.len() >= made.len()).then_some((started, made))
    });
    let mut greeted: Vec<u64> = started
        .iter()
        .map(|run| run["started_by"]["ticket_id"].as_u64().unwrap())
        .collect();
    greeted.sort_unstable();
    let mut expected = made.clone();
    expected.sort_unstable();
    assert_eq!(greeted, expected);
    let taken = taken.into_inner().unwrap();
    assert!(taken.iter().all(|ticket| made.contains(ticket)));
}
