//! What a method becomes.

use serde_json::json;

use super::*;

#[test]
fn an_action_goes_to_the_instance_or_to_its_resource_server_alike() {
    for (base, expected) in [
        ("https://h.test", "https://h.test/api/Client"),
        ("https://h.test/api", "https://h.test/api/Client"),
        ("https://h.test/API/", "https://h.test/api/Client"),
        ("https://h.test/desk/api", "https://h.test/desk/api/Client"),
        ("https://h.test/apis", "https://h.test/apis/api/Client"),
        ("<<halo_url>>/api", "http://own.test/api/Client"),
        ("<<halo_url>>", "http://own.test/api/Client"),
    ] {
        let fields = json!({"id": "h", "name": "H", "base_url": base, "halo": true});
        let integration: Integration = serde_json::from_value(fields).unwrap();
        let body = "[{\"name\": \"x\"}]";
        let request =
            RequestTemplate::for_desk_action(&integration, DeskOperation::CreateCustomer, body);
        let request = request.unwrap();
        let rendered = request
            .render(&mut Variables::new(), "http://own.test")
            .unwrap();
        assert_eq!(rendered.url().as_str(), expected, "{base}");
    }
}

#[test]
fn addresses_are_put_together_from_base_path_and_query() {
    let values = [
        ("Id", "42"),
        ("Name", r#""R&D / Ops""#),
        ("Search", r#""a b&c=d""#),
        ("Climb", r#""../../admin?x=1#y""#),
    ];
    for (base, fields, expected) in [
        (
            "https://h.test/v1",
            json!({ "path": "/tickets/<<Id>>" }),
            "https://h.test/v1/tickets/42",
        ),
        (
            "https://h.test/v1/",
            json!({ "path": "tickets" }),
            "https://h.test/v1/tickets",
        ),
        (
            "https://h.test/v1",
            json!({ "path": "" }),
            "https://h.test/v1",
        ),
        (
            "https://h.test",
            json!({ "path": "/g/<<Name>>" }),
            "https://h.test/g/R%26D%20%2F%20Ops",
        ),
        (
            "https://h.test",
            json!({ "path": "/g/<<Climb>>" }),
            "https://h.test/g/..%2F..%2Fadmin%3Fx%3D1%23y",
        ),
        (
            "https://h.test",
            json!({ "query": [{ "name": "q", "value": "<<Search>>" }, { "name": "a b", "value": "x=1&y" }] }),
            "https://h.test/x?q=a%20b%26c%3Dd&a%20b=x%3D1%26y",
        ),
        (
            "https://h.test",
            json!({ "query": [{ "name": "q", "value": "1", "on": false }, { "name": "r", "value": "" }] }),
            "https://h.test/x?r=",
        ),
        (
            "https://h.test",
            json!({ "path": "/x?page=<<Search>>", "query": [{ "name": "q", "value": "1" }] }),
            "https://h.test/x?page=a%20b%26c%3Dd&q=1",
        ),
        (
            "https://h.test",
            json!({ "path": "/<<Tenant>>" }),
            "https://h.test/acme%20%26%20sons",
        ),
        (
            "https://h.test",
            json!({ "query": [{ "name": "back", "value": "<<halo_url>>/x" }] }),
            "https://h.test/x?back=http%3A%2F%2Fdesk.test%3A8787%2Fx",
        ),
        (
            "<<halo_url>>/api",
            json!({ "path": "/Actions" }),
            "http://desk.test:8787/api/Actions",
        ),
    ] {
        let request = build(base, &fields, &values).unwrap();
        assert_eq!(request.url().as_str(), expected, "{fields}");
    }
}

#[test]
fn bodies_bring_their_content_type_unless_the_author_sets_another() {
    let values = [("Prompt", r#""say \"hi\"""#), ("Id", "7")];
    for (fields, content_type, body) in [
        (
            json!({ "body": { "type": "json", "text": r#"{"p": <<Prompt>>, "id": "<<Id>>"}"# } }),
            Some("application/json"),
            Some(r#"{"p": "say \"hi\"", "id": "7"}"#),
        ),
        (
            json!({
                "body": { "type": "json", "text": "[]" },
                "headers": [{ "name": "content-type", "value": "application/vnd.api+json" }],
            }),
            Some("application/vnd.api+json"),
            Some("[]"),
        ),
        (
            json!({ "body": { "type": "xml", "text": "<p id='<<Id>>'><<Prompt>></p>" } }),
            Some("application/xml"),
            Some("<p id='7'>say &quot;hi&quot;</p>"),
        ),
        (
            json!({ "body": { "type": "text", "text": "<<Prompt!>>", "content_type": "text/plain" } }),
            Some("text/plain"),
            Some(r#"say "hi""#),
        ),
        (
            json!({ "body": { "type": "form", "fields": [
                { "name": "p", "value": "<<Prompt>>" }, { "name": "a b", "value": "&=" }
            ] } }),
            Some("application/x-www-form-urlencoded"),
            Some("p=say+%22hi%22&a+b=%26%3D"),
        ),
        (json!({ "body": { "type": "none" } }), None, None),
        (json!({ "http_method": "GET" }), None, None),
    ] {
        let request = build("https://h.test", &fields, &values).unwrap();
        assert_eq!(request.header("Content-Type"), content_type, "{fields}");
        assert_eq!(request.body(), body.map(str::as_bytes), "{fields}");
    }
}

#[test]
fn all_fields_together_are_bounded() {
    let large = crate::json::quote(&"x".repeat(3 * 1024 * 1024));
    let fields: Vec<_> = (0..8)
        .map(|index| json!({ "name": format!("f{index}"), "value": "<<Large>>" }))
        .collect();
    for (fields, place) in [
        (
            json!({ "body": { "type": "form", "fields": fields } }),
            "body.fields[5].value",
        ),
        (json!({ "query": fields }), "query[5].value"),
    ] {
        let error = build("https://h.test", &fields, &[("Large", &large)]).unwrap_err();
        assert_eq!((error.code(), error.field.as_str()), ("too_large", place));
    }
}

#[test]
fn what_cannot_be_sent_is_refused_with_its_field() {
    let values = [
        ("Break", r#""a\r\nX-Evil: 1""#),
        ("Dots", r#""..""#),
        ("Empty", r#""""#),
    ];
    for (fields, code, field) in [
        (json!({ "path": "/<<Nope>>" }), "unresolved", "path"),
        (json!({ "path": "/a/<<Dots>>" }), "dot_segment", "path"),
        (json!({ "path": "/a/<<Empty>>" }), "empty_segment", "path"),
        (json!({ "path": "/a/<<Empty>>/b" }), "empty_segment", "path"),
        (
            json!({ "path": "/a/<<Empty>>?b=1" }),
            "empty_segment",
            "path",
        ),
        (json!({ "path": "<<Empty>>" }), "empty_segment", "path"),
        (json!({ "path": "<<Empty>>/b" }), "empty_segment", "path"),
        (
            json!({ "path": "/<<Empty>>/../b" }),
            "empty_segment",
            "path",
        ),
        (json!({ "path": "/../<<Dots>>x" }), "dot_segment", "path"),
        (
            json!({ "headers": [{ "name": "X-A", "value": "1" }, { "name": "X-B", "value": "<<Break>>" }] }),
            "header_line_break",
            "headers[1].value",
        ),
        (
            json!({ "query": [{ "name": "q", "value": "<<Nope>>" }] }),
            "unresolved",
            "query[0].value",
        ),
        (
            json!({ "body": { "type": "json", "text": "{\"a\": <<Nope>>}" } }),
            "unresolved",
            "body.text",
        ),
        (
            json!({ "body": { "type": "form", "fields": [{ "name": "a", "value": "<<Nope>>" }] } }),
            "unresolved",
            "body.fields[0].value",
        ),
    ] {
        let error = build("https://h.test", &fields, &values).unwrap_err();
        assert_eq!(
            (error.code(), error.field.as_str()),
            (code, field),
            "{fields}"
        );
    }
}

#[test]
fn what_is_wrong_in_any_case_is_told_before_anything_is_sent() {
    for (fields, expected) in [
        (
            json!({ "http_method": "GET", "body": { "type": "json", "text": "{}" } }),
            &[("body_not_permitted", "body")][..],
        ),
        (json!({ "path": "/a/../b" }), &[("dot_segment", "path")]),
        (json!({ "path": "/a#b" }), &[("fragment", "path")]),
        (json!({ "path": "/<<a" }), &[("syntax", "path")]),
        (
            json!({ "headers": [
                { "name": "Host", "value": "evil.example" },
                { "name": "X Y", "value": "1" },
                { "name": "X-A", "value": "1" },
                { "name": "x-a", "value": "<<" },
                { "name": "Host", "value": "1", "on": false },
            ] }),
            &[
                ("header_reserved", "headers[0].name"),
                ("header_name", "headers[1].name"),
                ("duplicate_header", "headers[3].name"),
                ("syntax", "headers[3].value"),
            ],
        ),
        (
            json!({ "query": [{ "name": "", "value": "" }] }),
            &[("empty_name", "query[0].name")],
        ),
        (
            json!({ "body": { "type": "json", "text": "{\"a\": <<b>>,}" } }),
            &[("invalid_json", "body.text")],
        ),
        (
            json!({ "body": { "type": "text", "text": "", "content_type": "text/plain\r\nX: 1" } }),
            &[("header_value", "body.content_type")],
        ),
        (
            json!({ "body": { "type": "form", "fields": [{ "name": "", "value": "" }] } }),
            &[("empty_name", "body.fields[0].name")],
        ),
    ] {
        let errors = RequestTemplate::for_method(&integration("https://h.test"), &method(&fields))
            .unwrap_err();
        let found: Vec<(&str, &str)> = errors
            .iter()
            .map(|error| (error.code.as_str(), error.at.field.as_deref().unwrap()))
            .collect();
        assert_eq!(found, expected, "{fields}");
    }
    let errors =
        RequestTemplate::for_method(&integration("h.test"), &method(&json!({}))).unwrap_err();
    assert_eq!(errors[0].at.field.as_deref(), Some("base_url"));
}

#[test]
fn constants_are_known_but_a_variable_of_their_name_counts_first() {
    let integration = integration("https://h.test");
    let template =
        RequestTemplate::for_method(&integration, &method(&json!({ "path": "/<<Tenant>>" })))
            .unwrap();
    let mut values = Variables::new();
    assert_eq!(
        template.render(&mut values, HALO_URL).unwrap().url().path(),
        "/acme%20%26%20sons"
    );
    assert!(
        values.get("Tenant").is_none(),
        "a constant belongs to its integration alone"
    );
    values.insert("Tenant", "\"other\"").unwrap();
    assert_eq!(
        template.render(&mut values, HALO_URL).unwrap().url().path(),
        "/other"
    );
    assert_eq!(values.get("Tenant").unwrap().json(), "\"other\"");
}

#[test]
fn a_request_is_shown_without_its_secrets() {
    let mut request = build(
        "https://h.test",
        &json!({ "path": "/x?a=1", "body": { "type": "json", "text": "{\"key\": <<Key>>}" } }),
        &[("Key", r#""s3cret-value""#)],
    )
    .unwrap();
    let auth = authorization(json!({
        "type": "api_key", "in": "query", "name": "api key", "key": { "secret": "s3cret-value" }
    }));
    login::apply(&auth, None, &mut request).unwrap();
    assert_eq!(
        request.url().as_str(),
        "https://h.test/x?a=1&api+key=s3cret-value"
    );
    assert_eq!(request.shown_url(), "https://h.test/x?a=1&api+key=••••••");
    let shown = request.describe(&Mask::new(["s3cret-value"]));
    assert_eq!(shown.url, "https://h.test/x?a=1&api+key=••••••");
    assert_eq!(shown.body.unwrap(), "{\"key\": \"••••••\"}");
    assert!(!format!("{request:?}").contains("s3cret"));
}
