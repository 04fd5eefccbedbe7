//! What clients that were written for Halo do, and rest upon.

use serde_json::{Value, json};

use super::{admin, ask, get, memory::Memory, post, refusal, seeded};
use crate::desk::seed;

fn delete(memory: &Memory, path: &str) -> Result<Value, (u16, String)> {
    ask(memory, &admin(), "DELETE", path, &Value::Null)
        .map(|(deleted, _)| deleted)
        .map_err(|error| (error.status(), error.to_string()))
}

fn read(memory: &Memory, path: &str) -> Result<Value, (u16, String)> {
    ask(memory, &admin(), "GET", path, &Value::Null)
        .map(|(answer, _)| answer)
        .map_err(|error| (error.status(), error.to_string()))
}

#[test]
fn a_long_thread_is_answered_as_far_as_it_fits_and_says_how_long_it_is() {
    let memory = seeded();
    let note = "n".repeat(400_000);
    for _ in 0..12 {
        let action = json!({"ticket_id": 1001, "outcome": "Email", "note": note});
        post(&memory, "/api/Actions", &action).unwrap();
    }
    // Each is kept as one text and sent as two.
    let list = get(&memory, "/api/Actions?ticket_id=1001");
    let sent = list["actions"].as_array().unwrap();
    let bytes = list.to_string().len();
    assert!((6_000_000..8 << 20).contains(&bytes), "{bytes}");
    let count = list["record_count"].as_u64().unwrap();
    assert_eq!(count, sent.len() as u64 + 2);
    assert!(sent.iter().all(|action| action["note_html"].is_string()));

    let explicit = ask(
        &memory,
        &admin(),
        "GET",
        "/api/Actions?ticket_id=1001&count=100",
        &Value::Null,
    );
    assert_eq!(explicit.unwrap_err().status(), 400);

    // Where no number stands beside the records, none is left out in silence.
    for number in 0..10 {
        let table = json!({"name": format!("T{number}"), "notes": "x".repeat(900_000)});
        post(&memory, "/api/CustomTable", &table).unwrap();
    }
    let bare = ask(&memory, &admin(), "GET", "/api/CustomTable", &Value::Null);
    assert_eq!(bare.unwrap_err().status(), 400);
}

#[test]
fn an_advanced_search_finds_who_is_meant_or_nobody() {
    let memory = seeded();
    post(
        &memory,
        "/api/Users",
        &json!({"id": 5, "azureoid": "9f1e-77"}),
    )
    .unwrap();
    let found = |name: &str, value: &str| {
        let filter = format!(
            "%5B%7B%22filter_name%22:%22{name}%22,%22filter_type%22:2,%22filter_value%22:%22{value}%22%7D%5D"
        );
        let list = get(
            &memory,
            &format!("/api/Users?client_id=2&includeinactive=false&advanced_search={filter}"),
        );
        let users = list["users"].as_array().unwrap().clone();
        users
            .iter()
            .map(|user| user["id"].as_u64().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(found("azureoid", "9f1e-77"), [5]);
    assert_eq!(found("azureoid", "another"), [0; 0]);
    assert_eq!(found("name", "helen marsh"), [5]);
    let refused = read(&memory, "/api/Users?advanced_search=x").unwrap_err();
    assert_eq!(refused.0, 400);
    assert!(
        refused.1.starts_with("Invalid advanced search parameter"),
        "{}",
        refused.1
    );
}

#[test]
fn the_list_of_lookup_lists_is_there_from_the_beginning() {
    for with_sample in [true, false] {
        let memory = Memory::default();
        seed::plant(&memory, 0, with_sample, super::NOW).unwrap();
        let lists = get(&memory, "/api/Lookup?lookupid=11");
        assert_eq!(
            (&lists[0]["id"], &lists[0]["name"]),
            (&json!(11), &json!("Lookup types"))
        );
        let first = get(&memory, "/api/Lookup?lookupid=100");
        assert_eq!(first[0]["name"].is_string(), with_sample);
        assert_eq!(lists[1]["id"].as_u64(), with_sample.then_some(100));
    }
    // A desk that had begun before gets it, too; its own records stay.
    let memory = Memory::default();
    seed::plant(&memory, 0, false, super::NOW).unwrap();
    delete(&memory, "/api/Lookup/11").unwrap();
    for _ in 0..11 {
        let own = json!({"lookupid": 7, "name": "Own"});
        post(&memory, "/api/Lookup", &own).unwrap();
    }
    seed::plant(&memory, 2, false, super::NOW).unwrap();
    assert_eq!(get(&memory, "/api/Lookup/11")["name"], "Own");
    assert_eq!(
        get(&memory, "/api/Lookup?lookupid=11")[0]["name"],
        "Lookup types"
    );
}

#[test]
fn a_lookup_of_another_list_is_neither_given_nor_deleted() {
    let memory = seeded();
    for list in [201, 202] {
        let made = json!({"lookupid": list, "name": "A"});
        post(&memory, "/api/Lookup", &made).unwrap();
    }
    let id = get(&memory, "/api/Lookup?lookupid=202")[0]["id"].clone();
    let path = format!("/api/Lookup/{id}");
    let sentence = format!("There is no lookup {id} with lookupid 201");
    assert_eq!(
        read(&memory, &format!("{path}?lookupid=201")),
        Err((404, sentence.clone()))
    );
    assert_eq!(
        delete(&memory, &format!("{path}?LookupID=201")),
        Err((404, sentence))
    );
    assert_eq!(
        read(&memory, &format!("{path}?lookupid=x")).unwrap_err().0,
        400
    );
    assert_eq!(get(&memory, &path)["lookupid"], 202);
    assert_eq!(get(&memory, &format!("{path}?lookupid=202"))["id"], id);
    delete(&memory, &format!("{path}?lookupid=202")).unwrap();
    assert_eq!(read(&memory, &path).unwrap_err().0, 404);
}

#[test]
fn a_new_ticket_gets_the_first_open_status() {
    let memory = seeded();
    let status_of_new = || {
        let ticket = json!({"summary": "S", "tickettype_id": 1});
        post(&memory, "/api/Tickets", &ticket).unwrap().0["status_name"].clone()
    };
    let added = json!([
        {"name": "Waiting for parts"},
        {"name": "Void", "sequence": 0, "isclosed": true},
    ]);
    post(&memory, "/api/Status", &added).unwrap();
    assert_eq!(status_of_new(), "New");
    let names: Vec<_> = get(&memory, "/api/Status")
        .as_array()
        .unwrap()
        .iter()
        .map(|status| status["name"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(names.first().map(String::as_str), Some("Void"));
    assert_eq!(
        names.last().map(String::as_str),
        Some("Waiting for parts"),
        "without a place in the list it stands at its end"
    );
    post(&memory, "/api/Status", &json!({"id": 1, "isclosed": true})).unwrap();
    assert_eq!(status_of_new(), "In Progress");
}

#[test]
fn what_others_rest_upon_is_not_deleted() {
    let memory = seeded();
    let action = json!({"ticket_id": 1001, "outcome": "private note"});
    post(&memory, "/api/Actions", &action).unwrap();
    let ticket = json!({"id": 1001, "category_1": "Hardware>Printer"});
    post(&memory, "/api/Tickets", &ticket).unwrap();
    for (path, sentence) in [
        ("/api/Agent/1", "whoever signs in at the console acts as it"),
        (
            "/api/Team/1",
            "This team cannot be deleted: 2 tickets still refer to it",
        ),
        (
            "/api/Outcome/1",
            "This outcome cannot be deleted: 4 actions still refer to it",
        ),
        (
            "/api/Category/3",
            "This category cannot be deleted: 1 ticket still refers to it",
        ),
    ] {
        let (status, message) = delete(&memory, path).unwrap_err();
        assert_eq!(status, 400, "{path}");
        assert!(message.contains(sentence), "{message}");
    }
    assert_eq!(get(&memory, "/api/Agent/me")["name"], "Administrator");
    // What nobody uses goes.
    for (path, body) in [
        ("/api/Team", json!({"name": "2nd Line"})),
        ("/api/Agent", json!({"name": "Ada"})),
        ("/api/Outcome", json!({"name": "Fax"})),
    ] {
        let (made, _) = post(&memory, path, &body).unwrap();
        delete(&memory, &format!("{path}/{}", made["id"])).unwrap();
    }
}

#[test]
fn a_site_is_also_called_by_its_customer() {
    let memory = seeded();
    let site = get(&memory, "/api/Site/5");
    assert_eq!(
        site["clientsite_name"],
        "Harrow & Lyle Solicitors/Guildford Office"
    );
    // Sent back, it changes nothing; it follows the names.
    let (again, events) = post(&memory, "/api/Site", &site).unwrap();
    assert_eq!((&again, events.len()), (&site, 0));
    let (renamed, _) = post(&memory, "/api/Site", &json!({"id": 5, "name": "Woking"})).unwrap();
    assert_eq!(
        renamed["clientsite_name"],
        "Harrow & Lyle Solicitors/Woking"
    );
    let address = json!({"id": 5, "delivery_address": {"line1": "1 High St", "line3": "Woking"}});
    let (site, _) = post(&memory, "/api/Site", &address).unwrap();
    assert_eq!(site["delivery_address"], "1 High St\nWoking");
}

#[test]
fn an_action_may_change_its_ticket() {
    let memory = seeded();
    let act = |more: Value| {
        let mut action = json!({"ticket_id": 1002, "outcome": "Resolve"});
        let more = more.as_object().unwrap().clone();
        action.as_object_mut().unwrap().extend(more);
        post(&memory, "/api/Actions", &action)
    };
    assert_eq!(get(&memory, "/api/Tickets/1002")["hasbeenclosed"], false);
    let (action, _) = act(json!({"new_status": "9", "new_agent": 2, "new_team": 1})).unwrap();
    assert_eq!(action.get("new_status"), None);
    let ticket = get(&memory, "/api/Tickets/1002");
    for (field, expected) in [
        ("status_id", json!(9)),
        ("hasbeenclosed", json!(true)),
        ("agent_id", json!(2)),
        ("team", json!("1st Line Support")),
        ("dateclosed", json!("2026-03-02T09:30:00.000Z")),
    ] {
        assert_eq!(ticket[field], expected, "{field}");
    }
    // None of these is a change.
    act(json!({"new_status": 0, "new_agent": -1, "new_team": null})).unwrap();
    assert_eq!(get(&memory, "/api/Tickets/1002")["status_id"], 9);
    for (more, sentence) in [
        (
            json!({"new_status": 99}),
            "status_id: there is no status 99",
        ),
        (
            json!({"new_agent": {}}),
            "new_agent must be an id: a whole number",
        ),
        (json!({"new_team": []}), "new_team must be text"),
    ] {
        assert_eq!(act(more).unwrap_err().to_string(), sentence);
    }
}

#[test]
fn a_team_is_given_by_its_name_or_by_its_id() {
    let memory = seeded();
    let (second, _) = post(&memory, "/api/Team", &json!({"name": "2nd Line"})).unwrap();
    let second = &second["id"];
    let put = |more: Value| {
        let mut ticket = json!({"id": 1003});
        let more = more.as_object().unwrap().clone();
        ticket.as_object_mut().unwrap().extend(more);
        post(&memory, "/api/Tickets", &ticket)
            .map(|(ticket, _)| json!([ticket["team"], ticket["team_id"]]))
            .map_err(|error| error.to_string())
    };
    for (sent, expected) in [
        (json!({"team": "2nd line"}), json!(["2nd line", second])),
        (json!({"team_id": "1"}), json!(["1st Line Support", 1])),
        (json!({"team": second}), json!(["2nd Line", second])),
        (json!({"team": "Theirs"}), json!(["Theirs", null])),
        // Of both, the one that is new counts.
        (
            json!({"team": "Theirs", "team_id": second}),
            json!(["2nd Line", second]),
        ),
        (
            json!({"team": "1st Line Support", "team_id": second}),
            json!(["1st Line Support", 1]),
        ),
        (json!({"team_id": null}), json!([null, null])),
    ] {
        assert_eq!(put(sent.clone()), Ok(expected), "{sent}");
    }
    assert_eq!(
        put(json!({"team_id": 99})),
        Err("team_id: there is no team 99".to_owned())
    );
    put(json!({"team_id": 1})).unwrap();
    let list = get(&memory, "/api/Tickets?team_id=1&open_only=true");
    let ids: Vec<_> = list["tickets"].as_array().unwrap().iter().collect();
    assert!(ids.iter().any(|ticket| ticket["id"] == 1003));
    // What was read can be sent back.
    let ticket = get(&memory, "/api/Tickets/1003");
    let (again, events) = post(&memory, "/api/Tickets", &ticket).unwrap();
    assert_eq!((again, events.len()), (ticket, 0));
}

#[test]
fn the_fields_and_users_of_an_asset_are_known() {
    let memory = seeded();
    let asset = json!({
        "assettype_id": 1, "client_id": 1, "users": [{"id": 1}],
        "fields": [{"id": 2, "value": "x"}, {"name": "operating system", "value": "y"}, {"id": 77, "value": "z"}],
    });
    let (asset, _) = post(&memory, "/api/Asset", &asset).unwrap();
    assert_eq!(
        asset["fields"],
        json!([
            {"id": 2, "value": "x", "name": "Model"},
            {"name": "operating system", "value": "y", "id": 1},
            {"id": 77, "value": "z"},
        ])
    );
    let users = |users: Value| {
        let change = json!({"id": asset["id"], "users": users});
        refusal(&memory, "/api/Asset", &change)
    };
    assert_eq!(
        users(json!([{"id": 777}])),
        (400, "users: there is no user 777".to_owned())
    );
}

#[test]
fn rows_are_added_only_where_that_is_said_clearly() {
    let memory = seeded();
    let rows =
        json!({"id": 1, "customfields": [{"id": 1, "customfields": []}], "_add_rows": "perhaps"});
    assert_eq!(
        refusal(&memory, "/api/CustomTable", &rows),
        (400, "_add_rows must be true or false".to_owned())
    );
}

#[test]
fn a_body_may_begin_with_a_byte_order_mark() {
    let memory = seeded();
    let access = crate::desk::Access::of(&admin(), None, &memory).unwrap();
    let desk = crate::desk::Desk {
        records: &memory,
        html: &super::Wiped,
        access: &access,
        now: super::NOW,
        unique: "u",
    };
    let body = "\u{feff}[{\"name\": \"Marked\"}]";
    let answer = desk.answer("POST", "/api/Client", "", body).unwrap();
    assert!(answer.body.contains("\"Marked\""));
}
