//! A record on a form: what of it can be edited, what is wrong with it before it is sent, and
//! what has to be sent.

mod follow;
mod format;
mod formatting;
mod named;
mod words;

pub use follow::followed;
pub use format::{misspellings, misspelt};
pub use formatting::{Formatting, formatting, html_of};
pub use named::{named, repeated, repeated_names, typed, with_named};
pub use words::in_words;

use serde_json::Value;

use super::record::{self, Record};
use super::resource::{ASSET, ASSET_OF_NOBODY, Field, FieldKind, Resource, TICKET, USER};

/// The fields of a record that people edit, each in the form in which a field on a page holds it.
pub fn editable(resource: &Resource, shown: &Record) -> Record {
    resource
        .fields
        .iter()
        .filter(|field| !field.computed)
        .map(|field| {
            let value = match (field.kind, shown.get(field.name)) {
                (_, Some(value)) if !value.is_null() => value.clone(),
                (FieldKind::Line | FieldKind::Text | FieldKind::Html, _) => "".into(),
                (FieldKind::Decimal, _) => Value::Null,
                (kind, _) => kind.unset(),
            };
            (field.name.to_owned(), value)
        })
        .collect()
}

/// What has to be sent so that `saved` becomes `draft`.
pub fn changes(resource: &Resource, saved: &Record, draft: &Record) -> Record {
    let mut changes = Record::new();
    for (name, value) in draft {
        let before = saved.get(name);
        if before == Some(value) {
            continue;
        }
        let named = resource
            .field(name)
            .is_some_and(|field| field.kind == FieldKind::Named);
        let sent = match (named, value, before) {
            // The desk lays these over what it has, so that whoever changes another one meanwhile loses nothing.
            (true, Value::Array(now), Some(Value::Array(before))) => now
                .iter()
                .filter(|element| !before.contains(element))
                .cloned()
                .collect(),
            _ => value.clone(),
        };
        changes.insert(name.clone(), sent);
    }
    changes
}

/// Whether what `draft` changes of `saved` was changed otherwise meanwhile: `now` is what the desk holds. Lists whose
/// elements have names are laid over one another, so they are compared element by element.
pub fn was_overtaken(resource: &Resource, saved: &Record, draft: &Record, now: &Record) -> bool {
    let elements = |record: &Record, name: &str| match record.get(name) {
        Some(Value::Array(elements)) => elements.clone(),
        _ => Vec::new(),
    };
    let name_of = |element: &Value| element.get("name").or(element.get("id")).cloned();
    changes(resource, saved, draft).iter().any(|(name, sent)| {
        let named = resource
            .field(name)
            .is_some_and(|field| field.kind == FieldKind::Named);
        if let (true, Value::Array(sent)) = (named, sent) {
            let find = |record: &Record, element: &Value| {
                let mut all = elements(record, name).into_iter();
                all.find(|other| name_of(other) == name_of(element))
            };
            return sent.iter().any(|element| {
                let now = find(now, element);
                now != find(saved, element) && now.as_ref() != Some(element)
            });
        }
        now.get(name) != saved.get(name) && now.get(name) != draft.get(name)
    })
}

/// What a new record is sent as: without what is empty.
pub fn filled_in(draft: &Record) -> Record {
    draft
        .iter()
        .filter(|(_, value)| !is_empty(value) && **value != Value::Bool(false))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// What stands beside a field's label where a record cannot do without it; where other fields can take its place, that
/// names them.
pub fn needed(resource: &Resource, field: &Field) -> Option<&'static str> {
    let is = |of: &Resource, name: &str| resource == of && field.name == name;
    if is(&USER, "name") {
        Some("required: this or the names below")
    } else if is(&ASSET, "client_id") {
        Some("required: this or the next")
    } else if is(&ASSET, "site_id") {
        Some("required: this or the one above")
    } else {
        let may_be_empty = follows(resource, field.name, &Record::new());
        (field.required.is_some() && !may_be_empty).then_some("required")
    }
}

/// What is wrong with a record before it is sent: a field, and a sentence in the words of the pages.
pub fn check(resource: &Resource, draft: &Record) -> Vec<(&'static str, String)> {
    let mut problems = Vec::new();
    for field in resource.fields.iter().filter(|field| !field.computed) {
        let value = draft.get(field.name).unwrap_or(&Value::Null);
        if let Some(sentence) = field.required
            && is_empty(value)
            && !follows(resource, field.name, draft)
        {
            problems.push((field.name, sentence.to_owned()));
        } else if !is_empty(value)
            && let Err(refused) = record::read(field, value)
        {
            problems.push((field.name, refused.to_string()));
        }
    }
    if *resource == ASSET
        && ["client_id", "site_id"]
            .iter()
            .all(|name| unset(draft, name))
    {
        problems.push(("client_id", ASSET_OF_NOBODY.to_owned()));
    }
    for (_, sentence) in &mut problems {
        *sentence = in_words(sentence);
    }
    problems
}

/// The field that a refusal of the desk is about, where its sentence tells.
pub fn place(resource: &Resource, refusal: &str) -> Option<&'static str> {
    if *resource == ASSET && refusal == ASSET_OF_NOBODY {
        return Some("client_id");
    }
    resource
        .fields
        .iter()
        .find(|field| {
            let of_it = |rest: &str| rest.starts_with(':') || rest.starts_with(" must ");
            field.required == Some(refusal)
                || field.unique == Some(refusal)
                || refusal.strip_prefix(field.name).is_some_and(of_it)
        })
        .map(|field| field.name)
}

/// A value as the text that a field shows.
pub fn text_of(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Whether the desk fills the field in by itself.
pub(super) fn follows(resource: &Resource, field: &str, draft: &Record) -> bool {
    let is = |of: &Resource, name: &str| resource == of && field == name;
    is(&TICKET, "status_id")
        || (is(&USER, "name")
            && ["firstname", "surname"]
                .iter()
                .any(|name| !unset(draft, name)))
}

pub(super) fn unset(record: &Record, name: &str) -> bool {
    record.get(name).is_none_or(is_empty)
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::desk::resource::{CLIENT, LOOKUP, SITE};

    fn record(value: &Value) -> Record {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn only_what_changed_is_sent() {
        let saved = editable(
            &CLIENT,
            &record(&json!({
                "id": 4, "name": "A", "notes": null, "inactive": false, "client_name": "shown only",
                "customfields": [{"id": 1, "name": "CFa", "value": "1"}, {"name": "CFb", "value": "2"}],
            })),
        );
        assert_eq!(saved["notes"], "");
        assert!(!saved.contains_key("client_name"));
        let mut draft = saved.clone();
        assert_eq!(changes(&CLIENT, &saved, &draft), Record::new());
        draft.insert("name".to_owned(), "B".into());
        let rows = [
            ("cfa".to_owned(), "3".to_owned()),
            ("CFc".to_owned(), "x".to_owned()),
        ];
        draft.insert(
            "customfields".to_owned(),
            with_named(&saved["customfields"], "value", &rows),
        );
        assert_eq!(
            Value::Object(changes(&CLIENT, &saved, &draft)),
            json!({
                "name": "B",
                "customfields": [
                    {"id": 1, "name": "cfa", "value": "3"},
                    {"name": "CFb", "value": null},
                    {"name": "CFc", "value": "x"},
                ],
            })
        );
    }

    #[test]
    fn what_is_missing_or_of_another_type_is_said_before_it_is_sent() {
        for (resource, draft, fields) in [
            (&CLIENT, json!({"name": " "}), vec!["name"]),
            (
                &CLIENT,
                json!({"name": "A", "toplevel_id": "x"}),
                vec!["toplevel_id"],
            ),
            (&SITE, json!({"name": "A"}), vec!["client_id"]),
            (&USER, json!({"firstname": "A", "site_id": 1}), vec![]),
            (&USER, json!({"site_id": 1}), vec!["name"]),
            (&ASSET, json!({"assettype_id": 1}), vec!["client_id"]),
            (&ASSET, json!({"assettype_id": 1, "site_id": 2}), vec![]),
            (&TICKET, json!({"summary": "a", "tickettype_id": 1}), vec![]),
            (&LOOKUP, json!({"name": "a", "lookupid": "5"}), vec![]),
        ] {
            let found: Vec<_> = check(resource, &record(&draft))
                .into_iter()
                .map(|(field, _)| field)
                .collect();
            assert_eq!(found, fields, "{resource:?} {draft}");
        }
    }

    #[test]
    fn only_what_a_record_cannot_do_without_is_marked() {
        for (resource, name, mark) in [
            (&CLIENT, "name", Some("required")),
            (&CLIENT, "website", None),
            (&USER, "name", Some("required: this or the names below")),
            (&USER, "firstname", None),
            (&USER, "site_id", Some("required")),
            (&ASSET, "client_id", Some("required: this or the next")),
            (&ASSET, "site_id", Some("required: this or the one above")),
            (&TICKET, "summary", Some("required")),
            (&TICKET, "status_id", None),
        ] {
            let field = resource.field(name).unwrap();
            assert_eq!(needed(resource, field), mark, "{resource:?} {name}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_in_the_words_of_the_page() {
        for (resource, draft, sentence) in [
            (
                &CLIENT,
                json!({}),
                "A Name must be entered for this Customer",
            ),
            (
                &SITE,
                json!({"name": "A"}),
                "A Customer must be chosen for this Site",
            ),
            (
                &ASSET,
                json!({"assettype_id": 1}),
                "A Customer or a Site must be chosen for this Asset",
            ),
            (
                &CLIENT,
                json!({"name": "A", "toplevel_id": "x"}),
                "Top level must be a whole number",
            ),
        ] {
            let problems = check(resource, &record(&draft));
            assert_eq!(problems[0].1, sentence);
        }
    }

    #[test]
    fn what_somebody_else_changed_meanwhile_is_noticed() {
        let saved = json!({"name": "A", "notes": "x", "customfields": [{"name": "CFa", "value": "1"}, {"name": "CFb", "value": "2"}]});
        let with = |changed: Value| {
            let mut record = record(&saved);
            record.extend(changed.as_object().unwrap().clone());
            record
        };
        let fields = |a: &str, b: &str| json!({"customfields": [{"name": "CFa", "value": a}, {"name": "CFb", "value": b}]});
        for (mine, theirs, expected) in [
            (json!({}), json!({"name": "B"}), false),
            (json!({"name": "C"}), json!({}), false),
            (json!({"name": "C"}), json!({"notes": "y"}), false),
            (json!({"name": "C"}), json!({"name": "B"}), true),
            (json!({"name": "C"}), json!({"name": "C"}), false),
            (fields("3", "2"), fields("1", "4"), false),
            (fields("3", "2"), fields("4", "2"), true),
            (fields("3", "2"), fields("3", "2"), false),
        ] {
            let (mine, theirs) = (with(mine), with(theirs));
            let overtaken = was_overtaken(&CLIENT, &record(&saved), &mine, &theirs);
            assert_eq!(overtaken, expected, "{mine:?} {theirs:?}");
        }
    }

    #[test]
    fn a_refusal_stands_at_its_field() {
        for (resource, refusal, field) in [
            (&CLIENT, "Name must be unique", Some("name")),
            (
                &SITE,
                "A Client must be chosen for this Site",
                Some("client_id"),
            ),
            (&SITE, "client_id: there is no client 9", Some("client_id")),
            (
                &CLIENT,
                "website must have at most 1000 characters",
                Some("website"),
            ),
            (&ASSET, ASSET_OF_NOBODY, Some("client_id")),
            (&CLIENT, "The record is too large", None),
        ] {
            assert_eq!(place(resource, refusal), field, "{refusal}");
        }
    }

    #[test]
    fn a_new_record_is_sent_without_what_is_empty() {
        let draft =
            record(&json!({"name": "A", "notes": "", "inactive": false, "customfields": []}));
        assert_eq!(Value::Object(filled_in(&draft)), json!({"name": "A"}));
    }
}
