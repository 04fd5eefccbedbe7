//! What comes from another desk, by its names.

use serde_json::{Value, json};

use super::memory::Memory;
use super::{Access, Desk, NOW, Wiped, admin, get, post, seeded};
use crate::api::ImportReport;
use crate::desk::rule::BundledRule;
use crate::desk::service_level::ServiceLevel;

fn level(more: &Value) -> ServiceLevel {
    let mut level = json!({"name": "Gold", "hours": {"time_zone": "UTC", "week": {}}});
    for (name, value) in more.as_object().unwrap() {
        level[name] = value.clone();
    }
    serde_json::from_value(level).unwrap()
}

#[test]
fn a_service_level_comes_back_as_it_was_exported() {
    let memory = seeded();
    let own = level(&json!({
        "priorities": [{"priority_id": 1, "response": {"minutes": 60}}], "ticket_types": [2], "stopping_statuses": [4],
    }));
    let exported = own.clone().for_elsewhere(&memory).unwrap();
    assert_eq!(exported.names.statuses[0].name, "With User");
    let (read, left_out) = exported.brought_here(&memory).unwrap();
    assert_eq!((read, left_out), (own, Vec::new()));
}

#[test]
fn what_this_desk_does_not_have_of_a_service_level_is_told() {
    let memory = seeded();
    let statuses = get(&memory, "/api/Status?count=1000");
    let mut statuses = statuses.as_array().unwrap().iter();
    let closed = statuses.find(|status| status["name"] == "Closed");
    let closed = closed.unwrap()["id"].as_u64().unwrap();
    let foreign = level(&json!({
        "priorities": [{"priority_id": 1}, {"priority_id": 31}, {"priority_id": 32}],
        "stopping_statuses": [41, 42], "ticket_types": [51],
        "names": {
            "priorities": [{"id": 31, "name": "Sky high"}],
            "statuses": [{"id": 41, "name": "closed"}, {"id": 42, "name": "On the moon"}],
            "ticket_types": [{"id": 51, "name": "Riddle"}],
        },
    }));
    let (read, left_out) = foreign.brought_here(&memory).unwrap();
    assert_eq!(
        read,
        level(&json!({"priorities": [{"priority_id": 1}], "stopping_statuses": [closed]}))
    );
    let make = "Make it, and import the bundle again.";
    assert_eq!(
        left_out,
        [
            format!("This desk has no priority “Sky high”, so the service level Gold has no times for it. {make}"),
            "This desk has no priority 32, so the service level Gold has no times for it. Choose another one there."
                .to_owned(),
            format!(
                "This desk has no status “On the moon”, so it does not stop the clock of the service level Gold. {make}"
            ),
            format!("This desk has no ticket type “Riddle”, so the service level Gold does not count for it. {make}"),
        ]
    );
}

#[test]
fn what_a_service_level_takes_over_is_told() {
    let memory = seeded();
    let other = json!({"name": "Silver", "default": true, "ticket_types": [1, 2]});
    let told = |more: &Value| {
        let told = level(more).takes_over_from(&level(&other), &memory);
        told.unwrap()
    };
    assert_eq!(told(&json!({"ticket_types": [3]})), [""; 0]);
    let incident = get(&memory, "/api/TicketType/1");
    let incident = incident["name"].as_str().unwrap();
    assert_eq!(
        told(&json!({"default": true, "ticket_types": [1]})),
        [
            "The service level Gold is the default now, in place of Silver.".to_owned(),
            format!(
                "The service level Gold counts for tickets of the type {incident} now, in place of Silver."
            ),
        ]
    );
}

fn desk<T>(memory: &Memory, work: impl FnOnce(&Desk<'_>) -> T) -> T {
    let access = Access::of(&admin(), None, memory).unwrap();
    work(&Desk {
        records: memory,
        html: &Wiped,
        access: &access,
        now: NOW,
        unique: "u",
    })
}

fn import(memory: &Memory, rules: &Value) -> ImportReport {
    let rules: Vec<BundledRule> = serde_json::from_value(rules.clone()).unwrap();
    let (report, events) = desk(memory, |desk| desk.import_rules(rules)).unwrap();
    // Open pages hear of what was written.
    assert!(events.len() <= 1, "{events:?}");
    report
}

fn exported(memory: &Memory) -> Value {
    let rules = desk(memory, |desk| desk.rules_for_elsewhere().unwrap());
    serde_json::to_value(rules).unwrap()
}

fn rule(memory: &Memory, name: &str) -> Value {
    let rules = get(memory, "/api/TicketRules?count=1000");
    let mut rules = rules.as_array().unwrap().iter();
    rules.find(|rule| rule["name"] == name).unwrap().clone()
}

#[test]
fn ticket_rules_go_along_with_the_names_of_what_they_refer_to() {
    let memory = seeded();
    let made = json!({
        "name": "Invoices", "active": true, "precedence": 20, "stopmatching": true, "runs_on": "new",
        "criteria": [
            {"fieldname": "summary", "type": "contains", "value_string": "invoice 9"},
            {"fieldname": "status_id", "type": "any_of", "value_list": [1, "2"]},
            {"fieldname": "client_id", "type": "none_of", "value_string": "1, 2"},
            {"fieldname": "priority_name", "type": "equals", "value_string": "Critical"},
        ],
        "outcomes": [{"fieldname": "tickettype_id", "value_int": 2}],
        "new_team": "Accounts", "new_status_id": 9,
    });
    post(&memory, "/api/TicketRules", &made).unwrap();
    let all = exported(&memory);
    let mut found = all.as_array().unwrap().iter();
    let own = found.find(|rule| rule["name"] == "Invoices").unwrap();
    let name = |path: &str| get(&memory, path)["name"].clone();
    let mut expected = made;
    expected["names"] = json!({
        "ticket_types": [{"id": 2, "name": name("/api/TicketType/2")}],
        "statuses": [
            {"id": 1, "name": name("/api/Status/1")}, {"id": 2, "name": name("/api/Status/2")},
            {"id": 9, "name": name("/api/Status/9")},
        ],
        "clients": [{"id": 1, "name": name("/api/Client/1")}, {"id": 2, "name": name("/api/Client/2")}],
    });
    assert_eq!(*own, expected);
    // The same again changes nothing.
    let before = rule(&memory, "Invoices");
    let report = import(&memory, &json!([own]));
    assert_eq!(report.replaced, ["ticket rule Invoices"]);
    assert_eq!((report.created.len(), report.notes.len()), (0, 0));
    assert_eq!(rule(&memory, "Invoices"), before);

    // Another desk numbers its records differently.
    let mut other = own.clone();
    other["names"] = json!({
        "ticket_types": [{"id": 2, "name": name("/api/TicketType/1")}],
        "statuses": [
            {"id": 1, "name": name("/api/Status/3")}, {"id": 2, "name": name("/api/Status/1")},
            {"id": 9, "name": name("/api/Status/2")},
        ],
        "clients": [{"id": 1, "name": name("/api/Client/2")}, {"id": 2, "name": name("/api/Client/1")}],
    });
    import(&memory, &json!([other]));
    let written = rule(&memory, "Invoices");
    assert_eq!(written["id"], before["id"]);
    assert_eq!(
        written["criteria"],
        json!([
            {"fieldname": "summary", "type": "contains", "value_string": "invoice 9"},
            {"fieldname": "status_id", "type": "any_of", "value_list": [3, "1"]},
            {"fieldname": "client_id", "type": "none_of", "value_string": "2, 1"},
            {"fieldname": "priority_name", "type": "equals", "value_string": "Critical"},
        ])
    );
    assert_eq!(
        (&written["outcomes"], &written["new_status_id"]),
        (
            &json!([{"fieldname": "tickettype_id", "value_int": 1}]),
            &json!(2)
        )
    );
    // What a bundle does not say is unset.
    import(&memory, &json!([{"name": "invoices", "active": false}]));
    let emptied = rule(&memory, "invoices");
    assert_eq!(
        (
            &emptied["id"],
            &emptied["criteria"],
            &emptied["new_team"],
            &emptied["stopmatching"]
        ),
        (&before["id"], &json!([]), &Value::Null, &json!(false))
    );
}

#[test]
fn a_ticket_rule_that_refers_to_what_this_desk_does_not_have_is_switched_off_and_told() {
    let memory = seeded();
    let foreign = json!({
        "name": "Urgent", "active": true, "new_status_id": 61,
        "criteria": [
            {"fieldname": "priority_id", "type": "equals", "value_int": 71},
            {"fieldname": "status_id", "type": "any_of", "value_string": "61,1"},
            {"fieldname": "agent_id", "type": "equals", "value_int": 999},
        ],
        "names": {
            "priorities": [{"id": 71, "name": "Sky high"}], "statuses": [{"id": 61, "name": "On the moon"}],
        },
    });
    let report = import(&memory, &json!([foreign]));
    assert_eq!(
        report.notes,
        [
            "This desk has no priority “Sky high” and no status “On the moon” and no agent 999, so the ticket rule Urgent is switched off. Choose what it has in the rule, and switch it on."
        ]
    );
    let written = rule(&memory, "Urgent");
    assert_eq!(written["active"], false);
    assert_eq!(
        written["criteria"],
        json!([
            {"fieldname": "priority_id", "type": "equals", "value_string": "Sky high"},
            {"fieldname": "status_id", "type": "any_of", "value_string": "On the moon, 1"},
            {"fieldname": "agent_id", "type": "equals", "value_int": 999},
        ])
    );
    assert_eq!(written["new_status_id"], Value::Null);
    assert_eq!(
        written["outcomes"],
        json!([{"fieldname": "status_id", "value_string": "On the moon"}])
    );
}

#[test]
fn a_ticket_rule_that_can_never_work_is_refused_with_its_place() {
    let memory = seeded();
    let rules: Vec<BundledRule> = serde_json::from_value(json!([
        {"name": "Good", "active": true},
        {"name": "Bad", "active": true, "criteria": [{"fieldname": "nothing", "type": "equals", "value_int": 1}]},
    ]))
    .unwrap();
    let (index, error) = desk(&memory, |desk| desk.import_rules(rules)).unwrap_err();
    assert_eq!(index, 1);
    assert!(error.to_string().contains("criteria[0]"), "{error}");
}
