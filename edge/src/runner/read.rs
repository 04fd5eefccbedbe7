//! Runs as they are read: from their journals, secrets masked.

use std::rc::Rc;

use shared::engine::view::QueuePlace;
use shared::engine::{Detail, PlanDocument, Run, RunStatus, RunView, StepVisit, queue};
use shared::model::RunId;
use shared::problem::ErrorDetail;

use super::room::Room;
use super::tables::RunRow;
use crate::error::Failure;

impl Room {
    /// A run with all that happened in it.
    pub(super) fn view(&self, run_id: &RunId) -> Result<RunView, Failure> {
        let row = self.row(run_id)?;
        if row.is_light() {
            return Ok(self.tables.light(run_id)?.view);
        }
        let run = self
            .replay(&row, Detail::Full)?
            .map_err(|error| Failure::of(500, error))?;
        if row.is_queued() {
            return Ok(RunView {
                summary: self.tables.summary(run_id)?,
                visits: Vec::new(),
                outputs: Vec::new(),
                queue: self.place_in_queue(&row)?,
                ..run.view(&self.hidden(run.plan())?.secrets)
            });
        }
        Ok(run.view(&self.hidden(run.plan())?.secrets))
    }

    /// One of its passages through a step, by its place.
    pub(super) fn visit(&self, run_id: &RunId, number: usize) -> Result<StepVisit, Failure> {
        let visit = self.view(run_id)?.visits.into_iter().nth(number);
        visit.ok_or_else(|| Failure::not_found("The passage"))
    }

    /// What it executes: its runbook, and what that uses, as they were when it started.
    pub(super) fn plan_of(&self, run_id: &RunId) -> Result<PlanDocument, Failure> {
        self.tables.plan(self.row(run_id)?.plan)
    }

    /// It may be too far behind for anybody to count.
    fn place_in_queue(&self, row: &RunRow) -> Result<Option<QueuePlace>, Failure> {
        if row.has_ended() {
            return Ok(None);
        }
        let (under_way, waiting) = (self.tables.under_way()?, self.tables.queue()?);
        Ok(queue::place(&under_way, &waiting, &row.id))
    }

    /// Ends a run that is under way.
    pub(super) async fn cancel(self: &Rc<Self>, run_id: &RunId) -> Result<RunStatus, Failure> {
        let row = self.row(run_id)?;
        if row.has_ended() {
            return Err(Failure::conflict(
                "run_ended",
                "The run has ended already, so there is nothing to cancel.",
            ));
        }
        if row.is_queued() {
            return self.cancel_queued(row).await;
        }
        if !self.live.holds(run_id) {
            self.revive(&row)?;
        }
        let ended = self.live.wait_for(run_id);
        self.live.cancel(run_id);
        match ended {
            Some(ended) => match ended.await {
                Ok(ended) => Ok(ended.status),
                Err(_) => Ok(self.tables.summary(run_id)?.status),
            },
            None => Ok(self.tables.summary(run_id)?.status),
        }
    }

    pub(super) fn row(&self, run_id: &RunId) -> Result<RunRow, Failure> {
        self.tables
            .run(run_id)?
            .ok_or_else(|| Failure::not_found("The run"))
    }

    /// Makes a run of its journal. The inner error is one that stays: the run does not fit its
    /// plan, or the plan cannot run any more.
    pub(super) fn replay(
        &self,
        row: &RunRow,
        detail: Detail,
    ) -> Result<Result<Run, ErrorDetail>, Failure> {
        let plan = match self.plan(row.plan)? {
            Ok(plan) => plan,
            Err(error) => return Ok(Err(error)),
        };
        let run = Run::replay(
            plan,
            self.tables.trigger(&row.id)?,
            self.context(row.id.clone(), row.begins_at),
            detail,
            row.started_at,
            self.tables.journal(row)?,
        );
        Ok(run.map_err(|error| {
            ErrorDetail::new(
                error.code(),
                format!("the journal of this run does not fit its plan ({error}): start it again"),
            )
        }))
    }
}
