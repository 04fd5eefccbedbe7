//! What workflows use is kept in place, and what one lacks is told.

use super::*;

#[test]
fn what_workflows_use_is_kept_and_followed() {
    let server = server();
    publish(&server, &triage());
    let ticket = id(&new_ticket(&server));
    for path in ["desk-actions/Accept", "runbooks/greet"] {
        let refused = delete(&server, &format!("/console/{path}"));
        assert_eq!(code(&refused), "in_use", "{path}");
        assert_eq!(
            refused.expect(409).json()["used_by"],
            json!(["workflow “Incidents”"])
        );
    }
    let summary = items(&get(&server, "/console/runbooks"));
    let greet = summary.iter().find(|runbook| runbook["id"] == "greet");
    assert_eq!(greet.unwrap()["workflows"], json!(["Incidents"]));
    let status = delete(&server, "/api/Status/3").expect(400).json();
    assert!(text(&status).contains("workflow"), "{status}");
    let draft = get(&server, "/console/runbooks/greet");
    let mut needing = draft.clone();
    needing["start"]["inputs"] = json!([{"name": "Who", "type": "string"}]);
    let report = post(&server, "/console/runbooks/greet/check", &needing)
        .expect(200)
        .json();
    let problems = report["problems"].as_array().unwrap().iter();
    let mut messages = problems.map(|problem| text(&problem["message"]));
    assert!(
        messages
            .any(|message| message.contains("workflow “Incidents”") && message.contains("`Who`")),
        "{report}"
    );

    // An action that gets another name is followed, also inside.
    let action = get(&server, "/console/desk-actions/Accept");
    let renamed = json!({"name": "Take", "system_use": "none"});
    let path = "/console/desk-actions/Accept";
    let _ = put(&server, path, action["version"].as_u64().unwrap(), &renamed).expect(200);
    let draft = get(&server, "/console/workflows/wf");
    assert_eq!(draft["steps"][0]["actions"][0]["action"], "Take");
    assert_eq!(draft["publication"]["changed"], false, "{draft}");
    assert_eq!(
        inside(&server, ticket)["offers"],
        json!([{"action": "Take"}])
    );
    take(&server, ticket, "Take");
    assert_eq!(inside(&server, ticket)["step"], "work");

    // New tickets enter no more, and those inside go on.
    let _ = post(&server, "/console/workflows/wf/unpublish", &json!({})).expect(204);
    assert_eq!(inside(&server, id(&new_ticket(&server))), Value::Null);
    take(&server, ticket, "Give back");
    assert_eq!(inside(&server, ticket)["step"], "triage");
    // Whatever is deleted holds nobody, and may come back.
    let _ = delete(&server, "/console/workflows/wf").expect(204);
    assert_eq!(inside(&server, ticket), Value::Null);
    take(&server, ticket, "Escalate");
    let _ = post(&server, "/console/workflows/wf/restore", &json!({})).expect(200);
    assert_eq!(inside(&server, ticket)["step"], "triage");
}

/// What only a former version uses, with tickets inside.
#[test]
fn what_tickets_still_need_is_kept_until_they_are_moved() {
    let server = server();
    publish(&server, &triage());
    let ticket = id(&new_ticket(&server));
    let path = "/console/workflows/wf";
    let read = get(&server, path);
    let mut changed = read.clone();
    changed["steps"].as_array_mut().unwrap().remove(1);
    changed["steps"][0] = json!({
        "id": "triage", "name": "Triage", "actions": [{"action": "Escalate", "to": "done"}],
    });
    let version = read["version"].as_u64().unwrap();
    let _ = put(&server, path, version, &changed).expect(200);
    let _ = post(&server, &format!("{path}/publish"), &json!({})).expect(200);
    let uses = ["desk-actions/Accept", "runbooks/greet"].map(|path| format!("/console/{path}"));
    let told = "workflow “Incidents” (tickets are still in its former version 1)";
    for path in &uses {
        let refused = delete(&server, path);
        assert_eq!(code(&refused), "in_use", "{path}");
        let refused = refused.expect(409).json();
        assert_eq!(refused["used_by"], json!([told]));
        let message = text(&refused["error"]["message"]);
        assert!(
            message.contains("Move the tickets to the latest version first."),
            "{message}"
        );
    }
    let status = text(&delete(&server, "/api/Status/3").expect(400).json());
    assert!(status.contains(told), "{status}");
    take(&server, ticket, "Accept");

    let moving = json!({"steps": {"work": "done"}});
    let moved = post(&server, &format!("{path}/move"), &moving).expect(200);
    assert_eq!(moved.json()["moved"], 1);
    for path in &uses {
        let _ = delete(&server, path).expect(204);
    }
    let refused = delete(&server, "/console/runbooks/remind");
    let _ = refused.expect(204);
}

#[test]
fn a_workflow_that_comes_back_says_what_it_lacks_by_then() {
    let server = server();
    publish(&server, &triage());
    let ticket = id(&new_ticket(&server));
    let path = "/console/workflows/wf";
    let _ = delete(&server, path).expect(204);
    for lacking in ["desk-actions/Accept", "runbooks/greet", "runbooks/remind"] {
        let _ = delete(&server, &format!("/console/{lacking}")).expect(204);
    }
    let restored = post(&server, &format!("{path}/restore"), &json!({}));
    let restored = restored.expect(200).json();
    assert_eq!(
        restored["publication"]["version"],
        Value::Null,
        "{restored}"
    );
    let checked = post(&server, &format!("{path}/check"), &json!({}));
    let checked = checked.expect(200).json();
    let problems = checked["problems"].as_array().unwrap().iter();
    let codes: Vec<_> = problems.map(|problem| text(&problem["code"])).collect();
    let lacking = ["no_such_action", "no_such_runbook", "no_such_runbook"];
    assert_eq!(codes, lacking, "{checked}");
    // New tickets do not enter what they could not go through. Those inside go on, and are told what does not.
    assert_eq!(inside(&server, id(&new_ticket(&server))), Value::Null);
    assert_eq!(inside(&server, ticket)["step"], "triage");
    server.move_clock(30 * MINUTE + SOON);
    let failed = &log_of(&server, "outcome=failed", 1)[0];
    let why = text(&failed["explanation"]);
    assert!(
        why.contains("it was deleted. Have another one started"),
        "{why}"
    );
}

#[test]
fn a_workflow_is_published_when_nothing_is_wrong_with_it() {
    let server = server();
    let report = import(&server, &triage(), &["greet", "remind"].map(idle));
    let problems = &report["workflows"][0]["problems"];
    assert_eq!(problems[0]["code"], "no_such_runbook", "{report}");
    let path = "/console/workflows/wf";
    let refused = post(&server, &format!("{path}/publish"), &json!({}));
    let refused = refused.expect(422).json();
    assert_eq!(refused["problems"][0]["at"]["step"], "triage", "{refused}");
    assert_eq!(inside(&server, id(&new_ticket(&server))), Value::Null);
    let mut draft = get(&server, path);
    assert_eq!(draft["enabled"], false);
    draft["steps"][0]["triggers"].as_array_mut().unwrap().pop();
    let checked = post(&server, &format!("{path}/check"), &draft);
    assert_eq!(checked.expect(200).json()["problems"], json!([]));
    // What a ticket type does not let be offered is told, and forbids nothing.
    let allow = |names: &Value| {
        let change = json!([{"id": INCIDENT, "allowed_actions": names}]);
        let _ = post(&server, "/api/TicketType", &change).expect(201);
    };
    allow(&json!([{"name": "Accept"}, {"name": "Give back"}]));
    let checked = post(&server, &format!("{path}/check"), &draft);
    let told = checked.expect(200).json()["problems"].clone();
    assert_eq!(told[0]["code"], "not_allowed_by_type", "{told}");
    assert_eq!(told[0]["severity"], "warning", "{told}");
    allow(&json!([]));
    let stored = post(&server, &format!("{path}/check"), &json!({}));
    assert_eq!(
        stored.expect(200).json()["problems"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let version = draft["version"].as_u64().unwrap();
    let _ = put(&server, path, version, &draft).expect(200);
    let _ = post(&server, &format!("{path}/publish"), &json!({})).expect(200);
    assert_eq!(inside(&server, id(&new_ticket(&server)))["version"], 1);
    // Another one for the same tickets is refused.
    let mut other = triage();
    other["id"] = json!("other");
    other["steps"][0]["triggers"] = json!([]);
    let report = import(&server, &other, &[]);
    let problem = &report["workflows"][0]["problems"][0];
    assert_eq!(problem["code"], "ticket_type_taken", "{report}");
    // Bundles say what is published.
    let bundle = get(&server, "/console/export");
    let exported: Vec<_> = bundle["desk"]["workflows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|workflow| (text(&workflow["id"]), workflow["enabled"] == true))
        .collect();
    assert_eq!(
        exported,
        [("wf".to_owned(), true), ("other".to_owned(), false)]
    );
    let list = items(&get(&server, "/console/workflows"));
    assert_eq!(list[0]["runbooks"], json!(["greet", "remind"]));
    assert_eq!(list[1]["publication"]["version"], Value::Null);
}
