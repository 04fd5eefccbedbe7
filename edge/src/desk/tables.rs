//! The desk's records in the object's tables.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;

use shared::desk::resource::{Resource, TICKET};
use shared::desk::service_level::{Look, ServiceLevels, Tracked};
use shared::desk::sql::{self, Cell, Statement};
use shared::desk::{
    Counting, DeskError, KnownAction, ListQuery, Page, Placed, Record, Records, Renamed,
    StorageError, Stored,
};
use shared::model::{Timestamp, WorkflowId};
use shared::time_zone;
use shared::workflow::{Timer, Version};

use super::{service_level, workflow};
use crate::store::{Store, Value};

/// See [`Records`]. It lives for a request, and nothing else writes records meanwhile.
pub(super) struct Tables<'a> {
    store: &'a Store,
    /// Once one of the tickets that a request writes needs them.
    levels: OnceCell<ServiceLevels>,
    read: RefCell<Read>,
}

/// What was read last and is still so: a request looks at the same few records several times.
#[derive(Default)]
struct Read {
    /// By their tables.
    stored: HashMap<&'static str, Stored>,
    shown: Option<(&'static str, u64, Record)>,
}

impl Read {
    fn stored(&self, resource: &Resource, id: u64) -> Option<&Stored> {
        let record = self.stored.get(resource.table);
        record.filter(|record| record.id == id)
    }

    fn shown(&self, resource: &Resource, id: u64) -> Option<&Record> {
        let (table, shown, record) = self.shown.as_ref()?;
        (*table == resource.table && *shown == id).then_some(record)
    }
}

impl<'a> Tables<'a> {
    pub(super) fn new(store: &'a Store) -> Self {
        Self {
            store,
            levels: OnceCell::new(),
            read: RefCell::default(),
        }
    }

    /// A record of the resource is about to be written: others may be shown with it.
    fn forget(&self, resource: &Resource) {
        let mut read = self.read.borrow_mut();
        read.stored.remove(resource.table);
        read.shown = None;
    }

    fn levels(&self) -> Result<&ServiceLevels, DeskError> {
        if let Some(levels) = self.levels.get() {
            return Ok(levels);
        }
        let levels = ServiceLevels::new(service_level::all(self.store)?);
        Ok(self.levels.get_or_init(|| levels))
    }

    fn rows(
        &self,
        statement: Statement,
    ) -> Result<impl Iterator<Item = Result<Vec<Cell>, StorageError>>, StorageError> {
        let bound = statement.bound.into_iter().map(bound).collect();
        let rows = self.store.raw(&statement.sql, bound)?;
        Ok(rows.map(|row| Ok(row?.into_iter().map(cell).collect())))
    }

    /// The first row, once all of them are read: a write is over only then.
    fn first(&self, statement: Statement) -> Result<Option<Vec<Cell>>, StorageError> {
        let mut first = None;
        for row in self.rows(statement)? {
            first.get_or_insert(row?);
        }
        Ok(first)
    }

    /// Folds anew what is searched of the records of a resource that were kept unfolded.
    pub(super) fn fold(&self, resource: &Resource) -> Result<(), StorageError> {
        let ids: Vec<_> = self
            .rows(sql::select_unfolded(resource))?
            .map(|row| only_id(&row?))
            .collect::<Result<_, _>>()?;
        for id in ids {
            if let Some(record) = self.stored(resource, id)? {
                self.first(sql::update_searched(resource, &record))?;
            }
        }
        Ok(())
    }

    fn id(&self, statement: Statement) -> Result<Option<u64>, StorageError> {
        self.first(statement)?.map(|row| only_id(&row)).transpose()
    }
}

impl Records for Tables<'_> {
    fn stored(&self, resource: &Resource, id: u64) -> Result<Option<Stored>, StorageError> {
        if let Some(record) = self.read.borrow().stored(resource, id) {
            return Ok(Some(record.clone()));
        }
        let Some(row) = self.first(sql::select_stored(resource, id))? else {
            return Ok(None);
        };
        let record = sql::stored(resource, row)?;
        let mut read = self.read.borrow_mut();
        read.stored.insert(resource.table, record.clone());
        Ok(Some(record))
    }

    fn shown(&self, resource: &Resource, id: u64) -> Result<Option<Record>, StorageError> {
        if let Some(record) = self.read.borrow().shown(resource, id) {
            return Ok(Some(record.clone()));
        }
        let Some(row) = self.first(sql::select_shown(resource, id))? else {
            return Ok(None);
        };
        let record = sql::shown(resource, row)?;
        self.read.borrow_mut().shown = Some((resource.table, id, record.clone()));
        Ok(Some(record))
    }

    fn list(&self, query: &ListQuery) -> Result<Option<Page>, StorageError> {
        let mut page = Page {
            count: self.id(sql::count_list(query))?.unwrap_or_default(),
            ..Page::default()
        };
        let mut bytes = 0;
        for row in self.rows(sql::select_list(query))? {
            let row = row?;
            bytes += row.iter().map(size).sum::<usize>();
            if bytes > ListQuery::MOST_BYTES {
                if query.may_be_cut && !page.records.is_empty() {
                    break;
                }
                return Ok(None);
            }
            page.records.push(if query.ids_only {
                Record::from_iter([("id".to_owned(), only_id(&row)?.into())])
            } else {
                sql::shown(query.resource, row)?
            });
        }
        Ok(Some(page))
    }

    fn first(&self, resource: &Resource) -> Result<Option<u64>, StorageError> {
        self.id(sql::select_first(resource))
    }

    fn with_text(
        &self,
        resource: &Resource,
        field: &str,
        text: &str,
    ) -> Result<Option<u64>, StorageError> {
        self.id(sql::select_with_text(resource, field, text))
    }

    fn referring(
        &self,
        resource: &Resource,
        field: &str,
        id: u64,
    ) -> Result<Vec<u64>, StorageError> {
        self.rows(sql::select_referring(resource, field, id))?
            .map(|row| only_id(&row?))
            .collect()
    }

    fn insert(&self, resource: &Resource, record: &Stored) -> Result<u64, StorageError> {
        self.forget(resource);
        let id = self.id(sql::insert(resource, record))?;
        id.ok_or_else(|| StorageError("an insert gave no id".to_owned()))
    }

    fn update(&self, resource: &Resource, record: &Stored) -> Result<(), StorageError> {
        let statement = sql::update(
            resource,
            self.read.borrow().stored(resource, record.id),
            record,
        );
        let Some(statement) = statement else {
            return Ok(());
        };
        self.forget(resource);
        self.first(statement).map(drop)
    }

    fn replace_text(
        &self,
        resource: &Resource,
        field: &str,
        former: &str,
        text: &str,
    ) -> Result<(), StorageError> {
        self.forget(resource);
        self.first(sql::replace_text(resource, field, former, text))
            .map(drop)
    }

    fn delete(&self, resource: &Resource, id: u64) -> Result<(), StorageError> {
        self.forget(resource);
        self.first(sql::delete(resource, id)).map(drop)
    }

    fn track(&self, ticket: &mut Stored, look: Look, now: Timestamp) -> Result<Tracked, DeskError> {
        let before = match ticket.id {
            0 => None,
            id => self.stored(&TICKET, id)?,
        };
        let known = match &before {
            Some(_) => service_level::track(self.store, ticket.id)?,
            None => None,
        };
        self.levels()?
            .track(ticket, before.as_ref(), known, look, now)
    }

    fn keep_track(&self, ticket: u64, tracked: &Tracked) -> Result<(), StorageError> {
        Ok(service_level::keep_track(self.store, ticket, tracked)?)
    }

    fn time_zone_problem(&self, name: &str) -> Option<String> {
        time_zone::name_problem(name).map(|problem| problem.to_string())
    }

    fn placed(&self, ticket: u64) -> Result<Option<Placed>, StorageError> {
        Ok(workflow::placed(self.store, ticket)?)
    }

    fn place(
        &self,
        ticket: u64,
        placed: Option<&Placed>,
        timers: &[Timer],
    ) -> Result<(), StorageError> {
        self.read.borrow_mut().shown = None;
        Ok(workflow::place(self.store, ticket, placed, timers)?)
    }

    fn entered_by(&self, ticket_type: u64) -> Result<Option<Version>, StorageError> {
        Ok(workflow::entered_by(self.store, ticket_type)?)
    }

    fn workflow(&self, id: &WorkflowId, number: u32) -> Result<Option<Version>, StorageError> {
        Ok(workflow::version(self.store, id.as_str(), number)?)
    }

    fn newest_version(&self, id: &WorkflowId) -> Result<Option<u32>, StorageError> {
        Ok(workflow::newest_number(self.store, id.as_str())?)
    }

    fn counting_workflows(&self) -> Result<Vec<Counting>, StorageError> {
        Ok(workflow::counting(self.store)?)
    }

    fn known_actions(&self) -> Result<Vec<KnownAction>, StorageError> {
        Ok(workflow::known_actions(self.store)?)
    }

    fn rename_in_workflows(&self, renamed: &Renamed) -> Result<(), StorageError> {
        Ok(workflow::rename_record(self.store, renamed)?)
    }
}

fn only_id(row: &[Cell]) -> Result<u64, StorageError> {
    match row.first() {
        Some(Cell::Integer(id)) => Ok(u64::try_from(*id).unwrap_or_default()),
        _ => Err(StorageError("a row has no id".to_owned())),
    }
}

fn bound(cell: Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Integer(number) => Value::Integer(number),
        Cell::Real(number) => Value::Float(number),
        Cell::Text(text) => Value::String(text),
    }
}

fn cell(value: Value) -> Cell {
    match value {
        Value::Integer(number) => Cell::Integer(number),
        Value::Boolean(flag) => Cell::Integer(i64::from(flag)),
        Value::Float(number) => Cell::Real(number),
        Value::String(text) => Cell::Text(text),
        // No column holds bytes.
        Value::Null | Value::Blob(_) => Cell::Null,
    }
}

fn size(cell: &Cell) -> usize {
    match cell {
        Cell::Text(text) => text.len(),
        _ => 8,
    }
}
