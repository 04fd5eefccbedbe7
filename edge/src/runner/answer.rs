//! What the caller of a public start is answered: what a step of the run says, or how the run ended.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{Either, select};
use shared::api::StartAnswer;
use shared::engine::{Detail, Plan, RunStatus};
use shared::model::RunId;
use worker::Delay;

use super::accept::answer;
use super::live::Told;
use super::protocol::PublicAnswer;
use super::room::Room;
use crate::error::Failure;

impl Room {
    /// Waits for the answer to a run's start, at most so long. Whoever asks again gets the same.
    pub(super) async fn wait_for_answer(
        self: &Rc<Self>,
        run_id: RunId,
        wait_ms: u32,
        plan: &Arc<Plan>,
    ) -> Result<PublicAnswer, Failure> {
        let mut told = self.live.wait_for_answer(&run_id);
        if told.is_none() && self.is_in_queue(&run_id)? {
            told = Some(self.live.wait_for_queued_answer(run_id.clone()));
        } else if told.is_none() {
            self.wake_up(&run_id)?;
            told = self.live.wait_for_answer(&run_id);
        }
        if let Some(told) = told {
            let limit = Delay::from(Duration::from_millis(wait_ms.into()));
            match select(told, limit).await {
                Either::Left((Ok(Told::Reply(reply)), _)) => {
                    return Ok(PublicAnswer::early((*reply).clone()));
                }
                Either::Left((Ok(Told::Ended(ended)), _)) => {
                    return self.told(plan, answer(run_id, ended));
                }
                _ => {}
            }
        }
        // It is not in memory, or takes long.
        self.answer_now(run_id, plan)
    }

    /// The answer to a run's start as it is known now.
    pub(super) fn answer_now(
        &self,
        run_id: RunId,
        plan: &Arc<Plan>,
    ) -> Result<PublicAnswer, Failure> {
        let reply = match self.tables.run(&run_id)? {
            Some(row) if row.is_light() => self.tables.light(&run_id)?.reply,
            Some(_) if self.live.holds(&run_id) => self.live.reply_of(&run_id),
            Some(row) if !row.is_queued() => {
                let run = self.replay(&row, Detail::Lean)?;
                run.ok().and_then(|run| run.reply().cloned())
            }
            _ => None,
        };
        match reply {
            Some(reply) => Ok(PublicAnswer::early(reply)),
            None => self.told(plan, self.stands(run_id)?),
        }
    }

    /// What a caller from outside is told of where a run stands.
    fn told(&self, plan: &Arc<Plan>, answer: StartAnswer) -> Result<PublicAnswer, Failure> {
        let has_outputs = answer
            .outputs
            .as_ref()
            .is_some_and(|it| it.as_str() != "{}");
        let mask = if has_outputs {
            self.hidden(plan)?.mask
        } else {
            Rc::default()
        };
        Ok(PublicAnswer::of(answer.for_outsiders(&mask)))
    }

    /// Goes on with a run that a crash has left behind, should somebody ask before the alarm does.
    fn wake_up(self: &Rc<Self>, run_id: &RunId) -> Result<(), Failure> {
        let Some(row) = self.tables.run(run_id)? else {
            return Ok(());
        };
        if row.has_ended() || self.tables.summary(run_id)?.status != RunStatus::Running {
            return Ok(());
        }
        self.revive(&row)
    }
}
