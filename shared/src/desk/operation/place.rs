//! Where a key stands in an action's JSON, or would stand: the text keeps the shape that somebody gave it.

use std::ops::Range;

use serde_json::Value;

use crate::template::{Context, Template, UNKNOWN};

/// Where a key is in an action's JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyPlace {
    /// Its last record has the key: that is the one that [`put`] writes to. While the JSON cannot be read, a key that
    /// stands anywhere in it counts.
    Held,
    /// It can be put in.
    Free,
    /// The last record comes as a whole from a token.
    Unseen,
    /// The JSON cannot be read, or holds no record to put it in.
    Nowhere,
}

/// Where a key is; case does not count.
pub fn place_of(body: &str, key: &str) -> KeyPlace {
    if is_empty(body) {
        return KeyPlace::Free;
    }
    let Some(outline) = outline(body) else {
        return if body.contains(&format!("\"{key}\"")) {
            KeyPlace::Held
        } else {
            KeyPlace::Nowhere
        };
    };
    match last_record(&outline) {
        Some(Value::String(text)) if text.contains(UNKNOWN) => KeyPlace::Unseen,
        Some(Value::Object(record)) if record.keys().any(|held| held.eq_ignore_ascii_case(key)) => {
            KeyPlace::Held
        }
        Some(Value::Object(_)) => KeyPlace::Free,
        _ => KeyPlace::Nowhere,
    }
}

/// Gives a key this JSON in the last record, whether it has the key already or not; `None` where there is no place for it.
pub fn put(body: &str, key: &str, value: &str) -> Option<String> {
    if is_empty(body) {
        return Some(format!("[\n  {{\n    \"{key}\": {value}\n  }}\n]"));
    }
    outline(body)?;
    match place_of(body, key) {
        KeyPlace::Held => {
            let held = value_of(body, key)?;
            Some(format!(
                "{}{value}{}",
                &body[..held.start],
                &body[held.end..]
            ))
        }
        KeyPlace::Free => add(body, key, value),
        KeyPlace::Unseen | KeyPlace::Nowhere => None,
    }
}

/// The id that the last record of an action's JSON names, where that is no token.
pub fn id_in(body: &str) -> Option<u64> {
    let outline = outline(body)?;
    crate::desk::record::read_id(last_record(&outline)?.get("id")?).ok()?
}

fn is_empty(body: &str) -> bool {
    let mut letters = body.chars().filter(|letter| !letter.is_whitespace());
    match letters.next() {
        None => true,
        Some('[') => letters.next() == Some(']') && letters.next().is_none(),
        Some(_) => false,
    }
}

fn outline(body: &str) -> Option<Value> {
    let template = Template::parse(body, Context::Json).ok()?;
    template.json_outline()
}

fn last_record(outline: &Value) -> Option<&Value> {
    match outline {
        Value::Array(records) => records.last(),
        record => Some(record),
    }
}

/// Adds a key behind those of the last record.
fn add(body: &str, key: &str, value: &str) -> Option<String> {
    let field = format!("\"{key}\": {value}");
    let end = body.rfind('}')?;
    let (before, after) = body.split_at(end);
    let held = before.trim_end();
    let space = &before[held.len()..];
    let separator = match held.chars().next_back()? {
        '{' | ',' => "",
        _ => ",",
    };
    // As the other fields stand: on lines of their own, or on one.
    let gap = if space.contains('\n') {
        format!("{space}  ")
    } else if separator.is_empty() {
        String::new()
    } else {
        " ".to_owned()
    };
    Some(format!("{held}{separator}{gap}{field}{space}{after}"))
}

/// Where the value of a key stands in the last record. The JSON must be readable.
fn value_of(body: &str, key: &str) -> Option<Range<usize>> {
    // Records are elements of the list, or there is one without a list.
    let own_depth = if body.trim_start().starts_with('[') {
        2
    } else {
        1
    };
    let bytes = body.as_bytes();
    let mut found = None;
    let mut depth = 0;
    // Where the value of the key began, once its name was read.
    let mut begun: Option<usize> = None;
    let mut wants_name = false;
    let mut at = 0;
    while at < bytes.len() {
        let rest = &body[at..];
        if rest.starts_with("<<") {
            at += rest.find(">>").map_or(rest.len(), |end| end + 2);
            continue;
        }
        match bytes[at] {
            b'"' => {
                let end = at + string_end(rest);
                if depth == own_depth && wants_name {
                    wants_name = false;
                    let name = body.get(at + 1..end - 1).unwrap_or_default();
                    if name.eq_ignore_ascii_case(key) {
                        let colon = end + body[end..].find(':')? + 1;
                        let space = body[colon..].len() - body[colon..].trim_start().len();
                        begun = Some(colon + space);
                        at = colon + space;
                        continue;
                    }
                }
                at = end;
                continue;
            }
            b'{' | b'[' => {
                depth += 1;
                if depth == own_depth {
                    // Another record: what an earlier one has does not count.
                    found = None;
                    wants_name = true;
                }
            }
            closing @ (b'}' | b']' | b',') => {
                if depth == own_depth {
                    if let Some(start) = begun.take() {
                        let end = start + body[start..at].trim_end().len();
                        found = Some(start..end);
                    }
                    wants_name = closing == b',';
                }
                if closing != b',' {
                    depth -= 1;
                }
            }
            _ => {}
        }
        at += 1;
        while !body.is_char_boundary(at) {
            at += 1;
        }
    }
    found
}

/// How long the string is that a text begins with, both quotes and the tokens in it included.
fn string_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => return at + 1,
            b'\\' => at += 2,
            b'<' if bytes.get(at + 1) == Some(&b'<') => {
                let token = text.get(at..).unwrap_or_default();
                at += token.find(">>").map_or(token.len(), |end| end + 2);
            }
            _ => at += 1,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_key_is_put_in_as_the_others_stand() {
        for (body, expected) in [
            ("", "[\n  {\n    \"website\": \"x\"\n  }\n]"),
            (" [ ] ", "[\n  {\n    \"website\": \"x\"\n  }\n]"),
            ("[{}]", "[{\"website\": \"x\"}]"),
            ("{}", "{\"website\": \"x\"}"),
            ("[{\"id\": 1}]", "[{\"id\": 1, \"website\": \"x\"}]"),
            (
                "[\n  {\n    \"id\": 1\n  }\n]",
                "[\n  {\n    \"id\": 1,\n    \"website\": \"x\"\n  }\n]",
            ),
            ("[{\"website\": \"\"}]", "[{\"website\": \"x\"}]"),
            (
                "[{\"Website\" : <<a^b[c=\"}\"]>> , \"id\": 2}]",
                "[{\"Website\" : \"x\" , \"id\": 2}]",
            ),
            (
                "[{\"website\": 1}, {\"a\": {\"website\": 2}, \"website\": [1, {\"b\": \"},\\\"\"}]}]",
                "[{\"website\": 1}, {\"a\": {\"website\": 2}, \"website\": \"x\"}]",
            ),
            (
                "[{\"website\": 1}, {\"id\": \"é <<x>>\"}]",
                "[{\"website\": 1}, {\"id\": \"é <<x>>\", \"website\": \"x\"}]",
            ),
        ] {
            assert_eq!(
                put(body, "website", "\"x\"").as_deref(),
                Some(expected),
                "{body}"
            );
        }
        for body in [
            "[",
            "[{\"name\":\"x\"",
            "[{\"website\": }]",
            "<<request>>",
            "[5]",
        ] {
            assert_eq!(put(body, "website", "1"), None, "{body}");
        }
    }

    #[test]
    fn it_is_said_where_a_key_is() {
        use KeyPlace::{Free, Held, Nowhere, Unseen};
        for (body, expected) in [
            ("", Free),
            ("[]", Free),
            ("[{}]", Free),
            ("[{\"website\": \"\"}]", Held),
            (
                "[{\"id\": 2}, {\"id\": <<ticket^id>>, \"Website\": \"<<a>>\"}]",
                Held,
            ),
            ("[{\"website\": \"\"}, {\"id\": 2}]", Free),
            ("[{\"website\": }]", Held),
            ("[{\"name\":\"x\"", Nowhere),
            ("[1]", Nowhere),
            ("<<request>>", Unseen),
            ("[<<Record>>]", Unseen),
            ("[{\"id\": 1}, <<Record>>]", Unseen),
        ] {
            assert_eq!(place_of(body, "website"), expected, "{body}");
        }
        assert_eq!(id_in("[{\"id\": \"4\", \"x\": <<y>>}]"), Some(4));
        assert_eq!(id_in("[{\"id\": <<Table id>>}]"), None);
    }

    proptest! {
        #[test]
        fn what_was_put_in_is_there_and_nothing_else_has_changed(
            texts in proptest::collection::btree_map("[a-d]{1,2}", "[ -~é]{0,6}", 0..4),
            key in "[a-d]{1,2}",
            number in 0..9_u64,
        ) {
            let texts = texts.into_iter().filter(|(_, text)| !text.contains("<<"));
            let record: serde_json::Map<_, _> = texts.map(|(name, text)| (name, Value::from(text))).collect();
            let body = Value::Array(vec![Value::Object(record.clone())]).to_string();
            let changed = put(&body, &key, &number.to_string()).unwrap();
            let mut expected = record;
            expected.insert(key, number.into());
            let read: Value = serde_json::from_str(&changed).unwrap();
            prop_assert_eq!(read, Value::Array(vec![Value::Object(expected)]));
        }
    }
}
