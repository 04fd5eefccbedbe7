//! `advanced_search`: conditions as a JSON array in the address, each
//! `{"filter_name": …, "filter_type": 2, "filter_value": …}`.

use serde_json::Value;

use super::Condition;
use crate::desk::error::DeskError;
use crate::desk::instant;
use crate::desk::record::{self, LARGEST_INTEGER};
use crate::desk::resource::{FieldKind, Resource};

/// Halo's number for "equals". Its other numbers are written down nowhere, and a condition that is passed over
/// would answer with records that were not asked for.
const EQUALS: u64 = 2;

/// One request brings at most so many: a statement binds 100 values.
const MOST: usize = 8;

/// The conditions that a record must fulfil, all of them. A field that the desk does not know is looked up among what
/// clients keep in fields of their own.
pub(super) fn conditions(
    resource: &'static Resource,
    text: &str,
) -> Result<Vec<Condition>, DeskError> {
    let filters: Value = serde_json::from_str(text).map_err(|error| invalid(&error.to_string()))?;
    let filters = filters
        .as_array()
        .ok_or_else(|| invalid("it must be a list of filters"))?;
    if filters.len() > MOST {
        return Err(invalid(&format!("send at most {MOST} filters")));
    }
    filters
        .iter()
        .map(|filter| condition(resource, filter))
        .collect()
}

fn condition(resource: &'static Resource, filter: &Value) -> Result<Condition, DeskError> {
    let name = filter["filter_name"]
        .as_str()
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .ok_or_else(|| invalid("a filter has no filter_name"))?;
    if record::read_id(&filter["filter_type"]) != Ok(Some(EQUALS)) {
        return Err(invalid(&format!(
            "the filter_type of {name} must be {EQUALS}, which is equals"
        )));
    }
    let value = match &filter["filter_value"] {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        // As a truth is kept.
        Value::Bool(flag) => u8::from(*flag).to_string(),
        _ => return Err(invalid(&format!("{name} has no filter_value"))),
    };
    let misfit = |expected: &str| invalid(&format!("{name} must be {expected}"));
    let id = || {
        let id = value.parse().ok().filter(|id| *id <= LARGEST_INTEGER);
        id.ok_or_else(|| misfit("a whole number"))
    };
    if name.eq_ignore_ascii_case("id") {
        return Ok(Condition::OneOf("id", vec![id()?]));
    }
    let Some(field) = resource.field(name) else {
        return Ok(Condition::Other(name.to_owned(), value));
    };
    Ok(match field.kind {
        FieldKind::Line | FieldKind::Text | FieldKind::Html => Condition::Text(field.name, value),
        FieldKind::Integer | FieldKind::Reference(_) => Condition::OneOf(field.name, vec![id()?]),
        FieldKind::Boolean => {
            let flag = record::flag(&value).ok_or_else(|| misfit(field.kind.expected()))?;
            Condition::OneOf(field.name, vec![u64::from(flag)])
        }
        FieldKind::Instant => {
            let moment = instant::read(&value).ok_or_else(|| misfit(field.kind.expected()))?;
            Condition::Text(field.name, moment)
        }
        FieldKind::Decimal | FieldKind::Objects | FieldKind::Named => {
            return Err(invalid(&format!("{name} cannot be searched for")));
        }
    })
}

fn invalid(problem: &str) -> DeskError {
    DeskError::AdvancedSearch {
        problem: problem.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::resource::{TICKET, USER};

    #[test]
    fn filters_are_read_or_refused_in_halos_words() {
        let other = |name: &str, value: &str| Condition::Other(name.to_owned(), value.to_owned());
        for (text, expected) in [
            (
                r#"[{"filter_name":"azureoid","filter_type":2,"filter_value":"9f1e"}]"#,
                Ok(vec![other("azureoid", "9f1e")]),
            ),
            (
                r#"[{"filter_name":"EmailAddress","filter_type":"2","filter_value":"a@b.example"},
                    {"filter_name":"inactive","filter_type":2,"filter_value":false},
                    {"filter_name":"site_id","filter_type":2,"filter_value":"3"},
                    {"filter_name":"id","filter_type":2,"filter_value":7}]"#,
                Ok(vec![
                    Condition::Text("emailaddress", "a@b.example".to_owned()),
                    Condition::OneOf("inactive", vec![0]),
                    Condition::OneOf("site_id", vec![3]),
                    Condition::OneOf("id", vec![7]),
                ]),
            ),
            ("[]", Ok(vec![])),
            ("x", Err("expected value at line 1 column 1")),
            ("{}", Err("it must be a list of filters")),
            (r#"[{"filter_type":2}]"#, Err("a filter has no filter_name")),
            (
                r#"[{"filter_name":"name","filter_type":1,"filter_value":"x"}]"#,
                Err("the filter_type of name must be 2, which is equals"),
            ),
            (
                r#"[{"filter_name":"name","filter_type":2}]"#,
                Err("name has no filter_value"),
            ),
            (
                r#"[{"filter_name":"site_id","filter_type":2,"filter_value":"x"}]"#,
                Err("site_id must be a whole number"),
            ),
            (
                r#"[{"filter_name":"customfields","filter_type":2,"filter_value":"x"}]"#,
                Err("customfields cannot be searched for"),
            ),
        ] {
            let read = conditions(&USER, text).map_err(|error| error.to_string());
            let expected =
                expected.map_err(|why| format!("Invalid advanced search parameter: {why}"));
            assert_eq!(read, expected, "{text}");
        }
        let many = [r#"{"filter_name":"x","filter_type":2,"filter_value":1}"#; MOST + 1];
        assert!(conditions(&TICKET, &format!("[{}]", many.join(","))).is_err());
    }
}
