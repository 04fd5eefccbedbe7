//! Whatever variables hold, a request goes to its integration's own origin, below its base URL.

use std::collections::BTreeMap;

use edge_tests::{Received, Stub, bundle::method, console::run};
use serde_json::json;

use super::{no_login, serving};

/// Values that would lead elsewhere, if anything believed them.
fn hostile(elsewhere: &Stub) -> Vec<String> {
    let other = elsewhere.address();
    let mut values: Vec<String> = [
        "..",
        "../../admin",
        "..%2f..%2fadmin",
        "%2e%2e/%2e%2e/admin",
        ".%2e/",
        "..\\..\\admin",
        "//",
        "\\\\",
        "?admin=1",
        "#",
        "#@",
        ";/../",
        "%00",
        "%0d%0aX-Evil: 1",
        "\r\nX-Evil: 1",
        "\r\n\r\nGET /evil HTTP/1.1\r\n\r\n",
        "\n",
        "\0",
        "\u{2028}",
        "a b",
        "ä/ö",
        "\u{202e}",
        "{}",
        "<<Y>>",
        "<<",
        "%",
        "%zz",
    ]
    .map(str::to_owned)
    .into();
    for pattern in [
        "http://{}/",
        "//{}/",
        "\\\\{}\\",
        "@{}/",
        ":x@{}/",
        "/../../@{}",
        "?@{}",
        "#@{}",
        ".{}",
        "{}",
    ] {
        values.push(pattern.replace("{}", &other.to_string()));
    }
    values
}

#[test]
fn no_variable_leaves_the_origin() {
    let (stub, elsewhere) = (Stub::start(), Stub::start());
    let template = |place: &str| match place {
        "segment" => method("segment", "GET", "/items/<<X>>/end", &json!({})),
        "whole" => method("whole", "GET", "<<X>>", &json!({})),
        "beside" => method("beside", "GET", "/a<<X>>b", &json!({})),
        "query" => method(
            "query",
            "GET",
            "/q",
            &json!({"query": [{"name": "x", "value": "<<X>>"}, {"name": "last", "value": "1"}]}),
        ),
        "header" => method(
            "header",
            "GET",
            "/h",
            &json!({"headers": [{"name": "X-Value", "value": "<<X>>"}, {"name": "X-Last", "value": "1"}]}),
        ),
        "json" => method(
            "json",
            "POST",
            "/j",
            &json!({"body": {"type": "json", "text": "{\"x\": <<X>>, \"last\": 1}"}}),
        ),
        _ => method(
            "form",
            "POST",
            "/f",
            &json!({"body": {"type": "form", "fields": [{"name": "x", "value": "<<X>>"}, {"name": "last", "value": "1"}]}}),
        ),
    };
    let places = [
        "segment", "whole", "beside", "query", "header", "json", "form",
    ];
    let server = serving(
        &stub.url("/v1/api"),
        &no_login(),
        &["X"],
        places.map(template),
    );
    let mut arrived = BTreeMap::new();
    for value in hostile(&elsewhere) {
        for place in places {
            let before = stub.received().len();
            let run = run(&server, place, &json!({ "X": value }));
            let received = stub.received();
            match &received[before..] {
                [request] => {
                    check(&stub, place, &value, request);
                    *arrived.entry(place).or_insert(0) += 1;
                }
                // Then the run says why it was not sent.
                [] => {
                    assert!(
                        run["error"]["at"]["field"].is_string(),
                        "{value:?} in {place}: {run}"
                    );
                    assert!(
                        !matches!(place, "json" | "form" | "query"),
                        "{value:?} can stand in {place}: {run}"
                    );
                }
                several => panic!("{value:?} in {place} has become {several:?}"),
            }
        }
    }
    assert_eq!(elsewhere.received().len(), 0);
    for place in places {
        assert!(arrived[place] >= 10, "{place}: {arrived:?}");
    }
}

/// The request is the one that was meant, but for its value.
fn check(stub: &Stub, place: &str, value: &str, request: &Received) {
    let head = String::from_utf8_lossy(&request.head).to_ascii_lowercase();
    let what = format!("{value:?} in {place}: {head}");
    let host = format!("\r\nhost: {}\r\n", stub.address());
    assert!(
        head.contains(&host) && request.header("x-evil").is_none(),
        "{what}"
    );
    let path = request.target.split('?').next().unwrap();
    let climbs = |segment: &str| {
        matches!(
            segment.to_ascii_lowercase().replace("%2e", ".").as_str(),
            "." | ".."
        )
    };
    assert!(
        path.starts_with("/v1/api") && !path.split('/').any(climbs),
        "{what}"
    );
    match place {
        "segment" => {
            let inner = path.strip_prefix("/v1/api/items/");
            let inner = inner.and_then(|rest| rest.strip_suffix("/end"));
            assert!(inner.is_some_and(|inner| !inner.contains('/')), "{what}");
        }
        "query" => assert!(request.target.ends_with("&last=1"), "{what}"),
        "header" => {
            let own = |(name, _): &&(String, String)| name.to_ascii_lowercase().starts_with("x-");
            assert_eq!(request.headers.iter().filter(own).count(), 2, "{what}");
            assert_eq!(request.header("x-last"), Some("1"), "{what}");
        }
        "json" => assert_eq!(request.json(), json!({"x": value, "last": 1})),
        "form" => assert!(
            request.text().ends_with("&last=1"),
            "{what}{}",
            request.text()
        ),
        _ => {}
    }
}
