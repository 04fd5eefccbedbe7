//! A service level on its way from one desk to another: numbers mean something else there, so names go along.

use super::{Names, ServiceLevel};
use crate::desk::elsewhere::{Lacking, names, own};
use crate::desk::error::{DeskError, StorageError};
use crate::desk::records::Records;
use crate::desk::resource::{PRIORITY, STATUS, TICKET_TYPE};

impl ServiceLevel {
    /// The same for another desk: without its number, and with the names of what it refers to.
    pub fn for_elsewhere(mut self, records: &dyn Records) -> Result<Self, DeskError> {
        self.id = 0;
        let priorities = self.priorities.iter().map(|targets| targets.priority_id);
        let statuses = self.stopping_statuses.iter().copied();
        let ticket_types = self.ticket_types.iter().copied();
        self.names = Names {
            priorities: names(records, &PRIORITY, priorities)?,
            statuses: names(records, &STATUS, statuses)?,
            ticket_types: names(records, &TICKET_TYPE, ticket_types)?,
        };
        Ok(self)
    }

    /// The same in the numbers of this desk, with a sentence for each thing that this desk does not have and that is
    /// therefore left out.
    pub fn brought_here(mut self, records: &dyn Records) -> Result<(Self, Vec<String>), DeskError> {
        let level = self.name.trim().to_owned();
        let names = std::mem::take(&mut self.names);
        let mut left_out = Vec::new();
        let mut tell = |Lacking { words, name }: Lacking, consequence: String| {
            let advice = match name {
                Some(_) => "Make it, and import the bundle again.",
                None => "Choose another one there.",
            };
            left_out.push(format!("This desk has {words}, so {consequence}. {advice}"));
        };
        let mut priorities = Vec::with_capacity(self.priorities.len());
        for mut targets in std::mem::take(&mut self.priorities) {
            match own(records, &PRIORITY, &names.priorities, targets.priority_id)? {
                Ok(id) => {
                    targets.priority_id = id;
                    priorities.push(targets);
                }
                Err(lacking) => tell(
                    lacking,
                    format!("the service level {level} has no times for it"),
                ),
            }
        }
        self.priorities = priorities;
        let mut statuses = Vec::with_capacity(self.stopping_statuses.len());
        for id in std::mem::take(&mut self.stopping_statuses) {
            match own(records, &STATUS, &names.statuses, id)? {
                Ok(id) => statuses.push(id),
                Err(lacking) => tell(
                    lacking,
                    format!("it does not stop the clock of the service level {level}"),
                ),
            }
        }
        self.stopping_statuses = statuses;
        let mut ticket_types = Vec::with_capacity(self.ticket_types.len());
        for id in std::mem::take(&mut self.ticket_types) {
            match own(records, &TICKET_TYPE, &names.ticket_types, id)? {
                Ok(id) => ticket_types.push(id),
                Err(lacking) => tell(
                    lacking,
                    format!("the service level {level} does not count for it"),
                ),
            }
        }
        self.ticket_types = ticket_types;
        Ok((self, left_out))
    }

    /// What it takes over from another service level of this desk, when it is put in place beside that one.
    pub fn takes_over_from(
        &self,
        other: &Self,
        records: &dyn Records,
    ) -> Result<Vec<String>, StorageError> {
        let (level, former) = (self.name.trim(), &other.name);
        let mut told = Vec::new();
        if self.default && other.default {
            told.push(format!(
                "The service level {level} is the default now, in place of {former}."
            ));
        }
        for id in &self.ticket_types {
            if !other.ticket_types.contains(id) {
                continue;
            }
            let ticket_type = records.stored(&TICKET_TYPE, *id)?;
            let name = ticket_type.map_or_else(
                || id.to_string(),
                |ticket_type| ticket_type.text("name").to_owned(),
            );
            told.push(format!(
                "The service level {level} counts for tickets of the type {name} now, in place of {former}."
            ));
        }
        Ok(told)
    }
}
