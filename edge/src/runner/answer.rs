//! What the caller of a public start is answered: what a step of the run says, or how the run ended.

use std::time::Duration;

use futures_util::future::{Either, select};
use shared::engine::Detail;
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
        &self,
        run_id: RunId,
        wait_ms: u32,
    ) -> Result<PublicAnswer, Failure> {
        if let Some(told) = self.live.wait_for_answer(&run_id) {
            let limit = Delay::from(Duration::from_millis(wait_ms.into()));
            match select(told, limit).await {
                Either::Left((Ok(Told::Reply(reply)), _)) => {
                    return Ok(PublicAnswer::early((*reply).clone()));
                }
                Either::Left((Ok(Told::Ended(ended)), _)) => {
                    return Ok(PublicAnswer::of(answer(run_id, ended)));
                }
                _ => {}
            }
        }
        // It has left the memory, or takes long.
        let row = self.row(&run_id)?;
        if !self.live.holds(&run_id)
            && let Ok(run) = self.replay(&row, Detail::Lean)?
            && let Some(reply) = run.reply()
        {
            return Ok(PublicAnswer::early(reply.clone()));
        }
        Ok(PublicAnswer::of(self.stands(run_id)?))
    }
}
