//! What one request did to which records.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::protocol::Renamed;
use super::record::Record;
use super::resource::{Resource, Subject, TICKET};
use super::service_level::Told;
use crate::model::RecordChange;
use crate::workflow::StepStart;

/// What a request did.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// New actions, in their order.
    pub actions: Vec<u64>,
    pub tickets: BTreeMap<u64, Changed>,
    /// All other records that were made, changed or deleted, by the names of their resources.
    pub others: BTreeMap<&'static str, BTreeMap<u64, Changed>>,
    /// What steps of workflows start for tickets, and what they do not; with how many runs stand above.
    pub starts: Vec<(u64, u8, StepStart)>,
    /// Warnings and deadlines that tickets came to.
    pub passed: Vec<(u64, Told)>,
    /// Other names of what others know by its name, in their order.
    pub renamed: Vec<Renamed>,
    /// What the states before take, in bytes.
    pub kept: usize,
}

/// What became of a record.
#[derive(Debug)]
pub(super) struct Changed {
    pub change: RecordChange,
    pub before: Before,
}

/// How a record was before the request.
#[derive(Debug, Default)]
pub(super) enum Before {
    /// It is new, or nobody is told of its fields, or only what belongs to it was changed.
    #[default]
    Untold,
    /// As it was shown.
    Shown(Record),
    /// The request changes more than can be told.
    LeftOut,
}

impl Changed {
    /// Takes what happened next to the same record together with what happened before.
    fn and_then(&mut self, next: Self) {
        // The first state that was seen is how it was before the request, unless the request made it.
        if matches!(self.before, Before::Untold) && self.change != RecordChange::Created {
            self.before = next.before;
        }
        // One that was made and then changed is new; one that was deleted is gone.
        if next.change == RecordChange::Deleted {
            self.change = next.change;
        }
    }
}

impl Changes {
    pub(super) fn note(&mut self, resource: &'static Resource, id: u64, changed: Changed) {
        let known = match resource.subject {
            Subject::Ticket => &mut self.tickets,
            Subject::Apart => self.others.entry(resource.name).or_default(),
            Subject::Action => return,
        };
        match known.entry(id) {
            Entry::Vacant(place) => {
                place.insert(changed);
            }
            Entry::Occupied(mut place) => place.get_mut().and_then(changed),
        }
    }

    /// Notes that something which belongs to a ticket was changed.
    pub(super) fn touch(&mut self, ticket: Option<u64>) {
        if let Some(ticket) = ticket {
            let touched = Changed {
                change: RecordChange::Updated,
                before: Before::Untold,
            };
            self.note(&TICKET, ticket, touched);
        }
    }
}
