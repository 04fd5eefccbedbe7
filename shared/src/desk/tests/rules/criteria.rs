//! What criteria compare, and how.

use super::*;

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
