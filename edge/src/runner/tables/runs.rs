//! Runs and their journals.

use serde::Deserialize;
use shared::engine::{Entry, RunSummary};
use shared::model::{RunId, Timestamp};
use shared::start::Trigger;

use super::{Tables, digest, to_json};
use crate::bind;
use crate::error::Failure;

/// A run, without its journal.
#[derive(Debug, Clone, Deserialize)]
pub(in crate::runner) struct RunRow {
    pub(in crate::runner) id: RunId,
    pub(in crate::runner) plan: i64,
    pub(in crate::runner) started_at: Timestamp,
    has_ended: i64,
    is_queued: i64,
    is_light: i64,
    /// When it came out of the queue.
    pub(in crate::runner) begins_at: Option<Timestamp>,
    /// How many entries its journal has.
    entries: usize,
}

impl RunRow {
    pub(in crate::runner) fn has_ended(&self) -> bool {
        self.has_ended != 0
    }

    pub(super) fn entries(&self) -> usize {
        self.entries
    }

    /// Whether it never had its turn.
    pub(in crate::runner) fn is_queued(&self) -> bool {
        self.is_queued != 0
    }

    /// Whether no more than a view without bodies is left of it.
    pub(in crate::runner) fn is_light(&self) -> bool {
        self.is_light != 0
    }
}

/// A run that has just been accepted.
#[derive(Debug)]
pub(in crate::runner) struct NewRun<'r> {
    pub(in crate::runner) summary: &'r RunSummary,
    pub(in crate::runner) plan: i64,
    pub(in crate::runner) trigger: &'r Trigger,
    /// Where its first step begins with the same commit.
    pub(in crate::runner) begun: Option<Line>,
    pub(in crate::runner) is_queued: bool,
    /// What it has in common with those that must not be under way beside it.
    pub(in crate::runner) running_key: Option<&'r str>,
    /// The idempotency key that it was started with.
    pub(in crate::runner) start_key: Option<&'r str>,
}

const COLUMNS: &str = "id, plan, started_at, has_ended, is_queued, is_light, begins_at, entries";

impl Tables {
    /// Stores a run that has just been accepted; the workspace is to be told.
    pub(in crate::runner) fn add_run(&self, run: &NewRun<'_>) -> Result<(), Failure> {
        let id = &run.summary.run_id;
        let lines = run.begun.as_slice();
        let summary = String::from_utf8_lossy(&to_json(run.summary)?).into_owned();
        self.store.run(
            "INSERT INTO runs (id, plan, started_at, has_ended, wakes_at, entries, summary, sequence, acknowledged,
                is_queued, running_key, start_key)
            VALUES (?, ?, ?, ?, ?, ?, ?, 1, 0, ?, ?, ?)",
            bind![
                id.to_string(),
                run.plan,
                run.summary.started_at,
                run.summary.status.has_ended(),
                run.summary.waits_until,
                lines.len(),
                summary,
                run.is_queued,
                run.running_key.map(|key| digest(key.as_bytes())),
                run.start_key.map(|key| digest(key.as_bytes())),
            ],
        )?;
        self.add(&trigger_place(id), run.trigger)?;
        self.add_lines(id, 0, lines)
    }

    pub(in crate::runner) fn run(&self, id: &RunId) -> Result<Option<RunRow>, Failure> {
        self.store.first(
            &format!("SELECT {COLUMNS} FROM runs WHERE id = ?"),
            bind![id.to_string()],
        )
    }

    /// Runs that have not ended and neither wait for their turn nor sleep, the oldest first.
    pub(in crate::runner) fn unfinished(&self, now: Timestamp) -> Result<Vec<RunRow>, Failure> {
        self.store.rows(
            &format!(
                "SELECT {COLUMNS} FROM runs WHERE has_ended = 0 AND is_queued = 0 AND (wakes_at IS NULL OR wakes_at <= ?)
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
            "SELECT min(wakes_at) AS at FROM runs WHERE has_ended = 0 AND is_queued = 0 AND wakes_at > ?",
            bind![now],
        )?;
        Ok(row.and_then(|row| row.at))
    }

    pub(in crate::runner) fn trigger(&self, id: &RunId) -> Result<Trigger, Failure> {
        self.read(&trigger_place(id))
    }

    pub(in crate::runner) fn journal(&self, run: &RunRow) -> Result<Vec<Entry>, Failure> {
        (0..run.entries)
            .map(|place| self.read(&entry_place(&run.id, place)))
            .collect()
    }

    /// Adds to a journal that has so many entries.
    pub(super) fn add_lines(
        &self,
        id: &RunId,
        entries: usize,
        lines: &[Line],
    ) -> Result<(), Failure> {
        for (place, line) in (entries..).zip(lines) {
            self.add_bytes(&entry_place(id, place), &line.0)?;
        }
        Ok(())
    }
}

/// An entry, written down: it may hold a large body, of which there should not be two.
#[derive(Debug)]
pub(in crate::runner) struct Line(Vec<u8>);

impl Line {
    pub(in crate::runner) fn of(entry: &Entry) -> Result<Self, Failure> {
        to_json(entry).map(Self)
    }
}

pub(super) fn trigger_place(id: &RunId) -> String {
    format!("run/{id}/trigger")
}

pub(super) fn entry_place(id: &RunId, place: usize) -> String {
    format!("run/{id}/{place}")
}
