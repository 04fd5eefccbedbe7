//! What the alarm does: it resumes what a crash interrupted, and stays while runs are under way.

use std::collections::HashSet;
use std::rc::Rc;
use std::time::Duration;

use futures_util::future::select;
use futures_util::pin_mut;
use shared::engine::{Detail, RunStatus};
use shared::model::{RunId, Timestamp};
use shared::problem::ErrorDetail;
use worker::Delay;

use super::drive::Ready;
use super::room::Room;
use super::tables::RunRow;
use crate::clock;
use crate::error::{Failure, log};

/// The runtime gives an alarm handler 15 minutes; what is left is for the next one.
const LONGEST_MS: u64 = 13 * 60 * 1000;

/// How many runs are resumed at a time: each may hold bodies of several megabytes.
const AT_ONCE: usize = 32;

/// When something could not be done, how long until the next try.
const LATER_MS: u64 = 30_000;

/// Of the runs that a crash has left behind.
enum Resumed {
    All,
    /// The others have to wait until there is room.
    Some,
}

impl Room {
    /// Handles the alarm. It never fails: the runtime drops an alarm that keeps failing.
    pub(super) async fn beat(self: Rc<Self>) {
        self.alarm.begin(clock::now());
        let until = clock::now().saturating_add(LONGEST_MS);
        let mut tried = HashSet::new();
        // What has started while summaries were delivered is stayed for too: to end the alarm and to
        // set it anew costs two commits.
        while self.stay(until, &mut tried).await {
            self.call_up().await;
            self.deliver().await;
            if self.live.count() == 0 {
                break;
            }
        }
        if self.forget_old().await {
            self.deliver().await;
        }
        let now = clock::now();
        // Without a wait up to the end: what is accepted from now on rouses the alarm itself.
        let next = if self.live.count() > 0 {
            Some(now)
        } else {
            let later = self
                .has_left_over(now)
                .unwrap_or(true)
                .then(|| now.saturating_add(LATER_MS));
            let wake = self.tables.next_wake(now).unwrap_or(later);
            let forgetting = self.next_forgetting(now).unwrap_or(later);
            later.into_iter().chain(wake).chain(forgetting).min()
        };
        self.alarm.end(next);
    }

    /// Stays until no run is alive; whether that was reached.
    async fn stay(self: &Rc<Self>, until: Timestamp, tried: &mut HashSet<RunId>) -> bool {
        loop {
            let wait_for = match self.resume(tried) {
                Ok(Resumed::All) if self.live.count() == 0 => return true,
                Ok(Resumed::All) => 0,
                Ok(Resumed::Some) => AT_ONCE - 1,
                Err(failure) => {
                    log(&format!("alarm: {}", failure.detail));
                    return false;
                }
            };
            let left = until.saturating_sub(clock::now());
            let fewer = self.live.at_most(wait_for);
            pin_mut!(fewer);
            select(fewer, Delay::from(Duration::from_millis(left))).await;
            if clock::now() >= until {
                return false;
            }
        }
    }

    /// Whether runs could not be resumed, or summaries not be delivered.
    fn has_left_over(&self, now: Timestamp) -> Result<bool, Failure> {
        Ok(!self.tables.unfinished(now)?.is_empty()
            || !self.tables.waiting()?.is_empty()
            || self.tables.first_notice()?.is_some())
    }

    /// Resumes runs that are not alive, each once in a beat.
    fn resume(self: &Rc<Self>, tried: &mut HashSet<RunId>) -> Result<Resumed, Failure> {
        for row in self.tables.unfinished(clock::now())? {
            if self.live.holds(&row.id) || tried.contains(&row.id) {
                continue;
            }
            if self.live.count() >= AT_ONCE {
                return Ok(Resumed::Some);
            }
            tried.insert(row.id.clone());
            if let Err(failure) = self.revive(&row) {
                log(&format!(
                    "the run {} is not resumed: {}",
                    row.id, failure.detail
                ));
            }
        }
        Ok(Resumed::All)
    }

    /// Goes on with a run from its journal. One that cannot go on any more is ended.
    pub(super) fn revive(self: &Rc<Self>, row: &RunRow) -> Result<(), Failure> {
        let mut run = match self.replay(row, Detail::Lean)? {
            Ok(run) => run,
            Err(error) => {
                log(&format!("the run {} is given up: {error}", row.id));
                self.give_up(row, error)?;
                return Ok(());
            }
        };
        let noted = run.resume(clock::now());
        self.execute(run, Ready::new(), noted);
        Ok(())
    }

    fn give_up(&self, row: &RunRow, error: ErrorDetail) -> Result<(), Failure> {
        let mut summary = self.tables.summary(&row.id)?;
        summary.status = RunStatus::Failed;
        summary.ended_at = Some(clock::now());
        summary.error = Some(error);
        self.tables.post(&summary)
    }
}
