//! What the console asks about service levels, and the changes that it makes.

use shared::api::{ImportReport, ServiceLevelRecord};
use shared::desk::service_level::{Names, ServiceLevel};
use shared::desk::{DeskError, StorageError};
use shared::model::Timestamp;

use super::super::protocol::ServiceLevelCall;
use super::super::tables::Tables;
use super::{Row, all, found, list, rows, set_after};
use crate::audit::{self, Act};
use crate::bind;
use crate::error::Failure;
use crate::object::{self, Reply};
use crate::store::Store;
use crate::workspace::protocol::{By, Expected};

/// What service levels are called in the audit log.
const KIND: &str = "service_level";

/// One change, to be made within a transaction.
#[derive(Debug, Clone, Copy)]
pub(in crate::desk) struct Change<'a> {
    pub store: &'a Store,
    pub by: By,
    pub now: Timestamp,
}

/// Answers it, to be called within a transaction.
pub(in crate::desk) fn answer(change: Change<'_>, ask: ServiceLevelCall) -> Result<Reply, Failure> {
    let store = change.store;
    match ask {
        ServiceLevelCall::List {} => object::reply(&list(store)?),
        ServiceLevelCall::Read { id } => object::reply(&found(store, id)?.record(store)?),
        ServiceLevelCall::Create { mut level } => {
            level.id = 0;
            object::reply(&change.save(level)?)
        }
        ServiceLevelCall::Replace { level, expected } => {
            expect(&found(store, level.id)?, expected)?;
            object::reply(&change.save(level)?)
        }
        ServiceLevelCall::Delete { id, expected } => {
            expect(&found(store, id)?, expected)?;
            object::reply(&change.delete(id)?)
        }
        ServiceLevelCall::Import { levels } => object::reply(&change.import(levels)?),
        ServiceLevelCall::Export {} => object::reply(&export(store)?),
    }
}

impl Change<'_> {
    fn save(self, level: ServiceLevel) -> Result<ServiceLevelRecord, Failure> {
        self.check(&level)?;
        let id = self.put(level)?;
        self.look_at_open()?;
        found(self.store, id)?.record(self.store)
    }

    /// Refuses what is wrong by itself, or contradicts another one.
    fn check(self, level: &ServiceLevel) -> Result<(), Failure> {
        if let Some(problem) = level.problems().into_iter().next() {
            return Err(Failure::of(400, problem));
        }
        let mut together = all(self.store)?;
        together.retain(|other| other.id != level.id);
        together.push(level.clone());
        match ServiceLevel::check_together(&together) {
            Some((_, problem)) => Err(Failure::of(409, problem)),
            None => Ok(()),
        }
    }

    /// Keeps it and gives its number: a new one where it has none. One alone is the default.
    fn put(self, mut level: ServiceLevel) -> Result<u64, Failure> {
        if level.default {
            for row in rows(self.store)? {
                let mut other = row.level()?;
                if other.default && other.id != level.id {
                    other.default = false;
                    self.write(&other)?;
                }
            }
        }
        level.names = Names::default();
        level.name = level.name.trim().to_owned();
        if level.id == 0 {
            level.id = self.insert()?;
            self.note(Act::Create, level.id)?;
        } else {
            self.note(Act::Replace, level.id)?;
        }
        self.write(&level)?;
        Ok(level.id)
    }

    fn insert(self) -> Result<u64, Failure> {
        let row: Option<Row> = self.store.first(
            "INSERT INTO service_levels (document, version, updated_at) VALUES ('', 0, ?) RETURNING *",
            bind![self.now],
        )?;
        let row = row.ok_or_else(|| Failure::internal("service level", &"no row was made"))?;
        Ok(row.id)
    }

    fn write(self, level: &ServiceLevel) -> Result<(), Failure> {
        let document = serde_json::to_string(level)
            .map_err(|error| Failure::internal("service level", &error))?;
        self.store.run(
            "UPDATE service_levels SET document = ?, version = version + 1, updated_at = ? WHERE id = ?",
            bind![document, self.now, level.id],
        )?;
        Ok(())
    }

    /// Its open tickets get the one that counts for them then.
    fn delete(self, id: u64) -> Result<(), Failure> {
        self.store
            .run("DELETE FROM service_levels WHERE id = ?", bind![id])?;
        self.note(Act::Delete, id)?;
        self.look_at_open()
    }

    /// Puts those of a bundle in place: one of the same name is replaced. Of ticket types, and of which one is the
    /// default, the bundle decides.
    fn import(self, levels: Vec<ServiceLevel>) -> Result<ImportReport, Failure> {
        let mut report = ImportReport::default();
        let tables = Tables::new(self.store);
        for level in levels {
            let (mut level, left_out) = level.brought_here(&tables).map_err(internal)?;
            report.notes.extend(left_out);
            let what = format!("service level {}", level.name.trim());
            let known = all(self.store)?;
            let name = level.name.trim().to_lowercase();
            let same = known.iter().find(|known| known.name.to_lowercase() == name);
            level.id = same.map_or(0, |same| same.id);
            for mut other in known.iter().filter(|known| known.id != level.id).cloned() {
                let taken_over = level.takes_over_from(&other, &tables);
                report
                    .notes
                    .extend(taken_over.map_err(|error| internal(error.into()))?);
                let before = other.ticket_types.len();
                other
                    .ticket_types
                    .retain(|id| !level.ticket_types.contains(id));
                if other.ticket_types.len() < before {
                    self.write(&other)?;
                }
            }
            if same.is_some() {
                report.replaced.push(what);
            } else {
                report.created.push(what);
            }
            self.put(level)?;
        }
        self.look_at_open()?;
        Ok(report)
    }

    /// Has all open tickets looked at anew, some at a time.
    fn look_at_open(self) -> Result<(), Failure> {
        set_after(self.store, 0, self.now)
    }

    fn note(self, act: Act, id: u64) -> Result<(), Failure> {
        audit::note(self.store, self.by, act, KIND, &id.to_string(), self.now)
    }
}

/// All service levels, for another desk.
fn export(store: &Store) -> Result<Vec<ServiceLevel>, Failure> {
    let tables = Tables::new(store);
    let levels = all(store)?.into_iter();
    levels
        .map(|level| level.for_elsewhere(&tables).map_err(internal))
        .collect()
}

fn internal(error: DeskError) -> Failure {
    match error {
        DeskError::Storage(StorageError(cause)) => Failure::internal("service level", &cause),
        error => Failure::internal("service level", &error),
    }
}

fn expect(row: &Row, expected: Expected) -> Result<(), Failure> {
    match expected {
        Expected::Version(version) if version != row.version => Err(Failure::new(
            412,
            "changed",
            format!(
                "Somebody else changed this service level after you read it. Read it again, or overwrite it with version {}.",
                row.version
            ),
        )
        .with("version", row.version)),
        _ => Ok(()),
    }
}
