//! What is wrong with an action before it is kept.

use super::dialog;
use crate::desk::resource::ACTION;
use crate::model::{ActionField, ActionFieldType, ActsOn, DeskAction, SystemUse};
use crate::problem::ErrorDetail;
use crate::template::{Mapping, SPECIAL, nearest};

/// Whether `<<action^name>>` means something of the action's own, whatever its dialog asks.
pub fn is_own_name(name: &str) -> bool {
    let is = |own: &str| own.eq_ignore_ascii_case(name);
    is("id")
        || ACTION.field(name).is_some()
        || ACTION.references().any(|(_, reference)| {
            is(reference.object) || reference.shows.iter().any(|(shown, _)| is(shown))
        })
}

/// The names among `named` that the desk does not know.
pub fn unknown_names<'n>(named: &'n [String], known: &[String]) -> Vec<&'n str> {
    let is_known = |name: &str| {
        known
            .iter()
            .any(|other| other.trim().to_lowercase() == name.trim().to_lowercase())
    };
    named
        .iter()
        .map(String::as_str)
        .filter(|name| !is_known(name))
        .collect()
}

/// Refuses an action that could not be offered or filled in as it stands. An error's field is its place.
pub fn check(action: &DeskAction) -> Result<(), ErrorDetail> {
    if action.name.trim().is_empty() {
        let message = "the action has no name: enter what its button says";
        return Err(ErrorDetail::new("empty_name", message).at_field("name"));
    }
    let queues = action.system_use == SystemUse::QueueRunbook;
    if action.records != ActsOn::Ticket && !queues {
        let message = format!(
            "a button on {}s does nothing but queue a runbook: let it queue one",
            action.records.as_str()
        );
        return Err(ErrorDetail::new("no_runbook", message).at_field("system_use"));
    }
    if queues && action.runbook.is_none() {
        let message = "the action queues a runbook, but names none: choose one";
        return Err(ErrorDetail::new("no_runbook", message).at_field("runbook"));
    }
    for (index, field) in action.fields.iter().enumerate() {
        let before = action.fields.iter().take(index);
        check_field(action.records, field, before).map_err(|mut error| {
            let place = error.at.field.take().unwrap_or_default();
            error.at_field(format!("fields[{index}].{place}"))
        })?;
    }
    Ok(())
}

fn check_field<'f>(
    records: ActsOn,
    field: &ActionField,
    mut before: impl Iterator<Item = &'f ActionField>,
) -> Result<(), ErrorDetail> {
    let name = field.name.as_str();
    let refused = |code: &str, place: &str, message: String| {
        Err(ErrorDetail::new(code, message).at_field(place))
    };
    if name.trim().is_empty() {
        let message = "this field has no name: enter one, or remove the field".to_owned();
        return refused("empty_name", "name", message);
    }
    if name != name.trim() || name.contains(|c: char| SPECIAL.contains(c) || c.is_control()) {
        let message = format!(
            "the field `{name}` cannot be written as `<<action^…>>`: leave out {SPECIAL} and spaces at its ends, and put a question into its label"
        );
        return refused("field_name", "name", message);
    }
    if is_own_name(name) {
        let message = format!(
            "`{name}` is something that every action has: choose another name for the field"
        );
        return refused("reserved_name", "name", message);
    }
    if before.any(|other| other.name.eq_ignore_ascii_case(name)) {
        let message = format!("two fields are called `{name}`: rename one of them");
        return refused("duplicate_field", "name", message);
    }
    if field.kind == ActionFieldType::Choice
        && field.choices.iter().all(|choice| choice.trim().is_empty())
    {
        let message = format!("the field `{name}` has nothing to choose: enter its choices");
        return refused("no_choices", "choices", message);
    }
    check_default(records, field)
}

fn check_default(records: ActsOn, field: &ActionField) -> Result<(), ErrorDetail> {
    let refused = |code: &str, at: Option<usize>, message: String| {
        let mut detail = ErrorDetail::new(code, message).at_field("default");
        detail.at.offset = at;
        Err(detail)
    };
    let mapping = match Mapping::parse(&field.default) {
        Ok(mapping) => mapping,
        Err(error) => return refused(error.kind(), Some(error.at()), error.to_string()),
    };
    let own = records.as_str();
    for token in mapping.tokens() {
        if token.variable() != own {
            let name = token.variable();
            let hint = nearest(name, [own]).map_or_else(String::new, |nearest| {
                format!(" (did you mean `{nearest}`?)")
            });
            let message = format!(
                "{} is not known when the dialog opens{hint}: use `<<{own}^…>>`",
                token.text()
            );
            return refused("unknown_variable", Some(token.at()), message);
        }
    }
    if mapping.tokens().next().is_none() && !field.default.is_empty() {
        // It is what a person would enter, so it must be what they may.
        dialog::read(field, &field.default).map_err(|error| error.at_field("default"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn refusal(more: &Value) -> Option<(String, String)> {
        let mut action = json!({"name": "Ask", "system_use": "queue_runbook", "runbook": "rb"});
        for (name, value) in more.as_object().unwrap() {
            action[name] = value.clone();
        }
        let action: DeskAction = serde_json::from_value(action).unwrap();
        let error = check(&action).err()?;
        Some((error.code, error.at.field.unwrap_or_default()))
    }

    #[test]
    fn what_cannot_work_is_refused_at_its_place() {
        for (more, expected) in [
            (json!({}), None),
            (json!({"name": " "}), Some(("empty_name", "name"))),
            (json!({"runbook": null}), Some(("no_runbook", "runbook"))),
            (json!({"system_use": "none"}), None),
            (
                json!({"system_use": "none", "records": "user"}),
                Some(("no_runbook", "system_use")),
            ),
            (json!({"records": "asset"}), None),
        ] {
            let expected =
                expected.map(|(code, at): (&str, &str)| (code.to_owned(), at.to_owned()));
            assert_eq!(refusal(&more), expected, "{more}");
        }
    }

    #[test]
    fn fields_must_be_writable_as_tokens_and_fillable() {
        for (field, expected) in [
            (json!({"name": "How urgent"}), None),
            (json!({"name": ""}), Some(("empty_name", "name"))),
            (json!({"name": "Urgent?"}), Some(("field_name", "name"))),
            (json!({"name": "a^b"}), Some(("field_name", "name"))),
            (json!({"name": " a"}), Some(("field_name", "name"))),
            (json!({"name": "Note"}), Some(("reserved_name", "name"))),
            (json!({"name": "id"}), Some(("reserved_name", "name"))),
            (json!({"name": "ticket"}), Some(("reserved_name", "name"))),
            (
                json!({"name": "customfields"}),
                Some(("reserved_name", "name")),
            ),
            (json!({"name": "FIRST"}), Some(("duplicate_field", "name"))),
            (
                json!({"name": "a", "type": "choice"}),
                Some(("no_choices", "choices")),
            ),
            (
                json!({"name": "a", "type": "choice", "choices": ["x"], "default": "x"}),
                None,
            ),
            (
                json!({"name": "a", "type": "choice", "choices": ["x"], "default": "y"}),
                Some(("field_choice", "default")),
            ),
            (
                json!({"name": "a", "type": "integer", "default": "many"}),
                Some(("field_type", "default")),
            ),
            (
                json!({"name": "a", "type": "integer", "default": "<<ticket^id>>"}),
                None,
            ),
            (
                json!({"name": "a", "default": "<<tiket^id>>"}),
                Some(("unknown_variable", "default")),
            ),
            (
                json!({"name": "a", "default": "<<user^id>>"}),
                Some(("unknown_variable", "default")),
            ),
            (
                json!({"name": "a", "default": "<<ticket^"}),
                Some(("unclosed", "default")),
            ),
        ] {
            let fields = json!([{"name": "First"}, field]);
            let refused = refusal(&json!({"fields": fields}));
            match expected {
                // How a template's mistake is called is the template's own.
                Some(("unclosed", at)) => assert_eq!(refused.unwrap().1, format!("fields[1].{at}")),
                _ => assert_eq!(
                    refused,
                    expected.map(|(code, at): (&str, &str)| (
                        code.to_owned(),
                        format!("fields[1].{at}")
                    )),
                    "{fields}"
                ),
            }
        }
        let on_user =
            json!({"records": "user", "fields": [{"name": "a", "default": "<<user^name>>"}]});
        assert_eq!(refusal(&on_user), None);
    }

    #[test]
    fn names_that_the_desk_has_not_are_found_in_any_case() {
        let names = |names: &[&str]| {
            names
                .iter()
                .map(|&name| name.to_owned())
                .collect::<Vec<_>>()
        };
        let wanted = names(&["incident", "Gone"]);
        assert_eq!(
            unknown_names(&wanted, &names(&["Incident", "Problem"])),
            ["Gone"]
        );
    }
}
