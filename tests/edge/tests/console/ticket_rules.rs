//! Ticket rules: tried on a ticket, followed by events, and in step with the names of the desk.

use super::*;

fn write(server: &Server, resource: &str, record: &Value) -> Value {
    post(server, &format!("/api/{resource}"), &json!([record]))
        .expect(201)
        .json()
}

fn new_ticket(server: &Server, summary: &str) -> Value {
    write(
        server,
        "Tickets",
        &json!({"summary": summary, "tickettype_id": 1}),
    )
}

fn try_out(server: &Server, trial: &Value) -> Value {
    post(server, "/console/ticket-rules/try", trial)
        .expect(200)
        .json()
}

#[test]
fn a_trial_says_what_rules_would_do_and_does_nothing() {
    let server = seeded();
    let ticket = new_ticket(&server, "Invoice 7 is wrong");
    let criteria = json!([
        {"fieldname": "summary", "type": "contains", "value_string": "invoice"},
        {"fieldname": "status_id", "type": "equals", "value_int": 9},
    ]);
    let rule = json!({"name": "Invoices", "precedence": 10, "active": true, "criteria": criteria, "new_team": "Accounts"});
    let rule = write(&server, "TicketRules", &rule);
    let path = format!("/api/Tickets/{}", ticket["id"]);
    let actions = format!("/api/Actions?ticket_id={}", ticket["id"]);
    let before = (get(&server, &path), get(&server, &actions));

    let trial = json!({"ticket_id": ticket["id"], "as_new": true});
    let found = try_out(&server, &trial);
    assert_eq!(found["summary"], "Invoice 7 is wrong");
    assert_eq!(
        found["rules"],
        json!([{
            "id": rule["id"], "name": "Invoices", "verdict": "does_not_fit",
            "sentence": "Rule “Invoices” does not fit: Status is “New”, which does not equal “Closed”.",
            "conditions": [
                {"met": true, "words": "Summary is “Invoice 7 is wrong”, which contains “invoice”"},
                {"met": false, "words": "Status is “New”, which does not equal “Closed”"},
            ],
        }])
    );

    // As it is being edited.
    let mut draft = rule.clone();
    draft["criteria"].as_array_mut().unwrap().pop();
    let trial = json!({"ticket_id": ticket["id"], "rule": draft});
    let tried = try_out(&server, &trial)["rules"][0].clone();
    assert_eq!(
        (&tried["verdict"], &tried["sentence"]),
        (
            &json!("changed"),
            &json!("Rule “Invoices” fits: Team set to “Accounts”.")
        )
    );
    assert_eq!((get(&server, &path), get(&server, &actions)), before);
    assert_eq!(
        get(&server, &format!("/api/TicketRules/{}", rule["id"]))["criteria"],
        criteria
    );

    let missing = post(
        &server,
        "/console/ticket-rules/try",
        &json!({"ticket_id": 999_999}),
    );
    let missing = missing.expect(404).json();
    assert_eq!(
        (&missing["error"]["code"], &missing["error"]["at"]["field"]),
        (&json!("no_such_ticket"), &json!("ticket_id"))
    );
    let _ = server
        .post("/console/ticket-rules/try")
        .json(&json!({"ticket_id": 1001}))
        .send()
        .expect(401);
}

#[test]
fn rules_run_on_the_tickets_that_they_are_for() {
    let server = seeded();
    for (name, runs_on, field) in [("A", "new", "CFNew"), ("B", "updated", "CFUpdated")] {
        let outcomes = json!([{"fieldname": field, "value_string": "yes"}]);
        let rule = json!({"name": name, "active": true, "runs_on": runs_on, "outcomes": outcomes});
        write(&server, "TicketRules", &rule);
    }
    let names = |ticket: &Value| -> Vec<String> {
        let fields = ticket["customfields"].as_array().unwrap().iter();
        fields
            .map(|field| edge_tests::console::text(&field["name"]))
            .collect()
    };
    let ticket = new_ticket(&server, "New");
    assert_eq!(names(&ticket), ["CFNew"]);
    let change = json!({"id": ticket["id"], "summary": "Changed"});
    assert_eq!(
        names(&write(&server, "Tickets", &change)),
        ["CFNew", "CFUpdated"]
    );
}

/// A rule that names a status, an event trigger that compares with it, and an action that is offered in it.
#[test]
fn what_names_a_status_or_a_ticket_type_follows_it_to_another_name() {
    let mut server = seeded();
    let when = json!({"all": [
        {"left": "<<before^status^name>>", "op": "equals", "right": "New"},
        {"left": "<<ticket^status^name>>", "op": "equals", "right": "Closed"},
        {"left": "<<ticket^summary>>", "op": "not_equals", "right": "Closed"},
    ]});
    Bundle::new()
        .runbook(chain("idle", &json!({"access": "desk"}), &[]))
        .event(
            "ticket_status_changed",
            "idle",
            &json!({"name": "Closed at once", "when": when}),
        )
        .import(&server);
    let trigger = items(&get(&server, "/console/event-triggers"))[0].clone();
    let trigger = format!(
        "/console/event-triggers/{}",
        edge_tests::console::text(&trigger["id"])
    );
    let types = get(&server, "/api/TicketType");
    let incident = types[0].clone();
    let action = json!({
        "name": "Order", "system_use": "none", "ticket_types": [incident["name"]], "statuses": ["Closed", "New"],
    });
    let _ = post(&server, "/console/desk-actions", &action).expect(201);
    let criteria =
        json!([{"fieldname": "status_name", "type": "equals", "value_string": "closed"}]);
    let rule =
        json!({"name": "R", "active": true, "criteria": criteria, "new_category_1": "Done with"});
    let rule = write(&server, "TicketRules", &rule);

    write(&server, "Status", &json!({"id": 9, "name": "Done"}));
    write(
        &server,
        "TicketType",
        &json!({"id": incident["id"], "name": "Mishap"}),
    );
    // The rule is of the desk, and follows at once.
    let rule = format!("/api/TicketRules/{}", rule["id"]);
    assert_eq!(get(&server, &rule)["criteria"][0]["value_string"], "Done");
    // What the workspace holds is told.
    let followed = wait_for(|| {
        let action = get(&server, "/console/desk-actions/Order");
        (action["ticket_types"][0] == "Mishap").then_some(action)
    });
    assert_eq!(followed["statuses"], json!(["Done", "New"]));
    let of_trigger = get(&server, &trigger);
    let rights: Vec<_> = of_trigger["when"]["all"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["right"].clone())
        .collect();
    assert_eq!(rights, ["New", "Done", "Closed"]);
    assert_eq!(of_trigger["version"], 2);

    // It still starts its runbook, also after a restart.
    server.restart();
    let ticket = new_ticket(&server, "Follow me");
    let closed = write(
        &server,
        "Tickets",
        &json!({"id": ticket["id"], "status_id": 9}),
    );
    assert_eq!(closed["category_1"], "Done with");
    let runs = wait_for(|| Some(runs(&server, "idle")).filter(|runs| !runs.is_empty()));
    assert_eq!(runs[0]["started_by"]["name"], "Closed at once");
}
