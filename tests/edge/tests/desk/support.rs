//! What the tests of the desk have in common.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use edge_tests::{Answer, Call, Options, Server};
use rusqlite::Connection;
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
    post(server, path, body).expect(201).json()
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

/// Makes an application from these fields; gives its record, with its secret.
pub(super) fn application(server: &Server, fields: &Value) -> Value {
    let made = post(server, "/console/applications", fields);
    made.expect(201).json()
}

/// The id and the secret of an application that was just made.
pub(super) fn credentials(application: &Value) -> (String, String) {
    let secret = &application["client_secret"]["secret"];
    (
        application["client_id"].as_str().unwrap().to_owned(),
        secret.as_str().unwrap_or_default().to_owned(),
    )
}

/// Sends a form to `/auth/…`; fields without a value are left out.
pub(super) fn form(server: &Server, path: &str, fields: &[(&str, &str)]) -> Answer {
    let fields: Vec<_> = fields
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", encoded(value)))
        .collect();
    server
        .post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(fields.join("&"))
        .send()
}

/// Text as a part of an address.
pub(super) fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

/// The status of a request with this access token.
pub(super) fn status_with(server: &Server, token: &str, path: &str) -> u16 {
    let call = server.get(path);
    let bearer = format!("Bearer {token}");
    call.header("authorization", &bearer).send().status
}

/// A text field of an answer.
pub(super) fn field(answer: &Value, name: &str) -> String {
    let value = answer[name].as_str();
    value
        .unwrap_or_else(|| panic!("no {name} in {answer}"))
        .to_owned()
}

/// The databases of a server that does not run.
pub(super) fn databases(server: &Server) -> Vec<Connection> {
    let files = server.files();
    files
        .keys()
        .map(|name| server.data().join(name))
        .filter(|path| path.extension().is_some_and(|end| end == "sqlite"))
        .map(|path| Connection::open(path).unwrap())
        .collect()
}
