//! A row of a sheet becomes a record, or what is wrong with it is said.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::head::{CUSTOM, OF_TYPE, USERS, named_in, tells_sites_apart};
use crate::desk::form::{self, text_of};
use crate::desk::label;
use crate::desk::record::{self, Record};
use crate::desk::resource::{ASSET, Field, FieldKind, Resource};

/// Why a cell cannot be taken; of a row as a whole, without a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What the cell's column becomes.
    pub target: String,
    pub sentence: String,
}

/// What the records are called that a sheet may refer to, by the field that refers to them.
#[derive(Debug, Clone, Default)]
pub struct Names(BTreeMap<&'static str, Vec<Name>>);

#[derive(Debug, Clone)]
struct Name {
    id: u64,
    /// In lower case: its name, and a user's email address.
    words: Vec<String>,
    /// The customer that it belongs to.
    client: Option<u64>,
}

impl Names {
    /// Takes in all the records that a field may refer to.
    pub fn insert(&mut self, field: &'static str, records: &[Record]) {
        let names = records.iter().filter_map(|record| {
            let words = ["name", "emailaddress"]
                .iter()
                .filter_map(|field| record.get(*field))
                .map(|word| text_of(word).trim().to_lowercase());
            Some(Name {
                id: record.get("id")?.as_u64()?,
                words: words.filter(|word| !word.is_empty()).collect(),
                client: record.get("client_id").and_then(Value::as_u64),
            })
        });
        self.0.insert(field, names.collect());
    }

    /// The one record that a cell means, by its id or by its name.
    fn find(
        &self,
        field: &Field,
        to: &Resource,
        cell: &str,
        client: Option<u64>,
    ) -> Result<u64, String> {
        let all = self.0.get(field.name).map_or(&[][..], Vec::as_slice);
        if let Ok(id) = cell.parse::<u64>()
            && all.iter().any(|name| name.id == id)
        {
            return Ok(id);
        }
        let word = cell.to_lowercase();
        let fits = |name: &&Name| {
            name.words.contains(&word)
                && (client.is_none() || name.client.is_none() || name.client == client)
        };
        let singular = form::in_words(to.singular);
        let has_customers = all.iter().any(|name| name.client.is_some());
        let found: Vec<u64> = all.iter().filter(fits).map(|name| name.id).collect();
        match found.as_slice() {
            [id] => Ok(*id),
            [] if client.is_some() && has_customers => {
                Err(format!("There is no {singular} {cell} of this customer"))
            }
            [] => Err(format!("There is no {singular} {cell}")),
            several if !has_customers => Err(format!(
                "{} {singular}s are called {cell}: give the number",
                several.len()
            )),
            several => Err(format!(
                "{} {singular}s are called {cell}: give the number, or the customer too",
                several.len()
            )),
        }
    }
}

/// Reads the rows of one sheet.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    pub resource: &'static Resource,
    /// What each column becomes; empty for one that is passed over.
    pub targets: &'a [String],
    pub names: &'a Names,
}

impl Reader<'_> {
    /// A row as a record. An empty cell leaves its field as it is.
    pub fn read(&self, cells: &[String]) -> Result<Record, Vec<Refusal>> {
        let mut record = Record::new();
        let mut refusals = Vec::new();
        let filled: Vec<(&str, &str)> = self
            .targets
            .iter()
            .zip(cells)
            .map(|(target, cell)| (target.as_str(), cell.trim()))
            .filter(|(target, cell)| !target.is_empty() && !cell.is_empty())
            .collect();
        let client = filled
            .iter()
            .find(|(target, _)| *target == "client_id")
            .and_then(|(_, cell)| self.reference("client_id", cell, None)?.ok());
        for (target, cell) in filled {
            match self.cell(target, cell, client) {
                Ok(Some((list, value))) if list != target => push(&mut record, list, value),
                Ok(Some((name, value))) => {
                    record.insert(name.to_owned(), value);
                }
                Ok(None) => {}
                Err(sentence) => refusals.push(Refusal {
                    target: target.to_owned(),
                    sentence,
                }),
            }
        }
        let is_new = form::unset(&record, "id");
        if is_new {
            for (field, sentence) in form::check(self.resource, &record) {
                // One that was refused is not missing as well.
                if !refusals.iter().any(|refusal| refusal.target == field) {
                    refusals.push(Refusal {
                        target: field.to_owned(),
                        sentence,
                    });
                }
            }
        }
        if refusals.is_empty() {
            Ok(record)
        } else {
            Err(refusals)
        }
    }

    /// The field that a cell is of, and its value; nothing for a cell that only helps to read another one.
    fn cell<'t>(
        &self,
        target: &'t str,
        cell: &str,
        client: Option<u64>,
    ) -> Result<Option<(&'t str, Value)>, String> {
        if target == "id" {
            let id = cell.parse::<u64>().ok().filter(|id| *id > 0);
            let id = id.ok_or("The number must be a whole number")?;
            return Ok(Some((target, id.into())));
        }
        if let Some(name) = target.strip_prefix(CUSTOM) {
            return Ok(Some((
                "customfields",
                json!({ "name": name, "value": cell }),
            )));
        }
        if let Some(name) = target.strip_prefix(OF_TYPE) {
            return Ok(Some(("fields", json!({ "name": name, "value": cell }))));
        }
        let Some(field) = self.resource.field(target) else {
            let command = self
                .resource
                .commands
                .iter()
                .any(|command| command.name == target);
            return Ok(Some(if command {
                (target, cell.into())
            } else {
                ("customfields", json!({ "name": target, "value": cell }))
            }));
        };
        if *self.resource == ASSET && target == USERS {
            let mut ids: Vec<u64> = Vec::new();
            let users = cell.split(';').map(str::trim);
            for user in users.filter(|user| !user.is_empty()) {
                let Some(found) = self.reference(target, user, client) else {
                    continue;
                };
                let id = found?;
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
            let users: Vec<Value> = ids.into_iter().map(|id| json!({ "id": id })).collect();
            return Ok(Some((target, users.into())));
        }
        if let Some(found) = self.reference(target, cell, client.filter(|_| target != "client_id"))
        {
            let id = found?;
            return Ok((!tells_sites_apart(self.resource, field)).then_some((target, id.into())));
        }
        let value: Value = match (field.kind, cell.to_lowercase().as_str()) {
            (FieldKind::Boolean, "yes" | "y" | "x" | "ja" | "j" | "wahr") => true.into(),
            (FieldKind::Boolean, "no" | "n" | "nein" | "falsch") => false.into(),
            _ => cell.into(),
        };
        let read = record::read(field, &value);
        read.map(|value| Some((target, value))).map_err(|_| {
            let expected = match field.kind {
                FieldKind::Boolean => "yes or no",
                kind => kind.expected(),
            };
            format!("{} must be {expected}", label(target))
        })
    }

    fn reference(
        &self,
        target: &str,
        cell: &str,
        client: Option<u64>,
    ) -> Option<Result<u64, String>> {
        let field = self.resource.field(target)?;
        let to = named_in(self.resource, field)?;
        Some(self.names.find(field, to, cell, client))
    }
}

fn push(record: &mut Record, list: &str, value: Value) {
    let list = record
        .entry(list)
        .or_insert_with(|| Value::Array(Vec::new()));
    if let Value::Array(list) = list {
        list.push(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::resource::{ASSET, CLIENT, SITE, USER};

    fn names() -> Names {
        let records = |list: Value| -> Vec<Record> {
            let list = list.as_array().unwrap().clone();
            list.into_iter()
                .map(|record| record.as_object().unwrap().clone())
                .collect()
        };
        let mut names = Names::default();
        names.insert(
            "client_id",
            &records(json!([{"id": 1, "name": "Norwood"}, {"id": 2, "name": "Brook"}])),
        );
        names.insert(
            "site_id",
            &records(json!([
                {"id": 5, "name": "Main", "client_id": 1},
                {"id": 6, "name": "Main", "client_id": 2},
                {"id": 7, "name": "Yard", "client_id": 1},
            ])),
        );
        names.insert(
            "assettype_id",
            &records(json!([{"id": 1, "name": "Workstation"}])),
        );
        names.insert(
            "status_id",
            &records(json!([{"id": 3, "name": "Remote"}, {"id": 4, "name": "Spare"}, {"id": 5, "name": "Spare"}])),
        );
        names.insert(
            "users",
            &records(json!([
                {"id": 11, "name": "Ida Frost", "emailaddress": "ida@a.example", "client_id": 1},
                {"id": 12, "name": "Bo", "emailaddress": "", "client_id": 1},
                {"id": 13, "name": "Bo", "client_id": 2},
            ])),
        );
        names
    }

    #[test]
    fn rows_become_records() {
        let names = names();
        for (resource, targets, cells, expected) in [
            (
                &CLIENT,
                "name|inactive|CFRegion|",
                "A| Yes |North|x",
                Ok(json!({
                    "name": "A", "inactive": true, "customfields": [{"name": "CFRegion", "value": "North"}],
                })),
            ),
            (
                &CLIENT,
                "name|newclient_sitename",
                "A|Yard",
                Ok(json!({"name": "A", "newclient_sitename": "Yard"})),
            ),
            (
                &CLIENT,
                "id|notes",
                "4|x",
                Ok(json!({"id": 4, "notes": "x"})),
            ),
            (&CLIENT, "name|toplevel_id", " |x", Err("name|toplevel_id")),
            (&CLIENT, "id", "x", Err("id|name")),
            (
                &SITE,
                "name|client_id",
                "S|norwood",
                Ok(json!({"name": "S", "client_id": 1})),
            ),
            (
                &SITE,
                "name|client_id",
                "S|2",
                Ok(json!({"name": "S", "client_id": 2})),
            ),
            (&SITE, "name|client_id", "S|Nobody", Err("client_id")),
            (
                &USER,
                "name|site_id",
                "U|Yard",
                Ok(json!({"name": "U", "site_id": 7})),
            ),
            (&USER, "name|site_id", "U|Main", Err("site_id")),
            (
                &USER,
                "name|site_id|client_id",
                "U|Main|Brook",
                Ok(json!({"name": "U", "site_id": 6})),
            ),
            (
                &USER,
                "name|site_id|client_id",
                "U|Yard|Brook",
                Err("site_id"),
            ),
            (
                &USER,
                "firstname|site_id",
                "U|7",
                Ok(json!({"firstname": "U", "site_id": 7})),
            ),
            (
                &ASSET,
                "assettype_id|client_id|fields.Model",
                "workstation|1|X1",
                Ok(json!({
                    "assettype_id": 1, "client_id": 1, "fields": [{"name": "Model", "value": "X1"}],
                })),
            ),
            (
                &ASSET,
                "assettype_id|status_id",
                "Workstation|open",
                Err("client_id|status_id"),
            ),
        ] {
            let split = |text: &str| text.split('|').map(str::to_owned).collect::<Vec<_>>();
            let targets = split(targets);
            let reader = Reader {
                resource,
                targets: &targets,
                names: &names,
            };
            let read = reader
                .read(&split(cells))
                .map(Value::Object)
                .map_err(|refusals| {
                    let mut fields: Vec<_> =
                        refusals.into_iter().map(|refusal| refusal.target).collect();
                    fields.sort();
                    fields.join("|")
                });
            assert_eq!(
                read,
                expected.map_err(str::to_owned),
                "{resource:?} {cells}"
            );
        }
    }

    #[test]
    fn an_asset_names_its_status_and_its_users() {
        let names = names();
        let targets = ["assettype_id", "client_id", "status_id", "users"].map(str::to_owned);
        let reader = Reader {
            resource: &ASSET,
            targets: &targets,
            names: &names,
        };
        let read = |status: &str, users: &str| {
            let cells = ["1", "1", status, users].map(str::to_owned);
            reader.read(&cells).map(Value::Object)
        };
        let expected = json!({
            "assettype_id": 1, "client_id": 1, "status_id": 3, "users": [{"id": 11}, {"id": 12}],
        });
        assert_eq!(read("remote", "IDA@a.example; bo;11;"), Ok(expected));
        let refused = read("", "Nobody").unwrap_err();
        assert_eq!(refused[0].target, "users");
        assert_eq!(
            refused[0].sentence,
            "There is no user Nobody of this customer"
        );
    }

    #[test]
    fn yes_and_no_are_known_as_spreadsheets_write_them() {
        let names = names();
        let targets = ["name", "inactive"].map(str::to_owned);
        let reader = Reader {
            resource: &CLIENT,
            targets: &targets,
            names: &names,
        };
        for (words, expected) in [
            ("yes Y x true TRUE 1 ja Ja WAHR wahr j", Some(true)),
            ("no N false FALSE 0 nein NEIN Falsch", Some(false)),
            ("maybe 2 - jain", None),
        ] {
            for word in words.split(' ') {
                let read = reader.read(&["A".to_owned(), word.to_owned()]);
                let read = read.map(|record| record["inactive"].as_bool());
                match (read, expected) {
                    (Ok(read), expected) => assert_eq!(read, expected, "{word}"),
                    (Err(refusals), None) => {
                        assert_eq!(refusals[0].sentence, "Inactive must be yes or no");
                    }
                    (Err(refusals), Some(_)) => panic!("{word}: {refusals:?}"),
                }
            }
        }
    }

    #[test]
    fn a_refusal_says_what_to_do() {
        let names = names();
        for (resource, targets, cells, sentence) in [
            (
                &USER,
                ["name", "site_id"],
                ["U", "Main"],
                "2 sites are called Main: give the number, or the customer too",
            ),
            (
                &SITE,
                ["name", "client_id"],
                ["S", "Client Ltd"],
                "There is no customer Client Ltd",
            ),
            (
                &ASSET,
                ["client_id", "assettype_id"],
                ["1", "Toaster"],
                "There is no asset type Toaster",
            ),
            (
                &ASSET,
                ["client_id", "status_id"],
                ["1", "spare"],
                "2 lookups are called spare: give the number",
            ),
        ] {
            let targets = targets.map(str::to_owned);
            let reader = Reader {
                resource,
                targets: &targets,
                names: &names,
            };
            let refused = reader.read(&cells.map(str::to_owned)).unwrap_err();
            assert_eq!(refused[0].sentence, sentence);
        }
    }
}
