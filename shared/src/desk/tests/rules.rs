//! Ticket rules at work.

mod criteria;
mod drafts;
mod renamed;
mod told;

use serde_json::{Value, json};

use super::memory::Memory;
use super::{DeskEvent, NOW, Wiped, admin, ask, get, post, refusal, seeded};
use crate::api::{RuleTrial, RuleTrialRequest};
use crate::desk::rule::{Condition, Part, Rule, RuleDraft, Setting, Test, Verdict, moved};
use crate::model::RecordChange;

/// Makes a rule, and gives its id.
fn rule(memory: &Memory, mut rule: Value) -> u64 {
    for (field, value) in [("active", json!(true)), ("precedence", json!(10))] {
        rule.as_object_mut().unwrap().entry(field).or_insert(value);
    }
    let (rule, _) = post(memory, "/api/TicketRules", &rule).unwrap();
    rule["id"].as_u64().unwrap()
}

/// A rule as earlier versions took them: it is active, whatever it holds.
fn former_rule(memory: &Memory, mut rule: Value) -> u64 {
    use crate::desk::Records;
    let resource = &crate::desk::resource::TICKET_RULE;
    rule["active"] = json!(false);
    let (made, _) = post(memory, "/api/TicketRules", &rule).unwrap();
    let id = made["id"].as_u64().unwrap();
    let mut stored = memory.stored(resource, id).unwrap().unwrap();
    stored.set("active", true);
    memory.update(resource, &stored).unwrap();
    id
}

/// A new ticket with these fields beside those that it needs.
fn ticket(memory: &Memory, fields: &Value) -> (Value, Vec<DeskEvent>) {
    let mut ticket = json!({"summary": "Printer is broken", "tickettype_id": 1});
    ticket
        .as_object_mut()
        .unwrap()
        .extend(fields.as_object().unwrap().clone());
    post(memory, "/api/Tickets", &ticket).unwrap()
}

/// What rules said on a ticket, the newest first.
fn notes(memory: &Memory, ticket: &Value) -> Vec<String> {
    let actions = get(memory, &format!("/api/Actions?ticket_id={}", ticket["id"]));
    let actions = actions["actions"].as_array().unwrap().iter();
    actions
        .filter(|action| action["outcome"] == "Ticket Rule")
        .map(|action| {
            assert_eq!(action["hiddenfromuser"], true);
            assert_eq!(
                (&action["who"], &action["who_type"]),
                (&json!("Ticket rules"), &json!(2))
            );
            action["note"].as_str().unwrap().to_owned()
        })
        .collect()
}

fn printer() -> Value {
    json!({"summary": "Printer is broken", "status_id": 2, "priority_id": 3, "client_id": 1})
}

#[test]
fn a_new_ticket_is_told_once_with_what_rules_made_of_it() {
    let memory = seeded();
    rule(
        &memory,
        json!({
            "name": "Printers", "criteria": [{"fieldname": "summary", "type": "contains", "value_string": "printer"}],
            "new_team": "1st Line Support", "new_agent_id": 1, "new_status_id": 2,
            "outcomes": [{"fieldname": "CFKind", "value_string": "Printer"}, {"fieldname": "priority_id", "value_int": 2}],
        }),
    );
    let (ticket, events) = ticket(
        &memory,
        &json!({"customfields": [{"name": "CFFloor", "value": 3}]}),
    );
    assert_eq!(
        (
            &ticket["team"],
            &ticket["agent_id"],
            &ticket["status_name"],
            &ticket["priority_name"]
        ),
        (
            &json!("1st Line Support"),
            &json!(1),
            &json!("In Progress"),
            &json!("High")
        )
    );
    assert_eq!(
        ticket["customfields"],
        json!([{"name": "CFFloor", "value": 3}, {"name": "CFKind", "value": "Printer"}])
    );
    let ticket_id = ticket["id"].as_u64().unwrap();
    let [
        DeskEvent::TicketChanged {
            ticket_id: told,
            change: RecordChange::Created,
            states: Some(states),
            ..
        },
    ] = events.as_slice()
    else {
        panic!("one change is one event: {events:?}");
    };
    assert_eq!(*told, ticket_id);
    // With what the rules have made of it.
    assert_eq!(states.after.as_ref().unwrap()["status_name"], "In Progress");
    assert_eq!(
        notes(&memory, &ticket),
        [
            "Rule “Printers” fits: Agent set to “Administrator”, Team set to “1st Line Support”, Status set to “In Progress”, CFKind set to “Printer”, Priority set to “High”."
        ]
    );
}

#[test]
fn a_changed_ticket_is_compared_with_what_it_was() {
    let memory = seeded();
    rule(
        &memory,
        json!({
            "name": "Reopened", "new_priority_id": 1, "criteria": [
                {"fieldname": "status_id", "type": "changed_from", "value_string": "Closed"},
                {"fieldname": "status_id", "type": "changed_to", "value_string": "New"},
            ],
        }),
    );
    let (ticket, _) = ticket(&memory, &json!({"status_id": 9}));
    let id = &ticket["id"];
    let (same, events) = post(
        &memory,
        "/api/Tickets",
        &json!({"id": id, "summary": "Still broken"}),
    )
    .unwrap();
    assert_eq!((&same["priority_id"], events.len()), (&Value::Null, 1));
    let (reopened, events) =
        post(&memory, "/api/Tickets", &json!({"id": id, "status_id": 1})).unwrap();
    assert_eq!(reopened["priority_name"], "Critical");
    assert_eq!(events.len(), 1, "{events:?}");
    assert!(matches!(
        events[0],
        DeskEvent::TicketChanged {
            change: RecordChange::Updated,
            ..
        }
    ));
    // What is as it was before sets off nothing, and neither does an action.
    post(
        &memory,
        "/api/Tickets",
        &json!({"id": id, "priority_id": 4}),
    )
    .unwrap();
    let (unchanged, events) =
        post(&memory, "/api/Tickets", &json!({"id": id, "status_id": 1})).unwrap();
    assert_eq!(
        (&unchanged["priority_name"], events.len()),
        (&json!("Low"), 0)
    );
    post(
        &memory,
        "/api/Actions",
        &json!({"ticket_id": id, "outcome": "Note", "note": "n"}),
    )
    .unwrap();
    assert_eq!(notes(&memory, &ticket).len(), 1);
}

#[test]
fn rules_come_in_their_order_and_see_what_was_done_before() {
    let memory = seeded();
    let stops = rule(
        &memory,
        json!({"name": "Second", "precedence": 2, "stopmatching": true, "new_priority_id": 1, "criteria": [
            {"fieldname": "team", "type": "equals", "value_string": "Network"},
        ]}),
    );
    rule(
        &memory,
        json!({"name": "Third", "precedence": 3, "new_category_1": "Never"}),
    );
    rule(
        &memory,
        json!({"name": "First", "precedence": 1, "new_team": "Network"}),
    );
    rule(
        &memory,
        json!({"name": "Off", "precedence": 0, "active": false, "stopmatching": true}),
    );
    let (first, _) = ticket(&memory, &json!({}));
    assert_eq!(
        (&first["team"], &first["priority_id"], &first["category_1"]),
        (&json!("Network"), &json!(1), &Value::Null)
    );
    assert_eq!(
        notes(&memory, &first),
        [
            "Rule “First” fits: Team set to “Network”.\nRule “Second” fits: Priority set to “Critical”."
        ]
    );
    // What does not fit stops nothing.
    let criteria = json!([{"fieldname": "team", "type": "equals", "value_string": "Sales"}]);
    post(
        &memory,
        "/api/TicketRules",
        &json!({"id": stops, "criteria": criteria}),
    )
    .unwrap();
    let (second, _) = ticket(&memory, &json!({}));
    assert_eq!(second["category_1"], "Never");
}

#[test]
fn what_rules_do_does_not_run_them_again() {
    let memory = seeded();
    for (name, precedence, from, to) in [("There", 1, 1, 2), ("And back", 2, 2, 1)] {
        let criteria = json!([{"fieldname": "status_id", "type": "equals", "value_int": from}]);
        rule(
            &memory,
            json!({"name": name, "precedence": precedence, "criteria": criteria, "new_status_id": to}),
        );
    }
    let (ticket, events) = ticket(&memory, &json!({}));
    assert_eq!((&ticket["status_id"], events.len()), (&json!(1), 1));
    assert_eq!(notes(&memory, &ticket).len(), 1);
}

#[test]
fn a_rule_closes_and_reopens_a_ticket_with_its_dates() {
    let memory = seeded();
    let criteria = json!([{"fieldname": "summary", "type": "contains", "value_string": "spam"}]);
    rule(
        &memory,
        json!({"name": "Spam", "criteria": criteria, "new_status_id": 9}),
    );
    let (spam, _) = ticket(&memory, &json!({"summary": "spam"}));
    assert!(spam["dateclosed"].is_string(), "{spam}");
    assert_eq!(spam["isclosed"], true);
}

#[test]
fn a_rule_that_cannot_be_carried_out_lets_the_ticket_pass_and_says_so() {
    for (outcome, problem) in [
        (
            json!({"fieldname": "priority_id", "value_int": 99}),
            "priority_id: there is no priority 99",
        ),
        (
            json!({"fieldname": "priority_id", "value_string": "High"}),
            "priority_id must be an id: a whole number",
        ),
        (
            json!({"fieldname": "summary", "value_string": ""}),
            "A Summary must be entered for this Ticket",
        ),
        (
            json!({"fieldname": "dateclosed", "value_string": ""}),
            "Closed cannot be set",
        ),
        (
            json!({"fieldname": "client_name", "value_string": "X"}),
            "cannot be set",
        ),
        (
            json!({"fieldname": "colour", "value_string": "red"}),
            "tickets have no field colour",
        ),
        (
            json!({"fieldname": "team"}),
            "the value for Team is missing",
        ),
    ] {
        let memory = seeded();
        former_rule(
            &memory,
            json!({"name": "Broken", "precedence": 1, "outcomes": [outcome], "new_team": "Network"}),
        );
        rule(
            &memory,
            json!({"name": "Sound", "precedence": 2, "new_category_1": "Hardware"}),
        );
        let (ticket, events) = ticket(&memory, &json!({"team": "Sales"}));
        // All of a rule or nothing; the next one goes on.
        assert_eq!(
            (&ticket["team"], &ticket["category_1"]),
            (&json!("Sales"), &json!("Hardware")),
            "{outcome}"
        );
        assert_eq!(events.len(), 1);
        let note = notes(&memory, &ticket).remove(0);
        assert!(
            note.contains("fits, but could not be carried out") && note.contains(problem),
            "{outcome}: {note}"
        );
    }
}

#[test]
fn each_ticket_of_a_request_passes_the_rules() {
    let memory = seeded();
    let criteria = json!([{"fieldname": "summary", "type": "contains", "value_string": "printer"}]);
    rule(
        &memory,
        json!({"name": "Printers", "criteria": criteria, "new_priority_id": 1}),
    );
    let tickets = json!([
        {"summary": "Printer", "tickettype_id": 1}, {"summary": "Scanner", "tickettype_id": 1},
        {"id": 1002, "summary": "Printer, too"},
    ]);
    let (tickets, events) = post(&memory, "/api/Tickets", &tickets).unwrap();
    let priorities: Vec<&Value> = tickets
        .as_array()
        .unwrap()
        .iter()
        .map(|ticket| &ticket["priority_id"])
        .collect();
    assert_eq!(
        (
            priorities[0],
            priorities[1].as_u64() == Some(1),
            priorities[2]
        ),
        (&json!(1), false, &json!(1))
    );
    assert_eq!(events.len(), 3);
    // Other callers' tickets, too.
    let runbook = crate::desk::Caller::Runbook {
        name: "R".to_owned(),
        scope: None,
    };
    let ticket = json!({"summary": "printer", "tickettype_id": 1});
    let (ticket, _) = ask(&memory, &runbook, "POST", "/api/Tickets", &ticket).unwrap();
    assert_eq!(ticket["priority_id"], 1);
    ask(
        &memory,
        &admin(),
        "DELETE",
        &format!("/api/Tickets/{}", ticket["id"]),
        &Value::Null,
    )
    .unwrap();
}

#[test]
fn a_rule_runs_on_new_or_updated_tickets_alone_where_it_says_so() {
    for (runs_on, on_new, on_updated) in [
        (json!(null), true, true),
        (json!("Both"), true, true),
        (json!("new"), true, false),
        (json!("updated"), false, true),
    ] {
        let memory = seeded();
        rule(
            &memory,
            json!({"name": "R", "runs_on": runs_on, "new_category_1": "Fits"}),
        );
        let (made, _) = ticket(&memory, &json!({}));
        assert_eq!(made["category_1"] == "Fits", on_new, "{runs_on}");
        let id = &made["id"];
        let change = json!({"id": id, "summary": "Other", "category_1": "None"});
        let (updated, _) = post(&memory, "/api/Tickets", &change).unwrap();
        assert_eq!(updated["category_1"] == "Fits", on_updated, "{runs_on}");
    }
    let (status, sentence) = super::refusal(
        &seeded(),
        "/api/TicketRules",
        &json!({"name": "R", "runs_on": "closed"}),
    );
    assert_eq!(
        (status, sentence.as_str()),
        (400, "runs_on must be new, updated or both")
    );
}
