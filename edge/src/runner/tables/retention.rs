//! How long ended runs are kept, and what is left of one with light logs.

use serde::Deserialize;
use shared::engine::{Reply, RunStatus, RunView};
use shared::model::{RunId, Timestamp};

use super::runs::{entry_place, trigger_place};
use super::{RunRow, Tables, from_json};
use crate::bind;
use crate::error::Failure;
use crate::runner::live::Ended;
use crate::store::write_body;

/// What is still known of a run with light logs: what people read, and how it answers whoever repeats its key.
#[derive(Debug, Clone, serde::Serialize, Deserialize)]
pub(in crate::runner) struct Light {
    pub(in crate::runner) view: RunView,
    pub(in crate::runner) ended: Option<Ended>,
    /// What a step answered while the run went on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::runner) reply: Option<Reply>,
}

#[derive(Deserialize)]
struct Old {
    id: RunId,
    started_at: Timestamp,
    summary: String,
    start_key: Option<String>,
}

/// The one field of a summary that outlives it.
#[derive(Deserialize)]
struct Outcome {
    status: RunStatus,
}

impl Tables {
    /// How many runs are kept.
    pub(in crate::runner) fn count_runs(&self) -> Result<u64, Failure> {
        #[derive(Deserialize)]
        struct Row {
            count: u64,
        }
        let row: Option<Row> = self
            .store
            .first("SELECT count(*) AS count FROM runs", bind![])?;
        Ok(row.map_or(0, |row| row.count))
    }

    /// When the run that ended first was started.
    pub(in crate::runner) fn oldest_ended(&self) -> Result<Option<Timestamp>, Failure> {
        #[derive(Deserialize)]
        struct Row {
            at: Option<Timestamp>,
        }
        let row: Option<Row> = self.store.first(
            "SELECT min(started_at) AS at FROM runs WHERE has_ended = 1",
            bind![],
        )?;
        Ok(row.and_then(|row| row.at))
    }

    /// Removes some of the ended runs, the oldest first: those from before `since`, and beyond that so many as
    /// `excess` says. What the workspace has not heard of stays. Keys outlive their runs.
    pub(in crate::runner) fn forget_runs(
        &self,
        since: Timestamp,
        excess: u64,
        at_most: u64,
    ) -> Result<Vec<RunId>, Failure> {
        let oldest: Vec<Old> = self.store.rows(
            "SELECT id, started_at, summary, start_key FROM runs
            WHERE has_ended = 1 AND sequence <= acknowledged ORDER BY started_at LIMIT ?",
            bind![at_most],
        )?;
        let is_due = |(place, old): &(u64, Old)| *place < excess || old.started_at < since;
        let due: Vec<Old> = (0..)
            .zip(oldest)
            .take_while(is_due)
            .map(|(_, old)| old)
            .collect();
        for Old {
            id,
            summary,
            start_key,
            ..
        } in &due
        {
            if let Some(key) = start_key {
                let outcome: Outcome = from_json(summary.as_bytes())?;
                self.store.run(
                    "UPDATE keys SET status = ? WHERE key = ?",
                    bind![outcome.status.as_str(), key],
                )?;
            }
            let name = id.to_string();
            // All that belongs to a run stands below `run/{id}/`.
            self.store.run(
                "DELETE FROM bodies WHERE owner >= ? AND owner < ?",
                bind![format!("run/{name}/"), format!("run/{name}0")],
            )?;
            self.store
                .run("DELETE FROM runs WHERE id = ?", bind![name])?;
        }
        Ok(due.into_iter().map(|old| old.id).collect())
    }

    /// Keeps of an ended run what light logs keep.
    pub(in crate::runner) fn lighten(&self, row: &RunRow, light: &Light) -> Result<(), Failure> {
        self.add(&light_place(&row.id), light)?;
        write_body(&self.store, &trigger_place(&row.id), &[])?;
        for position in 0..row.entries() {
            write_body(&self.store, &entry_place(&row.id, position), &[])?;
        }
        self.store.run(
            "UPDATE runs SET is_light = 1, entries = 0 WHERE id = ?",
            bind![row.id.to_string()],
        )?;
        Ok(())
    }

    pub(in crate::runner) fn light(&self, id: &RunId) -> Result<Light, Failure> {
        self.read(&light_place(id))
    }
}

fn light_place(id: &RunId) -> String {
    format!("run/{id}/light")
}
