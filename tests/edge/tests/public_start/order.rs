//! Of two things that are wrong, the one that is checked first is told.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use edge_tests::{Server, console::code};
use serde_json::json;

use super::{
    LIMIT_BYTES, PASSWORD, address, basic, bern, ended, open, run_id, serving, start, switch,
    with_basic,
};

fn served() -> Server {
    serving(&[("rb", with_basic(&json!({}))), ("open", open(&json!({})))])
}

#[test]
fn other_methods_are_told_which_one_it_is() {
    let server = served();
    for id in ["rb", "nobody-has-this-id", ""] {
        for method in ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"] {
            let answer = server.call(method, &address(id)).send().expect(405);
            assert_eq!(answer.header("allow"), Some("POST"), "{method} {id}");
            if method != "HEAD" {
                assert_eq!(answer.json()["error"]["code"], "method_not_allowed");
            }
        }
    }
    let _ = start(&server, "open").json(&bern()).send().expect(202);
    ended(&server, 1);
}

#[test]
fn a_body_may_have_a_mebibyte_and_no_more() {
    let server = served();
    let body = |bytes: usize| {
        let frame = json!({"city": ""}).to_string().len();
        json!({"city": "x".repeat(bytes - frame)}).to_string()
    };
    for is_chunked in [false, true] {
        let call = |bytes| {
            let call = start(&server, "open").body(body(bytes));
            if is_chunked { call.chunked() } else { call }
        };
        let _ = call(LIMIT_BYTES).send().expect(202);
        let answer = call(LIMIT_BYTES + 1).send().expect(413);
        assert_eq!(answer.json()["error"]["code"], "body_too_large");
    }
    ended(&server, 2);
}

#[test]
fn what_is_wrong_is_told_in_the_order_of_the_checks() {
    let server = served();
    let right = |id: &str| basic(start(&server, id), "Aladdin", PASSWORD);
    let wrong = |id: &str| basic(start(&server, id), "Aladdin", "wrong");
    let too_large = "x".repeat(LIMIT_BYTES + 1);
    let first = right("rb").json(&bern()).header("idempotency-key", "used");
    let first = run_id(&first.send().expect(202));
    let put = server.put(&address("rb"));
    for (what, call, status, expected) in [
        (
            "method, then size",
            put.body(too_large.as_str()),
            405,
            "method_not_allowed",
        ),
        (
            "size, then credentials",
            wrong("rb").body(too_large.as_str()),
            413,
            "body_too_large",
        ),
        (
            "size, then id",
            wrong("none").body(too_large.as_str()),
            413,
            "body_too_large",
        ),
        (
            "credentials, then key",
            wrong("rb").header("idempotency-key", "used").body("{}"),
            401,
            "unauthorized",
        ),
        (
            "credentials, then body",
            wrong("rb").body("{"),
            401,
            "unauthorized",
        ),
        (
            "key, then body",
            right("rb").header("idempotency-key", "used").body("{"),
            422,
            "idempotency_key_reused",
        ),
        ("body", right("rb").body("{"), 400, "body_not_json"),
    ] {
        let answer = call.send();
        assert_eq!(
            (answer.status, code(&answer).as_str()),
            (status, expected),
            "{what}"
        );
    }
    switch(&server, "rb", false);
    for (what, call, status, expected) in [
        (
            "credentials, then state",
            wrong("rb").json(&bern()),
            401,
            "unauthorized",
        ),
        (
            "size, then state",
            right("rb").body(too_large),
            413,
            "body_too_large",
        ),
        (
            "state, then key",
            right("rb").header("idempotency-key", "used").json(&bern()),
            409,
            "switched_off",
        ),
        (
            "state, then the key's body",
            right("rb").header("idempotency-key", "used").body("{}"),
            409,
            "switched_off",
        ),
        (
            "state, then body",
            right("rb").body("{"),
            409,
            "switched_off",
        ),
        ("state", right("rb").json(&bern()), 409, "switched_off"),
    ] {
        let answer = call.send();
        assert_eq!(
            (answer.status, code(&answer).as_str()),
            (status, expected),
            "{what}"
        );
    }
    let _ = start(&server, "open").json(&bern()).send().expect(202);
    assert_eq!(ended(&server, 2)[1]["run_id"], first);
}

#[test]
fn the_address_is_known_in_any_case() {
    let server = served();
    let call = server.post("/API/Automation/open").json(&bern());
    let _ = call.send().expect(202);
    let _ = server
        .post("/api/automation/OPEN")
        .json(&bern())
        .send()
        .expect(401);
}

/// Such as Python's, which sees a broken connection where its body is not taken.
#[test]
fn a_caller_that_sends_all_before_it_reads_is_told() {
    let server = served();
    for bytes in [LIMIT_BYTES + 1, 20 * LIMIT_BYTES] {
        let mut caller = TcpStream::connect(("127.0.0.1", server.port())).unwrap();
        let head = format!(
            "POST {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Length: {bytes}\r\nConnection: close\r\n\r\n",
            address("open"),
            server.port()
        );
        caller.write_all(head.as_bytes()).unwrap();
        caller.write_all(&vec![b' '; bytes]).unwrap();
        let mut answer = String::new();
        caller.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    }
}
