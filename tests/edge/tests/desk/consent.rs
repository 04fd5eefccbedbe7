//! What a person is asked at `/auth/authorize`, and where their browser goes.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use edge_tests::console::code;
use edge_tests::{Answer, Server};
use serde_json::{Value, json};

use super::support::{answers, application, field, post, seeded, signed_in};

/// The example of RFC 7636, appendix B.
pub(super) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(super) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
pub(super) const REDIRECT: &str = "http://127.0.0.1:9999/callback";

const ADDRESS: &str = "/console/applications/authorize";

fn request(client_id: &str, scope: &str) -> Value {
    json!({
        "client_id": client_id, "redirect_uri": REDIRECT, "response_type": "code", "scope": scope,
        "state": "a b", "code_challenge": CHALLENGE, "code_challenge_method": "S256",
    })
}

/// Allows an application that; gives where the browser goes.
pub(super) fn allow(server: &Server, client_id: &str, scope: &str) -> String {
    let mut request = request(client_id, scope);
    request["decision"] = json!("allow");
    let answer = post(server, ADDRESS, &request).expect(200).json();
    field(&answer, "redirect")
}

/// The code in an address.
pub(super) fn code_of(redirect: &str) -> String {
    let (_, code) = redirect.split_once("code=").unwrap();
    code.split('&').next().unwrap().to_owned()
}

fn pocket(server: &Server) -> String {
    let made = application(
        server,
        &json!({
            "name": "Pocket", "scopes": ["edit:tickets"], "public": true,
            "grants": ["authorization_code"],
            "redirect_uris": ["http://127.0.0.1/callback", "https://pocket.example/callback"],
        }),
    );
    field(&made, "client_id")
}

#[test]
fn a_person_is_asked_and_sent_back_with_what_they_decide() {
    let server = seeded();
    let id = pocket(&server);
    let asked = post(&server, ADDRESS, &request(&id, "all"))
        .expect(200)
        .json();
    assert_eq!(
        (
            &asked["application"],
            &asked["scopes"],
            &asked["redirect_uri"]
        ),
        (
            &json!("Pocket"),
            &json!(["read:tickets", "edit:tickets"]),
            &json!(REDIRECT)
        )
    );
    assert!(asked["who"].is_string() && asked.get("redirect").is_none());
    let redirect = allow(&server, &id, "all");
    let code = code_of(&redirect);
    assert!(code.len() > 40, "{redirect}");
    assert_eq!(redirect, format!("{REDIRECT}?code={code}&state=a+b"));
    let mut refuse = request(&id, "all");
    refuse["decision"] = json!("refuse");
    let refused = post(&server, ADDRESS, &refuse).expect(200).json();
    let refused = field(&refused, "redirect");
    assert!(
        refused.starts_with(&format!("{REDIRECT}?error=access_denied&")),
        "{refused}"
    );
    assert!(refused.ends_with("&state=a+b"), "{refused}");
}

#[test]
fn what_is_wrong_is_told_to_whom_it_is_safe_to_tell() {
    let server = seeded();
    let id = pocket(&server);
    let ask = |changes: Value| -> Answer {
        let mut body = request(&id, "all");
        for (name, value) in changes.as_object().unwrap() {
            body[name] = value.clone();
        }
        body["decision"] = json!("allow");
        post(&server, ADDRESS, &body)
    };
    for (changes, expected) in [
        (json!({"client_id": "nobody"}), "unknown_client"),
        (
            json!({"redirect_uri": "https://attacker.example/"}),
            "redirect_uri",
        ),
        (
            json!({"redirect_uri": "http://127.0.0.1:9999/other"}),
            "redirect_uri",
        ),
        (
            json!({"redirect_uri": "https://pocket.example/callback?x=1"}),
            "redirect_uri",
        ),
        (json!({"redirect_uri": null}), "redirect_uri"),
    ] {
        let refused = ask(changes.clone()).expect(400);
        assert_eq!(code(&refused), expected, "{changes}");
    }
    for (changes, expected) in [
        (
            json!({"response_type": "token"}),
            "unsupported_response_type",
        ),
        (json!({"scope": "read:kb"}), "invalid_scope"),
        (json!({"code_challenge": null}), "invalid_request"),
        (json!({"code_challenge_method": "plain"}), "invalid_request"),
        (json!({"code_challenge_method": null}), "invalid_request"),
    ] {
        let redirect = field(&ask(changes.clone()).expect(200).json(), "redirect");
        let start = format!("{REDIRECT}?error={expected}&");
        assert!(redirect.starts_with(&start), "{changes}: {redirect}");
        assert!(!redirect.contains("code="), "{redirect}");
    }
}

#[test]
fn consent_is_a_signed_in_persons_own() {
    let server = seeded();
    let id = pocket(&server);
    let page = server.get("/auth/authorize?client_id=x").send().expect(200);
    let media_type = page.header("content-type").unwrap();
    assert!(media_type.starts_with("text/html"), "{media_type}");
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    answers(405, server.post("/auth/authorize"));

    let cookie = signed_in(&server);
    let mut body = request(&id, "all");
    body["decision"] = json!("allow");
    answers(401, server.post(ADDRESS).json(&body));
    for (origin, status) in [
        ("http://attacker.example", 403),
        (server.url().as_str(), 200),
    ] {
        let call = server.post(ADDRESS).header("cookie", &cookie);
        answers(status, call.header("origin", origin).json(&body));
    }
}
