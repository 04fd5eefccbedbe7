//! The body of a write: an array of records, or one.

use serde_json::Value;

use super::error::DeskError;
use super::record::Record;
use super::write::sent_id;
use crate::json::{self, Expected, Limits};

/// One request brings at most this many records.
const MOST_RECORDS: usize = 1000;

/// How deep the lists and objects of a record stand in one another at most, the record itself being the first. What is
/// kept of it travels within events, calls and answers, which must stay below the 128 levels that JSON parsers take.
const DEEPEST: usize = 64;

/// The records of a request's body, which is an array of them, or one.
pub(super) fn elements(body: &str) -> Result<Vec<Record>, DeskError> {
    let refused = |problem: String| DeskError::Body { problem };
    let parsed = parsed(body).map_err(|error| {
        if is_too_deep(body) {
            DeskError::TooDeep { most: DEEPEST }
        } else {
            refused(error.to_string())
        }
    })?;
    let elements = match parsed {
        Value::Array(elements) => elements,
        object @ Value::Object(_) => vec![object],
        _ => return Err(refused("it is neither".to_owned())),
    };
    if elements.len() > MOST_RECORDS {
        return Err(DeskError::TooManyRecords { most: MOST_RECORDS });
    }
    let count = elements.len();
    elements
        .into_iter()
        .enumerate()
        .map(|(index, element)| {
            let is_deep = depth(&element) > DEEPEST;
            match element {
                Value::Object(fields) if is_deep => {
                    let id = sent_id(&fields).unwrap_or_default();
                    let error = DeskError::TooDeep { most: DEEPEST };
                    Err(error.of_element(index + 1, count, id))
                }
                Value::Object(fields) => Ok(fields),
                _ => Err(refused(format!("element {} is not a record", index + 1))),
            }
        })
        .collect()
}

/// How many levels of lists and objects a value has. The parser has bounded them.
fn depth(value: &Value) -> usize {
    let within = |deepest: Option<usize>| 1 + deepest.unwrap_or_default();
    match value {
        Value::Array(list) => within(list.iter().map(depth).max()),
        Value::Object(fields) => within(fields.values().map(depth).max()),
        _ => 0,
    }
}

/// Whether a body that could not be read is nested more deeply than one with records in a list may be.
fn is_too_deep(body: &str) -> bool {
    let limits = Limits::with_depth(DEEPEST + 1);
    json::validate(body.as_bytes(), limits)
        .is_err_and(|error| matches!(error.expected(), Expected::LessNesting { .. }))
}

/// Reads JSON as the programs write it that send it.
fn parsed(body: &str) -> serde_json::Result<Value> {
    // Some write files with a byte order mark, and send them as they are.
    let body = body.strip_prefix('\u{feff}').unwrap_or(body);
    serde_json::from_str(body).or_else(|error| match without_lone_surrogates(body) {
        Some(repaired) => serde_json::from_str(&repaired),
        None => Err(error),
    })
}

/// Half of a character of two halves, which some programs leave where they cut a text: it becomes the replacement character.
/// `None` where there is none.
fn without_lone_surrogates(body: &str) -> Option<String> {
    let unit = |at: usize| {
        let digits = body.get(at..)?.strip_prefix("\\u")?.get(..4)?;
        u16::from_str_radix(digits, 16).ok()
    };
    let mut repaired = String::with_capacity(body.len());
    let mut found = false;
    let mut copied = 0;
    let mut at = 0;
    while let Some(escape) = body[at..].find('\\') {
        at += escape;
        let Some(first) = unit(at) else {
            // The character behind the backslash belongs to it; it may be another backslash.
            let rest = body[at + 1..].chars().next();
            at += 1 + rest.map_or(0, char::len_utf8);
            continue;
        };
        let second = unit(at + 6);
        match (first, second) {
            (0xD800..=0xDBFF, Some(0xDC00..=0xDFFF)) => at += 12,
            (0xD800..=0xDFFF, _) => {
                found = true;
                repaired.push_str(&body[copied..at]);
                repaired.push_str("\\ufffd");
                at += 6;
                copied = at;
            }
            _ => at += 6,
        }
    }
    repaired.push_str(&body[copied..]);
    found.then_some(repaired)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn half_a_character_is_no_reason_to_refuse_a_record() {
        for (body, name) in [
            (r#"[{"name": "a\ud83db"}]"#, "a\u{fffd}b"),
            (r#"[{"name": "\udc00\ud83d\ude00"}]"#, "\u{fffd}😀"),
            (r#"[{"name": "\ud83d\ud83d\ude00"}]"#, "\u{fffd}😀"),
            (r#"{"name": "\\ud83d\uD83D"}"#, "\\ud83d\u{fffd}"),
            ("\u{feff}[{\"name\": \"é\\u0041\"}]", "éA"),
        ] {
            let records = elements(body).unwrap();
            assert_eq!(records[0]["name"], name, "{body}");
        }
        for body in [
            "[{\"name\": \"\\ud83d",
            "[{\"name\": \"\\u12\"}]",
            "\\",
            "[\\ud83d]",
        ] {
            assert!(elements(body).is_err(), "{body}");
        }
    }

    #[test]
    fn what_is_nested_too_deeply_is_refused_by_name() {
        let within = |levels: usize| format!("{}1{}", "{\"a\":".repeat(levels), "}".repeat(levels));
        // One level is the record itself.
        let record = |levels: usize| format!("{{\"id\": 7, \"z\": {}}}", within(levels - 1));
        assert_eq!(elements(&record(64)).unwrap().len(), 1);
        assert_eq!(
            elements(&format!("[{},{}]", record(1), record(64)))
                .unwrap()
                .len(),
            2
        );
        let sentence = "A record may hold lists and objects within one another up to 64 levels deep: send what is deeper as text";
        for (body, expected) in [
            (record(65), sentence.to_owned()),
            (format!("[{}]", record(65)), sentence.to_owned()),
            (
                format!("[{}, {}, {}]", record(1), record(100), record(1)),
                format!("Record 2 of 3 (id 7): {sentence}"),
            ),
            (record(128), sentence.to_owned()),
            (record(100_000), sentence.to_owned()),
            (
                format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)),
                sentence.to_owned(),
            ),
        ] {
            let error = elements(&body).unwrap_err();
            let start: String = body.chars().take(60).collect();
            assert_eq!(
                (error.status(), error.to_string()),
                (400, expected),
                "{start}"
            );
        }
    }

    proptest! {
        #[test]
        fn nothing_that_is_sent_breaks_it(body in r#"[\[{"a\\ud8c0-9é}\]: ]{0,40}"#) {
            let _ = elements(&body);
        }

        #[test]
        fn what_is_whole_stays(text in ".{0,40}") {
            let body = Value::Array(vec![serde_json::json!({ "name": text })]).to_string();
            prop_assert_eq!(without_lone_surrogates(&body), None);
            prop_assert_eq!(&elements(&body).unwrap()[0]["name"], &Value::String(text));
        }
    }
}
