//! The columns of a sheet: what each is called, and which field it is.

use serde_json::Value;

use crate::desk::form::{named, text_of};
use crate::desk::label;
use crate::desk::record::Record;
use crate::desk::resource::{CLIENT, Field, FieldKind, Resource, USER};

/// Before the name of a field that an asset has because of its type.
pub(super) const OF_TYPE: &str = "fields.";

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

/// The columns of a sheet of these records.
pub fn heads(resource: &Resource, records: &[Record]) -> Vec<String> {
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
    let mut add = |list: &str, before: &str| {
        for record in records {
            for (name, _) in named(record.get(list), "value") {
                let head = format!("{before}{name}");
                if !heads.contains(&head) {
                    heads.push(head);
                }
            }
        }
    };
    if resource.field("customfields").is_some() {
        add("customfields", "");
    }
    if resource.field("fields").is_some() {
        add("fields", OF_TYPE);
    }
    heads
}

/// A record under these columns.
pub fn cells(heads: &[String], record: &Record) -> Vec<String> {
    let value = |list: &str, name: &str| {
        let found = named(record.get(list), "value");
        let found = found.into_iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value).unwrap_or_default()
    };
    heads
        .iter()
        .map(
            |head| match (record.get(head), head.strip_prefix(OF_TYPE)) {
                (Some(Value::Array(_)), _) => String::new(),
                (Some(known), _) => text_of(known),
                (None, Some(name)) => value("fields", name),
                (None, None) => value("customfields", head),
            },
        )
        .collect()
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
    if head.starts_with("CF") && resource.field("customfields").is_some() {
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
                "customfields": [{"name": "CFx", "value": 5}]}),
            json!({"id": 2, "name": "C", "client_id": 2, "client_name": "B", "inactive": true, "customfields": []}),
        ]
        .iter()
        .map(|record| record.as_object().unwrap().clone())
        .collect();
        let heads = heads(&SITE, &records);
        assert_eq!(
            heads.join("|"),
            "id|name|client_id|client_name|inactive|CFx"
        );
        assert_eq!(cells(&heads, &records[0]).join("|"), "1|A|2|B|false|5");
        assert_eq!(
            guess(&SITE, &heads).join("|"),
            "id|name|client_id||inactive|CFx"
        );
    }
}
