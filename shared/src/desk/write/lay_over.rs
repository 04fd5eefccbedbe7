//! What a client sends is laid over a record, field by field.

use serde_json::Value;

use crate::desk::error::DeskError;
use crate::desk::html::from_text;
use crate::desk::record::{self, Record, Stored};
use crate::desk::resource::{FieldKind, Resource};

/// Lays what was sent over a record, and gives the commands among it.
pub(super) fn lay_over(
    resource: &Resource,
    record: &mut Stored,
    sent: Record,
) -> Result<Record, DeskError> {
    let mut commands = Record::new();
    let mut halves = Vec::new();
    for (name, value) in sent {
        let command = resource
            .commands
            .iter()
            .find(|command| name.eq_ignore_ascii_case(command.name));
        if let Some(command) = command {
            // Clients send back what they have read: what is so already need not be done.
            let done = resource.field(command.name).is_some_and(|field| {
                record::read(field, &value).ok().as_ref() == record.fields.get(field.name)
            });
            if !done {
                commands.insert(command.name.to_owned(), value);
            }
        } else if let Some(field) = resource.field(&name) {
            if !field.computed {
                let mut value = record::read(field, &value)?;
                if field.kind == FieldKind::Named
                    && let Some(Value::Array(known)) = record.fields.get(field.name)
                    && let Value::Array(sent) = &value
                {
                    let mut list = known.clone();
                    record::lay_over_named(&mut list, sent.iter());
                    value = Value::Array(list);
                }
                record.set(field.name, value);
                halves.push(field.name);
            }
        } else if !is_shown_only(resource, &name) {
            record.other.insert(name, value);
        }
    }
    for (text, html) in resource.pairs {
        match (halves.contains(text), halves.contains(html)) {
            // The other half says what the record said before.
            (true, false) => record.set(html, Value::Null),
            (false, true) => record.set(text, Value::Null),
            // Clients send back what they have read: a half that was derived stays derived.
            (true, true) if record.text(html) == from_text(record.text(text)) => {
                record.set(html, Value::Null);
            }
            (true, true) | (false, false) => {}
        }
    }
    Ok(commands)
}

/// Whether a name stands for something that records are shown with, but do not hold:
/// clients send back what they have read.
fn is_shown_only(resource: &Resource, name: &str) -> bool {
    name.eq_ignore_ascii_case("id")
        || resource
            .shown_only
            .iter()
            .any(|shown| shown.eq_ignore_ascii_case(name))
        || resource
            .beside_fields()
            .any(|(field, _)| field.name.eq_ignore_ascii_case(name))
        || resource.references().any(|(_, reference)| {
            reference.object.eq_ignore_ascii_case(name)
                || reference
                    .shows
                    .iter()
                    .any(|(shown, _)| shown.eq_ignore_ascii_case(name))
        })
}
