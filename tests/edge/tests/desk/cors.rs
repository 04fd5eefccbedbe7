//! What pages of other origins may ask: what their tokens permit, and nothing that rests on a cookie.

use serde_json::{Value, json};

use super::consent::{REDIRECT, VERIFIER, allow, code_of};
use super::support::{answers, application, field, form, seeded, signed_in};
use edge_tests::Call;

const ORIGIN: &str = "https://spa.example";

fn from_elsewhere(call: Call) -> Call {
    call.header("origin", ORIGIN)
}

#[test]
fn an_application_in_a_browser_gets_its_tokens_and_uses_them() {
    let server = seeded();
    for path in [
        "/auth/token",
        "/auth/revoke",
        "/api/Tickets",
        "/API/client/1",
    ] {
        let asked = from_elsewhere(server.call("OPTIONS", path))
            .header("access-control-request-method", "POST")
            .header(
                "access-control-request-headers",
                "authorization,content-type",
            )
            .send()
            .expect(204);
        for (name, value) in [
            ("access-control-allow-origin", Some("*")),
            ("access-control-allow-methods", Some("GET, POST, DELETE")),
            (
                "access-control-allow-headers",
                Some("Authorization, Content-Type, Idempotency-Key"),
            ),
            ("access-control-allow-credentials", None),
        ] {
            assert_eq!(asked.header(name), value, "{path}: {name}");
        }
    }
    let made = application(
        &server,
        &json!({
            "name": "Pocket", "scopes": ["edit:tickets"], "public": true,
            "grants": ["authorization_code"], "redirect_uris": [REDIRECT],
        }),
    );
    let id = field(&made, "client_id");
    let code = code_of(&allow(&server, &id, "all"));
    let given = form(
        &server,
        "/auth/token",
        &[
            ("grant_type", "authorization_code"),
            ("client_id", &id),
            ("code", &code),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
        ],
    )
    .expect(200);
    assert_eq!(given.header("access-control-allow-origin"), Some("*"));
    let bearer = format!("Bearer {}", field(&given.json(), "access_token"));
    let note = json!([{"ticket_id": 1001, "outcome": "Note", "note": "x"}]);
    for (call, status) in [
        (
            server.get("/api/Tickets").header("authorization", &bearer),
            200,
        ),
        (
            server
                .post("/api/Actions")
                .header("authorization", &bearer)
                .json(&note),
            201,
        ),
        // A refusal can be read as well.
        (
            server.get("/api/Client").header("authorization", &bearer),
            403,
        ),
        (server.get("/api/Tickets"), 401),
        (server.get("/api/Nothing").admin(), 404),
        (server.post("/auth/token").body("grant_type=nothing"), 400),
        (server.get("/api/authinfo"), 200),
    ] {
        let answer = answers(status, from_elsewhere(call));
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        assert_eq!(answer.header("access-control-allow-credentials"), None);
    }
}

#[test]
fn a_page_of_another_origin_gets_nothing_by_a_cookie() {
    let server = seeded();
    let cookie = signed_in(&server);
    let ticket = json!([{"summary": "S", "tickettype_id": 1}]);
    let call = from_elsewhere(server.post("/api/Tickets")).header("cookie", &cookie);
    answers(403, call.json(&ticket));
    // Reading is answered, but no browser hands it out: credentials are not allowed.
    let call = from_elsewhere(server.get("/api/Tickets")).header("cookie", &cookie);
    let read = answers(200, call);
    assert_eq!(read.header("access-control-allow-credentials"), None);
    assert_eq!(read.header("access-control-allow-origin"), Some("*"));
    // The console, the page of consent and public starts are nobody else's.
    for path in [
        "/console/session",
        "/console/applications",
        "/auth/authorize",
        "/api/automation/rb-1",
    ] {
        for method in ["GET", "OPTIONS"] {
            let call = from_elsewhere(server.call(method, path))
                .header("cookie", &cookie)
                .header("access-control-request-method", "POST");
            let answer = call.send();
            assert_eq!(
                answer.header("access-control-allow-origin"),
                None,
                "{method} {path}"
            );
        }
    }
    // What is no preflight is a method like any other.
    let odd = answers(405, server.call("OPTIONS", "/auth/token"));
    assert_eq!(odd.json(), Value::from("This address takes only POST"));
}
