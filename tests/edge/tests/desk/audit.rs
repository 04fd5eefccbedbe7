//! The audit log of API applications.

use edge_tests::Server;
use edge_tests::console::{delete, put};
use serde_json::{Value, json};

use super::support::{answers, application, databases, field, post, seeded, signed_in};

/// The rows about an application, oldest first: who did what.
fn rows(server: &mut Server, id: &str) -> Vec<String> {
    // Nothing else may hold the database.
    server.kill();
    let mut found: Vec<String> = Vec::new();
    for database in databases(server) {
        let sql = "SELECT by || ' ' || act FROM audit WHERE kind = 'application' AND id = ? AND at > 0 ORDER BY number";
        let Ok(mut statement) = database.prepare(sql) else {
            continue;
        };
        let rows = statement.query_map([id], |row| row.get(0));
        found.extend(rows.into_iter().flatten().map_while(Result::ok));
    }
    server.restart();
    found
}

#[test]
fn what_is_done_to_an_application_is_written_down() {
    let mut server = seeded();
    let cookie = signed_in(&server);
    let fields = json!({"name": "Reports", "scopes": ["read:tickets"]});
    let id = field(&application(&server, &fields), "client_id");
    let address = format!("/console/applications/{id}");
    let mut version = 1;
    for (name, active) in [
        ("Reports of all", true),
        ("Reports of all", false),
        ("Reports", true),
        // Sending what is there already is a change as well: it makes a version.
        ("Reports", true),
    ] {
        let body = json!({"name": name, "scopes": ["read:tickets"], "active": active});
        let kept = put(&server, &address, version, &body).expect(200).json();
        version = kept["version"].as_u64().unwrap();
    }
    let renewal = server
        .post(&format!("{address}/secret"))
        .header("cookie", &cookie)
        .header("origin", &server.url())
        .json(&json!({}));
    answers(200, renewal);
    let _ = post(&server, &format!("{address}/revoke"), &json!({})).expect(204);
    // What is refused did not happen.
    let _ = put(&server, &address, 1, &fields).expect(412);
    let _ = post(
        &server,
        "/console/applications",
        &json!({"name": "", "scopes": "all"}),
    )
    .expect(400);
    let _ = delete(&server, &address).expect(204);
    let expected = [
        "admin create",
        "admin replace",
        "admin switch_off",
        "admin switch_on",
        "admin replace",
        "admin replace",
        "console renew_secret",
        "admin revoke_tokens",
        "admin delete",
    ];
    assert_eq!(rows(&mut server, &id), expected);
}

#[test]
fn what_a_bundle_does_to_applications_is_written_down() {
    let mut server = seeded();
    let import = |server: &Server, active: bool, secret: Value| {
        let bundle = json!({"format": "nimbus.bundle/1", "desk": {"applications": [{
            "name": "CIPP", "client_id": "cipp", "client_secret": {"secret": secret},
            "scopes": ["read:tickets"], "active": active,
        }]}});
        let _ = post(server, "/console/import", &bundle).expect(200);
    };
    import(&server, true, Value::Null);
    import(&server, false, json!("a-secret-that-was-brought"));
    let expected = ["admin create", "admin switch_off", "admin renew_secret"];
    assert_eq!(rows(&mut server, "cipp"), expected);
}
