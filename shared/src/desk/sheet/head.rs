//! The columns of a sheet: what each is called, and which field it is.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::desk::form::{follows, named, text_of};
use crate::desk::record::Record;
use crate::desk::resource::{
    ASSET, CLIENT, CUSTOM_TABLE, Field, FieldKind, LOOKUP, Resource, USER,
};
use crate::desk::{custom_name, label};

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

/// Who uses an asset: one cell, their numbers or names between semicolons.
pub(super) const USERS: &str = "users";

/// Where an export has the name of an asset's status.
const STATUS: (&str, &str) = ("status_id", "status_name");

fn is_users(resource: &Resource, field: &Field) -> bool {
    *resource == ASSET && field.name == USERS
}

/// The records that a column's cells may name: those that its field refers to, the statuses of an asset, and its users.
pub fn named_in(resource: &Resource, field: &Field) -> Option<&'static Resource> {
    match field.kind {
        FieldKind::Reference(reference) => Some(reference.to),
        _ if is_users(resource, field) => Some(&USER),
        _ if *resource == ASSET && field.name == STATUS.0 => Some(&LOOKUP),
        _ => None,
    }
}

/// Writes beside each asset's status what it is called; `lookups` are the values that it may be.
pub fn name_statuses(assets: &mut [Record], lookups: &[Record]) {
    for asset in assets {
        let id = asset.get(STATUS.0).and_then(Value::as_u64);
        let found = lookups
            .iter()
            .find(|lookup| id.is_some() && lookup.get("id").and_then(Value::as_u64) == id);
        if let Some(name) = found.and_then(|lookup| lookup.get("name")) {
            asset.insert(STATUS.1.to_owned(), name.clone());
        }
    }
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
    let columns = resource.fields.iter();
    for field in columns.filter(|field| is_flat(field) || is_users(resource, field)) {
        heads.push(field.name.to_owned());
        if *resource == ASSET && field.name == STATUS.0 {
            heads.push(STATUS.1.to_owned());
        }
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
            Some(Value::Array(users)) if head == USERS => {
                let ids = users.iter().map(|user| text_of(&user["id"]));
                ids.collect::<Vec<_>>().join("; ")
            }
            _ => listed.get(head).cloned().unwrap_or_default(),
        })
        .collect()
}

/// The rows of custom tables under the labels of their columns, each with its table and its number. A table without rows
/// has a line of its own.
fn rows_of_tables(tables: &[Record]) -> Vec<Vec<String>> {
    let mut columns: Vec<(String, String)> = Vec::new();
    let mut lines = Vec::new();
    for table in tables {
        let labels = named(table.get("columns"), "label");
        let fields = table.get("customfields").and_then(Value::as_array);
        let fields = fields.into_iter().flatten();
        let rows = fields.filter_map(|field| field["value"].as_array());
        let rows: Vec<&Value> = rows.flatten().collect();
        let used = rows.iter().flat_map(|row| names(row.get("customfields")));
        for name in names(table.get("columns")).into_iter().chain(used) {
            if columns
                .iter()
                .any(|(known, _)| known.eq_ignore_ascii_case(&name))
            {
                continue;
            }
            let label = labels.iter().find(|(known, _)| *known == name);
            let label = label.map_or(name.as_str(), |(_, label)| label.as_str());
            let is_taken = columns.iter().any(|(_, known)| known == label);
            let head = if is_taken {
                format!("{label} ({name})")
            } else {
                label.to_owned()
            };
            columns.push((name, head));
        }
        if rows.is_empty() {
            lines.push((table, None));
        }
        lines.extend(rows.into_iter().map(|row| (table, Some(row))));
    }
    let cell = |value: Option<&Value>| value.map(text_of).unwrap_or_default();
    let lines = lines.into_iter().map(|(table, row)| {
        let values = named(row.and_then(|row| row.get("customfields")), "value");
        let known = [
            cell(table.get("id")),
            cell(table.get("name")),
            cell(row.and_then(|row| row.get("id"))),
        ];
        let values = columns.iter().map(|(column, _)| {
            let found = values
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(column));
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        });
        known.into_iter().chain(values).collect()
    });
    let own = ["Table number", "Table", "Row"].map(str::to_owned);
    let heads = columns.iter().map(|(_, head)| head.clone());
    std::iter::once(own.into_iter().chain(heads).collect())
        .chain(lines)
        .collect()
}

/// What a column may become: the word by which it is known, and what it is called for people.
pub fn targets(resource: &Resource) -> Vec<(String, String)> {
    let id = ("id".to_owned(), "Number of a record to change".to_owned());
    let fields = resource
        .fields
        .iter()
        .filter(|field| is_flat(field) || is_users(resource, field))
        .filter(|field| !field.computed || tells_sites_apart(resource, field))
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

/// Further things that a column may become: the custom fields that records have, and the fields of asset types.
pub fn named_targets<'a>(
    resource: &Resource,
    mut records: impl Iterator<Item = &'a Record>,
    mut types: impl Iterator<Item = &'a Record>,
) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let lists: [(&str, &mut dyn Iterator<Item = &'a Record>); 2] =
        [("customfields", &mut records), ("fields", &mut types)];
    for (list, records) in lists {
        if resource.field(list).is_none() {
            continue;
        }
        for name in records.flat_map(|record| names(record.get(list))) {
            let target = head_of(list, &name);
            let words = match list {
                "fields" => format!("{name}, of its type"),
                _ => format!("Custom field {name}"),
            };
            if !found
                .iter()
                .any(|(known, _)| known.eq_ignore_ascii_case(&target))
            {
                found.push((target, words));
            }
        }
    }
    found
}

/// The fields that a new record cannot do without and that no column becomes, by their labels; none where the rows name
/// records to change.
pub fn missing_columns(resource: &Resource, targets: &[String]) -> Vec<String> {
    if targets.iter().any(|target| target == "id") {
        return Vec::new();
    }
    let filled: Record = targets
        .iter()
        .map(|target| (target.clone(), "x".into()))
        .collect();
    let fields = resource.fields.iter().filter(|field| {
        field.required.is_some()
            && !field.computed
            && !filled.contains_key(field.name)
            && !follows(resource, field.name, &filled)
    });
    fields.map(|field| label(field.name)).collect()
}

/// The custom field that a column becomes which is none yet; nothing where its head has no letters.
pub fn new_custom_field(resource: &Resource, head: &str) -> Option<(String, String)> {
    resource.field("customfields")?;
    let name = custom_name(head);
    (name != CF).then(|| (name.clone(), format!("New custom field {name}")))
}

/// Which field each column is, by its name; empty for a column of which nothing is known. `more` are further targets, by
/// which a column is known where it is no field of the records.
pub fn guess(resource: &Resource, heads: &[String], more: &[(String, String)]) -> Vec<String> {
    let targets = targets(resource);
    let named = |head: &str| {
        let word = plain(head);
        let known = |target: &str| {
            let name = [OF_TYPE, CUSTOM, CF]
                .iter()
                .find_map(|before| target.strip_prefix(before));
            !word.is_empty() && name.is_some_and(|name| plain(name) == word)
        };
        let found = more.iter().find(|(target, _)| known(target));
        found.map(|(target, _)| target.clone())
    };
    let mut taken: Vec<String> = Vec::new();
    heads
        .iter()
        .map(|head| {
            let found = known(resource, &targets, head)
                .or_else(|| named(head))
                .filter(|target| !taken.contains(target));
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
        || (*resource == USER && word == "fullname")
        || (*resource == CLIENT
            && matches!(
                word.as_str(),
                "customer" | "customername" | "company" | "companyname"
            ));
    if is_own_name && resource.field("name").is_some() {
        return Some("name".to_owned());
    }
    targets
        .iter()
        .map(|(name, _)| name)
        .find(|name| {
            let aliases = ALIASES.iter().find(|(known, _)| known == name);
            let shown = match resource.field(name).map(|field| field.kind) {
                _ if *resource == ASSET && *name == STATUS.0 => Some(STATUS.1),
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
            (&CLIENT, "Customer name|id", "name|id"),
            (&USER, "Full Name|Site", "name|site_id"),
            (&ASSET, "Status|status_name|Users", "status_id||users"),
        ] {
            let heads: Vec<String> = heads.split('|').map(str::to_owned).collect();
            assert_eq!(
                guess(resource, &heads, &[]).join("|"),
                expected,
                "{heads:?}"
            );
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
            guess(&SITE, heads, &[]).join("|"),
            "id|name|client_id||inactive|CFx|customfields.Own|CFempty"
        );
    }

    #[test]
    fn a_custom_table_goes_out_under_its_labels() {
        let row = |id: u64, cells: Value| json!({"id": id, "customfields": cells});
        let tables = [
            json!({"id": 1, "name": "Prices",
            "columns": [{"name": "CFitem", "label": "Item"}, {"name": "CFprice", "label": "Price"}, {"name": "CFnote", "label": "Item"}],
            "customfields": [{"id": 1, "name": "Prices", "type": 7, "value": [
                row(4, json!([{"name": "CFitem", "value": "Desk"}])),
                row(5, json!([{"name": "CFPrice", "value": 2.5}, {"name": "CFitem", "value": "=1"}])),
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
                "Table number|Table|Row|Item|Price|Item (CFnote)|CFx",
                "1|Prices|4|Desk|||",
                "1|Prices|5|=1|2.5||",
                "2|Empty|||||",
            ]
        );
    }

    #[test]
    fn an_asset_goes_out_with_its_users_and_the_name_of_its_status() {
        let records = |list: Value| -> Vec<Record> {
            let list = list.as_array().unwrap().iter();
            list.map(|record| record.as_object().unwrap().clone())
                .collect()
        };
        let mut assets = records(json!([
            {"id": 1, "status_id": 4, "users": [{"id": 7}, {"id": 9}]},
            {"id": 2, "status_id": 8, "users": []},
        ]));
        name_statuses(&mut assets, &records(json!([{"id": 4, "name": "Remote"}])));
        let sheet = table(&ASSET, &assets);
        let lines: Vec<_> = sheet.iter().map(|row| row.join("|")).collect();
        let expected = ["id|status_id|status_name|users", "1|4|Remote|7; 9", "2|8||"];
        assert_eq!(lines, expected);
    }

    #[test]
    fn what_no_column_becomes_is_told_once() {
        for (resource, targets, missing) in [
            (&CLIENT, "website", "Name"),
            (&CLIENT, "name|website", ""),
            (&CLIENT, "id|website", ""),
            (&USER, "firstname", "Site"),
            (&USER, "", "Name|Site"),
            (&ASSET, "client_id", "Asset type"),
        ] {
            let columns: Vec<String> = targets.split('|').map(str::to_owned).collect();
            let mut found = missing_columns(resource, &columns);
            found.sort();
            assert_eq!(found.join("|"), missing, "{resource:?} {targets}");
        }
    }

    #[test]
    fn a_column_may_become_what_only_some_records_have() {
        let record = |value: Value| vec![value.as_object().unwrap().clone()];
        let assets = record(json!({"customfields": [{"name": "CFRack"}, {"name": "Own"}]}));
        let types = record(json!({"fields": [{"name": "Operating system"}]}));
        let more = named_targets(&ASSET, assets.iter(), types.iter());
        let expected = [
            ("CFRack", "Custom field CFRack"),
            ("customfields.Own", "Custom field Own"),
            ("fields.Operating system", "Operating system, of its type"),
        ];
        assert_eq!(more, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
        let heads = ["operating_system", "Rack", "own", "Notes"].map(str::to_owned);
        assert_eq!(
            guess(&ASSET, &heads, &more).join("|"),
            "fields.Operating system|CFRack|customfields.Own|notes"
        );
        assert_eq!(
            new_custom_field(&CLIENT, "Region!").map(|(target, _)| target),
            Some("CFRegion".to_owned())
        );
        assert_eq!(new_custom_field(&CLIENT, "?"), None);
    }
}
