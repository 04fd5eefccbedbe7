//! What a shell does for the desk: it keeps records and finds them again.

use super::error::{DeskError, StorageError};
use super::list::ListQuery;
use super::protocol::Renamed;
use super::record::{Record, Stored};
use super::resource::Resource;
use super::service_level::{Look, Tracked};
use super::ticket_workflows::{Counting, KnownAction, Placed};
use crate::model::{Timestamp, WorkflowId};
use crate::workflow::{Timer, Version};

/// The records that a shell keeps. What is written through it counts only when the whole
/// request succeeds: the shell undoes the writes of one that was refused.
pub trait Records {
    /// A record as it is kept.
    fn stored(&self, resource: &Resource, id: u64) -> Result<Option<Stored>, StorageError>;

    /// A record as it is shown: with what it refers to.
    fn shown(&self, resource: &Resource, id: u64) -> Result<Option<Record>, StorageError>;

    /// The records of a list as they are shown, and how many there are on all pages. A shell
    /// stops reading when the records outgrow [`ListQuery::MOST_BYTES`], and gives `None`, or those read where the list
    /// may be cut.
    fn list(&self, query: &ListQuery) -> Result<Option<Page>, StorageError>;

    /// The least id.
    fn first(&self, resource: &Resource) -> Result<Option<u64>, StorageError>;

    /// The id of a record with that text in a field; case does not count.
    fn with_text(
        &self,
        resource: &Resource,
        field: &str,
        text: &str,
    ) -> Result<Option<u64>, StorageError>;

    /// The ids of the records whose field refers to that id.
    fn referring(
        &self,
        resource: &Resource,
        field: &str,
        id: u64,
    ) -> Result<Vec<u64>, StorageError>;

    /// Keeps a new record, and gives its id: its own where that is not zero.
    fn insert(&self, resource: &Resource, record: &Stored) -> Result<u64, StorageError>;

    fn update(&self, resource: &Resource, record: &Stored) -> Result<(), StorageError>;

    /// Gives all records another text in a field where they have the former one; case does not count.
    fn replace_text(
        &self,
        resource: &Resource,
        field: &str,
        former: &str,
        text: &str,
    ) -> Result<(), StorageError>;

    fn delete(&self, resource: &Resource, id: u64) -> Result<(), StorageError>;

    /// Where a ticket is. A shell without workflows has nothing to say here and below.
    fn placed(&self, _ticket: u64) -> Result<Option<Placed>, StorageError> {
        Ok(None)
    }

    /// Keeps where a ticket is from now on, with what waits for it there in place of what did before.
    fn place(
        &self,
        _ticket: u64,
        _placed: Option<&Placed>,
        _timers: &[Timer],
    ) -> Result<(), StorageError> {
        Ok(())
    }

    /// The version that new tickets of a type enter.
    fn entered_by(&self, _ticket_type: u64) -> Result<Option<Version>, StorageError> {
        Ok(None)
    }

    /// A version of a workflow.
    fn workflow(&self, _id: &WorkflowId, _number: u32) -> Result<Option<Version>, StorageError> {
        Ok(None)
    }

    /// The number of a workflow's latest version.
    fn newest_version(&self, _id: &WorkflowId) -> Result<Option<u32>, StorageError> {
        Ok(None)
    }

    /// The versions that new tickets enter, and those that tickets are in.
    fn counting_workflows(&self) -> Result<Vec<Counting>, StorageError> {
        Ok(Vec::new())
    }

    /// The desk actions on tickets.
    fn known_actions(&self) -> Result<Vec<KnownAction>, StorageError> {
        Ok(Vec::new())
    }

    /// Has the conditions of all versions compare with a record's new name.
    fn rename_in_workflows(&self, _renamed: &Renamed) -> Result<(), StorageError> {
        Ok(())
    }

    /// Has [`ServiceLevels::track`] look at a ticket that is about to be kept. It is the shell's, because time zones
    /// weigh much, and whoever only shows records needs none. A shell without service levels does nothing.
    ///
    /// [`ServiceLevels::track`]: super::service_level::ServiceLevels::track
    fn track(
        &self,
        _ticket: &mut Stored,
        _look: Look,
        _now: Timestamp,
    ) -> Result<Tracked, DeskError> {
        Ok(Tracked::default())
    }

    /// Keeps what came of that, once the ticket is kept.
    fn keep_track(&self, _ticket: u64, _tracked: &Tracked) -> Result<(), StorageError> {
        Ok(())
    }

    /// What is wrong with the name of a time zone. It is the shell's to say, because time zones weigh much, and whoever
    /// only shows records needs none.
    fn time_zone_problem(&self, _name: &str) -> Option<String> {
        None
    }
}

/// See [`Records::list`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    pub records: Vec<Record>,
    /// On all pages.
    pub count: u64,
}
