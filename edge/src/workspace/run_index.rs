//! The index of runs: what their Runners say of them, so that one object answers the runs page.

use serde::Deserialize;
use shared::api::{List, RunsQuery};
use shared::engine::{RunStatus, RunSummary};
use shared::model::{RunId, Timestamp};

use crate::bind;
use crate::error::Failure;
use crate::store::{Store, ToValue as _, Value};

const DEFAULT_LIMIT: u32 = 50;
const HIGHEST_LIMIT: u32 = 200;

/// Takes note of a run; whether that was news. What is older than what is known is none.
pub(super) fn record(store: &Store, run: &RunSummary, sequence: u64) -> Result<bool, Failure> {
    let summary = serde_json::to_string(run).map_err(|error| Failure::internal("run", &error))?;
    let ticket = run.started_by.ticket_id();
    let written = store.run(
        "INSERT INTO runs (run_id, runbook, status, ticket, started_at, sequence, summary)
         VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (run_id) DO UPDATE SET
             status = excluded.status, sequence = excluded.sequence, summary = excluded.summary
         WHERE excluded.sequence > runs.sequence",
        bind![
            run.run_id.to_string(),
            run.runbook.as_str(),
            run.status.as_str(),
            ticket,
            run.started_at,
            sequence,
            summary,
        ],
    )?;
    Ok(written > 0)
}

/// Drops runs that their Runner keeps no longer.
pub(super) fn forget(store: &Store, runs: &[RunId]) -> Result<(), Failure> {
    for run in runs {
        store.run("DELETE FROM runs WHERE run_id = ?", bind![run.to_string()])?;
    }
    Ok(())
}

/// A page of runs, the newest first.
pub(super) fn list(store: &Store, query: &RunsQuery) -> Result<List<RunSummary>, Failure> {
    #[derive(Deserialize)]
    struct Row {
        summary: String,
    }
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, HIGHEST_LIMIT);
    let mut filters = vec!["TRUE"];
    let mut values: Vec<Value> = Vec::new();
    if let Some(runbook) = &query.runbook {
        filters.push("runbook = ?");
        values.push(runbook.as_str().to_value());
    }
    if let Some(status) = query.status {
        filters.push("status = ?");
        values.push(status.as_str().to_value());
    }
    if let Some(ticket) = query.ticket {
        filters.push("ticket = ?");
        values.push(ticket.to_value());
    }
    if let Some(after) = &query.after {
        let (started_at, run_id) = cursor(after)?;
        filters.push("(started_at, run_id) < (?, ?)");
        values.extend([started_at.to_value(), run_id.to_value()]);
    }
    // One more than asked for tells whether there is another page.
    values.push((limit + 1).to_value());
    let rows: Vec<Row> = store.rows(
        &format!(
            "SELECT summary FROM runs WHERE {} ORDER BY started_at DESC, run_id DESC LIMIT ?",
            filters.join(" AND ")
        ),
        values,
    )?;
    let mut items: Vec<RunSummary> = rows
        .iter()
        .map(|row| {
            serde_json::from_str(&row.summary).map_err(|error| Failure::internal("run", &error))
        })
        .collect::<Result<_, _>>()?;
    let has_more = items.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    if has_more {
        items.pop();
    }
    let next = items
        .last()
        .filter(|_| has_more)
        .map(|last| format!("{}_{}", last.started_at, last.run_id));
    Ok(List { items, next })
}

/// The latest run of a runbook.
pub(super) fn last_of(
    store: &Store,
    runbook: &str,
) -> Result<Option<(RunId, RunStatus, Timestamp)>, Failure> {
    #[derive(Deserialize)]
    struct Row {
        summary: String,
    }
    let row: Option<Row> = store.first(
        "SELECT summary FROM runs WHERE runbook = ? ORDER BY started_at DESC, run_id DESC LIMIT 1",
        bind![runbook],
    )?;
    row.map(|row| {
        let run: RunSummary =
            serde_json::from_str(&row.summary).map_err(|error| Failure::internal("run", &error))?;
        Ok((run.run_id, run.status, run.started_at))
    })
    .transpose()
}

/// The last run of the page before: when it started, and its id.
fn cursor(after: &str) -> Result<(Timestamp, String), Failure> {
    after
        .split_once('_')
        .and_then(|(started_at, run_id)| {
            let started_at = started_at.parse().ok()?;
            RunId::parse(run_id).ok()?;
            Some((started_at, run_id.to_owned()))
        })
        .ok_or_else(|| {
            Failure::bad_request(
                "invalid_cursor",
                "`after` must be the `next` of the page before.",
            )
            .at_field("after")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_what_a_page_gave() {
        assert_eq!(cursor("12_rb.0.1"), Ok((12, "rb.0.1".to_owned())));
        for text in ["", "12", "x_rb.0.1", "12_rb", "12_rb.0.1' OR 1"] {
            assert_eq!(cursor(text).unwrap_err().detail.code, "invalid_cursor");
        }
    }
}
