//! An object's one alarm, which rings for whatever is due first.

use std::cell::Cell;

use shared::model::Timestamp;
use worker::Storage;

use crate::error::Failure;

/// When it rings, as far as this instance knows.
pub struct Alarm {
    storage: Storage,
    at: Cell<Option<Timestamp>>,
}

impl std::fmt::Debug for Alarm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Alarm")
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

impl Alarm {
    pub fn new(storage: Storage) -> Self {
        Self {
            storage,
            at: Cell::new(None),
        }
    }

    /// It has rung: none is set any more.
    pub fn has_rung(&self) {
        self.at.set(None);
    }

    /// Has it ring at that time, or before it where it is set already.
    pub async fn set(&self, now: Timestamp, at: Timestamp) -> Result<(), Failure> {
        if let Some(set) = self.at.get()
            && (now..=at).contains(&set)
        {
            return Ok(());
        }
        let pause = i64::try_from(at.saturating_sub(now)).unwrap_or(i64::MAX);
        self.storage.set_alarm(pause).await?;
        self.at.set(Some(at));
        Ok(())
    }
}
