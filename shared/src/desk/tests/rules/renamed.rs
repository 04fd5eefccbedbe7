//! Rules and tickets follow what gets another name.

use super::*;

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
