//! API applications in the console, and in bundles.

use edge_tests::console::{code, delete, get, items, put};
use edge_tests::{Options, Server};
use serde_json::{Value, json};

use super::support::{
    answers, application, credentials, field, form, post, seeded, signed_in, status_with,
};

const ADDRESS: &str = "/console/applications";

fn empty() -> Server {
    Server::start(&Options::default())
}

fn token(server: &Server, id: &str, secret: &str) -> edge_tests::Answer {
    form(
        server,
        "/auth/token",
        &[
            ("grant_type", "client_credentials"),
            ("client_id", id),
            ("client_secret", secret),
        ],
    )
}

#[test]
fn a_secret_is_told_once_and_kept_as_its_hash() {
    let mut server = empty();
    assert!(items(&get(&server, ADDRESS)).is_empty());
    let made = application(
        &server,
        &json!({"name": "Reports", "scopes": ["read:tickets"]}),
    );
    let (id, first) = credentials(&made);
    assert!(first.len() > 40, "{made}");
    let address = format!("{ADDRESS}/{id}");
    let renewed = post(&server, &format!("{address}/secret"), &json!({}))
        .expect(200)
        .json();
    let (_, second) = credentials(&renewed);
    assert_ne!(first, second);
    let _ = token(&server, &id, &first).expect(401);
    let given = token(&server, &id, &second).expect(200).json();
    let access = field(&given, "access_token");

    let read = get(&server, &address);
    assert_eq!(read["client_secret"], json!({"secret": null}));
    assert!(read["last_used_at"].is_u64(), "{read}");
    let replaced = put(&server, &address, 2, &read).expect(200).json();
    assert_eq!(replaced["client_secret"], json!({"secret": null}));
    for text in [
        get(&server, ADDRESS).to_string(),
        get(&server, "/console/export").to_string(),
        server.log(),
    ] {
        for secret in [&first, &second, &access] {
            assert!(!text.contains(secret.as_str()), "{text}");
        }
    }
    server.kill();
    for (name, content) in server.files() {
        for secret in [&first, &second, &access] {
            let found = content
                .windows(secret.len())
                .any(|window| window == secret.as_bytes());
            assert!(!found, "a secret is in {}", name.display());
        }
    }
    server.restart();
    assert_eq!(status_with(&server, &access, "/api/Tickets"), 200);
}

#[test]
fn what_is_changed_counts_at_once() {
    let server = seeded();
    let made = application(&server, &json!({"name": "Reports", "scopes": "all"}));
    let (id, secret) = credentials(&made);
    let address = format!("{ADDRESS}/{id}");
    let access = field(
        &token(&server, &id, &secret).expect(200).json(),
        "access_token",
    );
    let mut version = 1;
    for (scopes, active, status) in [
        (json!(["read:customers"]), true, 403),
        (json!(["all"]), false, 401),
        (json!(["read:tickets"]), true, 200),
    ] {
        let body = json!({"name": "Reports", "scopes": scopes, "active": active});
        let kept = put(&server, &address, version, &body).expect(200).json();
        version = kept["version"].as_u64().unwrap();
        assert_eq!(
            status_with(&server, &access, "/api/Tickets"),
            status,
            "{body}"
        );
        let status = if active { 200 } else { 401 };
        let _ = token(&server, &id, &secret).expect(status);
    }
    let _ = post(&server, &format!("{address}/revoke"), &json!({})).expect(204);
    assert_eq!(status_with(&server, &access, "/api/Tickets"), 401);
    let access = field(
        &token(&server, &id, &secret).expect(200).json(),
        "access_token",
    );
    let stale = server.delete(&address).header("if-match", "1").admin();
    answers(412, stale);
    let _ = delete(&server, &address).expect(204);
    assert_eq!(status_with(&server, &access, "/api/Tickets"), 401);
    let _ = token(&server, &id, &secret).expect(401);
    answers(404, server.get(&address).admin());
}

#[test]
fn what_cannot_work_is_refused() {
    let server = empty();
    for (body, expected) in [
        (json!({"name": "", "scopes": "all"}), "name"),
        (json!({"name": "A"}), "invalid_document"),
        (json!({"name": "A", "scopes": ["fly"]}), "invalid_document"),
        (
            json!({"name": "A", "scopes": "all", "sceret": 1}),
            "invalid_document",
        ),
        (
            json!({"name": "A", "scopes": "all", "client_id": "mine"}),
            "client_id",
        ),
        (
            json!({"name": "A", "scopes": "all", "client_secret": {"secret": "mine"}}),
            "client_secret",
        ),
        (
            json!({"name": "A", "scopes": "all", "grants": ["authorization_code"], "redirect_uris": ["javascript:alert(1)"]}),
            "redirect_uri",
        ),
    ] {
        let refused = post(&server, ADDRESS, &body).expect(400);
        assert_eq!(code(&refused), expected, "{body}");
    }
    let made = application(&server, &json!({"name": "A", "scopes": "all"}));
    let address = format!("{ADDRESS}/{}", field(&made, "client_id"));
    let body = json!({"name": "B", "scopes": "all"});
    let _ = put(&server, &address, 9, &body).expect(412);
    let unversioned = server.put(&address).admin().json(&body);
    answers(428, unversioned);
    for (method, path) in [
        ("GET", format!("{ADDRESS}/nobody")),
        ("DELETE", format!("{ADDRESS}/nobody")),
        ("POST", format!("{ADDRESS}/nobody/secret")),
        ("POST", format!("{ADDRESS}/nobody/revoke")),
        ("POST", format!("{ADDRESS}/nobody/nothing")),
    ] {
        answers(404, server.call(method, &path).admin());
    }
}

#[test]
fn only_the_console_is_let_in() {
    let server = empty();
    let made = application(&server, &json!({"name": "A", "scopes": "all"}));
    let (id, secret) = credentials(&made);
    let access = field(
        &token(&server, &id, &secret).expect(200).json(),
        "access_token",
    );
    let cookie = signed_in(&server);
    for path in [ADDRESS.to_owned(), format!("{ADDRESS}/{id}")] {
        answers(401, server.get(&path));
        let bearer = format!("Bearer {access}");
        answers(401, server.get(&path).header("authorization", &bearer));
        answers(200, server.get(&path).header("cookie", &cookie));
    }
    for (origin, status) in [
        ("http://attacker.example", 403),
        (server.url().as_str(), 200),
    ] {
        let call = server.post(&format!("{ADDRESS}/{id}/secret"));
        let call = call.header("cookie", &cookie).header("origin", origin);
        answers(status, call.json(&json!({})));
    }
}

#[test]
fn a_bundle_brings_applications_and_takes_their_secrets_nowhere() {
    let server = empty();
    let bundle = |secret: Value| {
        json!({"format": "nimbus.bundle/1", "desk": {"applications": [{
            "name": "CIPP", "client_id": "cipp", "client_secret": {"secret": secret},
            "scopes": ["read:tickets", "edit:customers"],
        }]}})
    };
    let import = |body: &Value| post(&server, "/console/import", body);
    let report = import(&bundle(Value::Null)).expect(200).json();
    assert_eq!(report["created"], json!(["application CIPP"]));
    assert_eq!(
        report["missing_secrets"],
        json!([["application CIPP", "client_secret"]])
    );
    let _ = token(&server, "cipp", "a-secret-that-was-brought").expect(401);
    let report = import(&bundle(json!("a-secret-that-was-brought")))
        .expect(200)
        .json();
    assert_eq!(report["replaced"], json!(["application CIPP"]));
    let report = import(&bundle(Value::Null)).expect(200).json();
    assert_eq!(report["missing_secrets"], json!([]));
    let given = token(&server, "cipp", "a-secret-that-was-brought").expect(200);
    assert_eq!(
        given.json()["scope"],
        "read:tickets read:customers edit:customers"
    );

    let exported = get(&server, "/console/export");
    assert_eq!(
        exported["desk"]["applications"],
        json!([{
            "name": "CIPP", "client_id": "cipp", "client_secret": {"secret": null},
            "scopes": ["read:tickets", "read:customers", "edit:customers"],
            "grants": ["client_credentials"],
        }])
    );
    let _ = import(&exported).expect(200);

    let mut twice = bundle(Value::Null);
    let one = twice["desk"]["applications"][0].clone();
    let list = twice["desk"]["applications"].as_array_mut().unwrap();
    list.push(one);
    let mut reserved = bundle(Value::Null);
    reserved["desk"]["applications"][0]["client_id"] = json!("admin");
    for (broken, place) in [
        (twice, "desk.applications[1].client_id"),
        (reserved, "desk.applications[0].client_id"),
    ] {
        let refused = import(&broken).expect(400).json();
        assert_eq!(refused["error"]["at"]["field"], place);
    }
}
