//! What a shell does for the desk: it keeps records and finds them again.

use super::error::StorageError;
use super::list::ListQuery;
use super::record::{Record, Stored};
use super::resource::Resource;

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

    /// The id of the record that comes first in the order of that field; those without a value come last.
    fn first(&self, resource: &Resource, order: &str) -> Result<Option<u64>, StorageError>;

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

    fn delete(&self, resource: &Resource, id: u64) -> Result<(), StorageError>;

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
