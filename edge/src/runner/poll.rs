//! How a run went, for whoever started it from outside.

use shared::engine::StartedBy;

use super::protocol::{PublicAnswer, PublicPoll};
use super::room::Room;
use crate::error::Failure;
use crate::{clock, public};

impl Room {
    /// Whether there is no such run, it is not a public one, or who asks may not: all of them are refused alike.
    pub(super) fn poll(&self, poll: &PublicPoll) -> Result<PublicAnswer, Failure> {
        let installed = self
            .installed()?
            .filter(|installed| installed.plan.document().runbook.start.answer.poll);
        let Some(installed) = installed else {
            return Err(public::refuse(&poll.sent.delivery(&[])));
        };
        let delivery = poll.sent.delivery(&[]);
        let now = clock::now();
        let proof = installed
            .guard
            .verify_poll(&delivery, &poll.run_id, poll.sent.from, now)
            .map_err(|_| public::unauthorized())?;
        self.note_use(&installed, proof.as_deref(), now)?;
        let is_public = self.tables.run(&poll.run_id)?.is_some()
            && self.tables.trigger(&poll.run_id)?.started_by == StartedBy::Public;
        if !is_public {
            return Err(public::unauthorized());
        }
        self.answer_now(poll.run_id.clone(), &installed.plan)
    }
}
