//! Ended runs are kept for a time, and only so many: what is older goes, a few at a time.

use std::cell::Cell;
use std::rc::Rc;

use shared::engine::spread;
use shared::model::{Runbook, Timestamp};
use worker::wasm_bindgen_futures::spawn_local;

use super::room::Room;
use super::tables::Notice;
use crate::clock;
use crate::error::{Failure, log};

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// How many runs go with one commit: a start that comes meanwhile waits for no more than that.
const BATCH: u64 = 50;

/// So many more than are kept may be there before the next ones go.
const SLACK: u64 = 256;

/// When something is due that could not be done, how long until the next try.
const LATER_MS: u64 = 60_000;

/// What is known of the history's size.
#[derive(Debug, Default)]
pub(super) struct Retention {
    /// Counted when it is needed first.
    runs: Cell<Option<u64>>,
    is_under_way: Cell<bool>,
}

impl Retention {
    pub(super) fn one_more(&self) {
        self.runs.set(self.runs.get().map(|runs| runs + 1));
    }
}

/// What is kept.
#[derive(Debug, Clone, Copy)]
struct Kept {
    for_ms: u64,
    runs: u64,
}

impl Room {
    /// Has old runs go where there are many; returns at once.
    pub(super) fn tidy_up(self: &Rc<Self>) {
        if self.retention.is_under_way.get() || !self.is_overfull().unwrap_or(false) {
            return;
        }
        let room = Rc::clone(self);
        spawn_local(async move {
            if room.forget_old().await {
                room.deliver().await;
            }
        });
    }

    fn is_overfull(&self) -> Result<bool, Failure> {
        Ok(self.count()? > self.kept()?.runs.saturating_add(SLACK))
    }

    fn count(&self) -> Result<u64, Failure> {
        if let Some(runs) = self.retention.runs.get() {
            return Ok(runs);
        }
        let runs = self.tables.count_runs()?;
        self.retention.runs.set(Some(runs));
        Ok(runs)
    }

    /// What the published version says, or the defaults where nothing is published.
    fn kept(&self) -> Result<Kept, Failure> {
        let installed = self.installed()?;
        let runbook = installed
            .as_ref()
            .map(|installed| &installed.plan.document().runbook);
        let days = runbook.and_then(|runbook| runbook.retention_days);
        let runs = runbook.and_then(|runbook| runbook.retention_runs);
        Ok(Kept {
            for_ms: u64::from(days.unwrap_or(Runbook::RETENTION_DAYS)).saturating_mul(DAY_MS),
            runs: u64::from(runbook.map_or(Runbook::RETENTION_RUNS, |runbook| {
                spread::part(runs.unwrap_or(Runbook::RETENTION_RUNS), runbook)
            })),
        })
    }

    /// Removes the runs that are not kept any longer; whether there were any, of which others are to be told.
    pub(super) async fn forget_old(self: &Rc<Self>) -> bool {
        let mut has_gone = false;
        if self.retention.is_under_way.replace(true) {
            return has_gone;
        }
        loop {
            match self.forget_some().await {
                Ok(gone) => {
                    has_gone |= gone > 0;
                    if gone < BATCH {
                        break;
                    }
                }
                Err(failure) => {
                    log(&format!("retention: {}", failure.detail));
                    break;
                }
            }
        }
        self.retention.is_under_way.set(false);
        has_gone
    }

    /// How many have gone.
    async fn forget_some(self: &Rc<Self>) -> Result<u64, Failure> {
        let kept = self.kept()?;
        let excess = self.count()?.saturating_sub(kept.runs);
        let since = clock::now().saturating_sub(kept.for_ms);
        let gone = self
            .commits
            .write(move |tables| {
                let gone = tables.forget_runs(since, excess, BATCH)?;
                if !gone.is_empty() {
                    tables.note(&Notice::Forgotten { runs: gone.clone() })?;
                }
                Ok(gone.len())
            })
            .await?;
        let gone = u64::try_from(gone).unwrap_or(u64::MAX);
        let runs = self.retention.runs.get();
        self.retention
            .runs
            .set(runs.map(|runs| runs.saturating_sub(gone)));
        Ok(gone)
    }

    /// When the next of those that have ended is not kept any longer.
    pub(super) fn next_forgetting(&self, now: Timestamp) -> Result<Option<Timestamp>, Failure> {
        let Some(oldest) = self.tables.oldest_ended()? else {
            return Ok(None);
        };
        let at = oldest.saturating_add(self.kept()?.for_ms);
        Ok(Some(at.max(now.saturating_add(LATER_MS))))
    }
}
