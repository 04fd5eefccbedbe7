//! Rules as they are edited.

use super::*;

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
    crate::desk::seed::plant(&memory, 0, false, NOW).unwrap();
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
