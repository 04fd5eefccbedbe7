//! What a service level refers to, by names: numbers mean something else at another desk.

use shared::desk::Records as _;
use shared::desk::resource::{PRIORITY, Resource, STATUS, TICKET_TYPE};
use shared::desk::service_level::{Named, ServiceLevel};

use super::super::tables::Tables;
use super::all;
use crate::error::Failure;
use crate::store::Store;

/// All service levels, for another desk.
pub(super) fn export(store: &Store) -> Result<Vec<ServiceLevel>, Failure> {
    let tables = Tables::new(store);
    let name = |resource: &Resource, id: u64| -> Result<Option<Named>, Failure> {
        let record = tables
            .stored(resource, id)
            .map_err(|error| internal(&error))?;
        Ok(record.map(|record| Named {
            id,
            name: record.text("name").to_owned(),
        }))
    };
    let mut levels = all(store)?;
    for level in &mut levels {
        level.id = 0;
        for targets in &level.priorities {
            let named = name(&PRIORITY, targets.priority_id)?;
            level.names.priorities.extend(named);
        }
        for id in &level.stopping_statuses {
            level.names.statuses.extend(name(&STATUS, *id)?);
        }
        for id in &level.ticket_types {
            level.names.ticket_types.extend(name(&TICKET_TYPE, *id)?);
        }
    }
    Ok(levels)
}

/// The same service level in the numbers of this desk. What it names and this desk does not have is left out; numbers
/// without a name are taken as they are.
pub(super) fn here(store: &Store, mut level: ServiceLevel) -> Result<ServiceLevel, Failure> {
    let tables = Tables::new(store);
    let written = std::mem::take(&mut level.names);
    let own = |resource: &Resource, named: &[Named], id: u64| -> Result<Option<u64>, Failure> {
        match named.iter().find(|one| one.id == id) {
            Some(one) => tables
                .with_text(resource, "name", &one.name)
                .map_err(|error| internal(&error)),
            None => Ok(Some(id)),
        }
    };
    let all = |resource: &Resource, named: &[Named], ids: &[u64]| -> Result<Vec<u64>, Failure> {
        let mut found = Vec::with_capacity(ids.len());
        for id in ids {
            found.extend(own(resource, named, *id)?);
        }
        Ok(found)
    };
    level.stopping_statuses = all(&STATUS, &written.statuses, &level.stopping_statuses)?;
    level.ticket_types = all(&TICKET_TYPE, &written.ticket_types, &level.ticket_types)?;
    let mut priorities = Vec::with_capacity(level.priorities.len());
    for mut targets in std::mem::take(&mut level.priorities) {
        if let Some(id) = own(&PRIORITY, &written.priorities, targets.priority_id)? {
            targets.priority_id = id;
            priorities.push(targets);
        }
    }
    level.priorities = priorities;
    Ok(level)
}

fn internal(error: &shared::desk::StorageError) -> Failure {
    Failure::internal("service level", &error.0)
}
