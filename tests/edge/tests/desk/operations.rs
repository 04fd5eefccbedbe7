//! Halo API actions: at this desk, and at another one that plays a remote Halo.

use edge_tests::bundle::{chain, with};
use edge_tests::{ADMIN_TOKEN, Options, Server, console};
use serde_json::{Value, json};

use super::support::{get, ids, seeded, written};

/// A runbook with these actions one after the other, all at the integration `halo` or at the own desk.
fn actions(id: &str, target: Option<&str>, actions: &[(&str, Value)]) -> Value {
    let steps: Vec<Value> = actions
        .iter()
        .enumerate()
        .map(|(place, (action, body))| {
            let mut step = json!({
                "type": "desk_action", "action": action, "body": body,
                "outputs": [{"name": format!("Id{place}"), "value": "response^id"}],
            });
            if let Some(target) = target {
                step["target"] = json!(target);
            }
            step
        })
        .collect();
    let start = json!({
        "access": "desk", "answer": {"when": "finished"},
        "inputs": [{"name": "Name", "value": "request^name", "type": "string"}],
    });
    chain(id, &start, &steps)
}

fn import(server: &Server, integrations: &Value, runbooks: &[Value]) {
    let bundle =
        json!({"format": "nimbus.bundle/1", "integrations": integrations, "runbooks": runbooks});
    let report = console::post(server, "/console/import", &bundle).expect(200);
    assert_eq!(report.json()["drafts"], json!([]));
}

/// One of each kind, each using what the one before made.
fn every_action() -> Vec<(&'static str, Value)> {
    vec![
        (
            "create_customer",
            json!("[{\"name\": \"<<Name>>\", \"newclient_sitename\": \"Head office\"}]"),
        ),
        (
            "edit_customer",
            json!("[{\"id\": <<Id0>>, \"notes\": \"Edited\"}]"),
        ),
        (
            "create_site",
            json!("[{\"name\": \"Depot\", \"client_id\": <<Id0>>}]"),
        ),
        (
            "edit_site",
            json!("[{\"id\": <<Id2>>, \"phonenumber\": \"12\"}]"),
        ),
        (
            "create_user",
            json!("[{\"name\": \"Una Rose\", \"site_id\": <<Id2>>}]"),
        ),
        (
            "edit_user",
            json!("{\"id\": \"<<Id4>>\", \"title\": \"Buyer\"}"),
        ),
        (
            "create_asset",
            json!("[{\"assettype_id\": 1, \"site_id\": <<Id2>>, \"users\": [{\"id\": <<Id4>>}]}]"),
        ),
        (
            "edit_asset",
            json!("[{\"id\": <<Id6>>, \"key_field\": \"PC-1\"}]"),
        ),
        (
            "create_lookup",
            json!("[{\"lookupid\": 5, \"name\": \"<<Name>>\"}]"),
        ),
        (
            "edit_lookup",
            json!("[{\"lookupid\": 5, \"id\": <<Id8>>, \"value2\": \"two\"}]"),
        ),
        (
            "create_knowledge_base_article",
            json!("[{\"name\": \"About <<Name>>\", \"resolution\": \"Ask\"}]"),
        ),
        (
            "edit_knowledge_base_article",
            json!("[{\"id\": <<Id10>>, \"tag_string\": \"new\"}]"),
        ),
        (
            "edit_custom_table_data",
            json!(
                "[{\"id\": 1, \"edit_customfields\": [{\"id\": 2, \"customfields\": [{\"name\": \"CFEngineer\", \"value\": <<Name>>}]}]}]"
            ),
        ),
        (
            "create_ticket_rule",
            json!("[{\"name\": \"Rule <<Name>>\", \"active\": false}]"),
        ),
        (
            "edit_ticket_rule",
            json!("[{\"id\": <<Id13>>, \"active\": true}]"),
        ),
        ("get_control", json!("")),
        (
            "create_ticket",
            json!("[{\"summary\": \"For <<Name>>\", \"tickettype_id\": 1, \"user_id\": <<Id4>>}]"),
        ),
        (
            "update_ticket",
            json!("[{\"id\": <<Id16>>, \"status_id\": 9, \"category_1\": \"Spam\"}]"),
        ),
        (
            "add_action",
            json!("[{\"ticket_id\": <<Id16>>, \"outcome_id\": 1, \"note\": \"Done by <<Id15>>\"}]"),
        ),
    ]
}

/// What [`every_action`] has done to a desk.
fn check(server: &Server, rows: &Value) {
    let client = &get(server, "/api/Client?search=Harbour")["clients"][0];
    assert_eq!(client["notes"], "Edited");
    let sites = get(
        server,
        &format!("/api/Site?client_id={}&order=id", client["id"]),
    );
    assert_eq!(
        (
            &sites["sites"][0]["name"],
            &sites["sites"][1]["phonenumber"]
        ),
        (&json!("Head office"), &json!("12"))
    );
    let user = &get(server, "/api/Users?search=una")["users"][0];
    assert_eq!(
        (&user["title"], &user["client_id"]),
        (&json!("Buyer"), &client["id"])
    );
    let asset = &get(server, &format!("/api/Asset?user_id={}", user["id"]))["assets"][0];
    assert_eq!(asset["key_field"], "PC-1");
    assert_eq!(get(server, "/api/Lookup?lookupid=5")[0]["value2"], "two");
    assert_eq!(
        get(server, "/api/KBArticle?search=harbour")["articles"][0]["tag_string"],
        "new"
    );
    let now = &get(server, "/api/CustomTable/1")["customfields"][0]["value"];
    assert_eq!(
        (&now[0], &now[1]["customfields"][1]["value"]),
        (&rows[0], &json!("Harbour Bakery"))
    );
    assert_eq!(now[1]["customfields"][2], rows[1]["customfields"][2]);
    assert_eq!(get(server, "/api/TicketRules")[0]["active"], true);
    let ticket = &get(server, "/api/Tickets?search=harbour")["tickets"][0];
    assert_eq!(
        (&ticket["category_1"], &ticket["isclosed"]),
        (&json!("Spam"), &json!(true))
    );
    let action = &get(server, &format!("/api/Actions?ticket_id={}", ticket["id"]))["actions"][0];
    assert_eq!(
        (&action["note"], &action["outcome"]),
        (&json!("Done by 1"), &json!("Private Note"))
    );
}

fn rows(server: &Server) -> Value {
    get(server, "/api/CustomTable/1")["customfields"][0]["value"].clone()
}

#[test]
fn every_action_works_at_this_desk() {
    let server = seeded();
    let rows = rows(&server);
    import(
        &server,
        &json!([]),
        &[actions("every", None, &every_action())],
    );
    let run = console::run(&server, "every", &json!({"Name": "Harbour Bakery"}));
    assert_eq!(run["status"], "succeeded", "{run}");
    check(&server, &rows);
}

#[test]
fn every_action_works_at_another_halo() {
    let (server, remote) = (Server::start(&Options::default()), seeded());
    let rows = rows(&remote);
    let halo = json!({
        "id": "halo", "name": "Their Halo", "base_url": remote.url(), "halo": true, "methods": [],
        "auth": {
            "type": "oauth2", "grant": "client_credentials", "token_url": format!("{}/auth/token?tenant=theirs", remote.url()),
            "client_id": "admin", "client_secret": {"secret": ADMIN_TOKEN}, "scope": "all",
        },
    });
    import(
        &server,
        &json!([halo]),
        &[actions("every", Some("halo"), &every_action())],
    );
    let run = console::run(&server, "every", &json!({"Name": "Harbour Bakery"}));
    assert_eq!(run["status"], "succeeded", "{run}");
    check(&remote, &rows);
    assert_eq!(get(&server, "/api/Client")["record_count"], 0);
}

#[test]
fn what_a_desk_refuses_takes_the_failure_way_and_says_why() {
    let server = seeded();
    let twice = [("create_customer", json!("[{\"name\": \"<<Name>>\"}]"))];
    import(&server, &json!([]), &[actions("twice", None, &twice)]);
    let run = console::run(&server, "twice", &json!({"Name": "Harbour Bakery"}));
    assert_eq!(run["status"], "succeeded", "{run}");
    let run = console::run(&server, "twice", &json!({"Name": "harbour bakery"}));
    assert_eq!(run["status"], "failed");
    assert!(
        run["visits"][0].to_string().contains("Name must be unique"),
        "{run}"
    );
    assert_eq!(
        ids(&get(&server, "/api/Client?search=harbour"), "clients").len(),
        1
    );
}

#[test]
fn a_body_that_lacks_what_its_action_needs_is_not_published() {
    let server = seeded();
    let runbook = actions(
        "lacking",
        None,
        &[("create_site", json!("[{\"name\": \"Depot\"}]"))],
    );
    let bundle = json!({"format": "nimbus.bundle/1", "runbooks": [with(&runbook, &json!({}))]});
    let report = console::post(&server, "/console/import", &bundle)
        .expect(200)
        .json();
    let problem = &report["drafts"][0][1][0];
    assert_eq!(problem["code"], "missing_key", "{report}");
    written(
        &server,
        "/api/Site",
        &json!({"name": "Depot", "client_id": 1}),
    );
}
