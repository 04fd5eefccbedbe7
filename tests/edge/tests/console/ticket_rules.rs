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

#[test]
fn ticket_rules_travel_in_bundles_by_the_names_of_what_they_refer_to() {
    let here = seeded();
    let rule = json!({
        "name": "Invoices", "active": true, "precedence": 10, "runs_on": "new",
        "criteria": [{"fieldname": "summary", "type": "contains", "value_string": "invoice"}],
        "new_team": "Accounts", "new_status_id": 4,
    });
    write(&here, "TicketRules", &rule);
    let bundle = get(&here, "/console/export");
    let rules = bundle["desk"]["ticket_rules"].as_array().unwrap().iter();
    let mut rules = rules.filter(|rule| rule["name"] == "Invoices");
    let exported = rules.next().unwrap().clone();
    let mut expected = rule;
    expected["names"] = json!({"statuses": [{"id": 4, "name": "With User"}]});
    assert_eq!(exported, expected);

    let there = Server::start(&Options::default());
    let import = |rules: Value| {
        let bundle = json!({"format": "nimbus.bundle/1", "desk": {"ticket_rules": rules}});
        post(&there, "/console/import", &bundle)
    };
    let mut other = exported.clone();
    other["names"]["statuses"][0]["name"] = json!("with supplier");
    let report = import(json!([other])).expect(200).json();
    assert_eq!(report["created"], json!(["ticket rule Invoices"]));
    assert_eq!(report.get("notes"), None, "{report}");
    let rules = get(&there, "/api/TicketRules");
    assert_eq!(
        (&rules[0]["new_status_id"], &rules[0]["active"]),
        (&json!(5), &json!(true)),
        "{rules}"
    );
    let ticket = new_ticket(&there, "An invoice");
    assert_eq!(
        (&ticket["team"], &ticket["status_id"]),
        (&json!("Accounts"), &json!(5))
    );

    other["names"]["statuses"][0]["name"] = json!("On the moon");
    let report = import(json!([other])).expect(200).json();
    assert_eq!(report["replaced"], json!(["ticket rule Invoices"]));
    assert_eq!(
        report["notes"],
        json!([
            "This desk has no status “On the moon”, so the ticket rule Invoices is switched off. Choose what it has in the rule, and switch it on."
        ])
    );
    let rules = get(&there, "/api/TicketRules");
    assert_eq!(rules[0]["active"], false);

    // What is wrong is refused before anything is put in place.
    let never = json!([{"fieldname": "nothing", "type": "equals", "value_int": 1}]);
    for (rules, place) in [
        (json!([exported, exported]), "desk.ticket_rules[1].name"),
        (
            json!([exported, {"name": "Never", "active": true, "criteria": never}]),
            "desk.ticket_rules[1]",
        ),
        (
            json!([{"name": "", "active": true}]),
            "desk.ticket_rules[0]",
        ),
        (
            json!([{"name": "Odd", "runs_on": "perhaps"}]),
            "desk.ticket_rules[0]",
        ),
    ] {
        let refused = import(rules).expect(400).json();
        assert_eq!(refused["error"]["at"]["field"], place, "{refused}");
        assert_eq!(get(&there, "/api/TicketRules").as_array().unwrap().len(), 1);
    }
    let odd = import(json!([{"name": "Odd", "colour": "red"}]))
        .expect(400)
        .json();
    assert!(
        odd["error"]["message"].as_str().unwrap().contains("colour"),
        "{odd}"
    );
}
