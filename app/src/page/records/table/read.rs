//! What a custom table holds, as Halo writes it.

use serde_json::Value;
use shared::desk::form::named;
use shared::desk::{Record, custom_name};

/// The names of the columns, and what is shown above them.
pub(super) fn columns(table: &Record) -> Vec<(String, String)> {
    let known = named(table.get("columns"), "label");
    let all = named(table.get("columns"), "name");
    if !all.is_empty() {
        return all
            .into_iter()
            .map(|(name, _)| {
                let label = known.iter().find(|(other, _)| *other == name);
                let label = label.map_or_else(|| name.clone(), |(_, label)| label.clone());
                (name, label)
            })
            .collect();
    }
    // A table without columns takes any: those that are in use are shown.
    let mut names: Vec<(String, String)> = Vec::new();
    for (_, row) in rows(table) {
        for (name, _) in row {
            if !names.iter().any(|(known, _)| *known == name) {
                names.push((name.clone(), name));
            }
        }
    }
    names
}

/// Whether the table has columns of its own; one without takes any.
pub(super) fn has_columns(table: &Record) -> bool {
    !named(table.get("columns"), "name").is_empty()
}

/// What the column is called that a new one of this label would be, as far as the desk can tell.
pub(super) fn clash(columns: &[(String, String)], label: &str) -> Option<String> {
    let name = custom_name(label);
    let same = |(known, shown): &&(String, String)| {
        known.eq_ignore_ascii_case(&name) || shown.trim().to_lowercase() == label.to_lowercase()
    };
    columns.iter().find(same).map(|(_, shown)| shown.clone())
}

pub(super) type Cells = Vec<(String, String)>;

/// The rows by their ids.
pub(super) fn rows(table: &Record) -> Vec<(u64, Cells)> {
    let list = table
        .get("customfields")
        .and_then(|field| field.get(0)?.get("value")?.as_array());
    let list = list.map(Vec::as_slice).unwrap_or_default();
    list.iter()
        .filter_map(|row| {
            Some((
                row.get("id")?.as_u64()?,
                named(row.get("customfields"), "value"),
            ))
        })
        .collect()
}

/// What stands in a cell; nothing where it is empty.
pub(super) fn cell(table: &Record, row: u64, name: &str) -> Value {
    let field = table.get("customfields").and_then(|field| field.get(0));
    let rows = field.and_then(|field| field.get("value")?.as_array());
    let row = rows.and_then(|rows| rows.iter().find(|other| other["id"] == row));
    let cells = row.and_then(|row| row.get("customfields")?.as_array());
    let is_it = |cell: &&Value| {
        let known = cell["name"].as_str();
        known.is_some_and(|known| known.eq_ignore_ascii_case(name))
    };
    let found = cells.and_then(|cells| cells.iter().find(is_it));
    found.map(|cell| cell["value"].clone()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{cell, clash, columns, has_columns, rows};
    use serde_json::json;

    #[test]
    fn a_table_is_read_as_halo_writes_it() {
        let table = json!({
            "columns": [{"name": "CFa", "label": "A"}, {"name": "CFb"}],
            "customfields": [{"id": 1, "type": 7, "value": [
                {"id": 4, "customfields": [{"name": "CFa", "value": "x"}, {"name": "CFb", "value": 2}]},
            ]}],
        });
        let table = table.as_object().unwrap().clone();
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(columns(&table), [pair("CFa", "A"), pair("CFb", "CFb")]);
        assert_eq!(
            rows(&table),
            [(4, vec![pair("CFa", "x"), pair("CFb", "2")])]
        );
        for (row, name, held) in [
            (4, "cfB", json!(2)),
            (4, "CFc", json!(null)),
            (5, "CFa", json!(null)),
        ] {
            assert_eq!(cell(&table, row, name), held, "{name} of {row}");
        }
    }

    #[test]
    fn a_new_column_takes_the_place_of_none() {
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        let known = [pair("CFPhone", "Phone"), pair("CFHostold", "Host (old)")];
        for (label, found) in [
            ("phone", Some("Phone")),
            ("CFphone", Some("Phone")),
            ("HOST old", Some("Host (old)")),
            ("Phones", None),
        ] {
            assert_eq!(clash(&known, label).as_deref(), found, "{label}");
        }
        // A label may be changed to what another column is called.
        let relabelled = [pair("CFPhone", "Mobile")];
        assert_eq!(clash(&relabelled, "MOBILE").as_deref(), Some("Mobile"));
        let table = |columns| json!({ "columns": columns }).as_object().unwrap().clone();
        assert!(has_columns(&table(json!([{"name": "CFa"}]))));
        assert!(!has_columns(&table(json!([]))));
    }
}
