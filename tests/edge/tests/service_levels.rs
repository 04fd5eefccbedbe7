//! Service levels: what tickets show of them, and what their warnings and deadlines start.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use edge_tests::bundle::{Bundle, chain, with};
use edge_tests::console::{code, delete, get, items, post, put, runs, wait_for};
use edge_tests::{Options, Server};
use serde_json::{Value, json};

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;
const LEVELS: &str = "/console/service-levels";
/// A ticket of this priority is watched.
const CRITICAL: u64 = 1;
/// The clock stands still.
const WITH_USER: u64 = 4;
const IN_PROGRESS: u64 = 2;
const CLOSED: u64 = 9;

fn server() -> Server {
    Server::start(&Options {
        movable_clock: true,
        ..Options::default()
    })
}

/// An hour to answer and eight to solve, around the clock.
fn level() -> Value {
    let day = json!([{"from": "00:00", "until": "24:00"}]);
    json!({
        "name": "Gold", "default": true,
        "hours": {"time_zone": "UTC", "week": {
            "monday": day, "tuesday": day, "wednesday": day, "thursday": day, "friday": day, "saturday": day,
            "sunday": day,
        }},
        "priorities": [{
            "priority_id": CRITICAL,
            "response": {"minutes": 60, "counted": "calendar"},
            "resolution": {"minutes": 480, "counted": "calendar"},
        }],
        "first_warning_percent": 50, "second_warning_percent": 75, "stopping_statuses": [WITH_USER],
    })
}

fn made(server: &Server, level: &Value) -> Value {
    post(server, LEVELS, level).expect(201).json()
}

fn write(server: &Server, resource: &str, record: &Value) -> Value {
    post(server, &format!("/api/{resource}"), &json!([record]))
        .expect(201)
        .json()
}

fn new_ticket(server: &Server) -> Value {
    let ticket =
        json!({"summary": "The printer is on fire", "tickettype_id": 1, "priority_id": CRITICAL});
    write(server, "Tickets", &ticket)
}

fn number(record: &Value) -> u64 {
    record["id"].as_u64().unwrap()
}

fn ticket(server: &Server, id: u64) -> Value {
    get(server, &format!("/api/Tickets/{id}"))
}

fn change(server: &Server, id: u64, fields: &Value) -> Value {
    write(server, "Tickets", &with(&json!({"id": id}), fields))
}

/// A runbook that an event tells which goal it is about, and which says so on the ticket.
fn telling(id: &str, events: &[&str]) -> Bundle {
    let start = json!({"access": "desk", "inputs": [
        {"name": "Goal", "type": "string", "required": true}, {"name": "Due", "type": "string"},
    ]});
    let body = "[{\"ticket_id\": <<ticket^id>>, \"outcome\": \"Told\", \"note\": \"<<Goal!>> by <<Due!>>\"}]";
    let step = json!({"type": "desk_action", "action": "add_action", "body": body});
    let mapping = json!({"variables": [
        {"name": "Goal", "value": "<<sla^goal>>"}, {"name": "Due", "value": "<<sla^duedate>>"},
    ]});
    let bundle = Bundle::new().runbook(chain(id, &start, &[step]));
    events
        .iter()
        .fold(bundle, |bundle, event| bundle.event(event, id, &mapping))
}

const ALL: [&str; 3] = ["first_sla_warning", "second_sla_warning", "ticket_deadline"];

/// The events that started something, the oldest first, once there are so many.
fn told(server: &Server, count: usize) -> Vec<String> {
    let entries = wait_for(|| {
        let entries = items(&get(server, "/console/events?limit=200"));
        (entries.len() >= count).then_some(entries)
    });
    let mut names: Vec<String> = entries
        .iter()
        .map(|entry| {
            assert_eq!(entry["outcome"], "started", "{entry}");
            entry["cause"]["event"].as_str().unwrap().to_owned()
        })
        .collect();
    names.reverse();
    names
}

/// What the runbook said on a ticket, the oldest first, once it did so often.
fn notes(server: &Server, id: u64, count: usize) -> Vec<String> {
    wait_for(|| {
        let list = get(
            server,
            &format!("/api/Actions?ticket_id={id}&actoutcome=Told&order=id"),
        );
        let actions = list["actions"].as_array().unwrap().clone();
        let notes = actions
            .iter()
            .map(|action| action["note"].as_str().unwrap().to_owned());
        (actions.len() >= count).then(|| notes.collect())
    })
}

#[test]
fn a_ticket_shows_when_it_is_due_and_how_it_went() {
    let server = server();
    let before = new_ticket(&server);
    assert_eq!(before["fixbydate"], Value::Null);
    let level = made(&server, &level());
    // Those that were open before get it, too.
    let id = number(&before);
    let old = wait_for(|| Some(ticket(&server, id)).filter(|ticket| ticket["sla_id"].is_u64()));
    assert_eq!(old["sla_name"], "Gold");

    let new = new_ticket(&server);
    let id = number(&new);
    assert_eq!(
        (&new["sla_id"], &new["sla_name"]),
        (&level["id"], &json!("Gold"))
    );
    assert!(
        new["respondbydate"].as_str() < new["fixbydate"].as_str(),
        "{new}"
    );
    assert_eq!(new["slaactiondate"], new["respondbydate"]);
    assert_eq!(
        (&new["onhold"], &new["slastate"]),
        (&json!(false), &Value::Null)
    );

    let held = change(&server, id, &json!({"status_id": WITH_USER}));
    assert_eq!(
        (&held["onhold"], &held["respondbydate"]),
        (&json!(true), &Value::Null)
    );
    server.move_clock(2 * HOUR);
    let back = change(&server, id, &json!({"status_id": IN_PROGRESS}));
    assert_eq!(back["slaresponsestanding"], "on_track", "{back}");
    assert!(
        back["respondbydate"].as_str() > new["respondbydate"].as_str(),
        "{back}"
    );

    // What the user does not see is no answer, and what a program says is none either.
    let action = json!({"ticket_id": id, "outcome": "Note", "note": "hm", "hiddenfromuser": true});
    write(&server, "Actions", &action);
    assert_eq!(ticket(&server, id)["responsedate"], Value::Null);
    let action = json!({"ticket_id": id, "outcome": "Email User", "note": "We are on it"});
    write(&server, "Actions", &action);
    let answered = ticket(&server, id);
    assert_eq!(
        (
            &answered["slaresponsestate"],
            &answered["slaresponsestanding"]
        ),
        (&json!("I"), &json!("met"))
    );
    assert_eq!(answered["slaactiondate"], answered["fixbydate"]);

    let closed = change(&server, id, &json!({"status_id": CLOSED}));
    assert_eq!(
        (&closed["slastate"], &closed["slaactiondate"]),
        (&json!("I"), &Value::Null)
    );
    // It was counted on meanwhile.
    server.move_clock(12 * HOUR);
    let reopened = change(&server, id, &json!({"status_id": IN_PROGRESS}));
    assert_eq!(
        (&reopened["slastanding"], &reopened["slaresponsestanding"]),
        (&json!("breached"), &json!("met"))
    );

    // No time is set for this priority.
    let low = json!({"summary": "The coffee is cold", "tickettype_id": 1, "priority_id": 4});
    assert_eq!(
        write(&server, "Tickets", &low)["slaactiondate"],
        Value::Null
    );
    // What is due first stands first, and what is never due last.
    let list = get(&server, "/api/Tickets?order=slaactiondate&count=100");
    let due: Vec<_> = list["tickets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|ticket| ticket["slaactiondate"].as_str().map(str::to_owned))
        .collect();
    let mut sorted = due.clone();
    sorted.sort_by_key(|due| (due.is_none(), due.clone()));
    assert_eq!(due, sorted);
    assert!(due[0].is_some() && due.last().unwrap().is_none(), "{due:?}");
}

#[test]
fn warnings_and_deadlines_start_a_runbook_once_each() {
    let server = server();
    made(&server, &level());
    telling("tell", &ALL).import(&server);
    let new = new_ticket(&server);
    let id = number(&new);
    server.move_clock(30 * MINUTE);
    assert_eq!(told(&server, 1), ["first_sla_warning"]);
    assert_eq!(ticket(&server, id)["slaresponsestanding"], "first_warning");
    let due = new["respondbydate"].as_str().unwrap();
    assert_eq!(notes(&server, id, 1), [format!("response by {due}")]);
    server.move_clock(46 * MINUTE);
    assert_eq!(told(&server, 2)[1], "second_sla_warning");
    server.move_clock(61 * MINUTE);
    assert_eq!(told(&server, 3)[2], "ticket_deadline");
    let late = ticket(&server, id);
    assert_eq!(
        (&late["slaresponsestate"], &late["slaresponsestanding"]),
        (&json!("O"), &json!("breached"))
    );
    // Time that goes back and comes again tells nothing anew.
    server.move_clock(0);
    server.move_clock(4 * HOUR + MINUTE);
    assert_eq!(told(&server, 4)[3], "first_sla_warning");
    let said = notes(&server, id, 4);
    let by = new["fixbydate"].as_str().unwrap();
    assert_eq!(said[3], format!("resolution by {by}"));
    wait_for(|| (runs(&server, "tell").len() == 4).then_some(()));

    // Closed in time: nothing more comes.
    change(&server, id, &json!({"status_id": CLOSED}));
    server.move_clock(24 * HOUR);
    assert_eq!(told(&server, 4).len(), 4);
}

#[test]
fn what_came_due_while_the_server_was_down_comes_once_and_late() {
    let mut server = server();
    made(&server, &level());
    telling("tell", &ALL).import(&server);
    let id = number(&new_ticket(&server));
    server.kill();
    server.restart();
    server.move_clock(2 * HOUR);
    // Events that come together are dealt with side by side.
    let mut events = told(&server, 3);
    events.sort();
    assert_eq!(events, ALL);
    let entries = items(&get(&server, "/console/events?event=ticket_deadline"));
    let explanation = entries[0]["explanation"].as_str().unwrap();
    let said = [
        "Answer, 1 hour",
        "late because Nimbus could not look before",
    ];
    assert!(
        said.iter().all(|said| explanation.contains(said)),
        "{explanation}"
    );
    assert_eq!(entries[0]["runbook_name"], "tell");
    // The ticket shows what its runs say.
    let path = format!("/console/runs?ticket={id}");
    let started = wait_for(|| Some(items(&get(&server, &path))).filter(|runs| runs.len() == 3));
    for run in started {
        let late = &run["started_by"]["late"];
        let said = late.as_str().unwrap_or_default();
        assert!(
            said.starts_with("It was due at ") && said.ends_with(" late."),
            "{run}"
        );
    }
    let found = items(&get(
        &server,
        "/console/events?event=ticket_deadline&text=tell",
    ));
    assert_eq!(found.len(), 1, "{found:?}");
    server.kill();
    server.restart();
    server.move_clock(3 * HOUR);
    // It comes to the same deadline again, which it was told of.
    change(&server, id, &json!({"priority_id": 4}));
    change(&server, id, &json!({"priority_id": CRITICAL}));
    server.move_clock(4 * HOUR + MINUTE);
    let events = told(&server, 4);
    let deadlines = events.iter().filter(|event| *event == "ticket_deadline");
    assert_eq!(deadlines.count(), 1, "{events:?}");
}

#[test]
fn a_ticket_on_hold_and_a_condition_on_the_goal_start_nothing() {
    let server = server();
    made(&server, &level());
    let when = json!({"all": [{"left": "<<sla^goal>>", "op": "equals", "right": "resolution"}]});
    Bundle::new()
        .runbook(chain("idle", &json!({"access": "desk"}), &[]))
        .event("first_sla_warning", "idle", &json!({"when": when}))
        .import(&server);
    let held = number(&new_ticket(&server));
    change(&server, held, &json!({"status_id": WITH_USER}));
    let open = number(&new_ticket(&server));
    server.move_clock(31 * MINUTE);
    let entries = wait_for(|| {
        let entries = items(&get(&server, "/console/events"));
        (!entries.is_empty()).then_some(entries)
    });
    assert_eq!(entries.len(), 1, "{entries:?}");
    assert_eq!(
        (&entries[0]["record"]["id"], &entries[0]["outcome"]),
        (&json!(open), &json!("not_matched"))
    );
    assert_eq!(
        entries[0]["explanation"],
        "Answer, 1 minute late because Nimbus could not look before: Goal is “response”, which does not equal “resolution”"
    );
}

#[test]
fn open_tickets_follow_when_a_service_level_is_changed_or_deleted() {
    let server = server();
    let first = made(&server, &level());
    let tickets: Vec<Value> = (0..150)
        .map(|at| json!({"summary": format!("Ticket {at}"), "tickettype_id": 1, "priority_id": CRITICAL}))
        .collect();
    let written = post(&server, "/api/Tickets", &json!(tickets))
        .expect(201)
        .json();
    let path = format!("{LEVELS}/{}", first["id"]);
    let read = get(&server, &path);
    assert!(read["open_tickets"].as_u64().unwrap() >= 150, "{read}");

    let mut slower = level();
    slower["priorities"][0]["resolution"]["minutes"] = json!(960);
    slower["name"] = json!("Silver");
    let version = read["version"].as_u64().unwrap();
    let saved = put(&server, &path, version, &slower).expect(200).json();
    assert!(
        saved["still_to_look_at"].as_u64().unwrap() >= 150,
        "{saved}"
    );
    wait_for(|| (get(&server, &path)["still_to_look_at"] == 0).then_some(()));
    for ticket in [&written[0], &written[149]] {
        let now = get(&server, &format!("/api/Tickets/{}", ticket["id"]));
        assert_eq!(now["sla_name"], "Silver");
        assert!(
            now["fixbydate"].as_str() > ticket["fixbydate"].as_str(),
            "{now}"
        );
    }
    assert_eq!(code(&put(&server, &path, version, &slower)), "changed");

    // Another one takes the place of a deleted one, as the ticket types or the default say.
    let mut bronze = level();
    (bronze["name"], bronze["default"]) = (json!("Bronze"), json!(false));
    bronze["ticket_types"] = json!([1]);
    made(&server, &bronze);
    let _ = delete(&server, &path).expect(204);
    let last = number(&written[149]);
    wait_for(|| (ticket(&server, last)["sla_name"] == "Bronze").then_some(()));
}

#[test]
fn what_is_wrong_is_said_at_its_field_and_a_preview_says_what_is_right() {
    let server = server();
    let mut wrong = level();
    wrong["hours"]["week"]["monday"] = json!([{"from": "09:00", "until": "25:00"}]);
    let answer = post(&server, LEVELS, &wrong).expect(400).json();
    assert_eq!(answer["error"]["at"]["field"], "hours.week.monday[0].until");
    let preview = post(&server, &format!("{LEVELS}/preview"), &wrong).expect(200);
    assert_eq!(preview.json()["problems"][0]["code"], "not_a_time");
    let preview = post(&server, &format!("{LEVELS}/preview"), &level()).expect(200);
    let preview = preview.json();
    assert_eq!(preview["problems"], json!([]));
    assert!(
        preview["priorities"][0]["answered_by"].is_string(),
        "{preview}"
    );

    made(&server, &level());
    assert_eq!(
        code(&post(&server, LEVELS, &level()).expect(409)),
        "duplicate_name"
    );
    let ticket = json!({"summary": "A", "tickettype_id": 1, "sla_id": 99});
    let refused = post(&server, "/api/Tickets", &json!([ticket])).expect(400);
    assert!(refused.text().contains("sla_id"), "{}", refused.text());
    let zones = get(&server, &format!("{LEVELS}/time-zones"));
    let zones = zones["time_zones"].as_array().unwrap();
    assert!(zones.contains(&json!("Europe/Berlin")));
}

#[test]
fn a_bundle_brings_service_levels_by_the_names_of_what_they_refer_to() {
    let server = server();
    let mut own = level();
    own["ticket_types"] = json!([2]);
    made(&server, &own);
    let bundle = get(&server, "/console/export");
    let exported = bundle["desk"]["service_levels"].clone();
    assert_eq!(
        exported[0]["names"]["statuses"],
        json!([{"id": WITH_USER, "name": "With User"}])
    );
    assert_eq!(exported[0]["id"], Value::Null);

    // Another desk numbers its statuses differently.
    let mut other = exported[0].clone();
    other["names"]["statuses"] = json!([{"id": WITH_USER, "name": "with supplier"}]);
    let bundle = json!({"format": "nimbus.bundle/1", "desk": {"service_levels": [other]}});
    let report = post(&server, "/console/import", &bundle).expect(200).json();
    assert_eq!(report["replaced"], json!(["service level Gold"]));
    let levels = items(&get(&server, LEVELS));
    assert_eq!(levels.len(), 1);
    assert_eq!(levels[0]["stopping_statuses"], json!([5]));
    assert_eq!(report.get("notes"), None, "{report}");

    // What this desk does not have, and whose place is taken, is told.
    (other["name"], other["default"]) = (json!("Platinum"), json!(true));
    other["names"]["statuses"][0]["name"] = json!("On the moon");
    let taken = json!([{"id": 2, "name": get(&server, "/api/TicketType/2")["name"]}, {"id": 77, "name": "Riddle"}]);
    other["names"]["ticket_types"] = taken.clone();
    other["ticket_types"] = json!([2, 77]);
    let bundle = json!({"format": "nimbus.bundle/1", "desk": {"service_levels": [other]}});
    let report = post(&server, "/console/import", &bundle).expect(200).json();
    let make = "Make it, and import the bundle again.";
    assert_eq!(
        report["notes"],
        json!([
            format!(
                "This desk has no status “On the moon”, so it does not stop the clock of the service level Platinum. {make}"
            ),
            format!(
                "This desk has no ticket type “Riddle”, so the service level Platinum does not count for it. {make}"
            ),
            "The service level Platinum is the default now, in place of Gold.",
            format!(
                "The service level Platinum counts for tickets of the type {} now, in place of Gold.",
                taken[0]["name"].as_str().unwrap()
            ),
        ])
    );

    let mut wrong = exported[0].clone();
    wrong["name"] = json!("");
    let bundle = json!({"format": "nimbus.bundle/1", "desk": {"service_levels": [wrong]}});
    let refused = post(&server, "/console/import", &bundle).expect(400).json();
    assert_eq!(
        refused["error"]["at"]["field"],
        "desk.service_levels[0].name"
    );
}
