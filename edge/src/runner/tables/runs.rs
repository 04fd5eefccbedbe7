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
    entries: u32,
}

impl RunRow {
    pub(in crate::runner) fn has_ended(&self) -> bool {
        self.has_ended != 0
    }

    pub(super) fn entries(&self) -> u32 {
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
    pub(in crate::runner) is_queued: bool,
    /// What it has in common with those that must not be under way beside it.
    pub(in crate::runner) running_key: Option<&'r str>,
    /// The idempotency key that it was started with.
    pub(in crate::runner) start_key: Option<&'r str>,
}

const COLUMNS: &str = "id, plan, started_at, has_ended, is_queued, is_light, begins_at, entries";

impl Tables {
    /// Stores a run that has just been accepted.
    pub(in crate::runner) fn add_run(&self, run: &NewRun<'_>) -> Result<(), Failure> {
        let id = &run.summary.run_id;
        self.store.run(
            "INSERT INTO runs (id, plan, started_at, has_ended, entries, summary, sequence, acknowledged,
                is_queued, running_key, start_key)
            VALUES (?, ?, ?, 0, 0, '', 0, 0, ?, ?, ?)",
            bind![
                id.to_string(),
                run.plan,
                run.summary.started_at,
                run.is_queued,
                run.running_key.map(|key| digest(key.as_bytes())),
                run.start_key.map(|key| digest(key.as_bytes())),
            ],
        )?;
        self.add(&trigger_place(id), run.trigger)?;
        self.post(run.summary)
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

pub(super) fn trigger_place(id: &RunId) -> String {
    format!("run/{id}/trigger")
}

pub(super) fn entry_place(id: &RunId, position: u32) -> String {
    format!("run/{id}/{position}")
}
