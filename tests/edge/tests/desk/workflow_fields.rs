//! What tickets show of the workflow that they go through.

use edge_tests::{
    Server,
    bundle::{Bundle, chain},
    console::{delete, wait_for},
};
use serde_json::{Value, json};

use super::support::{databases, get, ids, post, seeded, written};

/// A workflow for incidents, with a runbook that keeps the name of the step.
fn with_workflow(server: &Server) {
    let start = json!({"access": "desk", "inputs": [{"name": "Step", "type": "string"}]});
    let mut runbook = chain("tell", &start, &[]);
    runbook["from_desk"] = json!([{"name": "Step", "value": "<<ticket^workflow_step>>"}]);
    Bundle::new().runbook(runbook).import(server);
    let workflow = json!({
        "id": "wf", "name": "Incidents", "enabled": true, "ticket_types": [1], "first_step": "triage",
        "steps": [
            {
                "id": "triage", "name": "Triage", "actions": [{"action": "Accept", "to": "work"}],
                "triggers": [{"on": {"type": "entering"}, "runbook": "tell"}],
            },
            {"id": "work", "name": "At work"},
        ],
    });
    let actions = json!([{"name": "Accept", "system_use": "none"}]);
    let bundle =
        json!({"format": "nimbus.bundle/1", "desk": {"actions": actions, "workflows": [workflow]}});
    let report = post(server, "/console/import", &bundle).expect(200).json();
    assert_eq!(report["workflows"][0]["problems"], json!([]), "{report}");
}

fn new_ticket(server: &Server) -> Value {
    let ticket = json!({"summary": "The printer is on fire", "tickettype_id": 1});
    written(server, "/api/Tickets", &ticket)
}

fn place(ticket: &Value) -> (&Value, &Value) {
    (&ticket["workflow_id"], &ticket["workflow_step"])
}

#[test]
fn a_ticket_shows_its_workflow_and_its_step() {
    let server = seeded();
    with_workflow(&server);
    let made = new_ticket(&server);
    assert_eq!(place(&made), (&json!("wf"), &json!("Triage")));
    let run = wait_for(|| {
        let runs = get(&server, "/console/runs?runbook=tell");
        let run = runs["items"][0]["run_id"].as_str()?.to_owned();
        let run = get(&server, &format!("/console/runs/{run}"));
        run["ended_at"].is_u64().then_some(run)
    });
    assert_eq!(run["inputs"][0]["value"], "\"Triage\"");

    let id = made["id"].as_u64().unwrap_or(0);
    let accept = json!([{"ticket_id": id, "outcome": "Accept"}]);
    written(&server, "/api/Actions", &accept);
    let path = format!("/api/Tickets/{id}");
    assert_eq!(
        place(&get(&server, &path)),
        (&json!("wf"), &json!("At work"))
    );
    // It cannot be sent.
    written(
        &server,
        "/api/Tickets",
        &json!({"id": id, "workflow_step": "Triage"}),
    );
    let other = new_ticket(&server)["id"].as_u64().unwrap_or(0);
    let inside = |server: &Server, filter: &str| {
        let list = get(server, &format!("/api/Tickets?order=id&{filter}"));
        let found = ids(&list, "tickets");
        assert_eq!(list["record_count"], found.len());
        found
    };
    assert_eq!(inside(&server, "workflow_id=wf"), [id, other]);
    assert_eq!(inside(&server, "workflow_id=other"), [0; 0]);
    let list = get(&server, "/api/Tickets?workflow_id=wf&order=id");
    assert_eq!(
        place(&list["tickets"][0]),
        (&json!("wf"), &json!("At work"))
    );
    assert_eq!(place(&list["tickets"][1]), (&json!("wf"), &json!("Triage")));
    assert_eq!(
        place(&get(&server, "/api/Tickets/1001")),
        (&Value::Null, &Value::Null)
    );

    // One that is deleted holds nobody.
    let _ = delete(&server, "/console/workflows/wf").expect(204);
    assert_eq!(place(&get(&server, &path)), (&Value::Null, &Value::Null));
    assert_eq!(inside(&server, "workflow_id=wf"), [0; 0]);
}

#[test]
fn tickets_of_before_show_their_step_too() {
    let mut server = seeded();
    with_workflow(&server);
    let path = format!("/api/Tickets/{}", new_ticket(&server)["id"]);
    server.kill();
    let undo = "ALTER TABLE workflow_positions DROP COLUMN step_name; UPDATE schema_version SET version = 19";
    let undone = databases(&server).into_iter();
    let undone = undone.filter(|database| database.execute_batch(undo).is_ok());
    assert_eq!(undone.count(), 1);
    server.restart();
    assert_eq!(
        place(&get(&server, &path)),
        (&json!("wf"), &json!("Triage"))
    );
}
