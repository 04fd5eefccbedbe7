//! Sample values as people type them: JSON where it is JSON, else text.

use serde_json::{Map, Value};

use crate::json::{self, InvalidJson, Limits};
use crate::model::RawJson;
use crate::output::{Operand, Operator, OutputPath, Segment};

/// What a typed text stands for.
#[derive(Debug, Clone, PartialEq)]
pub enum Sample {
    /// Nothing was typed. An empty text is typed as `""`.
    Missing,
    /// It is JSON.
    Json(RawJson),
    /// It is not, so it is the text itself; with the reason where it begins like JSON.
    Text(String, Option<InvalidJson>),
}

impl Sample {
    /// The value to send, if there is one.
    pub fn value(self) -> Option<RawJson> {
        match self {
            Self::Missing => None,
            Self::Json(value) => Some(value),
            Self::Text(text, _) => Some(RawJson::of_text(&text)),
        }
    }
}

/// Reads what was typed as a sample.
pub fn read_sample(typed: &str) -> Sample {
    let text = typed.trim();
    if text.is_empty() {
        return Sample::Missing;
    }
    let read = json::validate(text.as_bytes(), Limits::default());
    match read.and_then(RawJson::parse) {
        Ok(value) => Sample::Json(value),
        Err(invalid) => {
            let begins_like_json = text.starts_with(['{', '[', '"']);
            Sample::Text(typed.to_owned(), begins_like_json.then_some(invalid))
        }
    }
}

/// A JSON text with something at each of the paths, to be filled in by hand; empty where
/// the variable is used as a whole.
pub fn skeleton(paths: &[OutputPath]) -> String {
    let mut whole = Value::Null;
    // A value that is nested without end could not even be dropped.
    for path in paths.iter().filter(|path| !path.is_bottomless()) {
        let mut place = &mut whole;
        for segment in path.segments() {
            place = match segment {
                Segment::Child(name) => member(place, name),
                Segment::Index(_) | Segment::FromEnd(_) => element(place),
                Segment::First(tests) | Segment::Each(tests) => {
                    let element = element(place);
                    for test in tests.iter().filter(|t| t.operator() == Operator::Equal) {
                        let property = test
                            .property()
                            .fold(&mut *element, |at, name| member(at, name));
                        *property = operand(test.operand());
                    }
                    element
                }
            };
        }
        if place.is_null() {
            *place = Value::String(String::new());
        }
    }
    match whole {
        Value::Object(_) | Value::Array(_) => serde_json::to_string(&whole).unwrap_or_default(),
        _ => String::new(),
    }
}

fn operand(operand: &Operand) -> Value {
    let text = Value::String(operand.text().to_owned());
    match operand {
        Operand::Bare(bare) => serde_json::from_str(bare).unwrap_or(text),
        Operand::Quoted(_) => text,
    }
}

/// The member of that name, made where it is not there.
fn member<'v>(value: &'v mut Value, name: &str) -> &'v mut Value {
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    &mut value[name]
}

/// The first element, made where it is not there.
fn element(value: &mut Value) -> &mut Value {
    if !value.is_array() {
        *value = Value::Array(vec![Value::Null]);
    }
    &mut value[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_json_and_anything_else_is_text() {
        let cases = [
            ("", None, false),
            ("  ", None, false),
            ("\"\"", Some(r#""""#), false),
            (" 0.10 ", Some("0.10"), false),
            ("42", Some("42"), false),
            ("true", Some("true"), false),
            ("null", Some("null"), false),
            ("{\"id\": 7}", Some("{\"id\": 7}"), false),
            ("Hello there", Some(r#""Hello there""#), false),
            ("[draft", Some(r#""[draft""#), true),
            ("{\"id\": 7,}", Some(r#""{\"id\": 7,}""#), true),
            ("007", Some(r#""007""#), false),
        ];
        for (typed, expected, warned) in cases {
            let sample = read_sample(typed);
            assert_eq!(
                matches!(sample, Sample::Text(_, Some(_))),
                warned,
                "{typed}"
            );
            let value = sample.value();
            assert_eq!(value.as_ref().map(RawJson::as_str), expected, "{typed}");
        }
    }

    #[test]
    fn a_path_without_end_has_no_skeleton() {
        let endless = format!("ticket{}", "^a[0]".repeat(50_000));
        let path = OutputPath::parse_from("ticket", &endless).unwrap();
        assert_eq!(skeleton(&[path]), "");
    }

    #[test]
    fn a_skeleton_has_something_at_every_path() {
        let cases: [(&[&str], &str); 5] = [
            (&["ticket"], ""),
            (
                &["ticket^id", "ticket^status^name"],
                r#"{"id":"","status":{"name":""}}"#,
            ),
            (
                &["ticket^rows[0]^name", "ticket^rows[-1]^id"],
                r#"{"rows":[{"id":"","name":""}]}"#,
            ),
            (
                &["ticket^fields[id=7]^value"],
                r#"{"fields":[{"id":7,"value":""}]}"#,
            ),
            (&["ticket^id", "ticket^id^more"], r#"{"id":{"more":""}}"#),
        ];
        for (paths, expected) in cases {
            let paths: Vec<OutputPath> = paths
                .iter()
                .map(|path| OutputPath::parse_from("ticket", path).unwrap())
                .collect();
            let made = skeleton(&paths);
            assert_eq!(made, expected);
            for path in paths.iter().filter(|_| !made.is_empty()) {
                assert!(path.extract(made.as_bytes()).is_ok(), "{path} in {made}");
            }
        }
    }
}
