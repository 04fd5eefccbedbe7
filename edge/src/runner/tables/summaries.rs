//! Where each run stands, and what of that the workspace has not been told yet.

use serde::Deserialize;
use shared::engine::RunSummary;
use shared::model::RunId;

use super::{Tables, from_json, to_json};
use crate::bind;
use crate::error::Failure;
use crate::workspace::protocol::RunNote;

impl Tables {
    /// Notes where a run stands; the workspace is to be told.
    pub(in crate::runner) fn post(&self, summary: &RunSummary) -> Result<(), Failure> {
        let text = String::from_utf8_lossy(&to_json(summary)?).into_owned();
        self.store.run(
            "UPDATE runs SET summary = ?, has_ended = ?, wakes_at = ?, sequence = sequence + 1 WHERE id = ?",
            bind![
                text,
                summary.status.has_ended(),
                summary.waits_until,
                summary.run_id.to_string()
            ],
        )?;
        Ok(())
    }

    /// Notes what a run is found by; goes along with what is [posted](Self::post) next.
    pub(in crate::runner) fn keep_searched(&self, id: &RunId, text: &str) -> Result<(), Failure> {
        self.store.run(
            "UPDATE runs SET searched = ? WHERE id = ?",
            bind![text, id.to_string()],
        )?;
        Ok(())
    }

    /// Where a run stands.
    pub(in crate::runner) fn summary(&self, id: &RunId) -> Result<RunSummary, Failure> {
        #[derive(Deserialize)]
        struct Row {
            summary: String,
        }
        let query = "SELECT summary FROM runs WHERE id = ?";
        let row: Option<Row> = self.store.first(query, bind![id.to_string()])?;
        let row = row.ok_or_else(|| Failure::not_found("The run"))?;
        from_json(row.summary.as_bytes())
    }

    /// Some of the summaries that wait for their acknowledgement.
    pub(in crate::runner) fn waiting(&self) -> Result<Vec<RunNote>, Failure> {
        #[derive(Deserialize)]
        struct Row {
            summary: String,
            sequence: u64,
            searched: Option<String>,
        }
        let rows: Vec<Row> = self.store.rows(
            "SELECT summary, sequence, searched FROM runs WHERE sequence > acknowledged LIMIT 500",
            bind![],
        )?;
        rows.into_iter()
            .map(|row| {
                Ok(RunNote {
                    summary: from_json(row.summary.as_bytes())?,
                    sequence: row.sequence,
                    searched: row.searched,
                })
            })
            .collect()
    }

    /// The workspace knows this one; a newer one of the same run still waits.
    pub(in crate::runner) fn acknowledge(&self, id: &RunId, sequence: u64) -> Result<(), Failure> {
        self.store.run(
            "UPDATE runs SET acknowledged = max(acknowledged, ?1),
                 searched = CASE WHEN sequence > ?1 THEN searched END
             WHERE id = ?2",
            bind![sequence, id.to_string()],
        )?;
        Ok(())
    }
}
