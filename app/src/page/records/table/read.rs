//! What a custom table holds, as Halo writes it.

use shared::desk::Record;
use shared::desk::form::named;

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

/// How a column is called where only its label is known.
pub(super) fn column_name(label: &str) -> String {
    let letters: String = label.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("CF{letters}")
}

#[cfg(test)]
mod tests {
    use super::{column_name, columns, rows};
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
        assert_eq!(column_name("On call?"), "CFOncall");
    }
}
