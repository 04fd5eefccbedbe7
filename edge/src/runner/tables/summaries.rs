//! Where each run stands, and what of that the workspace has not been told yet.

use serde::Deserialize;
use shared::engine::RunSummary;
use shared::model::RunId;

use super::{Line, Tables, from_json, to_json};
use crate::bind;
use crate::error::Failure;
use crate::workspace::protocol::RunNote;

impl Tables {
    /// Notes where a run stands; the workspace is to be told.
    pub(in crate::runner) fn post(&self, summary: &RunSummary) -> Result<(), Failure> {
        self.post_with(summary, &[], None)
    }

    /// The same, with what comes to the end of the run's journal and with what the run is found by from now on.
    pub(in crate::runner) fn post_with(
        &self,
        summary: &RunSummary,
        lines: &[Line],
        searched: Option<&str>,
    ) -> Result<(), Failure> {
        #[derive(Deserialize)]
        struct Row {
            entries: usize,
        }
        let id = &summary.run_id;
        let text = String::from_utf8_lossy(&to_json(summary)?).into_owned();
        let row: Option<Row> = self.store.first(
            "UPDATE runs SET summary = ?, has_ended = ?, wakes_at = ?, sequence = sequence + 1,
                entries = entries + ?, searched = coalesce(?, searched)
             WHERE id = ? RETURNING entries",
            bind![
                text,
                summary.status.has_ended(),
                summary.waits_until,
                lines.len(),
                searched,
                id.to_string()
            ],
        )?;
        let Some(Row { entries }) = row else {
            let problem = format_args!("the run {id} is not stored");
            return Err(Failure::internal("journal", &problem));
        };
        self.add_lines(id, entries.saturating_sub(lines.len()), lines)
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

    /// The workspace knows these, each up to its number; what is newer of the same runs still waits.
    pub(in crate::runner) fn acknowledge(&self, known: &[(RunId, u64)]) -> Result<(), Failure> {
        let known = serde_json::to_string(known)
            .map_err(|error| Failure::internal("acknowledge", &error))?;
        self.store.run(
            "UPDATE runs SET acknowledged = max(acknowledged, known.number),
                 searched = CASE WHEN sequence > known.number THEN searched END
             FROM (SELECT value ->> 0 AS run, value ->> 1 AS number FROM json_each(?)) AS known
             WHERE id = known.run",
            bind![known],
        )?;
        Ok(())
    }
}
