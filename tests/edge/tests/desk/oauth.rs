//! What applications get at `/auth/token` and `/auth/revoke`, and what they may do with it.

use edge_tests::{ADMIN_TOKEN, Answer, Server};
use serde_json::{Value, json};

use super::consent::{CHALLENGE, REDIRECT, VERIFIER, allow, code_of};
use super::support::{answers, application, credentials, field, form, seeded, status_with};

/// An application that may do both, with its id and secret.
fn confidential(server: &Server) -> (String, String) {
    credentials(&application(
        server,
        &json!({
            "name": "Reports", "scopes": ["edit:tickets"],
            "grants": ["client_credentials", "authorization_code"], "redirect_uris": [REDIRECT],
        }),
    ))
}

fn public(server: &Server) -> String {
    let made = application(
        server,
        &json!({
            "name": "Pocket", "scopes": ["edit:tickets"], "public": true,
            "grants": ["authorization_code"], "redirect_uris": [REDIRECT],
        }),
    );
    assert_eq!(made["client_secret"], json!({"secret": null}));
    field(&made, "client_id")
}

/// What an application sends to get tokens.
struct Asks<'s> {
    server: &'s Server,
    id: &'s str,
    secret: &'s str,
}

impl Asks<'_> {
    fn with(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let own = [("client_id", self.id), ("client_secret", self.secret)];
        form(self.server, path, &[&own, fields].concat())
    }

    fn own(&self, scope: &str) -> Answer {
        let fields = [("grant_type", "client_credentials"), ("scope", scope)];
        self.with("/auth/token", &fields)
    }

    fn redeem(&self, code: &str, redirect_uri: &str, verifier: &str) -> Answer {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect_uri),
            ("code_verifier", verifier),
        ];
        self.with("/auth/token", &fields)
    }

    fn renew(&self, refresh: &str, scope: &str) -> Answer {
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh),
            ("scope", scope),
        ];
        self.with("/auth/token", &fields)
    }

    fn revoke(&self, token: &str) -> Answer {
        self.with("/auth/revoke", &[("token", token)])
    }
}

fn refused(answer: Answer, status: u16, code: &str) {
    let answer = answer.expect(status).json();
    assert_eq!(answer["error"], code, "{answer}");
    assert!(answer["error_description"].is_string());
}

fn both(answer: Answer) -> (String, String) {
    let answer = answer.expect(200).json();
    assert_eq!(answer["expires_in"], 3600);
    (
        field(&answer, "access_token"),
        field(&answer, "refresh_token"),
    )
}

#[test]
fn an_application_logs_in_for_itself() {
    let server = seeded();
    let (id, secret) = confidential(&server);
    let asks = Asks {
        server: &server,
        id: &id,
        secret: &secret,
    };
    let given = asks.own("all").expect(200).json();
    assert_eq!(given["scope"], "read:tickets edit:tickets");
    assert_eq!(given["refresh_token"], Value::Null);
    let access = field(&given, "access_token");
    let note = json!([{"ticket_id": 1001, "outcome": "Note", "note": "x"}]);
    let bearer = format!("Bearer {access}");
    let call = server.post("/api/Actions").header("authorization", &bearer);
    let action = call.json(&note).send().expect(201).json();
    assert_eq!(
        (&action["who"], &action["who_type"]),
        (&json!("Reports"), &json!(2))
    );
    assert_eq!(status_with(&server, &access, "/api/Client"), 403);
    refused(asks.own("read:kb"), 400, "invalid_scope");
    let wrong = Asks {
        secret: "wrong",
        ..asks
    };
    refused(wrong.own(""), 401, "invalid_client");
    let admin = Asks {
        server: &server,
        id: "admin",
        secret: ADMIN_TOKEN,
    };
    assert_eq!(admin.own("").expect(200).json()["scope"], "all");
    let pocket = public(&server);
    let public = Asks {
        server: &server,
        id: &pocket,
        secret: "",
    };
    refused(public.own(""), 400, "invalid_request");
    let no_secret = Asks {
        secret: "x",
        ..public
    };
    refused(no_secret.own(""), 401, "invalid_client");
}

#[test]
fn a_code_is_good_once_and_for_what_it_was_bound_to() {
    let server = seeded();
    let pocket = public(&server);
    let (id, secret) = confidential(&server);
    let asks = Asks {
        server: &server,
        id: &pocket,
        secret: "",
    };
    let other = Asks {
        server: &server,
        id: &id,
        secret: &secret,
    };
    let code = code_of(&allow(&server, &pocket, "read:tickets"));
    for (asks, uri, verifier) in [
        (
            &asks,
            REDIRECT,
            "a-verifier-that-was-never-there-before-at-all",
        ),
        (&asks, REDIRECT, CHALLENGE),
        (&asks, REDIRECT, ""),
        (&asks, "", VERIFIER),
        (&asks, "http://127.0.0.1:9998/callback", VERIFIER),
        (&other, REDIRECT, VERIFIER),
    ] {
        refused(asks.redeem(&code, uri, verifier), 400, "invalid_grant");
    }
    refused(
        asks.redeem("guessed", REDIRECT, VERIFIER),
        400,
        "invalid_grant",
    );
    let given = asks.redeem(&code, REDIRECT, VERIFIER).expect(200).json();
    assert_eq!(given["scope"], "read:tickets");
    let (access, refresh) = (
        field(&given, "access_token"),
        field(&given, "refresh_token"),
    );
    assert_eq!(status_with(&server, &access, "/api/Tickets"), 200);
    assert_eq!(status_with(&server, &access, "/api/Client"), 403);

    refused(asks.redeem(&code, REDIRECT, VERIFIER), 400, "invalid_grant");
    assert_eq!(status_with(&server, &access, "/api/Tickets"), 401);
    refused(asks.renew(&refresh, ""), 400, "invalid_grant");
}

#[test]
fn a_person_is_whom_a_code_acts_for() {
    let server = seeded();
    let (id, secret) = confidential(&server);
    let asks = Asks {
        server: &server,
        id: &id,
        secret: &secret,
    };
    let code = code_of(&allow(&server, &id, "all"));
    let (access, _) = both(asks.redeem(&code, REDIRECT, VERIFIER));
    let bearer = format!("Bearer {access}");
    let me = server.get("/api/Agent/me").header("authorization", &bearer);
    let me = me.send().expect(200).json();
    let call = server.post("/api/Actions").header("authorization", &bearer);
    let note = json!([{"ticket_id": 1001, "outcome": "Note", "note": "x"}]);
    let action = call.json(&note).send().expect(201).json();
    assert_eq!(
        (&action["who"], &action["who_type"]),
        (&me["name"], &json!(1))
    );
    answers(
        403,
        server.get("/api/Client").header("authorization", &bearer),
    );
}

#[test]
fn a_refresh_token_is_replaced_and_its_reuse_revokes_all() {
    let mut server = seeded();
    let pocket = public(&server);
    let code = code_of(&allow(&server, &pocket, "all"));
    let (first, second, third);
    {
        let asks = Asks {
            server: &server,
            id: &pocket,
            secret: "",
        };
        first = both(asks.redeem(&code, REDIRECT, VERIFIER));
        refused(asks.renew(&first.1, "read:kb"), 400, "invalid_scope");
        refused(asks.renew("guessed", ""), 400, "invalid_grant");
        second = both(asks.renew(&first.1, "read:tickets"));
    }
    server.restart();
    let asks = Asks {
        server: &server,
        id: &pocket,
        secret: "",
    };
    third = both(asks.renew(&second.1, ""));
    let note = json!([{"ticket_id": 1001, "outcome": "Note", "note": "x"}]);
    for (token, status) in [(&second.0, 403), (&third.0, 201)] {
        let call = server.post("/api/Actions");
        let call = call.header("authorization", &format!("Bearer {token}"));
        answers(status, call.json(&note));
    }
    refused(asks.renew(&first.1, ""), 400, "invalid_grant");
    for token in [&first.0, &second.0, &third.0] {
        assert_eq!(status_with(&server, token, "/api/Tickets"), 401);
    }
    refused(asks.renew(&third.1, ""), 400, "invalid_grant");
}

#[test]
fn tokens_are_revoked_by_whom_they_were_given_to() {
    let server = seeded();
    let (id, secret) = confidential(&server);
    let pocket = public(&server);
    let asks = Asks {
        server: &server,
        id: &id,
        secret: &secret,
    };
    let stranger = Asks {
        server: &server,
        id: &pocket,
        secret: "",
    };
    let own = field(&asks.own("").expect(200).json(), "access_token");
    let code = code_of(&allow(&server, &id, "all"));
    let (access, refresh) = both(asks.redeem(&code, REDIRECT, VERIFIER));
    for token in [&own, &refresh] {
        refused(stranger.revoke(token), 400, "invalid_grant");
    }
    let wrong = Asks {
        secret: "wrong",
        ..asks
    };
    refused(wrong.revoke(&own), 401, "invalid_client");
    refused(asks.revoke(""), 400, "invalid_request");
    let _ = asks.revoke("never-given").expect(200);
    let _ = asks.revoke(&own).expect(200);
    assert_eq!(status_with(&server, &own, "/api/Tickets"), 401);
    assert_eq!(status_with(&server, &access, "/api/Tickets"), 200);
    let _ = asks.revoke(&refresh).expect(200);
    assert_eq!(status_with(&server, &access, "/api/Tickets"), 401);
    refused(asks.renew(&refresh, ""), 400, "invalid_grant");
    answers(405, server.get("/auth/revoke"));
}

#[test]
fn an_application_makes_no_more_requests_than_it_may() {
    let server = seeded();
    let made = application(
        &server,
        &json!({
            "name": "Eager", "scopes": "all", "rate_limit": {"requests": 3, "window_s": 3600},
        }),
    );
    let (id, secret) = credentials(&made);
    let asks = Asks {
        server: &server,
        id: &id,
        secret: &secret,
    };
    let access = field(&asks.own("").expect(200).json(), "access_token");
    let call = || {
        let call = server.get("/api/Tickets");
        call.header("authorization", &format!("Bearer {access}"))
    };
    for _ in 0..3 {
        answers(200, call());
    }
    let late = answers(429, call());
    let sentence = late.json();
    let sentence = sentence.as_str().unwrap_or_default();
    assert!(sentence.starts_with("Rate Limit Reached - "), "{sentence}");
    assert!(
        sentence.contains("3 requests in 3600 seconds"),
        "{sentence}"
    );
    let wait: u64 = late
        .header("retry-after")
        .and_then(|wait| wait.parse().ok())
        .unwrap_or_default();
    assert!((3590..=3600).contains(&wait), "{wait}");
    // Nobody else is held up, and neither is it once the limit is taken away.
    answers(200, server.get("/api/Tickets").admin());
    let address = format!("/console/applications/{id}");
    let free = json!({"name": "Eager", "scopes": "all", "version": 1});
    let replaced = server.put(&address).admin().json(&free);
    answers(200, replaced);
    answers(200, call());
}
