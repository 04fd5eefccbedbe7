//! Resources beside tickets and actions, in their tables.

use serde_json::{Value, json};

use super::support::{get, ids, post, records, seeded, written};

#[test]
fn assets_are_found_by_everybody_who_uses_them() {
    let mut server = seeded();
    let asset = |users: Value| json!({"assettype_id": 1, "client_id": 1, "users": users});
    let first = written(
        &server,
        "/api/Asset",
        &asset(json!([{"id": 1}, {"id": "2"}])),
    );
    let second = written(
        &server,
        "/api/Asset",
        &asset(json!([{"id": 2}, {"id": 2}, {"name": "nobody"}])),
    );
    let of = |server: &_, users: &str| {
        let mut found = ids(
            &get(server, &format!("/api/Asset?user_id={users}&order=id")),
            "assets",
        );
        found.retain(|id| [&first["id"], &second["id"]].contains(&&json!(id)));
        found
    };
    let (a, b) = (
        first["id"].as_u64().unwrap_or(0),
        second["id"].as_u64().unwrap_or(0),
    );
    assert_eq!(
        (of(&server, "1"), of(&server, "2"), of(&server, "1,2")),
        (vec![a], vec![a, b], vec![a, b])
    );
    let user = written(
        &server,
        "/api/Users",
        &json!({"name": "Una Rose", "site_id": 1}),
    );
    let user = user["id"].to_string();
    let users = json!([{"id": user}, {"id": 2}]);
    written(
        &server,
        "/api/Asset",
        &json!([{"id": a, "users": users, "inactive": true}, {"id": b, "users": users}]),
    );
    let path = format!("/api/Users/{user}");
    let _ = server.delete(&path).admin().send().expect(200);
    for asset in [a, b] {
        let asset = get(&server, &format!("/api/Asset/{asset}"));
        assert_eq!(asset["users"], json!([{"id": 2}]));
    }
    let of_gone = get(
        &server,
        &format!("/api/Asset?user_id={user}&includeinactive=true"),
    );
    assert_eq!(of_gone["record_count"], 0);

    written(
        &server,
        "/api/Asset",
        &json!({"id": a, "users": [], "inactive": false}),
    );
    server.restart();
    assert_eq!((of(&server, "1"), of(&server, "2")), (vec![], vec![b]));
    let _ = server
        .delete(&format!("/api/Asset/{b}"))
        .admin()
        .send()
        .expect(200);
    assert_eq!(of(&server, "2"), Vec::<u64>::new());
}

#[test]
fn what_is_kept_as_a_list_is_read_as_one() {
    let server = seeded();
    // The numbers that Halo has for types mean nothing here; a rule that is off is kept with them.
    let rule = json!({
        "name": "Spam", "precedence": 1, "active": false, "new_status_id": 9,
        "criteria": [{"fieldname": "summary", "type": 1, "value_string": "\"<'win'>"}],
        "x_unknown": {"kept": [1.50, null]},
    });
    let made = written(&server, "/api/TicketRules", &rule);
    let on = json!([{"id": made["id"], "active": true}]);
    let refused = post(&server, "/api/TicketRules", &on).expect(400).json();
    let sentence = refused.as_str().unwrap();
    let start =
        "criteria[0]: This criterion never fits: its type 1 is not known: write one of equals,";
    assert!(sentence.starts_with(start), "{sentence}");
    let read = get(&server, &format!("/api/ticketrules/{}", made["id"]));
    assert_eq!(
        (&read["criteria"], &read["outcomes"]),
        (&rule["criteria"], &json!([]))
    );
    assert_eq!(
        (&read["x_unknown"]["kept"][1], &read["new_status_name"]),
        (&Value::Null, &json!("Closed"))
    );
    assert!(get(&server, "/api/TicketRules").is_array());

    let table = get(&server, "/api/CustomTable/1");
    let rows = table["customfields"][0]["value"].clone();
    let edit = json!([{"id": 1, "edit_customfields": [{"id": 2, "customfields": [{"name": "CFPhone", "value": "1"}]}]}]);
    let edited = written(&server, "/api/CustomTable", &edit)["customfields"][0]["value"].clone();
    assert_eq!(
        (&edited[0], &edited[1]["customfields"][2]["value"]),
        (&rows[0], &json!("1"))
    );
    assert_eq!(get(&server, "/api/Control")["timezone"], "UTC");
    let zone = json!([{"id": 1, "timezone": "Europe/Berlim"}]);
    for path in ["/api/Site", "/api/Control"] {
        let refused = post(&server, path, &zone).expect(400).json();
        let sentence =
            "timezone: There is no time zone \"Europe/Berlim\": did you mean Europe/Berlin?";
        assert_eq!(refused, sentence, "{path}");
    }
}

#[test]
fn lists_know_dates_texts_and_lookups() {
    let server = seeded();
    let old = json!({"summary": "Old", "tickettype_id": 1, "dateoccurred": "2020-05-04T10:00:00", "team": "Night Shift", "category_1": "Hardware>Printer"});
    let id = written(&server, "/api/Tickets", &old)["id"]
        .as_u64()
        .unwrap_or(0);
    for (query, found) in [
        ("startdate=2020-05-04&enddate=2020-05-04", true),
        ("startdate=2020-05-04T10:00:01Z&enddate=2020-05-04", false),
        ("enddate=2020-05-04&datesearch=datecreated", false),
        ("team=NIGHT%20shift", true),
        ("team=night", false),
        ("category_1=hardware%3Eprinter", true),
        ("category_1=2,3", true),
        ("category_1=2", false),
        ("lastupdatefromdate=2021-01-01", true),
        ("unassigned=true", true),
    ] {
        let list = get(&server, &format!("/api/Tickets?{query}"));
        assert_eq!(ids(&list, "tickets").contains(&id), found, "{query}");
    }
    written(
        &server,
        "/api/Lookup",
        &json!([{"lookupid": 7, "name": "b", "sequence": 2}, {"lookupid": 7, "name": "a", "sequence": 1}]),
    );
    let names: Vec<_> = get(&server, "/api/Lookup?lookupid=7")
        .as_array()
        .into_iter()
        .flatten()
        .map(|lookup| lookup["name"].clone())
        .collect();
    assert_eq!(names, ["a", "b"]);
    let articles = get(&server, "/api/KBArticle?search=credential");
    assert_eq!(records(&articles, "articles").len(), 1);
}

#[test]
fn the_surface_describes_itself_to_anybody() {
    let server = seeded();
    let answer = server.get("/api/OpenAPI.json").send().expect(200);
    let document = answer.json();
    assert_eq!(
        (&document["openapi"], &document["servers"][0]["url"]),
        (&json!("3.1.0"), &json!(server.url()))
    );
    assert!(document["paths"]["/api/Asset"]["post"].is_object());
    assert_eq!(post(&server, "/api/openapi.json", &json!({})).status, 405);
}
