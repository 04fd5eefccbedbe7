//! Twilio signs the public address, with the form or with the digest of another body in the query.

use edge_tests::{
    Options, Server,
    bundle::{Bundle, chain},
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{
    SECRET, address, bern, ended, open,
    signing::{digest, encoded},
};

const HOST: &str = "nimbus.example";
const PUBLIC: &str = "https://nimbus.example";

fn runbook() -> Value {
    let auth = json!({"type": "signature", "scheme": "twilio", "secrets": [{"secret": SECRET}]});
    chain("rb", &open(&json!({ "auth": auth })), &[])
}

fn sign(text: &str) -> String {
    encoded("base64", &digest("sha1", SECRET, text.as_bytes()))
}

/// A delivery with a signature over this text.
fn send(server: &Server, query: &str, content_type: &str, body: &str, signs: &str) -> u16 {
    let call = server.post(&format!("{}{query}", address("rb")));
    let call = call.header("x-twilio-signature", &sign(signs));
    call.header("content-type", content_type)
        .body(body)
        .send()
        .status
}

#[test]
fn forms_and_other_bodies_are_signed_with_the_address() {
    let server = Server::start(&Options::default());
    Bundle::new().runbook(runbook()).import(&server);
    let url = format!("{}{}", server.url(), address("rb"));
    let (form, json) = ("application/x-www-form-urlencoded", "application/json");
    let fields = "city=Bern&To=%2B41310000000&From=a+b&city=Bern";
    let sorted = "Froma bTo+41310000000cityBern";
    let body = bern().to_string();
    let sha256 = encoded("hex", &Sha256::digest(body.as_bytes()));
    let query = format!("?a=b'c%20d&bodySHA256={sha256}");
    for (what, query, content_type, body, signs, status) in [
        ("a form", "", form, fields, format!("{url}{sorted}"), 202),
        (
            "a form with a query",
            "?a=b%20c",
            form,
            fields,
            format!("{url}?a=b%20c{sorted}"),
            202,
        ),
        (
            "not sorted",
            "",
            form,
            fields,
            format!("{url}cityBernFroma bTo+41310000000"),
            401,
        ),
        (
            "the query is not signed",
            "?a=b",
            form,
            fields,
            format!("{url}{sorted}"),
            401,
        ),
        (
            "JSON",
            query.as_str(),
            json,
            body.as_str(),
            format!("{url}{query}"),
            202,
        ),
        (
            "another JSON",
            query.as_str(),
            json,
            r#"{"city":"Biel"}"#,
            format!("{url}{query}"),
            401,
        ),
        (
            "JSON without its digest",
            "",
            json,
            body.as_str(),
            url.clone(),
            401,
        ),
    ] {
        assert_eq!(
            send(&server, query, content_type, body, &signs),
            status,
            "{what}"
        );
    }
    ended(&server, 3);
}

#[test]
fn the_address_is_the_public_one_whatever_host_is_named() {
    let server = Server::start(&Options {
        public_url: Some(PUBLIC.to_owned()),
        ..Options::default()
    });
    let bundle = json!({"format": "nimbus.bundle/1", "runbooks": [runbook()]});
    let import = server.post("/console/import").header("host", HOST).admin();
    let _ = import.json(&bundle).send().expect(200);
    let form = "application/x-www-form-urlencoded";
    let call = |signs: &str| {
        let call = server.post(&address("rb")).header("host", HOST);
        let call = call.header("x-twilio-signature", &sign(signs));
        call.header("content-type", form)
            .body("city=Bern")
            .send()
            .status
    };
    let path = address("rb");
    for (signs, status) in [
        (format!("{PUBLIC}{path}cityBern"), 202),
        (format!("{PUBLIC}:443{path}cityBern"), 202),
        (format!("http://nimbus.example{path}cityBern"), 401),
        (format!("{}{path}cityBern", server.url()), 401),
    ] {
        assert_eq!(call(&signs), status, "{signs}");
    }
    ended_there(&server);
}

/// The console is asked under the public name.
fn ended_there(server: &Server) {
    let runs = edge_tests::console::wait_for(|| {
        let call = server.get("/console/runs").header("host", HOST);
        let runs = edge_tests::console::items(&call.admin().send().expect(200).json());
        (runs.len() >= 2).then_some(runs)
    });
    assert_eq!(runs.len(), 2, "{runs:?}");
}
