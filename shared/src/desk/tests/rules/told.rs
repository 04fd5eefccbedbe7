//! What is said of rules: what each did, which can never work, and what a trial shows.

use super::*;

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
            html: &Wiped,
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

/// Has all rules, and a draft in the place of its stored self, tried on a ticket.
fn try_out(memory: &Memory, ticket: &Value, as_new: bool, rule: Option<Value>) -> RuleTrial {
    let access = crate::desk::Access::of(&admin(), None, memory).unwrap();
    let desk = crate::desk::Desk {
        records: memory,
        html: &Wiped,
        access: &access,
        now: NOW,
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
