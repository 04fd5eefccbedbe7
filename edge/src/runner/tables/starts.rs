//! Starts from outside: when a secret proved one last, and those that were not wanted.

use serde::Deserialize;
use shared::api::{IgnoredStart, SecretUse};
use shared::model::Timestamp;

use super::Tables;
use crate::bind;
use crate::error::Failure;
use crate::runner::protocol::Owner;
use crate::seal;

/// How exactly it is known when a secret was used: it is not written down each time.
const USE_IS_NOTED_EVERY_MS: u64 = 60 * 60 * 1000;

/// How many ignored starts are kept.
const MOST_IGNORED: u32 = 50;

/// What explanations are sealed for.
const IGNORED_PLACE: &str = "ignored";

impl Tables {
    /// Notes that a secret proved something, at most once an hour.
    pub(in crate::runner) fn note_use(
        &self,
        owner: &Owner,
        place: &str,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let long_ago = now.saturating_sub(USE_IS_NOTED_EVERY_MS);
        self.store.run(
            "UPDATE credentials SET used_at = ? WHERE owner = ? AND place = ? AND (used_at IS NULL OR used_at <= ?)",
            bind![now, owner.to_string(), place, long_ago],
        )?;
        Ok(())
    }

    /// The secrets of an owner that have proved something.
    pub(in crate::runner) fn uses(&self, owner: &Owner) -> Result<Vec<SecretUse>, Failure> {
        self.store.rows(
            "SELECT place, used_at FROM credentials WHERE owner = ? AND used_at IS NOT NULL ORDER BY place",
            bind![owner.to_string()],
        )
    }

    /// Notes a start that was not wanted, and forgets the oldest of too many.
    pub(in crate::runner) fn add_ignored(&self, start: &IgnoredStart) -> Result<(), Failure> {
        let sealed = seal::seal_text(&self.config, IGNORED_PLACE, &start.explanation)?;
        self.store.run(
            "INSERT INTO ignored_starts (at, explanation) VALUES (?, ?)",
            bind![start.at, sealed],
        )?;
        self.store.run(
            "DELETE FROM ignored_starts WHERE id <= (SELECT max(id) FROM ignored_starts) - ?",
            bind![MOST_IGNORED],
        )?;
        Ok(())
    }

    /// The starts that were not wanted, the newest first.
    pub(in crate::runner) fn ignored(&self) -> Result<Vec<IgnoredStart>, Failure> {
        #[derive(Deserialize)]
        struct Row {
            at: Timestamp,
            explanation: String,
        }
        let rows: Vec<Row> = self.store.rows(
            "SELECT at, explanation FROM ignored_starts ORDER BY id DESC",
            bind![],
        )?;
        rows.into_iter()
            .map(|row| {
                Ok(IgnoredStart {
                    at: row.at,
                    explanation: seal::open_text(&self.config, IGNORED_PLACE, &row.explanation)?,
                })
            })
            .collect()
    }
}
