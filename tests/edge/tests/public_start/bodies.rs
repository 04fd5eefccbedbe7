//! What is read of a request, and what is said where it does not do.

use edge_tests::{Call, Server};
use serde_json::{Value, json};

use super::{ended, open, serving, start, waited_for};

/// A runbook whose answer is its one input.
fn echo(input: &Value) -> Value {
    let input = edge_tests::bundle::with(&json!({"name": "X", "value": "request^x"}), input);
    let start = open(&json!({ "inputs": [input] }));
    edge_tests::bundle::with(&start, &waited_for(&json!(["X"])))
}

fn form(call: Call, body: &str) -> Call {
    call.header("content-type", "application/x-www-form-urlencoded")
        .body(body)
}

/// The one output, or the code of the error, which names the variable.
fn told(call: Call) -> Result<Value, String> {
    let answer = call.send();
    if answer.status == 200 {
        return Ok(answer.json()["outputs"]["X"].clone());
    }
    let answer = answer.expect(400).json();
    let error = &answer["error"];
    assert_eq!(error["at"]["field"], "X", "{error}");
    assert!(
        error["message"].as_str().unwrap().contains("`X`"),
        "{error}"
    );
    Err(edge_tests::console::text(&error["code"]))
}

const TYPES: [&str; 7] = [
    "object",
    "array",
    "string",
    "integer",
    "decimal",
    "boolean",
    "date-time",
];

/// A server with a runbook for each type, named like it.
fn typed() -> Server {
    let starts: Vec<_> = TYPES
        .into_iter()
        .map(|name| (name, echo(&json!({ "type": name }))))
        .collect();
    serving(&starts)
}

#[test]
fn values_fit_their_type_or_are_named() {
    let server = typed();
    for (name, fitting, other) in [
        ("object", json!({"a": [1]}), json!([1])),
        ("array", json!([{"a": 1}]), json!({"a": 1})),
        ("string", json!("Zürich \u{1F600} \"\\"), json!(7)),
        ("integer", json!(42), json!("42")),
        ("decimal", json!(1.5), json!("1.5")),
        ("boolean", json!(false), json!("false")),
        (
            "date-time",
            json!("2030-01-31T09:30:00Z"),
            json!("tomorrow"),
        ),
    ] {
        let send = |body: &Value| told(start(&server, name).json(body));
        assert_eq!(send(&json!({ "x": fitting })), Ok(fitting), "{name}");
        for wrong in [other, Value::Null] {
            let found = send(&json!({ "x": wrong }));
            assert_eq!(found, Err("input_type".to_owned()), "{name} {wrong}");
        }
        for body in [
            json!({}),
            json!({"y": 1}),
            json!([]),
            json!("x"),
            json!(null),
        ] {
            assert_eq!(
                send(&body),
                Err("input_missing".to_owned()),
                "{name} {body}"
            );
        }
    }
}

#[test]
fn numbers_arrive_digit_for_digit() {
    let server = typed();
    for (name, number) in [
        ("integer", "123456789012345678901234567890"),
        ("decimal", "0.1000000000000000055511151231257827"),
        ("decimal", "1e400"),
    ] {
        let body = format!("{{\"x\": {number}}}");
        let answer = start(&server, name).body(body).send().expect(200).text();
        assert!(answer.contains(&format!("\"X\":{number}")), "{answer}");
    }
}

#[test]
fn forms_are_objects_of_strings() {
    let server = typed();
    for (name, body, expected) in [
        ("string", "x=a+b%26c%C3%A9", Ok(json!("a b&cé"))),
        ("string", "y=1", Err("input_missing")),
        ("string", "", Err("input_missing")),
        ("string", "x=1&x=2", Ok(json!("2"))),
        ("integer", "x=42", Ok(json!(42))),
        ("integer", "x=many", Err("input_type")),
        ("boolean", "x=true", Ok(json!(true))),
        ("object", "x=%7B%22a%22%3A1%7D", Ok(json!({"a": 1}))),
    ] {
        let found = told(form(start(&server, name), body));
        assert_eq!(found, expected.map_err(str::to_owned), "{name} {body}");
    }
    let whole = serving(&[(
        "whole",
        echo(&json!({"value": "request", "type": "object"})),
    )]);
    let call = form(start(&whole, "whole"), "a=1&b=%22");
    assert_eq!(told(call), Ok(json!({"a": "1", "b": "\""})));
}

#[test]
fn a_body_that_is_no_json_is_refused_with_its_place() {
    let server = serving(&[("rb", open(&json!({"inputs": []})))]);
    for body in [
        &b""[..],
        b"{",
        b"nonsense",
        b"{\"a\": }",
        b"{\"a\": 1} x",
        b"{'a': 1}",
        b"\"\xff\"",
        b"a=1",
        b"NaN",
    ] {
        let shown = String::from_utf8_lossy(body).into_owned();
        for media_type in ["application/json", "text/plain"] {
            let call = start(&server, "rb").header("content-type", media_type);
            let answer = call.body(body).send().expect(400).json();
            let error = &answer["error"];
            assert_eq!(error["code"], "body_not_json", "{shown}");
            assert!(error["at"]["offset"].is_u64(), "{shown}: {error}");
        }
    }
    for body in [
        "{}",
        "[]",
        "\"text\"",
        "42",
        "null",
        "true",
        " \r\n{ }\t",
        "\u{feff}{}",
    ] {
        let _ = start(&server, "rb").body(body).send().expect(202);
    }
    ended(&server, 8);
}

#[test]
fn what_may_be_missing_is_left_out_or_has_its_default() {
    let server = serving(&[
        (
            "optional",
            echo(&json!({"type": "string", "required": false})),
        ),
        ("default", echo(&json!({"type": "integer", "default": 7}))),
    ]);
    for (id, body, expected) in [
        ("optional", json!({}), Ok(Value::Null)),
        ("optional", json!({"x": "a"}), Ok(json!("a"))),
        ("optional", json!({"x": 1}), Err("input_type")),
        ("default", json!({}), Ok(json!(7))),
        ("default", json!({"x": null}), Ok(json!(7))),
        ("default", json!({"x": 8}), Ok(json!(8))),
        ("default", json!({"x": "8"}), Err("input_type")),
    ] {
        let found = told(start(&server, id).json(&body));
        assert_eq!(found, expected.map_err(str::to_owned), "{id} {body}");
    }
}

#[test]
fn what_stands_beside_the_body_can_be_read() {
    let server = serving(&[
        (
            "header",
            echo(&json!({"value": "request@header[x-topic]", "type": "integer"})),
        ),
        (
            "query",
            echo(&json!({"value": "request@query[q]", "type": "string"})),
        ),
        (
            "login",
            echo(&json!({"value": "request@header[cookie]", "type": "string"})),
        ),
    ]);
    let call = start(&server, "header").header("X-Topic", "7");
    assert_eq!(told(call.body("{}")), Ok(json!(7)));
    let call = server.post("/api/automation/query?p=1&q=a+b%C3%A9");
    assert_eq!(told(call.body("{}")), Ok(json!("a bé")));
    let missing = Err("input_missing".to_owned());
    assert_eq!(told(start(&server, "header").body("{}")), missing);
    assert_eq!(told(start(&server, "query").body("{}")), missing);
}

#[test]
fn what_cannot_be_read_is_told_what_to_send() {
    let server = serving(&[("rb", open(&json!({})))]);
    let parts = "--x\r\nContent-Disposition: form-data; name=\"city\"\r\n\r\nBern\r\n--x--\r\n";
    for (content_type, body, expected) in [
        (
            "application/json",
            "",
            "The body is empty. Send JSON, at least {}.",
        ),
        ("multipart/form-data; boundary=x", parts, "multipart"),
        // What is for whoever sends it is a sentence of its own.
        (
            "application/json",
            "{}",
            "The input variable `City` is missing",
        ),
    ] {
        let call = start(&server, "rb").header("content-type", content_type);
        let refused = call.body(body).send().expect(400).json();
        let message = refused["error"]["message"].as_str().unwrap();
        assert!(message.contains(expected), "{message}");
    }
}
