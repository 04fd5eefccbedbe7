//! What the tests of the desk have in common.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use edge_tests::{Answer, Call, Options, Server};
use serde_json::{Value, json};

pub(super) use edge_tests::console::{get, post};

/// A server with the worked example and three tickets, 1001 to 1003.
pub(super) fn seeded() -> Server {
    Server::start(&Options {
        seed: true,
        ..Options::default()
    })
}

/// Sends that, and fails where the answer has another status.
pub(super) fn answers(status: u16, call: Call) -> Answer {
    call.send().expect(status)
}

/// Sends that as the admin, and fails where it is refused.
pub(super) fn written(server: &Server, path: &str, body: &Value) -> Value {
    post(server, path, body).expect(200).json()
}

/// A list's records.
pub(super) fn records(list: &Value, key: &str) -> Vec<Value> {
    list[key]
        .as_array()
        .unwrap_or_else(|| panic!("no {key} in {list}"))
        .clone()
}

/// The ids of a list's records.
pub(super) fn ids(list: &Value, key: &str) -> Vec<u64> {
    records(list, key)
        .iter()
        .map(|record| record["id"].as_u64().unwrap())
        .collect()
}

/// Asks for an access token, with the admin token as its secret.
pub(super) fn token(server: &Server, scope: &str) -> String {
    let form = format!(
        "grant_type=client_credentials&client_id=admin&client_secret={}&scope={scope}",
        edge_tests::ADMIN_TOKEN
    );
    let answer = server
        .post("/auth/token?tenant=nimbus")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form)
        .send()
        .expect(200);
    let answer = answer.json();
    assert_eq!(answer["scope"], scope.replace("%20", " "));
    answer["access_token"].as_str().unwrap().to_owned()
}

/// Signs in as a browser does, and gives the cookie.
pub(super) fn signed_in(server: &Server) -> String {
    let link = server.post("/console/sign-in-links").admin().send();
    let link = link.expect(200).json();
    let signed_in = server
        .post("/console/sign-in")
        .header("origin", &server.url())
        .json(&json!({ "token": link["token"] }))
        .send()
        .expect(200);
    let cookie = signed_in.header("set-cookie").unwrap();
    cookie.split(';').next().unwrap().to_owned()
}
