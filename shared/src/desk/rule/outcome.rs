//! What is done with a ticket that fits.

use serde_json::{Value, json};

use super::super::error::StorageError;
use super::super::record::{Record, Stored};
use super::Surroundings;
use super::criterion::shown;
use super::value::{Named, named, sent};

/// The fields of a rule, and those of tickets that they set.
pub(super) const SETS: [(&str, &str); 5] = [
    ("new_agent_id", "agent_id"),
    ("new_team", "team"),
    ("new_priority_id", "priority_id"),
    ("new_status_id", "status_id"),
    ("new_category_1", "category_1"),
];

/// A field gets a value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Outcome {
    field: Named,
    value: Value,
}

/// What the fields of a rule say.
pub(super) fn sets(record: &Record) -> Vec<Outcome> {
    let sets = SETS.iter().filter_map(|(own, field)| {
        let value = record.get(*own)?;
        let unset = value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty());
        let field = Named::parse(field)?;
        (!unset).then(|| Outcome {
            field,
            value: value.clone(),
        })
    });
    sets.collect()
}

impl Outcome {
    /// The name of the field.
    pub(super) fn field(&self) -> &str {
        self.field.name()
    }

    pub(super) fn value(&self) -> &Value {
        &self.value
    }

    /// Reads `{"fieldname": …, "value_string": …}`, with a value key for each type as in Halo.
    pub(super) fn read(element: &Value) -> Result<Self, String> {
        let field = named(element)?;
        if match &field {
            Named::Own(own) => own.computed,
            Named::Shown { .. } => true,
            Named::Custom(_) => false,
        } {
            return Err(format!("{} cannot be set", field.label()));
        }
        let value = sent(element).cloned();
        let value = value.ok_or_else(|| format!("the value for {} is missing", field.label()))?;
        Ok(Self { field, value })
    }

    /// Adds it to what is laid over a ticket.
    pub(super) fn add_to(&self, sent: &mut Record) {
        match &self.field {
            Named::Own(field) | Named::Shown { field, .. } => {
                sent.insert(field.name.to_owned(), self.value.clone());
            }
            Named::Custom(name) => {
                let custom = sent.entry("customfields").or_insert_with(|| json!([]));
                if let Value::Array(list) = custom {
                    list.push(json!({"name": name, "value": self.value}));
                }
            }
        }
    }

    /// What it changed, for people; nothing where it changed nothing.
    pub(super) fn words(
        &self,
        before: &Stored,
        after: &Stored,
        desk: Surroundings<'_>,
    ) -> Result<Option<String>, StorageError> {
        if self.field.raw(before) == self.field.raw(after) {
            return Ok(None);
        }
        let texts = self.field.texts(after, desk)?;
        let label = self.field.label();
        Ok(Some(match texts.last() {
            Some(text) => format!("{label} set to {}", shown(text)),
            None => format!("{label} emptied"),
        }))
    }
}
