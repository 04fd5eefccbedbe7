//! Which runs are under way, and which wait for their turn.

use serde::Deserialize;
use shared::engine::queue::{InQueue, Traffic};
use shared::model::{RunId, Timestamp};

use super::{Tables, digest};
use crate::bind;
use crate::error::Failure;

/// How many of those that wait are looked at: enough for each that may begin, unless very many share a key.
const LOOKED_AT: u32 = 1_000;

#[derive(Deserialize)]
struct Count {
    count: u32,
}

impl Tables {
    /// What goes on beside a run with this key that is about to start.
    pub(in crate::runner) fn traffic(&self, key: Option<&str>) -> Result<Traffic, Failure> {
        let is_key_taken = match key {
            Some(key) => {
                let count = "SELECT count(*) AS count FROM runs
                    WHERE has_ended = 0 AND running_key IS NOT NULL AND running_key = ?";
                let row: Option<Count> = self.store.first(count, bind![digest(key.as_bytes())])?;
                row.is_some_and(|row| row.count > 0)
            }
            None => false,
        };
        Ok(Traffic {
            under_way: self.count(false)?,
            waiting: self.count(true)?,
            is_key_taken,
        })
    }

    fn count(&self, is_queued: bool) -> Result<u32, Failure> {
        let count = "SELECT count(*) AS count FROM runs WHERE has_ended = 0 AND is_queued = ?";
        let row: Option<Count> = self.store.first(count, bind![is_queued])?;
        Ok(row.map_or(0, |row| row.count))
    }

    /// Whether any run waits for its turn.
    pub(in crate::runner) fn has_queue(&self) -> Result<bool, Failure> {
        Ok(self.count(true)? > 0)
    }

    /// The keys of the runs that are under way.
    pub(in crate::runner) fn keys_under_way(&self) -> Result<Vec<Option<String>>, Failure> {
        #[derive(Deserialize)]
        struct Row {
            running_key: Option<String>,
        }
        let rows: Vec<Row> = self.store.rows(
            "SELECT running_key FROM runs WHERE has_ended = 0 AND is_queued = 0",
            bind![],
        )?;
        Ok(rows.into_iter().map(|row| row.running_key).collect())
    }

    /// Those that wait, in the order in which they came.
    pub(in crate::runner) fn queue(&self) -> Result<Vec<InQueue<RunId>>, Failure> {
        self.not_ended(true)
    }

    /// Those that are under way, in the order in which they came.
    pub(in crate::runner) fn under_way(&self) -> Result<Vec<InQueue<RunId>>, Failure> {
        self.not_ended(false)
    }

    fn not_ended(&self, is_queued: bool) -> Result<Vec<InQueue<RunId>>, Failure> {
        #[derive(Deserialize)]
        struct Row {
            id: RunId,
            running_key: Option<String>,
        }
        let rows: Vec<Row> = self.store.rows(
            "SELECT id, running_key FROM runs WHERE has_ended = 0 AND is_queued = ?
            ORDER BY started_at, id LIMIT ?",
            bind![is_queued, LOOKED_AT],
        )?;
        Ok(rows
            .into_iter()
            .map(|row| InQueue {
                id: row.id,
                key: row.running_key,
            })
            .collect())
    }

    /// It is a run's turn.
    pub(in crate::runner) fn leave_queue(&self, id: &RunId, now: Timestamp) -> Result<(), Failure> {
        self.store.run(
            "UPDATE runs SET is_queued = 0, begins_at = ? WHERE id = ?",
            bind![now, id.to_string()],
        )?;
        Ok(())
    }
}
