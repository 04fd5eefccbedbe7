//! The body of a write: an array of records, or one.

use serde_json::Value;

use super::error::DeskError;
use super::record::Record;

/// One request brings at most this many records.
const MOST_RECORDS: usize = 1000;

/// The records of a request's body, which is an array of them, or one.
pub(super) fn elements(body: &str) -> Result<Vec<Record>, DeskError> {
    let refused = |problem: String| DeskError::Body { problem };
    let elements = match parsed(body).map_err(|e| refused(e.to_string()))? {
        Value::Array(elements) => elements,
        object @ Value::Object(_) => vec![object],
        _ => return Err(refused("it is neither".to_owned())),
    };
    if elements.len() > MOST_RECORDS {
        return Err(DeskError::TooManyRecords { most: MOST_RECORDS });
    }
    elements
        .into_iter()
        .enumerate()
        .map(|(index, element)| match element {
            Value::Object(fields) => Ok(fields),
            _ => Err(refused(format!("element {} is not a record", index + 1))),
        })
        .collect()
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
