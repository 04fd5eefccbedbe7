//! What stands in the cells of a list.

use leptos::prelude::*;
use serde_json::Value;
use shared::desk::resource::FieldKind;
use shared::desk::{Record, Resource};

use super::section::{Section, Shown, id_of, text};
use crate::ui::clock::parse_instant;
use crate::ui::table::SortKey;
use crate::ui::{Badge, Cell, Column, Icon, Row, Time, Tone};

pub(super) fn columns(section: &'static Section) -> Vec<Column> {
    let column = |shown: &Shown| {
        let mut column = Column::new(shared::desk::label(shown.field));
        if let Some(width) = shown.width {
            column = column.width(width);
        }
        if shown.secondary {
            column = column.secondary();
        }
        if sorts(section.resource, shown.field) {
            column = column.sorts();
        }
        column
    };
    section.columns.iter().map(column).collect()
}

/// The desk orders references by their ids, which says nothing to people.
fn sorts(resource: &Resource, field: &str) -> bool {
    resource.field(field).is_some_and(|field| {
        !matches!(
            field.kind,
            FieldKind::Reference(_) | FieldKind::Objects | FieldKind::Named
        )
    })
}

pub(super) fn row(section: &'static Section, record: &Record) -> Row {
    let id = id_of(record);
    let cells = section
        .columns
        .iter()
        .enumerate()
        .map(|(at, shown)| {
            let words = words(section.resource, record, shown.field);
            if at == 0 {
                let name = if words.is_empty() {
                    section.name_of(record)
                } else {
                    words
                };
                let inactive = record.get("inactive") == Some(&Value::Bool(true));
                return first_cell(name, inactive);
            }
            match moment(section.resource, record, shown.field) {
                Some(at) => Cell::new(move || view! { <Time at=at /> }, SortKey::Number(at)),
                None => Cell::text(words),
            }
        })
        .collect::<Vec<_>>();
    let seen: Vec<String> = section
        .columns
        .iter()
        .map(|shown| words(section.resource, record, shown.field))
        .collect();
    Row {
        key: format!("{id}-{}-{}", text(record, "inactive"), seen.join("\u{1f}")),
        href: Some(section.one(id).to_string()),
        cells,
    }
}

fn first_cell(name: String, inactive: bool) -> Cell {
    let key = SortKey::text(&name);
    Cell::new(
        move || {
            let badge = inactive.then(
                || view! { " " <Badge tone=Tone::Neutral label="Inactive" icon=Icon::Pause /> },
            );
            view! {
                {name.clone()}
                {badge}
            }
        },
        key,
    )
}

fn moment(resource: &Resource, record: &Record, name: &str) -> Option<i64> {
    let field = resource.field(name)?;
    (field.kind == FieldKind::Instant)
        .then(|| record.get(name)?.as_str().and_then(parse_instant))
        .flatten()
}

/// A field in words: of what it refers to, the name; of a list, the names in it.
pub(super) fn words(resource: &Resource, record: &Record, name: &str) -> String {
    let Some(field) = resource.field(name) else {
        return text(record, name);
    };
    match &field.kind {
        FieldKind::Reference(reference) => reference
            .shows
            .first()
            .map(|(shown, _)| text(record, shown))
            .unwrap_or_default(),
        FieldKind::Named | FieldKind::Objects => {
            let list = record.get(name).and_then(Value::as_array);
            let list = list.map(Vec::as_slice).unwrap_or_default();
            let names = list.iter().filter_map(|element| {
                let label = element.get("label").or_else(|| element.get("name"))?;
                label.as_str()
            });
            match names.collect::<Vec<_>>() {
                names if names.is_empty() && name == "allowed_actions" => "All".to_owned(),
                names => names.join(", "),
            }
        }
        FieldKind::Boolean if record.get(name) == Some(&Value::Bool(true)) => "Yes".to_owned(),
        FieldKind::Boolean => "No".to_owned(),
        _ => text(record, name),
    }
}
