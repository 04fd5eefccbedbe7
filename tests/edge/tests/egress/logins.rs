//! Each kind of login, as the service sees it.

use edge_tests::{
    Options, Received, Reply, Server, Stub,
    bundle::{Bundle, chain, method, sends},
    console::run,
};
use serde_json::{Value, json};

use super::{failure, is_told, serving};

/// One kind of login, and where what it adds must stand: a header's name or `?`, and its value or the target.
fn kinds() -> Vec<(Value, &'static str, &'static str)> {
    let key = |more: Value| {
        let login =
            json!({"type": "api_key", "name": "X-Api-Key", "key": {"secret": "k-secret/+ 1"}});
        edge_tests::bundle::with(&login, &more)
    };
    let bearer = |more: Value| {
        let login = json!({"type": "bearer", "token": {"secret": "t-secret"}});
        edge_tests::bundle::with(&login, &more)
    };
    let basic = |username: &str, password: &str| json!({"type": "basic", "username": username, "password": {"secret": password}});
    vec![
        (key(json!({"in": "header"})), "x-api-key", "k-secret/+ 1"),
        (
            key(json!({"in": "header", "prefix": "Token"})),
            "x-api-key",
            "Token k-secret/+ 1",
        ),
        (
            key(json!({"in": "header", "prefix": "key="})),
            "x-api-key",
            "key=k-secret/+ 1",
        ),
        (
            key(json!({"in": "header", "name": "Authorization", "prefix": "ApiKey "})),
            "authorization",
            "ApiKey k-secret/+ 1",
        ),
        (
            key(json!({"in": "query", "name": "api key"})),
            "?",
            "/x?a=1&api+key=k-secret%2F%2B+1",
        ),
        (
            key(json!({"in": "query", "name": "key", "prefix": "v1:"})),
            "?",
            "/x?a=1&key=v1%3Ak-secret%2F%2B+1",
        ),
        (bearer(json!({})), "authorization", "Bearer t-secret"),
        (
            bearer(json!({"prefix": "Token"})),
            "authorization",
            "Token t-secret",
        ),
        (
            bearer(json!({"prefix": "", "name": "X-Token"})),
            "x-token",
            "t-secret",
        ),
        (
            bearer(json!({"in": "query", "name": "access_token"})),
            "?",
            "/x?a=1&access_token=t-secret",
        ),
        (
            basic("Aladdin", "open sesame"),
            "authorization",
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
        ),
        (
            basic("jürgen", "päss:wört"),
            "authorization",
            "Basic asO8cmdlbjpww6Rzczp3w7ZydA==",
        ),
        (
            basic("key-as-user", ""),
            "authorization",
            "Basic a2V5LWFzLXVzZXI6",
        ),
    ]
}

/// A server with an integration and a runbook for each login, `login-0` and on; methods of theirs ask `/x?a=1`.
fn with_logins(stub: &Stub, kinds: &[Value], of_method: bool) -> Server {
    let server = Server::start(&Options::default());
    let bundle = kinds
        .iter()
        .enumerate()
        .fold(Bundle::new(), |bundle, (index, login)| {
            let id = format!("login-{index}");
            let query = json!([{"name": "a", "value": "1"}]);
            let (own, of_all) = if of_method {
                (
                    json!({"query": query, "auth": login}),
                    json!({"type": "bearer", "token": {"secret": "of-the-integration"}}),
                )
            } else {
                (json!({ "query": query }), login.clone())
            };
            bundle
                .integration(
                    &id,
                    &stub.url(""),
                    &of_all,
                    [method(&id, "GET", "/x", &own)],
                )
                .runbook(chain(&id, &json!({"access": "desk"}), &[sends(&id)]))
        });
    bundle.import(&server);
    server
}

fn arrives(request: &Received, place: &str, value: &str) {
    let shown = String::from_utf8_lossy(&request.head);
    if place == "?" {
        assert_eq!(request.target, value, "{shown}");
        assert_eq!(request.header("authorization"), None, "{shown}");
    } else {
        assert_eq!(request.header(place), Some(value), "{shown}");
        assert_eq!(request.target, "/x?a=1", "{shown}");
    }
    assert!(!shown.contains("of-the-integration"), "{shown}");
}

#[test]
fn logins_stand_where_they_are_set() {
    let kinds = kinds();
    let logins: Vec<Value> = kinds.iter().map(|(login, ..)| login.clone()).collect();
    for of_method in [false, true] {
        let stub = Stub::start();
        stub.reply("GET", "/x", Reply::json(200, &json!({})));
        let server = with_logins(&stub, &logins, of_method);
        for (index, (login, place, value)) in kinds.iter().enumerate() {
            let run = run(&server, &format!("login-{index}"), &json!({}));
            assert_eq!(run["status"], "succeeded", "{login}: {run}");
            arrives(stub.received().last().unwrap(), place, value);
            let shown = run["visits"][0]["attempts"][0]["request"].to_string();
            for secret in ["k-secret", "t-secret", "QWxhZGRpbjpvcGVu"] {
                assert!(!shown.contains(secret), "{shown}");
            }
            assert!(shown.contains("••••••"), "{shown}");
        }
        assert_eq!(stub.received().len(), kinds.len());
    }
}

#[test]
fn a_login_counts_before_a_header_of_its_name() {
    let stub = Stub::start();
    stub.reply("GET", "/x", Reply::json(200, &json!({})));
    let login = json!({"type": "bearer", "token": {"secret": "t-secret"}});
    let headers = json!({"headers": [
        {"name": "AUTHORIZATION", "value": "Basic xyz"},
        {"name": "X-Kept", "value": "kept"},
        {"name": "X-Off", "value": "off", "on": false},
    ]});
    let server = serving(
        &stub.url(""),
        &login,
        &[],
        [method("m", "GET", "/x", &headers)],
    );
    assert_eq!(failure(&server, "m"), None);
    let request = stub.received().remove(0);
    let given: Vec<_> = request
        .headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("authorization"))
        .map(|(_, value)| value.as_str())
        .collect();
    assert_eq!(given, ["Bearer t-secret"]);
    assert_eq!(
        (request.header("x-kept"), request.header("x-off")),
        (Some("kept"), None)
    );
}

#[test]
fn without_its_secret_nothing_is_sent() {
    let stub = Stub::start();
    let logins = [
        json!({"type": "api_key", "in": "header", "name": "X-Key"}),
        json!({"type": "api_key", "in": "query", "name": "key", "key": {"secret": null}}),
        json!({"type": "bearer"}),
        json!({"type": "oauth2", "grant": "client_credentials", "token_url": stub.url("/token"), "client_id": "me"}),
    ];
    let server = with_logins(&stub, &logins, false);
    for (index, login) in logins.iter().enumerate() {
        let error = failure(&server, &format!("login-{index}"));
        is_told(error.as_ref(), "secret_missing", "enter");
        assert!(
            error.unwrap()["message"]
                .as_str()
                .unwrap()
                .contains("integration"),
            "{login}"
        );
    }
    assert_eq!(stub.received().len(), 0);
}
