//! Records in memory, for the rules' tests. Lists know conditions on references alone; the rest
//! is SQL's part.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde_json::Value;

use crate::desk::error::StorageError;
use crate::desk::list::{Condition, ListQuery, Order};
use crate::desk::record::{Record, Stored};
use crate::desk::records::{Page, Records};
use crate::desk::resource::{FieldKind, Resource};
use crate::desk::{Counting, KnownAction, Placed, Renamed};
use crate::model::WorkflowId;
use crate::workflow::{Timer, Version};

#[derive(Debug, Default)]
pub(super) struct Memory {
    records: RefCell<BTreeMap<(&'static str, u64), Stored>>,
    pub(super) workflows: RefCell<Workflows>,
}

/// What is kept of workflows.
#[derive(Debug, Default)]
pub(super) struct Workflows {
    /// New tickets enter the latest of each.
    pub(super) versions: Vec<Version>,
    pub(super) actions: Vec<KnownAction>,
    pub(super) placed: BTreeMap<u64, (Placed, Vec<Timer>)>,
}

impl Memory {
    fn of(&self, resource: &Resource) -> Vec<Stored> {
        let all = self.records.borrow();
        let own = all
            .iter()
            .filter(|((table, _), _)| *table == resource.table);
        own.map(|(_, record)| record.clone()).collect()
    }
}

impl Records for Memory {
    fn stored(&self, resource: &Resource, id: u64) -> Result<Option<Stored>, StorageError> {
        Ok(self.records.borrow().get(&(resource.table, id)).cloned())
    }

    fn shown(&self, resource: &Resource, id: u64) -> Result<Option<Record>, StorageError> {
        let Some(record) = self.stored(resource, id)? else {
            return Ok(None);
        };
        let mut shown = record.other.clone();
        shown.extend(record.fields.clone());
        shown.insert("id".to_owned(), id.into());
        for (field, reference) in resource.references() {
            let other = record.id_in(field.name).unwrap_or_default();
            let other = self.stored(reference.to, other)?;
            for (name, field) in reference.shows {
                let value = other.as_ref().and_then(|other| other.fields.get(*field));
                shown.insert((*name).to_owned(), value.unwrap_or(&Value::Null).clone());
            }
        }
        if resource.beside.is_some() {
            let placed = self.placed(id)?.map(|placed| placed.position);
            let version = match &placed {
                Some(position) => self.workflow(&position.workflow, position.version)?,
                None => None,
            };
            let step = placed.as_ref().zip(version.as_ref());
            let step = step.and_then(|(position, version)| version.workflow.step(&position.step));
            let workflow = placed.map(|position| position.workflow.to_string());
            shown.insert("workflow_id".to_owned(), workflow.into());
            shown.insert(
                "workflow_step".to_owned(),
                step.map(|step| step.name.clone()).into(),
            );
        }
        Ok(Some(shown))
    }

    fn list(&self, query: &ListQuery) -> Result<Option<Page>, StorageError> {
        let mut page = Page::default();
        let mut records = self.of(query.resource);
        if let (Order::Own(field), _) = query.order
            && field.kind == FieldKind::Integer
        {
            records.sort_by_key(|record| place(record, field.name));
        }
        for record in records {
            let fits = query.conditions.iter().all(|condition| match condition {
                Condition::OneOf(field, ids) => {
                    record.id_in(field).is_some_and(|id| ids.contains(&id))
                }
                Condition::Other(name, text) => {
                    record.other.get(name).and_then(Value::as_str) == Some(text)
                }
                Condition::Text(field, text) => record.text(field).eq_ignore_ascii_case(text),
                Condition::Within(field, from, until) => {
                    let moment = record.text(field);
                    from.as_deref().is_none_or(|from| moment >= from)
                        && until.as_deref().is_none_or(|until| moment <= until)
                }
                Condition::IdsIn(..)
                | Condition::TextOrIds(..)
                | Condition::TextIn(..)
                | Condition::Named(_)
                | Condition::Sql(_) => true,
            });
            if fits {
                page.records.extend(self.shown(query.resource, record.id)?);
                page.count += 1;
            }
        }
        Ok(Some(page))
    }

    fn first(&self, resource: &Resource) -> Result<Option<u64>, StorageError> {
        Ok(self.of(resource).first().map(|record| record.id))
    }

    fn with_text(
        &self,
        resource: &Resource,
        field: &str,
        text: &str,
    ) -> Result<Option<u64>, StorageError> {
        let records = self.of(resource);
        let found = records
            .iter()
            .find(|record| record.text(field).eq_ignore_ascii_case(text));
        Ok(found.map(|record| record.id))
    }

    fn referring(
        &self,
        resource: &Resource,
        field: &str,
        id: u64,
    ) -> Result<Vec<u64>, StorageError> {
        let records = self.of(resource);
        let found = records
            .iter()
            .filter(|record| record.id_in(field) == Some(id));
        Ok(found.map(|record| record.id).collect())
    }

    fn insert(&self, resource: &Resource, record: &Stored) -> Result<u64, StorageError> {
        let last = self.of(resource).last().map_or(0, |record| record.id);
        let mut record = record.clone();
        if record.id == 0 {
            record.id = last + 1;
        }
        let id = record.id;
        self.records
            .borrow_mut()
            .insert((resource.table, id), record);
        Ok(id)
    }

    fn update(&self, resource: &Resource, record: &Stored) -> Result<(), StorageError> {
        let key = (resource.table, record.id);
        self.records.borrow_mut().insert(key, record.clone());
        Ok(())
    }

    fn replace_text(
        &self,
        resource: &Resource,
        field: &str,
        former: &str,
        text: &str,
    ) -> Result<(), StorageError> {
        for mut record in self.of(resource) {
            if record.text(field).eq_ignore_ascii_case(former) {
                record.set(field, text);
                self.update(resource, &record)?;
            }
        }
        Ok(())
    }

    fn delete(&self, resource: &Resource, id: u64) -> Result<(), StorageError> {
        self.records.borrow_mut().remove(&(resource.table, id));
        Ok(())
    }

    fn placed(&self, ticket: u64) -> Result<Option<Placed>, StorageError> {
        let placed = &self.workflows.borrow().placed;
        Ok(placed.get(&ticket).map(|(placed, _)| placed.clone()))
    }

    fn place(
        &self,
        ticket: u64,
        placed: Option<&Placed>,
        timers: &[Timer],
    ) -> Result<(), StorageError> {
        let known = &mut self.workflows.borrow_mut().placed;
        match placed {
            Some(placed) => known.insert(ticket, (placed.clone(), timers.to_vec())),
            None => known.remove(&ticket),
        };
        Ok(())
    }

    fn entered_by(&self, ticket_type: u64) -> Result<Option<Version>, StorageError> {
        let latest = self.counting_workflows()?.into_iter();
        let mut open = latest.filter(|counting| counting.is_open);
        let entered = open.find(|counting| {
            let types = &counting.version.workflow.ticket_types;
            types.contains(&ticket_type)
        });
        Ok(entered.map(|counting| counting.version))
    }

    fn workflow(&self, id: &WorkflowId, number: u32) -> Result<Option<Version>, StorageError> {
        let versions = &self.workflows.borrow().versions;
        let found = versions
            .iter()
            .find(|version| version.workflow.id == *id && version.number == number);
        Ok(found.cloned())
    }

    fn newest_version(&self, id: &WorkflowId) -> Result<Option<u32>, StorageError> {
        let versions = &self.workflows.borrow().versions;
        let own = versions.iter().filter(|version| version.workflow.id == *id);
        Ok(own.map(|version| version.number).max())
    }

    fn counting_workflows(&self) -> Result<Vec<Counting>, StorageError> {
        let versions = self.workflows.borrow().versions.clone();
        versions
            .into_iter()
            .map(|version| {
                let id = &version.workflow.id;
                let is_open = self.newest_version(id)? == Some(version.number);
                let placed = &self.workflows.borrow().placed;
                let inside = placed.values().filter(|(placed, _)| {
                    let position = &placed.position;
                    position.workflow == *id && position.version == version.number
                });
                Ok(Counting {
                    is_open,
                    tickets_inside: inside.count() as u64,
                    version,
                })
            })
            .collect()
    }

    fn known_actions(&self) -> Result<Vec<KnownAction>, StorageError> {
        Ok(self.workflows.borrow().actions.clone())
    }

    fn rename_in_workflows(&self, renamed: &Renamed) -> Result<(), StorageError> {
        for version in &mut self.workflows.borrow_mut().versions {
            if let Some(workflow) = renamed.in_workflow(&version.workflow) {
                version.workflow = workflow;
            }
        }
        Ok(())
    }

    fn time_zone_problem(&self, name: &str) -> Option<String> {
        let problem = crate::time_zone::name_problem(name);
        problem.map(|problem| problem.to_string())
    }
}

/// What has no place in a sequence comes last.
fn place(record: &Stored, order: &str) -> (bool, Option<i64>, u64) {
    let number = record.fields.get(order).and_then(Value::as_i64);
    (number.is_none() && order != "id", number, record.id)
}
