//! Inputs of a start, from each of the ways in.

use std::collections::BTreeMap;

use serde_json::json;

use super::*;
use crate::condition::Condition;
use crate::model::{NamedTemplate, RawJson, Runbook};

fn inputs(rows: serde_json::Value) -> Vec<Input> {
    serde_json::from_value(rows).unwrap()
}

fn input(variable_type: &str, extra: &serde_json::Value) -> Vec<Input> {
    let mut row = json!({ "name": "X", "value": "request^x", "type": variable_type });
    row.as_object_mut()
        .unwrap()
        .extend(extra.as_object().unwrap().clone());
    inputs(json!([row]))
}

fn public<'r>(body: &'r str, content_type: Option<&'r str>) -> PublicRequest<'r> {
    PublicRequest {
        body: body.as_bytes(),
        content_type,
        headers: &[],
        query: "",
        json_field: None,
    }
}

fn value_of(started: Result<StartInputs, ErrorDetail>) -> Result<Option<String>, String> {
    started
        .map(|inputs| {
            inputs
                .variables
                .into_iter()
                .next()
                .map(|variable| variable.value)
        })
        .map_err(|error| {
            assert_eq!(
                error.at.field.as_deref(),
                Some("X"),
                "the error names the variable: {error}"
            );
            assert!(error.message.contains("`X`"), "{error}");
            error.code
        })
}

const FORM: Option<&str> = Some("application/x-www-form-urlencoded; charset=utf-8");

#[test]
#[expect(clippy::too_many_lines, reason = "one table of one rule")]
fn public_values_are_taken_as_they_were_sent_or_refused_by_name() {
    for (variable_type, extra, body, expected) in [
        ("integer", json!({}), r#"{"x": 42}"#, Ok(Some("42"))),
        (
            "integer",
            json!({}),
            r#"{"x": 123456789012345678901234567890}"#,
            Ok(Some("123456789012345678901234567890")),
        ),
        ("integer", json!({}), r#"{"x": "42"}"#, Err("input_type")),
        ("integer", json!({}), r#"{"x": 42.0}"#, Err("input_type")),
        ("decimal", json!({}), r#"{"x": 0.10}"#, Ok(Some("0.10"))),
        (
            "string",
            json!({}),
            r#"{"x": "a\u0041"}"#,
            Ok(Some(r#""a\u0041""#)),
        ),
        ("string", json!({}), r#"{"x": ""}"#, Ok(Some(r#""""#))),
        ("string", json!({}), r#"{"x": 42}"#, Err("input_type")),
        ("string", json!({}), "{}", Err("input_missing")),
        ("string", json!({}), r#"{"x": null}"#, Err("input_type")),
        ("string", json!({ "required": false }), "{}", Ok(None)),
        (
            "string",
            json!({ "required": false }),
            r#"{"x": null}"#,
            Ok(None),
        ),
        (
            "string",
            json!({ "required": false }),
            r#"{"x": 7}"#,
            Err("input_type"),
        ),
        (
            "string",
            json!({ "default": "d" }),
            "{}",
            Ok(Some(r#""d""#)),
        ),
        (
            "string",
            json!({ "default": "d" }),
            r#"{"x": null}"#,
            Ok(Some(r#""d""#)),
        ),
        (
            "string",
            json!({ "default": "d" }),
            r#"{"x": "s"}"#,
            Ok(Some(r#""s""#)),
        ),
        (
            "object",
            json!({}),
            r#"{"x": {"b": 1}}"#,
            Ok(Some(r#"{"b": 1}"#)),
        ),
        ("array", json!({}), r#"{"x": {"b": 1}}"#, Err("input_type")),
        ("boolean", json!({}), r#"{"x": false}"#, Ok(Some("false"))),
        ("boolean", json!({}), r#"{"x": 0}"#, Err("input_type")),
        (
            "date-time",
            json!({}),
            r#"{"x": "2030-01-31T09:30:00Z"}"#,
            Ok(Some(r#""2030-01-31T09:30:00Z""#)),
        ),
        (
            "date-time",
            json!({}),
            r#"{"x": "2030-01-31"}"#,
            Err("input_type"),
        ),
        (
            "integer",
            json!({ "value": "request^list[-1]^id" }),
            r#"{"list": [{"id": 1}, {"id": 2}]}"#,
            Ok(Some("2")),
        ),
        (
            "object",
            json!({ "value": "request" }),
            r#" {"a": 1} "#,
            Ok(Some(r#"{"a": 1}"#)),
        ),
        (
            "string",
            json!({ "value": "" }),
            r#"{"x": "s"}"#,
            Err("input_missing"),
        ),
    ] {
        let found = value_of(from_request(
            &input(variable_type, &extra),
            &public(body, None),
        ));
        assert_eq!(
            found,
            expected
                .map(|v| v.map(str::to_owned))
                .map_err(str::to_owned),
            "{variable_type} {extra} {body}"
        );
    }
}

#[test]
fn forms_become_objects_of_strings_and_are_read_as_what_is_wanted() {
    for (variable_type, body, expected) in [
        ("string", "x=a+b%26c", Ok(Some(r#""a b&c""#))),
        ("integer", "x=42", Ok(Some("42"))),
        ("integer", "x=4.2", Err("input_type")),
        ("decimal", "x=4.20", Ok(Some("4.20"))),
        ("boolean", "x=true", Ok(Some("true"))),
        ("boolean", "x=on", Err("input_type")),
        (
            "date-time",
            "x=2030-01-31T09%3A30%3A00Z",
            Ok(Some(r#""2030-01-31T09:30:00Z""#)),
        ),
        ("object", "x=%7B%22a%22%3A1%7D", Ok(Some(r#"{"a":1}"#))),
        ("string", "x=1&x=2", Ok(Some(r#""2""#))),
        ("string", "", Err("input_missing")),
    ] {
        let found = value_of(from_request(
            &input(variable_type, &json!({})),
            &public(body, FORM),
        ));
        assert_eq!(
            found,
            expected
                .map(|v| v.map(str::to_owned))
                .map_err(str::to_owned),
            "{variable_type} {body}"
        );
    }
    let started = from_request(&[], &public("a=1&b=%22", FORM)).unwrap();
    assert_eq!(started.request.unwrap(), r#"{"a":"1","b":"\""}"#);
}

#[test]
fn a_body_that_is_not_json_is_refused_with_its_place() {
    for (body, offset) in [("", 0), ("{\"x\": }", 6), ("x=1", 0), ("<html>", 0)] {
        let error = from_request(&[], &public(body, Some("application/json"))).unwrap_err();
        assert_eq!(
            (error.code.as_str(), error.at.offset),
            ("body_not_json", Some(offset)),
            "{body}"
        );
    }
    let started = from_request(&[], &public("\u{feff} [1]\n", None)).unwrap();
    assert_eq!(started.request.unwrap(), "[1]");
}

#[test]
fn a_form_around_json_is_unwrapped_where_its_sender_has_it_so() {
    let rows = input("integer", &json!({}));
    // {"x": 42}
    let wrapped = "payload=%7B%22x%22%3A+42%7D";
    for (json_field, body, expected) in [
        (Some("payload"), wrapped, Ok(Some("42"))),
        (None, wrapped, Err("input_missing")),
        (Some("other"), wrapped, Err("input_missing")),
        (Some("payload"), "x=42", Ok(Some("42"))),
        (
            Some("payload"),
            "payload=%7B%22x%22%3A+42%7D&x=7",
            Ok(Some("7")),
        ),
        // What is JSON says itself what type it has.
        (
            Some("payload"),
            "payload=%7B%22x%22%3A+%2242%22%7D",
            Err("input_type"),
        ),
    ] {
        let request = PublicRequest {
            json_field,
            ..public(body, FORM)
        };
        let expected = expected
            .map(|value: Option<&str>| value.map(str::to_owned))
            .map_err(str::to_owned);
        assert_eq!(value_of(from_request(&rows, &request)), expected, "{body}");
    }
}

#[test]
fn a_text_that_is_no_date_time_is_shown() {
    let rows = input("date-time", &json!({}));
    let long = format!(r#"{{"x":"{}"}}"#, "x".repeat(50));
    for (body, expected) in [
        (r#"{"x":"yesterday"}"#, "but it is the text “yesterday”"),
        (&long, &format!("the text “{}…”", "x".repeat(40))),
        (r#"{"x":7}"#, "but it is "),
    ] {
        let error = from_request(&rows, &public(body, None)).unwrap_err();
        assert!(error.message.contains(expected), "{error}");
    }
}

#[test]
fn what_is_no_json_is_told_what_to_send() {
    let multipart = Some("multipart/form-data; boundary=x");
    for (body, content_type, expected) in [
        ("", None, "Send JSON, at least {}."),
        (
            "--x\r\n\r\n",
            multipart,
            "application/x-www-form-urlencoded",
        ),
        ("--x", None, "not JSON"),
    ] {
        let error = from_request(&[], &public(body, content_type)).unwrap_err();
        assert_eq!(error.code, "body_not_json");
        assert!(error.message.contains(expected), "{error}");
    }
}

#[test]
fn json_that_is_sent_as_a_form_is_told_its_media_type() {
    let rows =
        inputs(json!([{ "name": "Question", "value": "request^question", "type": "string" }]));
    let hint = "the body looks like JSON but was sent as a form: send it with `Content-Type: application/json`";
    for (body, content_type, is_hinted) in [
        (r#"{"question":"Who?"}"#, FORM, true),
        (" [1, 2]", FORM, true),
        (r#"{"question":"a=b"}"#, FORM, true),
        ("question_text=Who", FORM, false),
        ("{a}=1&b=2", FORM, false),
        ("", FORM, false),
        (r#"{"question_text":"Who?"}"#, None, false),
    ] {
        let error = from_request(&rows, &public(body, content_type)).unwrap_err();
        assert_eq!(error.code, "input_missing", "{body}");
        assert_eq!(error.message.contains(hint), is_hinted, "{body}: {error}");
    }
    // What does not look at the body takes it as it is.
    assert!(from_request(&[], &public("{}", FORM)).is_ok());
}

#[test]
fn what_stands_beside_a_body_is_known_but_credentials_are_not() {
    let headers = [
        ("X-Topic".to_owned(), "7".to_owned()),
        ("Authorization".to_owned(), "Basic c2VjcmV0".to_owned()),
        ("Cookie".to_owned(), "session=secret".to_owned()),
    ];
    let request = PublicRequest {
        body: b"{}",
        content_type: None,
        headers: &headers,
        query: "page=2&q=a+b",
        json_field: None,
    };
    let rows = inputs(json!([
        { "name": "Topic", "value": "request@header[x-topic]", "type": "integer" },
        { "name": "Query", "value": "request@query[q]!", "type": "string" },
        { "name": "Method", "value": "request@method", "type": "string" },
    ]));
    let started = from_request(&rows, &request).unwrap();
    let values: Vec<(&str, bool)> = started
        .variables
        .iter()
        .map(|variable| (variable.value.as_str(), variable.bare))
        .collect();
    assert_eq!(
        values,
        [("7", false), (r#""a b""#, true), (r#""POST""#, false)]
    );
    assert_eq!(started.request_headers.unwrap(), r#"{"x-topic":"7"}"#);
    assert_eq!(started.request_query.unwrap(), r#"{"page":"2","q":"a b"}"#);
    for header in ["x-none", "authorization", "Cookie"] {
        let path = format!("request@header[{header}]");
        let rows = inputs(json!([{ "name": "X", "value": path, "type": "string" }]));
        assert_eq!(
            value_of(from_request(&rows, &request)),
            Err("input_missing".to_owned()),
            "{header}"
        );
    }
}

fn runbook(inputs: &serde_json::Value, from_desk: &serde_json::Value) -> Runbook {
    serde_json::from_value(json!({
        "id": "rb", "name": "Runbook", "start": { "inputs": inputs }, "from_desk": from_desk,
    }))
    .unwrap()
}

#[test]
fn the_desk_fills_variables_from_ticket_and_action() {
    let rows = json!([
        { "name": "TicketId", "type": "integer" },
        { "name": "Prompt", "type": "string" },
        { "name": "Site", "type": "string", "required": false },
        { "name": "Number", "type": "string", "default": "none" },
    ]);
    let from_desk = json!([
        { "name": "TicketId", "value": "<<ticket^id>>" },
        { "name": "Prompt", "value": "<<action^note>>" },
        { "name": "Number", "value": "<<ticket^id>>" },
    ]);
    let overrides = [NamedTemplate {
        name: "Prompt".to_owned(),
        value: "Ticket <<ticket^id>>: <<action^note!>>".to_owned(),
    }];
    for (overrides, prompt) in [
        (&[][..], r#""a \"b\"""#),
        (&overrides, r#""Ticket 42: a \"b\"""#),
    ] {
        let start = DeskStart {
            overrides,
            documents: &[
                ("ticket", r#"{"id": 42}"#.to_owned()),
                ("action", r#"{"note": "a \"b\""}"#.to_owned()),
            ],
            halo_url: "https://desk.test",
        };
        let started = from_desk_with(&runbook(&rows, &from_desk), &start).unwrap();
        assert_eq!(
            started,
            [
                ("TicketId", "42"),
                ("Prompt", prompt),
                ("Number", r#""42""#)
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
    }
}

fn from_desk_with(
    runbook: &Runbook,
    start: &DeskStart<'_>,
) -> Result<Vec<(String, String)>, ErrorDetail> {
    from_desk(runbook, start).map(|inputs| {
        inputs
            .variables
            .into_iter()
            .map(|variable| (variable.name, variable.value))
            .collect()
    })
}

#[test]
fn what_the_desk_cannot_fill_is_named() {
    for (variable_type, mapping, code) in [
        ("integer", Some("<<ticket^none>>"), "input_missing"),
        ("integer", Some("<<ticket^id"), "input_missing"),
        ("integer", Some("no number"), "input_type"),
        ("object", Some("<<ticket^id>>"), "input_type"),
        ("integer", None, "input_missing"),
    ] {
        let from_desk = match mapping {
            Some(value) => json!([{ "name": "X", "value": value }]),
            None => json!([]),
        };
        let runbook = runbook(&json!([{ "name": "X", "type": variable_type }]), &from_desk);
        let start = DeskStart {
            overrides: &[],
            documents: &[
                ("ticket", r#"{"id": 42}"#.to_owned()),
                ("action", "{}".to_owned()),
            ],
            halo_url: "",
        };
        assert_eq!(
            value_of(super::from_desk(&runbook, &start)),
            Err(code.to_owned()),
            "{mapping:?}"
        );
    }
}

#[test]
fn the_console_takes_what_was_typed() {
    let deep = format!("{{ \"X\": {}{} }}", "[".repeat(129), "]".repeat(129));
    for (variable_type, typed, expected) in [
        ("integer", r#"{ "X": 42 }"#, Ok(Some("42"))),
        ("integer", r#"{ "X": "42" }"#, Ok(Some("42"))),
        ("integer", r#"{ "X": "many" }"#, Err("input_type")),
        ("decimal", r#"{ "X": 0.10 }"#, Ok(Some("0.10"))),
        ("decimal", r#"{ "X": 1e400 }"#, Ok(Some("1e400"))),
        ("string", r#"{ "X": "a" }"#, Ok(Some(r#""a""#))),
        ("string", "{}", Err("input_missing")),
        ("array", deep.as_str(), Err("nested_too_deeply")),
    ] {
        let values: BTreeMap<String, RawJson> = serde_json::from_str(typed).unwrap();
        let found = value_of(from_console(&input(variable_type, &json!({})), &values));
        assert_eq!(
            found,
            expected
                .map(|v| v.map(str::to_owned))
                .map_err(str::to_owned),
            "{typed}"
        );
    }
    let typed = BTreeMap::from([("Promt".to_owned(), json!("?").into())]);
    let rows = inputs(json!([{ "name": "Prompt", "type": "string" }]));
    let error = from_console(&rows, &typed).unwrap_err();
    assert_eq!(error.code, "unknown_input");
    assert!(error.message.contains("did you mean `Prompt`"), "{error}");
}

#[test]
fn unwanted_deliveries_are_told_from_wanted_ones_before_their_variables_are_asked_for() {
    let rows = inputs(json!([
        { "name": "Number", "value": "request^issue^number", "type": "integer" },
        { "name": "Label", "value": "request^label", "type": "string", "required": false },
    ]));
    let headers = [("X-GitHub-Event".to_owned(), "issues".to_owned())];
    let event = r#"{"left":"<<request@header[x-github-event]>>","op":"equals","right":"issues"}"#;
    let opened = r#"{"left":"<<request^action>>","op":"equals","right":"opened"}"#;
    let number = r#"{"left":"<<Number>>","op":"greater","right":"10"}"#;
    let page = r#"{"left":"<<request@query[page]>>","op":"equals","right":"2"}"#;
    let post = r#"{"left":"<<request@method>>","op":"equals","right":"POST"}"#;
    let label = r#"{"left":"<<Label>>","op":"has_no_value"}"#;
    let body = r#"{"action":"opened","issue":{"number":42}}"#;
    for (when, body, expected) in [
        (format!(r#"{{"all":[{event},{opened},{number},{page},{post},{label}]}}"#), body, Ok(true)),
        (format!(r#"{{"all":[{event},{opened}]}}"#), r#"{"action":"closed"}"#, Ok(false)),
        // It lacks what the runbook needs, but nobody wants it anyway.
        (format!(r#"{{"all":[{opened}]}}"#), r#"{"zen":"Keep it simple."}"#, Ok(false)),
        (format!(r#"{{"any":[{opened},{event}]}}"#), r#"{"zen":"Keep it simple."}"#, Err("input_missing")),
        (format!(r#"{{"all":[{number}]}}"#), r#"{"issue":{"number":7}}"#, Ok(false)),
        (format!(r#"{{"all":[{number}]}}"#), r#"{"issue":{"number":"7"}}"#, Ok(false)),
        (format!(r#"{{"all":[{opened}]}}"#), "{", Err("body_not_json")),
        (r#"{"all":[]}"#.to_owned(), body, Ok(true)),
        (r#"{"all":[{"left":"<<request^action>>","op":"matches","right":"<<request^action>>"}]}"#.to_owned(), r#"{"action":"("}"#, Ok(false)),
    ] {
        let when: crate::condition::When = serde_json::from_str(&when).unwrap();
        let condition = Condition::compile(&when).unwrap();
        let request = PublicRequest {
            body: body.as_bytes(),
            content_type: None,
            headers: &headers,
            query: "page=2",
            json_field: None,
        };
        let verdict = read_request(&rows, Some(&condition), &request).map(|wanted| match wanted {
            Wanted::Yes(inputs) => {
                assert_eq!(inputs.variables[0].value, "42");
                true
            }
            Wanted::No { explanation } => {
                assert!(!explanation.is_empty());
                false
            }
        });
        assert_eq!(verdict.map_err(|error| error.code), expected.map_err(str::to_owned), "{when:?} {body}");
    }
}
