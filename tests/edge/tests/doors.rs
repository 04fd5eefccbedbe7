//! Each door, with someone who tries it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use edge_tests::{Answer, Call, Options, Server, Socket};
use serde_json::json;

/// A link's token, spent on a session: its cookie.
fn sign_in(server: &Server) -> String {
    let token = link(server);
    let answer = spend(server, &token).expect(200);
    cookie(&answer)
}

fn link(server: &Server) -> String {
    let answer = server.post("/console/sign-in-links").admin().send();
    let link = answer.expect(200).json();
    let token = link["token"].as_str().unwrap();
    assert_eq!(link["url"], format!("{}/#sign-in={token}", server.url()));
    token.to_owned()
}

fn spend(server: &Server, token: &str) -> Answer {
    let call = server.post("/console/sign-in");
    let call = call.header("origin", &server.url());
    call.json(&json!({ "token": token })).send()
}

fn cookie(answer: &Answer) -> String {
    let set = answer.header("set-cookie").unwrap();
    assert!(
        set.contains("HttpOnly") && set.contains("SameSite=Strict"),
        "{set}"
    );
    set.split(';').next().unwrap().to_owned()
}

fn with_cookie(call: Call, cookie: &str) -> Call {
    call.header("cookie", cookie)
}

#[test]
fn a_link_signs_in_once_and_signing_out_ends_it() {
    let server = Server::start(&Options::default());
    let token = link(&server);
    let cookie = cookie(&spend(&server, &token).expect(200));
    let replayed = spend(&server, &token).expect(401);
    assert_eq!(replayed.header("set-cookie"), None);
    let _ = spend(&server, "a-guess").expect(401);

    let session = || with_cookie(server.get("/console/session"), &cookie).send();
    let answer = session().expect(200);
    assert_eq!(
        answer.json(),
        json!({ "public_url": server.url(), "version": env!("CARGO_PKG_VERSION"), "demo": false })
    );
    assert_eq!(answer.header("cache-control"), Some("no-store"));

    let sign_out = with_cookie(server.post("/console/sign-out"), &cookie);
    let _ = sign_out.clone().send().expect(403);
    let answer = sign_out.header("origin", &server.url()).send().expect(204);
    assert!(answer.header("set-cookie").unwrap().contains("Max-Age=0"));
    let _ = session().expect(401);
}

#[test]
fn only_the_admin_token_makes_links() {
    let server = Server::start(&Options::default());
    let cookie = sign_in(&server);
    let call = || server.post("/console/sign-in-links");
    let _ = call().send().expect(401);
    for wrong in [
        "Bearer ",
        "Bearer wrong",
        "Basic dGhlLWFkbWluLXRva2Vu",
        "Bearer the-admin-token-of-the-edge-test",
        "Bearer the-admin-token-of-the-edge-testsx",
    ] {
        let _ = call().header("authorization", wrong).send().expect(401);
    }
    let call = with_cookie(call(), &cookie).header("origin", &server.url());
    let _ = call.send().expect(401);
}

#[test]
fn nobody_reads_anything() {
    let server = Server::start(&Options::default());
    for path in [
        "/console/session",
        "/console/integrations",
        "/console/export",
    ] {
        let _ = server.get(path).send().expect(401);
        let call = server.get(path).header("authorization", "Bearer wrong");
        let _ = call.send().expect(401);
        let call = with_cookie(server.get(path), "nimbus=guess");
        let _ = call.send().expect(401);
    }
}

#[test]
fn a_foreign_page_changes_nothing() {
    let server = Server::start(&Options::default());
    let cookie = sign_in(&server);
    let foreign = [
        None,
        Some("https://attacker.example"),
        Some("http://127.0.0.1:1"),
        Some("null"),
    ];
    for origin in foreign {
        for (method, path) in [
            ("POST", "/console/integrations"),
            ("PUT", "/console/integrations/x"),
            ("DELETE", "/console/integrations/x"),
            ("POST", "/console/import"),
        ] {
            let mut call = with_cookie(server.call(method, path), &cookie).json(&json!({}));
            if let Some(origin) = origin {
                call = call.header("origin", origin);
            }
            let answer = call.send().expect(403).json();
            assert_eq!(answer["error"]["code"], "foreign_origin", "{origin:?}");
        }
        let mut call = server.post("/console/sign-in");
        if let Some(origin) = origin {
            call = call.header("origin", origin);
        }
        let call = call.json(&json!({ "token": link(&server) }));
        let _ = call.send().expect(403);
    }
}

#[test]
fn an_unknown_host_is_refused() {
    let server = Server::start(&Options::default());
    let port = server.port();
    for path in ["/console/health", "/", "/api/Tickets", "/api/automation/x"] {
        for host in [
            "attacker.example",
            &format!("attacker.example:{port}"),
            "127.0.0.1:1",
        ] {
            let answer = server.get(path).header("host", host).send().expect(421);
            assert_eq!(answer.json()["error"]["code"], "unknown_host");
        }
    }
    for host in [format!("localhost:{port}"), format!("127.0.0.1:{port}")] {
        let call = server.get("/console/health").header("host", &host);
        let _ = call.send().expect(200);
    }
    let public = Server::start(&Options {
        public_url: Some("https://nimbus.example".to_owned()),
        ..Options::default()
    });
    let call = public.get("/console/health");
    let _ = call
        .clone()
        .header("host", "nimbus.example")
        .send()
        .expect(200);
    let _ = call.send().expect(421);
}

#[test]
fn on_https_the_cookie_is_bound_to_host_and_tls() {
    let server = Server::start(&Options {
        public_url: Some("https://nimbus.example".to_owned()),
        ..Options::default()
    });
    let own = |call: Call| call.header("host", "nimbus.example");
    let link = own(server.post("/console/sign-in-links")).admin().send();
    let token = link.expect(200).json()["token"].clone();
    let call = own(server.post("/console/sign-in")).header("origin", "https://nimbus.example");
    let answer = call.json(&json!({ "token": token })).send().expect(200);
    let set = answer.header("set-cookie").unwrap();
    assert!(
        set.starts_with("__Host-nimbus=") && set.ends_with("; Secure"),
        "{set}"
    );
}

#[test]
fn what_does_not_say_that_it_is_json_is_not_read() {
    let server = Server::start(&Options::default());
    let cookie = sign_in(&server);
    for media_type in [
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
        None,
    ] {
        let call = with_cookie(server.post("/console/sign-in"), &cookie);
        let mut call = call.header("origin", &server.url());
        if let Some(media_type) = media_type {
            call = call.header("content-type", media_type);
        }
        let answer = call.body(r#"{"token":"x"}"#).send().expect(415);
        assert_eq!(answer.json()["error"]["code"], "not_json");
    }
}

#[test]
fn a_flood_is_not_read() {
    let server = Server::start(&Options::default());
    let call = server
        .post("/console/sign-in")
        .header("origin", &server.url());
    let call = call.header("content-type", "application/json");
    let answer = call.body("x".repeat(9 << 20)).send().expect(413);
    assert_eq!(answer.json()["error"]["code"], "too_large");
}

#[test]
fn pages_are_fenced_in() {
    let server = Server::start(&Options::default());
    for path in ["/", "/runbooks/x", "/runs/rb.0.18bcfe568000000000000000007"] {
        let page = server.get(path).send().expect(200);
        assert_eq!(
            page.header("content-type"),
            Some("text/html; charset=utf-8")
        );
        let policy = page.header("content-security-policy").unwrap();
        for part in [
            "default-src 'none';",
            "script-src 'self' 'wasm-unsafe-eval';",
            "style-src 'self';",
            "img-src 'self' data:;",
            "connect-src 'self';",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(part), "{part} is not in {policy}");
        }
        assert!(!policy.contains("unsafe-inline"), "{policy}");
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(page.header("cache-control"), Some("no-cache"));
    }
    for path in ["/console/health", "/console/session", "/missing.js"] {
        let answer = server.get(path).send();
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
    }
    let _ = server.get("/missing.js").send().expect(404);
    let _ = server.post("/").send().expect(405);
    let _ = server.get("/assets.json").send().expect(404);
}

#[test]
fn files_travel_compressed_and_are_asked_for_once() {
    let server = Server::start(&Options::default());
    let page = server.get("/").send().expect(200);
    let text = page.text();
    let start = text.find("/nimbus-").unwrap();
    let script = text[start..].split(['"', '\'']).next().unwrap();
    let plain = server.get(script).send().expect(200);
    assert_eq!(plain.header("content-encoding"), None);
    assert!(plain.header("cache-control").unwrap().contains("immutable"));
    for (accepted, encoding) in [("gzip, br", "br"), ("gzip", "gzip")] {
        let call = server.get(script).header("accept-encoding", accepted);
        let answer = call.send().expect(200);
        assert_eq!(answer.header("content-encoding"), Some(encoding));
        assert!(!answer.body.is_empty() && answer.body.len() < plain.body.len());
    }
    let tag = plain.header("etag").unwrap();
    let again = server.get(script).header("if-none-match", tag).send();
    assert!(again.expect(304).body.is_empty());
}

#[test]
fn a_foreign_page_hears_nothing() {
    let server = Server::start(&Options::default());
    let cookie = sign_in(&server);
    let own = server.url();
    let open = |headers: &[(&str, &str)]| Socket::open(&server, "/console/live", headers);
    assert_eq!(open(&[]).unwrap_err(), 401);
    assert_eq!(open(&[("origin", &own)]).unwrap_err(), 401);
    assert_eq!(open(&[("cookie", &cookie)]).unwrap_err(), 403);
    for origin in ["https://attacker.example", "http://127.0.0.1:1", "null"] {
        let refused = open(&[("cookie", &cookie), ("origin", origin)]);
        assert_eq!(refused.unwrap_err(), 403, "{origin}");
    }
    let hello = json!({"type": "connected"});
    let mut page = open(&[("cookie", &cookie), ("origin", &own)]).unwrap();
    assert_eq!(page.next_message(), Some(hello.clone()));
    let bearer = format!("Bearer {}", edge_tests::ADMIN_TOKEN);
    let mut program = open(&[("authorization", &bearer)]).unwrap();
    assert_eq!(program.next_message(), Some(hello));
    let plain = with_cookie(server.get("/console/live"), &cookie).send();
    let _ = plain.expect(426);

    // Whoever signs out hears no more.
    let sign_out = with_cookie(server.post("/console/sign-out"), &cookie);
    let _ = sign_out.header("origin", &own).send().expect(204);
    assert_eq!(page.next_message(), None);
}
