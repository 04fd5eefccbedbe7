//! Variables: what output variables take, and what templates see.

use std::collections::BTreeMap;

use super::*;
use crate::model::Output;

fn response(content_type: &str, body: &str) -> Response {
    Response {
        status: 201,
        headers: vec![
            ("Content-Type".to_owned(), content_type.to_owned()),
            ("X-Next".to_owned(), "a\"b".to_owned()),
        ],
        body: body.as_bytes().to_vec().into(),
        time_ms: 12,
    }
}

fn output(fields: &serde_json::Value) -> Output {
    let mut output = serde_json::json!({ "name": "X" });
    output
        .as_object_mut()
        .unwrap()
        .extend(fields.as_object().unwrap().clone());
    serde_json::from_value(output).unwrap()
}

#[test]
fn output_variables_take_default_mapping_and_type_in_this_order() {
    use serde_json::json;
    let body = r#"{"n": 1.50, "s": "low", "t": "a\"b", "z": null, "list": [1, 2]}"#;
    for (fields, expected) in [
        (json!({ "value": "response^n" }), Ok("1.50")),
        (json!({ "value": "response^t" }), Ok(r#""a\"b""#)),
        (json!({ "value": "response^t!" }), Ok(r#"a\"b"#)),
        (json!({ "value": "response^z" }), Ok("null")),
        (json!({ "value": "response^list" }), Ok("[1, 2]")),
        (json!({ "value": "response^none" }), Err("no_such_key")),
        (json!({ "value": "response^none", "default": [] }), Ok("[]")),
        (
            json!({ "value": "response^s", "default": "d" }),
            Ok("\"low\""),
        ),
        (
            json!({ "value": "response^s", "mappings": [{ "from": "high", "to": "1" }, { "from": "low", "to": "3" }] }),
            Ok("\"3\""),
        ),
        (
            json!({ "value": "response^s", "type": "integer", "mappings": [{ "from": "low", "to": "3" }] }),
            Ok("3"),
        ),
        (
            json!({ "value": "response^s", "type": "integer", "mappings": [{ "from": "low", "to": "three" }] }),
            Err("type_mismatch"),
        ),
        (
            json!({ "value": "response^none", "default": "low", "mappings": [{ "from": "low", "to": "3" }] }),
            Ok("\"3\""),
        ),
        (
            json!({ "value": "response^n", "mappings": [{ "from": "1.50", "to": "x" }] }),
            Ok("\"x\""),
        ),
        (
            json!({ "value": "response^n", "type": "decimal" }),
            Ok("1.50"),
        ),
        (
            json!({ "value": "response^n", "type": "integer" }),
            Err("type_mismatch"),
        ),
        (
            json!({ "value": "response^z", "type": "string" }),
            Err("type_mismatch"),
        ),
        (json!({ "value": "response@status" }), Ok("201")),
        (json!({ "value": "response@time_ms" }), Ok("12")),
        (
            json!({ "value": "response@header[x-next]" }),
            Ok(r#""a\"b""#),
        ),
        (
            json!({ "value": "response@header[x-none]" }),
            Err("no_header"),
        ),
        (
            json!({ "value": "response@header[x-none]", "default": null }),
            Ok("null"),
        ),
        (
            json!({ "value": "response^n", "add_to_array": true }),
            Ok("[1.50]"),
        ),
        (json!({ "value": "request^n" }), Err("not_a_response")),
        (json!({ "value": "response^" }), Err("empty_name")),
        (
            json!({ "value": "response^n", "default": "d", "type": "integer" }),
            Err("default_type"),
        ),
    ] {
        let results = outputs::try_out(&[output(&fields)], &response("application/json", body));
        let result = results.into_iter().next().unwrap();
        let found = result
            .value
            .as_deref()
            .ok_or_else(|| result.error.as_ref().unwrap().code.as_str());
        assert_eq!(found, expected, "{fields}");
    }
}

#[test]
fn a_default_is_the_literal_that_was_written() {
    let methods = r#"[{ "id": "m", "name": "M", "http_method": "GET", "path": "/a",
          "outputs": [{ "name": "A", "value": "response^none", "default": 123456789012345678901234567890 }] }]"#;
    let steps = r#"[
        { "id": "one", "name": "A", "type": "method", "method": "m", "next": { "success": "good", "failure": "good" },
          "outputs": [{ "name": "B", "value": "response^none", "default": {"z": 0.10, "a": [1e400]} }] },
        { "id": "good", "name": "Good", "type": "end", "outcome": "success" }]"#;
    let inputs = r#"[{ "name": "C", "type": "decimal", "required": false, "default": 1.50 }]"#;
    let bundle = bundle(methods, inputs, steps);
    // As it is exported, stored and published.
    let bundle = Bundle::parse(&serde_json::to_vec(&bundle).unwrap()).unwrap();
    let document = PlanDocument::gather(&bundle.runbooks[0], &bundle.integrations, None);
    let document: PlanDocument =
        serde_json::from_str(&serde_json::to_string(&document).unwrap()).unwrap();
    let given = crate::start::from_console(&document.runbook.start.inputs, &BTreeMap::new());
    assert_eq!(given.unwrap().variables[0].value, "1.50");
    let mut script = Script::new(&bundle, &[]);
    script.step(200, "{}");
    for (name, value) in [
        ("A", "123456789012345678901234567890"),
        ("B", r#"{"z": 0.10, "a": [1e400]}"#),
    ] {
        let found = script.run.variables().get(name).unwrap();
        assert_eq!(found.json(), value);
    }
}

#[test]
fn a_default_that_no_variable_can_hold_is_refused() {
    let deep = format!("{}{}", "[".repeat(129), "]".repeat(129));
    let fields = format!(r#"{{ "name": "X", "value": "response", "default": {deep} }}"#);
    let output: Output = serde_json::from_str(&fields).unwrap();
    let result = outputs::try_out(&[output], &response("application/json", "{}"));
    assert_eq!(result[0].error.as_ref().unwrap().code, "nested_too_deeply");
}

#[test]
fn a_body_of_another_type_is_a_string_and_a_broken_one_is_nothing() {
    let whole = [output(&serde_json::json!({ "value": "response" }))];
    for (content_type, body, expected) in [
        ("text/plain", "hello \"you\"", Ok(r#""hello \"you\"""#)),
        ("text/html; charset=utf-8", "<p>", Ok("\"<p>\"")),
        ("application/xml", "<p/>", Ok("\"<p/>\"")),
        ("application/problem+xml", "<p/>", Ok("\"<p/>\"")),
        ("text/plain", r#"{"a": 1}"#, Ok(r#"{"a": 1}"#)),
        ("application/json", "hello", Err("invalid_json")),
        ("application/problem+json", "hello", Err("invalid_json")),
        ("text/json", "hello", Err("invalid_json")),
        ("", "hello", Err("invalid_json")),
        ("application/octet-stream", "hello", Err("invalid_json")),
        ("text/plain", "", Err("invalid_json")),
    ] {
        let result = outputs::try_out(&whole, &response(content_type, body))
            .pop()
            .unwrap();
        let found = result
            .value
            .as_deref()
            .ok_or_else(|| result.error.as_ref().unwrap().code.as_str());
        assert_eq!(found, expected, "{content_type:?} {body:?}");
    }
}

#[test]
fn one_broken_output_variable_does_not_hide_the_others_while_one_types() {
    let rows = [
        output(&serde_json::json!({ "value": "response^a" })),
        output(&serde_json::json!({ "value": "response[" })),
    ];
    let results = outputs::try_out(&rows, &response("application/json", r#"{"a": 1}"#));
    assert_eq!(results[0].value.as_deref(), Some("1"));
    let error = results[1].error.as_ref().unwrap();
    assert_eq!(error.at.field.as_deref(), Some("outputs[1].value"));
    assert!(error.at.offset.is_some());
}

const LOOP: &str = r#"[
    { "id": "one", "name": "Page", "type": "method", "method": "m", "next": { "success": "more", "failure": "bad" },
      "outputs": [{ "name": "Last", "value": "response^id" }] },
    { "id": "more", "name": "More?", "type": "condition", "when": { "all": [{ "left": "<<response^more>>", "op": "equals", "right": "true" }] },
      "next": { "met": "one", "not_met": "good" } },
    { "id": "good", "name": "Good", "type": "end", "outcome": "success" },
    { "id": "bad", "name": "Bad", "type": "end", "outcome": "failed" }]"#;

#[test]
fn arrays_grow_from_visit_to_visit_and_step_outputs_stand_beside_the_methods() {
    let methods = r#"[{ "id": "m", "name": "M", "http_method": "GET", "path": "/p",
        "query": [{ "name": "after", "value": "<<Last ?? 0>>" }],
        "outputs": [{ "name": "Out", "value": "response^id", "add_to_array": true }] }]"#;
    let mut script = Script::new(&bundle(methods, "[]", LOOP), &[]);
    let first = script.step(200, r#"{"id": 10, "more": true}"#);
    let second = script.step(200, r#"{"id": "x,]", "more": true}"#);
    let third = script.step(200, r#"{"id": [3], "more": false}"#);
    let queries: Vec<_> = [&first, &second, &third]
        .map(|call| call.request.url().query().unwrap())
        .into();
    assert_eq!(queries, ["after=0", "after=10", "after=x%2C%5D"]);
    assert_ne!(first.key, second.key, "each visit has a key of its own");
    assert_eq!(script.finished(), Outcome::Succeeded);
    assert_eq!(
        script.run.outputs().unwrap().as_str(),
        r#"{"Out":[10,"x,]",[3]]}"#
    );
    assert_eq!(script.replayed(), script.run);
}

/// A run that goes in a circle, adding to an array.
fn circle(value: &str) -> Bundle {
    let methods = format!(
        r#"[{{ "id": "m", "name": "M", "http_method": "POST", "path": "/a",
          "outputs": [{{ "name": "Out", "value": "{value}", "add_to_array": true }}] }}]"#
    );
    let steps = r#"[
        { "id": "one", "name": "A", "type": "method", "method": "m", "next": { "success": "one", "failure": "bad" } },
        { "id": "bad", "name": "Bad", "type": "end", "outcome": "failed" }]"#;
    bundle(&methods, "[]", steps)
}

#[test]
fn variables_hold_no_more_than_there_is_room_for() {
    let mut script = Script::new(&circle("response^text"), &[]);
    let body = format!(
        r#"{{"text": "{}"}}"#,
        "x".repeat(limits::MAX_VARIABLE_BYTES / 5)
    );
    let mut answers = 0;
    let outcome = loop {
        match script.run.next() {
            Some((id, Effect::Http(_))) => script.answer(id, 200, &body),
            Some((_, Effect::Finished(outcome))) => break outcome,
            other => panic!("{other:?}"),
        }
        answers += 1;
    };
    assert_eq!(answers, 4, "three texts and a body");
    assert_eq!(error_of(&outcome).code, "variables_too_large");
}

#[test]
fn an_array_is_not_added_to_beyond_the_deepest_nesting() {
    let mut script = Script::new(&circle("response"), &[]);
    let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    script.step(200, &deep(127));
    assert_eq!(
        script
            .run
            .variables()
            .get("Out")
            .map(crate::template::Variable::json),
        Some(deep(128).as_str())
    );
    script.step(200, &deep(128));
    let outcome = script.finished();
    assert_eq!(error_of(&outcome).code, "nested_too_deeply");
}

#[test]
fn a_run_knows_itself_and_its_desk() {
    let methods = r#"[{ "id": "m", "name": "M", "http_method": "POST", "path": "/<<Tenant>>",
        "body": { "type": "json", "text": "{\"run\": <<run>>, \"desk\": \"<<halo_url>>/tickets\"}" } }]"#;
    let mut script = Script::new(&bundle(methods, "[]", LOOP), &[]);
    let (_, call) = script.http();
    assert_eq!(call.request.url().path(), "/v1/acme");
    let body: serde_json::Value = serde_json::from_slice(call.request.body().unwrap()).unwrap();
    assert_eq!(body["run"]["id"], context().run_id.to_string());
    assert_eq!(body["run"]["started_at"], "2023-11-14T22:13:20Z");
    assert_eq!(body["run"]["runbook"]["name"], "Runbook");
    assert_eq!(body["desk"], "http://desk.test:8787/tickets");
}

#[test]
fn an_edit_whose_id_came_out_empty_is_not_sent() {
    for target in ["", r#", "target": "svc""#] {
        let steps = format!(
            r#"[{{ "id": "one", "name": "Edit", "type": "desk_action", "action": "edit_customer",
                "body": "[{{\"id\": <<Id>>, \"notes\": \"n\"}}]"{target}, "next": {{ "success": "bad", "failure": "good" }} }},
              {{ "id": "bad", "name": "Bad", "type": "end", "outcome": "failed" }},
              {{ "id": "good", "name": "Good", "type": "end", "outcome": "success" }}]"#
        );
        let mut bundle = bundle("[]", r#"[{ "name": "Id", "type": "integer" }]"#, &steps);
        bundle.integrations[0].halo = true;
        let mut script = Script::new(&bundle, &[("Id", "0")]);
        assert_eq!(script.finished(), Outcome::Succeeded);
        let view = script.run.view(&[]);
        let error = view.visits[0].error.as_ref();
        assert_eq!(error.map(|error| error.code.as_str()), Some("no_id"));
    }
}

#[test]
fn desk_actions_call_the_desk_or_another_halo() {
    let steps = |target: &str| {
        format!(
            r#"[{{ "id": "one", "name": "Note", "type": "desk_action", "action": "add_action", "timeout_ms": 5000,
                "body": "[{{\"ticket_id\": <<Id>>, \"outcome\": \"Note\", \"note\": <<Id>>}}]"{target}, "next": {{ "success": "good", "failure": "good" }},
                "outputs": [{{ "name": "Out", "value": "response^id" }}] }},
              {{ "id": "good", "name": "Good", "type": "end", "outcome": "success" }}]"#
        )
    };
    let mut script = Script::new(
        &bundle("[]", r#"[{ "name": "Id", "type": "integer" }]"#, &steps("")),
        &[("Id", "4")],
    );
    let Some((id, Effect::Desk(call))) = script.run.next() else {
        panic!("no call of the desk")
    };
    assert_eq!(
        (call.resource, call.http_method.as_str(), call.timeout_ms),
        ("/api/Actions", "POST", 5_000)
    );
    assert_eq!(
        call.body,
        r#"[{"ticket_id": 4, "outcome": "Note", "note": 4}]"#
    );
    script.answer(id, 201, r#"{"id": 9}"#);
    assert_eq!(script.finished(), Outcome::Succeeded);
    assert_eq!(script.run.outputs().unwrap().as_str(), r#"{"Out":9}"#);
    let view = script.run.view(&[]);
    assert_eq!(
        view.visits[0].attempts[0].request.url, "https://api.example.com/v1/x",
        "as the sending says"
    );

    let mut bundle = bundle(
        "[]",
        r#"[{ "name": "Id", "type": "integer" }]"#,
        &steps(r#", "target": "svc""#),
    );
    bundle.integrations[0].halo = true;
    let mut script = Script::new(&bundle, &[("Id", "4")]);
    let (_, call) = script.http();
    assert_eq!(
        call.request.url().as_str(),
        "https://api.example.com/v1/api/Actions"
    );
    assert_eq!(
        call.request.header("content-type"),
        Some("application/json")
    );
    assert_eq!((call.method, call.repeatable), (None, false));
}

#[test]
fn a_lean_run_is_the_same_run_without_its_records() {
    let mut script = Script::new(&example(), &[("TicketId", "42"), ("Prompt", "\"?\"")]);
    script.step(200, r#"{"choices": [{"text": "a"}]}"#);
    script.step(200, r#"{"id": 1}"#);
    let lean = Run::replay(
        Arc::clone(script.run.plan()),
        script.run.trigger.clone(),
        context(),
        Detail::Lean,
        START,
        script.journal.clone(),
    )
    .unwrap();
    assert_eq!(lean.summary(), script.run.summary());
    assert_eq!(lean.outputs(), script.run.outputs());
    assert_eq!(lean.variables(), script.run.variables());
    assert!(
        lean.view(&[])
            .visits
            .iter()
            .all(|visit| visit.attempts.is_empty() && visit.variables.is_empty())
    );
}

#[test]
fn each_try_is_shown_with_what_came_of_it() {
    let mut script = Script::new(&example(), &[("TicketId", "42"), ("Prompt", "\"?\"")]);
    let (id, call) = script.http();
    let view = script.run.view(&[]);
    let under_way = &view.visits[0].attempts[0];
    assert!(
        under_way.response.is_none() && under_way.error.is_none(),
        "it is shown while it is under way"
    );
    let first = Sending {
        status: Some(401),
        time_ms: 5,
        ..Sending::of(&call.request, START + 3)
    };
    let second = Sending {
        status: Some(200),
        time_ms: 6,
        ..Sending::of(&call.request, START + 9)
    };
    script.apply(
        id,
        Event::Answered {
            attempts: vec![first, second],
            response: Response {
                status: 200,
                headers: Vec::new(),
                body: b"{\"choices\": [{\"text\": \"a\"}]}".to_vec().into(),
                time_ms: 6,
            },
        },
    );
    let view = script.run.view(&[]);
    let tries: Vec<(u64, u16, usize)> = view.visits[0]
        .attempts
        .iter()
        .map(|attempt| {
            let response = attempt.response.as_ref().unwrap();
            (attempt.sent_at, response.status, response.bytes)
        })
        .collect();
    assert_eq!(tries, [(START + 3, 401, 0), (START + 9, 200, 28)]);
    assert_eq!(
        view.visits[0].attempts[0].request.url,
        "http://127.0.0.1:9099/v1/completions"
    );
}

#[test]
fn an_answer_that_is_not_json_is_said_to_be_none() {
    let fields = [output(&serde_json::json!({ "value": "response^ok" }))];
    for (content_type, body, expected) in [
        (
            "text/html",
            "<p>Log in</p>",
            "the answer is not JSON but `text/html`",
        ),
        ("text/plain", r#""ok""#, "`response` is a string"),
    ] {
        let result = outputs::try_out(&fields, &response(content_type, body))
            .pop()
            .unwrap();
        let error = result.error.unwrap();
        assert_eq!(error.code, "not_an_object");
        assert!(error.message.contains(expected), "{}", error.message);
    }
}
