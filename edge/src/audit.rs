//! Who changed what, and when.

use shared::model::Timestamp;

use super::protocol::{By, Kind};
use crate::bind;
use crate::error::Failure;
use crate::store::Store;

/// What was done to a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Create,
    Replace,
    Delete,
    Restore,
    Publish,
    Unpublish,
}

impl Act {
    fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Replace => "replace",
            Self::Delete => "delete",
            Self::Restore => "restore",
            Self::Publish => "publish",
            Self::Unpublish => "unpublish",
        }
    }
}

/// Adds a row to the audit log.
pub(super) fn note(
    store: &Store,
    by: By,
    act: Act,
    kind: Kind,
    id: &str,
    now: Timestamp,
) -> Result<(), Failure> {
    store.run(
        "INSERT INTO audit (at, by, act, kind, id) VALUES (?, ?, ?, ?, ?)",
        bind![now, by.as_str(), act.as_str(), kind.as_str(), id],
    )?;
    Ok(())
}
