//! Who may do what.

use edge_tests::ADMIN_TOKEN;
use serde_json::{Value, json};

use super::support::{answers, seeded, signed_in, token};

const FORM: &str = "application/x-www-form-urlencoded";

#[test]
fn tokens_are_given_for_client_credentials_in_oauths_shape() {
    let server = seeded();
    let ask = |path: &str, media_type: &str, authorization: Option<&str>, body: &str| {
        let mut call = server.post(path).header("content-type", media_type);
        if let Some(authorization) = authorization {
            call = call.header("authorization", authorization);
        }
        call.body(body).send()
    };
    let good = format!(
        "grant_type=client_credentials&client_id=admin&client_secret={ADMIN_TOKEN}&scope=all"
    );
    for path in ["/auth/token", "/auth/token?tenant=x", "/AUTH/Token/"] {
        let answer = ask(path, FORM, None, &good).expect(200);
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let answer = answer.json();
        assert_eq!(
            (&answer["token_type"], &answer["scope"]),
            (&json!("Bearer"), &json!("all"))
        );
        assert_eq!(answer["expires_in"], 3600);
    }
    let form = |fields: &str| format!("grant_type=client_credentials&{fields}");
    for (media_type, body, status, code) in [
        (
            FORM,
            form("client_id=admin&client_secret=wrong"),
            401,
            "invalid_client",
        ),
        (
            FORM,
            form(&format!("client_id=x&client_secret={ADMIN_TOKEN}")),
            401,
            "invalid_client",
        ),
        (FORM, form("client_id=admin"), 400, "invalid_request"),
        (
            FORM,
            good.replace("scope=all", "scope=fly"),
            400,
            "invalid_scope",
        ),
        (
            FORM,
            good.replace("client_credentials", "password"),
            400,
            "unsupported_grant_type",
        ),
        ("application/json", "{}".to_owned(), 400, "invalid_request"),
        (FORM, String::new(), 400, "invalid_request"),
    ] {
        let answer = ask("/auth/token", media_type, None, &body)
            .expect(status)
            .json();
        assert_eq!(answer["error"], code, "{body}");
        assert!(answer["error_description"].is_string());
    }
    // The right user name and password of RFC 7617's example are wrong here.
    let wrong = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==";
    let answer = ask("/auth/token", FORM, Some(wrong), &form("")).expect(401);
    assert_eq!(answer.header("www-authenticate"), Some("Basic"));
    answers(405, server.get("/auth/token"));
}

#[test]
fn a_login_does_what_its_scopes_permit_and_no_more() {
    let mut server = seeded();
    let reader = format!("Bearer {}", token(&server, "read:tickets"));
    let editor = format!(
        "Bearer {}",
        token(&server, "read:tickets%20edit:tickets").as_str()
    );
    let action = json!([{"ticket_id": 1001, "outcome": "Note", "note": "x"}]);
    for (login, method, path, status) in [
        (Some(&reader), "GET", "/api/Tickets", 200),
        (Some(&reader), "GET", "/api/Status", 200),
        (Some(&reader), "GET", "/api/Agent/me", 200),
        (Some(&reader), "GET", "/api/Client", 403),
        (Some(&reader), "POST", "/api/Actions", 403),
        (Some(&reader), "DELETE", "/api/Tickets/1001", 403),
        (Some(&editor), "POST", "/api/Actions", 201),
        (Some(&editor), "POST", "/api/Status", 403),
        (
            Some(&"Bearer never-given".to_owned()),
            "GET",
            "/api/Tickets",
            401,
        ),
        (Some(&"Basic YTpi".to_owned()), "GET", "/api/Tickets", 401),
        (None, "GET", "/api/Tickets", 401),
        (None, "POST", "/api/Actions", 401),
        (None, "GET", "/api/Nothing", 401),
    ] {
        let never_given = login.is_some_and(|login| login.ends_with("never-given"));
        let mut call = server.call(method, path);
        if method == "POST" {
            call = call.json(&action);
        }
        if let Some(login) = login {
            call = call.header("authorization", login);
        }
        let answer = call.send();
        assert_eq!(
            answer.status,
            status,
            "{login:?} {method} {path}: {}",
            answer.text()
        );
        if status >= 400 {
            assert!(answer.json().is_string(), "{}", answer.text());
        }
        if status == 401 {
            let challenge = if never_given {
                "Bearer error=\"invalid_token\""
            } else {
                "Bearer"
            };
            assert_eq!(answer.header("www-authenticate"), Some(challenge));
        }
        if status == 403 {
            let challenge = answer.header("www-authenticate").unwrap();
            assert!(challenge.contains("insufficient_scope"), "{challenge}");
        }
    }
    server.restart();
    let again = server.get("/api/Tickets");
    answers(200, again.header("authorization", &reader));
}

#[test]
fn where_tokens_are_given_is_told_to_everybody() {
    let server = seeded();
    for path in ["/api/authinfo", "/API/AuthInfo"] {
        let answer = server.get(path).send().expect(200).json();
        assert_eq!(answer["auth_url"], format!("{}/auth", server.url()));
        assert!(answer["tenant_id"].is_string());
        for (field, path) in [
            ("token_url", "/auth/token"),
            ("authorize_url", "/auth/authorize"),
            ("revoke_url", "/auth/revoke"),
        ] {
            assert_eq!(answer[field], format!("{}{path}", server.url()));
        }
    }
}

#[test]
fn a_browser_changes_something_only_from_a_page_of_our_own() {
    let server = seeded();
    let cookie = signed_in(&server);
    let action = json!([{"ticket_id": 1001, "outcome": "Note", "note": "From the console"}]);
    let me: Value = server
        .get("/api/Agent/me")
        .header("cookie", &cookie)
        .send()
        .expect(200)
        .json();
    let own = server.url();
    for (origin, media_type, status) in [
        (Some(own.as_str()), "application/json", 201),
        (Some(own.as_str()), "text/plain", 415),
        (Some("http://attacker.example"), "application/json", 403),
        (Some("null"), "application/json", 403),
        (None, "application/json", 403),
    ] {
        let mut call = server
            .post("/api/Actions")
            .header("cookie", &cookie)
            .header("content-type", media_type)
            .body(action.to_string());
        if let Some(origin) = origin {
            call = call.header("origin", origin);
        }
        let answer = call.send();
        assert_eq!(
            answer.status,
            status,
            "{origin:?} {media_type}: {}",
            answer.text()
        );
        if status == 201 {
            assert_eq!(answer.json()["who"], me["name"]);
        } else {
            assert!(answer.json().is_string(), "{}", answer.text());
        }
    }
    let foreign = format!("nimbus-{}=guessed", server.port());
    answers(401, server.get("/api/Tickets").header("cookie", &foreign));
}
