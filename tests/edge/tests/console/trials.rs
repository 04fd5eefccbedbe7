//! Trying a method out.

use edge_tests::{Options, Reply, Server, Stub};
use serde_json::{Value, json};

use super::*;

#[test]
fn a_method_is_tried_saved_or_not() {
    let stub = Stub::start();
    let server = Server::start(&Options::default());
    let (id, method) = integration(&server, &stub.url(""));
    let sky = json!({"sky": "blue", "token": "sk-very-secret"});
    stub.reply("POST", "/forecast/La%20Paz", Reply::json(200, &sky));
    let request = json!({"variables": {"City": "La Paz"}});
    let report = post(
        &server,
        &format!("/console/methods/{method}/test"),
        &request,
    )
    .expect(200)
    .json();
    assert_eq!(report["error"], Value::Null);
    assert_eq!(report["outputs"][0]["value"], "blue");
    assert_eq!(report["response"]["status"], 200);
    let sent = &report["request"];
    assert!(
        sent["url"]
            .as_str()
            .unwrap()
            .ends_with("/forecast/La%20Paz"),
        "{sent}"
    );
    assert_eq!(sent["body"], "{\"city\": \"La Paz\"}");
    assert!(!report.to_string().contains("sk-very-secret"), "{report}");
    let received = stub.received().remove(0);
    assert_eq!(
        received.header("authorization"),
        Some("Bearer sk-very-secret")
    );

    // One that was never saved, with a body whose keys repeat.
    let twice = Reply::new(
        200,
        &[("content-type", "application/json")],
        r#"{"a": 1, "a": 2}"#,
    );
    stub.reply("GET", "/new", twice);
    let unsaved = json!({
        "integration": id,
        "method": {"name": "New", "http_method": "GET", "path": "/new", "outputs": [{"name": "A", "value": "response^a"}, {"name": "B", "value": "response^b"}]},
    });
    let report = post(&server, "/console/methods/test", &unsaved)
        .expect(200)
        .json();
    assert_eq!(
        (
            &report["outputs"][0]["value"],
            &report["outputs"][1]["value"]
        ),
        (&json!("2"), &Value::Null)
    );
    assert_eq!(report["outputs"][1]["error"]["code"], "no_such_key");
    assert!(report["warnings"][0].as_str().unwrap().contains("`a`"));

    // What cannot be built or is not answered is a report, too.
    let report = post(
        &server,
        &format!("/console/methods/{method}/test"),
        &json!({}),
    )
    .expect(200)
    .json();
    assert_eq!(
        (&report["request"], &report["error"]["at"]["field"]),
        (&Value::Null, &json!("path"))
    );
    let refused = post(
        &server,
        "/console/methods/test",
        &json!({"method": {"name": "New", "http_method": "GET", "path": "/"}}),
    );
    assert_eq!(code(&refused.expect(400)), "no_integration");
    let _ = post(&server, "/console/methods/nowhere/test", &json!({})).expect(404);
}

#[test]
fn secrets_of_one_method_do_not_leave_with_another() {
    let (stub, other_stub) = (Stub::start(), Stub::start());
    let server = Server::start(&Options::default());
    let (_, method) = integration(&server, &stub.url(""));
    let path = format!("/console/methods/{method}");
    let mut own = get(&server, &path);
    own["auth"] = json!({"type": "api_key", "in": "header", "name": "X-Key", "key": {"secret": "key-of-the-method"}});
    let _ = put(&server, &path, 1, &own).expect(200);
    let (elsewhere, other) = integration(&server, &other_stub.url(""));
    own["path"] = json!("/taken");
    own["auth"]["key"] = json!({"secret": null});
    other_stub.reply("POST", "/taken", grey(200));

    let request = json!({"method": own, "integration": elsewhere, "variables": {"City": "Bern"}});
    let report = post(&server, "/console/methods/test", &request);
    assert!(report.expect(200).json()["error"].is_object());
    let request = json!({"method": own, "variables": {"City": "Bern"}});
    let refused = post(&server, &format!("/console/methods/{other}/test"), &request);
    assert_eq!(code(&refused.expect(400)), "other_id");
    assert_eq!(other_stub.received().len(), 0);
}
