//! The worker is killed while schedules start runbooks.

use std::{cell::Cell, collections::BTreeSet, thread};

use rusqlite::Connection;

use super::*;

/// Some of the starts are written down by then, some are not, and some are without their log.
#[test]
fn a_crash_in_the_midst_of_starts_loses_none_and_doubles_none() {
    const COUNT: usize = 150;
    const CRASHES: usize = 3;
    let mut server = server();
    let when = json!({"type": "before", "minutes": 0, "field": "CFDue"});
    Bundle::new()
        .runbook(keeping("warn", "<<ticket^id>>"))
        .schedule("Warn", "warn", &when, &json!({}))
        .import(&server);
    let date = (now() / HOUR_MS + 4) * HOUR_MS;
    let tickets: Vec<Value> = (0..COUNT)
        .map(|number| {
            json!({"summary": format!("Ticket {number}"), "tickettype_id": 1,
                "customfields": [{"name": "CFDue", "value": iso(date)}]})
        })
        .collect();
    let _ = post(&server, "/api/Tickets", &tickets.into()).expect(201);
    for crash in 0..CRASHES {
        let before = runs(&server, "warn").len();
        if before == COUNT {
            break;
        }
        let place = json!({ "ahead_ms": date + HOUR_MS - now() });
        let call = server.post("/console/clock").admin().json(&place);
        thread::scope(|scope| {
            // It is not answered where the worker dies meanwhile.
            scope.spawn(move || drop(call.try_send()));
            wait_for(|| (runs(&server, "warn").len() > before + crash).then_some(()));
            server.kill();
        });
        server.restart();
    }
    // What failed while the worker died is tried again after a while.
    let minutes = Cell::new(60);
    wait_for(|| {
        minutes.set(minutes.get() + 1);
        move_to(&server, date + minutes.get() * MINUTE_MS);
        (runs(&server, "warn").len() >= COUNT).then_some(())
    });
    let started = ended(&server, "warn", COUNT);
    let tickets: BTreeSet<u64> = started
        .iter()
        .map(|run| run["started_by"]["ticket_id"].as_u64().unwrap())
        .collect();
    assert_eq!(tickets.len(), COUNT);
    let entries = wait_for(|| Some(log(&server)).filter(|entries| entries.len() >= COUNT));
    assert_eq!(entries.len(), COUNT);
    assert!(entries.iter().all(|entry| entry["outcome"] == "started"));
}

/// As it is after a crash between a start and the mark that it was made.
#[test]
fn a_start_whose_mark_was_lost_is_not_made_again() {
    let mut server = server();
    let due = (now() / HOUR_MS + 2) * HOUR_MS;
    let hour = due / HOUR_MS % 24;
    let when = json!({"type": "cron", "expression": format!("0 {hour} * * *")});
    Bundle::new()
        .runbook(keeping("round", "<<schedule^name>>"))
        .schedule("Morning", "round", &when, &json!({}))
        .import(&server);
    move_to(&server, due);
    let started = ended(&server, "round", 1);
    server.kill();
    let restored = workspace(&server)
        .execute(
            "INSERT INTO schedule_occasions (schedule, due_at, ticket, missed, try_at) VALUES ('Morning', ?1, 0, 0, ?1)",
            [i64::try_from(due).unwrap()],
        )
        .unwrap();
    assert_eq!(restored, 1);
    server.restart();
    move_to(&server, due + HOUR_MS);
    let again = ended(&server, "round", 1);
    assert_eq!(again[0]["run_id"], started[0]["run_id"]);
    let entries = log(&server);
    assert_eq!(entries.len(), 1, "{entries:?}");
    assert_eq!(entries[0]["run_id"], started[0]["run_id"]);
}

/// The database of the workspace, while the server is down: the one that has its tables.
fn workspace(server: &Server) -> Connection {
    let files = server.files();
    let mut databases = files
        .keys()
        .filter(|name| name.extension().is_some_and(|end| end == "sqlite"))
        .map(|name| Connection::open(server.data().join(name)).unwrap());
    databases
        .find(|database| database.prepare("SELECT * FROM schedule_marks").is_ok())
        .unwrap()
}
