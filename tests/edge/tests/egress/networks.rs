//! What `--allow` does not permit is not reached, and the error says what to do.

use edge_tests::{
    Options, Reply, Stub,
    bundle::{Bundle, chain, method, sends},
    console::post,
};
use serde_json::json;

use super::{failure, is_told, no_login, serving, serving_on};

fn on(networks: &str) -> Options {
    Options {
        networks: networks.parse().unwrap(),
        ..Options::default()
    }
}

#[test]
fn this_machine_is_not_reached_unless_that_is_allowed() {
    let stub = Stub::start();
    stub.reply("GET", "/x", Reply::json(200, &json!({})));
    let port = stub.address().port();
    let server = serving_on(
        &on("public"),
        &stub.url(""),
        &no_login(),
        &[],
        [method("plain", "GET", "/x", &json!({}))],
    );
    let spellings = [
        "127.0.0.1",
        "localhost",
        "LOCALHOST",
        "localhost.",
        "a.localhost",
        "127.1",
        "127.0.0.2",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "0.0.0.0",
        "0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::127.0.0.1]",
        "１２７.0.0.1",
    ];
    for (index, host) in spellings.into_iter().enumerate() {
        let id = format!("row-{index}");
        Bundle::new()
            .integration(
                &id,
                &format!("http://{host}:{port}"),
                &no_login(),
                [method(&id, "GET", "/x", &json!({}))],
            )
            .runbook(chain(&id, &json!({"access": "desk"}), &[sends(&id)]))
            .import(&server);
        let error = failure(&server, &id);
        is_told(error.as_ref(), "address_refused", "--allow");
    }
    is_told(
        failure(&server, "plain").as_ref(),
        "address_refused",
        "start it with `--allow public,local`",
    );
    let report = post(&server, "/console/methods/plain/test", &json!({}))
        .expect(200)
        .json();
    is_told(
        Some(&report["error"]),
        "address_refused",
        "start it with `--allow public,local`",
    );
    assert_eq!(stub.received().len(), 0);
}

#[test]
fn tokens_are_not_fetched_from_this_machine_either() {
    let stub = Stub::start();
    let login = json!({
        "type": "oauth2", "grant": "client_credentials", "token_url": stub.url("/token"),
        "client_id": "me", "client_secret": {"secret": "a-client-secret"},
    });
    let server = serving_on(
        &on("public"),
        "https://api.example.com",
        &login,
        &[],
        [method("m", "GET", "/x", &json!({}))],
    );
    is_told(
        failure(&server, "m").as_ref(),
        "address_refused",
        "--allow public,local",
    );
    assert_eq!(stub.received().len(), 0);
}

#[test]
fn other_networks_are_not_reached_by_what_reaches_this_machine() {
    for (host, words) in [
        ("10.0.0.1", "--allow private,local"),
        ("192.168.1.1", "--allow private,local"),
        ("[fd00::1]", "--allow private,local"),
        ("printer.local", "--allow private,local"),
        ("1.1.1.1", "--allow public,local"),
        ("169.254.169.254", "never"),
        ("[fe80::1]", "never"),
        ("metadata.google.internal", "never"),
        ("224.0.0.1", "never"),
    ] {
        let server = serving(
            &format!("http://{host}"),
            &no_login(),
            &[],
            [method("m", "GET", "/x", &json!({}))],
        );
        is_told(failure(&server, "m").as_ref(), "address_refused", words);
    }
}
