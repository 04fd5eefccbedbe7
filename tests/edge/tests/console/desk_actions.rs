//! Actions with fields of their own, where they are offered, and buttons on users and assets.

use edge_tests::{
    Server, Stub,
    bundle::{Bundle, chain, method, sends},
    console::{items, text},
};
use serde_json::{Value, json};

use super::*;

/// A seeded workspace with a runbook that orders what its inputs say, and leaves it to actions to fill them.
fn ordering(stub: &Stub) -> Server {
    let server = seeded();
    stub.reply("POST", "/orders", Reply::json(201, &json!({})));
    let body = r#"{"amount": <<Amount>>, "why": <<Why>>, "about": <<About>>}"#;
    let order = json!({"body": {"type": "json", "text": body}});
    let start = json!({"access": "desk", "inputs": [
        {"name": "Amount", "type": "integer"},
        {"name": "Why", "type": "string"},
        {"name": "About", "type": "string", "required": false, "default": ""},
    ]});
    Bundle::new()
        .integration(
            "shop",
            &stub.url(""),
            &json!({"type": "none"}),
            [method("order", "POST", "/orders", &order)],
        )
        .runbook(chain("order", &start, &[sends("order")]))
        .import(&server);
    server
}

fn order_action() -> Value {
    json!({
        "name": "Order", "system_use": "queue_runbook", "runbook": "order",
        "fields": [
            {"name": "Amount", "type": "integer", "required": true},
            {"name": "Why", "label": "Why is it needed?", "type": "choice", "choices": ["broken", "\"new\""], "default": "broken"},
            {"name": "About", "default": "<<ticket^summary>>"},
        ],
        "variables": [
            {"name": "Amount", "value": "<<action^Amount>>"},
            {"name": "Why", "value": "<<action^customfields[name=Why]^value>>"},
            {"name": "About", "value": "<<action^About>>"},
        ],
    })
}

fn a_ticket(server: &Server) -> Value {
    get(server, "/api/Tickets")["tickets"][0].clone()
}

fn take(server: &Server, ticket: &Value, fields: &Value) {
    let action = json!([{"ticket_id": ticket["id"], "outcome": "Order", "note": "", "customfields": fields}]);
    let _ = post(server, "/api/Actions", &action).expect(201);
}

/// What the ticket is told of a start that came to nothing.
fn told(server: &Server, ticket: &Value, part: &str) {
    let path = format!("/api/Actions?ticket_id={}&count=100", ticket["id"]);
    wait_for(|| {
        let list = get(server, &path);
        let actions = list["actions"].as_array().unwrap().clone();
        actions.into_iter().find(|action| {
            action["outcome"] == "Runbook not started" && text(&action["note"]).contains(part)
        })
    });
}

/// Has the draft of the runbook fill one of its variables itself.
fn fill_why(server: &Server) {
    let path = "/console/runbooks/order";
    let mut draft = get(server, path);
    draft["from_desk"] = json!([{"name": "Why", "value": "by default"}]);
    let version = draft["version"].as_u64().unwrap();
    let _ = put(server, path, version, &draft).expect(200);
}

#[test]
fn what_a_dialog_asked_reaches_the_runbook() {
    let stub = Stub::start();
    let server = ordering(&stub);
    let made = post(&server, "/console/desk-actions", &order_action())
        .expect(201)
        .json();
    assert_eq!(made["problems"], json!([]));
    let ticket = a_ticket(&server);
    take(
        &server,
        &ticket,
        &json!([{"name": "amount", "value": "12"}, {"name": "Why", "value": "\"new\""}]),
    );
    let ordered = stub.wait_for(1, "POST", "/orders");
    assert_eq!(
        ordered[0].json(),
        json!({"amount": 12, "why": "\"new\"", "about": ticket["summary"]})
    );
    // They are kept with the action, as Halo keeps custom fields.
    let path = format!("/api/Actions?ticket_id={}&actoutcome=Order", ticket["id"]);
    let kept = &get(&server, &path)["actions"][0]["customfields"];
    assert_eq!(kept[1], json!({"name": "Why", "value": "\"new\""}));
}

#[test]
fn what_must_not_be_entered_starts_nothing_and_is_told() {
    let stub = Stub::start();
    let server = ordering(&stub);
    let _ = post(&server, "/console/desk-actions", &order_action()).expect(201);
    let ticket = a_ticket(&server);
    take(&server, &ticket, &json!([]));
    told(&server, &ticket, "“Amount” is required");
    take(
        &server,
        &ticket,
        &json!([{"name": "Amount", "value": 1}, {"name": "Why", "value": "for fun"}]),
    );
    told(&server, &ticket, "has no choice “for fun”");
    assert_eq!(stub.count("POST", "/orders"), 0);
    assert_eq!(get(&server, "/console/runs"), json!({"items": []}));
}

#[test]
fn an_action_that_is_not_offered_starts_nothing_until_it_is() {
    let stub = Stub::start();
    let server = ordering(&stub);
    let mut action = post(&server, "/console/desk-actions", &order_action())
        .expect(201)
        .json();
    let ticket = a_ticket(&server);
    let fields = json!([{"name": "Amount", "value": 1}]);
    let ticket_type = &ticket["tickettype_id"];

    let only = |names: &Value| {
        let change = json!([{"id": ticket_type, "allowed_actions": names}]);
        let _ = post(&server, "/api/TicketType", &change).expect(201);
    };
    only(&json!([{"name": "Another"}]));
    take(&server, &ticket, &fields);
    told(&server, &ticket, "does not allow it");

    only(&json!([]));
    let mut change = |field: &str, value: Value| {
        action[field] = value;
        let version = action["version"].as_u64().unwrap();
        action = put(&server, "/console/desk-actions/Order", version, &action)
            .expect(200)
            .json();
    };
    change("ticket_types", json!(["Nothing like it"]));
    take(&server, &ticket, &fields);
    told(&server, &ticket, "other ticket types than");
    change("ticket_types", json!([]));
    change("statuses", json!(["Nothing like it"]));
    take(&server, &ticket, &fields);
    told(&server, &ticket, "other statuses than");
    assert_eq!(get(&server, "/console/runs"), json!({"items": []}));

    // What came to nothing can be tried again, once it is offered.
    let failed = items(&get(&server, "/console/failed-deliveries"));
    let codes: Vec<_> = failed
        .iter()
        .map(|one| text(&one["error"]["code"]))
        .collect();
    assert_eq!(
        codes,
        [
            "other_statuses",
            "other_ticket_types",
            "not_allowed_by_type"
        ]
    );
    let retry = format!("/console/failed-deliveries/{}/retry", failed[0]["id"]);
    assert_eq!(
        code(&post(&server, &retry, &json!({})).expect(409)),
        "other_statuses"
    );
    change("statuses", json!([]));
    assert!(post(&server, &retry, &json!({})).status < 300);
    stub.wait_for(1, "POST", "/orders");
}

#[test]
fn an_action_keeps_its_place_and_its_ticket_types_when_it_is_renamed() {
    let stub = Stub::start();
    let server = ordering(&stub);
    let made = post(&server, "/console/desk-actions", &order_action())
        .expect(201)
        .json();
    let plain = |name: &str| json!({"name": name, "system_use": "none"});
    let _ = post(&server, "/console/desk-actions", &plain("Last")).expect(201);
    assert_eq!(
        code(&post(&server, "/console/desk-actions", &plain("ORDER")).expect(409)),
        "exists"
    );
    let names = || {
        let list = items(&get(&server, "/console/desk-actions"));
        list.iter()
            .map(|one| text(&one["name"]))
            .collect::<Vec<_>>()
    };
    let types = get(&server, "/api/TicketType");
    let id = &types[0]["id"];
    let allowed = json!([{"id": id, "allowed_actions": [{"name": "Last"}, {"name": "order"}]}]);
    let _ = post(&server, "/api/TicketType", &allowed).expect(201);

    let mut renamed = made.clone();
    renamed["name"] = json!("Order twice");
    let path = "/console/desk-actions/Order";
    assert_eq!(
        put(&server, path, 9, &renamed).expect(412).json()["version"],
        1
    );
    let now = put(&server, path, 1, &renamed).expect(200).json();
    assert_eq!(
        (&now["name"], &now["version"]),
        (&json!("Order twice"), &json!(2))
    );
    let _ = server.get(path).admin().send().expect(404);
    assert_eq!(names(), ["Ask ChatGPT a Question", "Order twice", "Last"]);
    assert_eq!(
        get(&server, &format!("/api/TicketType/{id}"))["allowed_actions"],
        json!([{"name": "Last"}, {"name": "Order twice"}])
    );
    let mut taken = now;
    taken["name"] = json!("last");
    let path = "/console/desk-actions/Order%20twice";
    assert_eq!(code(&put(&server, path, 2, &taken).expect(409)), "exists");

    let before = json!({"before": "Ask ChatGPT a Question"});
    let _ = post(&server, "/console/desk-actions/Last/move", &before).expect(204);
    assert_eq!(names(), ["Last", "Ask ChatGPT a Question", "Order twice"]);
    let _ = post(&server, "/console/desk-actions/Last/move", &json!({})).expect(204);
    assert_eq!(names(), ["Ask ChatGPT a Question", "Order twice", "Last"]);

    // What is deleted comes back to its place.
    let _ = delete(&server, path).expect(204);
    assert_eq!(names(), ["Ask ChatGPT a Question", "Last"]);
    let _ = post(&server, &format!("{path}/restore"), &json!({})).expect(200);
    assert_eq!(names(), ["Ask ChatGPT a Question", "Order twice", "Last"]);
}

#[test]
fn a_variable_that_nothing_fills_is_named_on_the_action_and_on_publishing() {
    let stub = Stub::start();
    let server = ordering(&stub);
    let named = |problems: &Value, part: &str| {
        let problems = problems.as_array().unwrap();
        problems
            .iter()
            .any(|problem| text(&problem["message"]).contains(part))
    };
    let report = |server: &Server| {
        post(server, "/console/runbooks/order/check", &json!({}))
            .expect(200)
            .json()["problems"]
            .clone()
    };
    // As long as no action starts it, the runbook itself must fill all that it needs.
    fill_why(&server);
    assert!(named(&report(&server), "`Amount`"));

    let mut action = order_action();
    action["variables"] = json!([]);
    let made = post(&server, "/console/desk-actions", &action)
        .expect(201)
        .json();
    assert!(
        named(
            &made["problems"],
            "needs `Amount`, `Why`, and nothing fills them"
        ),
        "{made}"
    );
    assert!(named(&report(&server), "the action “Order”"));
    let _ = post(&server, "/console/runbooks/order/publish", &json!({})).expect(422);

    // One variable by the action, the other by the runbook.
    action["variables"] = json!([{"name": "Amount", "value": "<<action^Amount>>"}]);
    let made = put(&server, "/console/desk-actions/Order", 1, &action)
        .expect(200)
        .json();
    // What is published still leaves the other one open.
    assert!(
        named(&made["problems"], "needs `Why`, and nothing fills it"),
        "{made}"
    );
    assert_eq!(report(&server), json!([]));
    let _ = post(&server, "/console/runbooks/order/publish", &json!({})).expect(200);
    let now = get(&server, "/console/desk-actions/Order");
    assert_eq!(now["problems"], json!([]));
    let ticket = a_ticket(&server);
    take(&server, &ticket, &json!([{"name": "Amount", "value": 3}]));
    let ordered = stub.wait_for(1, "POST", "/orders")[0].json();
    assert_eq!(
        ordered,
        json!({"amount": 3, "why": "by default", "about": ""})
    );
}

#[test]
fn what_could_not_be_filled_in_is_refused_at_its_place() {
    let server = seeded();
    let action = |fields: Value| json!({"name": "A", "system_use": "none", "fields": fields});
    for (action, field) in [
        (action(json!([{"name": "note"}])), "fields[0].name"),
        (
            action(json!([{"name": "a", "type": "choice"}])),
            "fields[0].choices",
        ),
        (
            action(json!([{"name": "a", "default": "<<user^id>>"}])),
            "fields[0].default",
        ),
        (
            json!({"name": "A", "system_use": "none", "records": "user"}),
            "system_use",
        ),
    ] {
        let refused = post(&server, "/console/desk-actions", &action)
            .expect(400)
            .json();
        assert_eq!(refused["error"]["at"]["field"], field, "{refused}");
        let bundle = json!({"format": "nimbus.bundle/1", "desk": {"actions": [action]}});
        let refused = post(&server, "/console/import", &bundle).expect(400).json();
        assert_eq!(
            refused["error"]["at"]["field"],
            format!("desk.actions[0].{field}")
        );
    }
}

#[test]
fn a_button_whose_runbook_needs_a_ticket_is_refused_until_its_draft_does_not() {
    let stub = Stub::start();
    let server = ordering(&stub);
    let tells = |body: &str| json!({"type": "desk_action", "action": "add_action", "body": body});
    let tells_ticket =
        tells(r#"[{"ticket_id": <<ticket^id>>, "outcome": "Told", "note": "Hello"}]"#);
    let tells_user =
        tells(r#"[{"ticket_id": 1001, "outcome": "Told", "note": "Hello <<user^name>>"}]"#);
    Bundle::new()
        .runbook(chain("tell", &json!({"access": "desk"}), &[tells_ticket]))
        .import(&server);
    let tell = json!({"name": "Tell", "system_use": "queue_runbook", "runbook": "tell", "records": "user"});
    let mut order = order_action();
    order["records"] = json!("user");
    order["fields"][2]["default"] = json!("");
    order["variables"][0]["value"] = json!("<<ticket^id>>");
    for (action, expected, field) in [
        (&tell, "no_such_record", "records"),
        (&order, "unknown_variable", "variables[0].value"),
    ] {
        let refused = post(&server, "/console/desk-actions", action).expect(400);
        assert_eq!(code(&refused), expected);
        assert_eq!(refused.json()["error"]["at"]["field"], field, "{action}");
        let bundle = json!({"format": "nimbus.bundle/1", "desk": {"actions": [action]}});
        let refused = post(&server, "/console/import", &bundle).expect(400).json();
        let field = format!("desk.actions[0].{field}");
        assert_eq!(refused["error"]["at"]["field"], field, "{refused}");
    }
    let names = items(&get(&server, "/console/desk-actions"));
    assert_eq!(names.len(), 1, "{names:?}");
    // On a ticket there is one.
    let mut on_ticket = tell.clone();
    on_ticket["records"] = json!("ticket");
    on_ticket["name"] = json!("Tell a ticket");
    let made = post(&server, "/console/desk-actions", &on_ticket).expect(201);
    assert_eq!(made.json()["problems"], json!([]));
    let _ = delete(&server, "/console/desk-actions/Tell%20a%20ticket").expect(204);

    let path = "/console/runbooks/tell";
    let mut draft = get(&server, path);
    draft["steps"][0]["body"] = tells_user["body"].clone();
    let version = draft["version"].as_u64().unwrap();
    let _ = put(&server, path, version, &draft).expect(200);
    let made = post(&server, "/console/desk-actions", &tell)
        .expect(201)
        .json();
    // What is published needs the ticket still.
    assert_eq!(made["problems"][0]["code"], "no_such_record", "{made}");
    let _ = post(&server, "/console/runbooks/tell/publish", &json!({})).expect(200);
    let made = get(&server, "/console/desk-actions/Tell");
    assert_eq!(made["problems"], json!([]));
}

#[test]
fn a_button_on_a_user_starts_a_runbook_once() {
    let stub = Stub::start();
    let server = ordering(&stub);
    let mut action = order_action();
    action["records"] = json!("user");
    action["fields"][2]["default"] = json!("<<user^name>>");
    action["variables"][0]["value"] = json!("<<user^id>>");
    let _ = post(&server, "/console/desk-actions", &action).expect(201);
    // The action fills what the runbook leaves open.
    fill_why(&server);
    let published = post(&server, "/console/runbooks/order/publish", &json!({})).expect(200);
    assert_eq!(published.json()["problems"], json!([]));

    let user = get(&server, "/api/Users?count=1")["users"][0].clone();
    let press = json!({"record_id": user["id"], "customfields": [{"name": "Amount", "value": 1}]});
    let path = "/console/desk-actions/Order/press";
    let call = server
        .post(path)
        .header("idempotency-key", "one")
        .admin()
        .json(&press);
    let run = text(&call.clone().send().expect(202).json()["run_id"]);
    assert_eq!(text(&call.send().expect(202).json()["run_id"]), run);
    let ended = wait_for_end(&server, &run);
    assert_eq!(
        (&ended["status"], &ended["started_by"]),
        (
            &json!("succeeded"),
            &json!({
                "type": "button", "name": "Order", "records": "user", "record_id": user["id"],
                "record_name": user["name"],
            })
        )
    );
    assert_eq!(
        stub.wait_for(1, "POST", "/orders")[0].json(),
        json!({"amount": user["id"], "why": "broken", "about": user["name"]})
    );
    assert_eq!(stub.count("POST", "/orders"), 1);

    // What its steps draw on must be there as well.
    let draft = get(&server, "/console/runbooks/order");
    let mut drawing = draft.clone();
    drawing["steps"][0]["type"] = json!("set");
    drawing["steps"][0]
        .as_object_mut()
        .unwrap()
        .remove("method");
    drawing["steps"][0]["variables"] = json!([{"name": "X", "value": "<<ticket^id>>"}]);
    drawing["steps"][0]["next"] = json!({"done": "done"});
    let report = post(&server, "/console/runbooks/order/check", &drawing)
        .expect(200)
        .json();
    let problems = report["problems"].as_array().unwrap();
    assert!(
        problems
            .iter()
            .any(|problem| problem["code"] == "no_such_record"),
        "{report}"
    );

    let missing = json!({"record_id": 999_999, "customfields": [{"name": "Amount", "value": 1}]});
    let _ = post(&server, path, &missing).expect(404);
    let empty = json!({"record_id": user["id"]});
    assert_eq!(
        code(&post(&server, path, &empty).expect(400)),
        "field_missing"
    );
    let ask = "/console/desk-actions/Ask%20ChatGPT%20a%20Question/press";
    assert_eq!(
        code(&post(&server, ask, &press).expect(409)),
        "other_records"
    );
    // A ticket's action of that outcome starts no button.
    let ticket = a_ticket(&server);
    take(&server, &ticket, &json!([]));
    let of_ticket = format!("/console/runs?ticket={}", ticket["id"]);
    assert_eq!(get(&server, &of_ticket), json!({"items": []}));
}
