//! Event triggers as documents: made, replaced, refused, deleted, brought back, and carried by bundles.

use super::*;

const TRIGGERS: &str = "/console/event-triggers";

fn asking() -> Value {
    let inputs = json!([{"name": "Prompt", "type": "string"}]);
    let mut runbook = chain("ask", &json!({"access": "desk", "inputs": inputs}), &[]);
    runbook["from_desk"] = json!([{"name": "Prompt", "value": "<<action^note>>"}]);
    runbook
}

fn trigger() -> Value {
    json!({
        "name": "Closed", "event": "ticket_closed", "runbook": "ask",
        "when": {"all": [{"left": "<<ticket^summary>>", "op": "has_value"}]},
        "variables": [{"name": "Prompt", "value": "<<ticket^summary>>"}],
    })
}

#[test]
fn a_trigger_is_a_document() {
    let server = seeded();
    Bundle::new().runbook(asking()).import(&server);
    let made = post(&server, TRIGGERS, &trigger()).expect(201).json();
    let path = format!("{TRIGGERS}/{}", made["id"].as_str().unwrap());
    assert_eq!(
        (&made["version"], &made["enabled"]),
        (&json!(1), &json!(true))
    );
    assert_eq!(get(&server, &path), made);
    assert_eq!(items(&get(&server, TRIGGERS)), std::slice::from_ref(&made));

    let mut other = made.clone();
    other["enabled"] = json!(false);
    let replaced = put(&server, &path, 1, &other).expect(200).json();
    assert_eq!(
        (&replaced["version"], &replaced["enabled"]),
        (&json!(2), &json!(false))
    );
    assert_eq!(code(&put(&server, &path, 1, &other).expect(412)), "changed");

    let runbooks = items(&get(&server, "/console/runbooks"));
    let ask = runbooks
        .iter()
        .find(|runbook| runbook["id"] == "ask")
        .unwrap();
    assert_eq!(ask["events"], json!(["Closed"]));
    let refused = delete(&server, "/console/runbooks/ask").expect(409).json();
    assert_eq!(refused["used_by"], json!(["event trigger “Closed”"]));

    let _ = delete(&server, &path).expect(204);
    let _ = server.get(&path).admin().send().expect(404);
    let restored = post(&server, &format!("{path}/restore"), &json!({}))
        .expect(200)
        .json();
    assert_eq!(
        (&restored["id"], &restored["name"]),
        (&made["id"], &made["name"])
    );

    let _ = delete(&server, &path).expect(204);
    let _ = delete(&server, "/console/runbooks/ask").expect(204);
    let refused = post(&server, &format!("{path}/restore"), &json!({})).expect(409);
    assert_eq!(code(&refused), "runbook_deleted");
}

#[test]
fn what_is_wrong_with_a_trigger_is_refused_with_its_place() {
    let server = seeded();
    Bundle::new().runbook(asking()).import(&server);
    for (change, code, field, offset) in [
        (
            json!({"runbook": "none"}),
            "unknown_runbook",
            "runbook",
            Value::Null,
        ),
        (
            json!({"event": "ticket_lost"}),
            "invalid_document",
            "event",
            Value::Null,
        ),
        (json!({"wen": {}}), "invalid_document", "wen", Value::Null),
        (
            json!({"when": {"all": [{"left": "now <<ticket^id", "op": "has_value"}]}}),
            "syntax",
            "when.all[0].left",
            json!(4),
        ),
        (
            json!({"variables": [{"name": "Prompt", "value": "<<tikcet^id>>"}]}),
            "unknown_variable",
            "variables[0].value",
            json!(0),
        ),
        (
            json!({"variables": []}),
            "input_missing",
            "variables",
            Value::Null,
        ),
        (
            json!({"variables": [{"name": "Prompt", "value": "x"}, {"name": "Promt", "value": "x"}]}),
            "unknown_input",
            "variables[1].name",
            Value::Null,
        ),
    ] {
        let mut wrong = trigger();
        for (name, value) in change.as_object().unwrap() {
            wrong[name] = value.clone();
        }
        let error = post(&server, TRIGGERS, &wrong).expect(400).json()["error"].clone();
        assert_eq!(
            (
                &error["code"],
                &error["at"]["field"],
                &error["at"]["offset"]
            ),
            (&json!(code), &json!(field), &offset),
            "{change} {error}"
        );
    }
    assert_eq!(items(&get(&server, TRIGGERS)), Vec::<Value>::new());
}

#[test]
fn a_bundle_carries_triggers() {
    let server = seeded();
    let bundle = |event: Value| json!({"format": "nimbus.bundle/1", "runbooks": [asking()], "desk": {"events": [event]}});
    let mut wrong = trigger();
    wrong["variables"] = json!([]);
    let error = post(&server, "/console/import", &bundle(wrong))
        .expect(400)
        .json()["error"]
        .clone();
    assert_eq!(error["at"]["field"], "desk.events[0].variables");
    let _ = server
        .get("/console/runbooks/ask")
        .admin()
        .send()
        .expect(404);

    for (list, other) in [("created", "replaced"), ("replaced", "created")] {
        let report = post(&server, "/console/import", &bundle(trigger()))
            .expect(200)
            .json();
        let named = json!("event trigger Closed");
        assert!(
            report[list].as_array().unwrap().contains(&named),
            "{report}"
        );
        assert!(
            !report[other].as_array().unwrap().contains(&named),
            "{report}"
        );
    }
    let exported = get(&server, "/console/export");
    let mut expected = trigger();
    expected["id"] = json!("ticket_closed-ask");
    expected["enabled"] = json!(true);
    assert_eq!(exported["desk"]["events"], json!([expected]));
    let again = post(&server, "/console/import", &exported)
        .expect(200)
        .json();
    assert_eq!(again["created"], json!([]));
}

#[test]
fn a_runbook_names_the_trigger_that_does_not_fill_it() {
    let server = seeded();
    Bundle::new()
        .runbook(asking())
        .event(
            "ticket_closed",
            "ask",
            &json!({"variables": trigger()["variables"]}),
        )
        .import(&server);
    let mut runbook = asking();
    let more = json!({"name": "Site", "type": "string"});
    runbook["start"]["inputs"]
        .as_array_mut()
        .unwrap()
        .push(more);
    runbook["from_desk"]
        .as_array_mut()
        .unwrap()
        .push(json!({"name": "Site", "value": "<<action^site>>"}));
    let report = post(&server, "/console/runbooks/ask/check", &runbook)
        .expect(200)
        .json();
    let problems = report["problems"].as_array().unwrap();
    let named = problems
        .iter()
        .find(|problem| problem["code"] == "input_missing")
        .unwrap();
    let message = named["message"].as_str().unwrap();
    assert_eq!(named["severity"], "warning");
    assert!(
        message.starts_with("event trigger “Ticket Closed”: ") && message.contains("`Site`"),
        "{message}"
    );
}
