//! Ticket rules on their way from one desk to another: numbers mean something else there, so names go along.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::answer::Desk;
use super::super::elsewhere::{Lacking, names, own};
use super::super::error::DeskError;
use super::super::list::ListQuery;
use super::super::protocol::DeskEvent;
use super::super::record::Record;
use super::super::records::Records;
use super::super::resource::{
    AGENT, CLIENT, FieldKind, PRIORITY, Resource, SITE, STATUS, TICKET_RULE, TICKET_TYPE, USER,
};
use super::super::service_level::Named;
use super::criterion::{Test, test};
use super::outcome::SETS;
use super::value::{self, VALUE_KEYS, named};
use crate::api::ImportReport;

/// A ticket rule in a bundle: what `/api/TicketRules` shows of it but for its number. There it is known by its name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundledRule {
    pub name: String,
    #[serde(default)]
    pub active: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precedence: Option<i64>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stopmatching: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runs_on: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub criteria: Vec<Record>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outcomes: Vec<Record>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_agent_id: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_team: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_priority_id: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_status_id: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_category_1: Option<String>,
    /// What the ids in it stand for.
    #[serde(default, skip_serializing_if = "RuleNames::is_empty")]
    pub names: RuleNames,
}

/// The names of the records that a rule refers to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RuleNames {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ticket_types: Vec<Named>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub statuses: Vec<Named>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub priorities: Vec<Named>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub agents: Vec<Named>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub clients: Vec<Named>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sites: Vec<Named>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<Named>,
}

impl RuleNames {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The names of the records of each resource that tickets refer to.
    fn lists(&mut self) -> [(&'static Resource, &mut Vec<Named>); 7] {
        [
            (&TICKET_TYPE, &mut self.ticket_types),
            (&STATUS, &mut self.statuses),
            (&PRIORITY, &mut self.priorities),
            (&AGENT, &mut self.agents),
            (&CLIENT, &mut self.clients),
            (&SITE, &mut self.sites),
            (&USER, &mut self.users),
        ]
    }
}

/// What stands in the place of a number of another desk.
#[derive(Debug, Clone)]
enum Here {
    Number(u64),
    /// This desk has no such record: the name tells whoever reads the rule which is meant.
    Name(String),
}

/// Gives what stands in the place of a number; nothing where it stays.
type Change<'c> = &'c mut dyn FnMut(&'static Resource, u64) -> Option<Here>;

impl BundledRule {
    fn of(rule: &Record, records: &dyn Records) -> Result<Self, DeskError> {
        let mut fields = rule.clone();
        fields.retain(|_, value| !value.is_null());
        let read = serde_json::from_value(Value::Object(fields));
        let mut rule: Self = read.map_err(|error| {
            let cause = format!("a ticket rule cannot be read: {error}");
            DeskError::Storage(super::super::error::StorageError(cause))
        })?;
        let mut numbers: Vec<(&'static Resource, u64)> = Vec::new();
        rule.clone().change(&mut |resource, id| {
            numbers.push((resource, id));
            None
        });
        for (resource, list) in rule.names.lists() {
            let own = numbers.iter().filter(|(of, _)| *of == resource);
            *list = names(records, resource, own.map(|(_, id)| *id))?;
        }
        Ok(rule)
    }

    /// The same in the numbers of this desk, with a sentence where it refers to what this desk does not have: then it is
    /// switched off.
    fn brought_here(mut self, records: &dyn Records) -> Result<(Self, Option<String>), DeskError> {
        let mut names = std::mem::take(&mut self.names);
        let mut numbers = Vec::new();
        self.clone().change(&mut |resource, id| {
            numbers.push((resource, id));
            None
        });
        let mut here = BTreeMap::new();
        let mut lacking = Vec::new();
        for (resource, id) in numbers {
            let mut lists = names.lists().into_iter();
            let list = lists.find(|(of, _)| *of == resource);
            let list = list.map_or_else(Vec::new, |(_, list)| list.clone());
            let found = match own(records, resource, &list, id)? {
                Ok(id) => Some(Here::Number(id)),
                Err(Lacking { words, name }) => {
                    if !lacking.contains(&words) {
                        lacking.push(words);
                    }
                    name.map(Here::Name)
                }
            };
            here.insert((resource.name, id), found);
        }
        self.change(&mut |resource, id| here.get(&(resource.name, id)).cloned().flatten());
        if lacking.is_empty() {
            return Ok((self, None));
        }
        let what = lacking.join(" and ");
        let name = self.name.trim();
        let told = if self.active {
            format!(
                "This desk has {what}, so the ticket rule {name} is switched off. Choose what it has in the rule, and switch it on."
            )
        } else {
            format!(
                "This desk has {what}. Choose what it has in the ticket rule {name} before you switch it on."
            )
        };
        self.active = false;
        Ok((self, Some(told)))
    }

    /// Has each number that stands for a record changed.
    fn change(&mut self, change: Change<'_>) {
        for element in &mut self.criteria {
            let kind = element.get("type").unwrap_or(&Value::Null);
            let is_list = test(kind).is_ok_and(Test::takes_list);
            change_element(element, is_list, change);
        }
        for element in &mut self.outcomes {
            change_element(element, false, change);
        }
        let mut named_only = Vec::new();
        for (own, resource, number) in [
            ("new_agent_id", &AGENT, &mut self.new_agent_id),
            ("new_priority_id", &PRIORITY, &mut self.new_priority_id),
            ("new_status_id", &STATUS, &mut self.new_status_id),
        ] {
            let Some(id) = *number else { continue };
            match change(resource, id) {
                None => {}
                Some(Here::Number(id)) => *number = Some(id),
                // These fields hold numbers alone.
                Some(Here::Name(name)) => {
                    *number = None;
                    let field = SETS.iter().find(|(known, _)| *known == own);
                    named_only.extend(field.map(|(_, field)| (*field, name)));
                }
            }
        }
        for (field, name) in named_only {
            let mut outcome = Record::new();
            outcome.insert("fieldname".to_owned(), field.into());
            outcome.insert("value_string".to_owned(), name.into());
            self.outcomes.push(outcome);
        }
    }

    /// As it is written: whatever it does not say is unset.
    fn record(&self) -> Record {
        let own = serde_json::to_value(self).ok();
        let mut own = match own {
            Some(Value::Object(own)) => own,
            _ => Record::new(),
        };
        own.remove("names");
        for field in TICKET_RULE.fields {
            let unset = || field.kind.unset();
            own.entry(field.name).or_insert_with(unset);
        }
        own
    }
}

/// Has the numbers of a criterion or an outcome changed, where its field refers to records.
fn change_element(element: &mut Record, is_list: bool, change: Change<'_>) {
    let whole = Value::Object(element.clone());
    let Ok(value::Named::Own(field)) = named(&whole) else {
        return;
    };
    let FieldKind::Reference(reference) = field.kind else {
        return;
    };
    let mut keys = VALUE_KEYS.iter();
    let key = keys.find(|key| element.get(**key).is_some_and(|value| !value.is_null()));
    let Some((key, value)) = key.and_then(|key| Some((*key, element.get(*key)?))) else {
        return;
    };
    let changed = changed(value, is_list, reference.to, change);
    // A name is no whole number.
    let place = if key == "value_int" && changed.is_string() {
        element.remove(key);
        "value_string"
    } else {
        key
    };
    element.insert(place.to_owned(), changed);
}

fn changed(value: &Value, is_list: bool, resource: &'static Resource, change: Change<'_>) -> Value {
    match value {
        Value::Number(number) => match number.as_u64().and_then(|id| change(resource, id)) {
            None => value.clone(),
            Some(Here::Number(id)) => id.into(),
            Some(Here::Name(name)) => name.into(),
        },
        Value::String(text) if is_list => {
            let parts = text.split(',').map(|part| {
                let part = Value::from(part.trim());
                changed(&part, false, resource, change)
            });
            let parts: Vec<Value> = parts.collect();
            let texts: Vec<&str> = parts.iter().filter_map(Value::as_str).collect();
            // A name with a comma cannot stand between commas.
            if texts.iter().any(|text| text.contains(',')) {
                parts.into()
            } else {
                texts.join(", ").into()
            }
        }
        Value::String(text) => match text.trim().parse().ok().and_then(|id| change(resource, id)) {
            None => value.clone(),
            Some(Here::Number(id)) => id.to_string().into(),
            Some(Here::Name(name)) => name.into(),
        },
        Value::Array(list) => {
            let list = list.iter();
            list.map(|value| changed(value, false, resource, change))
                .collect()
        }
        _ => value.clone(),
    }
}

impl Desk<'_> {
    /// All ticket rules, for another desk.
    pub fn rules_for_elsewhere(&self) -> Result<Vec<BundledRule>, DeskError> {
        let mut rules = Vec::new();
        for id in self.rule_ids()? {
            if let Some(rule) = self.records.stored(&TICKET_RULE, id)? {
                rules.push(BundledRule::of(&rule.fields, self.records)?);
            }
        }
        Ok(rules)
    }

    /// Puts those of a bundle in place: one of the same name is replaced. Gives what is to be told at the desk as well; an
    /// error comes with the rule's place in the list.
    pub fn import_rules(
        &self,
        rules: Vec<BundledRule>,
    ) -> Result<(ImportReport, Vec<DeskEvent>), (usize, DeskError)> {
        let writer = self.writer();
        let mut report = ImportReport::default();
        for (index, rule) in rules.into_iter().enumerate() {
            let at_its_place = |error| (index, error);
            let (rule, told) = rule.brought_here(self.records).map_err(at_its_place)?;
            report.notes.extend(told);
            let name = rule.name.trim();
            let what = format!("ticket rule {name}");
            let same = self.records.with_text(&TICKET_RULE, "name", name);
            let same = same.map_err(|error| at_its_place(error.into()))?;
            let mut record = rule.record();
            record.insert("name".to_owned(), name.into());
            if let Some(id) = same {
                record.insert("id".to_owned(), id.into());
                report.replaced.push(what);
            } else {
                report.created.push(what);
            }
            writer.write(&TICKET_RULE, record).map_err(at_its_place)?;
        }
        let events = self.events(writer.changes.into_inner());
        Ok((report, events.map_err(|error| (0, error))?))
    }

    fn rule_ids(&self) -> Result<Vec<u64>, DeskError> {
        let all = ListQuery::parse(&TICKET_RULE, "count=true&idonly=true")?;
        let rules = self.records.list(&all)?.unwrap_or_default().records;
        let ids = rules.iter().filter_map(|rule| rule.get("id")?.as_u64());
        Ok(ids.collect())
    }
}
