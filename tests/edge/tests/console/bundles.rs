//! Import, export, and what a fresh workspace holds.

use edge_tests::{Options, Server};
use serde_json::{Value, json};

use super::*;

#[test]
fn the_example_is_imported_into_an_empty_workspace() {
    let server = Server::start(&Options::default());
    let report = post(&server, "/console/import", &example())
        .expect(200)
        .json();
    assert_eq!(report["published"], json!([ASK]));
    assert_eq!(
        (&report["drafts"], &report["missing_secrets"]),
        (&json!([]), &json!([]))
    );
    assert_eq!(report["created"].as_array().unwrap().len(), 6);
    assert_eq!(report["replaced"], json!([]));

    // What is exported is what was imported, but for the secrets.
    let mut exported = get(&server, "/console/export");
    assert!(!exported.to_string().contains("sk-example"));
    assert!(!exported.to_string().contains("example-signing-key"));
    let again = post(&server, "/console/import", &exported)
        .expect(200)
        .json();
    assert_eq!(again["created"], json!([]));
    assert_eq!(
        (&again["published"], &again["missing_secrets"]),
        (&json!([ASK]), &json!([]))
    );
    assert_eq!(
        get(&server, &format!("/console/runbooks/{ASK}"))["publication"]["version"],
        1
    );

    let empty = Server::start(&Options::default());
    exported["desk"]["actions"][0]["name"] = json!("Ask");
    let report = post(&empty, "/console/import", &exported)
        .expect(200)
        .json();
    assert_eq!(report["published"], json!([ASK]));
    assert_eq!(
        report["missing_secrets"],
        json!([
            ["integration Completions", "auth.token"],
            ["runbook Ask ChatGPT a Question", "start.auth.secrets[0]"]
        ])
    );
}

#[test]
fn a_broken_bundle_changes_nothing() {
    let server = Server::start(&Options::default());
    let break_it = |change: &dyn Fn(&mut Value)| {
        let mut bundle = example();
        change(&mut bundle);
        bundle
    };
    for (bundle, place) in [
        (
            break_it(&|b| b["runbooks"][0]["steps"][1]["mthod"] = json!(1)),
            "runbooks[0].steps[1]",
        ),
        (
            break_it(&|b| b["integrations"][1]["id"] = json!(COMPLETIONS)),
            "integrations[1].id",
        ),
        (
            break_it(&|b| b["integrations"][1]["methods"][0]["id"] = json!(POST_COMPLETIONS)),
            "integrations[1].methods[0].id",
        ),
        (
            break_it(&|b| b["desk"]["actions"][0]["runbook"] = json!("nowhere")),
            "desk.actions[0].runbook",
        ),
        (
            break_it(&|b| b["format"] = json!("nimbus.bundle/2")),
            "format",
        ),
        // The last thing to be written is too large.
        (
            break_it(&|b| {
                b["desk"]["actions"][0]["variables"] =
                    json!([{"name": "A", "value": "x".repeat(2 << 20)}]);
            }),
            "",
        ),
    ] {
        let answer = post(&server, "/console/import", &bundle);
        assert!(matches!(answer.status, 400 | 413), "{}", answer.text());
        let error = answer.json()["error"].clone();
        let field = error["at"]["field"].as_str().unwrap_or_default();
        assert!(field.starts_with(place), "{place}: {error}");
        for list in ["integrations", "runbooks", "desk-actions"] {
            assert_eq!(
                get(&server, &format!("/console/{list}")),
                json!({"items": []}),
                "{place}"
            );
        }
    }
}

#[test]
fn what_ticket_types_allow_travels_with_the_actions() {
    let here = seeded();
    let action = json!({"name": "Order", "system_use": "none", "statuses": ["New"], "fields": [{"name": "Amount", "type": "integer"}]});
    let _ = post(&here, "/console/desk-actions", &action).expect(201);
    let types = get(&here, "/api/TicketType");
    let allows = json!([{"id": types[0]["id"], "allowed_actions": [{"name": "Order"}]}]);
    let _ = post(&here, "/api/TicketType", &allows).expect(201);
    let mut bundle = get(&here, "/console/export");
    assert_eq!(
        bundle["desk"]["ticket_types"],
        json!([{"name": types[0]["name"], "allowed_actions": ["Order"]}])
    );
    assert_eq!(bundle["desk"]["actions"][1], action);

    let there = Server::start(&Options::default());
    let unheard_of = json!({"name": "Unheard of", "allowed_actions": ["Order"]});
    bundle["desk"]["ticket_types"]
        .as_array_mut()
        .unwrap()
        .push(unheard_of.clone());
    let report = post(&there, "/console/import", &bundle).expect(200).json();
    let names = |list: &Value| list.as_array().unwrap().clone();
    assert!(
        names(&report["created"]).contains(&json!("ticket type Unheard of")),
        "{report}"
    );
    assert_eq!(
        report["replaced"],
        json!([format!(
            "ticket type {}",
            types[0]["name"].as_str().unwrap()
        )])
    );
    let allowed = get(&there, "/console/export")["desk"]["ticket_types"].clone();
    let allowed = names(&allowed);
    assert_eq!(allowed.len(), 2);
    assert!(allowed.contains(&unheard_of) && allowed.contains(&bundle["desk"]["ticket_types"][0]));

    bundle["desk"]["ticket_types"][1]["name"] = types[0]["name"].clone();
    let refused = post(&there, "/console/import", &bundle).expect(400).json();
    assert_eq!(refused["error"]["at"]["field"], "desk.ticket_types[1].name");
}

#[test]
fn a_bundle_whose_runbook_has_problems_stays_a_draft() {
    let server = Server::start(&Options::default());
    let mut bundle = example();
    bundle["runbooks"][0]["steps"][0]["method"] = json!("nowhere");
    let report = post(&server, "/console/import", &bundle).expect(200).json();
    assert_eq!(report["published"], json!([]));
    assert_eq!(
        (
            &report["drafts"][0][0],
            &report["drafts"][0][1][0]["at"]["step"]
        ),
        (&json!(ASK), &json!("ask"))
    );
    assert_eq!(
        get(&server, &format!("/console/runbooks/{ASK}"))["publication"]["version"],
        Value::Null
    );
}

#[test]
fn a_fresh_workspace_has_the_worked_example_and_deleting_it_lasts() {
    let mut server = seeded();
    let session = get(&server, "/console/session");
    assert_eq!(session["demo"], true);
    let integrations = get(&server, "/console/integrations");
    assert_eq!(integrations["items"][0]["base_url"], "<<halo_url>>/demo/v1");
    let runbook = get(&server, &format!("/console/runbooks/{ASK}"));
    assert_eq!(
        (
            &runbook["publication"]["version"],
            &runbook["missing_secrets"]
        ),
        (&json!(1), &json!([]))
    );
    let actions = get(&server, "/console/desk-actions");
    assert_eq!(actions["items"][0]["name"], "Ask ChatGPT a Question");
    let _ = delete(
        &server,
        "/console/desk-actions/Ask%20ChatGPT%20a%20Question",
    )
    .expect(204);
    server.restart();
    assert_eq!(get(&server, "/console/desk-actions"), json!({"items": []}));
}
