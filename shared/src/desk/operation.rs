//! What each Halo API action takes: the JSON it starts with, the keys it knows, and what it cannot do without.

mod key;
mod place;

use serde_json::Value;

use super::resource::{Resource, resource};
use crate::model::{DeskOperation, HttpMethod};
use crate::problem::ErrorDetail;
use crate::template::{Context, Template, UNKNOWN};

pub use key::{Choices, Key, Need, keys};
pub use place::{KeyPlace, id_in, place_of, put};

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
            ("outcome", "\"Private Note\""),
            ("note", "\"<<ticket^summary>>\""),
            ("hiddenfromuser", "true"),
        ],
    },
    Sheet {
        operation: DeskOperation::CreateTicket,
        label: "Create Ticket",
        required: &[&["summary"], &["tickettype_id"]],
        begins: &[
            ("summary", "\"<<ticket^summary>>\""),
            ("details", "\"<<ticket^details>>\""),
            ("tickettype_id", "<<ticket^tickettype_id>>"),
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
            ("notes", "\"<<ticket^details>>\""),
            ("newclient_sitename", "\"Main\""),
            ("newclient_contactname", "\"General User\""),
        ],
    },
    Sheet {
        operation: DeskOperation::EditCustomer,
        label: "Edit Customer",
        required: &[ID],
        begins: &[
            ("id", "<<ticket^client_id>>"),
            ("notes", "\"<<action^note>>\""),
        ],
    },
    Sheet {
        operation: DeskOperation::CreateSite,
        label: "Create Site",
        required: &[&["name"], &["client_id"]],
        begins: &[
            ("name", "\"<<ticket^summary>>\""),
            ("client_id", "<<ticket^client_id>>"),
            ("notes", "\"<<ticket^details>>\""),
        ],
    },
    Sheet {
        operation: DeskOperation::EditSite,
        label: "Edit Site",
        required: &[ID],
        begins: &[
            ("id", "<<ticket^site_id>>"),
            ("notes", "\"<<action^note>>\""),
        ],
    },
    Sheet {
        operation: DeskOperation::CreateUser,
        label: "Create User",
        required: &[&["name", "firstname", "surname"], &["site_id"]],
        begins: &[
            ("name", "\"<<ticket^summary>>\""),
            ("site_id", "<<ticket^site_id>>"),
            ("notes", "\"<<ticket^details>>\""),
        ],
    },
    Sheet {
        operation: DeskOperation::EditUser,
        label: "Edit User",
        required: &[ID],
        begins: &[
            ("id", "<<ticket^user_id>>"),
            ("notes", "\"<<action^note>>\""),
        ],
    },
    Sheet {
        operation: DeskOperation::CreateAsset,
        label: "Create Asset",
        required: &[&["assettype_id"], &["client_id", "site_id"]],
        begins: &[
            ("assettype_id", "1"),
            ("client_id", "<<ticket^client_id>>"),
            ("key_field", "\"<<ticket^summary>>\""),
        ],
    },
    Sheet {
        operation: DeskOperation::EditAsset,
        label: "Edit Asset",
        required: &[ID],
        begins: &[("id", "<<Asset id>>"), ("notes", "\"<<action^note>>\"")],
    },
    Sheet {
        operation: DeskOperation::CreateLookup,
        label: "Create Lookup",
        required: &[&["lookupid"], &["name"]],
        begins: &[("lookupid", "100"), ("name", "\"<<ticket^summary>>\"")],
    },
    Sheet {
        operation: DeskOperation::EditLookup,
        label: "Edit Lookup",
        required: &[ID, &["lookupid"]],
        begins: &[
            ("lookupid", "100"),
            ("id", "<<Lookup id>>"),
            ("name", "\"<<ticket^summary>>\""),
        ],
    },
    Sheet {
        operation: DeskOperation::CreateKnowledgeBaseArticle,
        label: "Create Knowledge Base Article",
        required: &[&["name"]],
        begins: &[
            ("name", "\"<<ticket^summary>>\""),
            ("description_html", "\"<<ticket^details_html>>\""),
            ("resolution", "\"<<action^note>>\""),
            ("tag_string", "\"from ticket <<ticket^id>>\""),
        ],
    },
    Sheet {
        operation: DeskOperation::EditKnowledgeBaseArticle,
        label: "Edit Knowledge Base Article",
        required: &[ID],
        begins: &[
            ("id", "<<Article id>>"),
            ("resolution", "\"<<action^note>>\""),
        ],
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
            ("id", "<<Table id>>"),
            (
                "edit_customfields",
                "[{\"id\": <<Row id>>, \"customfields\": [{\"name\": \"CFColumn\", \"value\": \"<<action^note>>\"}]}]",
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
                "[{\"fieldname\": \"summary\", \"type\": \"contains\", \"value_string\": \"<<ticket^summary>>\"}]",
            ),
            ("new_status_id", "1"),
        ],
    },
    Sheet {
        operation: DeskOperation::EditTicketRule,
        label: "Edit Ticket Rule",
        required: &[ID],
        begins: &[("id", "<<Rule id>>"), ("active", "false")],
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
    if outline.as_array().is_some_and(Vec::is_empty) {
        return refused(
            "no_records",
            format!("{label} needs at least one record: an empty list does nothing"),
        );
    }
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

/// What keeps JSON with its values in it from being sent: an action that edits, but names no record. Desks make a new
/// one of that, and say that all went well.
pub fn check_values(operation: DeskOperation, body: &str) -> Result<(), ErrorDetail> {
    let Sheet {
        label, required, ..
    } = sheet(operation);
    if operation.http_method() != HttpMethod::Post || !required.contains(&ID) {
        return Ok(());
    }
    // What is no JSON, the desk refuses.
    let Ok(body) = serde_json::from_str::<Value>(body) else {
        return Ok(());
    };
    let records = match &body {
        Value::Array(records) => records.as_slice(),
        record => std::slice::from_ref(record),
    };
    let is_named = |record: &&Value| {
        let Some(record) = record.as_object() else {
            return true;
        };
        let mut fields = record.iter();
        let id = fields.find(|(name, _)| name.eq_ignore_ascii_case("id"));
        id.is_some_and(|(_, id)| match id {
            Value::Null => false,
            Value::Number(id) => id.as_f64() != Some(0.0),
            Value::String(id) => !matches!(id.trim(), "" | "0"),
            _ => true,
        })
    };
    if records.iter().all(|record| is_named(&record)) {
        return Ok(());
    }
    let message = format!(
        "{label} was not sent, because its `id` is empty here, and a desk would make a new record of it: let a condition before this step see to it that there is one"
    );
    Err(ErrorDetail::new("no_id", message).at_field("body"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_that_names_no_record_is_not_sent() {
        use DeskOperation::{AddAction, CreateCustomer, EditCustomer, GetControl, UpdateTicket};
        for (operation, body, is_sent) in [
            (EditCustomer, r#"[{"id": 4, "notes": "n"}]"#, true),
            (EditCustomer, r#"{"ID": "4"}"#, true),
            (EditCustomer, r#"[{"id": null, "notes": "n"}]"#, false),
            (EditCustomer, r#"[{"id": "", "notes": "n"}]"#, false),
            (EditCustomer, r#"[{"id": 0}]"#, false),
            (EditCustomer, r#"[{"id": " 0 "}]"#, false),
            (EditCustomer, r#"[{"notes": "n"}]"#, false),
            (UpdateTicket, r#"[{"id": 4}, {"id": null}]"#, false),
            (UpdateTicket, "[]", true),
            (UpdateTicket, "[1]", true),
            (UpdateTicket, "no JSON", true),
            (CreateCustomer, r#"[{"id": null, "name": "n"}]"#, true),
            (AddAction, r#"[{"ticket_id": 1}]"#, true),
            (GetControl, "", true),
        ] {
            let checked = check_values(operation, body);
            assert_eq!(checked.is_ok(), is_sent, "{body}");
            if let Err(problem) = checked {
                assert_eq!(problem.code, "no_id");
            }
        }
    }

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
    fn no_action_begins_with_a_value_that_wipes_something_out() {
        for operation in DeskOperation::ALL {
            let body = starting_body(operation);
            assert!(!body.contains("\"\""), "{operation:?}: {body}");
            // A record that no ticket leads to is chosen; nobody's first record is changed unasked.
            if sheet(operation).required.contains(&ID) {
                assert!(body.contains("\"id\": <<"), "{operation:?}: {body}");
            }
        }
        let article = starting_body(DeskOperation::CreateKnowledgeBaseArticle);
        assert!(article.contains("\"description_html\": \"<<ticket^details_html>>\""));
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
            (
                O::EditLookup,
                "[]",
                "Edit Lookup needs at least one record: an empty list does nothing",
            ),
            (O::GetControl, "[]", ""),
        ] {
            assert_eq!(check_text(operation, text).concat(), expected, "{text}");
        }
    }
}
