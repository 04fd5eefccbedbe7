//! Runs that wait for their turn, because not all runs of the runbook may be under way at once.

use std::rc::Rc;

use shared::engine::queue::Turns;
use shared::engine::{RunStatus, RunSummary};
use shared::model::RunId;

use super::live::Ended;
use super::room::Room;
use super::tables::RunRow;
use crate::clock;
use crate::error::{Failure, log};

impl Room {
    /// Has those begin whose turn it is. To be called whenever a run has ended.
    pub(super) async fn call_up(self: &Rc<Self>) {
        if !self.may_have_queue.get() {
            return;
        }
        match self.tables.has_queue() {
            Ok(false) => return self.may_have_queue.set(false),
            Ok(true) => {}
            Err(failure) => return log(&format!("queue: {}", failure.detail)),
        }
        let room = Rc::clone(self);
        let called = self
            .commits
            .write(move |tables| {
                let now = clock::now();
                // Where nothing is published any more, nobody waits for anybody.
                let turns = room
                    .installed()?
                    .map(|installed| Turns::of(&installed.plan.document().runbook));
                let queue = tables.queue()?;
                let next = match turns {
                    Some(turns) => turns.next(&tables.keys_under_way()?, queue),
                    None => queue.into_iter().map(|waiting| waiting.id).collect(),
                };
                for id in &next {
                    tables.leave_queue(id, now)?;
                    if let Some(row) = tables.run(id)? {
                        room.revive(&row)?;
                    }
                }
                Ok(())
            })
            .await;
        if let Err(failure) = called {
            // The alarm tries again.
            log(&format!("queue: {}", failure.detail));
        }
    }

    pub(super) fn is_in_queue(&self, id: &RunId) -> Result<bool, Failure> {
        let row = self.tables.run(id)?;
        Ok(row.is_some_and(|row| row.is_queued() && !row.has_ended()))
    }

    /// Ends a run that waits for its turn.
    pub(super) async fn cancel_queued(self: &Rc<Self>, row: RunRow) -> Result<RunStatus, Failure> {
        let room = Rc::clone(self);
        self.commits
            .write(move |tables| {
                let mut summary = tables.summary(&row.id)?;
                summary.status = RunStatus::Cancelled;
                summary.ended_at = Some(clock::now());
                tables.post(&summary)?;
                let ended = Ended {
                    status: summary.status,
                    outputs: None,
                    error: None,
                };
                room.live.leave_queue(&row.id, &ended);
                Ok(())
            })
            .await?;
        drop(self.deliver());
        Ok(RunStatus::Cancelled)
    }
}

/// How a run stands that has not had its turn, whatever its first steps would do.
pub(super) fn not_begun(summary: RunSummary) -> RunSummary {
    RunSummary {
        status: RunStatus::Queued,
        ended_at: None,
        waits_until: None,
        step: None,
        step_name: None,
        error: None,
        ..summary
    }
}
