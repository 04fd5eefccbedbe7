//! What happens at the desk reaches the workspace, whatever else is on its way there.

use edge_tests::Server;
use edge_tests::bundle::{Bundle, chain};
use edge_tests::console::{items, wait_for};
use serde_json::{Value, json};

use super::support::{databases, get, post, seeded, written};

/// A server that starts a runbook for each new ticket.
fn watching() -> Server {
    let server = seeded();
    Bundle::new()
        .runbook(chain("arrived", &json!({"access": "desk"}), &[]))
        .event("new_ticket_logged", "arrived", &json!({"name": "Arrived"}))
        .import(&server);
    server
}

/// A value of so many levels.
fn nested(levels: usize) -> Value {
    (0..levels).fold(json!(1), |inner, _| json!({ "a": inner }))
}

fn ticket(z: &Value) -> Value {
    json!({"summary": "The printer is on fire", "tickettype_id": 1, "z": z})
}

/// Waits for the run that a ticket has started; there must be no second one.
fn started(server: &Server, ticket: &Value) {
    let path = format!("/console/runs?ticket={ticket}");
    let runs = wait_for(|| Some(items(&get(server, &path))).filter(|runs| !runs.is_empty()));
    assert_eq!(runs.len(), 1, "{runs:?}");
}

#[test]
fn a_record_that_is_nested_too_deeply_is_refused_and_the_deepest_ones_are_told() {
    let server = watching();
    for (tickets, sentence) in [
        (
            json!([ticket(&nested(64))]),
            "A record may hold lists and objects within one another up to 64 levels deep: send what is deeper as text",
        ),
        (
            json!([ticket(&json!(1)), ticket(&nested(122)), ticket(&json!(1))]),
            "Record 2 of 3: A record may hold lists and objects within one another up to 64 levels deep: send what is deeper as text",
        ),
    ] {
        let refused = post(&server, "/api/Tickets", &tickets).expect(400);
        assert_eq!(refused.json(), sentence);
    }
    let tickets = json!([ticket(&json!(1)), ticket(&nested(63)), ticket(&json!(1))]);
    for ticket in written(&server, "/api/Tickets", &tickets)
        .as_array()
        .unwrap()
    {
        started(&server, &ticket["id"]);
    }
}

#[test]
fn what_cannot_be_delivered_keeps_nothing_else_waiting() {
    let mut server = watching();
    let before = written(&server, "/api/Tickets", &ticket(&json!(1)));
    started(&server, &before["id"]);
    server.kill();

    // Earlier versions took records that are nested so deeply that no call can carry their events.
    let event = |id: u64, z: &Value| {
        let after = json!({"id": id, "summary": "Of an earlier version", "z": z});
        json!({
            "type": "ticket_changed", "event_id": format!("former-{id}"), "ticket_id": id, "change": "created",
            "states": {"after": after}, "source": "person",
        })
    };
    let plain = json!(1);
    let waiting = [
        ("broken", "no events".to_owned()),
        (
            "together",
            json!([
                event(5001, &plain),
                event(5002, &nested(123)),
                event(5003, &plain)
            ])
            .to_string(),
        ),
        ("deep", json!([event(5004, &nested(123))]).to_string()),
        ("alone", json!([event(5005, &plain)]).to_string()),
    ];
    let mut added = 0;
    for database in databases(&server) {
        if database.prepare("SELECT id FROM ticket").is_err() {
            continue;
        }
        for (name, body) in &waiting {
            let row = "INSERT INTO outbox (event_id, due_at) VALUES (?, 0)";
            added += database.execute(row, [name]).unwrap();
            let bytes = "INSERT INTO bodies (owner, piece, bytes) VALUES ('event/' || ?1, 0, CAST(?2 AS BLOB))";
            let _ = database.execute(bytes, [*name, body.as_str()]).unwrap();
        }
    }
    assert_eq!(added, waiting.len());
    server.restart();

    let after = written(&server, "/api/Tickets", &ticket(&json!(1)));
    for id in [&json!(5001), &json!(5003), &json!(5005), &after["id"]] {
        started(&server, id);
    }
    for id in [5002, 5004] {
        let runs = items(&get(&server, &format!("/console/runs?ticket={id}")));
        assert!(runs.is_empty(), "{runs:?}");
    }
}
