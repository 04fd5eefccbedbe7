//! The columns of a sheet: what each is called, and which field it is.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::desk::form::{named, text_of};
use crate::desk::label;
use crate::desk::record::Record;
use crate::desk::resource::{CLIENT, CUSTOM_TABLE, Field, FieldKind, Resource, USER};

/// Before the name of a field that an asset has because of its type.
pub(super) const OF_TYPE: &str = "fields.";

/// Before the name of a custom field that does not begin as Halo's do.
pub(super) const CUSTOM: &str = "customfields.";

/// How the names of Halo's custom fields begin.
const CF: &str = "CF";

/// Other words for the same, in lower case and without spaces.
const ALIASES: [(&str, &[&str]); 11] = [
    (
        "client_id",
        &["customer", "company", "organisation", "organization"],
    ),
    ("emailaddress", &["email", "mail"]),
    ("phonenumber", &["phone", "telephone", "tel"]),
    ("firstname", &["givenname", "forename"]),
    ("surname", &["lastname", "familyname"]),
    ("title", &["position"]),
    ("delivery_address", &["street"]),
    ("inventory_number", &["tag"]),
    ("assettype_id", &["type"]),
    ("key_field", &["computername", "hostname", "printername"]),
    ("key_field2", &["serial", "serialnumber"]),
];

/// Fields that one cell can hold.
fn is_flat(field: &Field) -> bool {
    !matches!(field.kind, FieldKind::Objects | FieldKind::Named)
}

/// Records as a sheet, its heads first. A custom table is shown by its rows.
pub fn table(resource: &Resource, records: &[Record]) -> Vec<Vec<String>> {
    if *resource == CUSTOM_TABLE {
        return rows_of_tables(records);
    }
    let heads = heads(resource, records);
    let rows = records.iter().map(|record| cells(&heads, record));
    std::iter::once(heads.clone()).chain(rows).collect()
}

/// The columns of a sheet of these records.
fn heads(resource: &Resource, records: &[Record]) -> Vec<String> {
    let mut heads = vec!["id".to_owned()];
    for field in resource.fields.iter().filter(|field| is_flat(field)) {
        heads.push(field.name.to_owned());
        if let FieldKind::Reference(reference) = field.kind
            && let Some((shown, _)) = reference.shows.first()
        {
            heads.push((*shown).to_owned());
        }
    }
    heads.retain(|head| head == "id" || records.iter().any(|record| record.contains_key(head)));
    for list in LISTS {
        if resource.field(list).is_none() {
            continue;
        }
        for record in records {
            for name in names(record.get(list)) {
                let head = head_of(list, &name);
                if !heads.contains(&head) {
                    heads.push(head);
                }
            }
        }
    }
    heads
}

/// The lists whose elements are columns.
const LISTS: [&str; 2] = ["customfields", "fields"];

/// What the column of a list's element is called.
fn head_of(list: &str, name: &str) -> String {
    match list {
        "fields" => format!("{OF_TYPE}{name}"),
        _ if name.starts_with(CF) => name.to_owned(),
        _ => format!("{CUSTOM}{name}"),
    }
}

/// The names of a list, those without a value too.
fn names(list: Option<&Value>) -> Vec<String> {
    let elements = list.and_then(Value::as_array).into_iter().flatten();
    let names = elements.filter_map(|element| element["name"].as_str());
    names.map(str::to_owned).collect()
}

/// A record under these columns.
fn cells(heads: &[String], record: &Record) -> Vec<String> {
    let mut listed = BTreeMap::new();
    for list in LISTS {
        for (name, value) in named(record.get(list), "value") {
            listed.entry(head_of(list, &name)).or_insert(value);
        }
    }
    heads
        .iter()
        .map(|head| match record.get(head) {
            Some(known) if !known.is_array() => text_of(known),
            _ => listed.get(head).cloned().unwrap_or_default(),
        })
        .collect()
}

/// The rows of custom tables, each with its table and its number.
fn rows_of_tables(tables: &[Record]) -> Vec<Vec<String>> {
    let mut heads = ["table_id", "table", "id"].map(str::to_owned).to_vec();
    let own = heads.len();
    let mut rows = Vec::new();
    for table in tables {
        for column in names(table.get("columns")) {
            if !heads[own..].contains(&column) {
                heads.push(column);
            }
        }
        let fields = table.get("customfields").and_then(Value::as_array);
        let all = fields.into_iter().flatten();
        for row in all.filter_map(|field| field["value"].as_array()).flatten() {
            for name in names(row.get("customfields")) {
                if !heads[own..].contains(&name) {
                    heads.push(name);
                }
            }
            rows.push((table, row));
        }
    }
    let cell = |value: Option<&Value>| value.map(text_of).unwrap_or_default();
    let rows = rows.into_iter().map(|(table, row)| {
        let values = named(row.get("customfields"), "value");
        let value = |head: &String| {
            let found = values.iter().find(|(name, _)| name == head);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let known = [
            cell(table.get("id")),
            cell(table.get("name")),
            cell(row.get("id")),
        ];
        known
            .into_iter()
            .chain(heads[own..].iter().map(value))
            .collect()
    });
    std::iter::once(heads.clone()).chain(rows).collect()
}

/// What a column may become: the word by which it is known, and what it is called for people.
pub fn targets(resource: &Resource) -> Vec<(String, String)> {
    let id = ("id".to_owned(), "Number of a record to change".to_owned());
    let fields = resource
        .fields
        .iter()
        .filter(|field| is_flat(field) && (!field.computed || tells_sites_apart(resource, field)))
        .map(|field| {
            let note = if field.computed {
                ", tells sites apart"
            } else {
                ""
            };
            (
                field.name.to_owned(),
                format!("{}{note}", label(field.name)),
            )
        });
    let commands = resource
        .commands
        .iter()
        .filter(|command| command.kind == FieldKind::Line)
        .map(|command| (command.name.to_owned(), label(command.name)));
    std::iter::once(id).chain(fields).chain(commands).collect()
}

/// Many customers have a site of the same name; the user's customer says which one is meant.
pub(super) fn tells_sites_apart(resource: &Resource, field: &Field) -> bool {
    *resource == USER && field.name == "client_id"
}

/// Which field each column is, by its name; empty for a column of which nothing is known.
pub fn guess(resource: &Resource, heads: &[String]) -> Vec<String> {
    let targets = targets(resource);
    let mut taken: Vec<String> = Vec::new();
    heads
        .iter()
        .map(|head| {
            let found = known(resource, &targets, head).filter(|target| !taken.contains(target));
            taken.extend(found.clone());
            found.unwrap_or_default()
        })
        .collect()
}

fn known(resource: &Resource, targets: &[(String, String)], head: &str) -> Option<String> {
    let head = head.trim();
    let is_custom = head.starts_with(CF) || head.starts_with(CUSTOM);
    if is_custom && resource.field("customfields").is_some() {
        return Some(head.to_owned());
    }
    if head.starts_with(OF_TYPE) && resource.field("fields").is_some() {
        return Some(head.to_owned());
    }
    let word = plain(head);
    let is_own_name = word == plain(resource.singular)
        || word == format!("{}name", plain(resource.singular))
        || (*resource == CLIENT && matches!(word.as_str(), "customer" | "company"));
    if is_own_name && resource.field("name").is_some() {
        return Some("name".to_owned());
    }
    targets
        .iter()
        .map(|(name, _)| name)
        .find(|name| {
            let aliases = ALIASES.iter().find(|(known, _)| known == name);
            let shown = match resource.field(name).map(|field| field.kind) {
                Some(FieldKind::Reference(reference)) => {
                    reference.shows.first().map(|(shown, _)| *shown)
                }
                _ => None,
            };
            plain(name) == word
                || plain(&label(name)) == word
                || name
                    .strip_suffix("_id")
                    .is_some_and(|name| plain(name) == word)
                || shown.is_some_and(|shown| plain(shown) == word)
                || aliases.is_some_and(|(_, words)| words.contains(&word.as_str()))
        })
        .cloned()
}

/// Letters and digits alone, in lower case.
fn plain(text: &str) -> String {
    text.chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::desk::resource::{ASSET, SITE};

    #[test]
    fn columns_are_known_by_their_names() {
        for (resource, heads, expected) in [
            (
                &CLIENT,
                "Customer|Web site|CFRegion|Colour of hair",
                "name|website|CFRegion|",
            ),
            (&CLIENT, "id|name|Name", "id|name|"),
            (&SITE, "Site|Customer|Phone", "name|client_id|phonenumber"),
            (&SITE, "name|client_id|client_name", "name|client_id|"),
            (
                &USER,
                "First name|Last Name|E-mail|Company|site_name|Job title",
                "firstname|surname|emailaddress|client_id|site_id|title",
            ),
            (
                &ASSET,
                "Asset tag|Type|client|Serial number|fields.Model",
                "inventory_number|assettype_id|client_id|key_field2|fields.Model",
            ),
        ] {
            let heads: Vec<String> = heads.split('|').map(str::to_owned).collect();
            assert_eq!(guess(resource, &heads).join("|"), expected, "{heads:?}");
        }
    }

    #[test]
    fn what_goes_out_can_come_in_again() {
        let records: Vec<Record> = [
            json!({"id": 1, "name": "A", "client_id": 2, "client_name": "B", "inactive": false,
                "customfields": [{"name": "CFx", "value": 5}, {"name": "Own", "value": "o"}, {"name": "CFempty", "value": null}]}),
            json!({"id": 2, "name": "C", "client_id": 2, "client_name": "B", "inactive": true, "customfields": []}),
        ]
        .iter()
        .map(|record| record.as_object().unwrap().clone())
        .collect();
        let sheet = table(&SITE, &records);
        let lines: Vec<_> = sheet.iter().map(|row| row.join("|")).collect();
        assert_eq!(
            lines,
            [
                "id|name|client_id|client_name|inactive|CFx|customfields.Own|CFempty",
                "1|A|2|B|false|5|o|",
                "2|C|2|B|true|||",
            ]
        );
        let heads = &sheet[0];
        assert_eq!(
            guess(&SITE, heads).join("|"),
            "id|name|client_id||inactive|CFx|customfields.Own|CFempty"
        );
    }

    #[test]
    fn a_custom_table_goes_out_with_its_rows() {
        let row = |id: u64, cells: Value| json!({"id": id, "customfields": cells});
        let tables = [
            json!({"id": 1, "name": "Prices", "columns": [{"name": "CFitem"}, {"name": "CFprice"}],
            "customfields": [{"id": 1, "name": "Prices", "type": 7, "value": [
                row(4, json!([{"name": "CFitem", "value": "Desk"}])),
                row(5, json!([{"name": "CFprice", "value": 2.5}, {"name": "CFitem", "value": "=1"}])),
            ]}]}),
            json!({"id": 2, "name": "Empty", "columns": [{"name": "CFx"}], "customfields": [{"value": []}]}),
        ];
        let tables: Vec<Record> = tables
            .iter()
            .map(|table| table.as_object().unwrap().clone())
            .collect();
        let sheet = table(&CUSTOM_TABLE, &tables);
        let lines: Vec<_> = sheet.iter().map(|row| row.join("|")).collect();
        assert_eq!(
            lines,
            [
                "table_id|table|id|CFitem|CFprice|CFx",
                "1|Prices|4|Desk||",
                "1|Prices|5|=1|2.5|"
            ]
        );
    }
}
