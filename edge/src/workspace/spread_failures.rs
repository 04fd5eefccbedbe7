//! What failures set off where several Runners share the runs of a runbook: each of them sees a part of the ends only, and
//! the workspace hears of all.

use serde::{Deserialize, Serialize};
use shared::engine::RunSummary;
use shared::engine::aftermath::{Aftermath, SpreadFailures};
use shared::model::{Runbook, Timestamp};
use worker::Env;

use super::protocol::RunNote;
use super::save::Change;
use super::switched_off;
use crate::bind;
use crate::config::Config;
use crate::error::{Failure, log};
use crate::failure_ticket;
use crate::store::Store;

pub(super) const TABLES: &str = "
    -- What is counted of runbooks that several Runners share, as long as they are installed and on.
    CREATE TABLE spread_failures (runbook TEXT PRIMARY KEY, counted TEXT NOT NULL) STRICT, WITHOUT ROWID;
    -- Tickets that are yet to be opened.
    CREATE TABLE failure_tickets (run_id TEXT PRIMARY KEY, ticket TEXT NOT NULL) STRICT, WITHOUT ROWID;
    -- Until now each Runner counted for itself: counting begins when they are told anew.
    UPDATE installations SET revision = revision + 1 WHERE shards > 1;";

/// A ticket that is yet to be opened.
#[derive(Debug, Serialize, Deserialize)]
struct Ticket {
    run: RunSummary,
    aftermath: Aftermath,
}

/// Counts anew, from now on. To be called when a runbook is installed that is on.
pub(super) fn begin(store: &Store, runbook: &Runbook, now: Timestamp) -> Result<(), Failure> {
    match SpreadFailures::of(runbook, now) {
        Some(failures) => keep(store, runbook.id.as_str(), &failures),
        None => end(store, runbook.id.as_str()),
    }
}

/// Counts no more.
pub(super) fn end(store: &Store, runbook: &str) -> Result<(), Failure> {
    store.run(
        "DELETE FROM spread_failures WHERE runbook = ?",
        bind![runbook],
    )?;
    Ok(())
}

/// What is counted of the runbook whose runs these are; nothing where none of them has ended, or nobody counts. All of
/// them are of one Runner.
pub(super) fn counted(store: &Store, notes: &[RunNote]) -> Result<Option<SpreadFailures>, Failure> {
    #[derive(Deserialize)]
    struct Row {
        counted: String,
    }
    let mut runs = notes.iter().map(|note| &note.summary);
    let Some(ended) = runs.find(|run| run.status.has_ended()) else {
        return Ok(None);
    };
    let row: Option<Row> = store.first(
        "SELECT counted FROM spread_failures WHERE runbook = ?",
        bind![ended.runbook.as_str()],
    )?;
    row.map(|row| read(&row.counted)).transpose()
}

/// Takes note of where runs stand; whether something is to be done now. Saying it again does no harm.
pub(super) fn note(
    change: &Change<'_>,
    mut failures: SpreadFailures,
    notes: &[RunNote],
) -> Result<bool, Failure> {
    let before = failures.clone();
    let mut is_due = false;
    for RunNote { summary: run, .. } in notes {
        let aftermath = failures.note(run);
        if aftermath.is_due() {
            is_due = true;
            carry_out(change, run, aftermath)?;
        }
    }
    if let Some(RunNote { summary: run, .. }) = notes.first()
        && failures != before
    {
        keep(change.store, run.runbook.as_str(), &failures)?;
    }
    Ok(is_due)
}

fn carry_out(change: &Change<'_>, run: &RunSummary, aftermath: Aftermath) -> Result<(), Failure> {
    if aftermath.switches_off {
        switched_off::switch_off(change, run.clone(), aftermath.failures)?;
    }
    if aftermath.opens_ticket {
        let ticket = Ticket {
            run: run.clone(),
            aftermath,
        };
        change.store.run(
            "INSERT OR IGNORE INTO failure_tickets (run_id, ticket) VALUES (?, ?)",
            bind![run.run_id.to_string(), written(&ticket)?],
        )?;
    }
    Ok(())
}

fn keep(store: &Store, runbook: &str, failures: &SpreadFailures) -> Result<(), Failure> {
    store.run(
        "INSERT OR REPLACE INTO spread_failures (runbook, counted) VALUES (?, ?)",
        bind![runbook, written(failures)?],
    )?;
    Ok(())
}

/// Whether a ticket is yet to be opened.
pub(super) fn is_pending(store: &Store) -> Result<bool, Failure> {
    Ok(first_ticket(store)?.is_some())
}

/// Opens the tickets. What does not arrive is in the log, and opened the next time.
pub(super) async fn tell(store: &Store, env: &Env, config: &Config) -> Result<(), Failure> {
    while let Some(Ticket { run, aftermath }) = first_ticket(store)? {
        if let Err(failure) = failure_ticket::open(env, config, &run, aftermath).await {
            log(&format!(
                "The desk was not told of the failed run {}: {}",
                run.run_id, failure.detail
            ));
            return Ok(());
        }
        store.run(
            "DELETE FROM failure_tickets WHERE run_id = ?",
            bind![run.run_id.to_string()],
        )?;
    }
    Ok(())
}

fn first_ticket(store: &Store) -> Result<Option<Ticket>, Failure> {
    #[derive(Deserialize)]
    struct Row {
        ticket: String,
    }
    let row: Option<Row> = store.first(
        "SELECT ticket FROM failure_tickets ORDER BY run_id LIMIT 1",
        bind![],
    )?;
    row.map(|row| read(&row.ticket)).transpose()
}

fn written(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| Failure::internal("failures", &error))
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Failure> {
    serde_json::from_str(text).map_err(|error| Failure::internal("failures", &error))
}
