//! Ticket rules at work.

use serde_json::{Value, json};

use super::memory::Memory;
use super::{DeskEvent, admin, ask, get, post, refusal, seeded};
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

/// Tries a rule with this one criterion on a new ticket.
fn try_criteria(cases: &[(Value, &Value, bool)]) {
    for (criterion, ticket, fits) in cases {
        let memory = seeded();
        former_rule(
            &memory,
            json!({"name": "R", "criteria": [criterion], "new_category_1": "Fits"}),
        );
        let (ticket, _) = self::ticket(&memory, ticket);
        assert_eq!(
            ticket["category_1"] == "Fits",
            *fits,
            "{criterion} {ticket}"
        );
    }
}

fn printer() -> Value {
    json!({"summary": "Printer is broken", "status_id": 2, "priority_id": 3, "client_id": 1})
}

#[test]
fn texts_are_compared_without_case() {
    let printer = printer();
    try_criteria(&[
        (
            json!({"fieldname": "summary", "type": "contains", "value_string": "PRINTER"}),
            &printer,
            true,
        ),
        (
            json!({"fieldname": "Summary", "type": "Not Contains", "value_string": "scanner"}),
            &printer,
            true,
        ),
        (
            json!({"fieldname": "summary", "type": "equals", "value_string": "printer is broken"}),
            &printer,
            true,
        ),
        (
            json!({"fieldname": "summary", "type": "starts_with", "value_string": "is"}),
            &printer,
            false,
        ),
        (
            json!({"fieldname": "summary", "type": "ends_with", "value_string": "broken"}),
            &printer,
            true,
        ),
    ]);
}

#[test]
fn what_refers_to_a_record_is_compared_by_its_id_and_its_name() {
    let printer = printer();
    try_criteria(&[
        (
            json!({"fieldname": "status_id", "type": "equals", "value_int": 2}),
            &printer,
            true,
        ),
        (
            json!({"fieldname": "status_id", "type": "equals", "value_string": "in progress"}),
            &printer,
            true,
        ),
        (
            json!({"fieldname": "status_name", "type": "equals", "value_string": "New"}),
            &printer,
            false,
        ),
        (
            json!({"fieldname": "client_name", "type": "contains", "value_string": "a"}),
            &printer,
            true,
        ),
        (
            json!({"fieldname": "isclosed", "type": "equals", "value_boolean": false}),
            &printer,
            true,
        ),
        (
            json!({"fieldname": "priority_id", "type": "any_of", "value_string": "1, 3"}),
            &printer,
            true,
        ),
        (
            json!({"fieldname": "priority_id", "type": "any_of", "value_list": [1, "medium"]}),
            &printer,
            true,
        ),
        (
            json!({"fieldname": "priority_id", "type": "none_of", "value_list": [1, 2]}),
            &printer,
            true,
        ),
        (
            json!({"fieldname": "priority_id", "type": "none_of", "value_list": [1, 3]}),
            &printer,
            false,
        ),
    ]);
}

#[test]
fn numbers_moments_and_nothing_are_compared_as_such() {
    let printer = printer();
    let custom = json!({"customfields": [{"name": "CFFloor", "value": 3}, {"name": "CFTags", "value": "a"}]});
    try_criteria(&[
        (
            json!({"fieldname": "CFFloor", "type": "greater", "value_int": 2}),
            &custom,
            true,
        ),
        (
            json!({"fieldname": "cffloor", "type": "less", "value_int": 10}),
            &custom,
            true,
        ),
        (
            json!({"fieldname": "CFFloor", "type": "greater_or_equal", "value_decimal": 3.0}),
            &custom,
            true,
        ),
        (
            json!({"fieldname": "CFFloor", "type": "less_or_equal", "value_string": "2.5"}),
            &custom,
            false,
        ),
        (
            json!({"fieldname": "CFFloor", "type": "not_equals", "value_int": 3}),
            &custom,
            false,
        ),
        (
            json!({"fieldname": "dateoccurred", "type": "greater", "value_datetime": "2026-03-01T00:00:00+01:00"}),
            &printer,
            true,
        ),
        (
            json!({"fieldname": "agent_id", "type": "has_no_value"}),
            &printer,
            true,
        ),
        (
            json!({"fieldname": "client_id", "type": "has_value"}),
            &printer,
            true,
        ),
        (
            json!({"fieldname": "team", "type": "equals", "value_string": ""}),
            &printer,
            true,
        ),
        (
            json!({"fieldname": "CFMissing", "type": "has_value"}),
            &custom,
            false,
        ),
    ]);
}

#[test]
fn of_a_new_ticket_everything_has_changed_and_what_nobody_knows_does_not_fit() {
    let printer = printer();
    try_criteria(&[
        // New tickets.
        (
            json!({"fieldname": "status_id", "type": "changed"}),
            &printer,
            true,
        ),
        (
            json!({"fieldname": "status_id", "type": "changed_to", "value_int": 2}),
            &printer,
            true,
        ),
        (
            json!({"fieldname": "status_id", "type": "changed_from", "value_int": 1}),
            &printer,
            false,
        ),
        (
            json!({"fieldname": "agent_id", "type": "changed"}),
            &printer,
            false,
        ),
        // What nobody knows does not fit.
        (
            json!({"fieldname": "colour", "type": "equals", "value_string": ""}),
            &printer,
            false,
        ),
        (
            json!({"fieldname": "summary", "type": 1, "value_string": "Printer"}),
            &printer,
            false,
        ),
        (
            json!({"fieldname": "summary", "type": "equals"}),
            &printer,
            false,
        ),
        (json!({"type": "has_value"}), &printer, false),
        (
            json!({"fieldname": "summary", "type": "contains", "value_string": ""}),
            &printer,
            false,
        ),
        (json!({}), &printer, false),
    ]);
}

#[test]
fn the_half_of_the_details_that_is_missing_is_looked_at_too() {
    let memory = seeded();
    let criterion = json!({"fieldname": "details", "type": "contains", "value_string": "on\nfire"});
    rule(
        &memory,
        json!({"name": "R", "criteria": [criterion], "new_priority_id": 1}),
    );
    let (ticket, _) = ticket(
        &memory,
        &json!({"details_html": "<p>It is on</p><p>fire</p>"}),
    );
    assert_eq!(ticket["priority_name"], "Critical");
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
fn each_rule_says_what_it_did_or_what_did_not_fit() {
    let memory = seeded();
    let stored = memory_ticket(&memory);
    let told = |rules: &[Value]| {
        let rules: Vec<Rule> = rules
            .iter()
            .map(|rule| Rule::read(rule.as_object().unwrap()))
            .collect();
        let mut ticket = stored.clone();
        let change = |ticket: &crate::desk::Stored, _| Ok(ticket.clone());
        let desk = crate::desk::rule::Surroundings {
            records: &memory,
            html: &super::Wiped,
        };
        crate::desk::rule::run(&rules, &mut ticket, Some(&stored), desk, &change).unwrap()
    };
    let told = told(&[
        json!({"id": 1, "name": "A", "active": true, "criteria": [{"fieldname": "summary", "type": "contains", "value_string": "urgent"}]}),
        json!({"id": 2, "name": "B", "active": true, "criteria": [{"fieldname": "status_id", "type": "changed_to", "value_string": "Closed"}]}),
        json!({"id": 3, "name": "C", "active": true, "criteria": [{"fieldname": "summary", "type": 4, "value_string": "x"}]}),
        json!({"id": 4, "name": "D", "active": true, "criteria": [{"fieldname": "agent_id", "type": "has_value"}]}),
        json!({"id": 5, "name": "E", "active": true, "stopmatching": true, "new_team": "Same"}),
        json!({"id": 6, "name": "F", "active": true, "criteria": []}),
        json!({"id": 0, "name": "G", "active": true, "criteria": [{"fieldname": "status_id", "type": "none_of", "value_list": [1, 9]}]}),
    ]);
    // An id is told by its name.
    assert_eq!(
        told[0].sentence,
        "Rule “G” does not fit: Status is “New”, which is among “New”, “Closed”."
    );
    let told = &told[1..];
    let words: Vec<(Verdict, &str)> = told
        .iter()
        .map(|told| (told.verdict, told.sentence.as_str()))
        .collect();
    assert_eq!(
        words[0],
        (
            Verdict::DoesNotFit,
            "Rule “A” does not fit: Summary is “Old”, which does not contain “urgent”."
        )
    );
    assert_eq!(
        words[1],
        (
            Verdict::DoesNotFit,
            "Rule “B” does not fit: Status is “New” and was not changed."
        )
    );
    assert_eq!(words[2].0, Verdict::DoesNotFit);
    assert!(
        words[2]
            .1
            .contains("its type 4 is not known: write one of equals, not_equals"),
        "{}",
        words[2].1
    );
    assert_eq!(
        words[3],
        (
            Verdict::DoesNotFit,
            "Rule “D” does not fit: Agent has no value."
        )
    );
    assert_eq!(
        words[4],
        (
            Verdict::NothingToChange,
            "Rule “E” fits; the ticket is already as it says."
        )
    );
    assert_eq!(
        words[5],
        (
            Verdict::NotTried,
            "Rule “F” was not tried: “E” stopped the rules after it."
        )
    );
}

/// A ticket as it is kept.
fn memory_ticket(memory: &Memory) -> crate::desk::Stored {
    use crate::desk::Records;
    let (ticket, _) = ticket(
        memory,
        &json!({"summary": "Old", "team": "Same", "status_id": 1}),
    );
    let id = ticket["id"].as_u64().unwrap();
    memory
        .stored(&crate::desk::resource::TICKET, id)
        .unwrap()
        .unwrap()
}

#[test]
fn a_rule_that_never_works_is_kept_only_where_it_is_off() {
    let memory = seeded();
    let spam = json!({"fieldname": "summary", "type": 5, "value_string": "viagra"});
    let halo = json!({
        "name": "Spam", "active": true, "new_status_id": 9, "criteria": [spam],
        "outcomes": [{"fieldname": "colour", "value_string": "red"}],
    });
    let (status, sentence) = refusal(&memory, "/api/TicketRules", &halo);
    assert_eq!(status, 400);
    for part in [
        "criteria[0]: This criterion never fits: its type 5 is not known: write one of equals, ",
        "outcomes[0]: This cannot be done: tickets have no field colour.",
        " Correct that, or send the rule with active false",
    ] {
        assert!(sentence.contains(part), "{sentence}");
    }

    // What comes from another desk is given back as it came.
    let mut off = halo.clone();
    off["active"] = json!(false);
    let (mut made, _) = post(&memory, "/api/TicketRules", &off).unwrap();
    assert_eq!(made["criteria"], halo["criteria"]);
    made["precedence"] = json!(7);
    let (again, _) = post(&memory, "/api/TicketRules", &made).unwrap();
    assert_eq!(again["criteria"], halo["criteria"]);

    let id = &made["id"];
    let on = json!({"id": id, "active": true});
    assert_eq!(refusal(&memory, "/api/TicketRules", &on).0, 400);
    let readable = json!([{"fieldname": "summary", "type": "contains", "value_string": "viagra"}]);
    let mended = json!({"id": id, "active": true, "criteria": readable, "outcomes": []});
    let (mended, _) = post(&memory, "/api/TicketRules", &mended).unwrap();
    assert_eq!(mended["active"], true);
    let broken = json!({"id": id, "criteria": [{"fieldname": "x", "type": "equals"}]});
    assert_eq!(refusal(&memory, "/api/TicketRules", &broken).0, 400);

    // One that was active before is not looked at again where something else of it is changed.
    former_rule(&memory, json!({"name": "Former", "criteria": [spam]}));
    let all = get(&memory, "/api/TicketRules");
    let former = all
        .as_array()
        .unwrap()
        .iter()
        .find(|rule| rule["name"] == "Former");
    let id = &former.unwrap()["id"];
    let moved = json!({"id": id, "precedence": 90});
    post(&memory, "/api/TicketRules", &moved).unwrap();
}

#[test]
fn settings_say_which_parts_of_a_rule_never_work() {
    let rule = json!({
        "criteria": [{"fieldname": "summary", "type": "has_value"}, {"fieldname": "x", "type": "has_value"}],
        "new_team": "T",
        "outcomes": [{"fieldname": "CFx", "value_int": 1}, {"fieldname": "id", "value_int": 1}],
    });
    let problems = Rule::read(rule.as_object().unwrap()).problems();
    let places: Vec<&str> = problems
        .iter()
        .map(|problem| problem.at.field.as_deref().unwrap())
        .collect();
    assert_eq!(places, ["criteria[1]", "outcomes[1]"]);
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

/// Has all rules, and a draft in the place of its stored self, tried on a ticket.
fn try_out(memory: &Memory, ticket: &Value, as_new: bool, rule: Option<Value>) -> RuleTrial {
    let access = crate::desk::Access::of(&admin(), None, memory).unwrap();
    let desk = crate::desk::Desk {
        records: memory,
        html: &super::Wiped,
        access: &access,
        now: super::NOW,
        unique: "u",
    };
    desk.try_rules(&RuleTrialRequest {
        ticket_id: ticket["id"].as_u64().unwrap(),
        as_new,
        rule: rule.map(|rule| rule.as_object().unwrap().clone()),
    })
    .unwrap()
}

#[test]
fn a_trial_says_which_conditions_are_met_and_changes_nothing() {
    let memory = seeded();
    let (made, _) = ticket(&memory, &json!({"status_id": 1}));
    let first = rule(
        &memory,
        json!({"name": "First", "precedence": 1, "new_team": "Network", "stopmatching": true}),
    );
    rule(
        &memory,
        json!({"name": "Second", "precedence": 2, "new_priority_id": 1, "criteria": [
            {"fieldname": "team", "type": "equals", "value_string": "Network"},
        ]}),
    );
    let before = get(&memory, &format!("/api/Tickets/{}", made["id"]));
    let tried = try_out(&memory, &made, true, None);
    let told: Vec<_> = tried
        .rules
        .iter()
        .map(|rule| (rule.name.as_str(), rule.verdict, rule.conditions.len()))
        .collect();
    assert_eq!(
        told,
        [
            ("First", Verdict::Changed, 0),
            ("Second", Verdict::NotTried, 1)
        ]
    );
    // It sees the ticket as the rules before it left it, although one of them stopped it.
    assert!(tried.rules[1].conditions[0].met);

    // As it is on the screen, and although it is off.
    let draft = json!({"id": first, "name": "First", "precedence": 1, "active": false, "criteria": [
        {"fieldname": "summary", "type": "contains", "value_string": "printer"},
        {"fieldname": "status_id", "type": "changed_to", "value_string": "Closed"},
        {"fieldname": "summary", "type": 4, "value_string": "x"},
    ]});
    let tried = try_out(&memory, &made, false, Some(draft));
    let met: Vec<_> = tried.rules[0]
        .conditions
        .iter()
        .map(|condition| condition.met)
        .collect();
    assert_eq!(met, [true, false, false]);
    assert_eq!(
        tried.rules[0].conditions[1].words,
        "Status is “New” and was not changed"
    );
    assert_eq!(tried.rules[0].verdict, Verdict::DoesNotFit);
    // Nothing stops the second one now, whose condition is not met without the first one.
    assert_eq!(tried.rules[1].verdict, Verdict::DoesNotFit);

    let draft = json!({"name": "New", "precedence": 0, "runs_on": "updated"});
    let tried = try_out(&memory, &made, true, Some(draft));
    assert_eq!(
        (tried.rules.len(), tried.rules[0].sentence.as_str()),
        (
            3,
            "Rule “New” does not fit: it runs on updated tickets only."
        )
    );
    assert_eq!(
        get(&memory, &format!("/api/Tickets/{}", made["id"])),
        before
    );
    assert_eq!(notes(&memory, &made), [""; 0]);
}

#[test]
fn rules_follow_a_status_and_the_like_to_another_name() {
    let memory = seeded();
    let criteria = json!([
        {"fieldname": "status_id", "type": "equals", "value_string": "closed"},
        {"fieldname": "status_name", "type": "any_of", "value_string": "New, Closed"},
        {"fieldname": "status_id", "type": "none_of", "value_list": ["Closed", 3]},
        {"fieldname": "summary", "type": "equals", "value_string": "Closed"},
        {"fieldname": "status_id", "type": "equals", "value_int": 9},
        {"fieldname": "status_id", "type": 7, "value_string": "Closed"},
    ]);
    let id = former_rule(&memory, json!({"name": "R", "criteria": criteria}));
    let (_, events) = post(
        &memory,
        "/api/Status",
        &json!({"id": 9, "name": "Done, at last"}),
    )
    .unwrap();
    let now = get(&memory, &format!("/api/TicketRules/{id}"));
    let values: Vec<&Value> = now["criteria"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|element| {
            let element = element.as_object().unwrap();
            element
                .iter()
                .filter(|(key, _)| key.starts_with("value"))
                .map(|(_, value)| value)
        })
        .collect();
    assert_eq!(
        values,
        [
            &json!("Done, at last"),
            &json!(["New", "Done, at last"]),
            &json!(["Done, at last", 3]),
            &json!("Closed"),
            &json!(9),
            &json!("Done, at last"),
        ]
    );
    assert_eq!(renamed_in(&events), [("Status", "Closed", "Done, at last")]);
    // Another colour is no other name.
    let (_, events) = post(&memory, "/api/Status", &json!({"id": 9, "colour": "red"})).unwrap();
    assert_eq!(renamed_in(&events), []);
}

#[test]
fn all_follow_a_team_and_a_category_to_another_name() {
    let memory = seeded();
    let (team, _) = post(&memory, "/api/Team", &json!({"name": "Network"})).unwrap();
    let ticket = |fields: Value| {
        let mut ticket = json!({"summary": "S", "tickettype_id": 1});
        let own = ticket.as_object_mut().unwrap();
        own.extend(fields.as_object().unwrap().clone());
        post(&memory, "/api/Tickets", &ticket).unwrap().0["id"].clone()
    };
    let theirs = ticket(json!({"team": "network", "category_1": "Network"}));
    let other = ticket(json!({"team": "Network 2"}));
    let agent = json!({"name": "A", "email": "a@example.com", "team": "Network"});
    let (agent, _) = post(&memory, "/api/Agent", &agent).unwrap();
    let rule = json!({
        "name": "R", "new_team": "Network",
        "criteria": [
            {"fieldname": "team", "type": "any_of", "value_string": "Network, Other"},
            {"fieldname": "category_1", "type": "equals", "value_string": "Network"},
        ],
        "outcomes": [
            {"fieldname": "team", "value_string": "Network"},
            {"fieldname": "summary", "value_string": "Network"},
        ],
    });
    let (rule, _) = post(&memory, "/api/TicketRules", &rule).unwrap();
    let before = get(&memory, &format!("/api/Tickets/{theirs}"));

    let edit = json!({"id": team["id"], "name": "Networks"});
    let (_, events) = post(&memory, "/api/Team", &edit).unwrap();
    let now = get(&memory, &format!("/api/Tickets/{theirs}"));
    assert_eq!(now["team"], "Networks");
    assert_eq!(now["team_id"], team["id"]);
    assert_eq!(now["last_update"], before["last_update"]);
    assert_eq!(
        get(&memory, &format!("/api/Tickets/{other}"))["team"],
        "Network 2"
    );
    let agent = get(&memory, &format!("/api/Agent/{}", agent["id"]));
    assert_eq!(agent["team"], "Networks");
    let now = get(&memory, &format!("/api/TicketRules/{}", rule["id"]));
    assert_eq!(now["new_team"], "Networks");
    assert_eq!(now["criteria"][0]["value_string"], "Networks, Other");
    assert_eq!(now["criteria"][1]["value_string"], "Network");
    assert_eq!(now["outcomes"][0]["value_string"], "Networks");
    assert_eq!(now["outcomes"][1]["value_string"], "Network");
    // It is told of the team, and no event of the tickets.
    assert_eq!(renamed_in(&events), [("Team", "Network", "Networks")]);
    let is_of_ticket = |event: &DeskEvent| event.ticket_id().is_some();
    assert!(!events.iter().any(is_of_ticket), "{events:?}");

    // Of two categories with a name, both are meant by it; those of other fields are not those of tickets.
    let category = |fields: Value| post(&memory, "/api/Category", &fields).unwrap();
    let first = json!(6);
    assert_eq!(get(&memory, "/api/Category/6")["value"], "Network");
    let (second, _) = category(json!({"value": "network"}));
    let (elsewhere, _) = category(json!({"value": "Network", "type_id": 2}));
    let of_ticket = || get(&memory, &format!("/api/Tickets/{theirs}"))["category_1"].clone();
    for (id, expected) in [
        (&elsewhere["id"], "Network"),
        (&first, "Network"),
        (&second["id"], "Lines"),
    ] {
        let (_, events) = category(json!({"id": id, "value": "Lines"}));
        assert_eq!(of_ticket(), expected, "{id}");
        assert_eq!(renamed_in(&events).is_empty(), expected == "Network");
    }
    let now = get(&memory, &format!("/api/TicketRules/{}", rule["id"]));
    assert_eq!(now["criteria"][1]["value_string"], "Lines");
}

/// The resource, and the former and the new name.
fn renamed_in(events: &[DeskEvent]) -> Vec<(&str, &str, &str)> {
    let renamed = events.iter().filter_map(|event| match event {
        DeskEvent::RecordRenamed { renamed, .. } => Some(renamed),
        _ => None,
    });
    renamed
        .map(|renamed| {
            (
                renamed.resource.as_str(),
                renamed.former.as_str(),
                renamed.name.as_str(),
            )
        })
        .collect()
}

#[test]
fn a_draft_of_a_rule_is_read_again_as_it_was_written() {
    let record = json!({
        "id": 7, "name": "R", "active": true, "precedence": 20, "stopmatching": true, "runs_on": "new",
        "criteria": [
            {"fieldname": "Summary", "type": "Contains", "value_string": "x", "id": 3},
            {"fieldname": "status_id", "type": "any_of", "value_list": [1, 2]},
            {"fieldname": "colour", "type": 4, "value_int": 2},
            {"fieldname": "CFRegion", "type": "has_value"},
        ],
        "new_team": "Network", "new_status_id": 2,
        "outcomes": [
            {"fieldname": "agent_id", "value_string": ""},
            {"fieldname": "CFKind", "value_int": 1},
            {"fieldname": "dateclosed", "value_string": "x"},
        ],
    });
    let record = record.as_object().unwrap();
    let draft = RuleDraft::read(record);
    assert_eq!(draft.problems(), []);
    assert!(draft.never_fits());
    let written = draft.write();
    for name in [
        "criteria",
        "outcomes",
        "new_team",
        "new_status_id",
        "runs_on",
    ] {
        assert_eq!(written[name], record[name], "{name}");
    }
    assert_eq!(written["new_agent_id"], Value::Null);
    assert_eq!(RuleDraft::read(&written), draft);
    let names = |_: &_, id: &str| (id == "2").then(|| "In Progress".to_owned());
    assert_eq!(
        draft.words(names),
        "Summary contains “x”, and Status is one of “1”, “In Progress”, and a condition from elsewhere, and CFRegion has a value: Team becomes “Network”, Status becomes “In Progress”, Agent is emptied, CFKind becomes “1”, an outcome from elsewhere"
    );
}

#[test]
fn the_example_names_nothing_that_a_new_desk_lacks() {
    let memory = Memory::default();
    crate::desk::seed::plant(&memory, 0, false, super::NOW).unwrap();
    rule(&memory, RuleDraft::example(10).write().into());
    let (ticket, _) = ticket(&memory, &json!({"summary": "I forgot my password"}));
    assert_eq!(ticket["team"], get(&memory, "/api/Team/1")["name"]);
    assert_ne!(ticket["team"], Value::Null);
}

#[test]
fn a_draft_is_refused_at_the_rows_that_lack_something() {
    let mut draft = RuleDraft::example(10);
    assert_eq!(draft.problems(), []);
    draft.name = " ".to_owned();
    draft.conditions = [
        Condition::new("summary", Test::Equals, ""),
        Condition::new("status_id", Test::Equals, ""),
        Condition::new("summary", Test::Contains, " "),
        Condition::new("status_id", Test::AnyOf, ""),
        Condition::new("CF", Test::HasValue, ""),
        Condition::new("agent_id", Test::Changed, ""),
    ]
    .map(Part::Chosen)
    .into();
    draft.settings = [
        Setting::new("agent_id", None),
        Setting::new("agent_id", Some("")),
        Setting::new("status_id", Some("")),
    ]
    .map(Part::Chosen)
    .into();
    let problems = draft.problems();
    let places: Vec<&str> = problems.iter().map(|(place, _)| place.as_str()).collect();
    assert_eq!(
        places,
        [
            "name",
            "conditions[1]",
            "conditions[2]",
            "conditions[3]",
            "conditions[4]",
            "settings[0]",
            "settings[2]",
        ]
    );
}

#[test]
fn every_field_that_is_offered_is_one_that_rules_know() {
    for field in crate::desk::rule::fields() {
        for test in field.kind.tests() {
            let mut draft = RuleDraft::new("R", 10);
            let condition = Condition::new(field.name, test, "1");
            draft.conditions = vec![Part::Chosen(condition)];
            if field.can_be_set {
                let setting = Setting::new(field.name, Some("1"));
                draft.settings = vec![Part::Chosen(setting)];
            }
            let written = draft.write();
            assert_eq!(Rule::read(&written).problems(), [], "{}", field.name);
            // The row that it makes is read as the same row.
            assert_eq!(RuleDraft::read(&written).write(), written);
        }
    }
}

#[test]
fn a_rule_that_moves_gives_only_those_numbers_that_change() {
    let rules = [(5, 10), (6, 20), (7, 30)];
    for (from, to, expected) in [
        (0, 1, vec![(6, 10), (5, 20)]),
        (2, 0, vec![(7, 10), (5, 20), (6, 30)]),
        (1, 1, vec![]),
        (3, 0, vec![]),
        (0, 3, vec![]),
    ] {
        assert_eq!(moved(&rules, from, to), expected, "{from} to {to}");
    }
    // What has the same number gets its own.
    assert_eq!(moved(&[(5, 0), (6, 0)], 1, 0), [(6, 10), (5, 20)]);
}
