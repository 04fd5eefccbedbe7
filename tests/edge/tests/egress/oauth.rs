//! OAuth 2.0: tokens are fetched once, kept, and fetched anew when they have died.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use edge_tests::{
    Gate, Options, Received, Reply, Server, Stub,
    bundle::{Bundle, chain, method, sends, with},
    console::{get, items, put, run, start, wait_for, wait_for_end},
};
use serde_json::{Value, json};

use super::{failure, is_told, serving};

const SECRET: &str = "c-secret & more";

fn login(stub: &Stub, more: &Value) -> Value {
    let login = json!({
        "type": "oauth2", "grant": "client_credentials", "token_url": stub.url("/token"),
        "client_id": "me", "client_secret": {"secret": SECRET},
    });
    with(&login, more)
}

fn token(value: &str) -> Reply {
    Reply::json(
        200,
        &json!({"access_token": value, "token_type": "Bearer", "expires_in": 3600}),
    )
}

fn asks() -> Value {
    method("m", "GET", "/x", &json!({}))
}

fn served(stub: &Stub, more: &Value) -> Server {
    serving(&stub.url(""), &login(stub, more), &[], [asks()])
}

/// An API for which only this token is good.
fn accept(stub: &Stub, token: &'static str) {
    stub.reply_with("GET", "/x", move |request| {
        let is_good = request.header("authorization") == Some(&format!("Bearer {token}"));
        Reply::json(if is_good { 200 } else { 401 }, &json!({}))
    });
}

fn counts(stub: &Stub) -> (usize, usize) {
    (stub.count("POST", "/token"), stub.count("GET", "/x"))
}

fn given(requests: &[Received]) -> Vec<Option<&str>> {
    requests
        .iter()
        .map(|request| request.header("authorization"))
        .collect()
}

#[test]
fn a_token_is_kept_from_run_to_run_and_over_a_restart() {
    let stub = Stub::start();
    let mut server = served(&stub, &json!({"scope": "read write"}));
    stub.reply("POST", "/token", token("t1"));
    accept(&stub, "t1");
    for _ in 0..3 {
        assert_eq!(failure(&server, "m"), None);
    }
    server.restart();
    assert_eq!(failure(&server, "m"), None);
    assert_eq!(counts(&stub), (1, 4));
    let asked = stub.wait_for(1, "POST", "/token").remove(0);
    assert_eq!(
        asked.text(),
        "grant_type=client_credentials&client_id=me&client_secret=c-secret+%26+more&scope=read+write"
    );
    assert_eq!(
        asked.header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
}

/// Starts so many runs, and waits until all of them are under way.
fn start_at_once(server: &Server, number: usize) -> Vec<String> {
    let ids: Vec<String> = (0..number)
        .map(|_| start(server, "m", &json!({})))
        .collect();
    wait_for(|| {
        let runs = items(&get(server, "/console/runs?status=running"));
        (runs.len() == number).then_some(())
    });
    ids
}

#[test]
fn runs_at_once_share_one_token() {
    let stub = Stub::start();
    let server = served(&stub, &json!({}));
    let gate = Gate::new();
    stub.reply("POST", "/token", token("t1").behind(&gate));
    accept(&stub, "t1");
    let ids = start_at_once(&server, 20);
    stub.wait_for(1, "POST", "/token");
    gate.open();
    for id in ids {
        assert_eq!(wait_for_end(&server, &id)["status"], "succeeded");
    }
    assert_eq!(counts(&stub), (1, 20));
}

#[test]
fn a_dead_token_is_fetched_anew_once() {
    let stub = Stub::start();
    let server = served(&stub, &json!({}));
    stub.reply("POST", "/token", token("t1"));
    stub.reply("POST", "/token", token("t2"));
    accept(&stub, "t2");
    let run = run(&server, "m", &json!({}));
    assert_eq!(run["status"], "succeeded", "{run}");
    assert_eq!(counts(&stub), (2, 2));
    assert_eq!(
        given(&stub.wait_for(2, "GET", "/x")),
        [Some("Bearer t1"), Some("Bearer t2")]
    );
    let statuses: Vec<_> = run["visits"][0]["attempts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|attempt| attempt["response"]["status"].clone())
        .collect();
    assert_eq!(statuses, [401, 200]);
    assert_eq!(failure(&server, "m"), None);
    assert_eq!(counts(&stub), (2, 3));
}

#[test]
fn a_token_that_comes_while_others_are_known_is_masked_from_then_on() {
    const FIRST: &str = "first-token-3Kd8";
    const SECOND: &str = "second-token-9Xw2";
    let stub = Stub::start();
    let outputs = json!({"outputs": [{"name": "Said", "value": "response^said"}]});
    let asks = method("m", "GET", "/x", &outputs);
    let login = login(&stub, &json!({}));
    let mut server = serving(&stub.url(""), &login, &[], [asks]);
    stub.reply("POST", "/token", token(FIRST));
    stub.reply("POST", "/token", token(SECOND));
    // It tells whoever asks what it was asked with.
    let is_revoked = Arc::new(AtomicBool::new(false));
    let revoked = Arc::clone(&is_revoked);
    stub.reply_with("GET", "/x", move |request| {
        let said = request.header("authorization").unwrap_or_default();
        let is_dead = revoked.load(Ordering::SeqCst) && said.ends_with(FIRST);
        Reply::json(if is_dead { 401 } else { 200 }, &json!({ "said": said }))
    });
    let first = run(&server, "m", &json!({}));
    assert_eq!(first["status"], "succeeded", "{first}");
    // What is to be masked has been put together by now.
    is_revoked.store(true, Ordering::SeqCst);
    let second = run(&server, "m", &json!({}));
    assert_eq!(counts(&stub), (2, 3));
    let views = |server: &Server| {
        let read = |run: &Value| {
            let id = run["run_id"].as_str().unwrap();
            get(server, &format!("/console/runs/{id}"))
        };
        [read(&first), read(&second)]
    };
    let before = [first.clone(), second.clone()];
    let at_once = views(&server);
    let found = |words: &str| items(&get(&server, &format!("/console/runs?text={words}"))).len();
    wait_for(|| (found("bearer") == 2).then_some(()));
    for token in [FIRST, SECOND] {
        assert_eq!(found(token), 0, "{token} is what a run is found by");
    }
    server.restart();
    for view in before.iter().chain(&at_once).chain(&views(&server)) {
        let text = view.to_string();
        assert!(text.contains("Bearer ••••••"), "{text}");
        assert!(!text.contains(FIRST) && !text.contains(SECOND), "{text}");
    }
}

#[test]
fn runs_whose_token_died_share_the_new_one() {
    const RUNS: usize = 6;
    let stub = Stub::start();
    let server = served(&stub, &json!({}));
    stub.reply("POST", "/token", token("t1"));
    stub.reply("POST", "/token", token("t2"));
    let gate = Gate::new();
    let held = gate.clone();
    stub.reply_with("GET", "/x", move |request| {
        if request.header("authorization") == Some("Bearer t2") {
            Reply::json(200, &json!({}))
        } else {
            Reply::json(401, &json!({})).behind(&held)
        }
    });
    let ids = start_at_once(&server, RUNS);
    stub.wait_for(RUNS, "GET", "/x");
    gate.open();
    for id in ids {
        assert_eq!(wait_for_end(&server, &id)["status"], "succeeded");
    }
    assert_eq!(counts(&stub), (2, 2 * RUNS));
}

#[test]
fn a_service_that_refuses_every_token_is_asked_twice() {
    let stub = Stub::start();
    let server = served(&stub, &json!({}));
    stub.reply("POST", "/token", token("t1"));
    stub.reply("POST", "/token", token("t2"));
    accept(&stub, "none");
    is_told(failure(&server, "m").as_ref(), "unsuccessful", "401");
    assert_eq!(counts(&stub), (2, 2));
}

#[test]
fn tokens_die_when_their_service_says() {
    let lifetime = |answer: Value| Reply::json(200, &with(&json!({"access_token": "t1"}), &answer));
    for (answer, more, fetched) in [
        (json!({"expires_in": 3600}), json!({}), 1),
        (json!({"expires_in": "3600"}), json!({}), 1),
        (json!({}), json!({}), 1),
        (json!({"expires_in": 0}), json!({}), 3),
        (json!({"expires_in": 0}), json!({"lifetime_minutes": 60}), 1),
    ] {
        let stub = Stub::start();
        let server = served(&stub, &more);
        stub.reply("POST", "/token", lifetime(answer.clone()));
        accept(&stub, "t1");
        for _ in 0..3 {
            assert_eq!(failure(&server, "m"), None, "{answer} {more}");
        }
        assert_eq!(counts(&stub), (fetched, 3), "{answer} {more}");
    }
}

#[test]
fn odd_token_services_are_understood() {
    let stub = Stub::start();
    let more = json!({
        "grant": "password", "username": "jürgen", "password": {"secret": "p-secret"},
        "token_name": "id_token", "header": "X-Token", "prefix": "",
    });
    let server = served(&stub, &more);
    stub.reply(
        "POST",
        "/token",
        Reply::json(200, &json!({"access_token": "other", "id_token": "t1"})),
    );
    stub.reply("GET", "/x", Reply::json(200, &json!({})));
    assert_eq!(failure(&server, "m"), None);
    assert_eq!(
        stub.wait_for(1, "POST", "/token")[0].text(),
        "grant_type=password&username=j%C3%BCrgen&password=p-secret&client_id=me&client_secret=c-secret+%26+more"
    );
    let asked = stub.wait_for(1, "GET", "/x").remove(0);
    assert_eq!(
        (asked.header("x-token"), asked.header("authorization")),
        (Some("t1"), None)
    );
}

#[test]
fn a_refused_login_is_told_in_the_services_words() {
    let elsewhere = Stub::start();
    for (reply, code, words) in [
        (
            Reply::json(
                400,
                &json!({"error": "invalid_client", "error_description": format!("unknown secret {SECRET}")}),
            ),
            "token_refused",
            "invalid_client: unknown secret ••••••",
        ),
        (
            Reply::json(200, &json!({"error": "invalid_scope"})),
            "token_refused",
            "invalid_scope",
        ),
        (Reply::text(500, "<html>"), "token_refused", "500"),
        (Reply::text(200, "<html>"), "token_unreadable", ""),
        (
            Reply::json(200, &json!({"token": "t1"})),
            "token_unreadable",
            "access_token",
        ),
        (
            Reply::json(200, &json!({"access_token": ""})),
            "token_unreadable",
            "access_token",
        ),
        (Reply::raw(""), "connection_failed", ""),
        // It would take the secret along.
        (
            Reply::redirect(307, &elsewhere.url("/token")),
            "token_refused",
            "307",
        ),
        (Reply::redirect(302, "/token2"), "token_refused", "302"),
    ] {
        let stub = Stub::start();
        let server = served(&stub, &json!({}));
        stub.reply("POST", "/token", reply);
        let error = failure(&server, "m");
        is_told(error.as_ref(), code, words);
        assert!(!error.unwrap().to_string().contains(SECRET));
        assert_eq!(stub.received().len(), 1);
        // The next run asks again.
        let _ = failure(&server, "m");
        assert_eq!(counts(&stub), (2, 0));
    }
    assert_eq!(elsewhere.received().len(), 0);
}

#[test]
fn a_changed_secret_fetches_its_own_token() {
    let stub = Stub::start();
    let server = served(&stub, &json!({}));
    stub.reply_with("POST", "/token", |request| {
        token(if request.text().contains("another") {
            "t2"
        } else {
            "t1"
        })
    });
    stub.reply("GET", "/x", Reply::json(200, &json!({})));
    assert_eq!(failure(&server, "m"), None);
    let path = "/console/integrations/api";
    let mut integration = get(&server, path);
    integration["auth"]["client_secret"] = json!({"secret": "another"});
    let version = integration["version"].as_u64().unwrap();
    let _ = put(&server, path, version, &integration).expect(200);
    for _ in 0..2 {
        assert_eq!(failure(&server, "m"), None);
    }
    assert_eq!(
        given(&stub.wait_for(3, "GET", "/x")),
        [Some("Bearer t1"), Some("Bearer t2"), Some("Bearer t2")]
    );
    assert_eq!(stub.count("POST", "/token"), 2);
}

#[test]
fn integrations_have_tokens_of_their_own() {
    let stub = Stub::start();
    let server = Server::start(&Options::default());
    let both = ["one", "two"]
        .into_iter()
        .fold(Bundle::new(), |bundle, id| {
            let login = login(&stub, &json!({ "client_id": id }));
            bundle
                .integration(
                    id,
                    &stub.url(""),
                    &login,
                    [method(
                        &format!("ask-{id}"),
                        "GET",
                        &format!("/{id}"),
                        &json!({}),
                    )],
                )
                .runbook(chain(
                    id,
                    &json!({"access": "desk"}),
                    &[sends(&format!("ask-{id}"))],
                ))
        });
    both.import(&server);
    stub.reply_with("POST", "/token", |request| {
        token(if request.text().contains("client_id=one") {
            "t-one"
        } else {
            "t-two"
        })
    });
    for id in ["one", "two", "one"] {
        stub.reply("GET", &format!("/{id}"), Reply::json(200, &json!({})));
        assert_eq!(failure(&server, id), None);
        let asked = stub.received();
        assert_eq!(
            asked.last().unwrap().header("authorization"),
            Some(format!("Bearer t-{id}").as_str())
        );
    }
    assert_eq!(stub.count("POST", "/token"), 2);
}
