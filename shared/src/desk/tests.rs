//! The desk's rules, over records in memory.

mod clients;
mod events;
mod memory;
mod resources;
mod rules;
mod tokens;
mod travel;
mod workflows;

use serde_json::{Value, json};

use super::access::{Access, Grant};
use super::answer::Desk;
use super::error::DeskError;
use super::html::{Html, to_text};
use super::protocol::{Caller, DeskEvent, EventSource};
use super::scope::Scopes;
use super::seed;
use crate::model::RecordChange;
use memory::Memory;

const NOW: u64 = 1_772_443_800_000;

/// Takes the word `bad` away.
struct Wiped;

impl Html for Wiped {
    fn sanitised(&self, html: &str) -> String {
        html.replace("bad", "")
    }

    fn plain(&self, html: &str) -> String {
        to_text(html)
    }
}

fn seeded() -> Memory {
    let memory = Memory::default();
    seed::plant(&memory, 0, true, NOW).unwrap();
    memory
}

fn ask(
    memory: &Memory,
    caller: &Caller,
    method: &str,
    path: &str,
    body: &Value,
) -> Result<(Value, Vec<DeskEvent>), DeskError> {
    let grant = match caller {
        Caller::Token { token } => Some(Grant {
            client_id: "reports".to_owned(),
            application: "Reports".to_owned(),
            agent: None,
            scopes: Scopes::parse(token).unwrap(),
        }),
        _ => None,
    };
    let access = Access::of(caller, grant, memory)?;
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let desk = Desk {
        records: memory,
        html: &Wiped,
        access: &access,
        now: NOW,
        unique: "u",
    };
    let answer = desk.answer(method, path, query, &body.to_string())?;
    Ok((serde_json::from_str(&answer.body).unwrap(), answer.events))
}

fn admin() -> Caller {
    Caller::Admin {}
}

fn post(memory: &Memory, path: &str, body: &Value) -> Result<(Value, Vec<DeskEvent>), DeskError> {
    ask(memory, &admin(), "POST", path, body)
}

fn get(memory: &Memory, path: &str) -> Value {
    ask(memory, &admin(), "GET", path, &Value::Null).unwrap().0
}

fn refusal(memory: &Memory, path: &str, body: &Value) -> (u16, String) {
    let error = post(memory, path, body).unwrap_err();
    (error.status(), error.to_string())
}

#[test]
fn the_seed_reads_as_tickets_with_their_people() {
    let memory = seeded();
    let ticket = get(&memory, "/api/Tickets/1002");
    assert_eq!(ticket["client_name"], "Harrow & Lyle Solicitors");
    assert_eq!(ticket["site_name"], "Guildford Office");
    assert_eq!(ticket["user_name"], "Helen Marsh");
    assert_eq!(ticket["status"], json!({"id": 1, "name": "New"}));
    assert_eq!(ticket["isclosed"], false);
    assert_eq!(ticket["dateoccurred"], "2026-03-02T02:55:00.000Z");
    assert!(ticket["lastactiondate"].as_str() > ticket["dateoccurred"].as_str());
    let actions = get(&memory, "/api/Actions?ticket_id=1002");
    assert_eq!(actions["record_count"], 2);
    assert_eq!(actions["actions"][0]["who"], "Priya Nair");
}

#[test]
fn one_record_in_gives_one_out_and_several_give_several() {
    let memory = seeded();
    let ticket = json!({"summary": "S", "tickettype_id": "1"});
    for body in [ticket.clone(), json!([ticket])] {
        let (answer, events) = post(&memory, "/api/tickets", &body).unwrap();
        assert_eq!(answer["status_name"], "New");
        let id = answer["id"].as_u64().unwrap();
        let [
            DeskEvent::TicketChanged {
                event_id,
                ticket_id,
                change: RecordChange::Created,
                source: EventSource::Person,
                depth: 0,
                ..
            },
        ] = events.as_slice()
        else {
            panic!("{events:?}");
        };
        assert_eq!((event_id.as_str(), *ticket_id), ("u-0", id));
    }
    let (answer, events) = post(&memory, "/api/tickets", &json!([ticket, ticket])).unwrap();
    assert_eq!(
        (answer.as_array().map(Vec::len), events.len()),
        (Some(2), 2)
    );
    assert_eq!(
        post(&memory, "/api/tickets", &json!([])).unwrap().0,
        json!([])
    );
}

#[test]
fn an_element_with_an_id_is_laid_over_the_record() {
    let memory = seeded();
    let merge = json!([{
        "ID": "1001", "Summary": "Changed", "customfields": [{"name": "CFa", "value": 1.5}],
        "client_name": "not kept", "datecreated": "2000-01-01", "status": {"id": 9},
    }]);
    let before = get(&memory, "/api/Tickets/1001");
    let (after, events) = post(&memory, "/api/Tickets", &merge).unwrap();
    assert_eq!(after["summary"], "Changed");
    assert_eq!(
        after["customfields"],
        json!([{"name": "CFa", "value": 1.5}])
    );
    for unchanged in ["client_name", "datecreated", "status", "details", "user_id"] {
        assert_eq!(after[unchanged], before[unchanged], "{unchanged}");
    }
    assert_eq!(events.len(), 1);

    // Sending back what was read changes nothing, and tells nobody.
    let (again, events) = post(&memory, "/api/Tickets", &after).unwrap();
    assert_eq!((again, events), (after, vec![]));
}

#[test]
fn an_action_is_told_with_its_ticket_and_both_halves_of_its_note() {
    let memory = seeded();
    let action = json!([{"ticket_id": "1001", "outcome": "Ask", "note": "Why?\n<b>"}]);
    let (answer, events) = post(&memory, "/api/actions", &action).unwrap();
    assert_eq!(answer["note_html"], "Why?<br>&lt;b&gt;");
    assert_eq!(
        (&answer["who"], &answer["who_agentid"]),
        (&json!("Administrator"), &json!(1))
    );
    let [
        DeskEvent::ActionAdded {
            ticket,
            action,
            source,
            ..
        },
    ] = events.as_slice()
    else {
        panic!("{events:?}");
    };
    assert_eq!(*action, answer);
    assert_eq!(ticket["status"]["name"], "In Progress");
    assert_eq!(ticket["lastactiondate"], "2026-03-02T09:30:00.000Z");
    assert_eq!(*source, EventSource::Person);

    let runbook = Caller::Runbook {
        name: "Ask a Question".to_owned(),
        scope: None,
    };
    let action = json!([{"ticket_id": 1001, "outcome_id": 5, "note_html": "<p>Because.</p>"}]);
    let (answer, events) = ask(&memory, &runbook, "POST", "/api/Actions", &action).unwrap();
    assert_eq!(
        (&answer["note"], &answer["who"]),
        (&json!("Because."), &json!("Ask a Question"))
    );
    let [DeskEvent::ActionAdded { source, .. }] = events.as_slice() else {
        panic!("{events:?}");
    };
    assert_eq!(*source, EventSource::Runbook);

    // One half that is sent alone replaces both.
    let id = answer["id"].clone();
    let (answer, events) = post(&memory, "/api/Actions", &json!({"id": id, "note": "So"})).unwrap();
    assert_eq!(
        (&answer["note"], &answer["note_html"]),
        (&json!("So"), &json!("So"))
    );
    assert!(matches!(
        events.as_slice(),
        [DeskEvent::TicketChanged {
            ticket_id: 1001,
            ..
        }]
    ));
}

#[test]
fn html_reaches_a_page_only_sanitised() {
    let memory = seeded();
    let action =
        json!({"ticket_id": 1001, "outcome": "O", "note_html": "<bad>x", "my_html": "bad!"});
    let (answer, events) = post(&memory, "/api/Actions", &action).unwrap();
    assert_eq!(
        (&answer["note_html"], &answer["my_html"]),
        (&json!("<bad>x"), &json!("bad!"))
    );
    let [DeskEvent::ActionAdded { action, .. }] = events.as_slice() else {
        panic!("{events:?}");
    };
    assert_eq!(action["note_html"], "<bad>x");
    let console = Caller::Console {};
    for path in [
        &format!("/api/Actions/{}", answer["id"]),
        "/api/Actions?ticket_id=1001",
    ] {
        let (shown, _) = ask(&memory, &console, "GET", path, &Value::Null).unwrap();
        assert!(!shown.to_string().contains("bad"), "{shown}");
    }
}

#[test]
fn a_ticket_finds_its_place_and_its_dates() {
    let memory = seeded();
    let place = |fields: Value| {
        let mut ticket = json!({"summary": "S", "tickettype_id": 1});
        let fields = fields.as_object().unwrap().clone();
        ticket.as_object_mut().unwrap().extend(fields);
        let (ticket, _) = post(&memory, "/api/Tickets", &ticket).unwrap();
        ticket
    };
    for (sent, expected) in [
        (json!({"user_id": 5}), json!([2, 5, 5])),
        (json!({"site_id": 5}), json!([2, 5, null])),
        (json!({"client_id": 2}), json!([2, null, null])),
        (
            json!({"client_id": "0", "site_id": -1}),
            json!([null, null, null]),
        ),
        (json!({"id": 1001, "client_id": 2}), json!([2, null, null])),
        (json!({"id": 1003, "site_id": 4}), json!([1, 4, null])),
        (json!({"id": 1002, "user_id": null}), json!([2, 5, null])),
        // Of what contradicts itself, the user counts first, then the site.
        (json!({"client_id": 1, "site_id": 5}), json!([2, 5, null])),
        (json!({"client_id": 1, "user_id": 5}), json!([2, 5, 5])),
        (json!({"site_id": 4, "user_id": 5}), json!([2, 5, 5])),
        (
            json!({"client_id": 3, "site_id": 4, "user_id": 5}),
            json!([2, 5, 5]),
        ),
        (
            json!({"id": 1001, "client_id": 1, "site_id": 5}),
            json!([2, 5, null]),
        ),
    ] {
        let ticket = place(sent.clone());
        let [client, site, user] = ["client_id", "site_id", "user_id"].map(|name| &ticket[name]);
        assert_eq!(json!([client, site, user]), expected, "{sent}");
    }
    let closed = place(json!({"id": 1001, "status_id": 9}));
    assert_eq!(closed["dateclosed"], "2026-03-02T09:30:00.000Z");
    assert_eq!(
        place(json!({"id": 1001, "status_id": 1}))["dateclosed"],
        Value::Null
    );
}

#[test]
fn a_record_is_never_at_one_client_and_at_the_site_of_another() {
    let memory = seeded();
    // Site 5 is of client 2.
    let user = json!({"name": "U", "client_id": 1, "site_id": 5});
    let (user, _) = post(&memory, "/api/Users", &user).unwrap();
    let asset = json!({"assettype_id": 1, "client_id": 1, "site_id": 5});
    let (asset, _) = post(&memory, "/api/Asset", &asset).unwrap();
    let ticket = json!({"summary": "S", "tickettype_id": 1, "site_id": 5});
    let (ticket, _) = post(&memory, "/api/Tickets", &ticket).unwrap();
    for record in [&user, &asset, &ticket] {
        assert_eq!(
            (&record["client_id"], &record["site_id"]),
            (&json!(2), &json!(5))
        );
    }
    let change = json!({"id": user["id"], "client_id": 1});
    let (unmoved, _) = post(&memory, "/api/Users", &change).unwrap();
    assert_eq!(unmoved["client_id"], 2);

    // All of them go along when the site does.
    post(&memory, "/api/Site", &json!({"id": 5, "client_id": 3})).unwrap();
    for (resource, record) in [("Users", &user), ("Asset", &asset), ("Tickets", &ticket)] {
        let moved = get(&memory, &format!("/api/{resource}/{}", record["id"]));
        assert_eq!(moved["client_id"], 3, "{resource}");
    }
}

#[test]
fn a_refusal_says_which_record_it_is_about() {
    let good = json!({"name": "Good"});
    for (body, status, sentence) in [
        (
            json!([{"name": ""}]),
            400,
            "A Name must be entered for this Client",
        ),
        (
            json!([good, {"name": ""}]),
            400,
            "Record 2 of 2: A Name must be entered for this Client",
        ),
        (
            json!([{"id": "1", "name": "Norwood Timber Ltd"}, good]),
            400,
            "Record 1 of 2 (id 1): Name must be unique",
        ),
        (
            json!([good, {"name": "B"}, {"id": 99}]),
            404,
            "Record 3 of 3 (id 99): There is no client 99",
        ),
        (
            json!([good, {"id": {}}]),
            400,
            "Record 2 of 2: id must be a whole number",
        ),
    ] {
        // The memory keeps what was written before the refusal; a shell does not.
        let refused = refusal(&seeded(), "/api/Client", &body);
        assert_eq!(refused, (status, sentence.to_owned()), "{body}");
    }
}

#[test]
fn a_new_client_gets_a_site_and_a_user() {
    let memory = seeded();
    let client = json!({"name": "New & Co", "newclient_contactemail": "a@b.example"});
    let (client, events) = post(&memory, "/api/Client", &client).unwrap();
    assert_eq!(client.get("newclient_contactemail"), None);
    let sites = get(&memory, &format!("/api/Site?client_id={}", client["id"]));
    assert_eq!(sites["sites"][0]["name"], "Main");
    let told = told(&events);
    let names: Vec<_> = told.iter().map(|(resource, _)| *resource).collect();
    assert_eq!(names, ["Client", "Site", "Users"]);
    assert_eq!(told[0].1, [client["id"].as_u64().unwrap()]);
    let users = get(&memory, &format!("/api/Users?client_id={}", client["id"]));
    assert_eq!(users["users"][0]["name"], "General User");
    assert_eq!(users["users"][0]["emailaddress"], "a@b.example");
    let taken = refusal(&memory, "/api/Client", &json!([{"name": "new & CO"}]));
    assert_eq!(taken, (400, "Name must be unique".to_owned()));
}

/// The records that pages which show them read anew.
fn told(events: &[DeskEvent]) -> Vec<(&str, &[u64])> {
    let records = events.iter().filter_map(|event| match event {
        DeskEvent::RecordsChanged { resource, ids, .. } => Some((resource.as_str(), &ids[..])),
        _ => None,
    });
    records.collect()
}

#[test]
fn whoever_looks_at_records_is_told_of_their_changes() {
    let memory = seeded();
    let (_, events) = post(&memory, "/api/Client", &json!({"id": 1, "notes": "n"})).unwrap();
    assert_eq!(told(&events), [("Client", &[1][..])]);
    let (_, events) = post(&memory, "/api/Client", &json!({"id": 1, "notes": "n"})).unwrap();
    assert_eq!(told(&events), [], "what stays as it is changes nothing");
    let action = json!([{"ticket_id": 1001, "outcome": "Note", "note": "n"}]);
    let (_, events) = post(&memory, "/api/Actions", &action).unwrap();
    assert_eq!(told(&events), [], "tickets have events of their own");
    let lookups: Vec<_> = (0..=DeskEvent::MOST_IDS)
        .map(|number| json!({"lookupid": 7, "name": number.to_string()}))
        .collect();
    let (made, events) = post(&memory, "/api/Lookup", &lookups.into()).unwrap();
    assert_eq!(told(&events), [("Lookup", &[][..])]);
    let id = made[0]["id"].as_u64().unwrap();
    let path = format!("/api/Lookup/{id}");
    let (_, events) = ask(&memory, &admin(), "DELETE", &path, &Value::Null).unwrap();
    assert_eq!(told(&events), [("Lookup", &[id][..])]);
}

#[test]
fn what_cannot_be_written_is_refused_with_a_sentence() {
    let memory = seeded();
    let ticket = |field: &str, value: Value| {
        let mut ticket = json!({"summary": "S", "tickettype_id": 1});
        ticket[field] = value;
        ticket
    };
    let outcome = "An Outcome must be entered for this Action";
    for (path, body, status, message) in [
        (
            "/api/Actions",
            json!([{"ticket_id": 1001, "note": "x"}]),
            400,
            outcome,
        ),
        (
            "/api/Actions",
            json!([{"ticket_id": 1001, "outcome": " "}]),
            400,
            outcome,
        ),
        (
            "/api/Actions",
            json!([{"outcome": "O"}]),
            400,
            "A Ticket must be chosen",
        ),
        (
            "/api/Actions",
            json!([{"outcome": "O", "ticket_id": 7}]),
            400,
            "there is no ticket 7",
        ),
        (
            "/api/Tickets",
            json!([{"tickettype_id": 1}]),
            400,
            "A Summary must be entered",
        ),
        (
            "/api/Tickets",
            json!([{"summary": "x"}]),
            400,
            "A Ticket Type must be chosen",
        ),
        (
            "/api/Tickets",
            ticket("summary", json!({})),
            400,
            "summary must be text",
        ),
        (
            "/api/Tickets",
            ticket("client_id", json!("x")),
            400,
            "client_id must be an id",
        ),
        (
            "/api/Tickets",
            ticket("status_id", json!(99)),
            400,
            "there is no status 99",
        ),
        (
            "/api/Tickets",
            ticket("id", json!({})),
            400,
            "id must be a whole number",
        ),
        (
            "/api/Tickets",
            ticket("id", json!(5)),
            404,
            "There is no ticket 5",
        ),
        (
            "/api/Tickets",
            ticket("x", json!("y".repeat(1_000_000))),
            400,
            "too large",
        ),
        ("/api/Tickets", json!([1]), 400, "element 1 is not a record"),
        ("/api/Tickets", json!("text"), 400, "JSON array of records"),
        ("/api/Tickets", Value::Null, 400, "JSON array of records"),
        (
            "/api/Tickets",
            json!(vec![1; 1001]),
            400,
            "at most 1000 records",
        ),
        (
            "/api/Nothing",
            json!([{}]),
            404,
            "There is no resource Nothing",
        ),
    ] {
        let (given, sentence) = refusal(&memory, path, &body);
        assert_eq!(given, status, "{sentence}");
        assert!(sentence.contains(message), "{sentence}");
    }
}

#[test]
fn a_deleted_record_takes_its_parts_along_unless_it_is_still_used() {
    let memory = seeded();
    let delete = |path: &str| ask(&memory, &admin(), "DELETE", path, &Value::Null);
    let error = delete("/api/Client/1").unwrap_err();
    assert!(
        error.to_string().contains("1 ticket still refers"),
        "{error}"
    );
    let (deleted, events) = delete("/api/Tickets/1001").unwrap();
    assert_eq!(deleted["id"], 1001);
    assert!(matches!(
        events.as_slice(),
        [DeskEvent::TicketChanged {
            ticket_id: 1001,
            change: RecordChange::Deleted,
            ..
        }]
    ));
    assert_eq!(
        get(&memory, "/api/Actions?ticket_id=1001")["record_count"],
        0
    );
    let error = delete("/api/Client/1").unwrap_err();
    assert!(
        error.to_string().contains("1 asset still refers"),
        "{error}"
    );
    delete("/api/Asset/1").unwrap();
    delete("/api/Client/1").unwrap();
    assert_eq!(get(&memory, "/api/Users?client_id=1")["record_count"], 0);
    assert_eq!(delete("/api/Client/1").unwrap_err().status(), 404);
}

#[test]
fn a_login_does_only_what_its_scopes_permit() {
    let memory = seeded();
    let token = |token: &str| Caller::Token {
        token: token.to_owned(),
    };
    let action = json!([{"ticket_id": 1001, "outcome": "O"}]);
    for (caller, method, path, status) in [
        (token("read:tickets"), "GET", "/api/Tickets", 200),
        (token("read:tickets"), "GET", "/api/Status", 200),
        (token("read:tickets"), "GET", "/api/Agent/me", 200),
        (token("read:tickets"), "POST", "/api/Actions", 403),
        (token("read:tickets"), "DELETE", "/api/Tickets/1001", 403),
        (token("read:tickets"), "GET", "/api/Client", 403),
        (token("edit:tickets"), "POST", "/api/Actions", 200),
        (
            token("edit:tickets edit:customers"),
            "POST",
            "/api/Status",
            403,
        ),
        (Caller::Nobody {}, "GET", "/api/Tickets", 401),
    ] {
        let answer = ask(&memory, &caller, method, path, &action);
        let given = answer.map_or_else(|error| error.status(), |_| 200);
        assert_eq!(given, status, "{caller:?} {method} {path}");
    }
    let (answer, events) = ask(&memory, &token("all"), "POST", "/api/Actions", &action).unwrap();
    assert_eq!(
        (&answer["who"], &answer["who_type"]),
        (&json!("Reports"), &json!(2))
    );
    assert!(matches!(
        events.as_slice(),
        [DeskEvent::ActionAdded {
            source: EventSource::Application,
            ..
        }]
    ));
}

#[test]
fn a_request_cannot_ask_for_more_than_memory_holds() {
    let memory = seeded();
    let large = json!({"id": 1001, "details": "d".repeat(900_000)});
    post(&memory, "/api/Tickets", &large).unwrap();
    let many = json!(vec![json!({"ticket_id": 1001, "outcome": "O"}); 20]);
    let (status, message) = refusal(&memory, "/api/Actions", &many);
    assert_eq!(status, 400);
    assert!(message.contains("8388608 bytes"), "{message}");
}
