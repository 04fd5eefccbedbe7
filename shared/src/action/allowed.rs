//! Which actions a ticket type allows: its record names them, and none of them allows all.

use serde_json::{Value, json};

use crate::model::TicketTypeActions;

/// Whether two names are one at the desk, where case does not count.
pub(super) fn same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

pub(super) fn holds(names: &[String], name: &str) -> bool {
    names.iter().any(|other| same(other, name))
}

/// Whether a ticket type with this list of actions allows one; an empty list allows all.
pub fn allows(allowed: &[String], action: &str) -> bool {
    allowed.is_empty() || holds(allowed, action)
}

/// The actions that a ticket type allows, from the record of the type; all where there is none.
pub fn allowed_names(ticket_type: &Value) -> Vec<String> {
    let list = ticket_type.get("allowed_actions").and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .filter_map(|element| element.get("name")?.as_str())
        .map(str::to_owned)
        .collect()
}

/// The change of a ticket type's record that follows when an action that it allows gets another name; none where it
/// does not name that action.
pub fn renamed_in(ticket_type: &Value, former: &str, name: &str) -> Option<Value> {
    let mut allowed = allowed_names(ticket_type);
    if !holds(&allowed, former) {
        return None;
    }
    for other in allowed.iter_mut().filter(|other| same(other, former)) {
        name.clone_into(other);
    }
    Some(json!({ "id": ticket_type.get("id")?, "allowed_actions": elements(&allowed) }))
}

/// The ticket types among these records that do not allow all actions.
pub fn restricted(ticket_types: &[Value]) -> Vec<TicketTypeActions> {
    ticket_types
        .iter()
        .filter_map(|ticket_type| {
            Some(TicketTypeActions {
                name: ticket_type.get("name")?.as_str()?.to_owned(),
                allowed_actions: allowed_names(ticket_type),
            })
        })
        .filter(|one| !one.allowed_actions.is_empty())
        .collect()
}

/// What has to be written so that a ticket type allows this; a new one, where none of these records has its name.
pub fn allowing(ticket_types: &[Value], wanted: &TicketTypeActions) -> Value {
    let known = ticket_types.iter().find(|ticket_type| {
        let name = ticket_type.get("name").and_then(Value::as_str);
        name.is_some_and(|name| same(name, &wanted.name))
    });
    let key = match known.and_then(|known| known.get("id")) {
        Some(id) => ("id", id.clone()),
        None => ("name", wanted.name.as_str().into()),
    };
    json!({ key.0: key.1, "allowed_actions": elements(&wanted.allowed_actions) })
}

/// The names as a ticket type's record has them.
fn elements(names: &[String]) -> Vec<Value> {
    names.iter().map(|name| json!({ "name": name })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_follows_an_action_that_is_renamed() {
        let record = json!({"id": 3, "name": "Incident", "allowed_actions": [{"name": "Tell"}, {"name": "ask"}]});
        assert_eq!(
            renamed_in(&record, "Ask", "Ask twice"),
            Some(json!({"id": 3, "allowed_actions": [{"name": "Tell"}, {"name": "Ask twice"}]}))
        );
        assert_eq!(renamed_in(&record, "Other", "Ask twice"), None);
        assert_eq!(renamed_in(&json!({"id": 3}), "Ask", "Ask twice"), None);
    }

    #[test]
    fn what_types_allow_travels_by_names() {
        let here = [
            json!({"id": 1, "name": "Incident", "allowed_actions": [{"name": "Ask"}]}),
            json!({"id": 2, "name": "Problem", "allowed_actions": []}),
        ];
        let travelling = restricted(&here);
        assert_eq!(travelling.len(), 1);
        let there = [json!({"id": 7, "name": "INCIDENT"})];
        let allowed = json!([{"name": "Ask"}]);
        for (types, expected) in [
            (&there[..], json!({"id": 7, "allowed_actions": allowed})),
            (&[], json!({"name": "Incident", "allowed_actions": allowed})),
        ] {
            assert_eq!(allowing(types, &travelling[0]), expected);
        }
    }

    #[test]
    fn a_type_says_what_it_allows() {
        for (record, expected) in [
            (json!({}), &[][..]),
            (json!({"allowed_actions": null}), &[]),
            (json!({"allowed_actions": []}), &[]),
            (
                json!({"allowed_actions": [{"name": "Ask"}, {"id": 3}]}),
                &["Ask"],
            ),
        ] {
            assert_eq!(allowed_names(&record), expected, "{record}");
        }
    }
}
