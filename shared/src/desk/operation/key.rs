//! The keys that an action's JSON may have: what each holds, what may stand behind it, and what it may be chosen from.

use serde_json::Value;

use super::{ID, Sheet, resource_of, sheet};
use crate::desk::record::Record;
use crate::desk::resource::{
    AGENT, CATEGORY, Command, Field, FieldKind, LOOKUP, OUTCOME, Resource, STATUS, TEAM,
};
use crate::model::{DeskOperation, HttpMethod};

/// A key that an action's JSON may have.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    pub name: &'static str,
    /// The type of its values, in words.
    pub expected: &'static str,
    /// What it holds.
    pub about: &'static str,
    pub need: Need,
    /// What may stand behind it: a token, or a JSON literal.
    pub example: &'static str,
    /// Records of this desk that it may name.
    pub choices: Option<Choices>,
}

/// Whether an action can do without a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    Required,
    /// This one or another one of its group.
    OneOfSeveral,
    Optional,
}

/// Where the records are that a key may name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Choices {
    pub resource: &'static Resource,
    /// Further parameters of their list.
    pub query: &'static str,
    by: By,
}

/// How a key names a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Id,
    /// The text of this field.
    Text(&'static str),
    /// As a row of the custom table whose id stands in the JSON.
    Row,
}

impl Choices {
    const fn ids(resource: &'static Resource) -> Self {
        Self {
            resource,
            query: "",
            by: By::Id,
        }
    }

    const fn texts(resource: &'static Resource, field: &'static str) -> Self {
        Self {
            resource,
            query: "",
            by: By::Text(field),
        }
    }

    /// Whether one chooses among the rows of a table, which must be chosen first.
    pub fn are_rows(self) -> bool {
        self.by == By::Row
    }

    /// What may be chosen of these records: the JSON that stands behind the key then, and words for it.
    pub fn of(self, records: &[Record]) -> Vec<(String, String)> {
        match self.by {
            By::Row => records.iter().flat_map(rows).collect(),
            by => records
                .iter()
                .filter_map(|record| choice(by, record))
                .collect(),
        }
    }
}

fn choice(by: By, record: &Record) -> Option<(String, String)> {
    let text = |field: &str| {
        let text = record.get(field).and_then(Value::as_str).map(str::trim);
        text.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    if let By::Text(field) = by {
        let text = text(field)?;
        return Some((Value::from(text.as_str()).to_string(), text));
    }
    let id = record.get("id")?.as_u64()?;
    let fields = ["name", "summary", "inventory_number", "key_field", "value"];
    let name = fields.into_iter().find_map(text).unwrap_or_default();
    Some((id.to_string(), format!("{id} {name}").trim_end().to_owned()))
}

/// The rows of a table as it is shown, each as the JSON that changes all of its cells.
fn rows(table: &Record) -> Vec<(String, String)> {
    let array =
        |value: Option<&Value>| value.and_then(Value::as_array).cloned().unwrap_or_default();
    let columns = array(table.get("columns"));
    let field = array(table.get("customfields"));
    let rows = field
        .into_iter()
        .flat_map(|field| array(field.get("value")));
    rows.filter_map(|row| {
        let id = row["id"].as_u64()?;
        let cells = array(row.get("customfields"));
        let value_of = |name: &str| {
            let same = |cell: &&Value| {
                let own = cell["name"].as_str();
                own.is_some_and(|own| own.eq_ignore_ascii_case(name))
            };
            cells.iter().find(same).map(|cell| cell["value"].clone())
        };
        let names: Vec<&str> = match columns.as_slice() {
            [] => cells
                .iter()
                .filter_map(|cell| cell["name"].as_str())
                .collect(),
            columns => columns
                .iter()
                .filter_map(|column| column["name"].as_str())
                .collect(),
        };
        let mut words = Vec::new();
        let mut changed = Vec::new();
        for name in names {
            let value = value_of(name).unwrap_or_else(|| "".into());
            words.extend(
                value
                    .as_str()
                    .filter(|text| !text.is_empty())
                    .map(str::to_owned),
            );
            let name = Value::from(name);
            changed.push(format!("{{\"name\": {name}, \"value\": {value}}}"));
        }
        let json = format!(
            "[{{\"id\": {id}, \"customfields\": [{}]}}]",
            changed.join(", ")
        );
        Some((json, format!("Row {id}: {}", words.join(", "))))
    })
    .collect()
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
    let id = is_edit.then_some(("id", "Which record is changed", FieldKind::Integer));
    let fields = resource.fields.iter().filter(|field| !field.computed).map(
        |Field {
             name, kind, about, ..
         }| (*name, *about, *kind),
    );
    let commands = resource
        .commands
        .iter()
        // Only a new customer gets its first site and user.
        .filter(|command| !is_edit || !command.name.starts_with("newclient_"))
        .map(|Command { name, kind, about }| (*name, *about, *kind));
    let mut keys: Vec<_> = id
        .into_iter()
        .chain(fields)
        .chain(commands)
        .map(|(name, about, kind)| Key {
            name,
            expected: kind.expected(),
            about: match about {
                "" => words(name),
                about if is_edit => of_edit(about),
                about => about,
            },
            need: need(required, name),
            example: begins
                .iter()
                .find(|(known, _)| *known == name)
                .map_or_else(|| example(name, kind), |(_, value)| value),
            choices: choices(resource, name, kind),
        })
        .collect();
    let place = |key: &Key| {
        begins
            .iter()
            .position(|(name, _)| *name == key.name)
            .unwrap_or(begins.len())
    };
    keys.sort_by_key(|key| (key.need == Need::Optional, place(key)));
    keys
}

/// What is said of a key, without what it becomes where it is missing: an edit leaves it as it is then.
fn of_edit(about: &'static str) -> &'static str {
    match about.rsplit_once("; ") {
        Some((what, otherwise)) if otherwise.contains("where it is missing") => what,
        _ => about,
    }
}

fn need(required: &[&[&str]], name: &str) -> Need {
    match required.iter().find(|group| group.contains(&name)) {
        Some([_]) => Need::Required,
        Some(_) => Need::OneOfSeveral,
        None => Need::Optional,
    }
}

fn choices(resource: &'static Resource, name: &str, kind: FieldKind) -> Option<Choices> {
    if let FieldKind::Reference(reference) = kind {
        return Some(Choices::ids(reference.to));
    }
    Some(match name {
        "id" => Choices::ids(resource),
        "outcome" => Choices::texts(&OUTCOME, "name"),
        "outcome_id" => Choices::ids(&OUTCOME),
        "team" | "new_team" => Choices::texts(&TEAM, "name"),
        "team_id" => Choices::ids(&TEAM),
        "category_1" | "new_category_1" => Choices::texts(&CATEGORY, "value"),
        "new_status" => Choices::ids(&STATUS),
        "new_agent" | "who_agentid" => Choices::ids(&AGENT),
        // The list of all lists.
        "lookupid" => Choices {
            query: "lookupid=11",
            ..Choices::ids(&LOOKUP)
        },
        "edit_customfields" => Choices {
            by: By::Row,
            ..Choices::ids(resource)
        },
        _ => return None,
    })
}

/// What a key holds where its name says it to whoever sees a form, but not among other keys.
fn words(name: &str) -> &'static str {
    match name {
        "active" => "Whether it is in use",
        "delivery_address" => "Where parcels go: text, or an object of lines",
        "emailaddress" => "Where they are written to",
        "firstname" => "The first half of a user's name, where there is no name",
        "inactive" => "Whether it is left out of lists",
        "name" => "What it is called",
        "notes" => "What agents should know of it",
        "phonenumber" => "The number that is called",
        "status_id" => "The number of its status, such as an id of a lookup list",
        "summary" => "What it is about, in one line",
        "surname" => "The second half of a user's name, where there is no name",
        "title" => "The user's job title",
        "website" => "The address of its website",
        _ if name.starts_with("value") => "A further value beside the name, for programs",
        _ => "",
    }
}

/// What stands behind a key until somebody writes something else.
fn example(name: &str, kind: FieldKind) -> &'static str {
    let own = EXAMPLES.iter().find(|(known, _)| *known == name);
    if let Some((_, example)) = own {
        return example;
    }
    match kind {
        FieldKind::Line | FieldKind::Text => "\"<<action^note>>\"",
        FieldKind::Html => "\"<<action^note_html>>\"",
        FieldKind::Integer | FieldKind::Reference(_) => "1",
        FieldKind::Decimal => "0.25",
        FieldKind::Boolean => "true",
        FieldKind::Instant => "\"<<ticket^dateoccurred>>\"",
        FieldKind::Objects => "[{\"id\": 1}]",
        FieldKind::Named => "[{\"name\": \"CFName\", \"value\": \"<<action^note>>\"}]",
    }
}

static EXAMPLES: [(&str, &str); 52] = [
    (
        "add_customfields",
        "[{\"customfields\": [{\"name\": \"CFColumn\", \"value\": \"<<action^note>>\"}]}]",
    ),
    ("agent_id", "<<ticket^agent_id>>"),
    ("category_1", "\"<<ticket^category_1>>\""),
    ("client_id", "<<ticket^client_id>>"),
    ("colour", "\"#4f46e5\""),
    (
        "columns",
        "[{\"name\": \"CFColumn\", \"label\": \"Column\"}]",
    ),
    (
        "criteria",
        "[{\"fieldname\": \"summary\", \"type\": 1, \"value_string\": \"<<ticket^summary>>\"}]",
    ),
    ("delete_customfields", "[{\"id\": <<Row id>>}]"),
    ("delivery_address", "\"1 High Street, Leeds\""),
    ("description", "\"<<ticket^details>>\""),
    ("description_html", "\"<<ticket^details_html>>\""),
    ("details", "\"<<ticket^details>>\""),
    ("details_html", "\"<<ticket^details_html>>\""),
    ("emailaddress", "\"<<ticket^user_email>>\""),
    ("fields", "[{\"id\": 1, \"value\": \"<<action^note>>\"}]"),
    ("firstname", "\"Ada\""),
    ("hiddenfromuser", "true"),
    ("inactive", "false"),
    ("inventory_number", "\"PC-0042\""),
    ("key_field", "\"<<ticket^summary>>\""),
    ("lookupid", "100"),
    ("name", "\"<<ticket^summary>>\""),
    ("new_agent", "<<ticket^agent_id>>"),
    ("new_agent_id", "<<ticket^agent_id>>"),
    ("new_category_1", "\"<<ticket^category_1>>\""),
    ("new_priority_id", "<<ticket^priority_id>>"),
    ("new_status", "<<ticket^status_id>>"),
    ("new_status_id", "<<ticket^status_id>>"),
    ("new_team", "\"<<ticket^team>>\""),
    ("newclient_contactemail", "\"<<ticket^user_email>>\""),
    ("newclient_contactname", "\"<<ticket^user_name>>\""),
    ("newclient_sitename", "\"Main\""),
    ("outcome_id", "<<action^outcome_id>>"),
    ("phonenumber", "\"+44 20 7946 0000\""),
    ("priority_id", "<<ticket^priority_id>>"),
    ("sequence", "10"),
    ("site_id", "<<ticket^site_id>>"),
    ("status_id", "<<ticket^status_id>>"),
    ("summary", "\"<<ticket^summary>>\""),
    ("surname", "\"Lovelace\""),
    ("tag_string", "\"from ticket <<ticket^id>>\""),
    ("team", "\"<<ticket^team>>\""),
    ("team_id", "<<ticket^team_id>>"),
    ("ticket_id", "<<ticket^id>>"),
    ("tickettype_id", "<<ticket^tickettype_id>>"),
    ("timezone", "\"Europe/London\""),
    ("title", "\"Office manager\""),
    ("user_id", "<<ticket^user_id>>"),
    ("users", "[{\"id\": <<ticket^user_id>>}]"),
    ("website", "\"https://www.example.com\""),
    ("who", "\"<<action^who>>\""),
    ("who_agentid", "<<ticket^agent_id>>"),
];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::template::{Context, Template};

    #[test]
    fn every_key_is_described_and_has_an_example_that_can_stand_there() {
        let mut wordless = Vec::new();
        for operation in DeskOperation::ALL {
            for key in keys(operation) {
                let Key {
                    name,
                    about,
                    example,
                    ..
                } = key;
                if about.is_empty() {
                    wordless.push((operation, name));
                }
                assert_ne!(example, "\"\"", "{operation:?}: {name}");
                let parsed = Template::parse(example, Context::Json);
                let outline = parsed.ok().and_then(|template| template.json_outline());
                assert!(outline.is_some(), "{operation:?}: {name}: {example}");
            }
        }
        assert_eq!(wordless, []);
        assert!(EXAMPLES.is_sorted());
        for (name, _) in EXAMPLES {
            let used = DeskOperation::ALL
                .into_iter()
                .any(|operation| keys(operation).iter().any(|key| key.name == name));
            assert!(used, "{name}");
        }
    }

    #[test]
    fn what_an_action_needs_comes_first_and_says_so() {
        use Need::{OneOfSeveral, Optional, Required};
        for (operation, name, expected) in [
            (DeskOperation::EditCustomer, "id", Required),
            (DeskOperation::EditCustomer, "notes", Optional),
            (
                DeskOperation::EditCustomTableData,
                "customfields",
                OneOfSeveral,
            ),
            (DeskOperation::AddAction, "outcome_id", OneOfSeveral),
            (
                DeskOperation::CreateCustomer,
                "newclient_sitename",
                Optional,
            ),
        ] {
            let keys = keys(operation);
            let key = keys.iter().find(|key| key.name == name).unwrap();
            assert_eq!(key.need, expected, "{operation:?}: {name}");
            let optional = keys.iter().position(|key| key.need == Optional).unwrap();
            assert!(keys[optional..].iter().all(|key| key.need == Optional));
        }
        let edit = keys(DeskOperation::EditCustomer);
        assert!(!edit.iter().any(|key| key.name.starts_with("newclient_")));
    }

    #[test]
    fn an_edit_leaves_what_is_missing_as_it_is() {
        use DeskOperation::{CreateTicket, UpdateTicket};
        let about = |operation, name: &str| {
            let keys = keys(operation);
            keys.iter().find(|key| key.name == name).unwrap().about
        };
        for (name, made, edited) in [
            (
                "status_id",
                "The status's id; the first one where it is missing",
                "The status's id",
            ),
            (
                "dateoccurred",
                "When it was reported; now where it is missing",
                "When it was reported",
            ),
            (
                "client_id",
                "The customer's id; where there is a site, the site's customer",
                "The customer's id; where there is a site, the site's customer",
            ),
        ] {
            assert_eq!(about(CreateTicket, name), made);
            assert_eq!(about(UpdateTicket, name), edited);
        }
        let edits = DeskOperation::ALL.into_iter().filter(|operation| {
            let sheet = sheet(*operation);
            sheet.required.contains(&ID)
        });
        for operation in edits {
            for key in keys(operation) {
                assert!(
                    !key.about.contains("is missing"),
                    "{operation:?}: {}",
                    key.name
                );
            }
        }
    }

    #[test]
    fn records_of_the_desk_may_be_chosen_for_what_names_them() {
        let of = |operation, name: &str, records: Value| {
            let keys = keys(operation);
            let key = keys.iter().find(|key| key.name == name).unwrap();
            let choices = key.choices.unwrap();
            let records: Vec<_> = records
                .as_array()
                .unwrap()
                .iter()
                .map(|record| record.as_object().unwrap().clone())
                .collect();
            (choices.resource.name, choices.of(&records))
        };
        let pair = |json: &str, words: &str| (json.to_owned(), words.to_owned());
        assert_eq!(
            of(
                DeskOperation::UpdateTicket,
                "status_id",
                json!([{"id": 9, "name": "Closed"}, {"id": 10}])
            ),
            ("Status", vec![pair("9", "9 Closed"), pair("10", "10")])
        );
        assert_eq!(
            of(
                DeskOperation::AddAction,
                "outcome",
                json!([{"id": 1, "name": "Say \"no\""}, {"id": 2, "name": ""}])
            ),
            ("Outcome", vec![pair("\"Say \\\"no\\\"\"", "Say \"no\"")])
        );
        let table = json!([{
            "id": 1,
            "columns": [{"name": "CFDay"}, {"name": "CFWho"}],
            "customfields": [{"value": [{"id": 4, "customfields": [{"name": "cfday", "value": "Sunday"}]}]}],
        }]);
        assert_eq!(
            of(
                DeskOperation::EditCustomTableData,
                "edit_customfields",
                table
            ),
            (
                "CustomTable",
                vec![pair(
                    r#"[{"id": 4, "customfields": [{"name": "CFDay", "value": "Sunday"}, {"name": "CFWho", "value": ""}]}]"#,
                    "Row 4: Sunday"
                )]
            )
        );
        let wordless = keys(DeskOperation::EditCustomer);
        assert_eq!(
            wordless
                .iter()
                .find(|key| key.name == "notes")
                .unwrap()
                .choices,
            None
        );
    }
}
