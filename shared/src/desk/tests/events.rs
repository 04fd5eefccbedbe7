//! What is told of changes.

use super::*;
use crate::model::RecordKind;

/// What was told of one record before and after.
fn states_of(events: &[DeskEvent]) -> (RecordChange, Value, Value) {
    let (change, states) = events
        .iter()
        .find_map(|event| match event {
            DeskEvent::TicketChanged {
                change,
                states: Some(states),
                ..
            }
            | DeskEvent::RecordChanged { change, states, .. } => Some((*change, states)),
            _ => None,
        })
        .unwrap();
    assert!(!states.left_out);
    let state = |state: &Option<Value>| state.clone().unwrap_or_default();
    (change, state(&states.before), state(&states.after))
}

#[test]
fn a_change_is_told_with_the_record_before_and_after() {
    let memory = seeded();
    let (_, events) = post(
        &memory,
        "/api/Tickets",
        &json!({"id": 1001, "status_id": 9}),
    )
    .unwrap();
    let (change, before, after) = states_of(&events);
    assert_eq!(change, RecordChange::Updated);
    assert_eq!(
        (&before["status"]["name"], &after["status"]["name"]),
        (&json!("In Progress"), &json!("Closed"))
    );
    assert_eq!(before["client_name"], after["client_name"]);

    let made = json!({"name": "New client", "newclient_sitename": "Here"});
    let (made, events) = post(&memory, "/api/Client", &made).unwrap();
    let (change, before, after) = states_of(&events);
    assert_eq!((change, before), (RecordChange::Created, Value::Null));
    assert_eq!(after["name"], "New client");
    let kinds: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            DeskEvent::RecordChanged { kind, change, .. } => Some((*kind, *change)),
            _ => None,
        })
        .collect();
    assert_eq!(
        kinds,
        [RecordKind::Client, RecordKind::Site, RecordKind::User]
            .map(|kind| (kind, RecordChange::Created))
    );
    let mut ids: Vec<_> = events.iter().map(DeskEvent::event_id).collect();
    ids.dedup();
    assert_eq!(ids.len(), events.len(), "each has an id of its own");

    let path = format!("/api/Client/{}", made["id"]);
    let (_, events) = ask(&memory, &admin(), "DELETE", &path, &Value::Null).unwrap();
    let (change, before, after) = states_of(&events);
    assert_eq!((change, after), (RecordChange::Deleted, Value::Null));
    assert_eq!(before["name"], "New client");

    let (_, events) = post(&memory, "/api/Lookup", &json!({"lookupid": 7, "name": "x"})).unwrap();
    assert_eq!(events.len(), 1, "nobody waits for lookups: {events:?}");
}

#[test]
fn a_record_that_changes_twice_in_one_request_is_told_once() {
    let memory = seeded();
    let body = json!([{"id": 1001, "summary": "One"}, {"id": 1001, "summary": "Two"}]);
    let first = get(&memory, "/api/Tickets/1001")["summary"].clone();
    let (_, events) = post(&memory, "/api/Tickets", &body).unwrap();
    assert_eq!(events.len(), 1);
    let (_, before, after) = states_of(&events);
    assert_eq!(
        (&before["summary"], &after["summary"]),
        (&first, &json!("Two"))
    );
}

#[test]
fn what_follows_a_site_to_another_customer_is_told_too() {
    let memory = seeded();
    let site = get(&memory, "/api/Tickets/1001")["site_id"].clone();
    let client = post(&memory, "/api/Client", &json!({"name": "Other"}))
        .unwrap()
        .0["id"]
        .clone();
    let body = json!({"id": site, "client_id": client});
    let (_, events) = post(&memory, "/api/Site", &body).unwrap();
    let (_, before, after) = states_of(&events);
    assert_ne!(before["client_id"], client);
    assert_eq!(after["client_id"], client);
}

#[test]
fn what_one_request_tells_of_its_records_is_bounded() {
    let memory = seeded();
    let large = json!({"tickettype_id": 1, "summary": "s", "details": "d".repeat(130_000)});
    let made = post(&memory, "/api/Tickets", &json!(vec![large; 20]))
        .unwrap()
        .0;
    let ids: Vec<u64> = made
        .as_array()
        .unwrap()
        .iter()
        .map(|ticket| ticket["id"].as_u64().unwrap())
        .collect();
    let body: Vec<_> = ids
        .iter()
        .map(|id| json!({"id": id, "summary": "t"}))
        .collect();
    let (_, events) = post(&memory, "/api/Tickets", &body.into()).unwrap();
    let left_out = events.iter().filter(|event| {
        matches!(event, DeskEvent::TicketChanged { states: Some(states), .. } if states.left_out)
    });
    let (all, left_out) = (events.len(), left_out.count());
    assert_eq!(all, ids.len());
    assert!((1..all).contains(&left_out), "{left_out} of {all}");
    let bytes: usize = events
        .iter()
        .map(|event| serde_json::to_string(event).unwrap().len())
        .sum();
    assert!(bytes < 10_000_000, "{bytes}");
}

#[test]
fn what_nimbus_and_runs_write_says_so() {
    let memory = seeded();
    let action = json!([{"ticket_id": 1001, "outcome": "O"}]);
    let (answer, events) =
        ask(&memory, &Caller::Nimbus {}, "POST", "/api/Actions", &action).unwrap();
    assert_eq!(
        (&answer["who"], &answer["who_type"]),
        (&json!("Nimbus"), &json!(2))
    );
    assert_eq!(events[0].source(), EventSource::Nimbus);
    let access = Access::of(&Caller::Admin {}, None, &memory).unwrap();
    let desk = Desk {
        records: &memory,
        html: &Wiped,
        access: &access.at_depth(3),
        now: NOW,
        unique: "u",
    };
    let answer = desk
        .answer("POST", "/api/Actions", "", &action.to_string())
        .unwrap();
    assert_eq!(answer.events[0].depth(), 3);
}
