//! The rules of single resources.

use serde_json::{Value, json};

use super::{DeskEvent, admin, ask, get, post, refusal, seeded};
use crate::model::RecordKind;

#[test]
fn an_asset_belongs_to_the_client_of_its_site() {
    let memory = seeded();
    let (asset, _) = post(
        &memory,
        "/api/Asset",
        &json!({"assettype_id": 1, "site_id": "4"}),
    )
    .unwrap();
    assert_eq!(
        (&asset["client_id"], &asset["site_name"]),
        (&json!(1), &json!("Park Road Surgery"))
    );
    let id = &asset["id"];

    let (moved, _) = post(&memory, "/api/Asset", &json!({"id": id, "client_id": 2})).unwrap();
    assert_eq!(
        (&moved["client_id"], &moved["site_id"]),
        (&json!(2), &Value::Null)
    );

    for (body, sentence) in [
        (
            json!({"client_id": 1}),
            "An Asset Type must be chosen for this Asset",
        ),
        (
            json!({"assettype_id": 1}),
            "A Client or a Site must be chosen for this Asset",
        ),
        (
            json!({"assettype_id": 99, "client_id": 1}),
            "assettype_id: there is no asset type 99",
        ),
        (
            json!({"assettype_id": 1, "client_id": 1, "users": 5}),
            "users must be a list of objects",
        ),
        (
            json!({"assettype_id": 1, "client_id": 1, "fields": [{"value": 5}]}),
            "fields must be a list of objects with an id or a name each",
        ),
    ] {
        assert_eq!(
            refusal(&memory, "/api/Asset", &body),
            (400, sentence.to_owned())
        );
    }
}

#[test]
fn a_time_zone_must_be_one() {
    let memory = seeded();
    for (path, mut body) in [
        ("/api/Site", json!({"name": "Depot", "client_id": 1})),
        ("/api/Site", json!({"id": 1})),
        ("/api/Control", json!({"id": 1})),
    ] {
        for (zone, expected) in [
            (
                json!("Europe/Nowhere"),
                Some("There is no time zone \"Europe/Nowhere\""),
            ),
            (json!("europe/berlin"), None),
            (json!(""), None),
            (Value::Null, None),
        ] {
            body["timezone"] = zone;
            match (post(&memory, path, &body), expected) {
                (Ok((written, _)), None) => assert_eq!(written["timezone"], body["timezone"]),
                (Err(error), Some(expected)) => {
                    let sentence = error.to_string();
                    assert_eq!(error.status(), 400);
                    assert!(
                        sentence.starts_with("timezone: ") && sentence.contains(expected),
                        "{sentence}"
                    );
                }
                (outcome, _) => panic!("{path} {body}: {outcome:?}"),
            }
        }
    }
}

#[test]
fn a_user_who_is_deleted_no_longer_uses_assets() {
    let memory = seeded();
    let user = json!({"name": "Una Rose", "site_id": 1});
    let user = post(&memory, "/api/Users", &user).unwrap().0["id"].clone();
    let asset = |users: Value| {
        let asset = json!({"assettype_id": 1, "client_id": 1, "users": users});
        post(&memory, "/api/Asset", &asset).unwrap().0["id"].clone()
    };
    let text = user.to_string();
    let shared = asset(json!([{"id": 1, "note": "kept"}, {"id": text}, {"name": "nobody"}]));
    let other = asset(json!([{"id": 1}]));
    let path = format!("/api/Users/{user}");
    let (_, events) = ask(&memory, &admin(), "DELETE", &path, &Value::Null).unwrap();
    let users = |asset: &Value| get(&memory, &format!("/api/Asset/{asset}"))["users"].clone();
    assert_eq!(
        (users(&shared), users(&other)),
        (
            json!([{"id": 1, "note": "kept"}, {"name": "nobody"}]),
            json!([{"id": 1}])
        )
    );
    let changed: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            DeskEvent::RecordChanged { kind, id, .. } => Some((*kind, *id)),
            _ => None,
        })
        .collect();
    assert_eq!(
        changed,
        [
            (RecordKind::Asset, shared.as_u64().unwrap()),
            (RecordKind::User, user.as_u64().unwrap())
        ]
    );
}

#[test]
fn custom_fields_that_are_not_sent_stay_as_they_are() {
    let memory = seeded();
    let change = |fields: Value| {
        let body = json!({"id": 1, "customfields": fields});
        post(&memory, "/api/Client", &body).unwrap().0["customfields"].clone()
    };
    assert_eq!(
        change(json!([{"name": "CFTier", "value": "Gold"}])),
        json!([{"name": "CFTier", "value": "Gold"}])
    );
    assert_eq!(
        change(json!([{"name": "CFSeats", "value": 46}, {"name": "cftier", "value": ["a"]}])),
        json!([{"name": "cftier", "value": ["a"]}, {"name": "CFSeats", "value": 46}])
    );
    let (asset, _) = post(
        &memory,
        "/api/Asset",
        &json!({"id": 1, "fields": [{"id": 2, "value": "HP Elite Mini 800"}]}),
    )
    .unwrap();
    assert_eq!(asset["fields"][0]["value"], "Windows 11 Pro 24H2");
    assert_eq!(
        asset["fields"][1],
        json!({"id": 2, "name": "Model", "value": "HP Elite Mini 800"})
    );
}

#[test]
fn a_lookup_is_changed_by_both_halves_of_its_key() {
    let memory = seeded();
    let both = json!({"id": 1, "lookupid": "100", "value2": "x"});
    let (lookup, _) = post(&memory, "/api/Lookup", &both).unwrap();
    assert_eq!(
        (&lookup["name"], &lookup["value2"]),
        (&json!("Remote"), &json!("x"))
    );
    for (body, status, sentence) in [
        (
            json!({"id": 1, "value2": "y"}),
            400,
            "A lookup is known by lookupid and id together: send both to change it",
        ),
        (
            json!({"id": 1, "lookupid": 101, "value2": "y"}),
            404,
            "There is no lookup 1 with lookupid 101",
        ),
        (
            json!({"name": "y"}),
            400,
            "A lookupid must be entered for this Lookup",
        ),
    ] {
        assert_eq!(
            refusal(&memory, "/api/Lookup", &body),
            (status, sentence.to_owned())
        );
    }
    assert_eq!(get(&memory, "/api/Lookup/1")["value2"], "x");
}

#[test]
fn editing_one_row_of_a_table_leaves_the_others_alone() {
    let memory = seeded();
    let write = |rows: Value| {
        let mut body = json!({"id": 1});
        body.as_object_mut()
            .unwrap()
            .extend(rows.as_object().unwrap().clone());
        post(&memory, "/api/CustomTable", &body)
            .map(|(table, _)| table["customfields"][0]["value"].clone())
    };
    let before = get(&memory, "/api/CustomTable/1");
    assert_eq!(
        (&before["customfields"][0]["type"], &before["rows"]),
        (&json!(7), &Value::Null)
    );
    let row = |id: u64, engineer: &str| json!({"id": id, "customfields": [{"name": "CFEngineer", "value": engineer}]});

    for command in ["edit_customfields", "customfields"] {
        let rows = write(json!({ command: [row(2, "Priya Nair")] })).unwrap();
        assert_eq!(rows[0], before["customfields"][0]["value"][0], "{command}");
        assert_eq!(
            rows[1]["customfields"],
            json!([
                {"name": "CFWeekday", "value": "Sunday"},
                {"name": "CFEngineer", "value": "Priya Nair"},
                {"name": "CFPhone", "value": "020 7946 0871"},
            ])
        );
    }
    // As the desk itself shows them, and as Halo's clients send them.
    let field = json!([{"id": 1, "type": 7, "value": [{"customfields": [{"name": "cfweekday", "value": "Monday"}]}]}]);
    let rows = write(json!({ "customfields": field })).unwrap();
    assert_eq!(
        rows[2],
        json!({"id": 3, "customfields": [{"name": "CFWeekday", "value": "Monday"}]})
    );
    let rows =
        write(json!({"customfields": [row(2, "Tom Whitfield")], "_add_rows": true})).unwrap();
    assert_eq!(
        (&rows[3]["id"], rows.as_array().map(Vec::len)),
        (&json!(4), Some(4))
    );

    let rows = write(json!({"delete_customfields": [{"id": 3}, 4]})).unwrap();
    assert_eq!(rows.as_array().map(Vec::len), Some(2));
    let rows = write(json!({"add_customfields": [{}]})).unwrap();
    assert_eq!(rows[2]["id"], 5, "an id is not given twice");

    // What was read can be sent back.
    let read = get(&memory, "/api/CustomTable/1");
    assert_eq!(post(&memory, "/api/CustomTable", &read).unwrap().0, read);

    // A column that is named in another case is the same one, as it was written first.
    let relabelled = json!({"id": 1, "columns": [{"name": "cfphone", "label": "Mobile"}]});
    let (table, _) = post(&memory, "/api/CustomTable", &relabelled).unwrap();
    assert_eq!(
        (&table["columns"][2]["name"], &table["columns"][2]["label"]),
        (&json!("CFPhone"), &json!("Mobile"))
    );

    for (rows, sentence) in [
        (
            json!({"edit_customfields": [row(9, "x")]}),
            "The table On call has no row 9",
        ),
        (
            json!({"delete_customfields": [9]}),
            "The table On call has no row 9",
        ),
        (
            json!({"add_customfields": [{"customfields": [{"name": "CFCity", "value": 1}]}]}),
            "The table On call has no column CFCity; its columns are CFWeekday, CFEngineer, CFPhone",
        ),
        (
            json!({"delete_columns": ["CFPhone"]}),
            "delete_columns must be a list of columns, each {\"name\": …}",
        ),
        (
            json!({"edit_customfields": [{"customfields": []}]}),
            "edit_customfields must be a list of rows with an id each",
        ),
    ] {
        assert_eq!(write(rows).unwrap_err().to_string(), sentence);
    }
    for rows in [
        json!("x"),
        json!(["x"]),
        json!([{"customfields": [{"value": 1}]}]),
        json!([{"id": "x"}]),
    ] {
        let error = write(json!({ "customfields": rows })).unwrap_err();
        assert_eq!(error.status(), 400, "{rows}");
    }
}

#[test]
fn a_column_goes_with_what_stands_in_it() {
    let memory = seeded();
    let delete = |columns: Value| {
        let body = json!({"id": 1, "delete_columns": columns});
        post(&memory, "/api/CustomTable", &body).unwrap().0
    };
    let before = get(&memory, "/api/CustomTable/1");
    let table = delete(json!([{"name": "cfphone"}, {"name": "CFNone"}]));
    let names = |list: &Value| {
        let list = list.as_array().unwrap().iter();
        list.map(|element| element["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&table["columns"]), ["CFWeekday", "CFEngineer"]);
    let rows = |table: &Value| {
        table["customfields"][0]["value"]
            .as_array()
            .unwrap()
            .clone()
    };
    assert_eq!(rows(&table).len(), rows(&before).len());
    for row in rows(&table) {
        assert!(
            !names(&row["customfields"]).contains(&"CFPhone".to_owned()),
            "{row}"
        );
        assert_eq!(names(&row["customfields"]).len(), 2, "{row}");
    }
    assert_eq!(
        delete(json!([{"name": "CFPhone"}])),
        table,
        "once is enough"
    );
}

#[test]
fn an_outcome_is_given_by_its_name_or_by_its_id() {
    let memory = seeded();
    let action = |more: Value| {
        let mut body = json!({"ticket_id": 1001});
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        post(&memory, "/api/Actions", &body)
            .map(|(action, _)| (action["outcome"].clone(), action["outcome_id"].clone()))
    };
    assert_eq!(
        action(json!({"outcome_id": "2"})).unwrap(),
        (json!("Email User"), json!(2))
    );
    assert_eq!(
        action(json!({"outcome": "phone call"})).unwrap(),
        (json!("phone call"), json!(3))
    );
    assert_eq!(
        action(json!({"outcome": "Answer"})).unwrap(),
        (json!("Answer"), Value::Null)
    );
    assert_eq!(
        action(json!({"outcome_id": 99})).unwrap(),
        (json!("Outcome 99"), json!(99))
    );
    let (written, _) = post(
        &memory,
        "/api/Actions",
        &json!({"ticket_id": 1001, "outcome": "O", "who_agentid": 2}),
    )
    .unwrap();
    assert_eq!(written["who"], "Priya Nair");
}

#[test]
fn control_is_one_record() {
    let memory = seeded();
    assert_eq!(get(&memory, "/api/Control")["timezone"], "UTC");
    let (control, _) = post(
        &memory,
        "/api/Control",
        &json!([{"companyname": "Northgate IT"}]),
    )
    .unwrap();
    assert_eq!(
        (&control["id"], &control["timezone"]),
        (&json!(1), &json!("UTC"))
    );
    assert_eq!(get(&memory, "/api/control")["companyname"], "Northgate IT");
    assert_eq!(
        ask(&memory, &admin(), "DELETE", "/api/Control/1", &Value::Null)
            .unwrap_err()
            .status(),
        405
    );
}

#[test]
fn a_category_is_called_by_its_last_part() {
    let memory = seeded();
    let (category, _) = post(
        &memory,
        "/api/Category",
        &json!({"value": "Hardware > Phone"}),
    )
    .unwrap();
    assert_eq!(
        (&category["category_name"], &category["type_id"]),
        (&json!("Phone"), &json!(1))
    );
}

#[test]
fn lists_know_dates_and_texts() {
    let memory = seeded();
    let count = |path: &str| get(&memory, path)["record_count"].as_u64().unwrap();
    assert_eq!(count("/api/Tickets?startdate=2026-03-01"), 3);
    assert_eq!(count("/api/Tickets?enddate=2026-03-01"), 1);
    assert_eq!(
        count("/api/Tickets?startdate=2026-03-02&enddate=2026-03-02T06:00"),
        1
    );
    assert_eq!(
        count("/api/Tickets?startdate=2026-03-02&datesearch=datecreated"),
        2
    );
    assert_eq!(
        count("/api/Tickets?team=1st%20line%20support&lastupdatefromdate=2000-01-01"),
        2
    );
    for query in [
        "startdate=soon",
        "startdate=2026-03-01&datesearch=summary",
        "lastupdatetodate=x",
    ] {
        let error = ask(
            &memory,
            &admin(),
            "GET",
            &format!("/api/Tickets?{query}"),
            &Value::Null,
        )
        .unwrap_err();
        assert_eq!(error.status(), 400, "{query}");
    }
}
