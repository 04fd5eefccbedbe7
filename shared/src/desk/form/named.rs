//! Lists of things with a name, such as custom fields, as rows of a name and a value.

use serde_json::Value;

use super::text_of;
use crate::desk::record::Record;
use crate::desk::resource::{FieldKind, Resource};

/// Values by their names, as a page edits them, laid over the objects that a field holds. An object whose name is no longer
/// among them loses its value: the desk keeps its objects. Of rows with the same name the later ones are added, so that
/// none takes the place of another while a name is still being typed; [`repeated_names`] keeps that from being sent.
pub fn with_named(list: &Value, key: &str, rows: &[(String, String)]) -> Value {
    let mut list = list.as_array().cloned().unwrap_or_default();
    let mut taken = vec![false; list.len()];
    let mut added = Vec::new();
    for (name, text) in rows.iter().filter(|(name, _)| !name.trim().is_empty()) {
        let name = name.trim();
        let place = list.iter().zip(&taken).position(|(element, taken)| {
            let known = element.get("name").and_then(Value::as_str);
            !taken && known.is_some_and(|known| known.eq_ignore_ascii_case(name))
        });
        let known = place.and_then(|place| {
            taken[place] = true;
            list[place].as_object_mut()
        });
        let mut element = Record::new();
        element.insert("name".to_owned(), name.into());
        let before = known.as_ref().and_then(|known| known.get(key));
        element.insert(key.to_owned(), typed(before.unwrap_or(&Value::Null), text));
        match known {
            // What was not touched keeps its type.
            Some(known)
                if known
                    .get(key)
                    .is_some_and(|before| text_of(before) == *text) => {}
            Some(known) => known.extend(element),
            None => added.push(Value::Object(element)),
        }
    }
    let left = list.iter_mut().zip(taken).filter(|(_, taken)| !taken);
    for element in left.filter_map(|(element, _)| element.as_object_mut()) {
        element.insert(key.to_owned(), Value::Null);
    }
    list.extend(added);
    Value::Array(list)
}

/// A text typed in the place of a value: a number stays a number, and a yes or no the same, where the text is one.
pub fn typed(before: &Value, text: &str) -> Value {
    // What would be read as another number, such as one with more digits than are kept, is kept as it was typed.
    let is_exact = |number: &Value| !number.is_f64() || text.contains(['.', 'e', 'E']);
    match serde_json::from_str::<Value>(text) {
        Ok(number) if before.is_number() && number.is_number() && is_exact(&number) => number,
        Ok(flag) if before.is_boolean() && flag.is_boolean() => flag,
        _ => text.into(),
    }
}

/// The named values of a field, for a page: those without a value are left out.
pub fn named(list: Option<&Value>, key: &str) -> Vec<(String, String)> {
    let list = list
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    list.iter()
        .filter_map(|element| {
            let name = element.get("name")?.as_str()?;
            let value = element.get(key).filter(|value| !value.is_null())?;
            Some((name.to_owned(), text_of(value)))
        })
        .collect()
}

/// The rows, by their numbers from 0, whose name a row above them has: the desk knows no upper and lower case in names.
pub fn repeated<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<(usize, String)> {
    let mut above: Vec<&str> = Vec::new();
    let mut found = Vec::new();
    for (at, name) in names.into_iter().map(str::trim).enumerate() {
        match above.iter().find(|known| known.eq_ignore_ascii_case(name)) {
            Some(known) if !name.is_empty() => {
                found.push((at, format!("There is already a row called {known}")));
            }
            _ => above.push(name),
        }
    }
    found
}

/// Lists of a record that were changed and hold two elements of one name: the desk would keep one of them.
pub fn repeated_names(
    resource: &Resource,
    saved: &Record,
    draft: &Record,
) -> Vec<(&'static str, String)> {
    let lists = resource.fields.iter().filter(|field| {
        field.kind == FieldKind::Named && draft.get(field.name) != saved.get(field.name)
    });
    lists
        .filter_map(|field| {
            let rows = named(draft.get(field.name), "value");
            let (_, sentence) = repeated(rows.iter().map(|(name, _)| name.as_str()))
                .into_iter()
                .next()?;
            Some((field.name, sentence))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::desk::resource::CLIENT;

    fn rows(rows: &[(&str, &str)]) -> Vec<(String, String)> {
        let rows = rows.iter();
        rows.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn a_value_that_was_not_touched_keeps_its_type() {
        let list = json!([{"name": "CFn", "value": 5}]);
        let rows = named(Some(&list), "value");
        assert_eq!(rows, [("CFn".to_owned(), "5".to_owned())]);
        assert_eq!(with_named(&list, "value", &rows), list);
    }

    #[test]
    fn what_is_typed_over_a_number_is_one_where_it_can_be() {
        for (before, text, after) in [
            (json!(5), "6", json!(6)),
            (json!(5), "-6.25", json!(-6.25)),
            (json!(0.5), "1", json!(1)),
            (json!(5), "", json!("")),
            (json!(5), "6 or 7", json!("6 or 7")),
            (json!(5), "007", json!("007")),
            (
                json!(5),
                "123456789012345678901",
                json!("123456789012345678901"),
            ),
            (json!(5), "true", json!("true")),
            (json!("5"), "6", json!("6")),
            (json!(true), "false", json!(false)),
            (json!(true), "no", json!("no")),
            (json!(null), "6", json!("6")),
        ] {
            assert_eq!(typed(&before, text), after, "{before} {text:?}");
            let list = json!([{"name": "CFn", "value": before}]);
            let made = with_named(&list, "value", &rows(&[("CFn", text)]));
            assert_eq!(made, json!([{"name": "CFn", "value": after}]));
        }
    }

    #[test]
    fn a_name_that_begins_like_another_takes_nothing_from_it() {
        let list = json!([{"id": 3, "name": "CFHost", "value": "alpha"}]);
        for (typed, expected) in [
            (
                rows(&[("CFHost", "alpha"), ("CFHos", "")]),
                json!([{"id": 3, "name": "CFHost", "value": "alpha"}, {"name": "CFHos", "value": ""}]),
            ),
            (
                rows(&[("CFHost", "alpha"), ("cfhost ", "")]),
                json!([{"id": 3, "name": "CFHost", "value": "alpha"}, {"name": "cfhost", "value": ""}]),
            ),
            (
                rows(&[("CFHost", "alpha"), ("CFHostBackup", "b")]),
                json!([{"id": 3, "name": "CFHost", "value": "alpha"}, {"name": "CFHostBackup", "value": "b"}]),
            ),
            (
                rows(&[("a", "1"), ("A", "2")]),
                json!([{"id": 3, "name": "CFHost", "value": null}, {"name": "a", "value": "1"}, {"name": "A", "value": "2"}]),
            ),
            (
                rows(&[("cfHOST", "beta"), (" ", "lost")]),
                json!([{"id": 3, "name": "cfHOST", "value": "beta"}]),
            ),
        ] {
            assert_eq!(with_named(&list, "value", &typed), expected, "{typed:?}");
        }
    }

    #[test]
    fn a_repeated_name_is_told_in_its_row() {
        for (names, numbers) in [
            (vec!["a", "b", "c"], vec![]),
            (vec!["CFHost", "CFHostBackup", "cfhost"], vec![2]),
            (vec!["a", "A ", "", "", "a"], vec![1, 4]),
        ] {
            let found = repeated(names.iter().copied()).into_iter();
            let found: Vec<usize> = found.map(|(at, _)| at).collect();
            assert_eq!(found, numbers, "{names:?}");
        }
        let told = repeated(["CFHost", "cfhost"]);
        assert_eq!(told[0].1, "There is already a row called CFHost");
    }

    #[test]
    fn only_a_list_that_was_changed_is_looked_at() {
        let record = |value: Value| value.as_object().unwrap().clone();
        let twice =
            json!({"customfields": [{"name": "a", "value": "1"}, {"name": "A", "value": "2"}]});
        let (saved, twice) = (record(json!({"customfields": []})), record(twice));
        assert_eq!(repeated_names(&CLIENT, &twice, &twice), []);
        let told = repeated_names(&CLIENT, &saved, &twice);
        let sentence = "There is already a row called a".to_owned();
        assert_eq!(told, [("customfields", sentence)]);
    }

    proptest! {
        #[test]
        fn no_row_that_has_a_name_is_lost(
            stored in proptest::collection::vec(("[aAbB]{1,2}", "[x-z]?"), 0..4),
            typed in proptest::collection::vec(("[aAbB]{0,2}", "[x-z]?"), 0..5),
        ) {
            let stored: Vec<Value> = stored
                .iter()
                .map(|(name, value)| json!({ "name": name, "value": value }))
                .collect();
            let made = with_named(&stored.into(), "value", &typed);
            let sorted = |mut rows: Vec<(String, String)>| {
                rows.retain(|(name, _)| !name.is_empty());
                for (name, _) in &mut rows {
                    name.make_ascii_lowercase();
                }
                rows.sort();
                rows
            };
            prop_assert_eq!(sorted(named(Some(&made), "value")), sorted(typed));
        }
    }
}
