//! What a ticket holds in a field that a rule names.

use serde_json::Value;

use super::super::error::StorageError;
use super::super::html::Html;
use super::super::label::label;
use super::super::record::Stored;
use super::super::records::Records;
use super::super::resource::{Field, FieldKind, Reference, Resource, TICKET};
use super::Surroundings;

/// A field that rules may name.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Named {
    /// One of the ticket's own.
    Own(&'static Field),
    /// Something that is shown of what a field refers to, such as `client_name`.
    Shown {
        field: &'static Field,
        reference: &'static Reference,
        name: &'static str,
        of: &'static str,
    },
    /// A custom field, by its name.
    Custom(String),
}

impl Named {
    /// Case does not count.
    pub(super) fn parse(name: &str) -> Option<Self> {
        if let Some(field) = TICKET.field(name) {
            let is_list = matches!(field.kind, FieldKind::Named | FieldKind::Objects);
            return (!is_list).then_some(Self::Own(field));
        }
        let shown = TICKET.references().find_map(|(field, reference)| {
            let mut shows = reference.shows.iter();
            let (name, of) = shows.find(|(shown, _)| shown.eq_ignore_ascii_case(name))?;
            Some(Self::Shown {
                field,
                reference,
                name,
                of,
            })
        });
        let is_custom = name
            .get(..2)
            .is_some_and(|start| start.eq_ignore_ascii_case("CF"));
        shown.or_else(|| (is_custom && name.len() > 2).then(|| Self::Custom(name.to_owned())))
    }

    /// As in the record of a ticket.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Own(field) => field.name,
            Self::Shown { name, .. } => name,
            Self::Custom(name) => name,
        }
    }

    /// Whether its texts are names of records of that resource.
    pub(super) fn names(&self, resource: &Resource) -> bool {
        match self {
            Self::Own(field) => {
                matches!(field.kind, FieldKind::Reference(reference) if reference.to == resource)
                    || resource.is_named_in(&TICKET, field.name)
            }
            Self::Shown { reference, of, .. } => reference.to == resource && *of == "name",
            Self::Custom(_) => false,
        }
    }

    /// For people.
    pub(super) fn label(&self) -> String {
        match self {
            Self::Own(field) => label(field.name),
            Self::Shown { name, .. } => label(name),
            Self::Custom(name) => name.clone(),
        }
    }

    /// The value as it is kept.
    pub(super) fn raw<'t>(&self, ticket: &'t Stored) -> Option<&'t Value> {
        let value = match self {
            Self::Own(field) | Self::Shown { field, .. } => ticket.fields.get(field.name),
            Self::Custom(name) => custom(ticket, name),
        };
        value.filter(|value| !value.is_null())
    }

    /// What a value is called that the field is compared with: ids have names.
    pub(super) fn called(
        &self,
        value: &str,
        desk: Surroundings<'_>,
    ) -> Result<String, StorageError> {
        let name = match (self, value.trim().parse()) {
            (Self::Own(field), Ok(id)) => match field.kind {
                FieldKind::Reference(reference) => name_of(reference, id, desk.records)?,
                _ => None,
            },
            _ => None,
        };
        Ok(name.unwrap_or_else(|| value.to_owned()))
    }

    /// The texts that stand for the value: for what refers to a record, its id and its name. None where it has none.
    pub(super) fn texts(
        &self,
        ticket: &Stored,
        desk: Surroundings<'_>,
    ) -> Result<Vec<String>, StorageError> {
        let records = desk.records;
        let texts = match self {
            Self::Own(field) => {
                let FieldKind::Reference(reference) = field.kind else {
                    return Ok(plain(ticket, field, self.raw(ticket), desk.html));
                };
                let name = reference.shows.first().map(|(_, of)| *of);
                let name = match name {
                    Some(of) => referred(ticket, field, reference, of, records)?,
                    None => None,
                };
                let id = ticket.id_in(field.name).map(|id| id.to_string());
                id.into_iter().chain(name).collect()
            }
            Self::Shown {
                field,
                reference,
                of,
                ..
            } => referred(ticket, field, reference, of, records)?
                .into_iter()
                .collect(),
            Self::Custom(_) => self.raw(ticket).map(text).into_iter().collect(),
        };
        Ok(texts)
    }
}

/// The half that is missing of a text is derived, here as everywhere.
fn plain(ticket: &Stored, field: &Field, value: Option<&Value>, html: &dyn Html) -> Vec<String> {
    let own = value.map(text).filter(|text| !text.trim().is_empty());
    let derived = || {
        let (_, half) = TICKET.pairs.iter().find(|(text, _)| *text == field.name)?;
        let half = ticket.text(half);
        (!half.is_empty()).then(|| html.plain(half))
    };
    own.or_else(derived).into_iter().collect()
}

fn name_of(
    reference: &Reference,
    id: u64,
    records: &dyn Records,
) -> Result<Option<String>, StorageError> {
    let Some((_, of)) = reference.shows.first() else {
        return Ok(None);
    };
    let record = records.stored(reference.to, id)?;
    Ok(record.and_then(|record| record.fields.get(*of).map(text)))
}

fn referred(
    ticket: &Stored,
    field: &Field,
    reference: &Reference,
    of: &str,
    records: &dyn Records,
) -> Result<Option<String>, StorageError> {
    let Some(id) = ticket.id_in(field.name) else {
        return Ok(None);
    };
    let record = records.stored(reference.to, id)?;
    let value = record.and_then(|record| record.fields.get(of).cloned());
    Ok(value
        .filter(|value| !value.is_null())
        .map(|value| text(&value)))
}

fn custom<'t>(ticket: &'t Stored, name: &str) -> Option<&'t Value> {
    let fields = ticket.fields.get("customfields")?.as_array()?.iter();
    fields
        .filter(|field| {
            let known = field.get("name").and_then(Value::as_str);
            known.is_some_and(|known| known.eq_ignore_ascii_case(name))
        })
        .find_map(|field| field.get("value"))
}

/// A value as it is compared and shown.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The keys that hold what is compared with, or set: Halo has one for each type. The first that holds something counts.
pub(super) const VALUE_KEYS: [&str; 7] = [
    "value_string",
    "value_int",
    "value_decimal",
    "value_boolean",
    "value_datetime",
    "value_list",
    "value",
];

/// The value that a criterion or an outcome holds.
pub(super) fn sent(element: &Value) -> Option<&Value> {
    VALUE_KEYS
        .iter()
        .find_map(|key| element.get(*key).filter(|value| !value.is_null()))
}

/// The name of the field that a criterion or an outcome is about.
pub(super) fn named(element: &Value) -> Result<Named, String> {
    let name = element.get("fieldname").and_then(Value::as_str);
    let name = name.map(str::trim).filter(|name| !name.is_empty());
    let name = name.ok_or("its fieldname is missing")?;
    Named::parse(name).ok_or_else(|| format!("tickets have no field {name}"))
}
