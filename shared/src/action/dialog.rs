//! What an action's dialog asks: what its fields begin with, and what was entered.

use serde_json::{Map, Value};

use super::check::is_own_name;
use crate::json;
use crate::model::{ActionField, ActionFieldType, ActsOn, DeskAction, SystemUse, VariableType};
use crate::problem::ErrorDetail;
use crate::template::{Mapping, Variables};

/// The action that every ticket has: it is nothing but its note.
pub const PLAIN_NOTE: &str = "Note";

/// Whether an action on a ticket can be taken without a note: where its dialog asks something else, and where it says what
/// was done by itself. A runbook that gets nothing else works with the note.
pub fn is_note_optional(action: &DeskAction) -> bool {
    let says_it_all = action.system_use == SystemUse::None && action.name != PLAIN_NOTE;
    !action.fields.is_empty() || says_it_all
}

/// What the defaults of fields draw from: the record, by the name that tokens have for it.
pub fn record_variables(records: ActsOn, record: &Value) -> Variables {
    let mut known = Variables::new();
    // What the desk shows is JSON, and not deep.
    let _ = known.insert(records.as_str(), record.to_string());
    known
}

/// What a field begins with, as text; empty where the record does not have it.
pub fn default_text(field: &ActionField, known: &Variables) -> String {
    let rendered = Mapping::parse(&field.default)
        .ok()
        .and_then(|mapping| mapping.render(known).ok());
    match rendered {
        Some((value, _)) if json::Kind::of(&value) != Some(json::Kind::Null) => {
            json::text(&value).into_owned()
        }
        _ => String::new(),
    }
}

/// The value of a field that was entered as text; `null` where nothing was. An error's field names it.
pub fn read(field: &ActionField, text: &str) -> Result<Value, ErrorDetail> {
    let refused =
        |code: &str, message: String| Err(ErrorDetail::new(code, message).at_field(&field.name));
    let label = field.label();
    if text.trim().is_empty() {
        return match field.kind {
            // What is not ticked is false.
            ActionFieldType::Boolean => Ok(Value::Bool(false)),
            _ if field.required => refused(
                "field_missing",
                match field.kind {
                    ActionFieldType::Choice => {
                        format!("the field “{label}” is required: choose one")
                    }
                    _ => format!("the field “{label}” is required: enter something"),
                },
            ),
            _ => Ok(Value::Null),
        };
    }
    let wanted = match field.kind {
        ActionFieldType::Text | ActionFieldType::LongText => return Ok(text.into()),
        ActionFieldType::Choice => {
            if field.choices.iter().any(|choice| choice == text) {
                return Ok(text.into());
            }
            return refused(
                "field_choice",
                format!(
                    "the field “{label}” has no choice `{text}`: choose {}",
                    field.choices.join(", ")
                ),
            );
        }
        ActionFieldType::Integer => VariableType::Integer,
        ActionFieldType::Decimal => VariableType::Decimal,
        ActionFieldType::Boolean => VariableType::Boolean,
        ActionFieldType::DateTime => VariableType::DateTime,
    };
    let value = wanted.read(text);
    match value.and_then(|value| serde_json::from_str(&value).ok()) {
        // Greater ones would lose digits where the desk keeps them.
        Some(Value::Number(number)) if wanted == VariableType::Integer && number.is_f64() => {
            refused(
                "field_type",
                format!("the number in the field “{label}” is too large: enter a smaller one"),
            )
        }
        Some(value) => Ok(value),
        None => refused(
            "field_type",
            format!(
                "the field “{label}” must be {}, but it is `{text}`",
                wanted.described()
            ),
        ),
    }
}

/// Completes what was taken: each field of the action is checked, or gets its default where nothing was sent for it,
/// and stands in `taken` by its name as well as among its `customfields`. An error's field names the field.
pub fn complete(action: &DeskAction, record: &Value, taken: &mut Value) -> Result<(), ErrorDetail> {
    let Some(taken) = taken.as_object_mut() else {
        return Ok(());
    };
    let known = record_variables(action.records, record);
    let mut list = match taken.remove("customfields") {
        Some(Value::Array(list)) => list,
        _ => Vec::new(),
    };
    for field in &action.fields {
        let sent = list
            .iter_mut()
            .filter_map(Value::as_object_mut)
            .find(|sent| {
                let name = sent.get("name").and_then(Value::as_str);
                name.is_some_and(|name| name.eq_ignore_ascii_case(&field.name))
            });
        let text = match sent.as_ref().map(|sent| sent.get("value")) {
            None => default_text(field, &known),
            Some(None | Some(Value::Null)) => String::new(),
            Some(Some(Value::String(text))) => text.clone(),
            Some(Some(other)) => other.to_string(),
        };
        let value = read(field, &text)?;
        taken.insert(field.name.clone(), value.clone());
        match sent {
            Some(sent) => {
                // Tokens are exact about names, and who sent it may not have been.
                sent.insert("name".to_owned(), field.name.as_str().into());
                sent.insert("value".to_owned(), value);
            }
            None => list.push(element(field, value)),
        }
    }
    // What else was sent is found by its name, too.
    for sent in &list {
        if let Some(name) = sent.get("name").and_then(Value::as_str)
            && !is_own_name(name)
            && !taken.contains_key(name)
        {
            let value = sent.get("value").cloned().unwrap_or_default();
            taken.insert(name.to_owned(), value);
        }
    }
    taken.insert("customfields".to_owned(), Value::Array(list));
    Ok(())
}

/// A field as the desk keeps it among an action's custom fields.
fn element(field: &ActionField, value: Value) -> Value {
    let mut element = Map::new();
    element.insert("name".to_owned(), field.name.as_str().into());
    if let Some(label) = &field.label {
        element.insert("label".to_owned(), label.as_str().into());
    }
    element.insert("value".to_owned(), value);
    Value::Object(element)
}

/// The custom fields of an action, from what was entered in its dialog: texts in the order of the action's fields.
/// The errors, each with the place of its field, where something was entered wrongly.
pub fn entered(
    action: &DeskAction,
    texts: &[String],
) -> Result<Vec<Value>, Vec<(usize, ErrorDetail)>> {
    let mut list = Vec::with_capacity(texts.len());
    let mut errors = Vec::new();
    for (index, (field, text)) in action.fields.iter().zip(texts).enumerate() {
        match read(field, text) {
            Ok(value) => list.push(element(field, value)),
            Err(error) => errors.push((index, error)),
        }
    }
    if errors.is_empty() {
        Ok(list)
    } else {
        Err(errors)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn field(more: &Value) -> ActionField {
        let mut field = json!({"name": "X"});
        for (name, value) in more.as_object().unwrap() {
            field[name] = value.clone();
        }
        serde_json::from_value(field).unwrap()
    }

    #[test]
    fn what_is_entered_gets_the_type_of_its_field() {
        for (kind, text, expected) in [
            ("text", " a ", Ok(json!(" a "))),
            ("text", "", Ok(json!(null))),
            ("long-text", "a\nb", Ok(json!("a\nb"))),
            ("integer", "42", Ok(json!(42))),
            ("integer", "-7", Ok(json!(-7))),
            ("integer", "4.2", Err("field_type")),
            ("integer", "99999999999999999999", Err("field_type")),
            ("decimal", "0.5", Ok(json!(0.5))),
            ("decimal", "1e999", Err("field_type")),
            ("decimal", "much", Err("field_type")),
            ("boolean", "true", Ok(json!(true))),
            ("boolean", "", Ok(json!(false))),
            ("boolean", "yes", Err("field_type")),
            (
                "date-time",
                "2030-01-31T09:30:00Z",
                Ok(json!("2030-01-31T09:30:00Z")),
            ),
            ("date-time", "tomorrow", Err("field_type")),
            ("choice", "High", Ok(json!("High"))),
            ("choice", "high", Err("field_choice")),
            ("choice", "", Ok(json!(null))),
        ] {
            let field = field(&json!({"type": kind, "choices": ["Low", "High"]}));
            let value = read(&field, text).map_err(|error| error.code);
            assert_eq!(value, expected.map_err(str::to_owned), "{text:?} as {kind}");
        }
    }

    #[test]
    fn what_is_required_must_be_entered() {
        for (kind, missing) in [
            ("text", true),
            ("integer", true),
            ("choice", true),
            ("boolean", false),
        ] {
            let field = field(&json!({"type": kind, "required": true, "label": "How many?"}));
            let refused = read(&field, "  ").err();
            assert_eq!(refused.is_some(), missing, "{kind}");
            if let Some(error) = refused {
                assert_eq!(
                    (error.code.as_str(), error.at.field.as_deref()),
                    ("field_missing", Some("X"))
                );
                assert!(error.message.contains("How many?"), "{error}");
            }
        }
    }

    #[test]
    fn a_default_is_drawn_from_the_record() {
        let record =
            json!({"id": 7, "summary": "Printer", "status": {"name": "New"}, "team": null});
        let known = record_variables(ActsOn::Ticket, &record);
        for (default, expected) in [
            ("<<ticket^summary>>", "Printer"),
            ("<<ticket^id>>", "7"),
            (
                "Re: <<ticket^summary!>> (<<ticket^status^name!>>)",
                "Re: Printer (New)",
            ),
            ("fixed", "fixed"),
            ("", ""),
            // What the record has not is left to whoever fills the dialog in.
            ("<<ticket^team>>", ""),
            ("<<ticket^nothing>>", ""),
            ("<<user^name>>", ""),
            ("<<ticket^", ""),
        ] {
            let field = field(&json!({"default": default}));
            assert_eq!(default_text(&field, &known), expected, "{default}");
        }
    }

    fn an_action() -> DeskAction {
        serde_json::from_value(json!({
            "name": "Order", "system_use": "none",
            "fields": [
                {"name": "Amount", "type": "integer", "required": true, "default": "<<ticket^id>>"},
                {"name": "Urgent", "type": "boolean"},
                {"name": "Why", "label": "Why is it needed?"},
            ],
        }))
        .unwrap()
    }

    #[test]
    fn a_note_is_needed_where_there_would_be_nothing_else() {
        let action = |name: &str, system_use, asks: bool| DeskAction {
            name: name.to_owned(),
            system_use,
            fields: asks.then(ActionField::default).into_iter().collect(),
            ..DeskAction::default()
        };
        for (action, expected) in [
            (action("Start work", SystemUse::None, false), true),
            (action(PLAIN_NOTE, SystemUse::None, false), false),
            (action("Ask", SystemUse::QueueRunbook, false), false),
            (action("Ask", SystemUse::QueueRunbook, true), true),
        ] {
            assert_eq!(is_note_optional(&action), expected, "{action:?}");
        }
    }

    #[test]
    fn a_choice_that_is_missing_is_to_be_chosen() {
        for (kind, asked) in [
            (ActionFieldType::Choice, "choose one"),
            (ActionFieldType::Text, "enter something"),
        ] {
            let field = ActionField {
                name: "Size".to_owned(),
                kind,
                required: true,
                ..ActionField::default()
            };
            let error = read(&field, " ").unwrap_err();
            assert_eq!(
                error.message,
                format!("the field “Size” is required: {asked}")
            );
        }
    }

    #[test]
    fn what_was_sent_is_found_by_its_name_and_among_the_custom_fields() {
        let ticket = json!({"id": 7});
        let mut taken = json!({
            "id": 3, "note": "please",
            "customfields": [{"name": "amount", "value": "12"}, {"name": "CFOther", "value": 1}, {"name": "note", "value": "not this"}],
        });
        complete(&an_action(), &ticket, &mut taken).unwrap();
        assert_eq!(
            taken,
            json!({
                "id": 3, "note": "please", "Amount": 12, "Urgent": false, "Why": null, "CFOther": 1,
                "customfields": [
                    {"name": "Amount", "value": 12}, {"name": "CFOther", "value": 1}, {"name": "note", "value": "not this"},
                    {"name": "Urgent", "value": false}, {"name": "Why", "label": "Why is it needed?", "value": null},
                ],
            })
        );
    }

    #[test]
    fn what_was_not_sent_has_its_default_and_what_was_emptied_has_none() {
        let ticket = json!({"id": 7});
        let mut taken = json!({"id": 3});
        complete(&an_action(), &ticket, &mut taken).unwrap();
        assert_eq!(taken["Amount"], 7);
        let mut emptied = json!({"id": 3, "customfields": [{"name": "Amount", "value": null}]});
        let error = complete(&an_action(), &ticket, &mut emptied).unwrap_err();
        assert_eq!(error.code, "field_missing");
        let mut wrong = json!({"id": 3, "customfields": [{"name": "Urgent", "value": [1]}]});
        let error = complete(&an_action(), &ticket, &mut wrong).unwrap_err();
        assert_eq!(error.at.field.as_deref(), Some("Urgent"));
    }

    #[test]
    fn a_dialog_is_sent_whole_or_says_what_is_wrong_where() {
        let texts = |texts: [&str; 3]| texts.map(str::to_owned);
        assert_eq!(
            entered(&an_action(), &texts(["12", "true", ""])),
            Ok(vec![
                json!({"name": "Amount", "value": 12}),
                json!({"name": "Urgent", "value": true}),
                json!({"name": "Why", "label": "Why is it needed?", "value": null}),
            ])
        );
        let errors = entered(&an_action(), &texts(["", "perhaps", ""])).unwrap_err();
        let places: Vec<_> = errors
            .iter()
            .map(|(place, error)| (*place, error.code.as_str()))
            .collect();
        assert_eq!(places, [(0, "field_missing"), (1, "field_type")]);
    }
}
