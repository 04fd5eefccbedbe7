//! Runs and their journals.

use serde::Deserialize;
use shared::engine::{Entry, RunSummary};
use shared::model::{RunId, Timestamp};
use shared::start::Trigger;

use super::{Tables, to_json};
use crate::bind;
use crate::error::Failure;

/// A run, without its journal.
#[derive(Debug, Clone, Deserialize)]
pub(in crate::runner) struct RunRow {
    pub(in crate::runner) id: RunId,
    pub(in crate::runner) plan: i64,
    pub(in crate::runner) started_at: Timestamp,
    has_ended: i64,
    /// How many entries its journal has.
    entries: u32,
}

impl RunRow {
    pub(in crate::runner) fn has_ended(&self) -> bool {
        self.has_ended != 0
    }
}

const COLUMNS: &str = "id, plan, started_at, has_ended, entries";

impl Tables {
    /// Stores a run that has just been accepted.
    pub(in crate::runner) fn add_run(
        &self,
        summary: &RunSummary,
        plan: i64,
        trigger: &Trigger,
    ) -> Result<(), Failure> {
        let id = &summary.run_id;
        self.store.run(
            "INSERT INTO runs (id, plan, started_at, has_ended, entries, summary, sequence, acknowledged)
            VALUES (?, ?, ?, 0, 0, '', 0, 0)",
            bind![id.to_string(), plan, summary.started_at],
        )?;
        self.add(&trigger_place(id), trigger)?;
        self.post(summary)
    }

    pub(in crate::runner) fn run(&self, id: &RunId) -> Result<Option<RunRow>, Failure> {
        self.store.first(
            &format!("SELECT {COLUMNS} FROM runs WHERE id = ?"),
            bind![id.to_string()],
        )
    }

    /// Runs that have not ended and do not sleep, the oldest first.
    pub(in crate::runner) fn unfinished(&self, now: Timestamp) -> Result<Vec<RunRow>, Failure> {
        self.store.rows(
            &format!(
                "SELECT {COLUMNS} FROM runs WHERE has_ended = 0 AND (wakes_at IS NULL OR wakes_at <= ?)
                ORDER BY started_at"
            ),
            bind![now],
        )
    }

    /// When the first of those that sleep is to be woken.
    pub(in crate::runner) fn next_wake(
        &self,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, Failure> {
        #[derive(Deserialize)]
        struct Row {
            at: Option<Timestamp>,
        }
        let row: Option<Row> = self.store.first(
            "SELECT min(wakes_at) AS at FROM runs WHERE has_ended = 0 AND wakes_at > ?",
            bind![now],
        )?;
        Ok(row.and_then(|row| row.at))
    }

    pub(in crate::runner) fn trigger(&self, id: &RunId) -> Result<Trigger, Failure> {
        self.read(&trigger_place(id))
    }

    pub(in crate::runner) fn journal(&self, run: &RunRow) -> Result<Vec<Entry>, Failure> {
        (0..run.entries)
            .map(|position| self.read(&entry_place(&run.id, position)))
            .collect()
    }

    /// Adds to the end of a journal.
    pub(in crate::runner) fn add_line(&self, id: &RunId, line: &Line) -> Result<(), Failure> {
        #[derive(Deserialize)]
        struct Row {
            entries: u32,
        }
        let row: Option<Row> = self.store.first(
            "UPDATE runs SET entries = entries + 1 WHERE id = ? RETURNING entries",
            bind![id.to_string()],
        )?;
        let Some(Row { entries }) = row else {
            return Err(Failure::internal(
                "journal",
                &format_args!("the run {id} is not stored"),
            ));
        };
        self.add_bytes(&entry_place(id, entries.saturating_sub(1)), &line.0)
    }
}

/// An entry, written down: it may hold a large body, of which there should not be two.
pub(in crate::runner) struct Line(Vec<u8>);

impl Line {
    pub(in crate::runner) fn of(entry: &Entry) -> Result<Self, Failure> {
        to_json(entry).map(Self)
    }
}

fn trigger_place(id: &RunId) -> String {
    format!("run/{id}/trigger")
}

fn entry_place(id: &RunId, position: u32) -> String {
    format!("run/{id}/{position}")
}
