//! Conditions in words.

use shared::condition::{Operator, Row, Term, When};

/// What decides, in one line.
pub(super) fn condition_line(when: &When) -> String {
    let (rows, word) = match when {
        When::All(rows) => (rows, "and"),
        When::Any(rows) => (rows, "or"),
    };
    match rows.as_slice() {
        [] => "Always met".to_owned(),
        [Term::Row(row)] => row_line(row),
        [Term::Row(row), rest @ ..] => {
            format!("{} {word} {} more", row_line(row), rest.len())
        }
        [Term::Group(_), ..] => format!("{} groups", rows.len()),
    }
}

fn row_line(row: &Row) -> String {
    let operator = operator_name(row.op);
    let left = row.left.trim_start_matches("<<").trim_end_matches(">>");
    match row.op {
        Operator::HasValue | Operator::HasNoValue => format!("{left} {operator}"),
        _ => format!("{left} {operator} {}", row.right),
    }
}

/// An operator in words.
pub fn operator_name(operator: Operator) -> &'static str {
    match operator {
        Operator::Equals => "equals",
        Operator::NotEquals => "does not equal",
        Operator::Contains => "contains",
        Operator::NotContains => "does not contain",
        Operator::Greater => "is greater than",
        Operator::GreaterOrEqual => "is greater than or equal to",
        Operator::Less => "is less than",
        Operator::LessOrEqual => "is less than or equal to",
        Operator::Includes => "includes",
        Operator::NotIncludes => "does not include",
        Operator::HasValue => "has a value",
        Operator::HasNoValue => "has no value",
        Operator::StartsWith => "starts with",
        Operator::EndsWith => "ends with",
        Operator::Matches => "matches",
    }
}
