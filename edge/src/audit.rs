//! Who changed what, and when. Each object keeps a log of what it keeps itself, in the same commit as the change.

use shared::model::Timestamp;

use crate::bind;
use crate::error::Failure;
use crate::store::Store;
use crate::workspace::protocol::By;

/// The log; the workspace made its own with its first tables.
pub const TABLE: &str = "
    CREATE TABLE audit (
        number INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        by TEXT NOT NULL,
        act TEXT NOT NULL,
        kind TEXT NOT NULL,
        id TEXT NOT NULL
    ) STRICT;";

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Create,
    Replace,
    Delete,
    Restore,
    Publish,
    Unpublish,
    /// An application may log in again.
    SwitchOn,
    SwitchOff,
    RenewSecret,
    RevokeTokens,
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
            Self::SwitchOn => "switch_on",
            Self::SwitchOff => "switch_off",
            Self::RenewSecret => "renew_secret",
            Self::RevokeTokens => "revoke_tokens",
        }
    }
}

/// Adds a row to the audit log.
pub fn note(
    store: &Store,
    by: By,
    act: Act,
    kind: &str,
    id: &str,
    now: Timestamp,
) -> Result<(), Failure> {
    store.run(
        "INSERT INTO audit (at, by, act, kind, id) VALUES (?, ?, ?, ?, ?)",
        bind![now, by.as_str(), act.as_str(), kind, id],
    )?;
    Ok(())
}
