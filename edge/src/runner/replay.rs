//! Doing again what a run did.

use std::rc::Rc;
use std::sync::Arc;

use shared::api::{Replay, ReplayPoint, StartAnswer};
use shared::engine::Plan;
use shared::engine::replay::Replayed;
use shared::model::{RunId, StepId};

use super::accept::{Candidate, Intake, Origin, not_kept, queued, switched_off};
use super::room::Room;
use crate::error::Failure;

impl Room {
    /// Starts a run that does again what another one did.
    pub(super) async fn replay_again(
        self: &Rc<Self>,
        run_id: &RunId,
        replay: Replay,
    ) -> Result<StartAnswer, Failure> {
        let (replayed, plan, origin) = self.replayed(run_id)?;
        let trigger = replayed
            .again(&plan, replay.from_step.as_ref(), &replay.variables)
            .map_err(|error| Failure::of(400, error))?;
        let started = self
            .accept(Candidate {
                plan,
                shard: run_id.shard(),
                origin: Origin::Stored(origin),
                key: None,
                replay: None,
                trigger: Ok(Intake::Start(Box::new(trigger))),
                is_waited_for: false,
            })
            .await?;
        Ok(queued(started))
    }

    /// Says how a run that does it again would begin.
    pub(super) fn replay_point(
        &self,
        run_id: &RunId,
        from_step: Option<&StepId>,
    ) -> Result<ReplayPoint, Failure> {
        let (replayed, plan, _) = self.replayed(run_id)?;
        let hidden = self.hidden(&replayed.plan)?;
        replayed
            .preview(&plan, from_step, &hidden.secrets)
            .map_err(|error| Failure::of(400, error))
    }

    /// A run that is to be done again, with the plan that does it and the place of that plan.
    fn replayed(&self, run_id: &RunId) -> Result<(Replayed, Arc<Plan>, i64), Failure> {
        let row = self.row(run_id)?;
        if row.is_light() {
            return Err(not_kept());
        }
        let its_plan = self
            .plan(row.plan)?
            .map_err(|error| Failure::of(409, error))?;
        let is_test = its_plan.document().version.is_none();
        let (plan, origin) = match self.installed()?.filter(|_| !is_test) {
            Some(installed) if !installed.is_enabled => return Err(switched_off()),
            Some(installed) => (Arc::clone(&installed.plan), installed.id),
            None if is_test => (Arc::clone(&its_plan), row.plan),
            None => return Err(not_published_any_more()),
        };
        let replayed = Replayed {
            plan: its_plan,
            trigger: self.tables.trigger(run_id)?,
            context: self.context(run_id.clone(), row.begins_at),
            started_at: row.started_at,
            journal: self.tables.journal(&row)?,
        };
        Ok((replayed, plan, origin))
    }
}

fn not_published_any_more() -> Failure {
    Failure::conflict(
        "not_published",
        "This runbook is not published any more, so its runs cannot be done again. Publish it, or bring it back under Settings > Deleted, then replay.",
    )
}
