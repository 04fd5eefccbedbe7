//! What would become of each row of a sheet: a new record, a change, or nothing, and why.

use std::collections::BTreeMap;

use serde_json::Value;

use super::head::USERS;
use super::read::{Reader, Refusal};
use crate::desk::form::{in_words, misspellings, named, text_of};
use crate::desk::record::Record;
use crate::desk::resource::{ASSET, CLIENT, Resource, SITE, USER};

/// A row below the heads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Where it begins in the file, from 1.
    pub line: u64,
    pub cells: Vec<String>,
}

/// What would become of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    Add(Record),
    /// It would be added, but looks like another one; the sentence says which.
    Alike(Record, String),
    Change(Record),
    /// The record that it names holds all of it already.
    Same,
    Refused(Vec<String>),
}

/// The records that there are.
#[derive(Debug, Clone, Default)]
pub struct Known {
    records: BTreeMap<u64, Record>,
    alike: BTreeMap<Key, u64>,
}

/// One of the ways in which records are alike, and what they have in common.
type Key = (usize, Vec<String>);

/// Which fields two records must share to look like the same one, and how that is said.
fn likenesses(resource: &Resource) -> &'static [(&'static [&'static str], &'static str)] {
    match resource {
        of if *of == CLIENT => &[(&["name"], "name")],
        of if *of == SITE => &[(&["client_id", "name"], "name and customer")],
        of if *of == USER => &[
            (&["emailaddress"], "email address"),
            (&["site_id", "name"], "name and site"),
        ],
        of if *of == ASSET => &[(&["inventory_number"], "asset tag")],
        _ => &[],
    }
}

fn keys(resource: &Resource, record: &Record) -> Vec<Key> {
    let text = |field: &str| record.get(field).map(text_of).unwrap_or_default();
    let word = |field: &&str| {
        let mut word = text(field);
        if *field == "name" && word.trim().is_empty() {
            word = format!("{} {}", text("firstname"), text("surname"));
        }
        let word = word.trim().to_lowercase();
        (!word.is_empty()).then_some(word)
    };
    let all = likenesses(resource).iter().enumerate();
    all.filter_map(|(at, (fields, _))| {
        let words: Option<Vec<_>> = fields.iter().map(word).collect();
        Some((at, words?))
    })
    .collect()
}

impl Known {
    pub fn new(resource: &Resource, records: Vec<Record>) -> Self {
        let mut known = Self::default();
        for record in records {
            let Some(id) = record.get("id").and_then(Value::as_u64) else {
                continue;
            };
            for key in keys(resource, &record) {
                known.alike.entry(key).or_insert(id);
            }
            known.records.insert(id, record);
        }
        known
    }

    /// All of them.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.records.values()
    }

    /// What one of them is called, with its number.
    fn name(&self, id: u64) -> String {
        let record = self.records.get(&id);
        let name = ["name", "inventory_number"]
            .iter()
            .filter_map(|field| record?.get(*field))
            .map(text_of)
            .find(|name| !name.trim().is_empty());
        match name {
            Some(name) => format!("{name} (number {id})"),
            None => format!("Number {id}"),
        }
    }
}

/// Says of each row what would become of it, in their order.
pub fn check(reader: &Reader<'_>, known: &Known, rows: &[Row]) -> Vec<Verdict> {
    let mut seen = Seen::default();
    rows.iter()
        .map(|row| {
            let record = match read(reader, row) {
                Ok(record) => record,
                Err(refusals) => {
                    let sentences = refusals.into_iter().map(|refusal| refusal.sentence);
                    return Verdict::Refused(sentences.collect());
                }
            };
            match record.get("id").and_then(Value::as_u64) {
                Some(id) => seen.change(reader.resource, known, row.line, id, record),
                None => seen.add(reader.resource, known, row.line, record),
            }
        })
        .collect()
}

fn read(reader: &Reader<'_>, row: &Row) -> Result<Record, Vec<Refusal>> {
    let beyond = row.cells.iter().skip(reader.targets.len());
    let beyond = beyond.filter(|cell| !cell.trim().is_empty()).count();
    if beyond == 0 {
        return reader.read(&row.cells);
    }
    let cells = if beyond == 1 { "cell" } else { "cells" };
    Err(vec![Refusal {
        target: String::new(),
        sentence: format!(
            "{beyond} {cells} more than the sheet has columns: text that holds the separator must stand in quotes"
        ),
    }])
}

/// The rows above, by the lines where they stand.
#[derive(Default)]
struct Seen {
    alike: BTreeMap<Key, u64>,
    changed: BTreeMap<u64, u64>,
}

impl Seen {
    fn change(
        &mut self,
        resource: &Resource,
        known: &Known,
        line: u64,
        id: u64,
        record: Record,
    ) -> Verdict {
        let Some(before) = known.records.get(&id) else {
            return Verdict::Refused(vec![in_words(&format!(
                "There is no {} {id}",
                resource.singular
            ))]);
        };
        if let Some(line) = self.changed.get(&id) {
            return Verdict::Refused(vec![format!("Line {line} is about number {id} as well")]);
        }
        self.changed.insert(id, line);
        self.remember(resource, line, &record);
        let unfit = unfit(before, &record);
        if holds(resource, before, &record) {
            Verdict::Same
        } else if unfit.is_empty() {
            Verdict::Change(record)
        } else {
            Verdict::Refused(unfit)
        }
    }

    fn add(&mut self, resource: &Resource, known: &Known, line: u64, record: Record) -> Verdict {
        let unfit = unfit(&Record::new(), &record);
        if !unfit.is_empty() {
            return Verdict::Refused(unfit);
        }
        let alike = keys(resource, &record).into_iter().find_map(|key| {
            let (fields, what) = likenesses(resource).get(key.0)?;
            let other = match (known.alike.get(&key), self.alike.get(&key)) {
                (Some(id), _) => known.name(*id),
                (None, Some(line)) => format!("Line {line}"),
                (None, None) => return None,
            };
            let sentence = format!("{other} has the same {what}");
            let field = fields.first().and_then(|field| resource.field(field));
            Some((sentence, field.is_some_and(|field| field.unique.is_some())))
        });
        self.remember(resource, line, &record);
        match alike {
            None => Verdict::Add(record),
            // The desk would refuse it.
            Some((sentence, true)) => Verdict::Refused(vec![sentence]),
            Some((sentence, false)) => Verdict::Alike(record, sentence),
        }
    }

    fn remember(&mut self, resource: &Resource, line: u64, record: &Record) {
        for key in keys(resource, record) {
            self.alike.entry(key).or_insert(line);
        }
    }
}

/// What a form would not take either. What the record holds already is left alone.
fn unfit(before: &Record, row: &Record) -> Vec<String> {
    let misspelt = misspellings(before, row).into_iter();
    misspelt.map(|found| found.1).collect()
}

/// Whether a record holds all that a row says already.
fn holds(resource: &Resource, before: &Record, row: &Record) -> bool {
    let users = |value: Option<&Value>| {
        let users = value.and_then(Value::as_array).into_iter().flatten();
        let ids = users.filter_map(|user| user["id"].as_u64());
        ids.collect::<std::collections::BTreeSet<_>>()
    };
    row.iter().all(|(name, value)| match value {
        Value::Array(_) if name == USERS => users(before.get(name)) == users(Some(value)),
        Value::Array(_) => {
            let before = named(before.get(name), "value");
            let mut now = named(Some(value), "value").into_iter();
            now.all(|cell| before.contains(&cell))
        }
        // What only a new record needs changes nothing.
        _ if name == "id" || resource.field(name).is_none() => true,
        _ => before
            .get(name)
            .is_some_and(|before| text_of(before) == text_of(value)),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::read::Names;
    use super::*;

    fn records(list: Value) -> Vec<Record> {
        let Value::Array(list) = list else {
            panic!("{list} is no list");
        };
        list.into_iter()
            .map(|record| record.as_object().unwrap().clone())
            .collect()
    }

    /// Each row's verdict in a word or two.
    fn told(
        resource: &'static Resource,
        known: Value,
        targets: &str,
        rows: &[&str],
    ) -> Vec<String> {
        let known = Known::new(resource, records(known));
        let mut names = Names::default();
        names.insert(
            "client_id",
            &records(json!([{"id": 1, "name": "Norwood"}, {"id": 2, "name": "Brook"}])),
        );
        names.insert(
            "site_id",
            &records(json!([{"id": 5, "name": "Main", "client_id": 1}])),
        );
        names.insert(
            "assettype_id",
            &records(json!([{"id": 1, "name": "Workstation"}])),
        );
        names.insert(
            "users",
            &records(json!([{"id": 5, "name": "A"}, {"id": 6, "name": "B"}])),
        );
        let split = |text: &str| text.split('|').map(str::to_owned).collect::<Vec<_>>();
        let targets = split(targets);
        let reader = Reader {
            resource,
            targets: &targets,
            names: &names,
        };
        let rows: Vec<_> = (2..)
            .zip(rows)
            .map(|(line, cells)| Row {
                line,
                cells: split(cells),
            })
            .collect();
        let verdicts = check(&reader, &known, &rows).into_iter();
        verdicts
            .map(|verdict| match verdict {
                Verdict::Add(_) => "add".to_owned(),
                Verdict::Alike(_, sentence) => format!("alike: {sentence}"),
                Verdict::Change(_) => "change".to_owned(),
                Verdict::Same => "same".to_owned(),
                Verdict::Refused(sentences) => sentences.join("; "),
            })
            .collect()
    }

    #[test]
    fn rows_that_are_there_already_are_told() {
        let people = json!([
            {"id": 7, "name": "Ida Frost", "site_id": 5, "emailaddress": "ida@a.example"},
            {"id": 8, "name": "Bo", "site_id": 6, "emailaddress": ""},
        ]);
        let rows = [
            "IDA FROST|Main|other@a.example",
            "Someone|Main| Ida@A.example ",
            "Bo|Main|",
            "Bo|Main|bo@a.example",
            "Cy|Main|bo@a.example",
            "|Main|",
        ];
        let expected = [
            "alike: Ida Frost (number 7) has the same name and site",
            "alike: Ida Frost (number 7) has the same email address",
            "add",
            "alike: Line 4 has the same name and site",
            "alike: Line 5 has the same email address",
            "A Name must be entered for this User",
        ];
        assert_eq!(
            told(&USER, people.clone(), "name|site_id|emailaddress", &rows),
            expected
        );
        let composed = told(
            &USER,
            people,
            "firstname|surname|site_id",
            &["Ida|Frost|Main"],
        );
        assert_eq!(
            composed,
            ["alike: Ida Frost (number 7) has the same name and site"]
        );
    }

    #[test]
    fn what_must_be_unique_cannot_be_added_anyway() {
        let clients = json!([{"id": 3, "name": "Norwood"}]);
        assert_eq!(
            told(&CLIENT, clients, "name", &["norwood", "A", "a", "B"]),
            [
                "Norwood (number 3) has the same name",
                "add",
                "Line 3 has the same name",
                "add"
            ]
        );
        let sites = json!([{"id": 5, "name": "Main", "client_id": 1}]);
        assert_eq!(
            told(
                &SITE,
                sites,
                "name|client_id",
                &["Main|Norwood", "Main|Brook"]
            ),
            [
                "alike: Main (number 5) has the same name and customer",
                "add"
            ]
        );
        let assets = json!([{"id": 4, "inventory_number": "PC-1"}]);
        assert_eq!(
            told(
                &ASSET,
                assets,
                "inventory_number|assettype_id|client_id",
                &["pc-1|1|1", "|1|1", "|1|1"]
            ),
            [
                "alike: PC-1 (number 4) has the same asset tag",
                "add",
                "add"
            ]
        );
    }

    #[test]
    fn rows_with_a_number_change_that_record() {
        let clients = json!([
            {"id": 3, "name": "Norwood", "inactive": false, "website": null, "customfields": [{"name": "CFTier", "value": 1}]},
            {"id": 4, "name": "Brook"},
        ]);
        assert_eq!(
            told(
                &CLIENT,
                clients,
                "id|name|inactive|website|CFTier",
                &[
                    "3|Norwood|no||1",
                    "3|Other|||",
                    "4|Brook|||2",
                    "99|X|||",
                    "|New|ja||",
                    "4x||||",
                    "|Cells||||and more||!"
                ],
            ),
            [
                "same",
                "Line 2 is about number 3 as well",
                "change",
                "There is no customer 99",
                "add",
                "The number must be a whole number; A Name must be entered for this Customer",
                "2 cells more than the sheet has columns: text that holds the separator must stand in quotes",
            ]
        );
    }

    #[test]
    fn what_a_form_would_refuse_is_refused_here() {
        let clients = json!([{"id": 3, "name": "Norwood", "website": "alpha"}]);
        assert_eq!(
            told(
                &CLIENT,
                clients,
                "id|name|website|colour|newclient_contactemail",
                &[
                    "|A|alpha||",
                    "|B||red|bob",
                    "|C\nD|||",
                    "3|Norwood\nTimber|alpha||",
                    "3|Norwood\nLtd|||",
                ],
            ),
            [
                "A website looks like https://www.example.com",
                "An email address looks like priya@example.com: one @, and no spaces; A colour looks like #4f46e5: a # and six digits from 0 to f, or three",
                // The desk keeps it on one line.
                "add",
                "change",
                "Line 5 is about number 3 as well",
            ]
        );
        let people = json!([{"id": 7, "name": "Ida", "emailaddress": "ida"}]);
        let rows = ["7|ida", "7|bob"];
        assert_eq!(
            told(&USER, people.clone(), "id|emailaddress", &rows[..1]),
            ["same"]
        );
        assert_eq!(
            told(&USER, people, "id|emailaddress", &rows[1..]),
            ["An email address looks like priya@example.com: one @, and no spaces"]
        );
    }

    #[test]
    fn other_users_of_an_asset_are_a_change() {
        let assets = json!([{"id": 4, "users": [{"id": 5}, {"id": 6}]}]);
        for (users, verdict) in [("6;5", "same"), ("5", "change")] {
            let row = format!("4|{users}");
            assert_eq!(told(&ASSET, assets.clone(), "id|users", &[&row]), [verdict]);
        }
    }
}
