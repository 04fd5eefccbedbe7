//! What each Halo API action takes: the JSON it starts with, the keys it knows, and what it cannot do without.

use serde_json::Value;

use super::resource::{Command, Field, FieldKind, Resource, resource};
use crate::model::{DeskOperation, HttpMethod};
use crate::problem::ErrorDetail;
use crate::template::{Context, Template, UNKNOWN};

/// A key that an action's JSON may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    pub name: &'static str,
    /// The type of its values, in words.
    pub expected: &'static str,
    /// What it holds; empty where the name says it.
    pub about: &'static str,
    pub required: bool,
    /// What may stand behind it: a token, or a JSON literal.
    pub example: &'static str,
}

/// What an action is called, and what it starts with.
struct Sheet {
    operation: DeskOperation,
    label: &'static str,
    /// Keys of which one of each group must be there.
    required: &'static [&'static [&'static str]],
    /// What a fresh action's JSON holds, key and value.
    begins: &'static [(&'static str, &'static str)],
}

const ID: &[&str] = &["id"];

/// In the order of [`DeskOperation::ALL`].
static SHEETS: [Sheet; 19] = [
    Sheet {
        operation: DeskOperation::AddAction,
        label: "Add Action",
        required: &[&["ticket_id"], &["outcome", "outcome_id"]],
        begins: &[
            ("ticket_id", "<<ticket^id>>"),
            ("outcome", "\"Note\""),
            ("note_html", "\"\""),
            ("hiddenfromuser", "false"),
        ],
    },
    Sheet {
        operation: DeskOperation::CreateTicket,
        label: "Create Ticket",
        required: &[&["summary"], &["tickettype_id"]],
        begins: &[
            ("summary", "\"<<ticket^summary>>\""),
            ("details", "\"\""),
            ("tickettype_id", "1"),
            ("client_id", "<<ticket^client_id>>"),
        ],
    },
    Sheet {
        operation: DeskOperation::UpdateTicket,
        label: "Update Ticket",
        required: &[ID],
        begins: &[("id", "<<ticket^id>>"), ("status_id", "2")],
    },
    Sheet {
        operation: DeskOperation::CreateCustomer,
        label: "Create Customer",
        required: &[&["name"]],
        begins: &[
            ("name", "\"<<ticket^summary>>\""),
            ("website", "\"\""),
            ("notes", "\"\""),
            ("newclient_sitename", "\"Main\""),
            ("newclient_contactname", "\"\""),
            ("newclient_contactemail", "\"\""),
        ],
    },
    Sheet {
        operation: DeskOperation::EditCustomer,
        label: "Edit Customer",
        required: &[ID],
        begins: &[("id", "<<ticket^client_id>>"), ("notes", "\"\"")],
    },
    Sheet {
        operation: DeskOperation::CreateSite,
        label: "Create Site",
        required: &[&["name"], &["client_id"]],
        begins: &[
            ("name", "\"<<ticket^summary>>\""),
            ("client_id", "<<ticket^client_id>>"),
            ("phonenumber", "\"\""),
        ],
    },
    Sheet {
        operation: DeskOperation::EditSite,
        label: "Edit Site",
        required: &[ID],
        begins: &[("id", "<<ticket^site_id>>"), ("notes", "\"\"")],
    },
    Sheet {
        operation: DeskOperation::CreateUser,
        label: "Create User",
        required: &[&["name", "firstname", "surname"], &["site_id"]],
        begins: &[
            ("name", "\"<<ticket^summary>>\""),
            ("site_id", "<<ticket^site_id>>"),
            ("emailaddress", "\"\""),
            ("phonenumber", "\"\""),
        ],
    },
    Sheet {
        operation: DeskOperation::EditUser,
        label: "Edit User",
        required: &[ID],
        begins: &[("id", "<<ticket^user_id>>"), ("phonenumber", "\"\"")],
    },
    Sheet {
        operation: DeskOperation::CreateAsset,
        label: "Create Asset",
        required: &[&["assettype_id"], &["client_id", "site_id"]],
        begins: &[
            ("assettype_id", "1"),
            ("client_id", "<<ticket^client_id>>"),
            ("inventory_number", "\"\""),
            ("key_field", "\"\""),
        ],
    },
    Sheet {
        operation: DeskOperation::EditAsset,
        label: "Edit Asset",
        required: &[ID],
        begins: &[("id", "1"), ("status_id", "1")],
    },
    Sheet {
        operation: DeskOperation::CreateLookup,
        label: "Create Lookup",
        required: &[&["lookupid"], &["name"]],
        begins: &[("lookupid", "1"), ("name", "\"<<ticket^summary>>\"")],
    },
    Sheet {
        operation: DeskOperation::EditLookup,
        label: "Edit Lookup",
        required: &[ID, &["lookupid"]],
        begins: &[
            ("lookupid", "1"),
            ("id", "1"),
            ("name", "\"<<ticket^summary>>\""),
        ],
    },
    Sheet {
        operation: DeskOperation::CreateKnowledgeBaseArticle,
        label: "Create Knowledge Base Article",
        required: &[&["name"]],
        begins: &[
            ("name", "\"<<ticket^summary>>\""),
            ("description_html", "\"<<ticket^details>>\""),
            ("resolution_html", "\"\""),
            ("tag_string", "\"\""),
        ],
    },
    Sheet {
        operation: DeskOperation::EditKnowledgeBaseArticle,
        label: "Edit Knowledge Base Article",
        required: &[ID],
        begins: &[("id", "1"), ("resolution_html", "\"\"")],
    },
    Sheet {
        operation: DeskOperation::EditCustomTableData,
        label: "Edit Custom Table Data",
        required: &[
            ID,
            &[
                "customfields",
                "edit_customfields",
                "add_customfields",
                "delete_customfields",
                "delete_columns",
            ],
        ],
        begins: &[
            ("id", "1"),
            (
                "edit_customfields",
                "[{\"id\": 1, \"customfields\": [{\"name\": \"CFColumn\", \"value\": \"<<ticket^summary>>\"}]}]",
            ),
        ],
    },
    Sheet {
        operation: DeskOperation::CreateTicketRule,
        label: "Create Ticket Rule",
        required: &[&["name"]],
        begins: &[
            ("name", "\"<<ticket^summary>>\""),
            ("precedence", "10"),
            ("active", "true"),
            (
                "criteria",
                "[{\"fieldname\": \"summary\", \"type\": 1, \"value_string\": \"\"}]",
            ),
            ("new_status_id", "1"),
        ],
    },
    Sheet {
        operation: DeskOperation::EditTicketRule,
        label: "Edit Ticket Rule",
        required: &[ID],
        begins: &[("id", "1"), ("active", "false")],
    },
    Sheet {
        operation: DeskOperation::GetControl,
        label: "Get Control",
        required: &[],
        begins: &[],
    },
];

fn sheet(operation: DeskOperation) -> &'static Sheet {
    let own = SHEETS.iter().find(|sheet| sheet.operation == operation);
    own.expect("a test finds a sheet for every action")
}

/// Halo's name for an action.
pub fn label(operation: DeskOperation) -> &'static str {
    sheet(operation).label
}

/// What an action does, in one sentence.
pub fn about(operation: DeskOperation) -> &'static str {
    resource_of(operation).map_or("", |resource| resource.about)
}

fn resource_of(operation: DeskOperation) -> Option<&'static Resource> {
    resource(operation.resource().trim_start_matches("/api/"))
}

/// The JSON that a fresh action starts with: what is required, and the usual fields.
pub fn starting_body(operation: DeskOperation) -> String {
    let begins = sheet(operation).begins;
    if begins.is_empty() {
        return String::new();
    }
    let fields: Vec<_> = begins
        .iter()
        .map(|(name, value)| format!("    \"{name}\": {value}"))
        .collect();
    format!("[\n  {{\n{}\n  }}\n]", fields.join(",\n"))
}

/// Every key that the action's JSON may have: what is required comes first, then the usual ones.
pub fn keys(operation: DeskOperation) -> Vec<Key> {
    let Sheet {
        required, begins, ..
    } = sheet(operation);
    let Some(resource) =
        resource_of(operation).filter(|_| operation.http_method() == HttpMethod::Post)
    else {
        return Vec::new();
    };
    let is_edit = required.contains(&ID);
    let id = is_edit.then_some((
        "id",
        "a whole number",
        "Which record is changed",
        FieldKind::Integer,
    ));
    let fields = resource.fields.iter().filter(|field| !field.computed).map(
        |Field {
             name, kind, about, ..
         }| (*name, kind.expected(), *about, *kind),
    );
    let commands = resource
        .commands
        .iter()
        .map(|Command { name, kind, about }| (*name, kind.expected(), *about, *kind));
    let mut keys: Vec<_> = id
        .into_iter()
        .chain(fields)
        .chain(commands)
        .map(|(name, expected, about, kind)| Key {
            name,
            expected,
            about,
            required: required.iter().any(|group| group.first() == Some(&name)),
            example: begins
                .iter()
                .find(|(known, _)| *known == name)
                .map_or_else(|| example(kind), |(_, value)| value),
        })
        .collect();
    let place = |key: &Key| {
        begins
            .iter()
            .position(|(name, _)| *name == key.name)
            .unwrap_or(begins.len())
    };
    keys.sort_by_key(|key| (!key.required, place(key)));
    keys
}

fn example(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Line | FieldKind::Text | FieldKind::Html => "\"\"",
        FieldKind::Integer | FieldKind::Reference(_) => "1",
        FieldKind::Decimal => "0.5",
        FieldKind::Boolean => "true",
        FieldKind::Instant => "\"2026-03-02T09:30:00Z\"",
        FieldKind::Objects => "[]",
        FieldKind::Named => "[{\"name\": \"CFName\", \"value\": \"\"}]",
    }
}

/// Whether the last record of an action's JSON has a key: that is the one that [`with_key`] adds to. While the JSON cannot be
/// read, a key that stands anywhere in it counts.
pub fn holds_key(body: &str, key: &str) -> bool {
    let outline = Template::parse(body, Context::Json)
        .ok()
        .and_then(|template| template.json_outline());
    if outline.is_none() {
        return body.contains(&format!("\"{key}\""));
    }
    let record = match &outline {
        Some(Value::Array(records)) => records.last(),
        other => other.as_ref(),
    };
    let record = record.and_then(Value::as_object);
    record.is_some_and(|record| record.keys().any(|held| held.eq_ignore_ascii_case(key)))
}

/// Adds a key to the JSON of an action, in its last record; `None` where it is there already, or there is no place for it.
pub fn with_key(body: &str, key: &Key) -> Option<String> {
    if holds_key(body, key.name) {
        return None;
    }
    let field = format!("\"{}\": {}", key.name, key.example);
    let end = body.rfind('}')?;
    let (before, after) = body.split_at(end);
    let held = before.trim_end();
    let space = &before[held.len()..];
    let separator = match held.chars().next_back()? {
        '{' | ',' => "",
        _ => ",",
    };
    // As the other fields stand: on lines of their own, or on one.
    let gap = if space.contains('\n') {
        format!("{space}  ")
    } else if separator.is_empty() {
        String::new()
    } else {
        " ".to_owned()
    };
    Some(format!("{held}{separator}{gap}{field}{space}{after}"))
}

/// What the JSON of an action lacks, as far as it can be told before there are values.
pub fn check(operation: DeskOperation, body: &Template) -> Vec<ErrorDetail> {
    debug_assert_eq!(body.context(), Context::Json);
    let Sheet {
        label, required, ..
    } = sheet(operation);
    if operation.http_method() != HttpMethod::Post {
        return Vec::new();
    }
    let Some(outline) = body.json_outline() else {
        return Vec::new();
    };
    let refused = |code, message: String| vec![ErrorDetail::new(code, message).at_field("body")];
    let records = match &outline {
        Value::Array(records) => records.as_slice(),
        Value::String(text) if text.contains(UNKNOWN) => &[],
        record => std::slice::from_ref(record),
    };
    let mut problems = Vec::new();
    for record in records {
        let record = match record {
            Value::Object(record) => record,
            Value::String(text) if text.contains(UNKNOWN) => continue,
            _ => {
                return refused(
                    "not_records",
                    format!("{label} takes a list of records, such as `[{{…}}]`"),
                );
            }
        };
        if record.keys().any(|name| name.contains(UNKNOWN)) {
            continue;
        }
        let has = |name: &str| {
            record
                .iter()
                .find(|(known, _)| known.eq_ignore_ascii_case(name))
                .is_some_and(|(_, value)| match value {
                    Value::Null => false,
                    Value::String(text) => !text.trim().is_empty(),
                    _ => true,
                })
        };
        for group in *required {
            if !group.iter().any(|name| has(name)) {
                let names: Vec<_> = group.iter().map(|name| format!("`{name}`")).collect();
                problems.extend(refused(
                    "missing_key",
                    format!("{label} needs {}: give it a value", names.join(" or ")),
                ));
            }
        }
        if !required.contains(&ID) && has("id") {
            problems.extend(refused(
                "surplus_id",
                format!("{label} makes a new record, but with `id` an old one is changed: remove it, or choose an action that edits"),
            ));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_text(operation: DeskOperation, text: &str) -> Vec<String> {
        let template = Template::parse(text, Context::Json).unwrap();
        check(operation, &template)
            .into_iter()
            .map(|detail| detail.message)
            .collect()
    }

    #[test]
    fn every_action_starts_with_all_that_it_needs() {
        for (operation, sheet) in DeskOperation::ALL.into_iter().zip(&SHEETS) {
            assert_eq!(sheet.operation, operation);
            let body = starting_body(operation);
            if operation.http_method() == HttpMethod::Post {
                assert_eq!(check_text(operation, &body), [""; 0], "{operation:?}");
            }
            for (name, _) in sheet.begins {
                let known = keys(operation).iter().any(|key| key.name == *name);
                assert!(known, "{operation:?}: {name}");
            }
            assert!(resource_of(operation).is_some(), "{operation:?}");
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        use DeskOperation as O;
        for (operation, text, expected) in [
            (
                O::CreateCustomer,
                "[{}]",
                "Create Customer needs `name`: give it a value",
            ),
            (
                O::CreateCustomer,
                "[{\"name\": \" \"}]",
                "Create Customer needs `name`: give it a value",
            ),
            (O::CreateCustomer, "{\"NAME\": <<X>>}", ""),
            (O::CreateCustomer, "[{\"name\": \"<<X>>\"}]", ""),
            (O::CreateCustomer, "<<request>>", ""),
            (O::CreateCustomer, "[<<request>>]", ""),
            (O::CreateCustomer, "[{\"<<X>>\": 1}]", ""),
            (
                O::CreateCustomer,
                "[5]",
                "Create Customer takes a list of records, such as `[{…}]`",
            ),
            (
                O::CreateCustomer,
                "[{\"name\": \"a\", \"id\": <<X>>}]",
                "Create Customer makes a new record, but with `id` an old one is changed: remove it, or choose an action that edits",
            ),
            (
                O::AddAction,
                "[{\"ticket_id\": 1}]",
                "Add Action needs `outcome` or `outcome_id`: give it a value",
            ),
            (
                O::EditLookup,
                "[{\"id\": 1}]",
                "Edit Lookup needs `lookupid`: give it a value",
            ),
            (O::GetControl, "[]", ""),
        ] {
            assert_eq!(check_text(operation, text).concat(), expected, "{text}");
        }
    }

    #[test]
    fn a_key_is_added_as_the_others_stand() {
        let keys = keys(DeskOperation::EditCustomer);
        let website = keys.iter().find(|key| key.name == "website").unwrap();
        for (body, expected) in [
            ("[{}]", "[{\"website\": \"\"}]"),
            ("[{\"id\": 1}]", "[{\"id\": 1, \"website\": \"\"}]"),
            (
                "[\n  {\n    \"id\": 1\n  }\n]",
                "[\n  {\n    \"id\": 1,\n    \"website\": \"\"\n  }\n]",
            ),
        ] {
            assert_eq!(with_key(body, website).as_deref(), Some(expected));
        }
        for held in [
            "[{\"website\": \"\"}]",
            "[{\"id\": 2}, {\"id\": <<ticket^id>>, \"Website\": \"<<a>>\"}]",
            "[{\"website\": }]",
            "[",
        ] {
            assert_eq!(with_key(held, website), None, "{held}");
        }
        assert!(with_key("[{\"website\": \"\"}, {\"id\": 2}]", website).is_some());
        assert_eq!((keys[0].name, keys[0].required), ("id", true));
    }
}
